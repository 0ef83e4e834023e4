"""The numbers to ring: what they must be, and whether somebody has tried them lately. Pure."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from concerns.sealing.text import canonical

#: characters of a name, a number and its hours
LONGEST = {"name": 120, "number": 80, "hours": 120}
MOST_SIGNPOSTS = 20
#: a number that nobody tried for so long may ring nowhere
TRY_AFTER = dt.timedelta(days=183)
ALWAYS = "day and night"

NONE_ALWAYS = "At least one number to ring in danger must be answered day and night: write “Day and night” as its hours"

Post = Mapping[str, Any]


def key_of(post: Post) -> str:
    """What names a signpost on the admin's page: it changes with its words."""
    said = [str(post.get(name, "")) for name in LONGEST]
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def always(post: Post) -> bool:
    """Whether somebody in danger can ring this number at any hour."""
    said = str(post.get("number", "")).strip() and ALWAYS in str(post.get("hours", "")).lower()
    return bool(post.get("danger") and said)


def trouble(posts: Sequence[Post]) -> str:
    """Why these cannot be the numbers to ring, as a sentence; empty where they can."""
    if not any(always(post) for post in posts):
        return NONE_ALWAYS
    keys = [key_of(post) for post in posts]
    if len(set(keys)) < len(keys):
        return "This number stands in the list already"
    return f"The list may have {MOST_SIGNPOSTS} numbers at most" if len(posts) > MOST_SIGNPOSTS else ""


def tried_on(post: Post) -> dt.date | None:
    """When somebody last rang it to see whether it is answered; None where nobody said so."""
    try:
        return dt.date.fromisoformat(str(post.get("checked_on", "")))
    except ValueError:
        return None


def to_try(posts: Sequence[Post], today: dt.date) -> list[Post]:
    """Those that nobody tried in the last six months."""
    return [post for post in posts if (tried := tried_on(post)) is None or today - tried > TRY_AFTER]
