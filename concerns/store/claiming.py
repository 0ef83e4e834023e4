"""Changes rows by a condition and says how many there were: of two requests at once the store lets one have a row."""

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session


def touched(session: Session, statement: Update | Delete) -> int:
    """How many rows an UPDATE or DELETE touched. What the session has loaded already is left as it is."""
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount
