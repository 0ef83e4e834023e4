"""The admin’s page on the health of an instance: what `concerns verify` says, but for what only a terminal should show."""
