import datetime as dt

from concerns.disclosure.agenda import State, agenda, newest_frozen, row_names, terms_in_words
from concerns.disclosure.periods import Period
from tests.disclosure import checks
from tests.disclosure.gate import Q1, Gate

TODAY = dt.date(2026, 11, 22)


def states(gate: Gate, today: dt.date = TODAY) -> dict[str, State]:
    return {str(item.period): item.state for item in agenda(gate.history(), gate.facts, today, None)}


def test_every_period_has_its_state(gate: Gate) -> None:
    gate.close(Q1)
    gate.part(Period(2026, 2), "gita")
    assert states(gate) == {
        "2026": State.EARLY,
        "2026-Q4": State.EARLY,
        "2026-Q3": State.QUEUED,
        "2026-Q2": State.WAITING,
        "2026-Q1": State.CLOSED,
    }


def test_the_first_one_may_be_closed_the_next_waits_its_turn(gate: Gate) -> None:
    assert states(gate)["2026-Q1"] is State.READY
    assert states(gate)["2026-Q2"] is State.QUEUED


def test_a_closed_period_carries_its_line_and_head(gate: Gate) -> None:
    gate.close(Q1)
    closed = next(item for item in agenda(gate.history(), gate.facts, TODAY, None) if item.period == Q1)
    assert (closed.line, closed.head) == (3, gate.ledger.lines()[2].head.hex())
    assert closed.day_in_words == "21 April 2026"
    newest = newest_frozen(gate.history())
    assert newest is not None
    assert newest.period == Q1


def test_undeclared_kinds_are_not_listed(gate: Gate) -> None:
    gate.with_facts(kinds={})
    assert states(gate) == {}
    assert newest_frozen(gate.history()) is None


def test_a_table_is_said_in_words(gate: Gate) -> None:
    table = gate.close(Q1).table
    assert terms_in_words(table) == "themes"
    assert row_names(table) == [*(f"Theme {n}" for n in range(6)), "None of these"]


def test_a_table_of_how_flags_were_handled_is_said_in_words(gate: Gate) -> None:
    period = Period(2026, handling=True)
    table = checks.with_handling(gate).close(period).table
    assert terms_in_words(table) == "how flags were handled, the whole organisation"
    assert row_names(table)[0] == "Severe, answered in time, discouraged"
    assert len(set(row_names(table))) == 8
    # a year's own table comes first, and each has its state
    listed = states(gate, dt.date(2027, 1, 25))
    assert list(listed)[:5] == ["2027-handling", "2027", "2027-Q1", "2026-handling", "2026"]
    assert (listed["2026-handling"], listed["2026"]) == (State.CLOSED, State.READY)
