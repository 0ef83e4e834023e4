"""One flag in words: what its page shows beside the form."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from concerns.areas.rules import AreaFacts
from concerns.charter.manifest import Manifest
from concerns.sealing.chain import Standing
from concerns.sealing.envelope import Kind
from concerns.sealing.saying import listed, pair_said, said
from concerns.themes.engine import Suggestion, cold_engine
from concerns.themes.rules import ThemeFacts
from concerns.triage import wording
from concerns.triage.reading import Entry, Flag
from concerns.triage.rules import CONSENTS, CONSEQUENCES, HARMS, WORRIES, Due, band, due, score_of


@dataclass(frozen=True)
class Said:
    """One message or note of the thread."""

    kind: str
    by: str
    reporter: bool
    when: str
    text: str
    #: what was ticked with it, in words
    answers: tuple[str, ...]
    #: why this may not be what it says it is; empty where all is proven
    doubt: str


@dataclass(frozen=True)
class Sorted:
    """One triage record of the history."""

    by: str
    when: str
    status: str
    theme: str
    score: str
    harm: str
    reason: str
    doubt: str


@dataclass(frozen=True)
class Suggested:
    """A theme that a flag's words point to."""

    theme: str
    fits: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Screen:
    """Everything a flag's page shows, in words."""

    flag: Flag
    areas: Sequence[AreaFacts]
    themes: Sequence[ThemeFacts]
    clocks: Mapping[str, int]
    today: dt.date
    manifest: Manifest
    #: the ids of the photos' envelopes, in hex
    photos: Sequence[str] = ()

    @property
    def text(self) -> str:
        return self.flag.told("text")

    @property
    def suggested(self) -> list[Suggested]:
        """Up to three themes, best first; the guardian decides."""
        found = suggestions(self.flag, self.themes)
        return [Suggested(one.theme.name, wording.STRENGTHS[one.strength], one.because) for one in found]

    @property
    def factors(self) -> list[str]:
        """What the reporter ticked as having made it more likely."""
        ticked = listed(self.flag.thread.flag, "factors")
        return [name for code, name in wording.FACTORS.items() if code in ticked]

    @property
    def area(self) -> str:
        """The area with its head-count, as everybody may know it."""
        found = next((area for area in self.areas if area.code == self.flag.told("area")), None)
        return f"{found.name}, {found.division} ({found.staff} staff)" if found else "Not said"

    @property
    def worry(self) -> str:
        return WORRIES.get(self.flag.told("worry"), "Not said")

    @property
    def consent(self) -> str:
        return CONSENTS.get(self.flag.told("consent"), "Not said: use it without details")

    @property
    def danger(self) -> bool:
        return self.flag.told("danger") == "yes"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the reporter chose, and how it came; a question that was left out stands only where that says something."""
        told = self.flag.told
        found = [
            ("Where", self.area),
            ("What it is", wording.KINDS.get(told("kind"), "")),
            ("Anyone in danger now?", wording.DANGERS.get(told("danger"), "Not answered")),
            ("Worry", self.worry),
            ("May we use it?", self.consent),
            ("Why anonymous", wording.WHYS.get(told("why"), "")),
            ("Name", wording.mode(told("mode"), told("channel"))),
            ("Told in", wording.language(told("language"))),
            ("Must not read it", ", ".join(self.excluded)),
            ("Status", self.flag.step.name),
            *([(f"{self.due.what} by", f"{self.due.day.day} {self.due.day:%B %Y}")] if self.due else []),
            ("How it came", wording.came(self.flag.facts.tier, told("channel"))),
        ]
        return [(name, value) for name, value in found if value]

    @property
    def excluded(self) -> list[str]:
        """The names of those who must not read this thread."""
        found = [self.manifest.by_person(person_id) for person_id in sorted(self.flag.thread.exclusions)]
        return [guardian.name if guardian else "Somebody who is no guardian now" for guardian in found]

    @property
    def due(self) -> Due | None:
        record = self.flag.record
        return due(self.flag.step, self.flag.facts.week, record.day if record else None, self.clocks)

    @property
    def said(self) -> list[Said]:
        """Details, replies and notes, in the order in which they were written; empty ones are left out."""
        kinds = {Kind.DETAIL: "Added by the reporter", Kind.REPLY: "Reply", Kind.NOTE: "Note for guardians"}
        return [
            Said(
                wording.ADDITIONS.get(entry.about, kinds[entry.kind]),
                _by(entry),
                entry.kind is Kind.DETAIL,
                _when(entry),
                entry.text,
                answers,
                _doubt(entry),
            )
            for entry in self.flag.entries
            if entry.kind in kinds and ((answers := _answers(entry)) or entry.text)
        ]

    @property
    def history(self) -> list[Sorted]:
        """Every triage record, oldest first: sorting anew never overwrites."""
        return [self._sorted(entry) for entry in self.flag.entries if entry.kind is Kind.TRIAGE and not entry.looked]

    @property
    def replied(self) -> bool:
        return any(entry.kind is Kind.REPLY for entry in self.flag.messages)

    def _sorted(self, entry: Entry) -> Sorted:
        names = {theme.code: theme.name for theme in self.themes}
        codes = [said(entry.payload, "primary"), *listed(entry.payload, "themes")]
        return Sorted(
            by=_by(entry),
            when=_when(entry),
            status=entry.step.name,
            theme=", ".join(names.get(code, "None of these fits") for code in codes if code),
            score=_score(entry),
            harm=HARMS.get(said(entry.payload, "harm"), ""),
            reason=entry.reason,
            doubt=_doubt(entry),
        )


def suggestions(flag: Flag, themes: Sequence[ThemeFacts]) -> list[Suggestion]:
    """The first three themes for what was told, as far as a word speaks for them. Nothing of the flag is kept."""
    told = "\n".join(flag.told(name) for name in ("text", "cause", "help"))
    return [one for one in cold_engine(tuple(themes)).suggest(told) if one.because]


def among(flag: Flag, themes: Sequence[ThemeFacts], chosen: Collection[str]) -> bool | None:
    """Whether all chosen themes were among the suggested ones; None where nothing was chosen or suggested."""
    offered = {one.theme.code for one in suggestions(flag, themes)}
    return set(chosen) <= offered if chosen and offered else None


def _score(entry: Entry) -> str:
    pair = pair_said(entry.payload, "score", max(CONSEQUENCES))
    if pair is None:
        return ""
    score = score_of(*pair)
    return f"{score}, {band(score)}"


def _answers(entry: Entry) -> tuple[str, ...]:
    """What was ticked beside an addition."""
    if entry.about == "detriment":
        return (wording.AGREES.get(said(entry.payload, "agree"), wording.NOT_AGREED),)
    if entry.about == "closing":
        feedback = wording.FEEDBACKS.get(said(entry.payload, "feedback"), "")
        again = wording.AGAINS.get(said(entry.payload, "again"), "")
        return tuple(answer for answer in (feedback, again) if answer)
    return ()


def _by(entry: Entry) -> str:
    if entry.kind is Kind.DETAIL:
        return "The reporter"
    return entry.guardian or "Somebody"


def _when(entry: Entry) -> str:
    if entry.day is not None:
        return f"{entry.day.day} {entry.day:%B %Y}"
    return f"Week of {entry.week.day} {entry.week:%B %Y}"


def _doubt(entry: Entry) -> str:
    if entry.standing is Standing.PROVEN:
        return ""
    if entry.standing is Standing.BROKEN:
        return "Something before this is missing, was changed or was moved"
    return "Not proven to be the same person" if entry.kind is Kind.DETAIL else "Not signed by a guardian"
