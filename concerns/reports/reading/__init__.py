"""Reading help: flags beside figures from elsewhere, and what was expected of a period before its numbers were known."""
