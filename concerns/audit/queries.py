"""Reads the log: one person's own entries, and everybody's by day, without their order and number within a day."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.audit.model import AuditRow
from concerns.audit.rules import ABOUT_A_FLAG
from concerns.audit.service import DETAIL
from concerns.sealing.box import BoxRefused, open_fixed
from concerns.sealing.keys import Holder
from concerns.sealing.text import from_text

PAGE = 50
#: sealed details of one day that are looked at: more than three guardians open from morning to evening
MOST_DETAILS = 2000


@dataclass(frozen=True)
class Own:
    """One entry of the reader's own."""

    day: dt.date
    verb: str
    about: str
    #: empty where it is about no flag
    thread_id: bytes


class Days(NamedTuple):
    """A day, and those before and after it that have entries."""

    shown: dt.date
    newer: dt.date | None
    older: dt.date | None


@dataclass(frozen=True)
class Deed:
    """What one person did on a day, once or many times; `threads` are those that the reader's key opens."""

    person_id: bytes
    verb: str
    about: str
    threads: frozenset[bytes]


def own_entries(main: Session, person_id: bytes, kem_seed: bytes | None, page: int) -> tuple[list[Own], bool]:
    """A page of a person's own entries, newest first, and whether there are older ones."""
    columns = (AuditRow.day, AuditRow.verb, AuditRow.about, AuditRow.detail)
    rows = select(*columns).where(AuditRow.person_id == person_id).order_by(AuditRow.n.desc())
    found = main.execute(rows.limit(PAGE + 1).offset(PAGE * (page - 1))).all()
    holder = None if kem_seed is None else Holder(kem_seed)
    entries = [Own(day, verb, about, _thread(holder, verb, detail)) for day, verb, about, detail in found[:PAGE]]
    return entries, len(found) > PAGE


def days_around(main: Session, wanted: dt.date) -> Days:
    """The day that a page for this date shows: itself, or the one before it that has entries."""
    shown = main.scalar(select(func.max(AuditRow.day)).where(AuditRow.day <= wanted)) or wanted
    newer = main.scalar(select(func.min(AuditRow.day)).where(AuditRow.day > shown))
    return Days(shown, newer, main.scalar(select(func.max(AuditRow.day)).where(AuditRow.day < shown)))


def deeds_of(main: Session, day: dt.date, kem_seed: bytes | None) -> list[Deed]:
    """What everybody did on a day.

    Each deed stands once: how often, and in which order, would tell a guardian of flags that are not for her.
    """
    groups = (AuditRow.person_id, AuditRow.verb, AuditRow.about)
    found = main.execute(select(*groups).where(AuditRow.day == day).distinct().order_by(*groups)).all()
    threads = _threads(main, Holder(kem_seed), day) if kem_seed is not None else {}
    return [Deed(*one, frozenset(threads.get((one.person_id, one.verb), ()))) for one in found]


def _threads(main: Session, holder: Holder, day: dt.date) -> dict[tuple[bytes, str], set[bytes]]:
    columns = (AuditRow.person_id, AuditRow.verb, AuditRow.detail)
    rows = select(*columns).where(AuditRow.day == day, AuditRow.verb.in_(ABOUT_A_FLAG)).order_by(AuditRow.n)
    found: dict[tuple[bytes, str], set[bytes]] = {}
    for person_id, verb, detail in main.execute(rows.limit(MOST_DETAILS)):
        if thread_id := _thread(holder, verb, detail):
            found.setdefault((person_id, verb), set()).add(thread_id)
    return found


def _thread(holder: Holder | None, verb: str, detail: bytes) -> bytes:
    """The thread that a detail names; empty for whoever cannot open it."""
    if holder is None or verb not in ABOUT_A_FLAG:
        return b""
    try:
        return from_text(json.loads(open_fixed(holder, detail, DETAIL))["thread"])
    except (BoxRefused, ValueError, KeyError, TypeError):
        return b""
