"""What staff read back without a code: the standing answer to each theme."""
