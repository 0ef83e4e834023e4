"""What a stand-in sees: flags that the other guardians must not read, or cannot read now, and what was asked of her.

It is a rule of the program, which every page and the index keep; her key could open the rest.
"""

import datetime as dt
from dataclasses import dataclass

from concerns.triage.index.card import Card


@dataclass(frozen=True)
class Cover:
    """For whom she stands in, and how that stands today. Persons are as cards name them, days are ordinals."""

    me: str
    #: the guardians who are no stand-ins
    first: frozenset[str]
    away: frozenset[str]
    today: int
    #: the newest reading day before today, and whether anybody came on it; 0 where there was none yet
    reading_day: int
    kept: bool

    def shows(self, card: Card) -> bool:
        """Whether this flag is hers to see."""
        readers = self.first - set(card.kept_out)
        if not readers or self._asked(card):
            return True
        if card.closed:
            return False
        return readers <= self.away or card.holder in self.away or self._late(card)

    def _asked(self, card: Card) -> bool:
        """It was handed over to her, she sorted it last, or a second part waits for her."""
        return card.holder == self.me or card.asked_until >= self.today

    def _late(self, card: Card) -> bool:
        """A clock has run out, or somebody is in danger or suffers for it and nobody did anything on a reading day."""
        if 0 < card.owed_day < self.today or (0 < card.second < self.today and not card.finished):
            return True
        # what was collected in a week is there for everybody from its end on
        there = (card.week + dt.timedelta(days=7)).toordinal() <= self.reading_day
        urgent = (card.danger and not card.sorted) or (card.detriment and not card.detriment_answered)
        missed = not self.kept and not card.sorted
        return there and (urgent or missed)
