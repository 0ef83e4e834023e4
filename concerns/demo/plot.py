"""What happens in the invented organisation: turns that make some concerns come more often, or less."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

BEGINS = dt.date(2024, 1, 1)
MERGER, NEW_NUMBERS = dt.date(2025, 4, 7), dt.date(2026, 3, 30)
PHARMACISTS, NEW_SYSTEM = dt.date(2025, 10, 6), dt.date(2026, 2, 2)


@dataclass(frozen=True)
class Turn:
    """From `begins` until before `ends` (None: still), flags come `factor` times as often.

    `about` names spine codes or theme codes (empty: all); `division` counts from 0 in the organisation's order.
    `news` is the list of sentences that may be said while it lasts, in that division, in `settings` (empty: all).
    """

    title: str
    begins: dt.date
    ends: dt.date | None
    factor: float
    about: frozenset[str] = frozenset()
    division: int | None = None
    news: str = ""
    settings: frozenset[str] = frozenset()

    def touches(self, week: dt.date) -> bool:
        return self.begins <= week and (self.ends is None or week < self.ends)


_MERGED = frozenset({"ward"})
_STAFFING, _AFTERMATH = frozenset({"STAF"}), frozenset({"SKIL", "BEHV"})
PLOT = (
    Turn(
        "No pharmacist at weekends",
        BEGINS,
        PHARMACISTS,
        1.0,
        frozenset({"N02"}),
        news="no_pharmacist",
        settings=_MERGED,
    ),
    Turn("Pharmacists come to the wards at weekends", PHARMACISTS, None, 0.4, frozenset({"N02"})),
    Turn("Speak up weeks: posters, visits, this form on every phone", dt.date(2025, 3, 3), dt.date(2025, 5, 26), 1.45),
    Turn("People go on telling more than they used to", dt.date(2025, 5, 26), None, 1.05),
    Turn("Two teams are put together", MERGER, NEW_NUMBERS, 3.2, _STAFFING, 0, "merged", _MERGED),
    Turn("They work at what they were not trained for", MERGER, None, 1.6, _AFTERMATH, 0, "merged", _MERGED),
    Turn("Staffing is worked out again for them", NEW_NUMBERS, None, 1.3, _STAFFING, 0),
    Turn("A new record system goes live", NEW_SYSTEM, dt.date(2026, 5, 4), 2.6, frozenset({"DATA"}), news="new_system"),
    Turn("Nobody expects an answer any more", dt.date(2025, 12, 29), None, 0.25, frozenset({"N13", "PART"})),
)

#: months, what comes more or less often in them, and how much
SEASONS: tuple[tuple[frozenset[int], frozenset[str], float], ...] = (
    (frozenset({12, 1, 2}), frozenset({"CARE", "WELL"}), 1.35),
    (frozenset({7, 8}), frozenset({"ESTE"}), 1.3),
    (frozenset({8}), frozenset(), 0.85),
)

#: how often people speak about each spine code, against 1
USUAL: Mapping[str, float] = {
    "CARE": 1.1, "SAFE": 0.8, "STAF": 1.6, "WELL": 1.1, "BEHV": 1.2, "SEXH": 0.45, "EQUA": 0.7,
    "LEAD": 0.75, "PROC": 1.0, "MONY": 0.4, "DATA": 0.85, "ESTE": 0.95, "SKIL": 0.8, "PART": 0.5,
    "other": 0.35,
}  # fmt: skip

#: where people work shifts what they speak about
LEANING: Mapping[str, Mapping[str, float]] = {
    "emergency": {"CARE": 1.4, "WELL": 1.5},
    "theatre": {"SEXH": 1.8, "BEHV": 1.3, "ESTE": 1.2},
    "maternity": {"LEAD": 1.4, "STAF": 1.2},
    "clinic": {"CARE": 0.7, "PROC": 1.2, "DATA": 1.3},
    "community": {"WELL": 1.3, "CARE": 0.8},
    "mental": {"WELL": 1.5},
    "lab": {"CARE": 0.35, "LEAD": 0.7, "ESTE": 1.3},
    "estates": {"CARE": 0.25, "ESTE": 1.6, "MONY": 1.5, "DATA": 0.4},
    "office": {"CARE": 0.15, "SAFE": 0.4, "PROC": 1.9, "MONY": 1.4, "DATA": 1.5, "ESTE": 0.6},
    "visiting": {"SAFE": 1.8, "WELL": 1.4, "PROC": 0.5, "MONY": 0.4, "ESTE": 0.3},
    "crew": {"SAFE": 0.1, "WELL": 1.8, "ESTE": 1.6, "PROC": 0.2, "LEAD": 0.4, "DATA": 0.4},
    "home": {"CARE": 1.8, "SAFE": 1.5, "PROC": 0.3, "WELL": 1.6},
    "desk": {"CARE": 0.4, "PROC": 1.8, "WELL": 0.5},
    "site": {"ESTE": 2.2, "MONY": 2.0, "CARE": 0.3, "SKIL": 0.5},
}


def factor(week: dt.date, about: Collection[str], division: int, setting: str) -> float:
    """How often flags about a theme (its code and its spine code) come from a setting in a week, against 1."""
    result = 1.0
    for name in about:
        result *= USUAL.get(name, 1.0) * LEANING.get(setting, {}).get(name, 1.0)
    for turn in PLOT:
        if turn.touches(week) and turn.division in (None, division) and (not turn.about or turn.about & set(about)):
            result *= turn.factor
    for months, names, more in SEASONS:
        if week.month in months and (not names or names & set(about)):
            result *= more
    return result


def news(week: dt.date, division: int, setting: str) -> tuple[str, ...]:
    """The lists of sentences that people in a division and setting may say in a week, beside the usual ones."""
    said = (
        turn.news
        for turn in PLOT
        if turn.touches(week) and turn.division in (None, division) and (not turn.settings or setting in turn.settings)
    )
    return tuple(dict.fromkeys(name for name in said if name))
