"""Invented organisations, one a sector, each with a two-year story that reads as real; nothing here is anybody’s."""
