"""The plan for the next year as it is kept: drafted, put up, agreed to or sent back, and taken back until 1 January."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from concerns.sealing.text import canonical
from concerns.themes import queries
from concerns.themes.editing.plan import Plan, after, between, plan_of
from concerns.themes.editing.summary import changes, faults
from concerns.themes.model import ThemeDraft
from concerns.themes.rules import ThemeFacts
from concerns.themes.service import change_theme_set, replace_theme_set, take_back


class PlanRefused(ValueError):
    """What was asked does not fit how far the plan is; the message says why."""


@dataclass(frozen=True)
class Planned:
    """How far the themes and the plan for them are."""

    version: int
    now: tuple[ThemeFacts, ...]
    #: codes that no other theme may ever have
    used: frozenset[str]
    #: the first day of the next set
    starts_on: dt.date
    #: agreed to, and not in force yet
    agreed: Plan | None
    draft: Plan | None
    #: the draft waits for a guardian
    waits: bool
    #: the code of a fixed sentence, where a guardian sent it back
    answer: str
    drafted_by: bytes

    @property
    def plan(self) -> Plan:
        """What a further step starts from."""
        return self.draft or self.agreed or Plan()

    @property
    def later(self) -> list[ThemeFacts]:
        """The set as it would be from the first day of the next year."""
        return after(self.now, self.plan)

    @property
    def changes(self) -> list[str]:
        return changes(self.now, self.plan)

    @property
    def faults(self) -> list[str]:
        return faults(self.now, self.plan)

    def check_put_up(self) -> None:
        """Raises PlanRefused where there is nothing that a guardian could agree to."""
        if self.draft is None:
            raise PlanRefused("There is no draft. Another admin may have thrown it away")
        if self.faults:
            raise PlanRefused(self.faults[0].rstrip("."))

    def check_read(self, document: str, person_id: bytes) -> None:
        """Raises PlanRefused where this person did not read what waits, or put it up."""
        if not self.waits or self.document != document:
            raise PlanRefused("What you read is not what waits now. Read it again")
        if person_id == self.drafted_by:
            raise PlanRefused("Somebody else has to agree to what you put up")

    def check_undo(self) -> None:
        """Raises PlanRefused where nothing could be taken back."""
        if self.agreed is None:
            raise PlanRefused("Nothing is agreed that could be taken back")

    @property
    def document(self) -> str:
        """Changes with whatever a guardian agrees to."""
        covered = {"base": self.version, "day": self.starts_on.isoformat(), "plan": self.plan.plain()}
        return hashlib.sha256(b"concerns-themes/1" + canonical(covered)).hexdigest()


def planned(main: Session, today: dt.date) -> Planned:
    """The set in force today and what is planned for the next year. Raises NoThemeSet."""
    version, newest = queries.version_on(main, today), queries.latest_version(main)
    now = tuple(queries.set_of(main, version))
    agreed = None
    if newest > version:
        agreed = between(now, queries.set_of(main, newest), queries.pairs_into(main, newest))
    row = main.get(ThemeDraft, version)
    return Planned(
        version=version,
        now=now,
        used=queries.used_codes(main),
        starts_on=dt.date(today.year + 1, 1, 1),
        agreed=agreed,
        draft=plan_of(row.body) if row else None,
        waits=bool(row and row.waits),
        answer=row.answer if row else "",
        drafted_by=row.drafted_by if row else b"",
    )


def waits(main: Session, today: dt.date) -> bool:
    """Whether a draft waits for a guardian."""
    row = main.get(ThemeDraft, queries.version_on(main, today))
    return row is not None and row.waits


def keep_draft(main: Session, version: int, plan: Plan, person_id: bytes) -> None:
    """Keep a plan in place of what was drafted before; whatever was put up is off the guardians’ desk."""
    drop_draft(main)
    main.add(ThemeDraft(base=version, body=plan.plain(), waits=False, answer="", drafted_by=person_id))
    main.flush()


def drop_draft(main: Session) -> None:
    """Forget what is drafted. What a guardian agreed to stays."""
    main.execute(delete(ThemeDraft))
    main.flush()


def put_up(main: Session, today: dt.date, person_id: bytes) -> None:
    """Let the draft wait for a guardian. Raises PlanRefused."""
    found = planned(main, today)
    found.check_put_up()
    row = main.get_one(ThemeDraft, found.version)
    row.waits, row.answer, row.drafted_by = True, "", person_id
    main.flush()


def settle(main: Session, today: dt.date) -> None:
    """Make the draft the themes in force, at once: only while set-up lasts. Raises PlanRefused."""
    found = planned(main, today)
    found.check_put_up()
    later = found.later
    drop_draft(main)
    replace_theme_set(main, later, found.version)


def agree(main: Session, today: dt.date, document: str, person_id: bytes) -> int:
    """A guardian agrees to what she read: it is in force from 1 January. Raises PlanRefused or ChangeRefused."""
    found = planned(main, today)
    found.check_read(document, person_id)
    later, plan = found.later, found.plan
    drop_draft(main)
    return change_theme_set(main, later, plan.moved, today)


def send_back(main: Session, today: dt.date, document: str, answer: str, person_id: bytes) -> None:
    """A guardian sends what she read back to the admin. Raises PlanRefused."""
    found = planned(main, today)
    found.check_read(document, person_id)
    row = main.get_one(ThemeDraft, found.version)
    row.waits, row.answer = False, answer
    main.flush()


def undo(main: Session, today: dt.date, person_id: bytes) -> None:
    """Take back what was agreed to and is not in force; it stays as a draft where there is none. Raises PlanRefused."""
    found = planned(main, today)
    found.check_undo()
    take_back(main, found.starts_on)
    if found.draft is None and found.agreed is not None:
        keep_draft(main, found.version, found.agreed, person_id)
