"""Puts the thirteen parts of a board paper in their order, and writes them as the bytes that are frozen."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from concerns.disclosure.display import REMEMBERED
from concerns.disclosure.periods import Period
from concerns.learning.promises.queries import Promises
from concerns.reports import flag_parts, handling_parts, promise_parts
from concerns.reports.gathering import Material
from concerns.reports.parts import ABOUT_HIDDEN, Part, Quoted, in_words
from concerns.reports.word_parts import learnt_part, view_part
from concerns.sealing.text import canonical

#: of the layout of the bytes, as `docs/board.schema.json` describes it; the first form had no `owes`, and always a release
FORM = 2
_OF_A_VERSION = frozenset({"form", "version", "frozen_on", "frozen_by", "frozen_in_words"})


@dataclass(frozen=True)
class Typed:
    """What leaders write themselves."""

    message: str = ""
    decision: str = ""
    changed: str = ""
    learning: str = ""

    @property
    def whole(self) -> bool:
        """Whether a paper can be made of it."""
        return bool(self.message and self.decision)


def compose(material: Material, typed: Typed) -> tuple[Part, ...]:
    """The thirteen parts, in the order that boards are used to."""
    severity, detriment, timeliness = handling_parts.handled_parts(
        material.handled, declared=material.handling_declared
    )
    themes = flag_parts.themes_part(material.report, material.promises)
    return (
        message_part(typed),
        changed_part(material.promises, material.period, typed),
        flag_parts.volume_part(material.guide),
        replace(themes, quoted=material.narratives),
        flag_parts.heard_part(material.report),
        severity,
        detriment,
        timeliness,
        promise_parts.actions_part(material.promises, material.period),
        flag_parts.reading_part(material.guide),
        view_part(material.view),
        learning_part(material.learnt, typed.learning),
        _limits(material),
    )


def message_part(typed: Typed) -> Part:
    return Part("Message", typed.message, typed=(("What the board is asked to decide", typed.decision),))


def changed_part(promises: Promises, period: Period, typed: Typed) -> Part:
    """What became of promises, and what leaders say that changed."""
    found = promise_parts.promises_part(promises, period)
    return replace(found, typed=(("What changed", typed.changed),) if typed.changed else ())


def content(material: Material, typed: Typed) -> dict[str, Any]:
    """A paper without its version: what makes one differ from the one before."""
    frozen = material.frozen
    return {
        "organisation": frozen.stored.terms.organisation,
        "period": str(frozen.period),
        "in_words": frozen.period.in_words,
        "release": {"line": frozen.line, "head": frozen.head},
        "parts": [asdict(part) for part in compose(material, typed)],
    }


def body(found: Mapping[str, Any], version: int, day: dt.date, frozen_by: str) -> bytes:
    """The bytes of one version."""
    frozen = {"frozen_on": day.isoformat(), "frozen_by": frozen_by, "frozen_in_words": in_words(day)}
    return canonical({**found, **frozen, "form": FORM, "version": version})


def without_version(document: Mapping[str, Any]) -> dict[str, Any]:
    """A frozen paper without what tells its version from others."""
    return {name: value for name, value in document.items() if name not in _OF_A_VERSION}


def checksum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def learning_part(points: Sequence[Quoted], typed: str) -> Part:
    """What staff let others learn, and what leaders learnt elsewhere."""
    found = learnt_part(points, "Learning in and out")
    return replace(found, typed=(("Learnt from elsewhere, and passed on", typed),) if typed else ())


def _limits(material: Material) -> Part:
    terms, frozen = material.frozen.stored.terms, material.frozen
    return Part(
        "What this cannot tell you",
        "Flags are what people chose to tell; they are not harm",
        (
            "Noise was added once to every number before it was stored, so that nobody can work out who told us.",
            "The range after a number holds the true one nine times in ten.",
            "Numbers are not forced to add up. A total is the plain sum of what is stored.",
            ABOUT_HIDDEN,
            f"That a number which was shown in {REMEMBERED} reports before is now hidden is said: silence is a finding.",
            "No ward, team, week or person can be told, by anybody, however often it is asked.",
            f"The numbers were frozen on {in_words(terms.frozen_on)} (ε = {terms.epsilon}, line {frozen.line} of the ledger, {frozen.head}).",
        ),
    )
