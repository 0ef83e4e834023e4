"""An instance is founded: the answers of set-up are read, the stores made, the people and the charter put in place."""
