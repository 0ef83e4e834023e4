"""Asks the answers of set-up at the prompt, in the shape that a file would have."""

from typing import Any

import click

from concerns.areas.rules import MOST_FLAGS, MOST_STAFF
from concerns.pages.theme import DEFAULT_COLOUR
from concerns.people.model import ROLES
from concerns.themes.packs import SECTORS, load_pack

DEFAULT_STAFF = 50


def ask() -> dict[str, Any]:
    """A document as `answers.toml` would hold it, without passphrases: everybody gets a one-time link."""
    name = click.prompt("Name of the organisation")
    sector = click.prompt("Sector", type=click.Choice(SECTORS))
    return {
        "organisation": {
            "name": name,
            "sector": sector,
            "colour": click.prompt("Its colour, as #rrggbb", default=DEFAULT_COLOUR),
            "flags_per_year": click.prompt("How many flags a year do you expect", type=click.IntRange(1, MOST_FLAGS)),
        },
        "areas": _ask_areas(sector),
        "people": _ask_people(),
    }


def _ask_areas(sector: str) -> list[dict[str, Any]]:
    typical = [(area, division) for division, areas in load_pack(sector).divisions.items() for area in areas]
    click.echo(
        "Areas, one by one. Areas that are typical for this sector are offered; leave a head-count at 0 to skip."
    )
    areas = []
    for area, division in typical:
        staff = click.prompt(
            f"  {division}, {area}: how many staff", type=click.IntRange(0, MOST_STAFF), default=DEFAULT_STAFF
        )
        if staff:
            areas.append({"name": area, "division": division, "staff": staff})
    while name := click.prompt("Another area (empty to go on)", default="", show_default=False):
        division = click.prompt("  Its division")
        staff = click.prompt("  How many staff", type=click.IntRange(1, MOST_STAFF))
        areas.append({"name": name, "division": division, "staff": staff})
    return areas


def _ask_people() -> list[dict[str, Any]]:
    click.echo("People. At least two guardians; a guardian is neither leader nor admin.")
    people: list[dict[str, Any]] = []
    while name := click.prompt("Name (empty to finish)", default="", show_default=False):
        email = click.prompt("  E-mail address")
        roles = click.prompt(f"  Roles, with commas between ({', '.join(ROLES)})")
        people.append({"name": name, "email": email, "roles": [role.strip() for role in roles.split(",")]})
    return people
