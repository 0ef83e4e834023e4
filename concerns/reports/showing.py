"""What every view of a report does first: find its release, and show no number that the ledger does not hold."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort, make_response, render_template

from concerns.disclosure.ledger import LedgerRefused
from concerns.disclosure.periods import Period, WrongPeriod
from concerns.disclosure.queries import Frozen
from concerns.reports import queries
from concerns.reports.gathering import Material, gather
from concerns.reports.queries import Shelf
from concerns.store.house import house


def the_shelf() -> Shelf:
    with house().stores.read_released() as reader:
        return queries.shelf(reader)


def check(shelf: Shelf, period: Period) -> None:
    """Show no number that the ledger does not hold: somebody changed the database."""
    with _held():
        queries.check(shelf, period, house().directory)


def gathered(shelf: Shelf, frozen: Frozen) -> Material:
    """Everything that can be said of a release, or 409."""
    with _held(), house().stores.read_released() as reader:
        return gather(reader, house(), shelf, frozen)


def words_alone() -> bool:
    """Whether the signed policy declares no kind of release, so that no report with numbers will come."""
    with house().stores.read_released() as reader:
        return queries.outlook(reader, house().directory, house().today()).declared is False


@contextmanager
def _held() -> Iterator[None]:
    try:
        yield
    except LedgerRefused as refusal:
        abort(make_response(render_template("reports/refused.html", reason=str(refusal)), 409))


def period_named(text: str) -> Period:
    """The period in an address, or 404."""
    try:
        return Period.parse(text)
    except WrongPeriod:
        abort(404)


def find(shelf: Shelf, period: str) -> Frozen:
    """A frozen release that may be shown, or 404, or 409."""
    found = shelf.find(period_named(period))
    if found is None:
        abort(404)
    check(shelf, found.period)
    return found
