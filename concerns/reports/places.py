"""What a release shows of divisions and areas, and where a place that was heard has fallen silent. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from concerns.areas.rules import NOT_SAID
from concerns.disclosure.display import REMEMBERED
from concerns.disclosure.document import Stored, Sum
from concerns.disclosure.nodes import Grain, Node
from concerns.disclosure.places import Place as Column
from concerns.reports.rows import NAMES, Row, name_of
from concerns.reports.silence import fallen_silent
from concerns.themes.rules import OTHER


@dataclass(frozen=True)
class Place:
    """A division or area: its total, and the themes that can be shown there."""

    name: str
    total: Row
    themes: tuple[Row, ...]
    #: 0 where it is no place but an answer that was not given
    staff: int


@dataclass(frozen=True)
class Section:
    """The places of one division, or all divisions."""

    name: str
    total: Row | None
    places: tuple[Place, ...]


@dataclass(frozen=True)
class _Held:
    """The nodes of one release by place."""

    stored: Stored
    nodes: Mapping[str, Sequence[Node]]

    @classmethod
    def of(cls, stored: Stored) -> "_Held":
        nodes: dict[str, list[Node]] = {}
        for node in stored.values:
            nodes.setdefault(node.area or node.division or NOT_SAID, []).append(node)
        return cls(stored, nodes)

    def staff(self, places: Sequence[str]) -> int:
        table = self.stored.table
        if NOT_SAID in places:
            return table.staff
        return sum(place.staff for place in table.places if place.name in places)

    def behind(self, places: Sequence[str]) -> tuple[Grain, frozenset[Column]]:
        """What the sum of some places hangs on beside the flags: two sums that differ here measure different things.

        Where nobody said it, that is all places: which ones there were to say.
        """
        table = self.stored.table
        return table.grain, frozenset(one for one in table.places if one.name in places or NOT_SAID in places)

    def sum_of(self, places: Sequence[str]) -> Sum:
        nodes = [node for place in places for node in self.nodes.get(place, ())]
        return self.stored.sum_of(nodes, self.staff(places))


def sections(stored: Stored, earlier: Sequence[Stored]) -> Iterable[Section]:
    """The parts of the organisation that the release tells apart; none where its grain has none."""
    table = stored.table
    if table.grain not in (Grain.THEMES_BY_DIVISION, Grain.THEMES_BY_AREA):
        return
    now, before = _Held.of(stored), [_Held.of(one) for one in earlier[-REMEMBERED:]]
    if table.grain is Grain.THEMES_BY_DIVISION:
        names = [*(place.name for place in table.places), NOT_SAID]
        yield Section("Divisions", None, tuple(_place(now, before, name) for name in names))
        return
    divisions = dict.fromkeys(place.division for place in table.places)
    for division in sorted(divisions, key=lambda name: (name is None, name)):
        own = [place.name for place in table.places if place.division == division]
        name = division or "Across divisions"
        yield Section(name, _total(now, before, name, own), tuple(_place(now, before, one) for one in own))
    yield Section(NAMES[NOT_SAID], None, (_place(now, before, NOT_SAID),))


def _place(now: _Held, before: Sequence[_Held], name: str) -> Place:
    stored = now.stored
    rows = [Row(name_of(stored, node.theme or OTHER), stored.node(node).shown) for node in now.nodes[name]]
    shown = sorted((row for row in rows if row.shown), key=lambda row: -row.shown.value if row.shown else 0)
    total = _total(now, before, NAMES.get(name, name), [name])
    return Place(total.name, total, tuple(shown), now.staff([name]) if name != NOT_SAID else 0)


def _total(now: _Held, before: Sequence[_Held], name: str, places: Sequence[str]) -> Row:
    """All flags of some places, or the sentence about their silence.

    A finer grain, a ward that left its pool, or other head-counts would look like silence: nothing is said of them, and
    no older release is asked instead. Nor would a smaller ε or a higher floor be silence.
    """
    found = now.sum_of(places)
    if found.shown:
        return Row(name, found.shown)
    behind = now.behind(places)
    sums = [(one.stored, one.sum_of(places) if one.behind(places) == behind else None) for one in before]
    silent, beside = fallen_silent(now.stored, found, sums)
    return Row(name, None, remark=silent, beside=beside)
