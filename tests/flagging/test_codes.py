"""Staff codes: readable, unguessable, good for exactly one use, and nowhere but on paper."""

import random
import sqlite3
import string
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from concerns.flagging import codes
from concerns.flagging.codes import ALPHABET, LENGTH, hash_of, make_codes, new_codes, read_code, shown, use_code
from concerns.flagging.model import StaffCode
from concerns.store.session import Stores

ANY_CODE = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)
BETWEEN = st.text(" -\t–—‑\u00a0\u2009−", max_size=2)
#: what somebody may take a printed sign for
TAKEN_FOR = {"0": "0oO", "1": "1iIlL", "V": "vVuU"}


def test_no_sign_looks_like_another() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("OILU") & set(ALPHABET)


def test_a_code_is_shown_in_four_groups() -> None:
    assert shown("7K3M9QRT0V5XB2HD") == "7K3M-9QRT-0V5X-B2HD"


@given(ANY_CODE)
def test_what_is_printed_is_read(code: str) -> None:
    assert read_code(shown(code)) == code
    assert read_code(shown(code).lower()) == code


@given(st.data(), ANY_CODE)
def test_case_spaces_dashes_and_look_alikes_do_not_matter(data: st.DataObject, code: str) -> None:
    typed = data.draw(BETWEEN)
    for sign in code:
        typed += data.draw(st.sampled_from(TAKEN_FOR.get(sign, sign + sign.lower()))) + data.draw(BETWEEN)
    assert read_code(typed) == code


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_whole_code_or_none(typed: str) -> None:
    code = read_code(typed)
    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET) and read_code(code) == code)


@given(
    ANY_CODE, st.sampled_from([*string.punctuation.replace("-", ""), "ß", "é", "0", "Ω", ""]), st.integers(0, LENGTH)
)
def test_one_sign_too_many_or_a_strange_one_is_no_code(code: str, sign: str, place: int) -> None:
    assert read_code(code[:place] + sign + code[place:]) == (None if sign else code)
    assert read_code(code[:-1]) is None
    assert read_code(code + " " * 1_000_000) is None


def test_new_codes_differ_and_use_every_sign() -> None:
    made = new_codes(500)
    assert len(set(made)) == 500
    assert set("".join(made)) == set(ALPHABET)
    assert all(read_code(code) == code for code in made)


def test_a_repeated_draw_is_drawn_again() -> None:
    class Stuck:
        """Draws the same code three times before it moves on."""

        def __init__(self) -> None:
            self.drawn = 0

        def choice(self, seq: Sequence[str], /) -> str:
            self.drawn += 1
            return seq[max(0, (self.drawn - 1) // LENGTH - 2)]

    assert new_codes(2, Stuck()) == ["0" * LENGTH, "1" * LENGTH]


def test_only_hashes_are_stored(stores: Stores, tmp_path: Path) -> None:
    made = make_codes(stores, 60)
    with stores.read_live() as live:
        assert set(live.scalars(select(StaffCode.hash))) == {hash_of(code) for code in made}
    content = everything(stores, tmp_path)
    assert hash_of(made[0]) in content
    stored = _runs(content)
    for code in made:
        for spelled in (code, shown(code)):
            for form in (spelled.encode(), spelled.lower().encode(), spelled.encode("utf-16-le")):
                assert not _runs(form) & stored


def _runs(content: bytes) -> set[bytes]:
    """Every eight bytes in a row."""
    return {content[start : start + 8] for start in range(len(content) - 7)}


def everything(stores: Stores, folder: Path) -> bytes:
    """Every byte of SQLite's files; on PostgreSQL, which has pages of its own, every value of every row as it is stored."""
    if stores.live.dialect.name == "sqlite":
        return b"".join(file.read_bytes() for file in sorted(folder.glob("*.db*")))
    with stores.read_live() as live:
        tables = live.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        pages = [live.execute(text(f'SELECT * FROM "{table}"')).all() for table in tables]
    return b"".join(
        bytes(value) if isinstance(value, bytes) else str(value).encode()
        for page in pages
        for row in page
        for value in row
    )


def test_neither_the_rows_nor_the_sheet_tell_the_order_of_making(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = random.Random(4)
    drawn = new_codes(100, numbers)
    monkeypatch.setattr(codes, "new_codes", lambda _count: list(drawn))
    made = make_codes(stores, 100)
    assert sorted(made) == sorted(drawn) and made != drawn
    with stores.read_live() as live:
        stored = list(live.scalars(select(StaffCode.hash)))
    assert stored == sorted(stored)


def test_a_code_works_once(stores: Stores) -> None:
    code, other = make_codes(stores, 2)
    with stores.write_live() as live:
        assert use_code(live, code)
        assert not use_code(live, code)
    with stores.write_live() as live:
        assert not use_code(live, code)
        assert not use_code(live, new_codes(1)[0])
        assert use_code(live, other)


def test_a_code_is_not_used_up_by_what_fails(stores: Stores) -> None:
    (code,) = make_codes(stores, 1)

    def use_and_fail() -> None:
        with stores.write_live() as live:
            assert use_code(live, code)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        use_and_fail()
    with stores.write_live() as live:
        assert use_code(live, code)


def test_s14_a_code_works_once_under_twenty_parallel_posts(stores: Stores) -> None:
    for code in make_codes(stores, 3):
        together = Barrier(20)

        def post(code: str = code, together: Barrier = together) -> bool:
            together.wait(60)
            with stores.write_live() as live:
                return use_code(live, code)

        with ThreadPoolExecutor(20) as threads:
            assert sum(post.result() for post in [threads.submit(post) for _post in range(20)]) == 1
    with stores.read_live() as live:
        assert live.scalars(select(StaffCode)).all() == []


def test_a_used_code_leaves_no_byte(stores: Stores, tmp_path: Path) -> None:
    """SQLite overwrites what it deletes; its write-ahead log is emptied at the next collect."""
    (code,) = make_codes(stores, 1)
    with stores.write_live() as live:
        assert use_code(live, code)
    if stores.live.dialect.name == "sqlite":
        with sqlite3.connect(tmp_path / "live.db") as live_file:
            assert live_file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    assert hash_of(code) not in everything(stores, tmp_path)
