"""Keeps the database in step with the ledger; the only writer of release rows, always from the ledger's bytes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.disclosure.document import Stored
from concerns.disclosure.history import History
from concerns.disclosure.ledger import Ledger, LedgerRefused, Line
from concerns.disclosure.model import LedgerMark, Release
from concerns.disclosure.periods import Period
from concerns.store.base import new_id
from concerns.store.session import Stores


def found_ledger(main: Session, ledger: Ledger, site_id: bytes) -> None:
    """Start the ledger of a new instance, and note in the database which one it is. Does nothing where both exist."""
    with ledger.locked():
        if main.get(LedgerMark, 1) is None and not ledger.lines():
            first = ledger.append({"ledger": new_id().hex(), "site": site_id.hex()})
            ledger_id = History.read((first,)).ledger_id
            main.add(LedgerMark(only_one=1, ledger_id=ledger_id, lines=first.number, head=first.head))
            main.flush()
        follow(main, ledger, site_id)


def follow(main: Session, ledger: Ledger, site_id: bytes) -> History:
    """Bring the database up to the ledger and return what the ledger says. Call within `locked()`.

    A ledger longer than the database knows (a database restored from a backup, a kill before the commit) makes the
    missing releases from its lines. Raises LedgerRefused for another, an empty, a shorter or a broken ledger.
    """
    lines = ledger.lines()
    mark = main.get(LedgerMark, 1)
    history = _checked(mark, lines, site_id)
    rows = {row.line: row for row in main.scalars(select(Release))}
    _compare(rows, history)
    for step in history.frozen.values():
        if step.line.number not in rows:
            main.add(_row(step.body or b"", step.line))
    if mark is not None:
        mark.lines, mark.head = lines[-1].number, lines[-1].head
    main.flush()
    return history


def read_history(main: Session, ledger: Ledger, site_id: bytes) -> History | None:
    """What the ledger says, changing nothing; None before its first line. Raises LedgerRefused."""
    # the database first: a close in between adds to the file before it adds to the database, never the other way round
    rows = {row.line: row for row in main.scalars(select(Release))}
    history = read_ledger(main, ledger, site_id)
    if history is not None:
        _compare(rows, history)
    return history


def read_ledger(main: Session, ledger: Ledger, site_id: bytes) -> History | None:
    """The same without a look at the releases. Raises LedgerRefused."""
    mark = main.get(LedgerMark, 1)
    lines = ledger.lines()
    if not lines and mark is None:
        return None
    return _checked(mark, lines, site_id)


def missing_releases(main: Session, history: History) -> list[Period]:
    """What is frozen in the ledger and has no row: a kill came between the two, or somebody deleted the row."""
    rows = set(main.scalars(select(Release.line)))
    return [period for period, step in history.frozen.items() if step.line.number not in rows]


def bring_back(stores: Stores, ledger: Ledger, site_id: bytes) -> None:
    """Make the missing rows from the ledger's lines. Raises LedgerRefused."""
    with ledger.locked(), stores.write_main() as main:
        follow(main, ledger, site_id)


def _checked(mark: LedgerMark | None, lines: tuple[Line, ...], site_id: bytes) -> History:
    if not lines:
        raise LedgerRefused(
            "The ledger is missing or empty. Put back the file ledger.jsonl; nothing can be closed without it."
        )
    history = History.read(lines)
    if mark is None:
        # without its mark a database would follow a ledger that was cut, and draw a second time
        raise LedgerRefused("The database no longer says which ledger is its own. Restore a database that does.")
    if history.site_id != site_id or history.ledger_id != mark.ledger_id:
        raise LedgerRefused("This ledger belongs to another instance.")
    if len(lines) < mark.lines:
        raise LedgerRefused(
            f"The ledger has {len(lines)} lines; the database knows {mark.lines}. Put back the newest ledger.jsonl."
        )
    if lines[mark.lines - 1].head != mark.head:
        raise LedgerRefused("The ledger was rewritten after the database last saw it.")
    return history


def differences(main: Session, history: History) -> list[str]:
    """Every release of the database that is not what the ledger's line says: changed, moved, or added by somebody."""
    return _unlike({row.line: row for row in main.scalars(select(Release).order_by(Release.line))}, history)


def _compare(rows: dict[int, Release], history: History) -> None:
    for problem in _unlike(rows, history):
        raise LedgerRefused(problem)


def _unlike(rows: dict[int, Release], history: History) -> list[str]:
    frozen = {step.line.number: step for step in history.frozen.values()}
    return [
        f"The release of {row.period} ({row.kind}) in the database is not the one in the ledger."
        for number, row in rows.items()
        if (step := frozen.get(number)) is None or not _same(row, _row(step.body or b"", step.line))
    ]


def _same(row: Release, true: Release) -> bool:
    return all(getattr(row, name) == getattr(true, name) for name in ("kind", "period", "frozen_on", "body", "head"))


def _row(body: bytes, line: Line) -> Release:
    stored = Stored.read(body)
    return Release(
        kind=str(stored.period.kind),
        period=stored.period.text,
        frozen_on=stored.terms.frozen_on,
        body=body,
        line=line.number,
        head=line.head,
    )
