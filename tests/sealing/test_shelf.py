"""A guardian's shelf: sealed to her alone, of a public size, and gone with the threads that it tells of."""

import dataclasses
import datetime as dt
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text

from concerns.sealing import marks, shelf
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind
from concerns.sealing.model import ShelfRow, Thread, ThreadMark
from concerns.sealing.shelf import ALWAYS, CARDS, LEARNT, READ, TEXTS, Owner, Row
from concerns.sealing.threads import Bundle, deliver, store_threads, take_back
from concerns.store.session import Stores
from tests.sealing.helpers import SITE, Told

DAY, WEEK = dt.date(2026, 11, 19), dt.date(2026, 11, 16)
OLDER = WEEK - dt.timedelta(weeks=3)
SAID = b"The hoist on bay four drops people, and everybody knows."
OWNER = Owner(SITE, b"g" * 16, bytes(range(32)))
SIZE = 500


def kept(stores: Stores, *rows: Row, owner: Owner = OWNER, threads: tuple[bytes, ...] = ()) -> bool:
    return shelf.keep(stores, owner, rows, threads)


def told(stores: Stores) -> Told:
    flag = Told(SAID.decode())
    assert deliver(stores, [flag.flag], flag.receipt.lookup_hash, "open")
    collect(stores, DAY, 12)
    return flag


def rows(stores: Stores) -> list[tuple[str, dt.date]]:
    with stores.read_live() as live:
        return sorted((row.part, row.week) for row in live.scalars(select(ShelfRow)))


def stored(stores: Stores) -> bytes:
    """All bytes of the live store: its files, or its tables."""
    if stores.live.dialect.name == "sqlite":
        folder = Path(str(stores.live.url.database)).parent
        return b"".join(path.read_bytes() for path in sorted(folder.glob("live.db*")))
    with stores.live.connect() as live:
        return b"".join(bytes(row.body) + bytes(row.salt) for row in live.execute(text("SELECT * FROM shelf")))


def test_what_she_keeps_she_finds_again_by_part_and_week(stores: Stores) -> None:
    assert kept(stores, Row(CARDS, WEEK, b"cards", SIZE), Row(CARDS, OLDER, b"old", SIZE), Row(TEXTS, WEEK, b"", SIZE))
    assert shelf.read(stores, OWNER, CARDS) == {WEEK: b"cards", OLDER: b"old"}
    assert shelf.read(stores, OWNER, CARDS, [OLDER]) == {OLDER: b"old"}
    assert shelf.read(stores, OWNER, TEXTS) == {WEEK: b""}
    assert kept(stores, Row(CARDS, WEEK, b"newer", SIZE))
    assert shelf.read(stores, OWNER, CARDS, [WEEK]) == {WEEK: b"newer"}


def test_s1_nothing_of_it_is_in_any_byte_of_the_store(stores: Stores) -> None:
    kept(stores, Row(TEXTS, WEEK, SAID, SIZE))
    data = stored(stores)
    assert not [start for start in range(len(SAID) - 7) if SAID[start : start + 8] in data]
    with stores.write_live() as live:
        live.execute(text("UPDATE shelf SET body = :said"), {"said": SAID})
    assert SAID in stored(stores), "the search would find what is there"


def test_s3_a_row_opens_with_her_own_secret_and_nothing_else(stores: Stores) -> None:
    kept(stores, Row(TEXTS, WEEK, SAID, SIZE))
    with stores.read_live() as live:
        row = live.scalars(select(ShelfRow)).one()
    in_the_store = [row.salt, row.body[:32], row.body[-32:], row.person_id * 2, bytes(32)]
    others = [dataclasses.replace(OWNER, kem_seed=seed) for seed in (*in_the_store, secrets.token_bytes(32))]
    others += [dataclasses.replace(OWNER, site_id=b"x" * 16)]
    assert [shelf.read(stores, one, TEXTS) for one in others] == [{}] * len(others)
    assert shelf.read(stores, OWNER, TEXTS) == {WEEK: SAID}


@pytest.mark.parametrize("change", ["person_id = :other", "part = 'cards'", "week = '2026-11-09'", "body = :noise"])
def test_s5_a_row_that_was_moved_or_changed_is_as_if_it_were_not_there(stores: Stores, change: str) -> None:
    kept(stores, Row(TEXTS, WEEK, SAID, SIZE))
    with stores.write_live() as live:
        live.execute(text(f"UPDATE shelf SET {change}"), {"other": b"h" * 16, "noise": bytes(SIZE)})
    other = dataclasses.replace(OWNER, person_id=b"h" * 16)
    assert not any(shelf.read(stores, one, part) for one in (OWNER, other) for part in (TEXTS, CARDS))


def test_s6_a_row_has_the_size_that_is_asked_for_whatever_it_holds(stores: Stores) -> None:
    kept(stores, Row(TEXTS, WEEK, b"", SIZE), Row(TEXTS, OLDER, SAID * 8, SIZE))
    with stores.read_live() as live:
        assert {len(row.body) for row in live.scalars(select(ShelfRow))} == {SIZE + 16}
    with pytest.raises(ValueError, match="too small"):
        kept(stores, Row(TEXTS, WEEK, bytes(SIZE), SIZE))


@pytest.mark.parametrize("how", ["purged", "taken back"])
def test_s15_with_a_thread_goes_every_row_that_may_hold_a_word_of_it(stores: Stores, how: str) -> None:
    flag = told(stores)
    gwen = Owner(SITE, b"h" * 16, bytes(reversed(range(32))))
    for owner in (OWNER, gwen):
        kept(stores, Row(TEXTS, WEEK, SAID, SIZE), Row(CARDS, WEEK, SAID[:20], SIZE), owner=owner)
        kept(stores, Row(TEXTS, OLDER, b"other", SIZE), Row(LEARNT, ALWAYS, SAID, SIZE), owner=owner)
        kept(stores, Row(READ, ALWAYS, b"read", SIZE), owner=owner)
    naive = shelf.read(stores, OWNER, TEXTS)
    with stores.read_live() as live:
        copies = [bytes(row.body)[:64] for row in live.scalars(select(ShelfRow).where(ShelfRow.week == WEEK))]
    if how == "taken back":
        take_back(stores, flag.thread_id)
    collect(stores, DAY if how == "taken back" else DAY + dt.timedelta(days=400), 12)
    assert naive[WEEK] == SAID, "a cache that stayed would still tell it"
    assert rows(stores) == [(READ, ALWAYS)] * 2 + [(TEXTS, OLDER)] * 2
    assert not [copy for copy in copies if copy in stored(stores)]


def test_s15_nothing_is_kept_of_a_thread_that_was_destroyed_meanwhile(stores: Stores) -> None:
    """She read it, it was purged, and only now does her request write what it has read."""
    flag = told(stores)
    late = Row(TEXTS, WEEK, SAID, SIZE)
    assert kept(stores, late), "without the check it would be kept"
    assert kept(stores, late, threads=(flag.thread_id,))
    take_back(stores, flag.thread_id)
    collect(stores, DAY, 12)
    assert not kept(stores, late, threads=(flag.thread_id,))
    assert rows(stores) == []


def test_s15_however_writing_and_destroying_meet_nothing_stays(stores: Stores) -> None:
    for _round in range(6):
        flags = [told(stores) for _ in range(3)]
        threads = tuple(flag.thread_id for flag in flags)
        for flag in flags:
            take_back(stores, flag.thread_id)
        with ThreadPoolExecutor(4) as pool:
            writing = [pool.submit(kept, stores, Row(TEXTS, WEEK, SAID, SIZE), threads=threads) for _ in range(6)]
            destroying = pool.submit(collect, stores, DAY, 12)
            destroying.result()
            for one in writing:
                one.result()
        assert rows(stores) == []


def test_two_requests_at_once_lose_nothing_of_what_is_changed_in_place(stores: Stores) -> None:
    def add(number: int) -> None:
        shelf.change(stores, OWNER, READ, SIZE, lambda before: before + bytes([number]))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(12)))
        list(pool.map(lambda number: kept(stores, Row(CARDS, WEEK, bytes([number]), SIZE)), range(12)))
    assert sorted(shelf.read(stores, OWNER, READ)[ALWAYS]) == list(range(12))
    assert len(shelf.read(stores, OWNER, CARDS)) == 1


def test_a_shelf_is_cleared_for_one_who_leaves(stores: Stores) -> None:
    other = dataclasses.replace(OWNER, person_id=b"h" * 16)
    for owner in (OWNER, other):
        kept(stores, Row(CARDS, WEEK, b"cards", SIZE), owner=owner)
    with stores.write_live() as live:
        shelf.clear(live, OWNER.person_id)
    assert (shelf.read(stores, OWNER, CARDS), shelf.read(stores, other, CARDS)) == ({}, {WEEK: b"cards"})


def test_a_seed_reaches_no_traceback() -> None:
    assert OWNER.kem_seed.hex()[:16] not in repr(OWNER) and repr(OWNER.kem_seed) not in repr(OWNER)


def seen(stores: Stores) -> dict[dt.date, bytes]:
    with stores.read_main() as main:
        return marks.marks(main)


def test_a_mark_changes_with_every_change_of_a_thread_of_its_week_and_with_no_other(stores: Stores) -> None:
    flag = told(stores)
    bundle = Told()
    row = Bundle(bundle.thread_id, bundle.receipt.lookup_hash, "imported", OLDER, OLDER, [bundle.flag])
    store_threads(stores, [row])
    before = seen(stores)
    assert set(before) == {WEEK, OLDER}
    collect(stores, OLDER, 12)
    assert seen(stores) == before, "nothing came, nothing changed"
    deliver(stores, [flag.seal(Kind.NOTE, {"text": ""})])
    assert seen(stores) == before, "what waits is no change of main"
    collect(stores, OLDER, 12)
    after = seen(stores)
    assert after[WEEK] != before[WEEK] and after[OLDER] == before[OLDER]
    take_back(stores, flag.thread_id)
    collect(stores, OLDER, 12)
    assert set(seen(stores)) == {OLDER}
    with stores.read_main() as main:
        assert {mark.week for mark in main.scalars(select(ThreadMark))} == set(main.scalars(select(Thread.week)))
