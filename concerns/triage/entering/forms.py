"""The form for what somebody told a guardian, or wrote on paper. Nothing is ticked for her."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from concerns.areas.rules import AreaFacts
from concerns.charter.manifest import GuardianKey
from concerns.pages.forms import DeskForm
from concerns.people.fields import choices
from concerns.sealing.receipt import BadReceipt, digits_of, new_entropy, read_receipt
from concerns.sealing.text import from_text, tidy, to_text
from concerns.triage.case.forms import by_division
from concerns.triage.entering.service import Told
from concerns.triage.rules import CONSENTS, WORRIES, bytes_over
from concerns.triage.wording import CHANNELS, DANGERS, FACTORS, KINDS

#: what a guardian hears when she asks; the ladder's own words are the reporter's
MODES_ASKED = {
    "anonymous": "Anonymous: I do not know who it is, or forget it",
    "confidential": "In confidence: I know the name and tell nobody",
    "open": "Openly: the name need not be kept back",
}
#: the texts of the form, which share one envelope
TEXTS = ("text", "cause", "help")


def _tidied(value: str | None) -> str:
    return tidy(value or "")


class Answered:
    """Refuses an answer that was not offered, and none at all where one is needed."""

    def __init__(self, when_missing: str = "") -> None:
        self.when_missing = when_missing

    def __call__(self, form: "EnterForm", field: Field) -> None:
        given = field.data if isinstance(field.data, list) else [field.data] if field.data else []
        if not given and self.when_missing:
            raise ValidationError(self.when_missing)
        if not set(given) <= form.values_of(field):
            raise ValidationError(f"{field.label.text}: choose from the list")


class EnterForm(DeskForm):
    """What was told. `receipt` is drawn with the page: a double tap stores one flag and shows the same words."""

    receipt = HiddenField()
    channel = RadioField(
        "How did it reach you?",
        choices=choices(CHANNELS),
        validators=[Answered("Choose how it reached you")],
        validate_choice=False,
    )
    mode = RadioField(
        "How do they want to be known?",
        choices=choices(MODES_ASKED),
        validators=[Answered("Choose how they want to be known")],
        validate_choice=False,
    )
    danger = RadioField(
        "Is anyone in danger now?", choices=choices(DANGERS), validators=[Answered()], validate_choice=False
    )
    text = TextAreaField("What happened, or what worries them?", filters=[_tidied])
    cause = TextAreaField("What made it more likely?", filters=[_tidied])
    factors = SelectMultipleField(
        "What played a part", choices=choices(FACTORS), validators=[Answered()], validate_choice=False
    )
    help = TextAreaField("What would help?", filters=[_tidied])
    kind = SelectField(
        "What it is",
        choices=choices({"": "Not clear", **KINDS}),
        validators=[Answered()],
        validate_choice=False,
        default="",
    )
    area = SelectField("Where it is", validators=[Answered()], validate_choice=False, default="")
    worry = SelectField(
        "How worried are they?",
        choices=choices({"": "Not said", **WORRIES}),
        validators=[Answered()],
        validate_choice=False,
        default="",
    )
    consent = RadioField(
        "What may we do with it?",
        choices=choices(CONSENTS),
        validators=[Answered("Ask what we may do with it, and choose what they said")],
        validate_choice=False,
    )
    exclude = SelectField(
        "Must another guardian not read it?", validators=[Answered()], validate_choice=False, default=""
    )

    def __init__(self, areas: Sequence[AreaFacts], others: Sequence[GuardianKey], **kwargs: Any) -> None:
        super().__init__(data={"receipt": digits_of(new_entropy())}, **kwargs)
        self.area.choices = {"": [SelectChoice("", "Not said")], **by_division(areas)}
        named = {to_text(one.person_id): f"{one.name} must not read it" for one in others}
        self.exclude.choices = choices({"": "No, all guardians may read it", **named})

    def values_of(self, field: Field) -> set[str]:
        """Every value that a field offers."""
        groups = field.choices.values() if isinstance(field.choices, dict) else [field.choices]
        return {getattr(choice, "value", choice) for group in groups for choice in group}

    def validate_text(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("Write what was told")
        over = bytes_over("".join(self[name].data for name in TEXTS))
        if over:
            raise ValidationError(f"The texts together are {over:,} characters too long: nothing is lost, shorten them")

    @property
    def entropy(self) -> bytes | None:
        """The receipt that came with the page; None where it was lost or changed."""
        try:
            return read_receipt(self.receipt.data or "")
        except BadReceipt:
            return None

    def renew(self) -> None:
        """Draw another receipt: this page's own belongs to something else, or was lost."""
        self.receipt.data = digits_of(new_entropy())

    @property
    def told(self) -> Told:
        """The valid form as what was told."""
        return Told(
            channel=self.channel.data,
            mode=self.mode.data,
            text=self.text.data,
            cause=self.cause.data,
            factors=tuple(code for code in FACTORS if code in self.factors.data),
            help=self.help.data,
            kind=self.kind.data,
            area=self.area.data,
            worry=self.worry.data,
            consent=self.consent.data,
            danger=self.danger.data or "",
            exclude=from_text(self.exclude.data) if self.exclude.data else None,
        )
