"""An instance with three guardians, as the targets ask."""

import copy
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import config
from concerns import open_house
from concerns.founding.answers import answers_of
from concerns.founding.service import found
from concerns.people.signing_in import unlock
from concerns.store.house import House
from tests.cast import ANSWERS, TOTP, FixedClock


@dataclass(frozen=True)
class Trio:
    """An instance with three guardians, and their secrets."""

    settings: config.Settings
    house: House
    clock: FixedClock
    secrets: list[tuple[bytes, bytes]]


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    document: dict[str, Any] = copy.deepcopy(ANSWERS)
    third = {"name": "Gus", "email": "gus@example.org", "roles": ["guardian"]}
    document["people"].append({**third, "passphrase": "Gus keeps bees on the roof", "totp_secret": TOTP})
    document["organisation"]["flags_per_year"] = 12_000
    settings = config.load(tmp_path, {})
    config.write_secret(settings)
    clock = FixedClock()
    house = open_house(settings, clock)
    found(house, answers_of(document, Path()), rehearsal=True)
    unlocked = [unlock(house, f"{name}@example.org", f"{name.capitalize()} keeps bees on the roof", None) for name in
                ("gita", "gwen", "gus")]  # fmt: skip
    yield Trio(settings, house, clock, [(one.person_id, one.secret or b"") for one in unlocked])
    house.stores.close()


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page, as a browser would post them back."""
    fields = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = (re.search(rf'{part}="([^"]*)"', tag) for part in ("name", "value"))
        if name and value:
            fields[html.unescape(name[1])] = html.unescape(value[1])
    return fields
