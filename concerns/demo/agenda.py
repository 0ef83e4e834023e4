"""What happens on one day of the story, beside flags, and in which order: the log of the demo runs forward as any other."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from concerns.demo.plot import BEGINS
from concerns.store.house import House


@dataclass(frozen=True)
class Deed:
    """What somebody does on a day; it is handed the house as it is on that day."""

    day: dt.date
    do: Callable[[House], object]


@dataclass(frozen=True)
class Player:
    """Somebody of the cast, as the services want to know who does something."""

    person_id: bytes
    name: str


def day_of(said: dt.date | int, today: dt.date) -> dt.date:
    """A day of a script: a date, or so many days from the one on which the story is told; never before it begins."""
    return max(BEGINS, today + dt.timedelta(days=said) if isinstance(said, int) else said)


def in_order(deeds: Iterable[Deed], today: dt.date) -> list[Deed]:
    """Those that have happened by today, by their days; of one day in the order in which they came."""
    return sorted((deed for deed in deeds if deed.day <= today), key=lambda deed: deed.day)


def at(house: House, day: dt.date) -> House:
    """The same house on the morning of a day; the only way to move a clock is to hand one over in Python."""
    return dataclasses.replace(house, clock=lambda: dt.datetime.combine(day, dt.time(9), dt.UTC))
