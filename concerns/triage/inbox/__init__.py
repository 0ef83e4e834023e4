"""The guardian's list of flags: what a row says, and which rows a page holds."""
