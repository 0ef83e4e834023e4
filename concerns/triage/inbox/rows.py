"""What one row of the inbox says about a flag."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from concerns.areas.rules import AreaFacts
from concerns.sealing.saying import said
from concerns.themes.rules import ThemeFacts
from concerns.triage.reading import Flag
from concerns.triage.rules import WORRIES, Due, Step, due, first_words
from concerns.triage.wording import came


@dataclass(frozen=True)
class InboxRow:
    """A flag in the inbox, opened for this page only."""

    thread: str
    week: dt.date
    words: str
    area: str
    theme: str
    danger: bool
    #: the reporter says that she suffers for speaking up
    badly_treated: bool
    worry: str
    step: Step
    messages: int
    #: the newest message is the reporter's and waits for an answer
    waits: bool
    #: how it came; empty for the usual way
    tier: str
    due: Due | None
    overdue: bool
    #: a triage record is stored that no guardian signed
    doubted: bool


def rows_of(
    flags: Sequence[Flag],
    areas: Iterable[AreaFacts],
    themes: Iterable[ThemeFacts],
    clocks: Mapping[str, int],
    today: dt.date,
) -> list[InboxRow]:
    """One row a flag, newest week first; within a week those in danger come first, then those treated badly."""
    area_names = {area.code: area.name for area in areas}
    theme_names = {theme.code: theme.name for theme in themes}
    ordered = sorted(flags, key=_place)
    return [_row(flag, area_names, theme_names, clocks, today) for flag in ordered]


def _place(flag: Flag) -> tuple[int, bool, bool]:
    return -flag.facts.week.toordinal(), flag.told("danger") != "yes", not flag.badly_treated


def _row(
    flag: Flag, areas: Mapping[str, str], themes: Mapping[str, str], clocks: Mapping[str, int], today: dt.date
) -> InboxRow:
    record = flag.record
    primary = said(record.payload, "primary") if record else ""
    owed = due(flag.step, flag.facts.week, record.day if record else None, clocks)
    return InboxRow(
        thread=flag.facts.thread_id.hex(),
        week=flag.facts.week,
        words=first_words(flag.told("text")),
        area=areas.get(flag.told("area"), "Area not said"),
        theme=themes.get(primary, "None of these fits" if primary else ""),
        danger=flag.told("danger") == "yes",
        badly_treated=flag.badly_treated,
        worry=WORRIES.get(flag.told("worry"), ""),
        step=flag.step,
        messages=len(flag.messages),
        waits=bool(flag.messages) and flag.messages[-1].guardian is None,
        tier="" if flag.facts.tier == "open" else came(flag.facts.tier, flag.told("channel")),
        due=owed,
        overdue=owed is not None and owed.overdue(today),
        doubted=flag.doubted,
    )
