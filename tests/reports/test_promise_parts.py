"""What a report and a board paper say of promises: from when on they are late, what changed, what worked, who carries on."""

import datetime as dt
from dataclasses import replace

import pytest

from concerns.disclosure.document import Stored
from concerns.disclosure.nodes import Grain, Table, ThemePart
from concerns.disclosure.periods import Period
from concerns.learning.promises.queries import Promise, Promises
from concerns.learning.promises.rules import ACTION, RESPONSE, Change, standing
from concerns.people.duties.rules import Tally
from concerns.reports.flag_parts import themes_part
from concerns.reports.promise_parts import MOST_LINES, MOST_ROWS, actions_part, between_part, owed_on, promises_part
from concerns.reports.rules import report
from tests.reports.releases import stored

TODAY = dt.date(2026, 11, 22)
Q3, YEAR = Period(2026, 3), Period(2026)
OLD, NOW = dt.date(2025, 1, 8), dt.date(2026, 10, 5)


def promised(
    kind: str, *changes: Change, theme: str = "N01", type_: str = "process", what: str = "Plan shifts."
) -> Promise:
    found = standing(changes, TODAY)
    assert found is not None
    return Promise(
        b"", kind, theme, "Staffing", what, type_, "medium", "Head of nursing", "", "draft", found, tuple(changes)
    )


def action(
    *later: Change, made: dt.date = OLD, due: dt.date = dt.date(2027, 3, 3), review: dt.date | None = None,
    type_: str = "process", what: str = "Plan shifts.",
) -> Promise:  # fmt: skip
    return promised(ACTION, Change("made", made, due, review), *later, type_=type_, what=what)


def done(day: dt.date, review: dt.date | None = None) -> Change:
    return Change("done", day, dt.date(2027, 3, 3), review, "x")


def looked(day: dt.date, result: str) -> Change:
    return Change("reviewed", day, dt.date(2027, 3, 3), None, "Nights are quiet.", result)


def these(*found: Promise) -> Promises:
    return Promises(found, TODAY)


class TestOverdue:
    MOVED = action(Change("moved", dt.date(2026, 11, 1), dt.date(2027, 3, 3)), due=dt.date(2026, 6, 1))

    def test_it_is_overdue_since_the_date_that_it_missed_and_not_since_one_to_come(self) -> None:
        assert actions_part(these(self.MOVED)).said == ("Overdue since 2 June 2026: Plan shifts (Head of nursing).",)
        grid = promises_part(these(self.MOVED)).grid
        assert grid is not None and grid.rows[0][2:] == ("Overdue since 2 June 2026", "3 March 2027")

    def test_many_are_counted_after_the_first_few(self) -> None:
        part = actions_part(these(*[self.MOVED] * (MOST_LINES + 3)))
        assert len(part.said) == MOST_LINES + 1 and part.said[-1] == "And 3 more, under Promises."


class TestStructural:
    def test_only_what_was_promised_in_the_period_counts_and_the_period_is_named(self) -> None:
        old = [action(type_="structural")] * 3
        lately = action(made=dt.date(2026, 8, 1))
        for period, said in ((Q3, ()), (YEAR, ()), (Period(2025), ("In 2025, more than half",))):
            part = actions_part(these(*old, lately), period)
            assert [one for one in part.said if "more than half" in one] == [
                one for one in part.said if one.startswith(said)
            ]
            assert bool(said) == any("relied too much on structural reform" in one for one in part.said)
        now = action(made=dt.date(2026, 8, 1), type_="structural")
        assert actions_part(these(now, *[action()] * 9), Q3).said[0] == (
            "In July to September 2026, more than half of the promised actions change structures."
        )

    def test_without_a_report_it_is_the_quarter_and_the_year_of_today(self) -> None:
        now = action(made=NOW, type_="structural")
        assert actions_part(these(now)).said[0] == (
            "In October to December 2026 and in 2026, more than half of the promised actions change structures."
        )
        before = action(made=dt.date(2026, 2, 1))
        assert actions_part(these(now, before)).said[0].startswith("In October to December 2026, more")
        assert actions_part(these(action(type_="structural"))).said == ()


class TestChanged:
    def test_what_ended_before_the_period_is_only_counted(self) -> None:
        over = action(done(dt.date(2026, 6, 30)), what="Buy hoists.")
        lately = action(done(dt.date(2026, 7, 1)), what="Hire a planner.")
        part = promises_part(these(action(), lately, over, over), Q3)
        assert part.grid is not None and [row[1] for row in part.grid.rows] == ["Plan shifts.", "Hire a planner."]
        assert part.message == "Promises: 1 open, 1 kept"
        assert part.said == (
            "Listed is what is owed or to be looked at again, and what changed since 1 July 2026.",
            "2 more promises stand in the full list, under Promises.",
        )

    def test_without_a_report_it_is_since_the_quarter_before(self) -> None:
        part = promises_part(these(action(done(dt.date(2026, 7, 1))), action(done(dt.date(2026, 6, 30)))))
        assert part.message == "Promises: 1 kept" and "since 1 July 2026" in part.said[0]

    def test_a_paper_stays_short_however_much_is_owed(self) -> None:
        part = promises_part(these(*[action()] * (MOST_ROWS + 1)), Q3)
        assert part.grid is not None and len(part.grid.rows) == MOST_ROWS
        assert part.said[-1] == "1 more promise stands in the full list, under Promises."

    def test_nothing_new_is_said_too(self) -> None:
        part = promises_part(these(action(done(OLD))), Q3)
        assert part.grid is None and part.message == "No promise is owed, and none changed"

    @pytest.mark.parametrize(
        ("later", "due", "said"),
        [
            ((), dt.date(2026, 9, 1), "Overdue since 2 September 2026"),
            ((), dt.date(2027, 3, 3), "Open"),
            ((done(NOW),), dt.date(2027, 3, 3), "Kept, 5 October 2026"),
            ((done(NOW),), dt.date(2026, 9, 1), "Done late, on 5 October 2026"),
            (
                (Change("dropped", NOW, dt.date(2026, 9, 1)),),
                dt.date(2026, 9, 1),
                "Dropped on 5 October 2026, after its date",
            ),
            ((Change("dropped", NOW, dt.date(2027, 3, 3)),), dt.date(2027, 3, 3), "Dropped on 5 October 2026"),
        ],
    )
    def test_each_end_has_its_own_words(self, later: tuple[Change, ...], due: dt.date, said: str) -> None:
        grid = promises_part(these(action(*later, due=due)), Q3).grid
        assert grid is not None and grid.rows[0][2] == said


class TestWhetherItWorked:
    DUE = dt.date(2026, 11, 20)

    def test_what_is_to_be_looked_at_again_is_told_long_after_it_was_done(self) -> None:
        found = these(action(done(OLD, self.DUE), review=self.DUE))
        part = actions_part(found, Q3)
        assert part.message == "1 action, none overdue, 1 to be looked at again"
        assert part.said == (
            "To be looked at again since 20 November 2026: did it work? Plan shifts (Head of nursing).",
        )
        grid = promises_part(found, Q3).grid
        assert grid is not None and grid.rows[0][2] == (
            "Kept, 8 January 2025. To be looked at again since 20 November 2026: did it work?"
        )
        between = between_part(found, Tally(1, 1), TODAY)
        assert between.said[-1] == "1 action is to be looked at again by now."

    def test_results_are_counted_and_those_of_lately_named_without_the_reason(self) -> None:
        found = these(
            action(done(OLD), looked(NOW, "failed")),
            action(done(OLD), looked(dt.date(2026, 2, 2), "worked"), what="Buy hoists."),
            action(done(OLD)),
        )
        part = actions_part(found, Q3)
        assert part.said == (
            "Of 2 actions that were looked at again: 1 worked, 1 did not work.",
            "It did not work, looked at again on 5 October 2026: Plan shifts (Head of nursing).",
        )
        grid = promises_part(found, Q3).grid
        assert grid is not None and [row[2] for row in grid.rows] == [
            "Kept, 8 January 2025. It did not work, looked at again on 5 October 2026"
        ]
        assert "Nights are quiet" not in str((part, grid))


class TestOwed:
    def test_a_dropped_answer_is_none_and_a_late_one_is_called_late(self) -> None:
        first = Change("made", OLD, dt.date(2026, 9, 1))
        for last, said in (
            ("dropped", "The answer that was promised was dropped in October 2026"),
            ("done", "Done late: answer of October 2026"),
        ):
            assert owed_on(promised(RESPONSE, first, Change(last, NOW, first.due))) == said

    @pytest.mark.parametrize("grain", [Grain.THEMES, Grain.GROUPS])
    def test_an_heir_carries_what_is_owed_to_a_theme_that_ended(self, grain: Grain) -> None:
        owed = promised(RESPONSE, Change("made", OLD, dt.date(2027, 3, 3)), theme="N01")
        for lineage, said in (
            ({"whole": ("N01",)}, "An answer is owed by 3 March 2027"),
            ({"partly": ("N01",)}, "An answer is owed by 3 March 2027"),
            ({"whole": ("N03",)}, "No answer is promised yet"),
        ):
            part = themes_part(report(self.of_heir(grain, **lineage), []), these(owed))
            assert part.bars[0].answer.endswith(said)

    def of_heir(self, grain: Grain, **lineage: tuple[str, ...]) -> Stored:
        before = stored(N02=160)
        table = Table(grain, (ThemePart("N09", "Care and kit", "Work", **lineage),), (), 1027)
        return Stored(before.period, replace(before.terms, table=table), dict.fromkeys(table.nodes, 160))
