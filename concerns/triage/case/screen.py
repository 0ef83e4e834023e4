"""One flag in words: what its page shows beside the form."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from concerns.areas.rules import AreaFacts
from concerns.charter.manifest import Manifest
from concerns.sealing.envelope import Kind
from concerns.sealing.saying import listed, said
from concerns.themes.engine import Engine, Suggestion
from concerns.themes.rules import ThemeFacts
from concerns.triage import wording
from concerns.triage.case.marked import Piece, details, marked
from concerns.triage.case.thread import Said, Sorted, said_in, score_in, sorted_in
from concerns.triage.index.standing import readers_of
from concerns.triage.owed import decides, owed, sortings
from concerns.triage.reading import Entry, Flag
from concerns.triage.rules import CONSENTS, HARMS, PSYCHOLOGICAL_HARMS, WORRIES, Due

#: how much of what a reporter added is searched for details, in characters: a tenth of a second, whoever wrote how much
SEARCHED = 12_000


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
    #: suggests themes
    engine: Engine
    #: words of serious harm in what no record answers yet
    serious: Sequence[str] = ()

    @cached_property
    def told(self) -> dict[str, list[Piece]]:
        """What the reporter wrote under each question, with its details marked."""
        return {name: marked(text) for name in ("text", "cause", "help") if (text := self.flag.told(name))}

    @property
    def photos(self) -> list[str]:
        """The ids of the photos' envelopes, in hex; none of them is opened."""
        return [one.hex() for one in self.flag.files]

    @property
    def identifying(self) -> str:
        """What could identify somebody in all that the reporter wrote, counted."""
        added = [piece for one in self.said if one.reporter for piece in one.pieces]
        return details([piece for pieces in self.told.values() for piece in pieces] + added)

    @property
    def odd(self) -> bool:
        """Whether a sign that cannot be seen stands in what the reporter wrote."""
        added = [one.pieces for one in self.said if one.reporter]
        return any(piece.odd for pieces in [*self.told.values(), *added] for piece in pieces)

    @property
    def suggested(self) -> list[Suggested]:
        """Up to three themes, best first; the guardian decides."""
        found = suggestions(self.flag, self.engine)
        return [Suggested(one.theme.name, wording.STRENGTHS[one.strength], one.because) for one in found]

    @property
    def read_first(self) -> Sequence[str]:
        """The words that ask for it to be read before others: in what no record of a guardian answers yet."""
        return self.serious

    @property
    def factors(self) -> list[str]:
        """What the reporter ticked as having made it more likely."""
        ticked = listed(self.flag.thread.flag, "factors")
        return [name for code, name in wording.FACTORS.items() if code in ticked]

    @property
    def area(self) -> str:
        """The area with its head-count, as everybody may know it."""
        found = next((area for area in self.areas if self.flag.told("area") in area.codes), None)
        return f"{found.name}, {found.division} ({found.staff} staff)" if found else "Not said"

    @property
    def consent(self) -> str:
        return CONSENTS.get(self.flag.told("consent"), "Not said: use it without details")

    @property
    def danger(self) -> bool:
        return self.flag.told("danger") == "yes"

    @property
    def scales(self) -> list[tuple[str, str, str]]:
        """Three scales, never mixed: a name, whose view it is, and what it says now."""
        record = self.flag.record
        payload: Mapping[str, object] = record.payload if record else {"harm": self.flag.told("harm")}
        mind = PSYCHOLOGICAL_HARMS.get(said(payload, "psychological"), "")
        body = HARMS.get(said(payload, "harm"), "")
        known = "; ".join(
            part for part in (body and f"Physical: {body.lower()}", mind and f"psychological: {mind.lower()}") if part
        )
        return [
            ("Worry", "the reporter’s", WORRIES.get(self.flag.told("worry"), "Not said")),
            ("Score", "a guardian’s", (score_in(record) if record else "") or "Not scored"),
            ("Harm", "as far as it is known", known[:1].upper() + known[1:] or "Not known yet"),
        ]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the reporter chose, and how it came; a question that was left out stands only where that says something."""
        told = self.flag.told
        found = [
            ("Where", self.area),
            ("What it is", wording.KINDS.get(told("kind"), "")),
            ("Anyone in danger now?", wording.DANGERS.get(told("danger"), "Not answered")),
            ("May we use it?", self.consent),
            ("Why anonymous", wording.WHYS.get(told("why"), "")),
            ("Name", wording.mode(told("mode"), told("channel"))),
            ("Told in", wording.language(told("language"))),
            ("Must not read it", ", ".join(self.excluded)),
            ("How it came", wording.came(self.flag.facts.tier, told("channel"))),
            ("Status", self.flag.step.name),
            ("Sorted by", self.sorters),
            ("Also read by", self.readers),
        ]
        return [(name, value) for name, value in found if value]

    @property
    def sorters(self) -> str:
        """The guardians who sorted it, the first one first."""
        deciding = filter(decides, sortings(self.flag))
        return ", ".join(dict.fromkeys(one.guardian or "" for one in deciding)) or "Nobody yet"

    @property
    def readers(self) -> str:
        """The other guardians who did something here; who only reads leaves no trace for others."""
        did = dict.fromkeys(one.guardian for one in self.flag.entries if one.proven and one.guardian)
        return ", ".join(name for name in did if name and name not in self.sorters.split(", "))

    @property
    def excluded(self) -> list[str]:
        """The names of those who must not read this thread."""
        found = [self.manifest.by_person(person_id) for person_id in sorted(self.flag.thread.exclusions)]
        return [guardian.name if guardian else "Somebody who is no guardian now" for guardian in found]

    @cached_property
    def owed(self) -> list[Due]:
        """What is owed, the earliest first."""
        return owed(self.flag, readers_of(self.flag, self.manifest), self.clocks)

    @cached_property
    def said(self) -> list[Said]:
        """Details, replies and notes, in the order in which they were written; empty ones are left out."""
        left, found = SEARCHED, []
        for entry in reversed(self.flag.entries):
            if entry.kind is Kind.DETAIL:
                left -= len(entry.text)
            found.append(said_in(entry, mark=left >= 0))
        return [one for one in reversed(found) if one is not None]

    @property
    def history(self) -> list[Sorted]:
        """Every triage record, oldest first: sorting anew never overwrites."""
        return self.sorted_in(self.flag.entries)

    def said_in(self, entries: Sequence[Entry]) -> list[Said]:
        """The messages and notes among these."""
        return [one for one in map(said_in, entries) if one is not None]

    def sorted_in(self, entries: Sequence[Entry]) -> list[Sorted]:
        """The records among these."""
        names = {theme.code: theme.name for theme in self.themes}
        return [sorted_in(entry, names) for entry in entries if entry.kind is Kind.TRIAGE and not entry.looked]

    @property
    def replied(self) -> bool:
        return any(entry.kind is Kind.REPLY for entry in self.flag.messages)


def suggestions(flag: Flag, engine: Engine) -> list[Suggestion]:
    """The first three themes for what was told, as far as a word speaks for them. Nothing of the flag is kept."""
    told = "\n".join(flag.told(name) for name in ("text", "cause", "help"))
    return [one for one in engine.suggest(told) if one.because]


def among(flag: Flag, engine: Engine, chosen: Collection[str]) -> bool | None:
    """Whether all chosen themes were among the suggested ones; None where nothing was chosen or suggested."""
    offered = {one.theme.code for one in suggestions(flag, engine)}
    return set(chosen) <= offered if chosen and offered else None
