"""A promise is made, moved, done, ended, dropped or looked at again, and its words go to the guardians; nothing is overwritten."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.learning.model import ReleasedText
from concerns.learning.promises.model import Action, PromiseChange, Response
from concerns.learning.promises.queries import read_on
from concerns.learning.promises.rules import (
    AGREED,
    ASKED,
    DRAFT,
    RETURNED_STAGE,
    REVIEWED,
    WITHDRAWN,
    Change,
    step_trouble,
)
from concerns.learning.rules import ANSWER, KINDS, PROMISE, Words
from concerns.sealing.text import canonical
from concerns.store.inserting import insert_new


class PromiseRefused(Exception):
    """A step that cannot be taken now; the message is a sentence for the page."""


@dataclass(frozen=True)
class NewAction:
    """An action before it is stored."""

    theme_code: str
    what: str
    type: str
    strength: str
    owner: str
    exit_criteria: str


def make_action(main: Session, action_id: bytes, new: NewAction, first: Change) -> None:
    """Store an action, once for each id."""
    words = {"told_what": new.what, "told_until": new.exit_criteria, "told_because": ""}
    if insert_new(main, Action, {"id": action_id, "stage": DRAFT, "returned": "", **vars(new), **words}):
        _add(main, action_id, 1, first)


def make_response(main: Session, response_id: bytes, theme_code: str, parts: Mapping[str, str], first: Change) -> None:
    """Store a response, once for each id; its words may be missing still."""
    texts = {name: parts.get(name, "") for name in KINDS[ANSWER]}
    row = {"id": response_id, "theme_code": theme_code, "stage": DRAFT, "returned": "", "text_id": None, **texts}
    if insert_new(main, Response, row):
        _add(main, response_id, 1, first)


def change(main: Session, promise_id: bytes, seen: int, new: Change) -> None:
    """Add a step after the `seen` ones, once. Raises PromiseRefused where somebody else was faster, or it is over."""
    steps = main.scalars(
        select(PromiseChange).where(PromiseChange.promise_id == promise_id).order_by(PromiseChange.n)
    ).all()
    if not steps:
        raise PromiseRefused("There is no such promise.")
    last = steps[-1]
    same = (last.what, last.day, last.because, last.result) == (new.what, new.day, new.because, new.result)
    if last.n == seen + 1 and same:
        return  # a double tap
    if last.n != seen:
        raise PromiseRefused("Somebody changed this promise meanwhile. Read it again; what you typed is still here.")
    trouble = step_trouble([one.what for one in steps], new.what) or _answer_trouble(main, promise_id, new)
    if trouble:
        raise PromiseRefused(trouble)
    if not _add(main, promise_id, seen + 1, new):
        raise PromiseRefused("Somebody changed this promise at the same moment. Read it again.")


def words_of(main: Session, promise_id: bytes) -> Words | None:
    """What staff would read of a promise; None where there is none."""
    row = _row(main, promise_id)
    if isinstance(row, Response):
        return Words(ANSWER, "", row.theme_code, {name: getattr(row, name) for name in KINDS[ANSWER]})
    if isinstance(row, Action):
        parts = {name: getattr(row, f"told_{name}") for name in KINDS[PROMISE]}
        return Words(PROMISE, "", f"{row.theme_code}/{row.id.hex()}", parts)
    return None


def mark_of(words: Words) -> str:
    """What a form carries, to notice that somebody else wrote meanwhile."""
    return hashlib.sha256(canonical(dict(words.parts))).hexdigest()[:32]


def write(main: Session, promise_id: bytes, seen: str, parts: Mapping[str, str]) -> None:
    """Keep new words for staff; what is with the guardians comes back from there. Raises PromiseRefused."""
    row, now = _row(main, promise_id), words_of(main, promise_id)
    if row is None or now is None:
        raise PromiseRefused("There is no such promise.")
    if dict(now.parts) == dict(parts):
        return
    if isinstance(row, Response) and row.stage == AGREED:
        raise PromiseRefused("Two guardians released this answer. Promise another one to say more.")
    if mark_of(now) != seen:
        raise PromiseRefused(
            "Somebody else wrote here meanwhile. Read their words in another tab; yours are still here."
        )
    prefix = "" if isinstance(row, Response) else "told_"
    for name, text in parts.items():
        setattr(row, prefix + name, text)
    row.stage, row.returned = DRAFT, ""
    main.flush()


def ask(main: Session, promise_id: bytes) -> None:
    """Hand the words to the guardians. Raises PromiseRefused where they are released already."""
    row = _row(main, promise_id)
    if row is None or row.stage == AGREED:
        raise PromiseRefused("These words are released already.")
    row.stage, row.returned = ASKED, ""
    main.flush()


def send_back(main: Session, promise_id: bytes, returned: str) -> None:
    """A guardian gives the words back, with one of a few sentences. Raises PromiseRefused."""
    must_be_asked(main, promise_id)
    row = _row(main, promise_id)
    if row is not None:
        row.stage, row.returned = RETURNED_STAGE, returned
        main.flush()


def must_be_asked(main: Session, promise_id: bytes, words: Words | None = None) -> None:
    """Raise PromiseRefused where leaders do not ask for the release of these very words (any more)."""
    row = _row(main, promise_id)
    if row is None or row.stage != ASKED or (words and words_of(main, promise_id) != words):
        raise PromiseRefused("Leaders have changed these words, or taken them back. Read them anew.")


def agreed(main: Session, promise_id: bytes, text_id: bytes) -> None:
    """Two guardians released the words."""
    row = _row(main, promise_id)
    if row is not None:
        row.stage = AGREED
    if isinstance(row, Response):
        row.text_id = text_id
    main.flush()


def withdrawn(main: Session, text: ReleasedText) -> None:
    """A guardian takes a released text out: what it kept is owed again, unless newer words stand in its place."""
    row: Response | Action | None = None
    if text.kind == ANSWER:
        row = main.scalars(select(Response).where(Response.text_id == text.id)).first()
        if row is not None:
            row.text_id = None
    elif text.kind == PROMISE and not _replaced(main, text):
        row = main.get(Action, _id_in(text.about))
    if row is not None:
        row.stage, row.returned = RETURNED_STAGE, WITHDRAWN
        main.flush()


def is_action(main: Session, about: str) -> bool:
    """Whether a released text would be about an action that is there, under its theme."""
    row = main.get(Action, _id_in(about))
    return row is not None and about == f"{row.theme_code}/{row.id.hex()}"


def _answer_trouble(main: Session, promise_id: bytes, new: Change) -> str:
    """Why an answer takes no such step: what staff have read is kept, and no step may make it late afterwards."""
    row = main.get(Response, promise_id)
    if row is None:
        return ""
    if new.what == REVIEWED:
        return "Only an action is looked at again."
    day = read_on(main, row)
    return "Staff have read this answer already: it can be neither moved nor dropped." if day and day <= new.day else ""


def _replaced(main: Session, text: ReleasedText) -> bool:
    """Whether newer words of the same action were released; no two of one action are of one month."""
    same = (ReleasedText.kind == text.kind, ReleasedText.about == text.about)
    newer = select(ReleasedText.id).where(*same, ReleasedText.month > text.month).limit(1)
    return main.scalars(newer).first() is not None


def _id_in(about: str) -> bytes:
    try:
        return bytes.fromhex(about.rpartition("/")[2])
    except ValueError:
        return b""


def _row(main: Session, promise_id: bytes) -> Response | Action | None:
    return main.get(Response, promise_id) or main.get(Action, promise_id)


def _add(main: Session, promise_id: bytes, n: int, new: Change) -> bool:
    return insert_new(main, PromiseChange, {"promise_id": promise_id, "n": n, **vars(new)})
