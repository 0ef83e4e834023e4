"""A guardian's leave: its days, and handing her open flags to another guardian before she goes."""
