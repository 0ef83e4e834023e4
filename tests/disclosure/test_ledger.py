import json
import multiprocessing
import time
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.disclosure.ledger import Ledger, LedgerRefused, Line, follow, parse

entries = st.lists(
    st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=20), st.integers(), st.none()), max_size=3),
    max_size=6,
)


def written(directory: Path, said: list[dict[str, object]]) -> bytes:
    ledger = Ledger(directory)
    for entry in said:
        ledger.append(entry)
    return ledger.path.read_bytes()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    written(tmp_path, [{"a": 1}, {"b": "ü\n“x”"}, {"c": [1, -2]}])
    return Ledger(tmp_path)


def test_lines_come_back_in_order(ledger: Ledger) -> None:
    assert [(line.number, line.entry) for line in ledger.lines()] == [
        (1, {"a": 1}),
        (2, {"b": "ü\n“x”"}),
        (3, {"c": [1, -2]}),
    ]
    assert len({line.head for line in ledger.lines()}) == 3


def test_every_line_is_json(ledger: Ledger) -> None:
    assert [json.loads(raw)["line"] for raw in ledger.path.read_text().splitlines()] == [1, 2, 3]


def test_no_file_is_no_lines(tmp_path: Path) -> None:
    assert Ledger(tmp_path).lines() == ()


@given(entries, st.data())
def test_a_file_cut_anywhere_keeps_what_was_whole_on_the_disk(
    said: list[dict[str, object]], data: st.DataObject
) -> None:
    lines: list[Line] = []
    for entry in said:
        lines.append(follow(lines[-1] if lines else None, entry))
    from concerns.disclosure.ledger import _written

    encoded = [_written(line) for line in lines]
    whole = b"".join(encoded)
    cut = data.draw(st.integers(0, len(whole)))
    # a line that lacks nothing but its end was whole: somebody may have read it
    ends = accumulate(map(len, encoded))
    assert parse(whole[:cut]) == tuple(lines[: sum(cut >= end - 1 for end in ends)])


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        found = parse(data)
    except LedgerRefused:
        found = ()
    assert found == ()


@given(st.data())
def test_any_changed_byte_of_a_whole_line_is_refused(data: st.DataObject) -> None:
    from concerns.disclosure.ledger import _written

    first = follow(None, {"a": 1})
    whole = _written(first) + _written(follow(first, {"b": 2}))
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    changed = whole[:place] + bytes([other]) + whole[place + 1 :]
    if place == len(whole) - 1:  # what stands after its last line is a beginning
        assert parse(changed) == (first,)
    else:
        with pytest.raises(LedgerRefused):
            parse(changed)


def test_lines_cannot_change_places_or_go(ledger: Ledger) -> None:
    one, two, three = ledger.path.read_bytes().splitlines(keepends=True)
    for changed in (two + one + three, one + three, two + three, one + one):
        with pytest.raises(LedgerRefused):
            parse(changed)


def test_an_unfinished_line_is_overwritten_by_the_next(ledger: Ledger) -> None:
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + b'{"entry":{"secret":1},"he')
    ledger.append({"d": 4})
    assert [line.entry for line in ledger.lines()][-1] == {"d": 4}
    assert b"secret" not in ledger.path.read_bytes()


def test_d3_a_line_that_lacks_its_end_alone_counts_and_gets_it(ledger: Ledger) -> None:
    """Its writer was killed between the two: whoever copied the file has a whole draw, and there is no other."""
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[:-1])
    assert [line.entry for line in ledger.lines()] == [{"a": 1}, {"b": "ü\n“x”"}, {"c": [1, -2]}]
    assert ledger.path.read_bytes() == whole
    ledger.path.write_bytes(whole[:-1])
    ledger.append({"d": 4})
    assert [line.number for line in ledger.lines()] == [1, 2, 3, 4]
    ledger.path.write_bytes(whole[:-1])
    with ledger.locked():
        assert ledger.path.read_bytes() == whole


def test_d3_a_line_whose_writer_is_at_work_is_no_line_yet(ledger: Ledger) -> None:
    whole = ledger.path.read_bytes()
    with Ledger(ledger.directory).locked():
        ledger.path.write_bytes(whole[:-1])
        assert [line.number for line in ledger.lines()] == [1, 2]
        assert ledger.path.read_bytes() == whole[:-1]


def test_a_step_under_the_lock_reads_the_file_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    real = Path.read_bytes

    def counted(path: Path) -> bytes:
        reads.append(path)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    with ledger.locked():
        ledger.lines()
        ledger.append({"d": 4})
        assert [line.number for line in ledger.lines()] == [1, 2, 3, 4]
    assert len(reads) == 1
    assert ledger.these([2, 4, 9]).keys() == {2, 4}
    assert len(reads) == 2


def test_single_lines_are_held_against_the_head_before_them(ledger: Ledger) -> None:
    one, two, three = ledger.path.read_bytes().splitlines(keepends=True)
    assert ledger.these([1, 2, 3]) == {line.number: line for line in ledger.lines()}
    for changed in (one + three + two, one + two.replace(b"x", b"y") + three, two + one + three):
        ledger.path.write_bytes(changed)
        assert 2 not in ledger.these([2])
    ledger.path.write_bytes(one + two.replace(two[-80:-20], b"0" * 60) + three)
    assert set(ledger.these([1, 2, 3])) == {1}


def test_only_its_owner_reads_the_file(ledger: Ledger) -> None:
    assert ledger.path.stat().st_mode & 0o077 == 0


def test_one_closer_at_a_time(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    context = multiprocessing.get_context("spawn")
    with ledger.locked():
        other = context.Process(target=written_under_lock, args=(tmp_path,))
        other.start()
        time.sleep(0.5)
        ledger.append({"who": "first"})
    other.join(30)
    assert [line.entry["who"] for line in ledger.lines()] == ["first", "second"]


def written_under_lock(directory: Path) -> None:
    ledger = Ledger(directory)
    with ledger.locked():
        ledger.append({"who": "second"})
