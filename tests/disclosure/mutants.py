"""The gate with one thing broken at a time. Each mutant names the check that must notice.

An edit changes the text of one function and puts the result in its place. Text that is no longer there fails the test: a
mutant that changes nothing proves nothing.
"""

import importlib
import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import pytest

from concerns.disclosure import service
from tests.disclosure import checks
from tests.disclosure.gate import Gate

ROOM, FILES = "concerns.disclosure.", "concerns.reports.files"


class Change(Protocol):
    """Something that a mutant puts in the place of something else."""

    def apply(self, monkeypatch: pytest.MonkeyPatch) -> None: ...


@dataclass(frozen=True)
class Edit:
    """Other words in a function's text. `module` is where its name is looked up."""

    module: str
    name: str
    changes: Sequence[tuple[str, str]]

    def apply(self, monkeypatch: pytest.MonkeyPatch) -> None:
        owner: Any = importlib.import_module(self.module if "." in self.module else ROOM + self.module)
        *parents, last = self.name.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        held = inspect.getattr_static(owner, last)
        inner = getattr(held, "func", None) or getattr(held, "fget", None)
        function: Any = inner or inspect.unwrap(held)
        text = textwrap.dedent(inspect.getsource(function))
        for old, new in self.changes:
            assert text.count(old) == 1, f"{self.name} no longer says: {old}"
            text = text.replace(old, new)
        made: dict[str, Any] = {}
        exec(text, function.__globals__, made)
        if isinstance(made[last], cached_property):
            made[last].__set_name__(owner, last)
        monkeypatch.setattr(owner, last, made[last])


@dataclass(frozen=True)
class Sampler:
    """Another source of noise."""

    make: Callable[[], Callable[[Fraction], int]]

    def apply(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "discrete_laplace", self.make())


@dataclass(frozen=True)
class Mutant:
    """A broken gate, and the check that must fail it."""

    name: str
    killed_by: Callable[[Gate], None]
    changes: tuple[Change, ...]

    def apply(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for change in self.changes:
            change.apply(monkeypatch)

    def __str__(self) -> str:
        return self.name


def edit(name: str, old: str, new: str, *more: tuple[str, str]) -> Edit:
    """Of "module.function" or "module.Class.method"."""
    module, function = name.split(".", 1)
    return Edit(module, function, ((old, new), *more))


def mutant(name: str, killed_by: Callable[[Gate], None], *changes: Change) -> Mutant:
    return Mutant(name, killed_by, changes)


ADDED_NOISE = "tally[node] + discrete_laplace(terms.epsilon)"
PLACED = "tally[terms.table.place(flag.theme, flag.area, flag.handling)] += 1"
ONCE = "if flag.told_once is not None and not counted.once(period, terms.epsilon, flag.told_once):"
EARLIEST = """(history.last_frozen(period.kind).next() if history.last_frozen(period.kind) else
        min(Period.of(period.kind, day) for day in (facts.launched_on, first_week) if day))"""

MUTANTS = (
    # the noise
    mutant("no noise", checks.d7_the_noise_has_its_law, edit("service._begin", ADDED_NOISE, "tally[node]")),
    mutant("noise used twice", checks.d7_the_noise_has_its_law, Sampler(checks.used_twice)),
    mutant("the same noise in every release", checks.d7_the_noise_has_its_law, Sampler(checks.sticky)),
    mutant("float noise", checks.d7_the_noise_has_its_law, Sampler(checks.rounded_float)),
    mutant(
        "half the noise",
        checks.d7_the_noise_has_its_law,
        edit("service._begin", ADDED_NOISE, "tally[node] + discrete_laplace(2 * terms.epsilon)"),
    ),
    mutant(
        "no noise on empty nodes",
        checks.d7_the_noise_has_its_law,
        edit("service._begin", ADDED_NOISE, f"({ADDED_NOISE} if tally[node] else 0)"),
    ),
    mutant(
        "noise of its own for the second part",
        checks.d7_the_noise_has_its_law,
        edit("service._finish", "value + tally[node] for", "value + tally[node] + discrete_laplace(terms.epsilon) for"),
    ),
    mutant(
        "values below zero clamped",
        checks.d7_the_noise_has_its_law,
        edit("service._begin", ADDED_NOISE, f"max(0, {ADDED_NOISE})"),
    ),
    # the ledger
    mutant(
        "a second draw for whoever did the first part",
        checks.d3_one_draw_is_all_there_ever_is,
        edit("service.close_part", "if pending is None:", "if pending is None or pending.by == closer.person_id:"),
        edit("service.check_turn", "elif pending.by == person_id:", "elif False:"),
        edit("history._check_turns", "if not fits:", "if False:"),
    ),
    mutant(
        "a second draw for a frozen period",
        checks.d3_one_draw_is_all_there_ever_is,
        edit(
            "service.check_turn",
            "if period in history.frozen:",
            "if False:",
            ("_check_order(period,", "0 and _check_order(period,"),
        ),
        edit("history._check_turns", "if not fits:", "if False:"),
    ),
    mutant(
        "the result visible before its ledger line",
        checks.d3_nothing_is_released_before_its_line_is_on_the_disk,
        edit(
            "service.close_part",
            "line = ledger.append(entry)",
            "from concerns.disclosure.following import _row\n"
            "        from concerns.disclosure.ledger import follow as next_line\n"
            "        if pending is not None:\n"
            "            with stores.write_main() as main:\n"
            "                main.add(_row(entry['body'].encode(), next_line(ledger.lines()[-1], entry)))\n"
            "        line = ledger.append(entry)",
        ),
    ),
    mutant(
        "no ledger line",
        checks.d3_nothing_is_released_before_its_line_is_on_the_disk,
        edit(
            "service.close_part",
            "line = ledger.append(entry)\n        with stores.write_main() as main:\n"
            "            follow(main, ledger, facts.site_id)",
            "from concerns.disclosure.following import _row\n"
            "        from concerns.disclosure.ledger import follow as next_line\n"
            "        line = ledger.append(entry) if pending is None else next_line(ledger.lines()[-1], entry)\n"
            "        if pending is not None:\n"
            "            with stores.write_main() as main:\n"
            "                main.add(_row(entry['body'].encode(), line))",
        ),
    ),
    mutant(
        "a vector handed to whoever drew it",
        checks.d7_what_is_handed_on_is_the_same_draw,
        edit("handing._sealed_anew", "closer.seal_to_all_but(opened, one.by)", "closer.seal_to_all(opened)"),
    ),
    mutant(
        "noise drawn anew when a vector is handed on",
        checks.d7_what_is_handed_on_is_the_same_draw,
        edit(
            "handing._sealed_anew",
            "closer.seal_to_all_but(opened, one.by)",
            "closer.seal_to_all_but(opened.replace(b'[', b'[1,', 1), one.by)",
        ),
    ),
    mutant(
        "a handed vector passed over",
        checks.d7_what_is_handed_on_is_the_same_draw,
        edit("history.History.vector_of", "handed[-1] if handed else", ""),
    ),
    mutant(
        "a line without its end drawn again",
        checks.d3_a_draw_that_lacks_the_end_of_its_line_is_the_draw,
        edit("ledger.parse", "(*lines, last) if last else tuple(lines)", "tuple(lines)"),
    ),
    mutant(
        "a cut ledger followed",
        checks.d3_a_cut_ledger_is_refused,
        edit(
            "following._checked",
            "if len(lines) < mark.lines:",
            "if False:",
            ("if lines[mark.lines - 1].head != mark.head:", "if False:"),
        ),
    ),
    mutant(
        "a changed release believed",
        checks.d3_a_changed_release_row_is_noticed,
        edit("following._unlike", "is None or not _same", "is None and not _same"),
    ),
    mutant(
        "a release that somebody added passed over",
        checks.d3_every_tampering_is_named,
        edit("following._unlike", "is None or not _same", "is not None and not _same"),
    ),
    mutant(
        "only the first tampering named",
        checks.d3_every_tampering_is_named,
        edit("queries.differences", "}, history)", "}, history)[:1]"),
    ),
    # the calendar
    mutant(
        "closed before its date",
        checks.d2_not_before_the_calendar_date,
        edit("service.check_turn", "if today < from_day:", "if False:"),
    ),
    mutant(
        "frozen on the day of the button",
        checks.d2_what_counts_does_not_depend_on_when_the_button_is_pressed,
        edit("service.terms_for", "frozen_on, since = facts.cut_off(period),", "frozen_on, since = today,"),
    ),
    mutant(
        "what is sorted on the cut-off day counted by who presses late",
        checks.d2_what_is_sorted_on_the_cut_off_day_counts_in_the_next_period,
        edit("service.terms_for", "frozen_on - dt.timedelta(days=1)", "frozen_on"),
    ),
    mutant(
        "everything sorted by the button counted",
        checks.d2_what_counts_does_not_depend_on_when_the_button_is_pressed,
        edit("service.terms_for", "today if period.end < facts.launched_on else", "today if True else"),
    ),
    mutant(
        "the second part counts whatever it finds",
        checks.d2_the_second_part_adds_only_what_the_first_could_not_open,
        edit("service._finish", "pending.period, terms, only)", "pending.period, terms)"),
    ),
    # what counts where
    mutant(
        "empty nodes left out",
        checks.d4_every_node_is_there_the_empty_ones_too,
        edit("service.freeze", "strict=True)]", "strict=True) if value]"),
    ),
    mutant(
        "an excluded flag lost at the close",
        checks.d4_a_flag_that_excludes_one_closer_is_counted_once,
        edit("service._count", "unopened.add(mark_of(flag.thread_id))", "pass"),
    ),
    mutant(
        "a flag without an area lost",
        checks.d4_each_flag_counts_in_its_node,
        edit("service._count", "if isinstance(flag, Unopened):", "if isinstance(flag, Unopened) or flag.area is None:"),
    ),
    mutant(
        "a flag counted twice across periods",
        checks.d5_a_late_flag_counts_in_the_next_period_once,
        edit("service._count", "counted.of_kind(period.kind) | ", ""),
    ),
    mutant(
        "what a quarter counted lost to the year",
        checks.d5_a_flag_counts_once_in_each_kind,
        edit("service._count", "counted.of_kind(period.kind)", "counted.marks()"),
    ),
    mutant(
        "a late flag lost",
        checks.d5_a_late_flag_counts_in_the_next_period_once,
        edit(
            "service._count",
            "window = Window(period.end, terms.triaged_by, left_out, only, terms.days_to_answer, terms.collected_from)",
            "window = Window(period.end, terms.triaged_by, left_out, only, terms.days_to_answer, terms.collected_from)\n"
            "    for one in read(Window(period.end, dt.date.max, left_out, only)):\n"
            "        counted.add(period.kind, terms.epsilon, one.thread_id)\n"
            "    left_out = left_out",
        ),
    ),
    mutant(
        "every message counted",
        checks.d5_one_thread_counts_once_however_often_it_is_found,
        edit("service._count", "if flag.thread_id in seen or not", "if not"),
    ),
    mutant(
        "how a flag was handled left out",
        checks.d4_each_flag_counts_once_in_the_table_of_how_it_was_handled,
        edit("nodes.Table.place", "return Node(handling=handling)", "return self.nodes[0]"),
    ),
    mutant(
        "what the year counted lost to the table of handling",
        checks.d5_a_flag_counts_once_in_each_kind,
        edit(
            "service._count",
            "counted.of_kind(period.kind)",
            "counted.of_kind(Kind.YEAR if period.handling else period.kind)",
        ),
    ),
    mutant(
        "an event counted by each closer however alike it was handled",
        checks.d5_of_an_event_what_was_handled_alike_counts_once,
        edit("service.CountedFlag.told_once", "self.event is None or self.handling is None", "self.handling is None"),
        edit("service._count", ONCE, "if flag.event is not None and flag.handling is None:"),
    ),
    mutant(
        "an event handled as whoever is found first",
        checks.d11_merges_and_late_tellings_stay_within_the_bound,
        edit("service.CountedFlag.told_once", "self.event is None or self.handling is None", "True"),
    ),
    mutant(
        "codes of merged themes lost",
        checks.d4_a_code_of_another_year_counts_where_its_flags_belong,
        edit("nodes.Table._own_codes", "(*theme.whole, *theme.later)", "theme.later"),
    ),
    mutant(
        "codes of the new year lost",
        checks.d4_a_code_of_another_year_counts_where_its_flags_belong,
        edit("nodes.Table._own_codes", "(*theme.whole, *theme.later)", "theme.whole"),
    ),
    mutant(
        "a part of a split theme taken for all of it",
        checks.d4_a_code_of_another_year_counts_where_its_flags_belong,
        edit("nodes.Table._own_codes", "(*theme.whole, *theme.later)", "(*theme.whole, *theme.partly, *theme.later)"),
    ),
    # what is told by several
    mutant(
        "a linked event counted twice",
        checks.d5_an_event_counts_once_in_a_period_and_kind,
        edit("service._count", ONCE, "if False:"),
    ),
    mutant(
        "an event counted by each closer",
        checks.d5_an_event_counts_once_in_a_period_and_kind,
        edit(
            "service._count",
            ONCE,
            "if flag.event is not None and (flag.event in seen or seen.add(flag.event)):",
        ),
    ),
    mutant(
        "an event counted once and for all",
        checks.d5_an_event_counts_once_in_a_period_and_kind,
        edit("counted.Counted.once", 'f"{period}/".encode() + event', "event"),
    ),
    mutant(
        "what a quarter counted of an event lost to the year",
        checks.d5_an_event_counts_once_in_a_period_and_kind,
        edit("counted.Counted.once", "if kind is period.kind)", ")", ('f"{period}/".encode() + event', "event")),
    ),
    mutant(
        "taking apart adds",
        checks.d5_taken_apart_after_the_freeze_it_adds_nothing,
        edit(
            "service._count",
            "counted.add(period.kind, terms.epsilon, flag.thread_id)",
            "flag.event or counted.add(period.kind, terms.epsilon, flag.thread_id)",
        ),
    ),
    mutant(
        "linking moves what was counted",
        checks.d5_linked_after_the_freeze_it_moves_nothing,
        edit(
            "service._count",
            "not window.wants(flag.thread_id):",
            "not (flag.event if not isinstance(flag, Unopened) and flag.event else window.wants(flag.thread_id)):",
        ),
    ),
    mutant(
        "a telling weighs by the others",
        checks.d11_merges_and_late_tellings_stay_within_the_bound,
        edit(
            "service._count",
            PLACED,
            PLACED + "\n        if flag.event is not None:\n            seen.discard(flag.thread_id)\n"
            "            tally[terms.table.place('T05', flag.area, flag.handling)] += 1",
        ),
    ),
    mutant(
        "an event in the place of whoever comes last",
        checks.d11_merges_and_late_tellings_stay_within_the_bound,
        edit(
            "service._count",
            ONCE,
            "from json import loads\n"
            "        own = loads(flag.event)[0].encode() if flag.event else None\n"
            "        places = locals().setdefault('places', {})\n"
            "        if own in places:\n"
            "            tally[places[own]] -= 1\n"
            "        if own:\n"
            "            places[own] = terms.table.place(flag.theme, flag.area, flag.handling)\n"
            "        if False:",
        ),
    ),
    # the budget
    mutant(
        "kinds beyond the ceiling accepted",
        checks.d6_kinds_beyond_the_ceiling_are_refused,
        edit("budget.check", "sum(kinds.values()) > CEILING", "False"),
    ),
    mutant(
        "a costly table of handling accepted",
        checks.d6_a_table_of_how_flags_were_handled_costs_little,
        edit("budget.check", "> MOST_FOR_HANDLING:", "> CEILING:"),
    ),
    mutant(
        "an undeclared kind closed",
        checks.d6_an_undeclared_kind_is_refused,
        edit("turns._check_declared", "period.kind not in kinds and", "False and"),
        edit("service.terms_for", "facts.kinds[period.kind]", "facts.kinds.get(period.kind, facts.kinds['year'])"),
    ),
    mutant(
        "a flag counted over its budget",
        checks.d6_a_flag_over_its_budget_is_left_out_and_blocks_nothing,
        edit("service._count", " | counted.over_budget(terms.epsilon)", ""),
    ),
    mutant(
        "a flag over its budget blocks the release",
        checks.d6_a_flag_over_its_budget_is_left_out_and_blocks_nothing,
        edit(
            "service._count",
            "window = Window(",
            "if counted.over_budget(terms.epsilon):\n        raise CloseRefused('over budget')\n    window = Window(",
        ),
    ),
    mutant(
        "an organisation of thirty closed",
        checks.d6_below_forty_staff_nothing_is_closed,
        edit("turns._check_declared", "if staff < budget.STAFF_FROM:", "if False:"),
    ),
    # the table
    mutant(
        "the grain chosen by the flags",
        checks.d8_neighbouring_data_give_the_same_terms,
        edit(
            "service.close_part",
            "terms = terms_for(history, facts, period, today)",
            "from dataclasses import replace\n"
            "            found = list(read(Window(period.end, today, frozenset())))\n"
            "            terms = terms_for(history, replace(facts, estimate=len(found)), period, today)",
        ),
    ),
    mutant(
        "the themes that were told made the table's",
        checks.d8_neighbouring_data_give_the_same_terms,
        edit(
            "service.close_part",
            "terms = terms_for(history, facts, period, today)",
            "from dataclasses import replace\n"
            "            found = {flag.theme for flag in read(Window(period.end, today, frozenset()))}\n"
            "            themes = [theme for theme in facts.themes if theme.code in found] or facts.themes\n"
            "            terms = terms_for(history, replace(facts, themes=themes), period, today)",
        ),
    ),
    mutant(
        "a grain anew in each quarter",
        checks.d8_terms_are_fixed_at_the_year_s_first_close,
        edit("service.terms_for", "if fixed is not None:", "if False:"),
    ),
    mutant(
        "codes of a set agreed during the year lost",
        checks.d8_a_split_agreed_during_the_year_keeps_its_flags_in_the_theme,
        edit("service.terms_for", "_knowing_newer_codes(fixed.table, facts.themes)", "fixed.table"),
    ),
    mutant(
        "the themes of a year taken anew in each quarter",
        checks.d8_terms_are_fixed_at_the_year_s_first_close,
        edit("service._knowing_newer_codes", "themes=tuple(replace", "themes=tuple(themes) or tuple(replace"),
    ),
    mutant(
        "a year counted by the theme set of its last day",
        checks.d8_a_year_is_counted_by_the_theme_set_of_its_first_day,
        edit("facts.public_facts", "dt.date(year, 1, 1)", "dt.date(year + 1, 1, 1)"),
    ),
    mutant(
        "a release for the first flag's own week",
        checks.d8_a_flag_of_the_first_days_makes_no_release_of_its_own,
        edit("service.check_turn", "next_period(history, facts, period.kind, first_week)", EARLIEST),
    ),
    mutant(
        "small areas not merged",
        checks.d9_every_area_node_stands_for_twenty_staff,
        edit("places._merged", "if not pool:", "if True:"),
        edit("places._usable", "or any(place.staff < smallest for place in places)", ""),
    ),
    mutant(
        "a pool that stays small kept",
        checks.d9_every_area_node_stands_for_twenty_staff,
        edit("places._merged", "while large and sum(place.staff for place in pool) < smallest:", "while False:"),
        edit("places._usable", "or any(place.staff < smallest for place in places)", ""),
    ),
    mutant(
        "smaller areas where the policy says so",
        checks.d9_every_area_node_stands_for_twenty_staff,
        edit("grain._finest_first", "max(LEAST_STAFF, smallest_area)", "smallest_area"),
    ),
    # what is shown
    mutant(
        "no floor",
        checks.d10_shown_as_stored_or_hidden_by_the_rule,
        edit("display.show", "stored_sum < threshold(n_nodes, epsilon, floor) or ", ""),
    ),
    mutant(
        "the share rule dropped",
        checks.d10_shown_as_stored_or_hidden_by_the_rule,
        edit("display.show", " or stored_sum > LARGEST_SHARE * headcount", ""),
    ),
    mutant(
        "numbers rounded before they are shown",
        checks.d10_shown_as_stored_or_hidden_by_the_rule,
        edit("display.show", "return Shown(stored_sum,", "return Shown(5 * round(stored_sum / 5),"),
    ),
    mutant(
        "zero shown as zero",
        checks.d10_zero_few_hidden_and_saturated_are_the_same_in_every_file,
        edit(
            "document.Stored._node_json",
            "_shown_json(self.node(node).shown)}",
            '_shown_json(self.node(node).shown) if self.values[node] else {"value": 0, "low": 0, "high": 0}}',
        ),
    ),
    mutant(
        "too large a share said as such",
        checks.d10_zero_few_hidden_and_saturated_are_the_same_in_every_file,
        edit(
            "document.Stored._node_json",
            "if measured:",
            "if 4 * self.values[node] > self.table.headcount(node):\n        value['too_large'] = True\n    if measured:",
        ),
    ),
    mutant(
        "silence said of what was never shown",
        checks.d10_only_four_shown_releases_make_a_silence,
        edit("display.silence", "any(one is None for one in last)", "False"),
    ),
    # what one flag may move
    mutant(
        "a flag counted in two nodes",
        checks.d11_all_output_of_all_kinds_stays_within_the_bound,
        edit(
            "service._count",
            PLACED,
            PLACED + "\n        tally[terms.table.place('T05', flag.area, flag.handling)] += 1",
        ),
    ),
    mutant(
        "a flag counted by its weight",
        checks.d11_all_output_of_all_kinds_stays_within_the_bound,
        edit("service._count", PLACED, PLACED.replace("1", "3")),
    ),
    mutant(
        "flags handled like the one before",
        checks.d14_what_became_of_one_flag_changes_only_its_own_node,
        edit(
            "service._count",
            PLACED,
            "from dataclasses import replace\n"
            "        last = locals().get('last') or flag.handling\n"
            "        tally[terms.table.place(None, None, replace(flag.handling, severe=last.severe))] += 1\n"
            "        last = flag.handling",
        ),
    ),
    mutant(
        "flags sorted like the one before",
        checks.d14_sorting_one_flag_again_changes_only_its_own_node,
        edit(
            "service._count",
            PLACED,
            "last = flag.theme or locals().get('last')\n        tally[terms.table.place(last, flag.area, flag.handling)] += 1",
        ),
    ),
    # what a release says beside its numbers
    mutant(
        "the hour of the freeze released",
        checks.d12_nothing_frozen_holds_an_id_a_finer_time_or_an_order,
        edit(
            "service.freeze",
            '"floor": terms.floor,',
            '"floor": terms.floor, "frozen_at": dt.datetime.now(dt.UTC).isoformat(),',
        ),
    ),
    mutant(
        "the largest first",
        checks.d12_nothing_frozen_holds_an_id_a_finer_time_or_an_order,
        edit(
            "service.freeze",
            "zip(terms.table.nodes, values, strict=True)",
            "sorted(zip(terms.table.nodes, values, strict=True), key=lambda pair: -pair[1])",
        ),
    ),
    mutant(
        "ids of what was counted released",
        checks.d12_nothing_frozen_holds_an_id_a_finer_time_or_an_order,
        edit(
            "service._finish",
            "freeze(pending.period, terms, values))",
            "canonical({**json.loads(freeze(pending.period, terms, values)), 'of': [m.hex() for m in counted.marks()]}))",
        ),
    ),
    mutant(
        "the day of the button in the frozen bytes",
        checks.d12_the_same_counts_give_the_same_bytes_whatever_came_when,
        edit("service.terms_for", "frozen_on, since = facts.cut_off(period),", "frozen_on, since = today,"),
    ),
    mutant(
        "another rounding in the spreadsheet",
        checks.d15_all_answers_come_from_the_same_bytes,
        edit("document._shown_cells", 'shown["value"],', '5 * round(shown["value"] / 5) + 1,'),
    ),
    mutant(
        "a number of the workbook written otherwise",
        checks.d15_all_answers_come_from_the_same_bytes,
        Edit(
            FILES, "_fill", [("write_number(number, place, cell)", "write_number(number, place, cell + (cell > 20))")]
        ),
    ),
    mutant(
        "a line left off the print",
        checks.d15_all_answers_come_from_the_same_bytes,
        Edit(
            FILES, "_printed", [("for place in told] for row in table]", "for place in told] for row in table[:-1]]")]
        ),
    ),
    mutant(
        "a checksum of something else",
        checks.d15_all_answers_come_from_the_same_bytes,
        edit("queries.Frozen.checksum", "self.body", "self.head.encode()"),
    ),
    mutant(
        "a total that is counted otherwise",
        checks.d15_all_answers_come_from_the_same_bytes,
        edit(
            "document.Stored.rows",
            '*_shown_cells(document["total"])',
            "*_shown_cells(self.node(next(iter(self.values))).shown.as_json())",
        ),
    ),
)
