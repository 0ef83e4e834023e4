"""A gate on the test bench: two guardians, public facts, flags in memory, and the real service, ledger and stores."""

import base64
import datetime as dt
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from sqlalchemy import delete

from concerns.areas.rules import AreaFacts
from concerns.disclosure import service
from concerns.disclosure.document import Stored
from concerns.disclosure.facts import PublicFacts
from concerns.disclosure.following import follow, found_ledger
from concerns.disclosure.history import History
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import LedgerMark, Release
from concerns.disclosure.nodes import Handling, ThemePart
from concerns.disclosure.periods import Period
from concerns.disclosure.queries import release
from concerns.disclosure.service import Closer, CountedFlag, Outcome, Reader, Unopened, Window
from concerns.store.base import new_id
from concerns.store.session import Stores
from concerns.triage.events.rules import Event

SITE = b"s" * 16
THEMES = [ThemePart(f"T{n:02}", f"Theme {n}", f"Group {n % 3}") for n in range(6)]
AREAS = [
    AreaFacts("ward-1", "Ward 1", "Medicine", 60),
    AreaFacts("ward-2", "Ward 2", "Medicine", 45),
    AreaFacts("theatres", "Theatres", "Surgery", 90),
    AreaFacts("day-surgery", "Day surgery", "Surgery", 12),
    AreaFacts("estates", "Estates", "Support", 75),
]
HALF = Fraction(1, 2)
FACTS = PublicFacts(
    organisation="Wendle Vale Trust",
    site_id=SITE,
    launched_on=dt.date(2026, 1, 1),
    estimate=800,
    areas=AREAS,
    theme_set=1,
    themes=THEMES,
    kinds={"quarter": HALF, "year": HALF},
    floor=10,
    smallest_area=20,
    cutoff_days=21,
    days_to_answer=7,
)
Q1 = Period(2026, 1)


ORDINARY = Handling(severe=False, in_time=True, discouraged=False)


def themes(count: int) -> list[ThemePart]:
    return [ThemePart(f"T{n:03}", f"Theme {n}", None) for n in range(count)]


def areas(count: int) -> list[AreaFacts]:
    return [AreaFacts(f"a{n:03}", f"Area {n:03}", f"Division {n % 4}", 1000) for n in range(count)]


@dataclass(frozen=True)
class Told:
    """A flag in memory: its week, its triage records (day, theme, area), whom it excludes, and what it is linked with."""

    week: dt.date = dt.date(2026, 2, 2)
    records: tuple[tuple[dt.date, str | None, str | None], ...] = ((dt.date(2026, 2, 9), "T00", "ward-1"),)
    excludes: str | None = None
    thread_id: bytes = field(default_factory=new_id)
    #: as its own records say
    event: Event | None = None
    #: as the desk would say where a close asks for it
    handling: Handling = ORDINARY


def flag(
    theme: str | None = "T00", area: str | None = "ward-1", *, excludes: str | None = None, event: Event | None = None
) -> Told:
    return Told(records=((dt.date(2026, 2, 9), theme, area),), excludes=excludes, event=event)


def event(theme: str | None = "T00", area: str | None = "ward-1") -> Event:
    """An event of its own, in a place of the table."""
    return Event(new_id().hex(), theme, area)


def reading(flags: Iterable[Told], who: str) -> Reader:
    def read(window: Window) -> Iterator[CountedFlag | Unopened]:
        for told in flags:
            if not told.records or not window.holds(told.week):
                continue
            if told.excludes == who:
                yield Unopened(told.thread_id)
            elif told.records[0][0] <= window.triaged_by:
                yield counted_flag(told, window)

    return read


def counted_flag(told: Told, window: Window) -> CountedFlag:
    handling = told.handling if window.days_to_answer else None
    if told.event is None:
        return CountedFlag(told.thread_id, *told.records[-1][1:], handling=handling)
    return CountedFlag(told.thread_id, told.event.primary, told.event.area, told.event.key, handling)


def box(payload: bytes, readers: Sequence[str]) -> bytes:
    return json.dumps({"for": list(readers), "payload": base64.b64encode(payload).decode()}).encode()


def unbox(sealed: bytes, who: str) -> bytes:
    parts = json.loads(sealed)
    if who not in parts["for"]:
        raise ValueError("not for this key")
    return base64.b64decode(parts["payload"])


def id_of(who: str) -> bytes:
    return who.encode().ljust(16, b".")


@dataclass
class Gate:
    """Closes periods of in-memory flags through the real service."""

    stores: Stores
    directory: Path
    facts: PublicFacts = FACTS
    flags: list[Told] = field(default_factory=list)
    guardians: tuple[str, ...] = ("gita", "gwen")

    def __post_init__(self) -> None:
        """Founding starts the ledger, once for a database."""
        with self.stores.write_main() as main:
            if main.get(LedgerMark, 1) is None:
                found_ledger(main, self.ledger, self.facts.site_id)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.directory)

    def closer(self, who: str) -> Closer:
        def but(person_id: bytes) -> list[str]:
            return [one for one in self.guardians if id_of(one) != person_id]

        return Closer(
            person_id=id_of(who),
            seal_to_all=lambda payload: box(payload, self.guardians),
            seal_to_all_but=lambda payload, person_id: box(payload, but(person_id)),
            unseal=lambda sealed: unbox(sealed, who),
            reaches=lambda sealed, person_id: set(but(person_id)) <= set(json.loads(sealed)["for"]),
        )

    def part(self, period: Period, who: str, today: dt.date | None = None) -> Outcome:
        return service.close_part(
            self.stores,
            self.ledger,
            self.facts,
            period,
            today=today or period.cut_off(21),
            first_week=min((told.week for told in self.flags), default=None),
            closer=self.closer(who),
            read=reading(self.flags, who),
        )

    def close(self, period: Period, today: dt.date | None = None) -> Stored:
        for who in self.guardians[:2]:
            self.part(period, who, today)
        return self.stored(period)

    def stored(self, period: Period) -> Stored:
        with self.stores.read_main() as main:
            found = release(main, period)
        assert found is not None
        return found.stored

    def history(self) -> History:
        with self.stores.write_main() as main:
            return follow(main, self.ledger, SITE)

    def again(self, *flags: Told) -> "Gate":
        """Another organisation with the same facts on the same stores: other flags, a ledger of its own, no release."""
        with self.stores.write_main() as main:
            main.execute(delete(Release))
            main.execute(delete(LedgerMark))
        folder = Path(tempfile.mkdtemp(dir=self.directory))
        return Gate(self.stores, folder, self.facts, list(flags), self.guardians)

    def with_facts(self, **changes: object) -> "Gate":
        self.facts = replace(self.facts, **changes)  # type: ignore[arg-type]
        return self


def how(handling: Handling | None) -> str:
    return "+".join(name for name, true in handling.as_json().items() if true) if handling else ""


def counts(stored: Stored) -> Mapping[str, int]:
    """Measured values by a short name of their node, the non-zero ones."""
    return {
        "/".join(part for part in (node.theme, node.group, node.division, node.area, how(node.handling)) if part): value
        for node, value in stored.values.items()
        if value
    }
