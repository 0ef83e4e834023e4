"""How an admin changes the theme set: a plan for 1 January that a guardian agrees to, and words that work at once."""
