import dataclasses
import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import delete

from concerns.disclosure import service
from concerns.disclosure.model import LedgerMark, Release
from concerns.disclosure.nodes import Grain, Node
from concerns.disclosure.periods import Period
from concerns.disclosure.turns import (
    AlreadyFrozen,
    CloseRefused,
    OutOfOrder,
    SameGuardian,
    TooFewStaff,
)
from tests.disclosure import checks
from tests.disclosure.gate import Q1, Gate, Told, flag

Q2, Q3, YEAR = Period(2026, 2), Period(2026, 3), Period(2026)
HALF = Fraction(1, 2)


def test_two_guardians_close_a_period(gate: Gate) -> None:
    first = gate.part(Q1, "gita")
    assert not first.frozen
    second = gate.part(Q1, "gwen")
    assert second.frozen
    assert (first.line, second.line) == (2, 3)
    assert gate.stored(Q1).terms.frozen_on == dt.date(2026, 4, 21)


@pytest.mark.usefixtures("silent")
class TestWhatCounts:
    def test_d4_each_flag_counts_in_its_node(self, gate: Gate) -> None:
        checks.d4_each_flag_counts_in_its_node(gate)

    def test_d4_a_code_of_another_year_counts_where_its_flags_belong(self, gate: Gate) -> None:
        checks.d4_a_code_of_another_year_counts_where_its_flags_belong(gate)

    def test_d4_every_node_is_there_the_empty_ones_too(self, gate: Gate) -> None:
        checks.d4_every_node_is_there_the_empty_ones_too(gate)

    def test_d4_a_flag_that_excludes_one_closer_is_counted_once(self, gate: Gate) -> None:
        checks.d4_a_flag_that_excludes_one_closer_is_counted_once(gate)

    def test_d14_sorting_one_flag_again_changes_only_its_own_node(self, gate: Gate) -> None:
        checks.d14_sorting_one_flag_again_changes_only_its_own_node(gate)

    def test_d4_each_flag_counts_once_in_the_table_of_how_it_was_handled(self, gate: Gate) -> None:
        checks.d4_each_flag_counts_once_in_the_table_of_how_it_was_handled(gate)

    def test_d14_what_became_of_one_flag_changes_only_its_own_node(self, gate: Gate) -> None:
        checks.d14_what_became_of_one_flag_changes_only_its_own_node(gate)

    def test_d5_of_an_event_what_was_handled_alike_counts_once(self, gate: Gate) -> None:
        checks.d5_of_an_event_what_was_handled_alike_counts_once(gate)

    def test_d5_a_late_flag_counts_in_the_next_period_once(self, gate: Gate) -> None:
        checks.d5_a_late_flag_counts_in_the_next_period_once(gate)

    def test_d5_a_flag_counts_once_in_each_kind(self, gate: Gate) -> None:
        checks.d5_a_flag_counts_once_in_each_kind(gate)

    def test_d5_one_thread_counts_once_however_often_it_is_found(self, gate: Gate) -> None:
        checks.d5_one_thread_counts_once_however_often_it_is_found(gate)

    def test_d5_an_event_counts_once_in_a_period_and_kind(self, gate: Gate) -> None:
        checks.d5_an_event_counts_once_in_a_period_and_kind(gate)

    def test_d5_an_event_counts_in_its_own_place(self, gate: Gate) -> None:
        checks.d5_an_event_counts_in_its_own_place(gate)

    def test_d5_taken_apart_after_the_freeze_it_adds_nothing(self, gate: Gate) -> None:
        checks.d5_taken_apart_after_the_freeze_it_adds_nothing(gate)

    def test_d5_linked_after_the_freeze_it_moves_nothing(self, gate: Gate) -> None:
        checks.d5_linked_after_the_freeze_it_moves_nothing(gate)

    def test_d14_sorting_a_telling_again_changes_only_its_event_s_node(self, gate: Gate) -> None:
        checks.d14_sorting_a_telling_again_changes_only_its_event_s_node(gate)

    def test_d5_no_year_makes_a_flag_count_again(self, gate: Gate) -> None:
        gate.with_facts(launched_on=dt.date(2026, 1, 1), kinds={"year": HALF})
        told = dt.date(2019, 3, 4)  # imported long after: nothing purges it yet
        gate.flags = [Told(told, ((told, "T00", None),)) for _ in range(40)]
        totals = [sum(gate.close(Period(year)).values.values()) for year in range(2019, 2028)]
        assert totals == [40, 0, 0, 0, 0, 0, 0, 0, 0]

    def test_d2_what_is_sorted_on_the_cut_off_day_counts_in_the_next_period(self, gate: Gate) -> None:
        checks.d2_what_is_sorted_on_the_cut_off_day_counts_in_the_next_period(gate)

    def test_d2_what_counts_does_not_depend_on_when_the_button_is_pressed(self, gate: Gate) -> None:
        checks.d2_what_counts_does_not_depend_on_when_the_button_is_pressed(gate)

    def test_before_launch_what_is_triaged_when_the_close_begins_counts(self, gate: Gate) -> None:
        launched = dt.date(2026, 11, 22)
        gate.with_facts(launched_on=launched)
        gate.flags = [Told(records=((launched, "T00", None),), excludes=who) for who in (None, "gita", "gwen")]
        gate.part(Q1, "gita", launched)
        # in the afternoon of the same day, and two days later
        for day in (launched, dt.date(2026, 11, 24)):
            gate.flags += [Told(records=((day, "T00", None),), excludes=who) for who in (None, "gita", "gwen")]
        gate.part(Q1, "gwen", dt.date(2026, 11, 24))
        stored = gate.stored(Q1)
        assert sum(stored.values.values()) == 3
        assert stored.terms.frozen_on == dt.date(2026, 4, 21)

    def test_d2_the_second_part_adds_only_what_the_first_could_not_open(self, gate: Gate) -> None:
        checks.d2_the_second_part_adds_only_what_the_first_could_not_open(gate)

    def test_d6_a_flag_over_its_budget_is_left_out_and_blocks_nothing(self, gate: Gate) -> None:
        checks.d6_a_flag_over_its_budget_is_left_out_and_blocks_nothing(gate)


class TestTurns:
    def test_the_same_guardian_cannot_do_both_parts(self, gate: Gate) -> None:
        gate.part(Q1, "gita")
        with pytest.raises(SameGuardian, match="waiting for a second guardian"):
            gate.part(Q1, "gita")

    def test_d2_not_before_the_calendar_date(self, gate: Gate) -> None:
        checks.d2_not_before_the_calendar_date(gate)

    def test_a_frozen_period_says_so(self, gate: Gate) -> None:
        gate.close(Q1)
        with pytest.raises(AlreadyFrozen, match="already frozen, in line 3"):
            gate.part(Q1, "gita")

    def test_d6_an_undeclared_kind_is_refused(self, gate: Gate) -> None:
        checks.d6_an_undeclared_kind_is_refused(gate)

    def test_d6_below_forty_staff_nothing_is_closed(self, gate: Gate) -> None:
        checks.d6_below_forty_staff_nothing_is_closed(gate)

    @pytest.mark.usefixtures("silent")
    def test_a_year_that_has_begun_is_ended_with_its_table_and_the_next_one_is_not_begun(self, gate: Gate) -> None:
        for quarter in (Q1, Q2):
            gate.close(quarter)
            gate.with_facts(areas=gate.facts.areas[:1], smallest_area=20)
            gate.with_facts(areas=[dataclasses.replace(gate.facts.areas[0], staff=30)])
        gate.close(Q3)
        gate.close(Period(2026, 4))
        with pytest.raises(TooFewStaff, match="have 30 staff together"):
            gate.part(Period(2027, 1), "gita")

    def test_d6_kinds_beyond_the_ceiling_close_nothing(self, gate: Gate) -> None:
        checks.d6_kinds_beyond_the_ceiling_are_refused(gate)

    def test_periods_close_in_order(self, gate: Gate) -> None:
        with pytest.raises(OutOfOrder, match="2026-Q1 has to be closed before 2026-Q2"):
            gate.part(Q2, "gita")
        gate.part(Q1, "gita")
        with pytest.raises(OutOfOrder, match="2026-Q1 waits for a second guardian"):
            gate.part(Q2, "gwen", dt.date(2026, 8, 1))

    def test_the_order_starts_with_the_earliest_week(self, gate: Gate) -> None:
        gate.flags = [Told(week=dt.date(2025, 9, 1))]
        with pytest.raises(OutOfOrder, match="2025-Q3 has to be closed"):
            gate.part(Q1, "gita")
        with pytest.raises(OutOfOrder, match="before the first period"):
            gate.part(Period(2025, 2), "gita")

    def test_the_other_kind_does_not_wait(self, gate: Gate) -> None:
        gate.part(Q1, "gita", dt.date(2027, 2, 1))
        gate.part(YEAR, "gwen", dt.date(2027, 2, 1))
        gate.part(Q1, "gwen", dt.date(2027, 2, 1))
        gate.part(YEAR, "gita", dt.date(2027, 2, 1))
        assert set(gate.history().frozen) == {Q1, YEAR}


class TestTheYear:
    def test_d8_grain_epsilon_and_themes_are_fixed_at_its_first_close(self, gate: Gate) -> None:
        checks.d8_terms_are_fixed_at_the_year_s_first_close(gate)

    def test_the_next_year_follows_what_was_released(self, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 1)
        gate.with_facts(estimate=100_000)
        for period in (Q1, Q2, Q3, Period(2026, 4)):
            assert gate.close(period).table.grain is Grain.THEMES_BY_AREA
        # four quarters of 35 nodes with 1 each: 140 a year, 35 a quarter, 8 a node: four groups
        assert gate.close(Period(2027, 1)).table.grain is Grain.GROUPS

    def test_a_kind_that_began_the_year_ends_it(self, gate: Gate) -> None:
        gate.close(Q1)
        gate.with_facts(kinds={"year": Fraction(1)})
        assert gate.close(Q2).terms.epsilon == HALF


class TestBoxes:
    def test_the_first_guardian_cannot_open_her_own_vector(self, gate: Gate) -> None:
        gate.part(Q1, "gita")
        pending = gate.history().pending(Q1.kind)
        assert pending is not None
        assert gate.closer("gwen").unseal(pending.vector)
        with pytest.raises(ValueError, match="not for this key"):
            gate.closer("gita").unseal(pending.vector)

    def test_a_newcomer_needs_the_newest_line_only(self, gate: Gate) -> None:
        gate.flags = [flag()]
        gate.close(Q1)
        gate.guardians = ("gita", "gwen", "nora")
        with pytest.raises(CloseRefused, match="hands it on to you"):
            gate.part(Q2, "nora")
        gate.part(Q2, "gita")
        gate.part(Q2, "nora")
        gate.part(Q3, "nora")
        assert gate.part(Q3, "gwen").frozen

    def test_no_length_in_the_ledger_tells_how_many_exclude_a_guardian(self, gate: Gate, tmp_path: Path) -> None:
        lengths = set()
        for excluded in (0, 3, 9):
            with gate.stores.write_main() as main:
                main.execute(delete(Release))
                main.execute(delete(LedgerMark))
            (folder := tmp_path / str(excluded)).mkdir()
            one = Gate(gate.stores, folder, flags=[flag(excludes="gita" if n < excluded else None) for n in range(9)])
            one.close(Q1)
            lines = [line.entry for line in one.ledger.lines()[1:]]
            lengths.add(tuple(len(str(line.get(name))) for line in lines for name in ("counted", "vector")))
        assert len(lengths) == 1

    def test_no_count_stands_open_in_the_ledger_before_the_freeze(self, gate: Gate) -> None:
        gate.flags = [flag() for _ in range(5)]
        gate.part(Q1, "gita")
        entry = dict(gate.ledger.lines()[-1].entry)
        assert set(entry) == {"period", "by", "step", "terms", "counted", "vector"}
        assert set(entry["terms"]) == {
            "organisation",
            "epsilon",
            "theme_set",
            "table",
            "floor",
            "frozen_on",
            "triaged_by",
        }


def test_the_whole_grain_has_one_node(gate: Gate) -> None:
    assert list(gate.with_facts(estimate=10).close(Q1).values) == [Node()]
