"""The demo of each sector, seeded whole but with few flags, so that it takes a second."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import config
from concerns import open_house
from concerns.demo import seeding
from concerns.demo.story import flags
from concerns.sealing import passwords
from concerns.store.house import House
from concerns.themes.packs import SECTORS
from tests.argon import Remembering
from tests.cast import FixedClock

#: of the flags of a small story one in so many is told
ONE_IN = 10


@dataclass(frozen=True)
class Seeded:
    """A seeded demo of one sector."""

    house: House
    sector: str

    @property
    def today(self) -> dt.date:
        return self.house.today()


@contextmanager
def seeded_demo(folder: Path, sector: str) -> Iterator[tuple[House, seeding.Seeded]]:
    """A small demo in this folder, and what its people know."""
    settings = config.load(folder, {})
    config.write_secret(settings)
    house = open_house(settings, FixedClock())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "Argon2id", Remembering)
        patch.setattr(seeding, "flags", lambda *words, **named: flags(*words, **named)[::ONE_IN])
        told = seeding.seed_demo(house, sector, "small", 1, lambda work, _name: work)
    yield house, told
    house.stores.close()


@pytest.fixture(scope="session", params=SECTORS)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    with seeded_demo(tmp_path_factory.mktemp("demo"), request.param) as (house, _told):
        yield Seeded(house, request.param)
