"""The guardian's list of flags: what stands first, what she may choose to see, searching, and what a row says."""
