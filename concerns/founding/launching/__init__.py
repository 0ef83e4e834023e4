"""From set-up to the service: a pilot or the real thing begins, and a launch destroys what the pilot left."""
