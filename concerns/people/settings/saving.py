"""How each of the settings pages saves: the log first, then the change, then the part is settled."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import Field, ValidationError

from concerns.areas.model import Organisation
from concerns.areas.queries import organisation
from concerns.areas.rules import has_controls
from concerns.areas.service import held, settle
from concerns.audit.service import note
from concerns.pages.forms import DeskForm
from concerns.people.access import visitor
from concerns.store.house import house


def stored() -> Organisation:
    """The organisation as it is."""
    with house().stores.read_main() as main:
        return organisation(main)


def store(part: str, change: Callable[[Organisation], None]) -> None:
    """Log and make a change of the organisation. Raises NotNoted, and what `change` raises: then nothing is changed."""
    store_with(part, lambda _main, row: change(row))


def store_with(part: str, change: Callable[[Session, Organisation], None]) -> None:
    """The same for a change that reaches further than the organisation's row."""
    note(house(), visitor().person_id, "settled", about=part)
    with house().stores.write_main() as main:
        change(main, held(main))  # of two admins the second waits for the first, and changes what she left
        settle(main, part)


def save(part: str, said: str, change: Callable[[Organisation], None]) -> ResponseReturnValue:
    """Store a change, and go back to set-up with a sentence on what was saved."""
    store(part, change)
    return saved(said)


def saved(said: str) -> ResponseReturnValue:
    """Back to set-up, with a sentence on what was saved."""
    flash(said)
    return redirect(url_for("people.set_up.show"))


class OneLine:
    """Refuses what does not stand on one line."""

    def __call__(self, _form: DeskForm, field: Field) -> None:
        if has_controls(field.data or ""):
            raise ValidationError(f"{field.label.text}: write one line")
