"""The triage form: one sitting with one flag. Nothing is ticked for the guardian."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wtforms import Field, HiddenField, SelectField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from concerns.areas.rules import NOT_SAID, AreaFacts, standing
from concerns.pages.forms import DeskForm, OnceForm
from concerns.pages.languages import ENGLISH
from concerns.people.fields import choices
from concerns.sealing.envelope import Kind
from concerns.sealing.saying import listed, pair_said, said
from concerns.sealing.text import tidy
from concerns.themes.rules import OTHER, ThemeFacts
from concerns.triage.acting.gate import gate_open
from concerns.triage.bundles import Work
from concerns.triage.case.letters import Writer, added, blank_in
from concerns.triage.reading import Flag
from concerns.triage.rules import (
    CONSEQUENCES,
    HARMS,
    LIKELIHOODS,
    PSYCHOLOGICAL_HARMS,
    REASON_LIMIT,
    bytes_over,
    steps_from,
)

#: statuses that somebody acts on what was told
ACTED = frozenset({"referred", "being addressed"})
NOT_ASKED = "Before this status, ask whether acting would show who spoke: the first of the further steps. Save with another one now"
#: a place that the organisation does not name
ELSEWHERE = "Somewhere else"


def _tidied(value: str | None) -> str:
    return tidy(value or "")


def _offered(form: "TriageForm", field: Field) -> None:
    chosen = field.data if isinstance(field.data, list) else [field.data]
    if not set(chosen) <= form.values_of(field):
        raise ValidationError(f"{field.label.text}: choose from the list")


def _fits(_form: DeskForm, field: Field) -> None:
    over = bytes_over(field.data)
    if over:
        raise ValidationError(f"The {field.short_name} is {over:,} characters too long: nothing is lost, shorten it")


class TriageForm(OnceForm):
    """What a guardian decides and writes. `item` makes a double tap store it once; `seen` is what its page showed."""

    seen = HiddenField()
    primary = SelectField("Main theme", validate_choice=False, validators=[_offered])
    themes = SelectMultipleField("Other themes", validate_choice=False, validators=[_offered])
    area = SelectField("Where it is", validate_choice=False, validators=[_offered])
    harm = SelectField("Physical harm", validate_choice=False, validators=[_offered])
    psychological = SelectField("Psychological harm", validate_choice=False, validators=[_offered])
    consequence = SelectField("Consequence", validate_choice=False, validators=[_offered])
    likelihood = SelectField("Likelihood", validate_choice=False, validators=[_offered])
    status = SelectField("Status", validate_choice=False)
    reason = TextAreaField("Reason", filters=[_tidied])
    where = SelectField("Signposted to", validate_choice=False, validators=[_offered])
    letter = SelectField("Begin the reply with", validate_choice=False, validators=[_offered])
    language = SelectField("Language of the letter", validate_choice=False, validators=[_offered])
    reply = TextAreaField("Reply to the reporter", filters=[_tidied], validators=[_fits])
    note = TextAreaField("Note for guardians", filters=[_tidied], validators=[_fits])

    def __init__(
        self,
        flag: Flag,
        themes: Sequence[ThemeFacts],
        areas: Sequence[AreaFacts],
        writer: Writer,
        *,
        linked: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data={**_prefilled(flag, standing(areas)), "language": writer.code}, **kwargs)
        self.sorted_in, self.counts_as = _area_said(flag), standing(areas)
        self.now, self.may_act = flag.step, gate_open(flag)
        self.steps = {step.code: step for step in steps_from(flag.step, linked=linked)}
        self.writer = writer
        self.language.choices = choices({writer.code: writer.language.name, ENGLISH.code: ENGLISH.name})
        listed = {theme.code: theme.name for theme in themes}
        chosen = _chosen_before(flag)
        # a theme that left the set stays on the flags that had it
        gone = {code: f"{code} (no longer in use)" for code in chosen if code not in listed and code != OTHER}
        self.primary.choices = choices({"": "Not sorted yet", **listed, OTHER: "None of these fits", **gone})
        self.themes.choices = choices({**listed, **gone})
        self.area.choices = {"": [SelectChoice(NOT_SAID, "Not said, or not known")], **by_division(areas)}
        self.harm.choices = choices({"": "Not known yet", **HARMS})
        self.psychological.choices = choices({"": "Not known yet", **PSYCHOLOGICAL_HARMS})
        self.consequence.choices = choices({"": "Not scored", **_numbered(CONSEQUENCES)})
        self.likelihood.choices = choices({"": "Not scored", **_numbered(LIKELIHOODS)})
        self.status.choices = choices({code: step.name for code, step in self.steps.items()})
        places = {name: name for name in writer.places}
        self.where.choices = choices(
            {"": "Nowhere", **places, ELSEWHERE: f"{ELSEWHERE}: the reply says where", **_kept(self.where, places)}
        )
        self.letter.choices = _letters(writer)

    def values_of(self, field: Field) -> set[str]:
        """Every value that a field offers."""
        groups = field.choices.values() if isinstance(field.choices, dict) else [field.choices]
        return {choice.value for group in groups for choice in group}

    def validate_status(self, field: Field) -> None:
        if field.data not in self.steps:
            raise ValidationError("Choose the status again: somebody changed it while you were reading")
        if field.data in ACTED and field.data != self.now.code and not self.may_act:
            raise ValidationError(NOT_ASKED)

    def validate_likelihood(self, field: Field) -> None:
        if bool(field.data) != bool(self.consequence.data):
            raise ValidationError("Choose both a consequence and a likelihood, or neither")

    def validate_reason(self, field: Field) -> None:
        step = self.steps.get(self.status.data)
        if step is not None and step.needs_reason and not field.data:
            raise ValidationError(_reason_wanted(step.status))
        over = len(field.data) - REASON_LIMIT
        if over > 0:
            raise ValidationError(f"The reason is {over:,} characters too long: nothing is lost, shorten it")

    def validate_where(self, field: Field) -> None:
        if self.status.data == "signposted" and not field.data:
            raise ValidationError("Choose where the reporter is signposted to")

    def validate_reply(self, field: Field) -> None:
        blank = blank_in(field.data, self.writer.blanks)
        if blank:
            raise ValidationError(f"Write something in place of “{blank}” in the reply, or take it out")
        # a reporter who is sent elsewhere without a word would not learn where
        sent_on = self.status.data == "signposted" and self.now.status != "signposted"
        if sent_on and not field.data:
            raise ValidationError("Tell the reporter where to turn: choose a letter, or write a reply")

    def fill(self) -> None:
        """Put the chosen letter into the reply, and what goes with it where she chose nothing herself."""
        writer = self.writer.in_english if self.language.data == ENGLISH.code else self.writer
        letter = replace(writer, reason=self.reason.data or "").letters.get(self.letter.data)
        if letter is None:
            self.letter.errors = ["Choose a letter first"]
            return
        self.reply.data = added(self.reply.data or "", letter.text)
        if letter.step and letter.step.code in self.steps and self.status.data == self.now.code:
            self.status.data = letter.step.code
        self.where.data = letter.where or self.where.data

    @property
    def work(self) -> Work:
        """The valid form as what it decides."""
        scored = bool(self.consequence.data)
        return Work(
            step=self.steps[self.status.data],
            primary=self.primary.data or None,
            themes=tuple(code for code in self.themes.data if code != self.primary.data),
            area=self._area,
            harm=self.harm.data or None,
            psychological=self.psychological.data or None,
            score=(int(self.consequence.data), int(self.likelihood.data)) if scored else None,
            reason=self.reason.data,
            where=self.where.data if self.status.data == "signposted" else "",
            reply=self.reply.data,
            note=self.note.data,
        )

    @property
    def _area(self) -> str | None:
        """The chosen area; where that is what the flag's own one became a part of, still its own one.

        In a year whose table was fixed before, it counts where it was told.
        """
        if self.area.data == NOT_SAID:
            return None
        return self.sorted_in if self.counts_as.get(self.sorted_in) == self.area.data else str(self.area.data)


class CollectForm(DeskForm):
    """The button of rehearsals."""


def _area_said(flag: Flag) -> str:
    """The area that a flag was sorted in, else the one that it was told in."""
    return said(flag.record.payload, "area") if flag.record else flag.told("area")


def _prefilled(flag: Flag, areas: Mapping[str, str]) -> dict[str, Any]:
    told = {"area": flag.told("area"), "harm": flag.told("harm")}
    record: Mapping[str, Any] = flag.record.payload if flag.record else told
    score = pair_said(record, "score", max(CONSEQUENCES)) or ("", "")
    return {
        "primary": said(record, "primary"),
        "themes": listed(record, "themes"),
        "area": areas.get(_area_said(flag), NOT_SAID),
        "harm": said(record, "harm"),
        "psychological": said(record, "psychological"),
        "consequence": str(score[0]),
        "likelihood": str(score[1]),
        "status": flag.step.code,
        "reason": flag.record.reason if flag.record and flag.step.needs_reason else "",
        "where": said(record, "where"),
        "letter": "" if any(one.kind is Kind.REPLY for one in flag.messages) else "thanks",
    }


def _reason_wanted(status: str) -> str:
    if status == "signposted":
        return "Give the reason: the reporter reads why somebody else can help better"
    return "Give the reason: the reporter reads what was done, or why nothing was done"


def _letters(writer: Writer) -> dict[str, list[SelectChoice]]:
    """What a reply may begin with, in groups."""
    groups = {"On the way": writer.on_the_way, "Signpost to": writer.elsewhere, "At the end": writer.at_the_end}
    named = {name: choices({code: one.name for code, one in letters.items()}) for name, letters in groups.items()}
    return {"": [SelectChoice("", "Nothing")], **{name: found for name, found in named.items() if found}}


def _kept(field: Field, places: Mapping[str, str]) -> dict[str, str]:
    """A place that left the organisation's list stays on the flags that were sent there."""
    kept = field.object_data or ""
    return {} if kept in {"", ELSEWHERE, *places} else {kept: kept}


def _chosen_before(flag: Flag) -> list[str]:
    record: Mapping[str, Any] = flag.record.payload if flag.record else {}
    return [code for code in (said(record, "primary"), *listed(record, "themes")) if code]


def _numbered(named: Mapping[int, str]) -> dict[str, str]:
    return {str(number): f"{number}: {name}" for number, name in named.items()}


def by_division(areas: Sequence[AreaFacts]) -> dict[str, list[SelectChoice]]:
    """The areas under their divisions, as a list offers them."""
    found: dict[str, list[SelectChoice]] = {}
    for area in areas:
        found.setdefault(area.division, []).append(SelectChoice(area.code, area.name))
    return found
