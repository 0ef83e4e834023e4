"""How the story's guardians kept their reading days: nearly all of them."""

import datetime as dt
from random import Random

from concerns.areas.queries import organisation
from concerns.demo.plot import BEGINS
from concerns.people.duties.model import ReadingDay
from concerns.people.duties.rules import reading_days_between
from concerns.store.house import House

KEPT = 0.94


def read_on_time(house: House, seed: int) -> None:
    """Write down the reading days from the story's first day until yesterday."""
    rng, yesterday = Random(seed), house.today() - dt.timedelta(days=1)
    with house.stores.write_main() as main:
        days = reading_days_between(organisation(main).reading_days, BEGINS, yesterday)
        main.add_all(ReadingDay(day=day, kept=rng.random() < KEPT) for day in days)
