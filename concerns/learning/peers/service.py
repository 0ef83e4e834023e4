"""A peer asks or notes something; a leader answers. Nothing is changed afterwards."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from concerns.learning.peers.model import PeerNote
from concerns.store.inserting import insert_new


class Answered(Exception):
    """Somebody answered this already."""


def write(main: Session, note_id: bytes, by: tuple[bytes, str], said: Mapping[str, str], today: dt.date) -> None:
    """Store a note, once for each id; `said` holds what it is about, its kind and its text."""
    person_id, name = by
    nothing = {"answer": "", "answered_by": "", "answered_on": None}
    insert_new(main, PeerNote, {"id": note_id, "person_id": person_id, "name": name, "day": today, **said, **nothing})


def answer(main: Session, note_id: bytes, name: str, text: str, today: dt.date) -> None:
    """A leader's answer. Raises Answered where another one stands there."""
    row = main.get(PeerNote, note_id, with_for_update=True)
    if row is None or (row.answer and row.answer != text):
        raise Answered
    row.answer, row.answered_by, row.answered_on = text, name, today
    main.flush()
