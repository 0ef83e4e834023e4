"""The forms of reading help: a period's figures from elsewhere, and an annotation of a period to come."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired

from concerns.disclosure.periods import Period
from concerns.pages.forms import DeskForm, OnceForm
from concerns.people.fields import choices, line, one_of, tidied
from concerns.reports.reading import figures, rules
from concerns.reports.reading.offered import chosen, past_periods
from concerns.reports.reading.service import NewNote

TEXT_LIMIT = 200


def _offered(field: SelectField, periods: Iterable[Period], first: str) -> None:
    field.choices = choices({"": first} | {str(one): one.in_words for one in periods})


class FiguresForm(DeskForm):
    """The figures of one period; what is left empty stays as it was."""

    period = SelectField("Period", validators=[InputRequired("Choose the period")])

    def __init__(self, today: dt.date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _offered(self.period, past_periods(today), "Choose one")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = bool(super().validate(*args, **kwargs))
        if good and not any(self[code].data for code in figures.MEASURES):
            first = self[next(iter(figures.MEASURES))]
            first.errors = ["Type at least one figure"]
            good = False
        return good

    @property
    def tenths(self) -> dict[str, int]:
        return {code: figures.tenths_of(code, self[code].data) for code in figures.MEASURES if self[code].data}


def _figure(code: str, measure: figures.Measure) -> StringField:
    def sane(_form: DeskForm, field: Field) -> None:
        if field.data:
            try:
                figures.tenths_of(code, field.data)
            except figures.WrongFigure as wrong:
                raise ValidationError(str(wrong)) from wrong

    return StringField(measure.name, filters=[tidied], validators=[sane])


for _code, _measure in figures.MEASURES.items():
    setattr(FiguresForm, _code, _figure(_code, _measure))


class AnnotationForm(OnceForm):
    """What happens in a period, and what leaders expect of it before they know its numbers."""

    period = SelectField("Which period does it explain?", validators=[InputRequired("Choose the period")])
    event = SelectField("What is it?", validators=[InputRequired("Choose what it is")])
    text = line("In a few words", "Say in a few words what happens", TEXT_LIMIT)
    expected = one_of("What do you expect?", rules.EXPECTED, "Choose whether you expect more flags or fewer")
    settles = SelectField("By when do you expect it to settle?")

    def __init__(self, periods: list[Period], later: list[Period], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # a period that was frozen meanwhile is refused with its reason, not as unknown
        self.period.validate_choice = False
        _offered(self.period, periods, "Choose one")
        _offered(self.settles, later, "Not said")
        self.event.choices = choices({"": "Choose one"} | dict(rules.EVENTS))

    def validate_period(self, field: Field) -> None:
        if chosen(field.data) is None:
            raise ValidationError("Choose the period")

    def validate_settles(self, field: Field) -> None:
        settles, period = chosen(field.data), chosen(self.period.data)
        if settles and period and settles.end < period.end:
            raise ValidationError("By when do you expect it to settle? Choose the same period or a later one")

    @property
    def note(self) -> NewNote:
        period = chosen(self.period.data)
        if period is None:
            raise ValueError("validated before")
        return NewNote(self.event.data, self.text.data, period, self.expected.data, chosen(self.settles.data))
