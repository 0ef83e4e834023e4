"""What a board paper is of: a release, or a period that is over in an organisation that reports no number."""

from dataclasses import dataclass

from flask import abort

from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.queries import Frozen
from concerns.reports.board import service
from concerns.reports.gathering import Material, Uncounted, gather_uncounted
from concerns.reports.queries import Shelf
from concerns.reports.showing import check, gathered, period_named, the_shelf, words_alone
from concerns.store.house import house


@dataclass(frozen=True)
class Subject:
    """A period, and its release where it has one."""

    period: Period
    frozen: Frozen | None
    shelf: Shelf

    def gather(self) -> Material | Uncounted:
        """Everything that a paper can say of it today, or 409."""
        if self.frozen:
            return gathered(self.shelf, self.frozen)
        with house().stores.read_released() as reader:
            return gather_uncounted(reader, house(), self.period)


def subject(text: str) -> Subject:
    """The subject in an address, or 404; 409 where its release is not what the ledger holds."""
    period, shelf = period_named(text), the_shelf()
    found = shelf.find(period)
    if found:
        # the numbers of a paper are those of its release: it is not shown either where the ledger does not hold that
        check(shelf, period)
    elif period not in offered():
        abort(404)
    return Subject(period, found, shelf)


def offered() -> tuple[Period, ...]:
    """The periods without a release that a paper can be read or written of, the newest first.

    A paper stays readable, whatever kinds are declared later.
    """
    shelf, today = the_shelf(), house().today()
    with house().stores.read_released() as reader:
        found = set(service.periods(reader))
    if words_alone():
        found |= {Period.of(kind, today).previous() for kind in (Kind.QUARTER, Kind.YEAR)}
    left = (one for one in found if not shelf.find(one))
    return tuple(sorted(left, key=lambda one: (one.end, one.start), reverse=True))
