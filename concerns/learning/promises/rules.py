"""The rules of promises: types and strengths of actions, what became of each promise, whether it worked, when to warn."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

RESPONSE, ACTION = "response", "action"

STRUCTURAL = "structural"
TYPES: Mapping[str, str] = {
    STRUCTURAL: "Structural: who reports to whom, teams, committees",
    "process": "Process: how things are done",
    "training": "Training",
    "staffing": "Staffing",
    "culture": "Culture",
    "equipment": "Equipment and buildings",
    "leadership": "Leadership",
    "communication": "Communication",
}
STRENGTHS: Mapping[str, str] = {
    "strong": "Strong: it works even where nobody thinks of it",
    "medium": "Medium: it makes the right thing easier",
    "weak": "Weak: it relies on people remembering it",
}

OPEN, KEPT, LATE, DROPPED, ENDED_EARLY = "open", "kept", "late", "dropped", "ended-early"
STATES: Mapping[str, str] = {
    LATE: "Late",
    OPEN: "Open",
    KEPT: "Kept",
    ENDED_EARLY: "Ended early: its exit criteria were met",
    DROPPED: "Dropped",
}

MADE, MOVED, DONE, ENDED, GIVEN_UP, REVIEWED = "made", "moved", "done", "ended", "dropped", "reviewed"
CHANGES: Mapping[str, str] = {
    MADE: "Promised",
    MOVED: "New dates",
    DONE: "Done",
    ENDED: "Ended early",
    GIVEN_UP: "Dropped",
    REVIEWED: "Looked at again",
}
#: the changes after which nothing is owed, and what each makes of a promise
CLOSED: Mapping[str, str] = {DONE: KEPT, ENDED: ENDED_EARLY, GIVEN_UP: DROPPED}

#: what somebody found who looked at an action again
WORKED, PARTLY, FAILED, TOO_EARLY = "worked", "partly", "failed", "too-early"
RESULTS: Mapping[str, str] = {
    WORKED: "It worked",
    PARTLY: "It worked partly",
    FAILED: "It did not work",
    TOO_EARLY: "Too early to say",
}

#: how a promise stands, told apart more finely than by its state: what is owed still, and what missed its date
OVERDUE, DONE_LATE, DROPPED_LATE = "overdue", "done-late", "dropped-late"
OUTCOMES: Mapping[str, str] = {
    OVERDUE: "Overdue",
    OPEN: "Open",
    KEPT: "Kept",
    DONE_LATE: "Done late",
    ENDED_EARLY: "Ended early",
    DROPPED: "Dropped",
    DROPPED_LATE: "Dropped after its date",
}

#: how far a text is on its way to staff
DRAFT, ASKED, RETURNED_STAGE, AGREED = "draft", "asked", "returned", "agreed"
STAGES: Mapping[str, str] = {
    DRAFT: "Draft: leaders and guardians read it",
    ASKED: "With the guardians: two of them have to release it",
    RETURNED_STAGE: "Sent back by a guardian",
    AGREED: "Released by two guardians",
}
#: why guardians send a text back. Always the same few sentences: one of their own could tell of a flag
RETURNED: Mapping[str, str] = {
    "general": "Say it in more general words: no names, numbers, dates, places or quotations",
    "plainer": "Say it in plainer words, so that everybody understands it",
    "answer": "Say what you do, or why you do not",
    "later": "Not now: ask us again later",
}
#: said where a guardian took a released text out again
WITHDRAWN = "withdrawn"

#: follows the name of the period
STRUCTURAL_WARNING = "more than half of the promised actions change structures."
STRUCTURAL_LESSON = (
    "Organisations that failed often relied too much on structural reform. A new structure takes long, and leaves the way "
    "people treat each other as it was. Ask what would change how the work is done, and how people are heard."
)


@dataclass(frozen=True)
class Change:
    """One step in the life of a promise; the dates hold from its day on."""

    what: str
    day: dt.date
    due: dt.date
    review: dt.date | None = None
    because: str = ""
    #: one of RESULTS where somebody looked at it again
    result: str = ""


@dataclass(frozen=True)
class Standing:
    """What became of a promise, as seen on one day."""

    #: one of STATES
    state: str
    #: from which day on it has been so
    since: dt.date
    made: dt.date
    due: dt.date
    first_due: dt.date
    #: when it is to be looked at again
    review: dt.date | None
    #: the day on which nothing more was owed
    closed: dt.date | None
    because: str
    #: whether a date passed while it was owed
    missed: bool = False
    #: the newest look at whether it worked
    reviewed: Change | None = None
    #: the day to look at it again has come, and nobody did
    review_due: bool = False

    @property
    def overdue(self) -> bool:
        """Late, and still owed."""
        return self.state == LATE and self.closed is None

    @property
    def outcome(self) -> str:
        """One of OUTCOMES."""
        if self.state == LATE:
            return OVERDUE if self.overdue else DONE_LATE
        return DROPPED_LATE if self.state == DROPPED and self.missed else self.state


def standing(changes: Sequence[Change], today: dt.date) -> Standing | None:
    """What became of a promise by this day; None before it was made.

    One that missed a date stays late, even where the date was moved afterwards: otherwise nothing would ever be late.
    """
    seen = [one for one in changes if one.day <= today]
    # a look back changes neither what is owed nor since when
    steps = [one for one in seen if one.what != REVIEWED]
    if not steps:
        return None
    first, last = steps[0], steps[-1]
    closed = last.day if last.what in CLOSED else None
    missed = _missed(steps, closed or today)
    state = CLOSED.get(last.what, OPEN)
    if missed and state != DROPPED:
        state = LATE
    since = closed or (missed + dt.timedelta(days=1) if missed else first.day)
    review = None if state == DROPPED else seen[-1].review
    return Standing(
        state, since, first.day, last.due, first.due, review, closed, last.because, missed is not None,
        next((one for one in reversed(seen) if one.what == REVIEWED), None), review is not None and review <= today,
    )  # fmt: skip


def step_trouble(before: Collection[str], what: str) -> str:
    """Why a step of this kind cannot follow these ones; empty where it can."""
    if what == REVIEWED:  # done or ended early it is looked at again: only then can it have worked
        return "It was dropped: there is nothing to look at again." if GIVEN_UP in before else ""
    return "" if CLOSED.keys().isdisjoint(before) else "This promise is over already."


def _missed(seen: Sequence[Change], until: dt.date) -> dt.date | None:
    """The first date that passed while the promise was owed."""
    ends = [*(one.day for one in seen[1:]), until]
    return next((one.due for one, end in zip(seen, ends, strict=True) if end > one.due), None)


def mostly_structural(types: Iterable[str]) -> bool:
    """Whether more than half of the actions of these types are structural."""
    listed = list(types)
    return 2 * listed.count(STRUCTURAL) > len(listed)


def answer_trouble(parts: Mapping[str, str]) -> tuple[str, str] | None:
    """The part of an answer that is missing and what to say; None for one that may be released."""
    if not parts.get("known"):
        return "known", "Write what we know"
    if not parts.get("doing") and not parts.get("declined"):
        return "declined", "Say what you do. Where you do nothing, say what you decided not to do, and why"
    return None


def date_trouble(due: dt.date, review: dt.date | None, today: dt.date) -> tuple[str, str] | None:
    """The date that is wrong and why; None for dates that may be promised."""
    if due < today:
        return "due", "The date by which it is done must not have passed"
    if due > _farthest(today):
        return "due", "Choose a date within the next three years: what comes later is no promise"
    if review is not None and review < today:
        return "review", "The date of the review must not have passed"
    return None


def review_trouble(result: str, review: dt.date | None, today: dt.date) -> str:
    """What is wrong with the next day to look at an action again; empty where nothing is."""
    if review is None:
        return "Say when you look at it again: it is too early now" if result == TOO_EARLY else ""
    if review <= today:
        return "The next day to look at it again must lie ahead"
    return "Choose a day within the next three years" if review > _farthest(today) else ""


def _farthest(today: dt.date) -> dt.date:
    return today.replace(day=1) + dt.timedelta(days=3 * 366)
