"""An organisation so small that no number is reported: 30 people work there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import config
from concerns import open_house
from concerns.founding.answers import answers_of
from concerns.founding.service import found
from concerns.people.signing_in import unlock
from concerns.store.schema import migrate
from tests.cast import ANSWERS, FixedClock, Instance


@contextmanager
def words_alone(directory: Path, **settings_of: str) -> Iterator[Instance]:
    areas = [{"name": "The school", "division": "All", "staff": 30}]
    document = {**ANSWERS, "areas": areas, "organisation": {**ANSWERS["organisation"], "flags_per_year": 8}}  # type: ignore[dict-item]
    settings = config.load(directory, settings_of)
    settings.directory.mkdir()
    config.write_secret(settings)
    clock = FixedClock()
    house = open_house(settings, clock)
    migrate(house.stores)
    found(house, answers_of(document, Path()), rehearsal=True)
    secrets = {}
    for name in ("gita", "gwen"):
        opened = unlock(house, f"{name}@example.org", f"{name.capitalize()} keeps bees on the roof", None)
        assert opened.secret is not None
        secrets[name] = (opened.person_id, opened.secret)
    instance = Instance(settings, clock, house, secrets)
    yield instance
    instance.close()
