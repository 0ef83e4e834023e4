"""The forms of the report door. Nothing is required but the text itself."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import DataRequired

from concerns.areas.questions import Questions
from concerns.flagging import rules, wording
from concerns.pages.forms import ReportForm
from concerns.sealing.text import tidy

ASK_FOR_TEXT = _("Write what happened, or what worries you")
ASK_FOR_DETAIL = _("Write what you want to add")
ASK_FOR_WORDS = _("Enter your nine words, or the 28 digits")


def _tidied(value: str | None) -> str:
    return tidy(rules.readable(value or ""))


class Words:
    """Checks the first text of a form: not empty, and all texts together not too long for the envelope."""

    def __init__(self, when_empty: LazyString, *others: str) -> None:
        self.when_empty = when_empty
        #: the names of the further texts that share the envelope
        self.others = others

    def __call__(self, form: BaseForm, field: Field) -> None:
        if not self.may_be_empty(form) and not rules.says_something(field.data):
            raise ValidationError(self.when_empty)
        over = rules.too_long(field.data, *(form[name].data or "" for name in self.others))
        if over:
            raise ValidationError(
                ngettext(
                    "The text is %(num)s character too long. Take out at least that much; nothing is lost.",
                    "The text is %(num)s characters too long. Take out at least that much; nothing is lost.",
                    over,
                )
            )

    def may_be_empty(self, form: BaseForm) -> bool:
        """Only what is added may be an answer that was ticked."""
        return bool(getattr(form, "ticked", False))


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


def _offered(
    label: LazyString, named: Collection[str], message: LazyString, choices: dict[str, LazyString], default: str = ""
) -> RadioField:
    """Radios that may stay empty; an answer that was not offered gets our own message."""
    return RadioField(
        label, choices=_choices(choices), default=default, validators=[OneOf(named, message)], validate_choice=False
    )


class TellForm(ReportForm):
    """One concern, as told. The check page carries the same fields hidden, with the receipt's digits and the stamp."""

    danger = _offered(
        _("Is anyone in danger now?"),
        rules.DANGER,
        _("Choose yes or no, or leave the question about danger out"),
        wording.DANGER,
    )
    text = WholeText(
        _("What happened, or what worries you?"),
        filters=[_tidied],
        validators=[Words(ASK_FOR_TEXT, "cause", "help")],
    )
    kind = _offered(
        _("What kind of thing is it? (optional)"),
        rules.KINDS,
        _("Choose one of the kinds, or none"),
        wording.KINDS,
    )
    factors = SelectMultipleField(
        _("What made it more likely? (optional)"), choices=_choices(wording.FACTORS), validate_choice=False
    )
    cause = WholeText(_("More about what made it likely (optional)"), filters=[_tidied])
    help = WholeText(_("What would help? (optional)"), filters=[_tidied])
    area = SelectField(_("Where is it? (optional)"), choices={}, filters=[_tidied], validate_choice=False)
    worry = _offered(
        _("How worried are you? (optional)"),
        rules.WORRIES,
        _("Choose one of the answers on how worried you are"),
        wording.WORRIES,
    )
    consent = _offered(
        _("What may we do with it?"),
        rules.CONSENTS,
        _("Choose what we may do with your concern"),
        {value: said.name for value, said in wording.CONSENTS.items()},
        rules.USUAL_CONSENT,
    )
    why = _offered(
        _("Why do you not give your name? (optional)"),
        rules.WHYS,
        _("Choose one of the reasons, or none"),
        wording.WHYS,
    )
    exclude = RadioField(_("Should one of the readers not see this?"), default="", validate_choice=False)
    wish = _offered(
        _("Do you want a reader to be able to reach you?"),
        rules.WISHES,
        _("Choose whether you want to be reached"),
        wording.WISHES,
    )
    how = WholeText(_("How can they reach you, and when?"), filters=[_tidied])
    code = StringField(_("Your staff code"), filters=[_tidied])
    stamp = HiddenField(filters=[_tidied])
    receipt = HiddenField(filters=[_tidied])

    def __init__(
        self,
        places: dict[str, list[SelectChoice]] | None,
        readers: dict[str, str] | None,
        questions: Questions | None = None,
        standing: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`places`, and `readers` by id, are None where they could not be read: then those answers are kept unchecked.

        `questions` are those that the organisation asks; `standing` says what the code of a merged area counts as.
        """
        super().__init__(**kwargs)
        self.questions = questions or Questions()
        #: fields of questions that are asked no more, in which something was said
        self.not_kept = [name for name in self.questions.fields_left_out if self._said(name)]
        for name in self.questions.fields_left_out:
            self[name].data = [] if name == "factors" else ""  # whatever came under its name
        self._ask_in_own_words(str(get_locale() or "en"))
        # the page was open while the area became a part of another one
        self.area.data = (standing or {}).get(self.area.data or "", self.area.data)
        self.known = places is not None and readers is not None
        self.area.choices = {"": [SelectChoice("", _("Prefer not to say"))], **(places or {})}
        self.readers = readers or {}
        everybody = [SelectChoice("", _("All of them may read it"))]
        self.exclude.choices = everybody + [SelectChoice(own, name) for own, name in self.readers.items()]
        if self.factors.data:
            self.factors.data = [one for one in dict.fromkeys(self.factors.data) if one in rules.FACTORS]

    def _said(self, name: str) -> bool:
        found = self[name].data
        return rules.says_something(found) if isinstance(found, str) else bool(found)

    def _ask_in_own_words(self, language: str) -> None:
        for name in ("text", "cause", "help"):
            said = self.questions.prompt(name, language)
            if said:
                self[name].label.text = said if name == "text" else _("%(question)s (optional)", question=said)

    def validate_exclude(self, field: Field) -> None:
        """Refuse somebody who is no reader (any more): her name would be sealed, and nobody be kept out."""
        if field.data and self.known and field.data not in self.readers:
            raise ValidationError(_("Choose one of the readers, or “All of them may read it”"))

    def validate_how(self, field: Field) -> None:
        """Somebody who wants to be reached says how; what stands there without the wish is not thrown away."""
        if self.wish.data and not rules.says_something(field.data):
            raise ValidationError(_("Write how a reader can reach you, or choose “No”"))
        if field.data and not self.wish.data:
            raise ValidationError(_("Say that a reader may reach you, or take out how"))
        over = rules.contact_too_long(field.data)
        if over:
            raise ValidationError(
                ngettext(
                    "Take out %(num)s character of how you can be reached; nothing is lost.",
                    "Take out %(num)s characters of how you can be reached; nothing is lost.",
                    over,
                )
            )

    def validate_area(self, _field: Field) -> None:
        """Refuse an area that is not there (any more)."""
        if not self.area_stands:
            raise ValidationError(_("Choose a place from the list, or “Prefer not to say”"))

    @property
    def area_stands(self) -> bool:
        """Whether the area is one that is offered, or none; where the list could not be read, nobody can tell."""
        return not self.area.data or not self.known or self.area.data in self.area_names

    @property
    def area_names(self) -> dict[str, str]:
        """What each offered area is called on the check page."""
        return {choice.value: str(choice.label) for group in self.area.choices.values() for choice in group}


class ReturnForm(ReportForm):
    """The words of a receipt, as typed."""

    receipt = StringField(
        _("Your nine words, or the 28 digits"), filters=[_tidied], validators=[DataRequired(ASK_FOR_WORDS)]
    )


class ThreadForm(ReportForm):
    """Something that a reporter does on her own page: the receipt comes along hidden."""

    receipt = HiddenField(filters=[_tidied])
    #: makes a double tap store it once
    item = HiddenField(filters=[_tidied])
    #: several of these forms stand on one page
    mark = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in self:
            field.id = field.label.field_id = self.mark + field.id


class DetailForm(ThreadForm):
    """Something to add to a concern, or an answer to a question."""

    text = WholeText(_("What do you want to add?"), filters=[_tidied], validators=[Words(ASK_FOR_DETAIL)])


class DetrimentForm(ThreadForm):
    """Somebody is treated badly because she spoke up."""

    mark = "detriment-"

    text = WholeText(
        _("What is happening?"), filters=[_tidied], validators=[Words(_("Write what is happening to you"))]
    )
    agree = _offered(
        _("May the readers tell others, so that it stops?"),
        rules.YES_NO,
        _("Choose yes or no"),
        wording.YES_NO,
        "no",
    )


class ClosingForm(ThreadForm):
    """Two questions at the end."""

    mark = "closing-"

    feedback = _offered(
        _("Did we tell you what came of it?"),
        rules.YES_NO,
        _("Choose yes or no"),
        wording.YES_NO,
    )
    again = _offered(
        _("Would you speak up again?"),
        rules.AGAIN,
        _("Choose one of the answers"),
        wording.AGAIN,
    )
    text = WholeText(
        _("Anything else? (optional)"), filters=[_tidied], validators=[Words(_("Answer one of the questions"))]
    )

    @property
    def ticked(self) -> bool:
        return bool(self.feedback.data or self.again.data)
