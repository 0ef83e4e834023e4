"""Somebody leaves: an admin says so, and the page lists what has to be done, in order, and what is still open."""
