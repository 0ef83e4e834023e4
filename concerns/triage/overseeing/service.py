"""Gathers what can be told of missed duties without opening anything."""

import datetime as dt

from sqlalchemy import exists, not_, select

from concerns.areas.queries import organisation
from concerns.areas.rules import days_in_words
from concerns.charter import service as charter_service
from concerns.disclosure.agenda import State, agenda
from concerns.disclosure.facts import public_facts
from concerns.disclosure.following import read_history
from concerns.disclosure.history import History
from concerns.disclosure.ledger import Ledger
from concerns.people.duties import reading_days
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Envelope, Thread
from concerns.store.house import House
from concerns.store.session import Stores
from concerns.triage.overseeing.rules import GRACE, WINDOW, MissedWindow, Oversight

OPEN_STATES = (State.READY, State.QUEUED, State.WAITING)


def oversight(house: House, *, leads: bool) -> Oversight:
    """What the overseer sees. Raises NotOpenYet, CharterRefused or LedgerRefused.

    Whoever also leads is told nothing that depends on flags: leaders learn of them from releases alone.
    """
    today = house.today()
    with house.stores.read_main() as main:
        charter = charter_service.current(main, house.directory)
        days = organisation(main).reading_days
        months = reading_days.months(main, today)
        facts = public_facts(main, charter.rules_of(today.year, today), today.year)
        history = read_history(main, Ledger(house.directory), facts.site_id) or History(b"", facts.site_id, ())
    # without the week of the first flag: the order of periods then begins at the launch, whatever was told
    items = agenda(history, facts, today, None)
    late = [one for one in items if one.state in OPEN_STATES and today > one.day + WINDOW]
    # the clock begins on the Monday after the week of collection
    policy = charter.policy_on(today)
    last_week = today - dt.timedelta(weeks=1, days=policy.clocks.get("acknowledge_days", 7)) - GRACE
    return Oversight(
        reading_days=days_in_words(days),
        months=tuple(months),
        windows=tuple(MissedWindow(one.period.in_words, one.day_in_words) for one in reversed(late)),
        unanswered=None if leads else _unanswered(house.stores, last_week),
    )


def _unanswered(stores: Stores, last_week: dt.date) -> bool:
    """Whether any flag of this week or an earlier one has no triage record. Never how many."""
    record = int(Kind.TRIAGE)
    with stores.read_live() as live:
        today = list(live.scalars(select(Arrival.thread_id).where(Arrival.kind == record).distinct()))
    collected = exists().where(Envelope.thread_id == Thread.id, Envelope.kind == record)
    query = select(Thread.id).where(Thread.week <= last_week, not_(collected), Thread.id.not_in(today)).limit(1)
    with stores.read_main() as main:
        return main.scalar(query) is not None
