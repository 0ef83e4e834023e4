"""Fields that the desk's forms are made of: texts that must be there and fit, choices that must be made, days."""

from collections.abc import Mapping
from typing import Any

from wtforms import DateField, Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from concerns.pages.forms import DeskForm, OnceForm
from concerns.sealing.text import bytes_over, tidy


def tidied(value: str | None) -> str:
    """A typed text as it is kept."""
    return tidy(value or "")


class Fits:
    """Refuses a text that is too long for its place, and says by how much."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: DeskForm, field: Field) -> None:
        over = bytes_over(field.data or "", self.limit)
        if over:
            raise ValidationError(f"{field.label.text}: {over:,} characters too long. Nothing is lost, shorten it")


class ADay:
    """Refuses what is no day; `needed` is what is said where there is none, and empty where there need be none."""

    def __init__(self, needed: str = "") -> None:
        self.needed = needed
        self.field_flags: dict[str, Any] = {}

    def __call__(self, _form: DeskForm, field: Field) -> None:
        field.errors[:] = []  # the library's own words, which name neither the field nor a day as an example
        if any(text.strip() for text in field.raw_data or []) and field.data is None:
            raise StopValidation(f"{field.label.text}: enter a day, as in 2026-12-24")
        if field.data is None and self.needed:
            raise StopValidation(self.needed)


def text(label: str, needed: str, limit: int) -> TextAreaField:
    """A text that must be there; `needed` is what is said where it is not."""
    return TextAreaField(label, filters=[tidied], validators=[DataRequired(needed), Fits(limit)])


def optional_text(label: str, limit: int) -> TextAreaField:
    """A text that may be left out."""
    return TextAreaField(label, filters=[tidied], validators=[Fits(limit)])


def line(label: str, needed: str, limit: int) -> StringField:
    """One line that must be there."""
    too_long = f"{label}: at most {limit} characters"
    return StringField(label, filters=[tidied], validators=[DataRequired(needed), Length(max=limit, message=too_long)])


def day(label: str, needed: str = "") -> DateField:
    """A day; one that may be left out where nothing is `needed`."""
    return DateField(label, validators=[ADay(needed)])


def one_of(label: str, named: Mapping[str, str], needed: str) -> RadioField:
    """A choice that must be made; nothing is chosen beforehand."""
    return RadioField(label, choices=choices(named), validators=[InputRequired(needed)], validate_choice=True)


def choices(named: Mapping[str, str]) -> list[SelectChoice]:
    """What a field offers, from values and their names."""
    return [SelectChoice(value, label) for value, label in named.items()]


class StepForm(OnceForm):
    """Ancestor of forms with a step each, and all there is to a press."""

    def __init__(self, **data: Any) -> None:
        super().__init__(data=data)
