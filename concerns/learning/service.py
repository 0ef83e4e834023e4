"""Sets the standing answers that staff read, and puts in and takes out the texts that two guardians released."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.disclosure.periods import Period, WrongPeriod
from concerns.disclosure.queries import release as frozen_release
from concerns.learning.model import Answer, ReleasedText
from concerns.learning.promises import service as promises
from concerns.learning.queries import may_say
from concerns.learning.released import Passage, Releases, passages
from concerns.learning.rules import (
    ANSWER,
    LEARNING,
    NARRATIVE,
    OF_A_RELEASE,
    ON_CALENDAR_DAYS,
    PROMISE,
    Words,
    month_of,
    published_on,
)
from concerns.learning.standing import Authority, holds, shown_keys
from concerns.learning.themes import themes_on
from concerns.store.inserting import insert_new


class NotReleased(Exception):
    """This text may not be released; the message is a sentence for the page."""


@dataclass(frozen=True)
class Approval:
    """One guardian and her signature under a text's statement."""

    person_id: bytes
    signature: bytes


def set_answer(main: Session, theme_code: str, known: str, doing: str, today: dt.date) -> None:
    """Store or replace the answer to a theme. Raises ValueError where a text is empty.

    Of the day only the month is kept: an exact day could tell which flag it answers.
    """
    if not known.strip() or not doing.strip():
        raise ValueError("An answer says what we already know and what we do.")
    main.merge(Answer(theme_code=theme_code, known=known.strip(), doing=doing.strip(), month=today.replace(day=1)))
    main.flush()


def may_stand(main: Session, words: Words, authority: Authority, today: dt.date) -> None:
    """Raise NotReleased where a text stands on nothing that is there, or its place is taken."""
    if words.kind in OF_A_RELEASE:
        _on_a_release(main, words)
        taken = passages(main, [words.kind], authority, words.period)
    else:
        _on_a_theme(main, words, authority, today)
        taken = [one for one in passages(main, [ANSWER, PROMISE], authority) if published_on(one.month) > today]
    if words.kind in (*OF_A_RELEASE, ANSWER, PROMISE) and any(_same_place(one, words) for one in taken):
        raise NotReleased("Another text stands in that place already. Withdraw that one first.")


def release(
    main: Session,
    text_id: bytes,
    words: Words,
    approvals: tuple[Approval, Approval],
    authority: Authority,
    today: dt.date,
) -> None:
    """Store a text that two guardians signed; once, however often it is asked for. Raises NotReleased."""
    if main.get(ReleasedText, text_id) is not None:
        return
    may_stand(main, words, authority, today)
    first, second = approvals
    values = {
        "id": text_id,
        "kind": words.kind,
        "period": words.period,
        "about": words.about,
        "body": words.body,
        "hash": words.hash,
        "rules": words.rules,
        "first_id": first.person_id,
        "second_id": second.person_id,
        "first_signature": first.signature,
        "second_signature": second.signature,
        "month": month_of(today),
        "withdrawn": None,
    }
    if not holds(ReleasedText(**values), authority):
        raise NotReleased("Two different guardians have to sign the same words.")
    insert_new(main, ReleasedText, values)


def withdraw(main: Session, text_id: bytes, today: dt.date) -> bool:
    """Take a text out; its words are erased, and a mark stays in its place. One that nobody read yet is gone.

    Returns whether there was one.
    """
    row = main.scalars(select(ReleasedText).where(ReleasedText.id == text_id, ReleasedText.withdrawn.is_(None))).first()
    if row is None:
        return False
    promises.withdrawn(main, row)
    if row.kind in ON_CALENDAR_DAYS and published_on(row.month) > today:
        main.delete(row)
    else:
        row.body, row.withdrawn = "", month_of(today)
    main.flush()
    return True


def _on_a_release(main: Session, words: Words) -> None:
    try:
        frozen = frozen_release(main, Period.parse(words.period))
    except WrongPeriod:
        frozen = None
    if frozen is None:
        raise NotReleased("That period is not frozen yet: there is nothing that these words could stand on.")
    if words.kind == NARRATIVE and words.about not in shown_keys(frozen.stored):
        raise NotReleased("The number of this theme is not shown in that release, so nothing may be told of it.")


def _on_a_theme(main: Session, words: Words, authority: Authority, today: dt.date) -> None:
    if words.kind == PROMISE and not promises.is_action(main, words.about):
        raise NotReleased("There is no such action.")
    if words.kind not in (ANSWER, LEARNING):
        return
    themes = themes_on(main, today)
    theme = themes.current.get(words.about)
    if theme is None and words.kind == ANSWER and words.about in themes.ended:
        theme = themes.ended[words.about].facts  # it was promised while the theme was there, and is owed still
    if theme is None:
        raise NotReleased("There is no such theme any more.")
    if words.kind == ANSWER:
        points = [one for one in passages(main, [LEARNING], authority) if published_on(one.month) <= today]
        if not may_say(dict(words.parts), theme, points, Releases(main)):
            raise NotReleased(
                "“What we heard” needs a shown number of this theme, or a learning point that staff can read. Leave it empty."
            )


def _same_place(one: Passage, words: Words) -> bool:
    return one.withdrawn is None and (one.period, one.about) == (words.period, words.about)
