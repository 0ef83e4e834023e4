"""Where rows live: the SQLAlchemy bases, the two stores (main and live), their sessions, and what every view is given."""
