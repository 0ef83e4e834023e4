"""What became of themes from one version of the set to the next, and which older themes a newer one stands for. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from concerns.themes.rules import ThemeFacts

#: (older code, newer code): a theme that goes on under its code has a pair of its own
Pair = tuple[str, str]


class ChangeRefused(ValueError):
    """A change of the theme set after which numbers of different years could not be told apart; the message says why."""


@dataclass(frozen=True)
class Lineage:
    """The codes of all earlier sets that a theme comes from."""

    #: whose flags all belong to it
    whole: frozenset[str] = frozenset()
    #: of whose flags some belong to it: such numbers cannot be put beside its own
    partly: frozenset[str] = frozenset()

    def within(self, code: str, older: Collection[str]) -> frozenset[str]:
        """Which themes of an older set add up to this one; none where nothing there can be compared with it."""
        if self.partly.intersection(older):
            return frozenset()
        return frozenset({code, *self.whole}).intersection(older)


def pairs_of(
    old: Sequence[ThemeFacts],
    new: Sequence[ThemeFacts],
    moved: Mapping[str, Collection[str]],
    used: Collection[str] = (),
) -> frozenset[Pair]:
    """The mapping from one set to the next. Raises ChangeRefused.

    `moved` says for each theme that does not go on under its code where its flags belong from then on: one code for a
    merged theme, several for a split one, none for a retired one. `used` are the codes of all sets there ever were.
    """
    before, after = {theme.code for theme in old}, {theme.code for theme in new}
    names = {theme.code: theme.name for theme in (*new, *old)}
    for code in sorted(before - after - set(moved)):
        raise ChangeRefused(f"Say what becomes of “{names[code]}”: merged, split or retired.")
    for code in sorted(set(moved) - before):
        raise ChangeRefused(f"There is no theme with the code “{code}” that could be merged, split or retired.")
    for code in sorted(set(moved) & after):
        raise ChangeRefused(f"“{names[code]}” goes on, so its code stays its own. Give the parts of it new codes.")
    for code, others in sorted(moved.items()):
        if missing := sorted(set(others) - after):
            raise ChangeRefused(f"“{names[code]}” is to become “{missing[0]}”, which is not in the new set.")
    for code in sorted(after - before):
        if code in used:
            raise ChangeRefused(f"The code “{code}” stood for another theme before. Choose a new one.")
    return frozenset(
        {(code, code) for code in before & after} | {(o, n) for o, others in moved.items() for n in others}
    )


def lineages(steps: Iterable[Collection[Pair]], newest: Iterable[str]) -> dict[str, Lineage]:
    """Where each theme of the newest set comes from, by the mappings of all steps from the first set on."""
    found: dict[str, Lineage] = {}
    for pairs in steps:
        found = {code: _one_step(code, pairs, found) for code in {new for _old, new in pairs}}
    return {code: found.get(code, Lineage()) for code in newest}


def later_codes(own: Collection[str], newer: Mapping[str, Lineage]) -> dict[str, str]:
    """For codes of a newer set: the one theme of this set that their flags come from, where there is just one.

    A flag of the year before may be sorted when the new set is in force already.
    """
    sources = {code: {*line.whole, *line.partly}.intersection(own) for code, line in newer.items() if code not in own}
    return {code: next(iter(found)) for code, found in sources.items() if len(found) == 1}


def _one_step(code: str, pairs: Collection[Pair], before: Mapping[str, Lineage]) -> Lineage:
    whole: set[str] = set()
    partly: set[str] = set()
    for old in {old for old, new in pairs if new == code}:
        line = before.get(old, Lineage())
        alone = {new for one, new in pairs if one == old} == {code}
        (whole if alone else partly).update({old, *line.whole})
        partly |= line.partly
    return Lineage(frozenset(whole - {code}), frozenset(partly))
