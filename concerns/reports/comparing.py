"""Which numbers of an older release may stand beside a number of a newer one, though the theme set changed. Pure.

All of it is read from the frozen bytes: a release says from which themes of earlier sets each of its themes comes.
"""

from collections.abc import Collection

from concerns.disclosure.document import Stored, Sum
from concerns.disclosure.nodes import Node
from concerns.themes.mapping import Lineage
from concerns.themes.rules import OTHER


def comparable(old: Stored, new: Stored, key: str) -> Sum | None:
    """What an older release says of a theme's code or a group's name of a newer one; None where it cannot be compared.

    Merged themes are the sum of what they were. Of a split one, or of a new one, there was no such number.
    """
    wanted = _codes(old, new, key)
    if wanted is None:
        return None
    # the one node of the whole is of no theme: it is not compared with “none of the themes”
    alike = [(_held(old, own[0]), own) for old_key, own in old.by_key.items() if old_key is not None]
    nodes = [node for held, own in alike if held <= wanted for node in own]
    held = frozenset().union(*(held for held, _own in alike if held <= wanted))
    return old.sum_of(nodes, old.table.staff) if nodes and held == wanted else None


def left_behind(old: Stored, new: Stored) -> list[str]:
    """The themes or groups of an older release that no number of the newer one can be compared with, in its order."""
    taken: set[str] = set()
    for key in keys_of(new):
        if comparable(old, new, key) is not None:
            taken |= _codes(old, new, key) or frozenset()
    return [key for key in keys_of(old) if not _codes_of_key(old, key) <= taken]


def keys_of(stored: Stored) -> list[str]:
    """The codes or groups that its nodes are of, in its order."""
    return [key for key in stored.by_key if key is not None]


def _codes(old: Stored, new: Stored, key: str) -> frozenset[str] | None:
    """Codes of the older set whose flags, and no others, belong to a theme or group of the newer one."""
    older = {theme.code for theme in old.table.themes}
    lines = {theme.code: Lineage(frozenset(theme.whole), frozenset(theme.partly)) for theme in new.table.themes}
    found: set[str] = set()
    for code in _codes_of_key(new, key):
        if code == OTHER:
            # what fits no theme is the same only where all themes are
            if not _same_themes(older, lines):
                return None
            found.add(OTHER)
            continue
        within = lines[code].within(code, older)
        if not within:
            return None
        found |= within
    return frozenset(found)


def _same_themes(older: Collection[str], lines: dict[str, Lineage]) -> bool:
    within = [line.within(code, older) for code, line in lines.items()]
    return all(within) and frozenset().union(*within) == frozenset(older)


def _codes_of_key(stored: Stored, key: str) -> frozenset[str]:
    return _held(stored, stored.by_key[key][0]) if key in stored.by_key else frozenset()


def _held(stored: Stored, node: Node) -> frozenset[str]:
    """The codes whose flags count in a node."""
    if node.group is None:
        return frozenset({node.theme or OTHER})
    own = {theme.code for theme in stored.table.themes if (theme.group or OTHER) == node.group}
    return frozenset(own | ({OTHER} if node.group == OTHER else set()))
