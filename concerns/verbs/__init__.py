"""Verbs of the `concerns` command, by what they are about; whoever imports one adds it to the command."""
