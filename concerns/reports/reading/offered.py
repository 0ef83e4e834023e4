"""Which periods a form offers: those that are over for figures, those about which nothing is known for annotations. Pure."""

import datetime as dt

from concerns.disclosure.periods import Kind, Period, WrongPeriod

#: how many periods a list offers
_BACK = {Kind.QUARTER: 12, Kind.YEAR: 5}
_AHEAD = {Kind.QUARTER: 6, Kind.YEAR: 2}


def past_periods(today: dt.date) -> list[Period]:
    """Quarters and years that are over, the newest first."""
    found = []
    for kind, count in _BACK.items():
        one = Period.of(kind, today)
        for _ in range(count):
            one = one.previous()
            found.append(one)
    return found


def open_periods(today: dt.date) -> list[Period]:
    """The quarters and years about which nothing may be known yet: the one before, this one and some to come."""
    found = []
    for kind, count in _AHEAD.items():
        one = Period.of(kind, today).previous()
        for _ in range(count):
            found.append(one)
            one = one.next()
    return found


def chosen(text: str | None) -> Period | None:
    try:
        return Period.parse(text or "")
    except WrongPeriod:
        return None
