"""What everybody may know of the closes, from the charter, public facts and the ledger."""

import datetime as dt
from dataclasses import dataclass

from concerns.charter import versions
from concerns.charter.service import Charter
from concerns.charter.walking import DAYS_UNCOLLECTED
from concerns.disclosure.facts import PublicFacts, public_facts
from concerns.disclosure.following import read_history
from concerns.disclosure.history import History
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.periods import Kind, Period
from concerns.store.house import House
from concerns.triage.reading import Desk
from concerns.triage.returning.service import unmade


@dataclass(frozen=True)
class Closes:
    """How far each kind is closed, and what each period counts (see `rules.Calendar`)."""

    charter: Charter
    facts: PublicFacts
    history: History
    today: dt.date
    #: the quarters whose statutory return is still to be made
    unmade: frozenset[Period]

    def declared_from(self, period: Period) -> Period | None:
        return self.facts.declared_from(period)

    def sorted_by(self, period: Period) -> dt.date:
        if period in self.history.begun:
            return self.history.terms_of(period).triaged_by
        return self.facts.cut_off(period) - dt.timedelta(days=1)

    def counts_week(self, period: Period, week: dt.date) -> bool:
        if period in self.history.begun:
            first = self.history.terms_of(period).collected_from
        else:
            first = self.charter.rules_of(period.year, self.today).collected_from.get(period.kind)
        return first is None or week >= first

    def frozen_until(self, kind: Kind) -> Period | None:
        return self.history.last_frozen(kind)

    def returned(self, week: dt.date) -> bool:
        return Period.of(Kind.QUARTER, week) not in self.unmade


def closes(house: House, desk: Desk) -> Closes:
    """As they stand today. Raises LedgerRefused or ProfileRefused."""
    today = house.today()
    with house.stores.read_main() as main:
        facts = public_facts(main, desk.charter.rules_of(today.year, today), today.year)
        history = read_history(main, Ledger(house.directory), facts.site_id)
    return Closes(desk.charter, facts, history or History(b"", facts.site_id, ()), today, unmade(house))


def months_promised(charter: Charter, week: dt.date) -> int:
    """Months from conclusion to deletion of what was collected in a week: by the rules of the days on which it can have come."""
    standing = versions.between(charter.policies, week - DAYS_UNCOLLECTED, week + dt.timedelta(days=6))
    return min(one.policy.retention_months for one in standing)
