"""What may be told and what follows: limits, the words stored in a flag, dates and the published bound."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

#: all text of one flag or detail together, in bytes of UTF-8: the sealed body has one fixed size
TEXT_LIMIT = 12_000
#: the same text as it is written into the body, where line ends, quotes and control characters take more room
WRITTEN_LIMIT = 13_500

#: how a reporter can be reached, in bytes of UTF-8 as it is written
CONTACT_LIMIT = 3_000

DANGER = ("yes", "no")
WORRIES = ("very", "fairly", "not very", "not at all")
#: the consent ladder, from the least to the most
CONSENTS = ("count", "use", "tell", "ask")
USUAL_CONSENT = "use"
KINDS = ("risk", "event", "near miss", "good catch")
#: what made it more likely: never who
FACTORS = ("workload", "staffing", "training", "equipment", "systems", "rules", "handovers")
#: why somebody does not give her name
WHYS = ("colleagues", "employer", "career", "no need", "time", "other")
#: how a reporter wants to be reached, in an envelope of its own
WISHES = ("reach", "meet")
#: what a reporter adds later
ABOUTS = ("detail", "detriment", "closing")
YES_NO = ("yes", "no")
AGAIN = ("yes", "no", "unsure")
#: months after somebody said that she is treated badly, at which her page asks again
DETRIMENT_CHECKS = (1, 3, 6)
#: photos of one concern
MOST_PHOTOS = 3

#: what a reporter may be shown; `merged` is the guardians' own business
STATUSES = (
    "received",
    "acknowledged",
    "assessing",
    "signposted",
    "referred",
    "needs more",
    "being addressed",
    "responded",
    "concluded",
    "relapse watch",
    "reopened",
)
#: nothing more is owed
FINISHED = ("concluded", "relapse watch")
#: there is something to say of how it was answered
ANSWERED = ("responded", *FINISHED)


def too_long(*texts: str) -> int:
    """How many characters to take off so that all that was written together fits; zero when it does."""
    return _over("".join(texts), TEXT_LIMIT, WRITTEN_LIMIT)


def contact_too_long(text: str) -> int:
    """The same for how somebody can be reached, which has a small envelope of its own."""
    return _over(text, CONTACT_LIMIT, CONTACT_LIMIT)


def _over(text: str, most: int, most_written: int) -> int:
    low, high = 0, len(text)
    while low < high:  # the longest start that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _fits(text[:middle], most, most_written) else (low, middle - 1)
    return len(text) - low


def _fits(text: str, most: int, most_written: int) -> bool:
    written = len(json.dumps(text, ensure_ascii=False).encode())
    return len(text.encode()) <= most and written <= most_written


#: of no blank class, and yet nobody sees them
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def says_something(text: str) -> bool:
    """Whether anything in a text can be seen: spaces, joiners, fillers and accents over nothing cannot."""
    return any(unicodedata.category(letter)[0] not in "CZM" or _new(letter) for letter in set(text) - BLANK)


def readable(text: str) -> str:
    """A text that every store and page can hold: half characters and those that are none get a sign in their place."""
    return "".join("\ufffd" if _is_none(ord(letter)) else letter for letter in text if not "\x7f" <= letter <= "\x9f")


def _is_none(code: int) -> bool:
    return 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _new(letter: str) -> bool:
    """Whether this may be a sign that is younger than our tables; some places are kept free for what is never seen."""
    free = unicodedata.category(letter) == "Cn" and not _is_none(ord(letter))
    return free and not 0xE0000 <= ord(letter) <= 0xE0FFF and not 0xFFF0 <= ord(letter) <= 0xFFF8


def dial(number: str) -> str | None:
    """The digits of a telephone number as people write it; None for anything else, such as advice whom to ask."""
    digits = re.sub(r"[ \u00a0()./-]", "", number)
    return digits if re.fullmatch(r"\+?[0-9]{3,15}", digits) else None


def about(staff: int) -> int:
    """A head-count as people say it: to the nearest ten, to the nearest five below thirty."""
    step = 10 if staff >= 30 else 5
    return max(step, round(staff / step) * step)


def counting_from(collected: dt.date) -> dt.date:
    """The Monday from which clocks run: the one after the week of collection."""
    return collected - dt.timedelta(days=collected.weekday()) + dt.timedelta(days=7)


@dataclass(frozen=True)
class Dates:
    """By when a reporter may expect what. They follow from the week of collection and the policy alone."""

    acknowledged: dt.date
    feedback: dt.date


def dates(collected: dt.date, clocks: Mapping[str, int]) -> Dates:
    """The promised dates of a flag collected in the week of this day."""
    start = counting_from(collected)
    return Dates(
        acknowledged=start + dt.timedelta(days=clocks.get("acknowledge_days", 7)),
        feedback=_months_later(start, clocks.get("feedback_months", 3)),
    )


def next_date(status: str, collected: dt.date, last_said: dt.date | None, clocks: Mapping[str, int]) -> dt.date | None:
    """By when the guardians owe the next word; None when they have finished.

    `collected` and `last_said` name a week by any of its days: nothing finer is known.
    """
    if status in FINISHED:
        return None
    if status == "received" or last_said is None:
        return dates(collected, clocks).acknowledged
    return counting_from(last_said) + dt.timedelta(days=clocks.get("update_days", 14))


def checks_due(told: dt.date, today: dt.date) -> list[dt.date]:
    """The Mondays on which a reporter who is treated badly is asked again: 1, 3 and 6 months after the week she said so.

    Those that have come, oldest first. `told` is any day of that week.
    """
    checks = [_months_later(counting_from(told), months) for months in DETRIMENT_CHECKS]
    return [check for check in checks if check <= today]


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return min(first + dt.timedelta(days=day.day - 1), last)
