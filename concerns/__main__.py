"""`python -m concerns` is the `concerns` command."""

from concerns.cli import main

main()
