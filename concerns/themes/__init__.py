"""What flags are about: theme sets with their versions, the sector packs they start from, and the fixed spine codes."""
