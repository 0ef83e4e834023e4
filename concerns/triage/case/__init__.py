"""One flag on one screen: reading it, sorting it, answering, its photos and how to reach its reporter."""
