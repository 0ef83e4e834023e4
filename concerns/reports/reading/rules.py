"""Which sentence helps to read a report: chosen from directions that chance does not explain, and from what was expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from concerns.disclosure.periods import Period
from concerns.reports.control import Direction
from concerns.reports.reading.figures import MEASURES

EVENTS: Mapping[str, str] = {
    "campaign": "We made raising concerns easier",
    "inspection": "Inspection",
    "leader": "New director or leader",
    "begins": "A change begins",
    "ends": "A change ends",
}
EXPECTED: Mapping[str, str] = {"up": "More flags", "down": "Fewer flags"}
QUADRANTS: Mapping[tuple[Direction, Direction], str] = {
    (Direction.UP, Direction.DOWN): "Healthy: people trust the channel and things improve.",
    (Direction.UP, Direction.UP): "Real deterioration: ask for help early.",
    (Direction.DOWN, Direction.UP): "The most dangerous: silence. Check access, fear and leaders.",
    (
        Direction.DOWN,
        Direction.DOWN,
    ): "Solved or tired: check the closing questions, and whether staff know the channel.",
}


#: where measures disagree, whatever rises is looked into: what falls beside it takes nothing back
DISAGREE: Mapping[Direction, str] = {
    Direction.UP: "Take what rises as a real deterioration until you know better: ask for help early.",
    Direction.DOWN: "Fewer flags while any harm rises can be silence, the most dangerous: check access, fear and leaders.",
    Direction.STEADY: "No clear change in flags. Look into what rises by itself.",
}


@dataclass(frozen=True)
class Harm:
    """Where harm goes by each measure: one where fewer people feel safe is one where harm rises."""

    by_measure: Mapping[str, Direction]

    @property
    def direction(self) -> Direction:
        """Over all measures. One that rises is never taken back by another that falls."""
        known = set(self.by_measure.values()) - {Direction.EARLY}
        clear = known - {Direction.STEADY}
        if len(clear) > 1:
            return Direction.MIXED
        return next(iter(clear or known), Direction.EARLY)

    @property
    def rises(self) -> bool:
        """Whether any measure does."""
        return bool(self.going(Direction.UP))

    def going(self, *directions: Direction) -> list[str]:
        """What sentences call the measures that go there."""
        return [MEASURES[code].noun for code, one in self.by_measure.items() if one in directions]


@dataclass(frozen=True)
class Note:
    """An annotation, as it was written before the numbers that it explains."""

    event: str
    text: str
    period: Period
    expected: Direction
    settles: Period | None
    #: when, in words
    written: str

    def explains(self, period: Period) -> bool:
        """Whether this period lies within what was expected of."""
        return self.period.start <= period.start and period.end <= (self.settles or self.period).end


def quadrant(flags: Direction, harm: Harm) -> str:
    """The sentence of the four quadrants, or why none of them is said."""
    if (flags, harm.direction) in QUADRANTS:
        return QUADRANTS[flags, harm.direction]
    if flags is Direction.EARLY:
        early = "Too early to say: a direction of flags needs five quarterly or two yearly reports that show the total."
        return f"{early} {_rising(harm)}".rstrip()
    if harm.direction is Direction.MIXED:
        falling = _listed(harm.going(Direction.DOWN), "and", "falls", "fall")
        return f"The typed-in figures disagree: {_upward(harm)}, {falling}. {DISAGREE[flags]}"
    if harm.direction is Direction.EARLY:
        return "Too early to say: type in figures for this period and the four before it."
    if harm.rises:
        return f"No clear change in flags. {_rising(harm)}"
    steady = [
        name for name, one in (("flags", flags), ("the typed-in figures", harm.direction)) if one is Direction.STEADY
    ]
    return f"No clear change in {' and '.join(steady)}: nothing to read into them together."


def expectation(flags: Direction, harm: Harm, notes: Sequence[Note]) -> str:
    """What was said before the numbers were known, held against them; empty where nothing was, or nothing is clear."""
    if flags not in (Direction.UP, Direction.DOWN) or not notes:
        return ""
    as_said = [note for note in notes if note.expected is flags]
    if not as_said:
        word = "fewer" if flags is Direction.DOWN else "more"
        other = "more" if flags is Direction.DOWN else "fewer"
        return f"We had expected {other} flags (“{notes[-1].text}”). There are {word}. Ask why."
    note = as_said[-1]
    if harm.rises:
        return f"We expected this (“{note.text}”), but {_upward(harm)}: that does not explain it. Treat it as real."
    if flags is Direction.UP:
        return _before_better(note, harm)
    if harm.direction is Direction.EARLY:
        return f"We expected fewer flags (“{note.text}”). {_UNKNOWN}"
    return f"We expected fewer flags (“{note.text}”). {_not_risen(harm)}."


_UNKNOWN = "Whether harm rises cannot be said yet: type in the figures."


def _before_better(note: Note, harm: Harm) -> str:
    settles = f" and expect it to settle by {note.settles.in_words}" if note.settles else ""
    if harm.direction is Direction.EARLY:
        return f"More people are telling us. We expected this (“{note.text}”){settles}. {_UNKNOWN}"
    watched = _named(harm.going(Direction.STEADY, Direction.DOWN), "or")
    return (
        f"More people are telling us. {_not_risen(harm)}. We expected this (“{note.text}”){settles}; "
        f"we will call it a real deterioration if {watched} also rises. A fall next time would worry us more than a rise."
    )


def _not_risen(harm: Harm) -> str:
    """Of each measure that is known what it did: one of them does not speak for the others."""
    fallen = _listed(harm.going(Direction.DOWN), "and", "has fallen", "have fallen")
    steady = _listed(harm.going(Direction.STEADY), "and", "has not risen", "have not risen")
    said = "; ".join(filter(None, (fallen, steady)))
    return said[0].upper() + said[1:]


def _upward(harm: Harm) -> str:
    return _listed(harm.going(Direction.UP), "and", "rises", "rise")


def _rising(harm: Harm) -> str:
    """What rises is said even where flags have no direction: nobody shall wait for them."""
    said = _upward(harm)
    return f"But {said}: look into that by itself." if said else ""


def _listed(names: Sequence[str], word: str, one: str, many: str) -> str:
    """“sickness and turnover rise”; empty where there is none."""
    return f"{_named(names, word)} {many if len(names) > 1 else one}" if names else ""


def _named(names: Sequence[str], word: str) -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)
