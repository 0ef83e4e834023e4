"""What the D-tests state of the gate, as functions: the tests hold them against the gate, and the mutants must fail them.

Those of D2, D4, D5, D6, D8, D11 and D14 want the noise silent, so that they see what was counted.
"""

import contextlib
import datetime as dt
import hashlib
import itertools
import json
import math
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from unittest.mock import patch

import pytest
from sqlalchemy import delete, select, update

from concerns.areas.model import Area, Division, Organisation
from concerns.areas.rules import NOT_SAID, AreaFacts
from concerns.charter.policy import Policy
from concerns.charter.versions import YearRules
from concerns.disclosure import budget, display, facts, handing, service
from concerns.disclosure.display import HIDDEN
from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.grain import choose
from concerns.disclosure.history import Terms
from concerns.disclosure.law import half_width, pmf, variance
from concerns.disclosure.ledger import Ledger, LedgerRefused
from concerns.disclosure.model import LedgerMark, Release
from concerns.disclosure.nodes import Grain, Handling, Node, Table, ThemePart
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.queries import frozen_release, ledger_problems, release, release_document, releases
from concerns.disclosure.sampler import discrete_laplace
from concerns.disclosure.turns import AlreadyFrozen, CloseRefused, SameGuardian, TooEarly, TooFewStaff, Undeclared
from concerns.reports.rules import report
from concerns.store.base import new_id
from concerns.themes.rules import ThemeFacts
from concerns.themes.service import change_theme_set, store_theme_set
from tests.disclosure.gate import Q1, SITE, THEMES, Gate, Told, areas, counts, event, flag, id_of, themes
from tests.disclosure.statistics import ALMOST_NEVER, law_p, pairs_p
from tests.reports.read_back import numbers_in

Check = Callable[[Gate], None]
HALF = Fraction(1, 2)
Q2, Q3, Q4, YEAR = Period(2026, 2), Period(2026, 3), Period(2026, 4), Period(2026)
QUARTERS = [Q1, Q2, Q3, Q4]
HANDLED = Period(2026, handling=True)
CUT_OFF = dt.date(2026, 4, 21)
#: so many flags that every table is as fine as it may be
MANY = 100_000


def totals(gate: Gate, *periods: Period) -> list[int]:
    return [sum(gate.close(period).values.values()) for period in periods]


# D2


def d2_not_before_the_calendar_date(gate: Gate) -> None:
    with pytest.raises(TooEarly, match="2026-Q1 can be closed from 21 April 2026"):
        gate.part(Q1, "gita", CUT_OFF - dt.timedelta(days=1))


def d2_what_is_sorted_on_the_cut_off_day_counts_in_the_next_period(gate: Gate) -> None:
    """Whoever presses in the morning counts what somebody would who presses in the evening."""
    sorted_on = [CUT_OFF - dt.timedelta(days=1)] * 20 + [CUT_OFF] * 5
    gate.flags = [Told(records=((day, "T00", None),)) for day in sorted_on]
    assert totals(gate, Q1, Q2) == [20, 5]


def d2_what_counts_does_not_depend_on_when_the_button_is_pressed(gate: Gate) -> None:
    late = Told(records=((dt.date(2026, 5, 1), "T00", None),))
    gate.flags = [flag(), late]
    stored = gate.close(Q1, today=dt.date(2026, 6, 30))
    assert sum(stored.values.values()) == 1
    assert stored.terms.frozen_on == CUT_OFF


def d2_the_second_part_adds_only_what_the_first_could_not_open(gate: Gate) -> None:
    gate.flags = [flag(excludes="gita")]
    gate.part(Q1, "gita")
    gate.flags += [flag(), flag(excludes="gita")]  # both claim a day long before the cut-off
    gate.part(Q1, "gwen")
    assert sum(gate.stored(Q1).values.values()) == 1


# D3


def forget(gate: Gate) -> None:
    """Restore a database from before the close: no release, and a mark that knows the ledger's first line only."""
    first = gate.ledger.lines()[0]
    with gate.stores.write_main() as main:
        main.execute(delete(Release))
        main.execute(update(LedgerMark).values(lines=first.number, head=first.head))


def d3_one_draw_is_all_there_ever_is(gate: Gate) -> None:
    """After every part the database is set back, and whoever tries again gets the first draw or nothing."""
    gate.flags = [flag()]
    gate.part(Q1, "gita")
    vector = str(gate.ledger.lines()[-1].entry["vector"])
    forget(gate)
    with pytest.raises(SameGuardian):
        gate.part(Q1, "gita")
    gate.part(Q1, "gwen")
    frozen = gate.stored(Q1)
    assert list(frozen.values.values()) == json.loads(gate.closer("gwen").unseal(vector.encode()))["measured"]
    for who in ("gita", "gwen"):
        forget(gate)
        with pytest.raises(AlreadyFrozen):
            gate.part(Q1, who)
        assert gate.stored(Q1) == frozen
    assert [line.entry.get("step") for line in gate.ledger.lines()] == [None, "begun", "frozen"]


def d3_nothing_is_released_before_its_line_is_on_the_disk(gate: Gate) -> None:
    gate.part(Q1, "gita")
    with patch.object(Ledger, "append", side_effect=OSError), contextlib.suppress(OSError):
        gate.part(Q1, "gwen")
    with gate.stores.read_main() as main:
        assert release(main, Q1) is None
    gate.part(Q1, "gwen")
    with gate.stores.read_main() as main:
        row = main.scalars(select(Release)).one()
        assert row.body.decode() == gate.ledger.lines()[row.line - 1].entry["body"]


def d3_a_draw_that_lacks_the_end_of_its_line_is_the_draw(gate: Gate) -> None:
    """A kill left all of the line but its end; whoever copied the file then has the vector, and gets no second one."""
    gate.flags = [flag()]
    gate.part(Q1, "gita")
    drawn = gate.closer("gwen").unseal(gate.history().vector_of(Q1))
    gate.ledger.path.write_bytes(gate.ledger.path.read_bytes()[:-1])
    forget(gate)
    with contextlib.suppress(SameGuardian):
        gate.part(Q1, "gita")
    assert gate.closer("gwen").unseal(gate.history().vector_of(Q1)) == drawn
    assert gate.part(Q1, "gwen").frozen


def d3_a_cut_ledger_is_refused(gate: Gate) -> None:
    """Also where somebody deleted the release beside it."""
    gate.close(Q1)
    first = gate.ledger.path.read_bytes().splitlines(keepends=True)[0]
    gate.ledger.path.write_bytes(first)
    with gate.stores.write_main() as main:
        main.execute(delete(Release))
    with pytest.raises(LedgerRefused, match="has 1 lines; the database knows 3"):
        gate.part(Q1, "gita")


def d3_a_changed_release_row_is_noticed(gate: Gate) -> None:
    gate.close(Q1)
    with gate.stores.write_main() as main:
        main.scalars(select(Release)).one().body += b" "
    with pytest.raises(LedgerRefused, match="not the one in the ledger"):
        gate.history()


def d3_every_tampering_is_named(gate: Gate) -> None:
    """A changed, a deleted and an added release, a changed and a cut ledger: each by itself, and all rows at once."""
    with_organisation(gate)
    for period in (Q1, Q2):
        gate.close(period)
    whole = gate.ledger.path.read_bytes()
    assert problems(gate) == []
    added = {"kind": "year", "period": "2025", "frozen_on": CUT_OFF, "body": b"{}", "line": 99, "head": b"x" * 32}
    with gate.stores.write_main() as main:
        main.execute(update(Release).where(Release.period == "2026-Q1").values(head=b"y" * 32))
        main.execute(delete(Release).where(Release.period == "2026-Q2"))
        main.add(Release(**added))
    told = " ".join(problems(gate))
    assert len(problems(gate)) == 3
    assert all(
        said in told for said in ("of 2026-Q1 (quarter) in the", "of 2026-Q2 stands in", "of 2025 (year) in the")
    )
    for spoilt in (whole.replace(b"Wendle", b"Wandle", 1), b"".join(whole.splitlines(keepends=True)[:-1]), whole[:-1]):
        gate.ledger.path.write_bytes(spoilt)
        assert "ledger" in " ".join(problems(gate))
    gate.ledger.path.unlink()
    assert "missing or empty" in problems(gate)[0]


def problems(gate: Gate) -> Sequence[str]:
    with gate.stores.read_main() as main:
        return ledger_problems(main, gate.ledger)


# D4


def d4_a_code_of_another_year_counts_where_its_flags_belong(gate: Gate) -> None:
    """A flag sorted before the new year by the old set, or after it by the new one."""
    merged = ThemePart("T00", "Theme 0", "Group 0", whole=("old-1", "old-2"), later=("next",))
    split = ThemePart("T01", "Theme 1", "Group 1", partly=("old-3",))
    gate.with_facts(estimate=MANY, themes=[merged, split, *THEMES[2:]])
    gate.flags = [flag(code) for code in ("old-1", "old-2", "next", "T00", "old-3", "gone")]
    assert counts(gate.close(Q1)) == {"T00/Ward 1": 4, "other/Ward 1": 2}


def d4_every_node_is_there_the_empty_ones_too(gate: Gate) -> None:
    stored = gate.close(Q1)
    assert set(stored.values) == set(stored.table.nodes)
    assert set(stored.values.values()) == {0}


def d4_a_flag_that_excludes_one_closer_is_counted_once(gate: Gate) -> None:
    gate.flags = [flag(), flag(excludes="gita"), flag(excludes="gwen")]
    assert totals(gate, Q1, Q2) == [3, 0]


def d4_each_flag_counts_in_its_node(gate: Gate) -> None:
    gate.with_facts(estimate=MANY)
    gate.flags = [flag("T00", "ward-1"), flag("T00", "ward-1"), flag("T03", None), flag("gone", "estates")]
    assert counts(gate.close(Q1)) == {"T00/Ward 1": 2, "T03/not-said": 1, "other/Estates": 1}


def d4_each_flag_counts_once_in_the_table_of_how_it_was_handled(gate: Gate) -> None:
    with_handling(gate).flags = [
        *(replace(flag(), handling=Handling(severe=True, in_time=False, discouraged=True)) for _ in range(3)),
        flag("T03", None),
    ]
    stored = gate.close(HANDLED)
    assert (stored.table.grain, len(stored.values)) == (Grain.HANDLING, 8)
    assert counts(stored) == {"severe+discouraged": 3, "in_time": 1}


def with_handling(gate: Gate, epsilon: Fraction = Fraction(1, 4)) -> Gate:
    return gate.with_facts(kinds={**gate.facts.kinds, "handling": epsilon})


# D5


def d5_a_late_flag_counts_in_the_next_period_once(gate: Gate) -> None:
    gate.flags = [Told(records=((CUT_OFF, "T00", None),))]
    assert totals(gate, Q1, Q2, Q3) == [0, 1, 0]


def d5_a_flag_counts_once_in_each_kind(gate: Gate) -> None:
    with_handling(gate).flags = [flag()]
    years = YEAR, HANDLED, Period(2027), HANDLED.next()
    assert totals(gate, *QUARTERS, *years) == [1, 0, 0, 0, 1, 1, 0, 0]


def d5_of_an_event_what_was_handled_alike_counts_once(gate: Gate) -> None:
    one, hard = event(), Handling(severe=True, in_time=True, discouraged=True)
    tellings = [flag(event=one, excludes=who) for who in (None, "gita", "gwen")]
    with_handling(gate).flags = [*tellings, *(replace(told, handling=hard, thread_id=new_id()) for told in tellings)]
    assert counts(gate.close(HANDLED)) == {"in_time": 1, "severe+in_time+discouraged": 1}


def d5_one_thread_counts_once_however_often_it_is_found(gate: Gate) -> None:
    gate.flags = [flag()] * 5
    assert totals(gate, Q1) == [1]


def d5_an_event_counts_once_in_a_period_and_kind(gate: Gate) -> None:
    """Told by three in one quarter, by two in the next, by one late; whoever opens which of them."""
    one = event()
    early = [flag(event=one, excludes=who) for who in (None, "gita", "gwen")]
    later = [Told(dt.date(2026, 5, 4), ((dt.date(2026, 5, 4), "T03", None),), who, event=one) for who in (None, "gita")]
    late = Told(records=((dt.date(2026, 8, 3), "T03", None),), event=one)
    gate.flags = [*early, *later, late]
    assert totals(gate, *QUARTERS, YEAR, Period(2027)) == [1, 1, 1, 0, 1, 0]


def d5_an_event_counts_in_its_own_place(gate: Gate) -> None:
    """Wherever its tellings are sorted, before and after."""
    gate.with_facts(estimate=MANY)
    gate.flags = [flag(theme, area, event=event("T02", "ward-2")) for theme, area in (("T00", "ward-1"), ("T01", None))]
    gate.flags = [replace(one, event=gate.flags[0].event) for one in gate.flags]
    assert counts(gate.close(Q1)) == {"T02/Ward 2": 1}


def d5_taken_apart_after_the_freeze_it_adds_nothing(gate: Gate) -> None:
    one = event()
    gate.flags = [flag(event=one) for _ in range(3)]
    first = gate.close(Q1)
    gate.flags = [replace(told, event=None) for told in gate.flags]
    assert [sum(first.values.values()), *totals(gate, Q2, Q3)] == [1, 0, 0]


def d5_linked_after_the_freeze_it_moves_nothing(gate: Gate) -> None:
    gate.with_facts(estimate=MANY)
    gate.flags = [flag("T00"), flag("T01")]
    first = counts(gate.close(Q1))
    gate.flags = [replace(told, event=event("T02")) for told in gate.flags]
    assert (first, counts(gate.close(Q2))) == ({"T00/Ward 1": 1, "T01/Ward 1": 1}, {})


# D6


def d6_kinds_beyond_the_ceiling_are_refused(gate: Gate) -> None:
    assert budget.CEILING == 2
    gate.with_facts(kinds={"quarter": Fraction(2), "year": HALF})
    with pytest.raises(Undeclared, match="ceiling"):
        gate.part(Q1, "gita")


def d6_a_table_of_how_flags_were_handled_costs_little(gate: Gate) -> None:
    with pytest.raises(Undeclared, match="by handling are not declared"):
        gate.part(HANDLED, "gita")
    with_handling(gate, HALF)
    with pytest.raises(Undeclared, match="at most"):
        gate.part(HANDLED, "gita")


def d6_an_undeclared_kind_is_refused(gate: Gate) -> None:
    gate.with_facts(kinds={"year": Fraction(1)})
    with pytest.raises(Undeclared, match="by quarter are not declared"):
        gate.part(Q1, "gita")


def d6_a_flag_over_its_budget_is_left_out_and_blocks_nothing(gate: Gate) -> None:
    gate.with_facts(kinds={"quarter": Fraction(3, 2), "year": HALF})
    gate.flags = [Told(dt.date(2026, 12, 7), ((dt.date(2027, 1, 5), "T00", None),))]
    try:
        assert totals(gate, *QUARTERS) == [0, 0, 0, 1]
        # another policy for the year: the flag that spent 3/2 in its quarter cannot spend 3/2 again
        gate.with_facts(kinds={"quarter": HALF, "year": Fraction(3, 2)})
        gate.flags.append(Told(dt.date(2026, 12, 7), ((dt.date(2027, 1, 19), "T00", None),), excludes="nobody"))
        gate.flags.append(flag())  # told in February, not counted in its quarter: it was imported later
        assert totals(gate, YEAR) == [2]
    except CloseRefused as blocked:
        raise AssertionError("one flag blocked a release") from blocked


def d6_below_forty_staff_nothing_is_closed(gate: Gate) -> None:
    """Whatever the policy declares: the head-counts may have fallen since, or somebody declared kinds later."""
    few = [replace(area, staff=area.staff // 8) for area in gate.facts.areas]
    assert sum(area.staff for area in few) < budget.STAFF_FROM
    gate.with_facts(areas=few)
    for period in (Q1, YEAR, HANDLED):
        gate.with_facts(kinds={str(period.kind): Fraction(1, 4)})
        with pytest.raises(TooFewStaff, match=f"{period} cannot be closed: the areas have .* below 40"):
            gate.part(period, "gita", dt.date(2027, 2, 1))
    assert len(gate.ledger.lines()) == 1


# D7


@dataclass(frozen=True)
class Verdict:
    """p of the law over all draws, and of independence between neighbours in a table and between releases."""

    draws: int
    law: float
    beside: float
    after: float
    #: of the nodes that hold no flag in a table that holds some
    empty: float

    @property
    def passes(self) -> bool:
        return min(self.law, self.beside, self.after, self.empty) > ALMOST_NEVER


def judged(gate: Gate, epsilon: Fraction, *, rows: int = 256) -> Verdict:
    """Close four quarters of rows × 100 nodes, take off the true counts, and judge what is left."""
    gate.with_facts(kinds={"quarter": epsilon}, themes=themes(rows - 1), areas=areas(99), estimate=10**9)
    gate.flags = [flag(f"T{n % 50:03}", f"a{n % 60:03}") for n in range(3000)]
    first = gate.close(QUARTERS[0])
    true = dict.fromkeys(first.values, 0)
    table = gate.history().terms_of(QUARTERS[0]).table
    for told in gate.flags:
        true[table.place(*told.records[0][1:])] += 1
    noise = [[first.values[node] - true[node] for node in true]]
    # later quarters count nothing: every node of theirs is empty
    noise += [list(gate.close(period).values.values()) for period in QUARTERS[1:]]
    draws = list(itertools.chain.from_iterable(noise))
    beside = [(row[n], row[n + 1]) for row in noise for n in range(0, len(row) - 1, 2)]
    after = [pair for one, two in zip(noise[::2], noise[1::2], strict=True) for pair in zip(one, two, strict=True)]
    empty = [first.values[node] for node, count in true.items() if not count]
    return Verdict(
        len(draws), law_p(draws, epsilon), pairs_p(beside, epsilon), pairs_p(after, epsilon), law_p(empty, epsilon)
    )


def d7_the_noise_has_its_law(gate: Gate) -> None:
    """In a small table: enough to tell every build that cheats, and wrong once in a million about one that does not."""
    assert judged(gate, Fraction(2), rows=32).passes


def d7_what_is_handed_on_is_the_same_draw(gate: Gate) -> None:
    """To a guardian who came since, byte for byte; and never to the one who drew it."""
    gate.flags = [flag(), flag(excludes="gita")]
    gate.part(Q1, "gita")
    drawn = gate.closer("gwen").unseal(gate.history().vector_of(Q1))
    gate.guardians = ("gita", "gwen", "cora")
    assert handing.hand_on(gate.stores, gate.ledger, SITE, gate.closer("gwen"))
    handed = gate.history().vector_of(Q1)
    assert gate.closer("gwen").reaches(handed, id_of("gita"))
    assert gate.closer("cora").unseal(handed) == gate.closer("gwen").unseal(handed) == drawn
    with pytest.raises(ValueError, match="not for this key"):
        gate.closer("gita").unseal(handed)


# D8


def d8_neighbouring_data_give_the_same_terms(gate: Gate) -> None:
    with_handling(gate)
    first = [service.terms_for(gate.history(), gate.facts, period, CUT_OFF) for period in (Q1, HANDLED)]
    for flags in ([], [flag()], [flag() for _ in range(400)], [flag(f"new{n}", f"gone{n}") for n in range(40)]):
        other = gate.again(*flags)
        for period in (Q1, HANDLED):
            other.part(period, "gita")
        assert [other.history().terms_of(period) for period in (Q1, HANDLED)] == first


def d8_terms_are_fixed_at_the_year_s_first_close(gate: Gate) -> None:
    first = gate.close(Q1)
    other = [ThemePart("T99", "What happened on Ward 1 in May", None)]
    gate.with_facts(estimate=MANY, kinds={"quarter": Fraction(1), "year": HALF}, theme_set=2, themes=other)
    second = gate.close(Q2)
    assert second.table == first.table
    assert (second.terms.epsilon, gate.history().terms_of(Q2).theme_set) == (HALF, 1)


def d8_a_flag_of_the_first_days_makes_no_release_of_its_own(gate: Gate) -> None:
    """The service starts on a Thursday; the Monday of that week lies in the year before."""
    assert gate.facts.launched_on == dt.date(2026, 1, 1)
    told = Told(dt.date(2025, 12, 29), ((dt.date(2026, 1, 5), "T00", None),))
    for flags in ([], [told]):
        other = gate.again(*flags)
        try:
            assert totals(other, Q1) == [len(flags)]
        except CloseRefused as refusal:
            raise AssertionError("a flag settles which releases there are") from refusal


def d8_a_year_is_counted_by_the_theme_set_of_its_first_day(gate: Gate) -> None:
    """A change waits for the new year, though it was made before; both years know each other's codes."""

    def some(*codes: str) -> list[ThemeFacts]:
        return [ThemeFacts(code, f"About {code}", None, None, "What it is.", ()) for code in codes]

    with with_organisation(gate).stores.write_main() as main:
        main.add(Division(name="Medicine", areas=[Area(code="ward-1", name="Ward 1", staff=60)]))
        store_theme_set(main, some("A", "B", "D"), Q1.start)
        moved = {"A": ["AB"], "B": ["AB"], "D": ["D1", "D2"]}
        change_theme_set(main, some("AB", "D1", "D2"), moved, dt.date(2026, 3, 2))
    with gate.stores.read_main() as main:
        this, following = (facts.public_facts(main, YearRules(Policy(kinds={})), year) for year in (2026, 2027))
    assert {theme.code: theme.later for theme in this.themes} == {"A": (), "B": (), "D": ("D1", "D2")}
    assert {theme.code: (theme.whole, theme.partly) for theme in following.themes} == {
        "AB": (("A", "B"), ()),
        "D1": ((), ("D",)),
        "D2": ((), ("D",)),
    }


def d8_a_split_agreed_during_the_year_keeps_its_flags_in_the_theme(gate: Gate) -> None:
    """The year's table is of its first close; what is told in December may be sorted in January, by the next set."""

    def some(*codes: str) -> list[ThemeFacts]:
        return [ThemeFacts(code, f"About {code}", None, None, "What it is.", ()) for code in codes]

    with with_organisation(gate).stores.write_main() as main:
        main.add(Division(name="Medicine", areas=[Area(code="ward-1", name="Ward 1", staff=60)]))
        store_theme_set(main, some("A", "D"), Q1.start)
    week = dt.date(2026, 12, 7)
    gate.flags = [Told(week, ((dt.date(2027, 1, 5), code, "ward-1"),)) for code in ("D", "D1", "D2", "A")]

    def close(period: Period) -> Stored:
        with gate.stores.read_main() as main:
            rules = YearRules(Policy(kinds={"quarter": HALF}))
            gate.facts = facts.public_facts(main, rules, period.year)
        return gate.close(period)

    first = close(Q1)
    with gate.stores.write_main() as main:
        change_theme_set(main, some("A", "D1", "D2"), {"D": ["D1", "D2"]}, dt.date(2026, 6, 1))
    last = [close(period) for period in (Q2, Q3, Q4)][-1]
    assert first.table.nodes == last.table.nodes
    assert counts(last) == {"A": 1, "D": 3}


# D9


def some_areas(rng: random.Random) -> list[AreaFacts]:
    return [
        AreaFacts(f"a{n}", f"Area {n}", rng.choice(["Medicine", "Surgery", "Support", "Corporate"]), rng.randrange(90))
        for n in range(rng.randrange(15))
    ]


def enough_staff_behind(areas: Sequence[AreaFacts], smallest: int) -> set[Grain]:
    """Hold D9 against the finest tables of an organisation; returns their grains."""
    grains = set()
    for per_year in (10**6, 200):
        table = choose(Kind.YEAR, HALF, per_year, THEMES, areas, smallest)
        grains.add(table.grain)
        placed = [node for node in table.nodes if (node.area or node.division or NOT_SAID) != NOT_SAID]
        assert all(table.headcount(node) >= max(20, smallest) for node in placed)
        if placed:
            codes = sorted(code for place in table.places for code in place.codes)
            assert codes == sorted(area.code for area in areas)
            assert sum(place.staff for place in table.places) == sum(area.staff for area in areas)
    return grains


def d9_every_area_node_stands_for_twenty_staff(_gate: Gate) -> None:
    rng = random.Random(9)
    grains = set()
    for _ in range(300):
        grains |= enough_staff_behind(some_areas(rng), rng.choice([0, 5, 20, 35]))
    assert Grain.THEMES_BY_AREA in grains


# D10


def d10_shown_as_stored_or_hidden_by_the_rule(_gate: Gate) -> None:
    for stored, nodes, epsilon, staff in itertools.product(
        [*range(-30, 80), 400], [1, 7], [HALF, Fraction(1), Fraction(2)], [0, 40, 100, 2000]
    ):
        shown = display.show(stored, nodes, epsilon, staff)
        least = max(10, 5 + 3 * math.sqrt(variance(epsilon, nodes)))
        assert (shown is None) == (stored < least or 4 * stored > staff)
        if shown is not None:
            assert shown.value == stored
            assert shown.high - stored == stored - shown.low == half_width(epsilon, nodes)


def made_up(values: dict[str, int], *, staff: int = 4000, themes: Sequence[ThemePart] = THEMES) -> Stored:
    """A frozen release in which the other themes measured 0."""
    table = Table(Grain.THEMES, tuple(themes), (), staff)
    day = Q1.cut_off(21)
    terms = Terms("Wendle Vale Trust", HALF, 1, table, 10, day, day)
    return Stored.read(freeze(Q1, terms, [values.get(node.theme or "", 0) for node in table.nodes]))


def d10_zero_few_hidden_and_saturated_are_the_same_in_every_file(_gate: Gate) -> None:
    documents = [made_up({"T00": value}, staff=200) for value in (-8, 0, 3, 13, 190)]
    assert len({json.dumps(document.as_document()) for document in documents}) == 1
    assert len({str(list(document.rows())) for document in documents}) == 1
    assert len({str(report(document, []).rows) for document in documents}) == 1
    assert {row.text.casefold() for row in report(documents[0], []).rows} == {HIDDEN.casefold()}


def d10_only_four_shown_releases_make_a_silence(_gate: Gate) -> None:
    shown = [display.show(value, 1, HALF, 4000) for value in (50, 44, 41, 40)]
    assert display.silence(shown, 3, 14) == "was about 40, now fewer than we can show"
    assert all(display.silence([*shown[:n], None, *shown[n + 1 :]], 3, 14) is None for n in range(4))
    assert display.silence(shown[1:], 3, 14) is None
    assert display.silence(shown, 400, 14) is None


# D11

KINDS = {"quarter": HALF, "year": Fraction(1), "handling": Fraction(1, 4)}


def told(rng: random.Random) -> Told:
    """A flag of any week, first sorted in time, late or never, perhaps sorted twice, perhaps excluding somebody.

    Its area may be one of those that are merged.
    """
    week = dt.date(2026, 1, 5) + dt.timedelta(weeks=rng.randrange(48))
    first = week + dt.timedelta(days=rng.choice([0, 10, 60, 200]))
    days = [first, first + dt.timedelta(days=30)][: rng.choice([0, 1, 1, 2])]
    area = [rng.choice(["ward-1", "estates", "day-surgery", "theatres", None]) for _ in days]
    records = tuple((day, rng.choice(["T00", "T01", None]), area[n]) for n, day in enumerate(days))
    handling = Handling(*(rng.random() < 0.5 for _ in range(3)))
    return Told(week, records, rng.choice([None, None, "gita", "gwen"]), handling=handling)


def likelihood_ratio(kind: Kind, by: int) -> float:
    """The largest ratio of one node's law where its count differs by so much, over all values: by enumeration."""
    epsilon = KINDS[kind]
    return max(pmf(epsilon, x - by) / pmf(epsilon, x) for x in range(-200, 201))


Released = dict[tuple[Period, Node], int]


def released(gate: Gate) -> Released:
    """Every stored value of a year and of a quarter into the next, which may count what was late."""
    gate.with_facts(kinds=KINDS, estimate=MANY)
    periods = [*QUARTERS, YEAR, HANDLED]
    return {(period, node): value for period in periods for node, value in gate.close(period).values.items()}


def moved(one: Released, two: Released) -> list[tuple[Period, Node, int]]:
    """Where two data sets differ, with the same noise; their node lists must be the same."""
    assert set(one) == set(two)
    return [(*key, two[key] - one[key]) for key in one if two[key] != one[key]]


def within_the_bound(first: Released, second: Released) -> None:
    changes = moved(first, second)
    assert len({period.kind for period, _node, _by in changes}) == len(changes)
    ratio = math.prod(likelihood_ratio(period.kind, by) for period, _node, by in changes)
    assert ratio <= math.exp(sum(KINDS.values())) * (1 + 1e-9)


def neighbours_stay_within_the_bound(gate: Gate, seed: int) -> None:
    """With one flag, without it, and with it under another id: all output of all kinds, and its likelihood ratio."""
    rng = random.Random(seed)
    flags, one = [told(rng) for _ in range(25)], told(rng)
    alternatives: tuple[list[Told], ...] = ([], [one], [replace(one, thread_id=b"x" * 16)])
    tables = [released(gate.again(*flags, *more)) for more in alternatives]
    for first, second in itertools.combinations(tables, 2):
        within_the_bound(first, second)


def linked_neighbours_stay_within_the_bound(gate: Gate, seed: int) -> None:
    """One flag more or less where a third of the others are linked in events, late tellings among them.

    The flag stands alone, joins each of the events, or names one of them under another place of the table. The records
    of the others are what they are: no guardian writes in them because of it.
    """
    rng = random.Random(seed)
    events = [event(rng.choice(["T00", "T01", None]), rng.choice(["ward-1", "day-surgery", None])) for _ in range(3)]
    # the last event is named by nobody else yet
    flags = [replace(told(rng), event=rng.choice([*events[:2], None, None, None, None])) for _ in range(30)]
    without = released(gate.again(*flags))
    one, elsewhere = told(rng), replace(events[0], primary="T03")
    for joined in (None, *events, elsewhere):
        within_the_bound(without, released(gate.again(*flags, replace(one, event=joined))))


def d11_all_output_of_all_kinds_stays_within_the_bound(gate: Gate) -> None:
    for seed in (1, 3, 4):
        neighbours_stay_within_the_bound(gate, seed)


def d11_merges_and_late_tellings_stay_within_the_bound(gate: Gate) -> None:
    for seed in (2, 5):
        linked_neighbours_stay_within_the_bound(gate, seed)


# D12


def d12_nothing_frozen_holds_an_id_a_finer_time_or_an_order(gate: Gate) -> None:
    gate.flags = [flag(f"T0{n * n % 5}", excludes="gita" if n % 2 else None) for n in range(60)]
    gate.close(Q1)
    step = gate.history().frozen[Q1]
    assert step.body is not None
    body = step.body.decode()
    value = json.loads(body)
    public = "organisation kind period epsilon frozen_on floor grain staff themes places nodes".split()
    assert sorted(value) == sorted(public)
    assert all(sorted(node) == ["area", "division", "group", "measured", "theme"] for node in value["nodes"])
    assert re.findall(r"\d{4}-\d\d-\d\d[^\"]*", body) == ["2026-04-21"]
    assert not re.search(r"\d\d:\d\d|[0-9a-f]{16}", body)
    assert not any(word in body for one in gate.flags for word in (one.thread_id.hex(), str(one.thread_id)))
    # in an order made of names alone
    assert [node["theme"] for node in value["nodes"]] == [*(theme.code for theme in THEMES), "other"]
    assert list(gate.stored(Q1).values) == list(gate.stored(Q1).table.nodes)


def d12_the_same_counts_give_the_same_bytes_whatever_came_when(gate: Gate) -> None:
    """Other ids, days, order and closers, another day of closing: with the same noise, not one byte differs."""
    bodies = set()
    for seed in range(3):
        rng = random.Random(seed)
        days = [dt.date(2026, 1, 5) + dt.timedelta(weeks=rng.randrange(12)) for _ in range(20)]
        flags = [Told(day, ((day, f"T0{n % 4}", "ward-1"),), rng.choice([None, "gwen"])) for n, day in enumerate(days)]
        rng.shuffle(flags)
        other = gate.again(*flags)
        today = CUT_OFF + dt.timedelta(days=10 * seed)
        for who in rng.sample(other.guardians, 2):
            other.part(Q1, who, today)
        bodies.add(other.history().frozen[Q1].body)
    assert len(bodies) == 1


# D14


def d14_sorting_one_flag_again_changes_only_its_own_node(gate: Gate) -> None:
    rng = random.Random(14)
    gate.with_facts(estimate=MANY)
    choices = [(theme, area) for theme in ("T00", "T01", None) for area in ("ward-1", "estates", None)]
    cells = [rng.choice(choices) for _ in range(30)]
    first = gate.again(*(flag(*cell) for cell in cells)).close(Q1).values
    for n in rng.sample(range(30), 5):
        other = rng.choice([cell for cell in choices if cell != cells[n]])
        records = ((dt.date(2026, 2, 9), *cells[n]), (dt.date(2026, 3, 2), *other))
        again = gate.again(*(flag(*cell) if m != n else Told(records=records) for m, cell in enumerate(cells)))
        second = again.close(Q1).values
        table = again.history().terms_of(Q1).table
        changed = {node: second[node] - first[node] for node in first if second[node] != first[node]}
        assert changed == {table.place(*cells[n]): -1, table.place(*other): 1}


def d14_sorting_a_telling_again_changes_only_its_event_s_node(gate: Gate) -> None:
    """Which is not at all: where an event counts was fixed at linking."""
    gate.with_facts(estimate=MANY)
    told = [flag("T00", event=event("T02")), flag("T01"), flag("T03")]
    told.append(replace(flag("T04"), event=told[0].event))
    first = gate.again(*told).close(Q1).values
    for place in (0, 3):
        records = (*told[place].records, (dt.date(2026, 3, 2), "T05", "estates"))
        again = [replace(one, records=records) if at == place else one for at, one in enumerate(told)]
        assert gate.again(*again).close(Q1).values == first


def d14_what_became_of_one_flag_changes_only_its_own_node(gate: Gate) -> None:
    with_handling(gate)
    ways = [Handling(*one) for one in itertools.product((True, False), repeat=3)]
    told = [replace(flag(), handling=ways[n % 8]) for n in range(20)]
    first = gate.again(*told).close(HANDLED).values
    again = [replace(one, handling=ways[5]) if n == 3 else one for n, one in enumerate(told)]
    second = gate.again(*again).close(HANDLED).values
    changed = {node.handling: second[node] - first[node] for node in first if second[node] != first[node]}
    assert changed == {ways[3]: -1, ways[5]: 1}


# D15


def with_organisation(gate: Gate) -> Gate:
    """The row that names whose ledger it is."""
    with gate.stores.write_main() as main:
        main.add(
            Organisation(
                site_id=SITE,
                name="Wendle Vale Trust",
                sector="nhs",
                colour="#005eb8",
                flags_per_year=800,
                launched_on=Q1.start,
                reading_days=[],
                signposts=[],
                wording={},
            )
        )
    return gate


def d15_all_answers_come_from_the_same_bytes(gate: Gate) -> None:
    with_organisation(gate).flags = [flag(f"T0{n % 3}") for n in range(180)]
    gate.close(Q1)
    with gate.stores.read_main() as main:
        document = release_document(main, gate.ledger, None, "2026-Q1")
        again = release_document(main, gate.ledger, "quarter", "2026-q1")
        from_row = releases(main)[0]
        frozen = frozen_release(main, gate.ledger, Q1)
    assert frozen == from_row
    line = gate.ledger.lines()[-1]
    assert document["ledger"] == {"line": line.number, "head": line.head.hex()}
    assert document["checksum"] == hashlib.sha256(str(line.entry["body"]).encode()).hexdigest()
    assert document == again == from_row.as_document()
    shown = [node["shown"] for node in [*document["nodes"], {"shown": document["total"]}]]
    expected = [[number[key] if number else None for key in ("value", "low", "high")] for number in shown]
    for form, rows in numbers_in(frozen).items():
        assert rows == expected, form
    page = report(from_row.stored, [])
    on_the_page = {(row.shown.value, row.shown.low, row.shown.high) for row in (*page.rows, page.total) if row.shown}
    assert on_the_page == {tuple(number.values()) for number in shown if number}


# ways to cheat at the noise


def used_twice() -> Callable[[Fraction], int]:
    """Each draw serves two nodes."""
    spare: list[int] = []

    def draw(epsilon: Fraction) -> int:
        if not spare:
            spare.extend([discrete_laplace(epsilon)] * 2)
        return spare.pop()

    return draw


def sticky() -> Callable[[Fraction], int]:
    """The same noise for a node in every release of a table of 32 × 100 nodes."""
    table: list[int] = []
    turn = itertools.count()

    def draw(epsilon: Fraction) -> int:
        if not table:
            table.extend(discrete_laplace(epsilon) for _ in range(32 * 100))
        return table[next(turn) % len(table)]

    return draw


def rounded_float() -> Callable[[Fraction], int]:
    """What a build with the textbook's continuous noise would do."""

    def draw(epsilon: Fraction) -> int:
        u = random.random() - 0.5
        return round(-math.copysign(math.log(1 - 2 * abs(u)), u) / float(epsilon))

    return draw
