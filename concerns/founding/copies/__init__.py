"""Copies of an instance: `concerns backup` and `concerns restore`. The main store, its shred keys and the ledger are three files, because each is kept apart from the others and for its own time."""
