"""The forms of the report door. Nothing is required but the text itself."""

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_babel.speaklater import LazyString
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import DataRequired

from concerns.flagging import rules, wording
from concerns.pages.forms import ReportForm
from concerns.sealing.text import tidy

ASK_FOR_TEXT = _("Write what happened, or what worries you")
ASK_FOR_DETAIL = _("Write what you want to add")
ASK_FOR_WORDS = _("Enter your nine words, or the 28 digits")


def _tidied(value: str | None) -> str:
    return tidy(rules.readable(value or ""))


class Words:
    """Checks the one text of a form: not empty, and not too long for the envelope."""

    def __init__(self, when_empty: LazyString) -> None:
        self.when_empty = when_empty

    def __call__(self, _form: BaseForm, field: Field) -> None:
        if not rules.says_something(field.data):
            raise ValidationError(self.when_empty)
        over = rules.too_long(field.data)
        if over:
            raise ValidationError(
                ngettext(
                    "The text is %(num)s character too long. Take out at least that much; nothing is lost.",
                    "The text is %(num)s characters too long. Take out at least that much; nothing is lost.",
                    over,
                )
            )


class WholeText(TextAreaField):  # type: ignore[misc]  # wtforms ships no types
    """A text area that keeps everything that came under its name, should it have come in several pieces."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = "\n\n".join(valuelist)


class OneOf:
    """Refuses an answer that was not offered. No answer at all is always fine."""

    def __init__(self, offered: Collection[str], message: LazyString) -> None:
        self.offered = offered
        self.message = message

    def __call__(self, _form: BaseForm, field: Field) -> None:
        if field.data and field.data not in self.offered:
            raise ValidationError(self.message)


def _choices(named: dict[str, LazyString]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in named.items()]


class TellForm(ReportForm):
    """One concern, as told. The check page carries the same fields hidden, with the receipt's digits."""

    danger = RadioField(
        _("Is anyone in danger now?"),
        choices=_choices(wording.DANGER),
        validators=[OneOf(rules.DANGER, _("Choose yes or no, or leave the question about danger out"))],
        validate_choice=False,
    )
    text = WholeText(_("What happened, or what worries you?"), filters=[_tidied], validators=[Words(ASK_FOR_TEXT)])
    area = SelectField(_("Where is it? (optional)"), choices={}, filters=[_tidied], validate_choice=False)
    worry = RadioField(
        _("How worried are you? (optional)"),
        choices=_choices(wording.WORRIES),
        default="",
        validators=[OneOf(rules.WORRIES, _("Choose one of the answers on how worried you are"))],
        validate_choice=False,
    )
    consent = RadioField(
        _("What may we do with it?"),
        choices=_choices({value: said.name for value, said in wording.CONSENTS.items()}),
        default=rules.USUAL_CONSENT,
        validators=[OneOf(rules.CONSENTS, _("Choose what we may do with your concern"))],
        validate_choice=False,
    )
    receipt = HiddenField(filters=[_tidied])

    def __init__(self, places: dict[str, list[SelectChoice]] | None, **kwargs: Any) -> None:
        """`places` is None where the list could not be read: then the answer is kept unchecked."""
        super().__init__(**kwargs)
        self.places_known = places is not None
        self.area.choices = {"": [SelectChoice("", _("Prefer not to say"))], **(places or {})}

    def validate_area(self, field: Field) -> None:
        """Refuse an area that is not there (any more)."""
        if field.data and self.places_known and field.data not in self.area_names:
            raise ValidationError(_("Choose a place from the list, or “Prefer not to say”"))

    @property
    def area_names(self) -> dict[str, str]:
        """What each offered area is called on the check page."""
        return {choice.value: str(choice.label) for group in self.area.choices.values() for choice in group}


class ReturnForm(ReportForm):
    """The words of a receipt, as typed."""

    receipt = StringField(
        _("Your nine words, or the 28 digits"), filters=[_tidied], validators=[DataRequired(ASK_FOR_WORDS)]
    )


class DetailForm(ReportForm):
    """Something to add to a concern. `item` makes a double tap store it once."""

    receipt = HiddenField(filters=[_tidied])
    item = HiddenField(filters=[_tidied])
    text = WholeText(_("What do you want to add?"), filters=[_tidied], validators=[Words(ASK_FOR_DETAIL)])
