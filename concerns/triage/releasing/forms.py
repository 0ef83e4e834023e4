"""The forms of texts that leave the desk. Nothing is filled in for the guardian but what she or another wrote before."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from concerns.learning.promises.rules import RETURNED, answer_trouble
from concerns.learning.rules import ANSWER, LEARNING, NARRATIVE, PART_LIMIT, VIEW, Words
from concerns.people.fields import StepForm, choices, one_of, optional_text, text
from concerns.triage.acting import rules as acting
from concerns.triage.releasing.rules import PART_NAMES, REASON_LIMIT, TEXT_LIMIT


def _picked(label: str, needed: str) -> SelectField:
    return SelectField(label, validators=[InputRequired(needed)])


class TextForm(StepForm):
    """What these forms share: what the text is about, and how it becomes words."""

    kind = ""
    target: Field

    def __init__(self, targets: Mapping[str, str], **data: Any) -> None:
        super().__init__(**data)
        self.target.choices = [SelectChoice("", "Choose one"), *choices(targets)]

    @property
    def words(self) -> Words:
        """As they are typed, valid or not."""
        period, about = self.place
        parts = {name: self[name].data or "" for name in PART_NAMES if name in self}
        return Words(self.kind, period, about, parts)

    @property
    def place(self) -> tuple[str, str]:
        """The period, and the theme or group."""
        return "", self.target.data or ""

    @property
    def named(self) -> list[str]:
        """The flags that it rests on."""
        return []


class NarrativeForm(TextForm):
    """On a theme whose number is shown in a release."""

    kind = NARRATIVE
    target = _picked("Which number it goes with", "Choose the number that it goes with")
    text = text("Text", "Write the text", TEXT_LIMIT)

    @property
    def place(self) -> tuple[str, str]:
        period, _bar, about = (self.target.data or "").partition("|")
        return period, about


class ViewForm(TextForm):
    """The guardians' own view of a release."""

    kind = VIEW
    target = _picked("Which report it goes with", "Choose the report that it goes with")
    text = text("Text", "Write the text", TEXT_LIMIT)

    @property
    def place(self) -> tuple[str, str]:
        return self.target.data or "", ""


class AnswerForm(TextForm):
    """The organisation's answer to a theme."""

    kind = ANSWER
    target = _picked("Theme", "Choose the theme")
    heard = optional_text(PART_NAMES["heard"], PART_LIMIT)
    known = optional_text(PART_NAMES["known"], PART_LIMIT)
    doing = optional_text(PART_NAMES["doing"], PART_LIMIT)
    declined = optional_text(PART_NAMES["declined"], PART_LIMIT)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Where nothing is done, why not must be said."""
        good = super().validate(*args, **kwargs)
        wrong = answer_trouble(self.words.parts)
        if wrong and not self[wrong[0]].errors:
            self[wrong[0]].errors = [wrong[1]]
        return good and not wrong


class LearningForm(TextForm):
    """What may be learnt from flags whose reporters agreed. Its theme is chosen before, since it says which flags."""

    kind = LEARNING
    target = HiddenField()
    flags = SelectMultipleField(
        "Flags that it rests on",
        validate_choice=False,
        filters=[lambda value: value or []],
        validators=[InputRequired("Tick the flags that it rests on")],
    )
    text = text("Text", "Write the text", TEXT_LIMIT)
    know = one_of("How many people could know what this says?", acting.KNOWERS, "Choose how many people could know it")
    answer = one_of("Would this text show who spoke?", acting.ANSWERS, "Choose whether it would show who spoke")

    @property
    def named(self) -> list[str]:
        return list(dict.fromkeys(self.flags.data or []))


FORMS: Mapping[str, type[TextForm]] = {form.kind: form for form in (NarrativeForm, ViewForm, LearningForm, AnswerForm)}


class AnswerToDraft(StepForm):
    """What another guardian says to a text that waits."""

    reason = optional_text("Why you decline", REASON_LIMIT)


class SendBackForm(StepForm):
    """Why a leader's text goes back: one of a few sentences, so that none of them tells of a flag."""

    returned = RadioField(
        "What leaders read",
        choices=choices(RETURNED),
        validate_choice=False,
        filters=[lambda value: value if value in RETURNED else ""],
    )
