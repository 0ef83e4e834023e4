"""What the self-check says of copies: how old the last one is, and when one was last tried."""

import datetime as dt
from collections.abc import Iterator

from concerns.areas.queries import organisation
from concerns.audit.rules import in_words
from concerns.founding import traces
from concerns.founding.finding import Finding, asks
from concerns.store.house import House

#: days after which a copy is missed, and after which its absence is a fault
MISSED, FAULT = 7, 30
#: once a quarter somebody should see that a copy can be put back
TRIED = 92
_HOW = "`concerns backup FILE` makes one."
_TRY = "Once a quarter, `concerns backup --check FILE` puts a copy back for a trial and opens nothing."


def problems(house: House) -> Iterator[Finding]:
    """Nothing is asked of a rehearsal or a pilot: what they hold is invented."""
    with house.stores.read_main() as main:
        found = organisation(main)
        real, since = found.stage == "real" and not found.rehearsal, found.launched_on
    copied, tried = (traces.last(house, deed) for deed in ("copied", "tried"))
    if real:  # a copy of the pilot is none of what was told since
        copied, tried = (day if day and day >= since else None for day in (copied, tried))
    if not real and copied is None:
        yield Finding("copies", None, "No copy was made from here. What is invented needs none.")
        return
    today = house.today()
    yield (
        _last(copied, since, today)
        if real
        else Finding("copies", None, f"The last copy was made {_ago(copied, today)}.")
    )
    if tried is None:
        yield (
            asks("copies", f"No copy was tried yet. {_TRY}") if real else Finding("copies", None, "No copy was tried.")
        )
    elif (today - tried).days > TRIED and real:
        yield asks("copies", f"A copy was last tried {_ago(tried, today)}. {_TRY}")
    else:
        yield Finding("copies", True, f"A copy was last tried {_ago(tried, today)}, and could be put back.")


def _last(copied: dt.date | None, since: dt.date, today: dt.date) -> Finding:
    days = (today - (copied or since)).days
    if copied is None:
        words = f"No copy was made yet, or none is known here. {_HOW}"
        return Finding("copies", False, words) if days > FAULT else asks("copies", words)
    words = f"The last copy was made {_ago(copied, today)}."
    if days > FAULT:
        return Finding("copies", False, f"{words} {_HOW}")
    return (
        asks("copies", f"{words} There should be one every day. {_HOW}")
        if days > MISSED
        else Finding("copies", True, words)
    )


def _ago(day: dt.date | None, today: dt.date) -> str:
    days = (today - day).days if day else 0
    named = "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
    return f"{named}, on {in_words(day)}" if day else named
