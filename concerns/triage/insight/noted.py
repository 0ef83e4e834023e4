"""What a guardian's desk has looked through for lessons: by week, in one small row, so that the large ones stay shut."""

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from concerns.sealing import shelf
from concerns.store.session import Stores
from concerns.themes.rules import ThemeFacts
from concerns.triage.insight.learnt import NOTED, digest_of

#: the row's size in bytes: at least, and for each week that has threads, whoever may open them
LEAST_BYTES, WEEK_BYTES = 256, 48


@dataclass(frozen=True)
class Noted:
    """The state of each week when it was looked through, and the weeks in which lessons wait for others of their kind."""

    weeks: Mapping[dt.date, str]
    left: frozenset[dt.date] = frozenset()

    def changed(self, states: Mapping[dt.date, str]) -> frozenset[dt.date]:
        """The weeks that are not what they were, those that came or went among them."""
        return frozenset(week for week in {*self.weeks, *states} if self.weeks.get(week) != states.get(week))


def noted(stores: Stores, owner: shelf.Owner, themes: Sequence[ThemeFacts]) -> Noted | None:
    """What was noted for these themes; None where nothing was: then all is to be looked through."""
    row = shelf.read(stores, owner, shelf.LEARNT, [NOTED]).get(NOTED)
    plain = json.loads(row) if row else {}
    if plain.get("themes") != digest_of(themes):
        return None
    weeks = {dt.date.fromisoformat(week): state for week, state in plain["weeks"].items()}
    return Noted(weeks, frozenset(map(dt.date.fromisoformat, plain["left"])))


def note(
    stores: Stores, owner: shelf.Owner, themes: Sequence[ThemeFacts], states: Mapping[dt.date, str],
    left: Collection[dt.date],
) -> bool:  # fmt: skip
    """Note that all these weeks are looked through. The note goes with what was learnt, at every purge."""
    plain = {
        "themes": digest_of(themes),
        "weeks": {str(week): state for week, state in states.items()},
        "left": sorted(map(str, left)),
    }
    payload, size = json.dumps(plain, separators=(",", ":")).encode(), LEAST_BYTES + WEEK_BYTES * len(states)
    return shelf.keep(stores, owner, [shelf.Row(shelf.LEARNT, NOTED, payload, size)], ())
