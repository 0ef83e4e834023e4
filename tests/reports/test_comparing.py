"""Releases of different years side by side, after themes were merged, split, added and retired."""

import datetime as dt
from collections import Counter
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.history import Terms
from concerns.disclosure.nodes import Grain, Table, ThemePart
from concerns.disclosure.periods import Period
from concerns.reports.comparing import comparable, keys_of, left_behind
from concerns.themes.mapping import Pair, lineages, pairs_of
from concerns.themes.rules import OTHER, ThemeFacts

OLD: tuple[str, ...] = ("A", "B", "C", "D", "E")


def stored(year: int, table: Table, told: Counter[str]) -> Stored:
    """A release without noise, of so many flags by the code that each was sorted under."""
    day = dt.date(year + 1, 1, 21)
    terms = Terms("Wendle Vale Trust", Fraction(1, 2), 1, table, 10, day, day)
    counted: Counter[object] = Counter()
    for code, count in told.items():
        counted[table.place(code, None)] += count
    return Stored.read(freeze(Period(year), terms, [counted[node] for node in table.nodes]))


def facts(codes: tuple[str, ...]) -> list[ThemeFacts]:
    return [ThemeFacts(code, code, None, None, "x", ()) for code in codes]


def table_of(codes: tuple[str, ...], grain: Grain, steps: tuple[frozenset[Pair], ...] = ()) -> Table:
    lines = lineages(steps, codes)
    parts = (
        ThemePart(code, f"About {code}", f"Group {code[0]}", tuple(sorted(line.whole)), tuple(sorted(line.partly)))
        for code, line in lines.items()
    )
    return Table(grain, tuple(parts), (), 10_000)


@st.composite
def changes(draw: st.DrawFn, old: tuple[str, ...], mark: str) -> tuple[tuple[str, ...], frozenset[Pair]]:
    """Whatever an admin may do to a set: each theme goes on, is merged into others, split, or retired."""
    new, moved = [], {}
    merged = [f"{mark}m", f"{mark}n"]
    for code in old:
        do = draw(st.sampled_from(["on", "on", "merge", "split", "retire", "both"]))
        if do == "on":
            new.append(code)
            continue
        parts = [f"{mark}{code}1", f"{mark}{code}2"] if do == "split" else []
        moved[code] = {"merge": merged[:1], "split": parts, "retire": [], "both": merged}[do]
        new += [part for part in moved[code] if part not in new]
    new.append(f"{mark}new")
    return tuple(new), pairs_of(facts(old), facts(tuple(new)), moved, old)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[str, ...]], list[frozenset[Pair]]]:
    """Three sets, and the two steps between them."""
    sets: list[tuple[str, ...]] = [OLD]
    steps: list[frozenset[Pair]] = []
    for mark in "xy":
        codes, pairs = draw(changes(sets[-1], mark))
        sets.append(codes)
        steps.append(pairs)
    return sets, steps


@settings(suppress_health_check=[HealthCheck.too_slow])  # a loaded machine may take its time
@given(histories(), st.sampled_from([(0, 1), (0, 2), (1, 2)]), st.sampled_from([Grain.THEMES, Grain.GROUPS]), st.data())
def test_what_is_put_side_by_side_is_of_the_same_flags(
    history: tuple[list[tuple[str, ...]], list[frozenset[Pair]]],
    years: tuple[int, int],
    grain: Grain,
    data: st.DataObject,
) -> None:
    """The same flags sorted by the older and by the newer set: every number that may be compared is equal."""
    sets, steps = history
    first, last = years
    tables = [table_of(sets[n], grain, tuple(steps[:n])) for n in range(3)]
    older: Counter[str] = Counter()
    newer: Counter[str] = Counter()
    for code in (*sets[first], OTHER):
        for _ in range(data.draw(st.integers(0, 3))):
            older[code] += 1
            for pairs in steps[first:last]:
                followers = sorted(new for old, new in pairs if old == code)
                code = data.draw(st.sampled_from(followers)) if followers else OTHER
            newer[code] += 1
    old, new = stored(2024 + first, tables[first], older), stored(2024 + last, tables[last], newer)
    for key in keys_of(new):
        before = comparable(old, new, key)
        now = new.sum_of([node for node in new.values if key in (node.theme, node.group)], 10_000)
        assert before is None or before.measured == now.measured, key


def test_an_unchanged_set_is_comparable_throughout() -> None:
    one = stored(2025, table_of(OLD, Grain.THEMES), Counter(A=30, other=4))
    assert {key: found.measured for key in keys_of(one) if (found := comparable(one, one, key))} == {
        "A": 30, "B": 0, "C": 0, "D": 0, "E": 0, "other": 4,
    }  # fmt: skip
    assert left_behind(one, one) == []


def test_a_merged_theme_is_the_sum_and_a_split_one_stays_as_it_was() -> None:
    codes = ("A", "BC", "D1", "D2", "N")
    pairs = pairs_of(facts(OLD), facts(codes), {"B": ["BC"], "C": ["BC"], "D": ["D1", "D2"], "E": []})
    old = stored(2025, table_of(OLD, Grain.THEMES), Counter(A=30, B=20, C=25, D=40, E=11))
    new = stored(2026, table_of(codes, Grain.THEMES, (pairs,)), Counter())
    merged = comparable(old, new, "BC")
    assert merged is not None and merged.shown is not None
    assert (merged.measured, merged.shown.value) == (45, 45)
    assert [key for key in keys_of(new) if comparable(old, new, key) is None] == ["D1", "D2", "N", "other"]
    assert left_behind(old, new) == ["D", "E", "other"]


def test_groups_are_compared_where_the_same_themes_stand_behind_them() -> None:
    old = stored(2025, table_of(OLD, Grain.THEMES), Counter(A=30, B=20))
    whole = stored(2026, table_of(OLD, Grain.GROUPS), Counter())
    found = comparable(old, whole, "Group A")
    assert found is not None and found.measured == 30
    assert comparable(whole, old, "A") is not None  # a group of this one theme
