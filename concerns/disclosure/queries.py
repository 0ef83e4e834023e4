"""Reads frozen releases: the only road by which a number made of flags leaves the desk."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.disclosure.document import Stored
from concerns.disclosure.following import differences, missing_releases, read_history, read_ledger
from concerns.disclosure.ledger import Ledger, LedgerRefused
from concerns.disclosure.model import Release
from concerns.disclosure.periods import Kind, Period, WrongPeriod, rank
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

    @property
    def checksum(self) -> str:
        """SHA-256 of the frozen bytes: whoever holds the ledger can work it out again."""
        return hashlib.sha256(self.body).hexdigest()

    def as_document(self, *, measured: bool = False) -> dict[str, Any]:
        """What `concerns release` prints as JSON; `docs/release.schema.json` describes it."""
        ledger = {"line": self.line, "head": self.head}
        return {**self.stored.as_document(measured=measured), "ledger": ledger, "checksum": self.checksum}


def check_held(releases: Iterable[Frozen], ledger: Ledger) -> None:
    """Raise LedgerRefused where the database and the ledger's line do not say the same of one of these releases.

    Where the ledger is kept on another host there is nothing here to compare with; its closes compare.
    """
    if not ledger.path.exists():
        return
    wanted = list(releases)
    lines = ledger.these(one.line for one in wanted)
    for one in wanted:
        line = lines.get(one.line)
        if line is None or line.head.hex() != one.head or line.entry.get("body") != one.body.decode():
            raise LedgerRefused(f"The release of {one.period} in the database is not the one in the ledger.")


def releases(main: Session, *kinds: Kind) -> list[Frozen]:
    """All frozen releases of these kinds, newest period first; a year before its own last quarter.

    Without a kind: those of what flags were about, by quarter and year. How they were handled is asked for by name.
    """
    wanted = [str(kind) for kind in kinds or (Kind.QUARTER, Kind.YEAR)]
    rows = [_frozen(row) for row in main.scalars(select(Release).where(Release.kind.in_(wanted)))]
    return sorted(rows, key=lambda one: rank(one.period), reverse=True)


def release(main: Session, period: Period) -> Frozen | None:
    """The frozen release of a period, or None."""
    row = main.get(Release, (str(period.kind), period.text))
    return None if row is None else _frozen(row)


def period_of(text: str, kind: str | None = None) -> Period:
    """A typed period, and the kind typed beside it if any. Raises WrongPeriod."""
    period = Period.parse(text)
    if kind == Kind.HANDLING and period.kind is Kind.YEAR:
        return replace(period, handling=True)
    if kind is not None and kind != period.kind:
        raise WrongPeriod(f"There is no release of the kind “{kind}” for {period.text}: it is a {period.kind}.")
    return period


def frozen_release(main: Session, ledger: Ledger, period: Period) -> Frozen:
    """The release as the database and the ledger both hold it. Raises NotFrozen or LedgerRefused.

    After a kill between the ledger's line and the database's row the ledger alone holds it, with the same bytes.
    """
    history = read_history(main, ledger, organisation(main).site_id)
    step = history.frozen.get(period) if history else None
    if step is None or step.body is None:
        raise NotFrozen(f"{period} is not frozen yet.")
    return Frozen(Stored.read(step.body), step.line.number, step.line.head.hex(), step.body)


def release_document(
    main: Session, ledger: Ledger, kind: str | None, period: str, *, measured: bool = False
) -> dict[str, Any]:
    """The release as JSON; `measured` adds each node's stored signed value, for auditors.

    Raises WrongPeriod, NotFrozen or LedgerRefused.
    """
    return frozen_release(main, ledger, period_of(period, kind)).as_document(measured=measured)


def ledger_problems(main: Session, ledger: Ledger) -> Sequence[str]:
    """What `concerns verify` says of the ledger: nothing where it is whole and the database's own."""
    try:
        history = read_ledger(main, ledger, organisation(main).site_id)
    except LedgerRefused as error:
        return [str(error)]
    if history is None:
        return ["There is no ledger."]
    missing = [
        f"The release of {period} stands in the ledger only. Opening the page “Close a period” brings it back."
        for period in missing_releases(main, history)
    ]
    return [*differences(main, history), *missing]


def _frozen(row: Release) -> Frozen:
    return Frozen(_read(row.body), row.line, row.head.hex(), row.body)


@lru_cache(maxsize=32)
def _read(body: bytes) -> Stored:
    """Frozen bytes never change, and a report reads three years of them: they are taken apart once."""
    return Stored.read(body)
