"""What an overseer is told of missed duties: days and periods, and nothing that needs a key."""
