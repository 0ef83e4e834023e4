"""What the story's leaders promise: answers and actions that are kept, late, moved, dropped or still owed."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from concerns.audit.service import note
from concerns.demo.agenda import Deed, Player, day_of
from concerns.demo.releasing import Press
from concerns.learning.promises import service
from concerns.learning.promises.rules import ACTION, MADE, RESPONSE, Change
from concerns.learning.promises.service import NewAction
from concerns.learning.queries import may_say
from concerns.learning.released import Releases
from concerns.learning.rules import ANSWER, KINDS
from concerns.store.base import new_id
from concerns.store.house import House
from concerns.themes.queries import current_set

_Row = Mapping[str, Any]


def promised(script: Mapping[str, Any], leader: Player, press: Press, today: dt.date) -> Iterator[Deed]:
    """Every step of every promise of a sector's script, and the release of those that staff read."""
    for kind, rows in ((RESPONSE, script["responses"]), (ACTION, script["actions"])):
        for row in rows:
            yield from _Promise(kind, row, new_id(), leader, press, today).deeds()


@dataclass(frozen=True)
class _Promise:
    kind: str
    row: _Row
    promise_id: bytes
    leader: Player
    press: Press
    today: dt.date

    def deeds(self) -> Iterator[Deed]:
        yield Deed(self._day("made"), self._make)
        if "asked" in self.row:
            yield Deed(self._day("asked"), self._ask)
        if "released" in self.row:
            yield Deed(self._day("released"), self._release)
        first = self._change(MADE, self._day("made"), self.row)
        for n, step in enumerate(self.row.get("steps", ()), 1):
            later = self._change(step["what"], day_of(step["day"], self.today), {**vars(first), **step})
            yield Deed(later.day, partial(self._step, n=n, later=later))

    def _make(self, house: House) -> None:
        self._note(house)
        first = self._change(MADE, self._day("made"), self.row)
        with house.stores.write_released() as main:
            if self.kind == ACTION:
                names = ("theme", "what", "type", "strength", "owner", "until")
                service.make_action(main, self.promise_id, NewAction(*(self.row[name] for name in names)), first)
                return
            parts = {name: self.row[name] for name in KINDS[ANSWER]}
            theme = next(one for one in current_set(main, house.today()) if one.code == self.row["theme"])
            if not may_say(parts, theme, (), Releases(main)):
                parts["heard"] = ""  # no number of this theme is shown: it cannot be said what was heard
            service.make_response(main, self.promise_id, theme.code, parts, first)

    def _ask(self, house: House) -> None:
        """Hand the words to the guardians; those of an action may be plainer than leaders' own."""
        self._note(house)
        with house.stores.write_released() as main:
            now = service.words_of(main, self.promise_id)
            if now is not None and self.kind == ACTION:
                plainer = {"until": self.row.get("told_until"), "because": self.row.get("because")}
                parts = {**now.parts, **{name: text for name, text in plainer.items() if text}}
                service.write(main, self.promise_id, service.mark_of(now), parts)
            service.ask(main, self.promise_id)

    def _release(self, house: House) -> None:
        self._ask(house)
        with house.stores.read_main() as main:
            words = service.words_of(main, self.promise_id)
        if words is not None:
            self.press.release(house, words, house.today(), self.promise_id)

    def _step(self, house: House, n: int, later: Change) -> None:
        self._note(house)
        with house.stores.write_released() as main:
            service.change(main, self.promise_id, n, later)

    def _note(self, house: House) -> None:
        note(house, self.leader.person_id, "promised", about=f"{self.kind} {self.row['theme']}")

    def _day(self, name: str) -> dt.date:
        return day_of(self.row[name], self.today)

    def _change(self, what: str, day: dt.date, dates: _Row) -> Change:
        review = dates.get("review")
        return Change(
            what,
            day,
            day_of(dates["due"], self.today),
            None if review is None else day_of(review, self.today),
            dates.get("because", "") if what != MADE else "",
        )
