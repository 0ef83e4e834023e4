"""Counts, in one guardian's session, the flags of a quarter that her key opens. Numbers leave it, and nothing else."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from concerns.disclosure.counted import mark_of
from concerns.disclosure.periods import Period
from concerns.people.access import Visitor
from concerns.sealing.model import TakenBack, Thread
from concerns.sealing.saying import said
from concerns.store.house import House
from concerns.themes.queries import spines_of, version_on
from concerns.themes.returning import Profile
from concerns.triage.acting.ours import not_ours
from concerns.triage.queries import ThreadFacts
from concerns.triage.reading import Desk, Flag, read_flags

#: threads opened with one set of queries
CHUNK = 250


@dataclass(frozen=True)
class Part:
    """What one guardian's key opens: totals by category, and marks of the flags that it does not open."""

    totals: Counter[str]
    unopened: frozenset[bytes]


def count(
    house: House, desk: Desk, visitor: Visitor, profile: Profile, period: Period, only: Collection[bytes] | None = None
) -> Part:
    """Every flag collected in the period counts once; with `only`, those alone that another guardian could not open."""
    totals: Counter[str] = Counter({one.code: 0 for one in profile.categories})
    unopened: set[bytes] = set()
    with house.stores.read_main() as main:
        # of the quarter, whichever day the guardians make its return
        spines = spines_of(main, version_on(main, period.end))
    for chunk in _chunks(_collected_in(house, period), only):
        opened = {flag.facts.thread_id: flag for flag in read_flags(house, desk, visitor, chunk)}
        unopened |= {mark_of(one.thread_id) for one in chunk if one.thread_id not in opened}
        for flag in opened.values():
            if not_ours(flag) is None:
                totals.update(_codes(flag, profile, spines))
    return Part(totals, frozenset(unopened))


def _codes(flag: Flag, profile: Profile, spines: dict[str, str]) -> list[str]:
    payload = flag.record.payload if flag.record else {}
    others = payload.get("themes")
    codes = [said(payload, "primary"), *(others if isinstance(others, list) else [])]
    own = {spines[code] for code in codes if isinstance(code, str) and code in spines}
    # whoever told it on paper, in person or by the page without a name was anonymous unless the flag says otherwise
    anonymous = said(flag.thread.flag, "mode") in ("", "anonymous")
    detriment = flag.badly_treated
    return [one.code for one in profile.categories if one.holds(own, anonymous=anonymous, detriment=detriment)]


def _collected_in(house: House, period: Period) -> list[ThreadFacts]:
    """A week belongs to the period of its Monday. What its reporter took back is gone, though its rows wait."""
    query = select(Thread.id, Thread.week, Thread.tier).where(Thread.week.between(period.start, period.end))
    with house.stores.read_live() as live:
        gone = frozenset(live.scalars(select(TakenBack.thread_id)))
    with house.stores.read_main() as main:
        rows = main.execute(query.order_by(Thread.id)).all()
    return [ThreadFacts(*row) for row in rows if row[0] not in gone]


def _chunks(found: Sequence[ThreadFacts], only: Collection[bytes] | None) -> Iterator[Sequence[ThreadFacts]]:
    wanted = [one for one in found if only is None or mark_of(one.thread_id) in only]
    for start in range(0, len(wanted), CHUNK):
        yield wanted[start : start + CHUNK]
