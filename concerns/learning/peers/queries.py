"""Looks up what peers asked and noted."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.disclosure.periods import Kind
from concerns.disclosure.queries import releases
from concerns.learning.peers.model import PeerNote
from concerns.learning.promises.queries import Promises

#: on one page, the newest
MOST = 100


def notes(reader: Session) -> Sequence[PeerNote]:
    """All of them, the newest first."""
    query = select(PeerNote).order_by(PeerNote.day.desc(), PeerNote.id).limit(MOST)
    return reader.scalars(query).all()


def notes_on(reader: Session, about: str) -> Sequence[PeerNote]:
    """Those on one report or promise, the newest first."""
    query = select(PeerNote).where(PeerNote.about == about).order_by(PeerNote.day.desc(), PeerNote.id).limit(MOST)
    return reader.scalars(query).all()


def subjects(reader: Session, promised: Promises) -> Mapping[str, str]:
    """Everything that a note may be about, in words: the whole, each report and each of these promises."""
    reports = {f"report:{one.period}": f"the report of {one.period.in_words}" for one in releases(reader, *Kind)}
    return {"": "", **reports, **{f"promise:{one.id.hex()}": f"a promise: {one.theme}" for one in promised.all}}


def note_of(reader: Session, note_id: bytes) -> PeerNote | None:
    return reader.get(PeerNote, note_id)
