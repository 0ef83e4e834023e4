import json
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from concerns.disclosure.counted import Counted, mark_of
from concerns.disclosure.periods import Kind

batches = st.lists(
    st.tuples(
        st.sampled_from(list(Kind)),
        st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(3, 2)]),
        st.binary(min_size=16, max_size=16),
    ),
    max_size=20,
)


def counted_of(rows: list[tuple[Kind, Fraction, bytes]]) -> Counted:
    counted = Counted()
    for row in rows:
        counted.add(*row)
    return counted


@given(batches)
def test_it_reads_what_it_writes_whatever_the_order(rows: list[tuple[Kind, Fraction, bytes]]) -> None:
    counted = counted_of(rows)
    text = json.dumps(counted.as_json())
    assert Counted.from_json(json.loads(text)).as_json() == counted.as_json()
    assert counted_of(rows[::-1]).as_json() == counted.as_json()


@given(batches)
def test_no_thread_id_stands_in_it(rows: list[tuple[Kind, Fraction, bytes]]) -> None:
    marks_of = {thread_id: mark_of(thread_id) for *_, thread_id in rows}
    assert all(mark not in thread_id for thread_id, mark in marks_of.items())
    assert all(len(mark) == 10 for marks in counted_of(rows).batches.values() for mark in marks)


def test_a_kind_counts_a_thread_once_ever() -> None:
    counted = counted_of([(Kind.QUARTER, Fraction(1, 2), b"a" * 16)])
    assert mark_of(b"a" * 16) in counted.of_kind(Kind.QUARTER)
    assert mark_of(b"a" * 16) not in counted.of_kind(Kind.YEAR)


def test_d6_what_was_spent_adds_up_over_kinds() -> None:
    rows = [(Kind.QUARTER, Fraction(1), b"a" * 16), (Kind.YEAR, Fraction(1, 2), b"b" * 16)]
    counted = counted_of(rows)
    assert counted.over_budget(Fraction(3, 2)) == {mark_of(b"a" * 16)}
    assert counted.over_budget(Fraction(1)) == frozenset()
    assert counted.marks() == {mark_of(b"a" * 16), mark_of(b"b" * 16)}
