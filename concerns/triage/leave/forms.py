"""The two forms of leave: its days, and who takes over which flag."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import DateField, Field, SelectField, StringField, ValidationError
from wtforms.validators import StopValidation

from concerns.pages.forms import DeskForm, OnceForm
from concerns.people.duties.absences import FURTHEST
from concerns.people.fields import choices
from concerns.sealing.text import tidy
from concerns.triage.leave.service import Mine

NOTE_LENGTH = 200
TO, NOTE = "to_", "note_"


class LeaveForm(DeskForm):
    """From when until when; both days are days away."""

    first = DateField("First day away")
    last = DateField("Last day away")

    def __init__(self, today: dt.date, first: dt.date | None, last: dt.date | None) -> None:
        super().__init__(data={"first": first, "last": last})
        self.today = today
        for field in (self.first, self.last):
            if field.process_errors:
                field.process_errors = [f"{field.label.text}: enter a day, as in 2026-12-24"]

    def validate_first(self, field: Field) -> None:
        _needed(field)
        if field.data > self.today + dt.timedelta(days=FURTHEST):
            raise ValidationError("First day away: choose a day within two years")

    def validate_last(self, field: Field) -> None:
        _needed(field)
        if field.data < self.today:
            raise ValidationError("Last day away: choose today or a later day")
        if self.first.data and field.data < self.first.data:
            raise ValidationError("Last day away: choose the first day or a later one")
        if field.data > self.today + dt.timedelta(days=FURTHEST):
            raise ValidationError("Last day away: choose a day within two years")


class HandOverForm(OnceForm):
    """One choice and one line for each flag. `item` makes a double tap store each of them once."""

    def of(self, thread: str) -> tuple[Field, Field]:
        """The two fields of one flag."""
        return self[TO + thread], self[NOTE + thread]

    @property
    def chosen(self) -> dict[str, tuple[str, str]]:
        """By thread, to whom it goes (in hex) and with which words."""
        threads = [field.name.removeprefix(TO) for field in self if field.name.startswith(TO) and field.data]
        return {thread: (self[TO + thread].data, self[NOTE + thread].data) for thread in threads}


def hand_over_form(rows: Sequence[Mine], away: Mapping[bytes, str]) -> HandOverForm:
    """The form for these flags. `away` says of each guardian on leave until when."""
    fields: dict[str, Any] = {}
    for row in rows:
        named = {one.person_id.hex(): one.name + away.get(one.person_id, "") for one in row.others}
        fields[TO + row.thread] = SelectField(
            "Who takes it over",
            choices=choices({"": "I keep it", **named}),
            validators=[_offered],
            validate_choice=False,
        )
        fields[NOTE + row.thread] = StringField("One line about it", filters=[_on_one_line], validators=[_short_enough])
    form: HandOverForm = type("HandOver", (HandOverForm,), fields)()
    return form


def _needed(field: Field) -> None:
    if field.process_errors:
        raise StopValidation
    if field.data is None:
        raise ValidationError(f"{field.label.text}: enter a day")


def _offered(_form: DeskForm, field: Field) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError("Choose who takes it over from the list")


def _on_one_line(value: str | None) -> str:
    return " ".join(tidy(value or "").split())


def _short_enough(_form: DeskForm, field: Field) -> None:
    over = len(field.data) - NOTE_LENGTH
    if over > 0:
        raise ValidationError(f"The line is too long by {over:,}: nothing is lost, shorten it")
