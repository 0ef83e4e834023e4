"""What followed in a thread, in words: messages, notes and each time it was sorted."""

from collections.abc import Mapping
from dataclasses import dataclass

from concerns.sealing.chain import Standing
from concerns.sealing.envelope import Kind
from concerns.sealing.saying import listed, pair_said, said
from concerns.triage import wording
from concerns.triage.case.marked import Piece, marked, plain
from concerns.triage.reading import Entry
from concerns.triage.rules import CONSEQUENCES, HARMS, PSYCHOLOGICAL_HARMS, band, score_of

KINDS = {Kind.DETAIL: "Added by the reporter", Kind.REPLY: "Reply", Kind.NOTE: "Note for guardians"}


@dataclass(frozen=True)
class Said:
    """One message or note of the thread."""

    kind: str
    by: str
    reporter: bool
    when: str
    pieces: list[Piece]
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
    #: where the reporter was sent
    where: str
    score: str
    harm: str
    psychological: str
    reason: list[Piece]
    doubt: str


def said_in(entry: Entry, *, mark: bool = True) -> Said | None:
    """A message or note; None for anything else, and for an empty one. `mark` looks for details in the reporter's."""
    if entry.kind not in KINDS:
        return None
    answers = _answers(entry)
    if not entry.text and not answers:
        return None
    reporter = entry.kind is Kind.DETAIL
    return Said(
        kind=wording.ADDITIONS.get(entry.about, KINDS[entry.kind]),
        by=_by(entry),
        reporter=reporter,
        when=_when(entry),
        pieces=marked(entry.text) if reporter and mark else plain(entry.text),
        answers=answers,
        doubt=_doubt(entry),
    )


def sorted_in(entry: Entry, themes: Mapping[str, str]) -> Sorted:
    """A record in words; `themes` are the names by code."""
    codes = [said(entry.payload, "primary"), *listed(entry.payload, "themes")]
    return Sorted(
        by=_by(entry),
        when=_when(entry),
        status=entry.step.name,
        theme=", ".join(themes.get(code, "None of these fits") for code in codes if code),
        where=said(entry.payload, "where"),
        score=score_in(entry),
        harm=HARMS.get(said(entry.payload, "harm"), ""),
        psychological=PSYCHOLOGICAL_HARMS.get(said(entry.payload, "psychological"), ""),
        reason=plain(entry.reason),
        doubt=_doubt(entry),
    )


def score_in(entry: Entry) -> str:
    """The score of a record with its band: "16, extreme"; empty where it has none."""
    pair = pair_said(entry.payload, "score", max(CONSEQUENCES))
    return f"{score_of(*pair)}, {band(score_of(*pair))}" if pair else ""


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
