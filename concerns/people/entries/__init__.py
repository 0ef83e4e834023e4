"""The pages of the log: everybody reads what she did herself; what everybody did is read by two people together."""
