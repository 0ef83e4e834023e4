"""Looks up what was promised and what became of it; whatever session may read releases may read this."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.disclosure.periods import Period
from concerns.learning.model import ReleasedText
from concerns.learning.promises import rules
from concerns.learning.promises.model import Action, PromiseChange, Response
from concerns.learning.promises.rules import ACTION, DONE, RESPONSE, Change, Standing, standing
from concerns.learning.rules import published_on
from concerns.learning.themes import themes_on

#: what a promise is about where it is about no theme
EVERYBODY = "The whole organisation"
#: the order in which pages list them: what is overdue first
_ORDER = (rules.LATE, rules.OPEN, rules.KEPT, rules.ENDED_EARLY, rules.DROPPED)


class Read(Change):
    """Staff read an answer from its day on: this follows from the released text, and is no row."""


@dataclass(frozen=True)
class Promise:
    """A response or an action, and what became of it; `type`, `strength` and `owner` are empty for a response."""

    id: bytes
    kind: str
    theme_code: str
    #: the theme's name, or `EVERYBODY`
    theme: str
    what: str
    type: str
    strength: str
    #: a role, never a person
    owner: str
    exit_criteria: str
    #: how far its words are on the way to staff: one of `rules.STAGES`
    stage: str
    standing: Standing
    #: what has happened so far
    changes: tuple[Change, ...]
    returned: str = ""
    #: an answer that says only what is not done
    adopts_nothing: bool = False

    @property
    def steps(self) -> int:
        """How many steps are stored; a form carries it, to notice another one."""
        return sum(not isinstance(one, Read) for one in self.changes)

    @property
    def state(self) -> str:
        """kept | late | dropped | open | ended-early"""
        return self.standing.state

    @property
    def since(self) -> dt.date:
        return self.standing.since

    @property
    def due(self) -> dt.date:
        return self.standing.due

    @property
    def review(self) -> dt.date | None:
        return self.standing.review

    @property
    def owed(self) -> bool:
        """Whether something is still to be done."""
        return self.standing.closed is None

    @property
    def outcome(self) -> str:
        """One of `rules.OUTCOMES`."""
        return self.standing.outcome

    @property
    def may_be_reviewed(self) -> bool:
        """Whether somebody may say if it worked."""
        return self.kind == ACTION and not rules.step_trouble([one.what for one in self.changes], rules.REVIEWED)

    def changed_since(self, day: dt.date) -> bool:
        """Whether anything happened to it from this day on, its making too."""
        return any(one.day >= day for one in self.changes)


@dataclass(frozen=True)
class Tried:
    """The actions that were ever promised on one theme, the newest first."""

    theme_code: str
    theme: str
    actions: tuple[Promise, ...]

    @property
    def results(self) -> Mapping[str, int]:
        """How many worked, as whoever looked at them again last found."""
        found = Counter(one.standing.reviewed.result for one in self.actions if one.standing.reviewed)
        return {result: found[result] for result in rules.RESULTS if found[result]}


@dataclass(frozen=True)
class Promises:
    """Everything that was promised: what is overdue first, then what is to be looked at again, what is owed, what is over."""

    all: tuple[Promise, ...]
    #: the day on which they stand so
    day: dt.date | None = None

    @property
    def actions(self) -> tuple[Promise, ...]:
        return tuple(one for one in self.all if one.kind == ACTION)

    @property
    def responses(self) -> tuple[Promise, ...]:
        return tuple(one for one in self.all if one.kind == RESPONSE)

    @property
    def overdue(self) -> tuple[Promise, ...]:
        return tuple(one for one in self.all if one.standing.overdue)

    @property
    def reviews_due(self) -> tuple[Promise, ...]:
        """The actions of which somebody has to say by now whether they worked."""
        return tuple(one for one in self.all if one.standing.review_due)

    @property
    def by_outcome(self) -> Mapping[str, int]:
        return _counted(rules.OUTCOMES, self.all, "outcome")

    @property
    def by_state(self) -> Mapping[str, int]:
        return _counted(rules.STATES, self.all, "state")

    @property
    def by_type(self) -> Mapping[str, int]:
        return _counted(rules.TYPES, self.actions, "type")

    @property
    def by_strength(self) -> Mapping[str, int]:
        return _counted(rules.STRENGTHS, self.actions, "strength")

    def made_in(self, first: dt.date, last: dt.date) -> "Promises":
        """What was promised in these days."""
        return Promises(tuple(one for one in self.all if first <= one.standing.made <= last), self.day)

    def structural_in(self, *periods: Period) -> tuple[Period, ...]:
        """In which of these periods more than half of the actions that were promised are structural."""
        return tuple(one for one in periods if self.made_in(one.start, one.end).mostly_structural)

    @property
    def tried(self) -> tuple[Tried, ...]:
        """All actions by what they are about, in the order of the names."""
        about = sorted({(one.theme, one.theme_code) for one in self.actions})
        newest = sorted(self.actions, key=lambda one: one.standing.made, reverse=True)
        return tuple(
            Tried(code, theme, tuple(one for one in newest if one.theme_code == code)) for theme, code in about
        )

    @property
    def mostly_structural(self) -> bool:
        """Whether more than half of these actions are structural; say `rules.STRUCTURAL_LESSON` then."""
        return rules.mostly_structural(one.type for one in self.actions)

    def of_theme(self, code: str) -> tuple[Promise, ...]:
        return tuple(one for one in self.all if one.theme_code == code)

    def response_to(self, code: str) -> Promise | None:
        """The response to a theme that is still owed, else its newest one."""
        return next((one for one in self.responses if one.theme_code == code), None)

    def find(self, promise_id: bytes) -> Promise | None:
        return next((one for one in self.all if one.id == promise_id), None)


def promises(reader: Session, today: dt.date) -> Promises:
    """Every response and action as it stands today."""
    names = themes_on(reader, today).names
    steps: dict[bytes, list[Change]] = defaultdict(list)
    so_far = select(PromiseChange).where(PromiseChange.day <= today)
    for row in reader.scalars(so_far.order_by(PromiseChange.promise_id, PromiseChange.n)):
        steps[row.promise_id].append(Change(row.what, row.day, row.due, row.review, row.because, row.result))
    found = [
        *(
            _response(row, names, _answered(reader, row, steps[row.id], today), today)
            for row in reader.scalars(select(Response))
        ),
        *(_action(row, names, steps[row.id], today) for row in reader.scalars(select(Action))),
    ]
    return Promises(tuple(sorted((one for one in found if one is not None), key=_place)), today)


def mostly_structural(reader: Session, first: dt.date, last: dt.date, today: dt.date) -> bool:
    """Whether more than half of the actions that were promised in these days are structural."""
    return promises(reader, today).made_in(first, last).mostly_structural


def _answered(reader: Session, row: Response, changes: Sequence[Change], today: dt.date) -> list[Change]:
    """The changes of a response, and that it is done from the day on which staff read it."""
    day = read_on(reader, row)
    if day is None or day > today or not changes:
        return list(changes)
    return [*changes, Read(DONE, day, changes[-1].due, changes[-1].review)]


def read_on(reader: Session, row: Response) -> dt.date | None:
    """From which day on staff read this answer; None where its words are not released, or were taken out."""
    text = reader.get(ReleasedText, row.text_id) if row.text_id else None
    return None if text is None or text.withdrawn is not None else published_on(text.month)


def _response(row: Response, names: Mapping[str, str], changes: Sequence[Change], today: dt.date) -> Promise | None:
    theme = names.get(row.theme_code, row.theme_code)
    found = standing(changes, today)
    return None if found is None else Promise(
        row.id, RESPONSE, row.theme_code, theme, f"An answer to staff: {theme}", "", "", "", "", row.stage, found,
        tuple(changes), row.returned, bool(row.declined and not row.doing),
    )  # fmt: skip


def _action(row: Action, names: Mapping[str, str], changes: Sequence[Change], today: dt.date) -> Promise | None:
    theme = names.get(row.theme_code, row.theme_code) if row.theme_code else EVERYBODY
    found = standing(changes, today)
    return None if found is None else Promise(
        row.id, ACTION, row.theme_code, theme, row.what, row.type, row.strength, row.owner, row.exit_criteria,
        row.stage, found, tuple(changes), row.returned,
    )  # fmt: skip


def _place(one: Promise) -> tuple[bool, bool, bool, int, int, bytes]:
    owed_first = one.due.toordinal() if one.owed else -one.since.toordinal()
    at = _ORDER.index(one.state) if one.owed else 0
    return not one.standing.overdue, not one.standing.review_due, not one.owed, at, owed_first, one.id


def _counted(names: Mapping[str, str], among: Sequence[Promise], what: str) -> Mapping[str, int]:
    """How many of each, those with none too, in the order of the names."""
    counted = Counter(getattr(one, what) for one in among)
    return {name: counted[name] for name in names}
