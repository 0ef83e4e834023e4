"""Flags that came by another way: told to a guardian, on paper, or in a spreadsheet."""
