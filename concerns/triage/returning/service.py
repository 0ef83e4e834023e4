"""Makes a statutory return in two parts, and hands it to the two guardians who made it."""

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from concerns.areas.queries import organisation
from concerns.audit.service import note
from concerns.charter.manifest import Manifest
from concerns.disclosure.counted import marks_as_text, marks_of_text
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.service import padded
from concerns.people.access import Visitor
from concerns.reports.files import guarded
from concerns.sealing.box import BoxRefused, open_box, seal_box
from concerns.store.house import House
from concerns.themes.returning import Profile, profile_of
from concerns.triage.acts import DAYS_TO_AGREE
from concerns.triage.reading import Desk
from concerns.triage.returning.counting import count
from concerns.triage.returning.model import StatutoryReturn

_PURPOSE = "statutory return"
#: so many quarters that ended are listed
LISTED = 6


class Refused(Exception):
    """This part cannot be done; the message says why."""


class State(StrEnum):
    OPEN = "open"
    #: another guardian has to complete it
    WAITING = "waiting"
    #: this guardian may complete it
    YOURS = "yours"
    #: complete, and this guardian made it with another one
    MINE = "mine"
    DONE = "done"


@dataclass(frozen=True)
class Item:
    """A quarter on the page of returns."""

    period: Period
    state: State

    @property
    def may_do(self) -> bool:
        return self.state in (State.OPEN, State.YOURS)


def the_profile(house: House) -> Profile | None:
    """Which totals the law names for this organisation; None where it names none. Raises ProfileRefused."""
    with house.stores.read_main() as main:
        return profile_of(organisation(main).sector, house.directory)


def listed(house: House, person_id: bytes) -> list[Item]:
    """The newest quarters that ended, each with how far its return has come."""
    with house.stores.read_main() as main:
        launched = organisation(main).launched_on
    period = Period.of(Kind.QUARTER, house.today()).previous()
    items: list[Item] = []
    while period.end >= launched and len(items) < LISTED:
        items.append(item_of(house, person_id, period))
        period = period.previous()
    return items


def unmade(house: House) -> frozenset[Period]:
    """The quarters whose return is not complete and can still be made, the one that runs among them; none without a law.

    Raises ProfileRefused.
    """
    if the_profile(house) is None:
        return frozenset()
    newest = Period.of(Kind.QUARTER, house.today())
    quarters = [newest]
    while len(quarters) <= LISTED:
        quarters.append(quarters[-1].previous())
    with house.stores.read_main() as main:
        launched = organisation(main).launched_on
        made = set(main.scalars(select(StatutoryReturn.period).where(StatutoryReturn.second_id.is_not(None))))
    return frozenset(one for one in quarters if one.end >= launched and str(one) not in made)


def item_of(house: House, person_id: bytes, period: Period) -> Item:
    return Item(period, _state(_row(house, period), person_id, house.today()))


def do_part(house: House, desk: Desk, visitor: Visitor, period: Period) -> Item:
    """This guardian's part: the first one's waits for another, the second one's completes it. Raises Refused."""
    profile = the_profile(house)
    if profile is None or period.kind is not Kind.QUARTER or period.end >= house.today():
        raise Refused("There is no return to make for this period.")
    row = _row(house, period)
    state = _state(row, visitor.person_id, house.today())
    if state is State.OPEN:
        made = _first(house, desk, visitor, profile, period)
    elif state is State.YOURS and row is not None:
        made = _second(house, desk, visitor, profile, row)
    else:
        raise Refused("Your part is done: another guardian has to complete it." if state is State.WAITING else _ONCE)
    # noted first: what cannot be noted is not done
    note(house, visitor.person_id, "returned", about=str(period))
    _store(house, made)
    return item_of(house, visitor.person_id, period)


_ONCE = "This return is complete. Each period has one, and it is never made again."


def file_of(house: House, visitor: Visitor, period: Period) -> bytes:
    """The spreadsheet, for the two guardians who made it. Raises Refused."""
    row, profile = _row(house, period), the_profile(house)
    if row is None or profile is None or _state(row, visitor.person_id, house.today()) is not State.MINE:
        raise Refused("Only the two guardians who made a return can download it.")
    totals = json.loads(_opened(visitor, row.box))
    note(house, visitor.person_id, "fetched", about=str(period))
    with house.stores.read_main() as main:
        name = organisation(main).name
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["organisation", "return", "period", "code", "name", "total"])
    for code, label, total in totals:
        writer.writerow([*map(guarded, (name, profile.name, period.in_words, code, label)), total])
    return text.getvalue().encode()


def _first(house: House, desk: Desk, visitor: Visitor, profile: Profile, period: Period) -> StatutoryReturn:
    part = count(house, desk, visitor, profile, period)
    payload = padded({"totals": dict(part.totals), "unopened": marks_as_text(part.unopened)})
    others = [one.kem for one in desk.charter.manifest.guardians if one.person_id != visitor.person_id]
    return StatutoryReturn(
        period=str(period),
        first_id=visitor.person_id,
        second_id=None,
        begun_on=house.today(),
        box=seal_box(others, payload, _PURPOSE),
    )


def _second(house: House, desk: Desk, visitor: Visitor, profile: Profile, row: StatutoryReturn) -> StatutoryReturn:
    period = Period.parse(row.period)
    begun = json.loads(_opened(visitor, row.box))
    part = count(house, desk, visitor, profile, period, frozenset(marks_of_text(begun["unopened"])))
    totals = Counter({code: int(total) for code, total in begun["totals"].items()})
    totals.update(part.totals)
    figures = [[one.code, one.name, totals[one.code]] for one in profile.categories]
    both = _keys(desk.charter.manifest, (row.first_id, visitor.person_id))
    return StatutoryReturn(
        period=row.period,
        first_id=row.first_id,
        second_id=visitor.person_id,
        begun_on=row.begun_on,
        box=seal_box(both, padded(figures), _PURPOSE),
    )


def _keys(manifest: Manifest, person_ids: Sequence[bytes]) -> list[bytes]:
    return [one.kem for one in manifest.guardians if one.person_id in person_ids]


def _store(house: House, made: StatutoryReturn) -> None:
    """Raises Refused where another guardian did the same part at the same time."""
    with house.stores.write_main() as main:
        there = main.get(StatutoryReturn, made.period, with_for_update=True)
        if there is not None and (
            there.second_id is not None or (made.second_id is None and _waits(there, house.today()))
        ):
            raise Refused("Another guardian did this part just now. Look at the list again.")
        main.merge(made)


def _row(house: House, period: Period) -> StatutoryReturn | None:
    with house.stores.read_main() as main:
        return main.get(StatutoryReturn, str(period))


def _state(row: StatutoryReturn | None, person_id: bytes, today: dt.date) -> State:
    if row is None or (row.second_id is None and not _waits(row, today)):
        return State.OPEN
    if row.second_id is None:
        return State.WAITING if row.first_id == person_id else State.YOURS
    return State.MINE if person_id in (row.first_id, row.second_id) else State.DONE


def _waits(row: StatutoryReturn, today: dt.date) -> bool:
    return row.second_id is None and today <= row.begun_on + dt.timedelta(days=DAYS_TO_AGREE)


def _opened(visitor: Visitor, box: bytes) -> bytes:
    try:
        return open_box(visitor.kem_seed, box, _PURPOSE)
    except BoxRefused as error:
        raise Refused(
            "Your key does not open what the other guardian left. Let another guardian do this part."
        ) from error
