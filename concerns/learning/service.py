"""Sets the standing answers that staff read."""

import datetime as dt

from sqlalchemy.orm import Session

from concerns.learning.model import Answer


def set_answer(main: Session, theme_code: str, known: str, doing: str, today: dt.date) -> None:
    """Store or replace the answer to a theme. Raises ValueError where a text is empty.

    Of the day only the month is kept: an exact day could tell which flag it answers.
    """
    if not known.strip() or not doing.strip():
        raise ValueError("An answer says what we already know and what we do.")
    main.merge(Answer(theme_code=theme_code, known=known.strip(), doing=doing.strip(), month=today.replace(day=1)))
    main.flush()
