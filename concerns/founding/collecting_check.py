"""What the self-check says of the daily collect, which also deletes what is over: its last day, and nothing finer."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress

from concerns.areas.queries import organisation
from concerns.audit.rules import in_words
from concerns.charter.service import CharterRefused, NotOpenYet, current
from concerns.founding import traces
from concerns.founding.finding import Finding, asks
from concerns.store.house import House
from concerns.triage.service import MARK

#: days without one after which it is missed, and after which it is a fault
MISSED, FAULT = 1, 3


def problems(house: House) -> Iterator[Finding]:
    """Whether it ran lately. Where nobody can tell anything yet there is nothing to collect."""
    try:
        with house.stores.read_main() as main:
            current(main, house.directory)
            since, invented = organisation(main).launched_on, organisation(main).rehearsal
    except (NotOpenYet, CharterRefused):
        return
    last, today = last_day(house), house.today()
    days = (today - max(last or since, since)).days
    words = (
        f"The last collect, which also deletes what is over, ran on {in_words(last)}."
        if last
        else "No collect has run."
    )
    if invented:
        yield Finding("collecting", None, words)
    elif days > FAULT:
        yield Finding("collecting", False, f"{words} Guardians see nothing new: is `concerns run` serving the desk?")
    elif days > MISSED:
        yield asks("collecting", f"{words} There should be one every day.")
    elif last:
        yield Finding("collecting", True, words)
    else:
        yield Finding("collecting", None, f"{words} The first one comes within a day.")


def last_day(house: House) -> dt.date | None:
    """The day of the last one, by whichever way it ran."""
    days = [traces.last(house, "collected")]
    with suppress(OSError, ValueError):
        days.append(dt.date.fromisoformat((house.directory / "run" / MARK).read_text().strip()))
    return max((one for one in days if one), default=None)
