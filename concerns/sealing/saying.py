"""Takes a value out of an opened payload: whoever holds a public key may have put anything into it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

#: nobody sealed anything before, and no date of ours is reckoned beyond
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2999, 12, 31)


def said(payload: Mapping[str, Any], name: str) -> str:
    """The text under this name; empty where there is none, or something else."""
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def listed(payload: Mapping[str, Any], name: str) -> list[str]:
    """The texts of the list under this name."""
    value = payload.get(name)
    return [one for one in value if isinstance(one, str) and one] if isinstance(value, list) else []


def day_said(payload: Mapping[str, Any], name: str = "day") -> dt.date | None:
    """The date under this name; None where there is none that anybody could have meant."""
    try:
        day = dt.date.fromisoformat(said(payload, name))
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def number_said(payload: Mapping[str, Any], name: str) -> int:
    """The whole number under this name; 0 where there is none."""
    value = payload.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def pair_said(payload: Mapping[str, Any], name: str, highest: int) -> tuple[int, int] | None:
    """Two whole numbers from 1 to `highest` under this name; None where there is anything else."""
    value = payload.get(name)
    if not isinstance(value, list) or len(value) != 2:
        return None
    if not all(isinstance(one, int) and not isinstance(one, bool) and 1 <= one <= highest for one in value):
        return None
    return value[0], value[1]
