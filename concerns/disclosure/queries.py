"""Reads frozen releases: the only road by which a number made of flags leaves the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.disclosure.document import Stored
from concerns.disclosure.following import missing_releases, read_history
from concerns.disclosure.ledger import Ledger, LedgerRefused
from concerns.disclosure.model import Release
from concerns.disclosure.periods import Kind, Period, WrongPeriod
from concerns.disclosure.turns import CloseRefused


class NotFrozen(CloseRefused):
    """No release of this period exists yet."""


@dataclass(frozen=True)
class Frozen:
    """A release with its place in the ledger, which is printed on it."""

    stored: Stored
    line: int
    head: str
    #: the frozen bytes
    body: bytes

    @property
    def period(self) -> Period:
        return self.stored.period


def check_held(releases: Iterable[Frozen], ledger: Ledger) -> None:
    """Raise LedgerRefused where the database and the ledger's line do not say the same of one of these releases.

    Where the ledger is kept on another host there is nothing here to compare with; its closes compare.
    """
    if not ledger.path.exists():
        return
    for one in releases:
        line = ledger.line(one.line)
        if line is None or line.head.hex() != one.head or line.entry.get("body") != one.body.decode():
            raise LedgerRefused(f"The release of {one.period} in the database is not the one in the ledger.")


def releases(main: Session, kind: Kind | None = None) -> list[Frozen]:
    """All frozen releases, newest period first; a year before its own last quarter."""
    rows = [_frozen(row) for row in main.scalars(_of_kind(kind))]
    return sorted(rows, key=lambda one: (one.period.end, one.period.kind is Kind.YEAR), reverse=True)


def release(main: Session, period: Period) -> Frozen | None:
    """The frozen release of a period, or None."""
    row = main.get(Release, (str(period.kind), str(period)))
    return None if row is None else _frozen(row)


def period_of(text: str, kind: str | None = None) -> Period:
    """A typed period, and the kind typed beside it if any. Raises WrongPeriod."""
    period = Period.parse(text)
    if kind is not None and kind != period.kind:
        raise WrongPeriod(f"There is no release of the kind “{kind}” for {period}: it is a {period.kind}.")
    return period


def stored_release(main: Session, ledger: Ledger, period: Period) -> Stored:
    """The release as the database and the ledger both hold it. Raises NotFrozen or LedgerRefused.

    After a kill between the ledger's line and the database's row the ledger alone holds it, with the same bytes.
    """
    history = read_history(main, ledger, organisation(main).site_id)
    step = history.frozen.get(period) if history else None
    if step is None or step.body is None:
        raise NotFrozen(f"{period} is not frozen yet.")
    return Stored.read(step.body)


def release_document(
    main: Session, ledger: Ledger, kind: str | None, period: str, *, measured: bool = False
) -> dict[str, Any]:
    """What `concerns release` writes as JSON; `measured` adds each node's stored signed value, for auditors.

    Raises WrongPeriod, NotFrozen or LedgerRefused.
    """
    return stored_release(main, ledger, period_of(period, kind)).as_document(measured=measured)


def release_csv(main: Session, ledger: Ledger, kind: str | None, period: str, *, measured: bool = False) -> str:
    """What `concerns release` writes as CSV. Raises WrongPeriod, NotFrozen or LedgerRefused."""
    return stored_release(main, ledger, period_of(period, kind)).as_csv(measured=measured)


def ledger_problems(main: Session, ledger: Ledger) -> Sequence[str]:
    """What `concerns verify` says of the ledger: nothing where it is whole and the database's own."""
    try:
        history = read_history(main, ledger, organisation(main).site_id)
    except LedgerRefused as error:
        return [str(error)]
    if history is None:
        return ["There is no ledger."]
    return [
        f"The release of {period} stands in the ledger only. Opening the page “Close a period” brings it back."
        for period in missing_releases(main, history)
    ]


def _of_kind(kind: Kind | None) -> Any:
    query = select(Release)
    return query if kind is None else query.where(Release.kind == str(kind))


def _frozen(row: Release) -> Frozen:
    return Frozen(Stored.read(row.body), row.line, row.head.hex(), row.body)
