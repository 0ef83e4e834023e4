"""The parts of a report that tell what leaders promised, what became of it, and whether it worked."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from concerns.disclosure.periods import Kind, Period
from concerns.learning.promises import wording
from concerns.learning.promises.queries import Promise, Promises
from concerns.learning.promises.rules import (
    DROPPED,
    OPEN,
    OUTCOMES,
    RESULTS,
    STRENGTHS,
    STRUCTURAL_LESSON,
    TYPES,
)
from concerns.people.duties.rules import Tally
from concerns.reports.parts import Grid, Part, in_words

#: rows of a table, and sentences of one kind: a paper is read by people, and the ledger has the rest
MOST_ROWS, MOST_LINES = 40, 8


def promises_part(promises: Promises, period: Period | None = None) -> Part:
    """What is owed, and what changed since the period of the report began; without one, since the quarter before today's."""
    name = "Changed since last time"
    if not promises.all:
        return Part(name, "No promise was made yet")
    since = _since(promises, period)
    listed = [one for one in promises.all if one.owed or one.standing.review_due or _changed(one, since)]
    shown = listed[:MOST_ROWS]
    said = (
        [f"Listed is what is owed or to be looked at again, and what changed since {in_words(since)}."] if since else []
    )
    if left := len(promises.all) - len(shown):
        said.append(
            f"{_many(left, 'more promise')} {'stands' if left == 1 else 'stand'} in the full list, under Promises."
        )
    counted = Counter(one.outcome for one in listed)
    kept = ", ".join(f"{counted[one]} {words.lower()}" for one, words in OUTCOMES.items() if counted[one])
    rows = tuple((one.theme, one.what, _stands(one), in_words(one.due)) for one in shown)
    grid = Grid("Promises", ("Theme", "What", "How it stands", "By when"), rows) if rows else None
    return Part(name, f"Promises: {kept}" if kept else "No promise is owed, and none changed", tuple(said), grid=grid)


def actions_part(promises: Promises, period: Period | None = None) -> Part:
    """Actions by type and strength, what is overdue, what is to be looked at again, and what worked."""
    actions = promises.actions
    if not actions:
        return Part("Actions", "No action is promised yet")
    overdue = [one for one in promises.overdue if one in actions]
    count = _many(len(actions), "action")
    message = f"{count}, {len(overdue)} overdue" if overdue else f"{count}, none overdue"
    if promises.reviews_due:
        message += f", {len(promises.reviews_due)} to be looked at again"
    words = _warned(promises, period)
    words += _bounded([f"{wording.how(one.standing)}: {_named(one)}." for one in overdue])
    words += _bounded([f"{wording.to_review(one.standing)} {_named(one)}." for one in promises.reviews_due])
    words += _results(actions, _since(promises, period))
    rows = tuple(
        (
            name.partition(":")[0],
            *(str(sum(one.type == code and one.strength == strength for one in actions)) for strength in STRENGTHS),
            str(sum(one.type == code and one.state == OPEN for one in actions)),
        )
        for code, name in TYPES.items()
        if promises.by_type[code]
    )
    head = ("Type", *(name.partition(":")[0] for name in STRENGTHS.values()), "Open")
    return Part("Actions", message, tuple(words), grid=Grid("Actions by type and strength", head, rows))


def between_part(promises: Promises, kept: Tally, today: dt.date) -> Part:
    """What goes on between two releases, as it stands today: reading days and promises, no number made of flags."""
    days = (
        f"On {kept.kept} of the last {kept.days} reading days a guardian was there"
        if kept.days
        else "No reading day has passed yet"
    )
    owed = sum(one.owed for one in promises.all)
    words = [f"{owed} of {len(promises.all)} promises are still to be kept, {len(promises.overdue)} of them overdue."]
    if due := len(promises.reviews_due):
        words.append(f"{_many(due, 'action')} {'is' if due == 1 else 'are'} to be looked at again by now.")
    return Part(f"Between reports, on {in_words(today)}", days, tuple(words) if promises.all else ())


def owed_on(response: Promise | None) -> str:
    """What is said beside a theme of the answer to it; empty where nobody promised one."""
    if response is None:
        return ""
    if response.owed:
        late = ": it is late" if response.standing.overdue else ""
        return f"An answer is owed by {in_words(response.due)}{late}"
    month = response.since.strftime("%B %Y")
    if response.state == DROPPED:
        return f"The answer that was promised was dropped in {month}"
    return f"{OUTCOMES[response.outcome]}: answer of {month}"


def _since(promises: Promises, period: Period | None) -> dt.date | None:
    if period is None and promises.day is not None:
        period = Period.of(Kind.QUARTER, promises.day).previous()
    return period.start if period else None


def _changed(one: Promise, since: dt.date | None) -> bool:
    return since is None or one.changed_since(since)


def _warned(promises: Promises, period: Period | None) -> list[str]:
    """The warning and its lesson, of the report's period; without one, of the quarter and the year of today."""
    periods = (
        [period] if period else [Period.of(kind, promises.day) for kind in (Kind.QUARTER, Kind.YEAR) if promises.day]
    )
    warning = wording.structural(promises.structural_in(*periods))
    return [warning, STRUCTURAL_LESSON] if warning else []


def _results(actions: Sequence[Promise], since: dt.date | None) -> list[str]:
    """How many of all actions worked, and which of them were looked at lately."""
    found = [(one, one.standing.reviewed) for one in actions if one.standing.reviewed]
    counted = Counter(look.result for _one, look in found if look)
    if not counted:
        return []
    results = {result: counted[result] for result in RESULTS if counted[result]}
    lately = [one for one, look in found if look and (since is None or look.day >= since)]
    lines = [f"{wording.worked(one.standing)}: {_named(one)}." for one in lately]
    return [
        f"Of {_many(len(found), 'action')} that {'was' if len(found) == 1 else 'were'} looked at again: {wording.tally(results)}.",
        *_bounded(lines),
    ]


def _stands(one: Promise) -> str:
    """How it stands, and whether it worked or somebody has to say so."""
    said = (wording.how(one.standing), wording.worked(one.standing))
    due = wording.to_review(one.standing) if one.standing.review_due else ""
    return " ".join(filter(None, (". ".join(filter(None, said)) + ("." if due else ""), due)))


def _named(one: Promise) -> str:
    return f"{one.what.rstrip('.')} ({one.owner})"


def _bounded(lines: Sequence[str]) -> list[str]:
    left = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], *([f"And {left} more, under Promises."] if left > 0 else [])]


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
