"""What leaders promise: responses to themes, and actions; each with a date, and with what became of it."""
