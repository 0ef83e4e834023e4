import datetime as dt
from dataclasses import replace
from fractions import Fraction

from concerns.disclosure.document import Stored
from concerns.disclosure.nodes import Grain, Handling, Node, Table, ThemePart
from concerns.disclosure.periods import Period
from concerns.learning.promises.queries import Promise, Promises
from concerns.learning.promises.rules import ACTION, RESPONSE, Change, standing
from concerns.people.duties.rules import Tally
from concerns.reports.flag_parts import answered, heard_part, themes_part
from concerns.reports.handling import handled
from concerns.reports.handling_parts import handled_parts
from concerns.reports.promise_parts import actions_part, between_part, promises_part
from concerns.reports.rules import report
from tests.reports.releases import Q1, body, stored, stored_of

TODAY = dt.date(2026, 11, 22)
NOTHING = Promises(())
QUARTERS = [Period(2025, n) for n in (1, 2, 3, 4)]


def promise(kind: str, *changes: Change, theme: str = "N01", type_: str = "", strength: str = "") -> Promise:
    what = standing(changes, TODAY)
    assert what is not None
    return Promise(
        b"", kind, theme, "Staffing", "Plan shifts", type_, strength, "Head of nursing", "", "draft", what, changes
    )


def made(due: dt.date) -> Change:
    return Change("made", dt.date(2026, 5, 1), due)


LATE, OWED = made(dt.date(2026, 9, 1)), made(dt.date(2027, 3, 3))


class TestThemes:
    def test_each_shown_theme_says_signal_or_noise_and_what_is_owed(self) -> None:
        now = report(stored(N01=160, N02=40), [stored(one, N01=80, N02=40) for one in QUARTERS])
        part = themes_part(now, Promises((promise(RESPONSE, OWED),)))
        assert part.message == "A signal in: Staffing and workload"
        assert [row.answer for row in part.bars[:2]] == [
            "A signal: more than chance and noise explain. An answer is owed by 3 March 2027",
            "No clear change. No answer is promised yet",
        ]
        assert [row.signal for row in part.bars] == [True, False, False, False]

    def test_a_late_and_a_given_answer_are_told_apart(self) -> None:
        row = report(stored(N01=40), []).rows[0]
        assert row.remark == "too early to compare"
        late = answered(row, Promises((promise(RESPONSE, LATE),)), ["N01"])
        assert late.answer.endswith("1 September 2026: it is late")
        kept = promise(RESPONSE, OWED, Change("done", dt.date(2026, 6, 9), OWED.due))
        assert answered(row, Promises((kept,)), ["N01"]).answer.endswith(". Kept: answer of June 2026")

    def test_a_group_has_the_answer_to_any_of_its_themes_the_owed_one_first(self) -> None:
        now = report(Stored.read(body({Node(group="Work"): 90}, grain=Grain.GROUPS)), [])
        kept = promise(RESPONSE, OWED, Change("done", dt.date(2026, 6, 9), OWED.due))
        for promises, said in (
            (NOTHING, "No answer is promised yet"),
            (Promises((kept,)), "Kept: answer of June 2026"),
            (Promises((kept, promise(RESPONSE, OWED, theme="N03"))), "An answer is owed by 3 March 2027"),
            (Promises((promise(RESPONSE, OWED, theme="N02"),)), "No answer is promised yet"),
        ):
            assert themes_part(now, promises).bars[0].answer == f"Too early to compare. {said}"

    def test_a_clear_change_between_two_releases_is_a_signal(self) -> None:
        now = report(stored(N01=160, N02=40), [stored(QUARTERS[3], N01=40, N02=40)])
        part = themes_part(now, NOTHING)
        assert part.message == "A signal in: Staffing and workload"
        assert part.bars[0].answer.startswith("More than the quarter before (about 40)")

    def test_a_signal_waits_for_an_answer_that_can_answer_it(self) -> None:
        now = report(stored(N01=160, N02=40), [stored(one, N01=80, N02=40) for one in QUARTERS])
        frozen_on = now.stored.terms.frozen_on
        given = [
            promise(RESPONSE, OWED, Change("done", frozen_on + dt.timedelta(days=days), OWED.due)) for days in (-30, 30)
        ]
        dropped = promise(RESPONSE, OWED, Change("dropped", frozen_on + dt.timedelta(days=30), OWED.due))
        for mine, owes in (
            ((), True),
            ((promise(RESPONSE, OWED),), False),
            ((promise(RESPONSE, OWED, theme="N02"),), True),
            ((given[0],), True),  # it was given before the numbers were known
            ((given[1],), False),
            ((dropped,), True),
            ((promise(ACTION, OWED),), True),
        ):
            assert [row.owes for row in themes_part(now, Promises(mine)).bars] == [owes, False, False, False]

    def test_silence_of_a_theme_is_in_the_message_and_waits_for_an_answer(self) -> None:
        part = themes_part(report(stored(N01=80, N02=2), [stored(one, N01=80, N02=40) for one in QUARTERS]), NOTHING)
        assert part.message == "Silence where flags came before: Equipment"
        assert [row.name for row in part.bars if row.owes] == ["Equipment"]

    def test_what_cannot_be_compared_is_said_beside_the_hidden_number(self) -> None:
        now = stored(N01=45)
        raised = replace(now, terms=replace(now.terms, floor=60))
        part = themes_part(report(raised, [stored(one, N01=45) for one in QUARTERS]), NOTHING)
        assert part.bars[0].text == "Too few, or too large a share, to show safely"
        assert part.bars[0].answer.startswith("Cannot be compared with the reports before")

    def test_a_first_release_is_not_said_to_hold_no_signal(self) -> None:
        assert themes_part(report(stored(N01=40), []), NOTHING).message.startswith("Too early to tell")
        few = themes_part(report(stored(N01=9, N02=9, N03=9), []), NOTHING)
        assert few.message == "No theme can be shown safely"
        steady = report(stored(N01=40), [stored(QUARTERS[3], N01=40)])
        assert themes_part(steady, NOTHING).message == "No theme stands out from chance and noise"

    def test_d10_hidden_rows_are_the_same_whatever_they_hold(self) -> None:
        rows = {themes_part(report(stored(N01=n), []), NOTHING).bars for n in (-30, 0, 13)}
        rows.add(themes_part(report(stored(staff=40, N01=500), []), NOTHING).bars)
        assert len(rows) == 1

    def test_where_all_is_hidden_the_message_says_so(self) -> None:
        assert themes_part(report(stored(), []), NOTHING).message == (
            "Every number is too few, or too large a share, to show safely"
        )

    def test_a_set_of_themes_that_changed_is_said(self) -> None:
        table = Table(Grain.THEMES, (ThemePart("N09", "Old worries", None),), (), 1027)
        before = stored(Period(2025, 4), N01=30)
        old = Stored(before.period, replace(before.terms, table=table), dict.fromkeys(table.nodes, 30))
        now = report(stored(N01=160), [old])
        assert themes_part(now, NOTHING).said == (
            "The set of themes has changed. Nothing here can be compared with the earlier: Old worries.",
        )
        assert now.rows[0].remark == "too early to compare"


class TestHeard:
    def by_division(self, period: Period = Q1, **values: int) -> Stored:
        nodes = {Node(theme="N01", division=name): value for name, value in values.items()}
        return Stored.read(body(nodes, grain=Grain.THEMES_BY_DIVISION, period=period))

    def test_divisions_with_their_head_count(self) -> None:
        part = heard_part(report(self.by_division(Medicine=60, Surgery=40), []))
        assert [(row.name, row.text, row.answer) for row in part.bars] == [
            ("Medicine", "About 60 (51 to 69)", "427 staff"),
            ("Surgery", "About 40 (31 to 49)", "600 staff"),
            ("Not said", "Too few, or too large a share, to show safely", ""),
        ]
        assert part.message == "No silence that numbers can show"

    def test_silence_after_four_releases_is_the_message(self) -> None:
        earlier = [self.by_division(one, Medicine=60, Surgery=40) for one in QUARTERS]
        part = heard_part(report(self.by_division(Medicine=60, Surgery=2), earlier))
        assert part.message == "Silence where flags came before: Surgery"
        assert part.bars[1].text == "Was about 40, now fewer than we can show"

    def test_a_table_that_becomes_finer_makes_no_silence(self) -> None:
        """Earlier quarters by theme alone: none of their flags were "not said"."""
        now = self.by_division(Medicine=60, Surgery=40)
        for grain, nodes in (
            (Grain.THEMES, {Node(theme="N01"): 120, Node(theme="N02"): 60}),
            (Grain.GROUPS, {Node(group="Work"): 180}),
            (Grain.WHOLE, {Node(): 180}),
        ):
            earlier = [Stored.read(body(nodes, grain=grain, period=one)) for one in QUARTERS]
            part = heard_part(report(now, earlier))
            assert part.message == "No silence that numbers can show"
            assert part.bars[2].text == "Too few, or too large a share, to show safely"
            # nor is a release before them asked instead
            older = [
                Stored.read(body({Node(theme="N01", division="not-said"): 40}, grain=Grain.THEMES_BY_DIVISION))
            ] * 3
            assert heard_part(report(now, [*older, earlier[0]])).message == part.message

    def test_what_was_not_said_falls_silent_where_the_places_were_the_same(self) -> None:
        earlier = [self.by_division(one, **{"Medicine": 60, "not-said": 40}) for one in QUARTERS]
        part = heard_part(report(self.by_division(Medicine=60), earlier))
        assert part.message == "Silence where flags came before: Not said"

    def test_areas_are_told_by_division(self) -> None:
        nodes = {Node(theme="N01", area="Ward 1"): 60, Node(theme="N01", area="Theatres"): 40}
        part = heard_part(report(Stored.read(body(nodes, grain=Grain.THEMES_BY_AREA)), []))
        assert [row.name for row in part.bars] == ["Medicine", "Surgery", "Not said"]

    def test_a_coarser_grain_says_that_it_cannot_tell(self) -> None:
        part = heard_part(report(stored_of({"N01": 60}), []))
        assert part.bars == () and part.message == "Not told apart here"


class TestHandling:
    def table(self, year: int = 2026, **values: int) -> Stored:
        nodes = {Node(handling=Handling(*(letter == "y" for letter in key))): value for key, value in values.items()}
        return Stored.read(body(nodes, grain=Grain.HANDLING, period=Period(year, 0, True), epsilon=Fraction(1, 4)))

    def test_without_the_kind_there_are_words_and_no_digit(self) -> None:
        for declared in (False, True):
            for part in handled_parts(None, declared=declared):
                assert not any(letter.isdigit() for letter in part.message + "".join(part.said))

    def test_three_sums_of_the_same_table(self) -> None:
        found = handled([self.table(yyy=40, yny=5, nyn=100, nnn=60)], Period(2026, 4))
        severity, detriment, timeliness = handled_parts(found, declared=True)
        assert severity.message == "Severe, in 2026: about 45 (27 to 63) of about 205 (179 to 231)"
        assert detriment.message.startswith("Treated badly, or would not speak up again, in 2026: about 45 (")
        assert detriment.message.endswith(" of about 205 (179 to 231)")
        assert timeliness.message.startswith("Answered in time, in 2026: about 140 (")
        assert timeliness.message.endswith(" of about 205 (179 to 231)")
        assert timeliness.said[0].startswith("Not answered in time: about 65 (")
        assert timeliness.said[0].endswith(" of about 205 (179 to 231).")

    def test_a_hidden_total_is_no_whole_and_a_hidden_number_no_part(self) -> None:
        """More than a quarter of the staff; and few beside many."""
        many = handled([self.table(yyy=200, nyn=100)], Period(2026, 4))
        assert many is not None and many.total.shown is None and many.severe.shown is not None
        assert " of " not in handled_parts(many, declared=True)[0].message
        few = [handled([self.table(yyy=n, nyn=100)], Period(2026, 4)) for n in (0, 3)]
        assert handled_parts(few[0], declared=True)[0] == handled_parts(few[1], declared=True)[0]

    def test_few_are_hidden_like_any_number(self) -> None:
        found = handled([self.table(yyy=9)], Period(2026, 4))
        assert handled_parts(found, declared=True)[0].message.endswith("too few, or too large a share, to show safely")

    def test_a_report_of_an_earlier_year_does_not_quote_a_later_one(self) -> None:
        assert handled([self.table(2026, yyy=90)], Period(2025, 4)) is None


class TestActions:
    def action(self, type_: str, strength: str = "medium", due: Change = OWED) -> Promise:
        return promise(ACTION, due, type_=type_, strength=strength)

    def test_by_type_and_strength_with_what_is_overdue(self) -> None:
        part = actions_part(Promises((self.action("process"), self.action("training", "weak", LATE))))
        assert part.message == "2 actions, 1 overdue"
        assert part.said == ("Overdue since 2 September 2026: Plan shifts (Head of nursing).",)
        assert part.grid is not None
        assert part.grid.head == ("Type", "Strong", "Medium", "Weak", "Open")
        assert part.grid.rows == (("Process", "0", "1", "0", "1"), ("Training", "0", "0", "1", "0"))

    def test_mostly_structural_is_warned_of_with_the_lesson(self) -> None:
        mostly = Promises((self.action("structural"), self.action("structural"), self.action("process")), TODAY)
        part = actions_part(mostly, Period(2026, 2))
        assert part.said[0].startswith("In April to June 2026, more than half of ")
        assert "relied too much on structural reform" in part.said[1]

    def test_promises_are_listed_with_what_became_of_them(self) -> None:
        part = promises_part(Promises((self.action("process", due=LATE), promise(RESPONSE, OWED))))
        assert part.message == "Promises: 1 overdue, 1 open"
        assert part.grid is not None and part.grid.rows[0][2:] == (
            "Overdue since 2 September 2026",
            "1 September 2026",
        )

    def test_none_is_said_too(self) -> None:
        assert actions_part(NOTHING).message == "No action is promised yet"
        assert promises_part(NOTHING).message == "No promise was made yet"

    def test_between_reports_there_are_reading_days_and_promises_of_today(self) -> None:
        part = between_part(Promises((promise(RESPONSE, LATE), promise(ACTION, OWED))), Tally(21, 26), TODAY)
        assert part.name == "Between reports, on 22 November 2026"
        assert part.message == "On 21 of the last 26 reading days a guardian was there"
        assert part.said == ("2 of 2 promises are still to be kept, 1 of them overdue.",)
        nothing = between_part(NOTHING, Tally(0, 0), TODAY)
        assert (nothing.message, nothing.said) == ("No reading day has passed yet", ())
