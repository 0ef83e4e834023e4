"""Flags that were concluded, and closes that counted them."""

import datetime as dt
import re

from concerns.disclosure.periods import Period
from concerns.sealing.collecting import collect
from concerns.sealing.threads import Bundle
from concerns.triage.bundles import Sitting, Work
from concerns.triage.reading import open_desk
from concerns.triage.returning.service import do_part
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.joining import visitor
from tests.people.visiting import Desk
from tests.triage.closing_bench import bundle, close, launch, on, sitting, store

FEBRUARY, CONCLUDED = dt.date(2026, 2, 10), dt.date(2026, 2, 20)
#: the year 2026 can be closed, and the months are over
DUE = dt.date(2027, 2, 20)


def sittings_of(
    instance: Instance, told: dt.date = FEBRUARY, day: dt.date = CONCLUDED, *, who: str = "gita"
) -> tuple[Sitting, Sitting]:
    """It was sorted on one day and concluded on another."""
    work = Work(Step("concluded", "acted"), primary="N01", area="ward-1", reason="The lift was mended.")
    return sitting(instance, told, who=who), Sitting(instance.guardian(who).sign_seed, work, day)


def concluded(instance: Instance, told: dt.date = FEBRUARY, day: dt.date = CONCLUDED, *, who: str = "gita") -> Bundle:
    """A whole flag with these sittings."""
    return bundle(instance, told, *sittings_of(instance, told, day, who=who))


def stored(instance: Instance, *bundles: Bundle) -> None:
    launch(instance, dt.date(2026, 1, 1))
    store(instance, *bundles)


def frozen(instance: Instance, *periods: str) -> None:
    """Both guardians close these periods; then it is the day on which the months are over."""
    on(instance, dt.date(2027, 1, 25))
    for period in periods or ("2026-Q1", "2026"):
        close(instance, period)
    returned(instance, *(period for period in periods or ("2026-Q1",) if "Q" in period))
    on(instance, DUE)


def returned(instance: Instance, *quarters: str) -> None:
    """Both guardians make the return that the law names."""
    desk = open_desk(instance.house)
    for quarter in quarters:
        for name in ("gita", "gwen"):
            do_part(instance.house, desk, visitor(instance, name), Period.parse(quarter))


def due_for(desk: Desk) -> set[str]:
    """The threads on a guardian's page."""
    return set(re.findall(r"/flags/([0-9a-f]{32})", desk.client.get("/due").html))


def ids(*bundles: Bundle) -> set[str]:
    return {one.thread_id.hex() for one in bundles}


def delete(desk: Desk) -> str:
    """She presses both buttons; what the page says then."""
    asked = desk.client.submit(desk.client.get("/due"), action="/desk/due", status=200)
    assert asked.h1.startswith("Do you really want to delete")
    desk.client.submit(asked, action="/desk/due")
    return desk.client.get("/due").text


def collected(instance: Instance) -> None:
    collect(instance.stores, instance.clock().date(), 36)
