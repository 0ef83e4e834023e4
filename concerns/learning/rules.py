"""What a released text is made of, what two guardians sign of it, and from which day staff read it."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from concerns.sealing.text import canonical, to_text
from concerns.words.checking import text_hash

NARRATIVE, VIEW, LEARNING, ANSWER, ESCALATION = "narrative", "view", "learning", "answer", "escalation"
#: what leaders tell staff of one action
PROMISE = "promise"
#: every kind, with its parts in the order in which they are read
KINDS: Mapping[str, tuple[str, ...]] = {
    NARRATIVE: ("text",),
    VIEW: ("text",),
    LEARNING: ("text",),
    ANSWER: ("heard", "known", "doing", "declined"),
    ESCALATION: ("text",),
    PROMISE: ("what", "until", "because"),
}
#: younger than the first signed texts: an empty one is not written, or those would no longer be what was signed
_YOUNGER = frozenset({"declined"})
#: one part of an answer or a promise, in bytes of UTF-8: all of a draft fits into its sealed box
PART_LIMIT = 1_500
#: these stand on a frozen release and are read with it
OF_A_RELEASE = (NARRATIVE, VIEW)
#: these wait for the calendar: the day on which one appears tells nothing about a flag
ON_CALENDAR_DAYS = (ANSWER, LEARNING, PROMISE)
#: the version of the text check; raised with every change to its rules
RULE_SET = 1


@dataclass(frozen=True)
class Words:
    """A text that is to be released, before anybody signed it."""

    kind: str
    #: "2026-Q3", or empty
    period: str
    #: a theme's code or a group's name, or empty
    about: str
    parts: Mapping[str, str]
    #: the version of the text check that it passed
    rules: int = RULE_SET

    @property
    def body(self) -> str:
        """As it is stored."""
        parts = {name: self.parts.get(name, "") for name in KINDS[self.kind]}
        return canonical({name: text for name, text in parts.items() if text or name not in _YOUNGER}).decode()

    @property
    def text(self) -> str:
        """All of it, as it is checked."""
        return "\n\n".join(filter(None, (self.parts.get(name, "") for name in KINDS[self.kind])))

    @property
    def hash(self) -> str:
        return text_hash(self.body)

    def statement(self, site_id: bytes) -> bytes:
        """What each of the two guardians signs: which text, where it stands, and that a learning point has consent."""
        covered = {
            "site": to_text(site_id),
            "kind": self.kind,
            "period": self.period,
            "about": self.about,
            "hash": self.hash,
            "rules": self.rules,
            "consent": self.kind == LEARNING,
        }
        return b"concerns-released-text/1" + canonical(covered)


def parts_in(kind: str, body: str) -> dict[str, str]:
    """The parts of a stored text; empty ones where it is none."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    found = found if isinstance(found, dict) else {}
    return {name: value if isinstance(value := found.get(name), str) else "" for name in KINDS.get(kind, ())}


def month_of(day: dt.date) -> dt.date:
    """The finest time that a text has."""
    return day.replace(day=1)


def published_on(approved: dt.date) -> dt.date:
    """The first working day of the month after the one in which the second guardian agreed.

    Banks are shut on the same days of it all over Britain, but for 2 January in Scotland.
    """
    day = (month_of(approved) + dt.timedelta(days=31)).replace(day=1)
    while day.weekday() > 4 or _bank_holiday(day):
        day += dt.timedelta(days=1)
    return day


def readable_from(day: dt.date) -> dt.date:
    """The first day on which staff may see what happened on this day: the next first working day of a month."""
    this = first_working_day(day)
    return this if this > day else published_on(day)


def first_working_day(day: dt.date) -> dt.date:
    """Of the month of this day."""
    return published_on(month_of(day) - dt.timedelta(days=1))


def newest_day(today: dt.date) -> dt.date:
    """The newest day on which what staff read may have changed: the first working day of this month, or the last one."""
    day = first_working_day(today)
    return day if day <= today else published_on(month_of(day) - dt.timedelta(days=40))


def _bank_holiday(day: dt.date) -> bool:
    """Of those that can fall into the first days of a month."""
    sunday = _easter(day.year)
    new_year = dt.date(day.year, 1, 1)
    if new_year.weekday() > 4:  # it is made good on the Monday
        new_year += dt.timedelta(days=7 - new_year.weekday())
    early_may = day.month == 5 and day.day <= 7 and day.weekday() == 0
    return early_may or day in (new_year, sunday - dt.timedelta(days=2), sunday + dt.timedelta(days=1))


def _easter(year: int) -> dt.date:
    """Easter Sunday, by the anonymous Gregorian algorithm."""
    century, of_century = divmod(year, 100)
    shift = (8 * century + 13) // 25
    moon = (19 * (year % 19) + century - century // 4 - shift + 15) % 30
    late = (year % 19 + 11 * moon) // 319
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - of_century % 4 - moon + late) % 7
    month, day = divmod(moon - late + weekday + 114, 31)
    return dt.date(year, month, day + 1)
