"""The rules of triage: statuses and what may follow, scales, the next duty, limits of a text."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from concerns.words.signs import visible

#: all text of one reply, note or flag, in bytes of UTF-8, and as JSON writes it into the sealed body
TEXT_LIMIT = 12_000
WRITTEN_LIMIT = 14_000
REASON_LIMIT = 2_000

WORRIES = {
    "very": "Very worried",
    "fairly": "Fairly worried",
    "not very": "Not very worried",
    "not at all": "Not at all worried",
}
CONSENTS = {
    "count": "Just count it: use nothing of what it says and pass nothing on",
    "use": "Use what can be learnt from it, without details",
    "tell": "Tell the people who can fix it",
    "ask": "Ask the reporter here before doing anything",
}
HARMS = {"none": "None", "low": "Low", "moderate": "Moderate", "severe": "Severe", "fatal": "Fatal"}
#: what it did to somebody's mind, a scale of its own
PSYCHOLOGICAL_HARMS = {"none": "None", "low": "Low", "moderate": "Moderate", "severe": "Severe"}
CONSEQUENCES = {1: "Negligible", 2: "Minor", 3: "Moderate", 4: "Major", 5: "Catastrophic"}
LIKELIHOODS = {1: "Rare", 2: "Unlikely", 3: "Possible", 4: "Likely", 5: "Almost certain"}
TIERS = {
    "open": "Online, without a staff code",
    "code": "Online, with a staff code",
    "imported": "Imported from a spreadsheet",
    "told": "Told in person",
}

STATUSES = {
    "received": "Received",
    "acknowledged": "Acknowledged",
    "assessing": "Assessing",
    "signposted": "Signposted",
    "referred": "Referred",
    "needs more": "Needs more",
    "merged": "Merged",
    "being addressed": "Being addressed",
    "responded": "Responded",
    "concluded": "Concluded",
    "relapse watch": "Relapse watch",
    "reopened": "Reopened",
}
#: never shown to reporters: what becomes of somebody else's flag is no word to them
INTERNAL = frozenset({"merged"})
#: the reporter is owed the reason
WITH_REASON = frozenset({"signposted", "concluded"})
#: nothing more is owed but to look whether it came back
FINISHED = frozenset({"concluded", "relapse watch"})
#: how a thread was concluded; the words beside "concluded"
OUTCOMES = {"acted": "acted", "partly": "acted in part", "not acted": "not acted"}

_OPEN = ("assessing", "signposted", "referred", "needs more", "being addressed", "responded", "concluded")
_NEXT: dict[str, tuple[str, ...]] = {
    "received": ("acknowledged", *_OPEN),
    "acknowledged": _OPEN,
    "concluded": ("relapse watch", "reopened"),
    "relapse watch": ("concluded", "reopened"),
}


@dataclass(frozen=True)
class Step:
    """A status, and for "concluded" the outcome that goes with it."""

    status: str
    outcome: str | None = None

    @property
    def code(self) -> str:
        """The step as one word of a form."""
        return self.status if self.outcome is None else f"{self.status}: {self.outcome}"

    @property
    def name(self) -> str:
        if self.outcome is None:
            return STATUSES.get(self.status, self.status)
        return f"{STATUSES.get(self.status, self.status)}: {OUTCOMES.get(self.outcome, self.outcome)}"

    @property
    def needs_reason(self) -> bool:
        """A conclusion says why, above all one that nothing was done for; so does sending somebody elsewhere."""
        return self.status in WITH_REASON


def steps_from(step: Step, *, linked: bool = False) -> list[Step]:
    """What a guardian may choose now: to stay, or to go on. A linked telling may be merged into its event."""
    may_follow = _NEXT.get(step.status, _OPEN)
    more = ("merged",) if linked and step.status not in FINISHED else ()
    following = [other for other in (*may_follow, *more) if other != step.status]
    found = [step] if step.status in STATUSES else []
    for status in following:
        found += [Step(status, outcome) for outcome in OUTCOMES] if status == "concluded" else [Step(status)]
    return found


def score_of(consequence: int, likelihood: int) -> int:
    """The NHS 5×5 score, 1 to 25."""
    return consequence * likelihood


def band(score: int) -> str:
    """The band of a 5×5 score: low 1-3, moderate 4-6, high 8-12, extreme 15-25."""
    if score >= 15:
        return "extreme"
    if score >= 8:
        return "high"
    return "moderate" if score >= 4 else "low"


def bytes_over(text: str) -> int:
    """By how many bytes a text is too long for its envelope; zero where it fits."""
    written = len(json.dumps(text, ensure_ascii=False).encode())
    return max(0, len(text.encode()) - TEXT_LIMIT, written - WRITTEN_LIMIT)


def first_words(text: str, longest: int = 90) -> str:
    """The beginning of a text on one line, cut between words; signs that cannot be seen, or turn it round, as numbers.

    So it may stand in any list: nothing in it reaches what stands beside it.
    """
    line = visible(" ".join(text.split())[: longest + 1])
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0].rstrip(",.;:") + "\N{NO-BREAK SPACE}…"


@dataclass(frozen=True)
class Due:
    """What is owed to the reporter next, and by which day."""

    what: str
    day: dt.date

    def overdue(self, today: dt.date) -> bool:
        return today > self.day


def due(step: Step, week: dt.date, last_day: dt.date | None, clocks: Mapping[str, int]) -> Due | None:
    """The next duty. Clocks run from the Monday after the week of collection, later ones from the last record."""
    start = week + dt.timedelta(days=7)
    if step.status == "received":
        return Due("Acknowledge", start + dt.timedelta(days=clocks.get("acknowledge_days", 7)))
    if step.status in FINISHED or last_day is None:
        return None
    return Due("Write again", next_update(week, last_day, clocks))


def next_update(week: dt.date, last_day: dt.date, clocks: Mapping[str, int]) -> dt.date:
    """By when the reporter hears again after a record of this day."""
    return max(week + dt.timedelta(days=7), last_day) + dt.timedelta(days=clocks.get("update_days", 14))
