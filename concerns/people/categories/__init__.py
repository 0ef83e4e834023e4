"""The pages on which an admin changes the themes, and what a guardian does with a change that waits for her."""
