"""Checks areas and their head-counts, gives them codes, and works out reading days."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: the area of a flag whose reporter would rather not say; no area may have this code
NOT_SAID = "not-said"
#: who may tell: anybody, or whoever has a staff code
ACCESS = ("open", "codes")
#: whom a concern may be about who would otherwise learn of it
ABOUT = ("guardian", "head", "chair", "admin")
MOST_FLAGS, MOST_STAFF = 10_000_000, 1_000_000
LONGEST_ORGANISATION, LONGEST_NAME, _LONGEST_CODE = 200, 120, 60
#: controls, lone halves of characters, and what ends a line or a paragraph
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})


class AreaError(ValueError):
    """An organisation or area that cannot be used; the message says which and why."""


@dataclass(frozen=True)
class AreaFacts:
    """An area with the division it sits in and how many people work there."""

    code: str
    name: str
    division: str
    staff: int
    #: code and name of every area that became a part of it: what was told there counts here
    merged: tuple[tuple[str, str], ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Its own code, and those of the areas that became a part of it."""
        return (self.code, *(code for code, _name in self.merged))

    @property
    def names(self) -> tuple[str, ...]:
        """Its own name, and those of the areas that became a part of it."""
        return (self.name, *(name for _code, name in self.merged))


@dataclass(frozen=True)
class OrganisationFacts:
    """What set-up asks about the organisation. Signposts hold name, number, hours and danger."""

    name: str
    sector: str
    colour: str
    flags_per_year: int
    reading_days: tuple[str, ...]
    signposts: tuple[dict[str, Any], ...]
    wording: dict[str, str]
    #: "open", or "codes" where only who has a staff code may tell
    access: str = "open"
    #: who reads instead where a concern is about one of `ABOUT`; empty until the admin has said so
    read_instead: dict[str, str] = field(default_factory=dict)
    #: who is named for staff side
    staff_side: str = ""


def code_of(name: str, taken: Iterable[str] = ()) -> str:
    """A short code made from a name ("A&E, night" gives "a-e-night"), unlike every one taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _LONGEST_CODE - 4].strip("-") or "area"
    used, number, code = {NOT_SAID, *taken}, 2, slug
    while code in used:
        code, number = f"{slug}-{number}", number + 1
    return code


def areas_of(rows: Sequence[tuple[str, str, int]]) -> tuple[AreaFacts, ...]:
    """Areas from (name, division, staff) in their order, each with a code. Raises AreaError."""
    if not rows:
        raise AreaError("The organisation needs at least one area.")
    found: list[AreaFacts] = []
    for number, (name, division, staff) in enumerate(rows, 1):
        if has_controls(name + division):
            raise AreaError(f"Area {number} has a line break or another control character in its name or division.")
        name, division = " ".join(name.split()), " ".join(division.split())
        _check(number, name, division, staff, found)
        found.append(AreaFacts(code_of(name, (a.code for a in found)), name, division, staff))
    return tuple(found)


def find(areas: Iterable[AreaFacts], text: str) -> AreaFacts | None:
    """The area with this code or name, in upper or lower case, now or before it was merged; a code wins over a name."""
    wanted, areas = folded(text), tuple(areas)
    return next(
        (a for a in areas if wanted in a.codes),
        next((a for a in areas if wanted in map(folded, a.names)), None),
    )


def standing(areas: Iterable[AreaFacts]) -> dict[str, str]:
    """What each code that was ever given counts as: its own area's, or that of the area which it became a part of."""
    return {code: area.code for area in areas for code in area.codes}


#: no area is counted alone with fewer staff, whatever a policy says; a policy may ask for more
LEAST_STAFF = 20


def too_small(areas: Iterable[AreaFacts], smallest: int) -> list[AreaFacts]:
    """The areas with too few staff, by the policy or in any case: they are merged when counts are made."""
    return [area for area in areas if area.staff < max(LEAST_STAFF, smallest)]


def warnings(areas: Iterable[AreaFacts], smallest: int) -> list[str]:
    """One sentence for each area that is too small to be counted alone."""
    return [
        f"{area.name} has {area.staff} staff, fewer than {max(LEAST_STAFF, smallest)}. "
        f"Its counts will be added to “{area.division}: other areas”."
        for area in too_small(areas, smallest)
    ]


def total_staff(areas: Iterable[AreaFacts]) -> int:
    """How many people work in all the areas together."""
    return sum(area.staff for area in areas)


def check_organisation(facts: OrganisationFacts) -> None:
    """Raise AreaError with one clear sentence where a field cannot be used."""
    if not facts.name.strip():
        raise AreaError("The organisation has no name.")
    if has_controls(facts.name):
        raise AreaError("The organisation has a line break or another control character in its name.")
    if len(facts.name) > LONGEST_ORGANISATION:
        raise AreaError(f"The organisation has a name longer than {LONGEST_ORGANISATION} characters.")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", facts.colour):
        raise AreaError(f"The colour “{facts.colour}” is not of the form #1a2b3c.")
    if facts.flags_per_year < 1:
        raise AreaError("The estimate of flags a year must be 1 or more.")
    if facts.flags_per_year > MOST_FLAGS:
        raise AreaError(f"The estimate of flags a year must be {MOST_FLAGS:,} or less.")
    if not any(post["danger"] and "day and night" in post["hours"].lower() for post in facts.signposts):
        raise AreaError("At least one number to ring in danger must be answered day and night.")
    if facts.access not in ACCESS:
        raise AreaError(f"The access “{facts.access}” is neither open nor codes.")
    weekdays(facts.reading_days)


def weekdays(days: Sequence[str]) -> list[int]:
    """Weekday numbers, Monday 0, sorted. Raises AreaError for a word that is no weekday."""
    wrong = [day for day in days if day.lower() not in WEEKDAYS]
    if wrong:
        raise AreaError(f"“{wrong[0]}” is not a day of the week.")
    return sorted({WEEKDAYS.index(day.lower()) for day in days})


def next_reading_day(days: Sequence[str], today: dt.date) -> dt.date | None:
    """The first reading day from today on, today included; None without reading days."""
    numbers = weekdays(days)
    if not numbers:
        return None
    return today + dt.timedelta(days=min((number - today.weekday()) % 7 for number in numbers))


def days_in_words(days: Sequence[str]) -> str:
    """Reading days as English words: "Mondays and Thursdays"."""
    names = [f"{WEEKDAYS[number].capitalize()}s" for number in weekdays(days)]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def day_in_words(day: dt.date) -> str:
    """A day as English words: "Thursday 26 November"."""
    return f"{day:%A} {day.day} {day:%B}"


def _check(number: int, name: str, division: str, staff: int, earlier: Sequence[AreaFacts]) -> None:
    if not name or not division:
        raise AreaError(f"Area {number} has no {'name' if not name else 'division'}.")
    if max(len(name), len(division)) > LONGEST_NAME:
        raise AreaError(f"Area {number} has a name or division longer than {LONGEST_NAME} characters.")
    if staff < 0:
        raise AreaError(f"{name} has a head-count below zero.")
    if staff > MOST_STAFF:
        raise AreaError(f"{name} has a head-count above {MOST_STAFF:,}.")
    if any(folded(name) == folded(area.name) for area in earlier):
        raise AreaError(f"Area {number} repeats the name “{name}”.")


def has_controls(text: str) -> bool:
    """Whether a text of one line holds what no line may hold."""
    return any(unicodedata.category(sign) in _CONTROLS for sign in text)


def folded(text: str) -> str:
    """A name as it is compared with others."""
    return " ".join(text.split()).casefold()
