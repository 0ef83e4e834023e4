"""One random mark for each week of threads: whoever changes a thread renews it, in the same transaction."""

import datetime as dt
import secrets
from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from concerns.sealing.model import Thread, ThreadMark
from concerns.store.inserting import insert_or_replace

MARK_BYTES = 16


def marks(main: Session) -> dict[dt.date, bytes]:
    """The mark of every week that has threads."""
    return dict(main.execute(select(ThreadMark.week, ThreadMark.mark)).all())


def renew(main: Session, weeks: Collection[dt.date]) -> None:
    """Say that threads of these weeks changed: envelopes came, or wraps were written anew."""
    rows = [{"week": week, "mark": secrets.token_bytes(MARK_BYTES)} for week in sorted(weeks)]
    insert_or_replace(main, ThreadMark, rows)


def renew_for(main: Session, thread_ids: Collection[bytes]) -> None:
    """The same, for the weeks of these threads."""
    renew(main, weeks_of(main, thread_ids))


def weeks_of(main: Session, thread_ids: Collection[bytes]) -> set[dt.date]:
    """The weeks in which these threads were collected; those that wait for `collect` have none."""
    return set(main.scalars(select(Thread.week).where(Thread.id.in_(list(thread_ids))).distinct()))


def drop_empty(main: Session) -> None:
    """Drop the marks of weeks that have no thread any more."""
    main.execute(delete(ThreadMark).where(ThreadMark.week.not_in(select(Thread.week))))
