"""The verb of accounts: another admin, where none can sign in any more."""

from pathlib import Path

import click

from concerns.command import command, house_of
from concerns.people.adding import add_by_terminal
from concerns.people.service import link_of


@command
@click.argument("name")
@click.argument("email")
def admin(directory: Path, name: str, email: str) -> None:
    """Make another admin's account, for when none can sign in, or a new link for one who has not set up. The log says so."""
    house = house_of(directory)
    link = link_of(house, add_by_terminal(house, name, email))
    click.echo(f"{name} is an admin from the first use of this link on, which is good for 14 days: {link}")
    click.echo("Hand it over by a way that nobody else reads. Whoever lost an account is shut out under Set-up.")
