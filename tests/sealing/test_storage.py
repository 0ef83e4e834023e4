"""What the stores keep of a flag, and what they do not."""

import dataclasses
import datetime as dt
import itertools
import secrets
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from concerns.sealing import keys
from concerns.sealing.collecting import collect, purge_week, waiting
from concerns.sealing.envelope import Kind, Sealed
from concerns.sealing.model import Arrival, Envelope, ShredKey, Thread, Wrap
from concerns.sealing.opening import open_thread
from concerns.sealing.threads import Bundle, deliver, find, load, open_all, store_threads
from concerns.store.session import Stores, open_stores
from tests.sealing.helpers import SITE, Told

DAY = dt.date(2026, 11, 19)
MONDAY = dt.date(2026, 11, 16)


def tell(stores: Stores, told: Told) -> bool:
    return deliver(stores, [told.flag], told.receipt.lookup_hash, "open")


def opened(stores: Stores, told: Told, seed: bytes) -> Any:
    thread = open_thread(stores, SITE, told.thread_id, seed, told.sign_publics)
    return thread and thread.flag["text"]


def test_a_flag_is_read_before_and_after_collecting(stores: Stores) -> None:
    told = Told()
    assert tell(stores, told) and waiting(stores)
    for _ in range(2):
        assert find(stores, told.receipt.lookup_hash) == told.thread_id
        assert opened(stores, told, told.receipt.kem_seed) == told.text == opened(stores, told, told.guardians[2])
        collect(stores, DAY, 12)
    assert not waiting(stores)
    with stores.read_main() as main:
        thread = main.scalars(select(Thread)).one()
    assert (thread.week, thread.tier) == (MONDAY, "open")
    assert thread.purge_week.weekday() == 0 and thread.purge_week > DAY + dt.timedelta(days=340)


def test_s14_a_double_tap_stores_one_flag_also_across_collecting(stores: Stores) -> None:
    told = Told()
    again = Told(told.text, told.guardians, told.signers, told.entropy)
    assert tell(stores, told)
    assert not tell(stores, again) and not tell(stores, told)
    collect(stores, DAY, 12)
    assert not tell(stores, again)
    with stores.read_main() as main:
        assert len(main.scalars(select(Thread)).all()) == 1


def test_a_flag_that_the_store_refuses_is_never_taken_for_a_double_tap(stores: Stores) -> None:
    told = Told()
    nothing: Any = None
    broken = dataclasses.replace(told.flag, commit=nothing)
    with pytest.raises(IntegrityError):
        deliver(stores, [broken], told.receipt.lookup_hash, "open")
    assert tell(stores, told)


def test_s14_a_second_copy_that_slipped_in_during_collecting_is_dropped(stores: Stores) -> None:
    """The look-up was checked before the first copy was collected, and the second inserted after."""
    told = Told()
    again = Told(told.text, told.guardians, told.signers, told.entropy)
    assert tell(stores, told)
    with stores.read_live() as live:
        first = live.scalars(select(Arrival)).one()
    collect(stores, DAY, 12)
    with stores.write_live() as live:
        live.add(ShredKey(thread_id=again.thread_id, key=secrets.token_bytes(32)))
        live.add(
            Arrival(
                id=again.flag.header.envelope_id, thread_id=again.thread_id, kind=1, lookup_hash=first.lookup_hash,
                tier="open", commit=again.flag.commit, body=again.flag.body, wraps=first.wraps,
            )
        )  # fmt: skip
    assert find(stores, told.receipt.lookup_hash) == told.thread_id
    collect(stores, DAY, 12)
    with stores.read_main() as main, stores.read_live() as live:
        assert [thread.id for thread in main.scalars(select(Thread))] == [told.thread_id]
        assert [key.thread_id for key in live.scalars(select(ShredKey))] == [told.thread_id]


def test_s14_sixteen_at_once_and_each_of_them_twice(stores: Stores) -> None:
    flags = [Told() for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda told: tell(stores, told), [*flags, *flags]))
    assert sorted(answers) == [False] * 16 + [True] * 16
    collect(stores, DAY, 12)
    with stores.read_main() as main:
        assert {thread.id for thread in main.scalars(select(Thread))} == {told.thread_id for told in flags}


def test_collecting_can_be_stopped_half_way_and_finished_later(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told()
    tell(stores, told)

    def stop(self: Stores) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Stores, "write_live", stop)
        with pytest.raises(KeyboardInterrupt):
            collect(stores, DAY, 12)
    assert opened(stores, told, told.guardians[0]) == told.text
    collect(stores, DAY, 12)
    assert opened(stores, told, told.guardians[0]) == told.text
    with stores.read_main() as main, stores.read_live() as live:
        assert len(main.scalars(select(Envelope)).all()) == 1
        assert live.scalars(select(Arrival)).all() == []


def test_s3_the_databases_alone_open_nothing(stores: Stores) -> None:
    """Every key that the databases hold is tried as a seed; a guardian's seed shows that opening would be seen."""
    told = Told()
    tell(stores, told)
    collect(stores, DAY, 12)
    rows = load(stores, SITE, [told.thread_id])[told.thread_id]
    kept = [value for values in everything(stores).values() for row in values for value in row]
    seeds = {part for value in kept if isinstance(value, bytes) for part in _pieces(value)}
    assert len(seeds) > 4 and not [seed for seed in seeds if open_all(rows, keys.Holder(seed))]
    assert open_all(rows, keys.Holder(told.guardians[0]))


def test_s12_nothing_tells_the_order_of_arrival(stores: Stores) -> None:
    """Neither values, nor `SELECT *`, nor the order in the file (SQLite), ctid or xmin (PostgreSQL)."""
    flags = [Told() for _ in range(40)]
    for told in flags:
        tell(stores, told)
        deliver(stores, [told.seal(Kind.DETAIL, {"n": 0}, told.receipt.sign_seed)])
    arrived = [told.thread_id for told in flags]
    collect(stores, DAY, 12)
    for rows in everything(stores).values():
        for row in rows:
            times = [value for value in row if isinstance(value, dt.date | dt.datetime)]
            assert all(not isinstance(value, dt.datetime) and value.weekday() == 0 for value in times)
    assert arrived != sorted(arrived)
    with stores.main.connect() as main:
        for table, key in (("thread", "id"), ("envelope", "id"), ("wrap", "envelope_id")):
            read = [bytes(row[0]) for row in main.execute(text(f"SELECT {key}, * FROM {table}"))]
            assert read == sorted(read)
            if stores.main.dialect.name == "postgresql":
                by_place = main.execute(text(f"SELECT {key} FROM {table} ORDER BY ctid"))
                assert [bytes(value) for (value,) in by_place] == sorted(read)
                assert len(main.execute(text(f"SELECT DISTINCT xmin::text FROM {table}")).all()) == 1
    if stores.main.dialect.name == "sqlite":
        data = Path(str(stores.main.url.database)).read_bytes()
        places = [data.index(lookup) for lookup in _lookups_by_thread(stores)]
        # rows of a page stand from its end to its start, so neighbours run one way or the other, by id
        assert sum(one > two for one, two in itertools.pairwise(places)) >= len(places) - 3


def test_s12_a_naive_table_would_tell_the_order(tmp_path: Path) -> None:
    """The same look at a table with rowids, so that the test above could fail."""
    naive = open_stores(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/b.db").main
    ids = [secrets.token_bytes(16) for _ in range(40)]
    with naive.begin() as connection:
        connection.execute(text("CREATE TABLE flag (id BLOB PRIMARY KEY)"))
        for one in ids:
            connection.execute(text("INSERT INTO flag VALUES (:one)"), {"one": one})
    with naive.connect() as connection:
        assert [value for (value,) in connection.execute(text("SELECT id FROM flag ORDER BY rowid"))] == ids
    naive.dispose()


def test_s6_all_envelopes_of_a_kind_look_alike(stores: Stores) -> None:
    told = Told(text="x")
    longer = Told(text="y" * 11_000, guardians=told.guardians)
    for one in (told, longer):
        tell(stores, one)
    collect(stores, DAY, 12)
    with stores.read_main() as main:
        assert len({len(envelope.body) for envelope in main.scalars(select(Envelope))}) == 1
        wraps = main.scalars(select(Wrap)).all()
    assert len(wraps) == 8 and len({len(wrap.w) for wrap in wraps}) == 1


def test_a_thread_without_its_shred_key_is_gone_for_everybody(stores: Stores) -> None:
    told = Told()
    tell(stores, told)
    collect(stores, DAY, 12)
    with stores.write_live() as live:
        live.delete(live.get(ShredKey, told.thread_id))
    assert find(stores, told.receipt.lookup_hash) is None
    assert opened(stores, told, told.guardians[0]) is None
    with pytest.raises(KeyError):
        deliver(stores, [told.seal(Kind.DETAIL, {})])


def test_s15_after_the_promised_months_no_key_and_no_row_is_left(stores: Stores) -> None:
    told, young = Told(), Told()
    tell(stores, told)
    collect(stores, DAY, 36)
    with stores.read_live() as live, stores.read_main() as main:
        key = live.scalars(select(ShredKey)).one().key
        last = main.scalars(select(Thread)).one().purge_week
    backup = load(stores, SITE, [told.thread_id])
    tell(stores, young)
    collect(stores, last, 36)
    assert opened(stores, told, told.guardians[0]) == told.text
    collect(stores, last + dt.timedelta(weeks=1), 36)
    assert opened(stores, told, told.guardians[0]) is None and opened(stores, young, young.guardians[0]) == young.text
    assert find(stores, told.receipt.lookup_hash) is None
    assert backup[told.thread_id] and {row[0] for row in everything(stores)["wrap"]} == {young.flag.header.envelope_id}
    if stores.main.dialect.name == "sqlite":
        for engine in (stores.main, stores.live):
            folder = Path(str(engine.url.database)).parent
            assert not [path for path in folder.glob("*.db*") if key in path.read_bytes()]


@pytest.mark.parametrize("day", [dt.date(2026, 1, 5), dt.date(2024, 2, 26), dt.date(2026, 11, 30)])
@pytest.mark.parametrize("months", [1, 12, 36])
def test_a_thread_is_purged_within_the_promised_months(day: dt.date, months: int) -> None:
    last = purge_week(day, months)
    promised = day.replace(day=1) + dt.timedelta(days=31 * months + day.day)
    assert last.weekday() == 0 and day <= last + dt.timedelta(weeks=1) <= promised


def test_imported_threads_are_stored_whole(stores: Stores) -> None:
    flags = [Told() for _ in range(3)]
    sealed: dict[bytes, list[Sealed]] = {
        told.thread_id: [told.flag, told.seal(Kind.NOTE, {"text": ""})] for told in flags
    }
    store_threads(
        stores,
        [
            Bundle(told.thread_id, told.receipt.lookup_hash, "imported", MONDAY, MONDAY, sealed[told.thread_id])
            for told in flags
        ],
    )
    for told in flags:
        assert opened(stores, told, told.guardians[1]) == told.text
    assert {len(rows) for rows in load(stores, SITE, [told.thread_id for told in flags]).values()} == {2}


def test_loading_takes_the_same_number_of_queries_for_one_thread_and_for_many(stores: Stores) -> None:
    from sqlalchemy import event

    flags = [Told() for _ in range(6)]
    for told in flags:
        tell(stores, told)
    collect(stores, DAY, 12)
    statements: list[str] = []
    for engine in (stores.main, stores.live):
        event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    for many in (1, 6):
        statements.clear()
        load(stores, SITE, [told.thread_id for told in flags[:many]], kid=keys.kid_of(flags[0].publics[0]))
        counts.append(len([one for one in statements if one.startswith("SELECT")]))
    assert counts == [4, 4]


def test_a_copy_of_main_opens_nothing_without_the_live_store(stores: Stores, tmp_path: Path) -> None:
    if stores.main.dialect.name != "sqlite":
        pytest.skip("the same on PostgreSQL: shred keys are rows of the other database there")
    told = Told()
    tell(stores, told)
    collect(stores, DAY, 12)
    copy = tmp_path / "backup.db"
    shutil.copy(str(stores.main.url.database), copy)
    stores.live.dispose()
    backup = open_stores(f"sqlite:///{copy}", f"sqlite:///{tmp_path}/empty.db")
    from concerns.store.schema import migrate

    migrate(backup)
    assert opened(backup, told, told.guardians[0]) is None
    backup.close()


def everything(stores: Stores) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table on the reporter's side."""
    found = {}
    for engine in (stores.main, stores.live):
        with engine.connect() as connection:
            for table in {"thread", "envelope", "wrap", "arrival", "shred_key"} & set(
                inspect(engine).get_table_names()
            ):
                found[table] = [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]
    return {table: [tuple(_plain(value) for value in row) for row in rows] for table, rows in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, str) and len(value) == 10 and value[4] == "-":
        return dt.date.fromisoformat(value)
    return value


def _pieces(value: bytes) -> list[bytes]:
    return [value[start : start + 32] for start in (0, 16, len(value) - 32) if len(value[start : start + 32]) == 32]


def _lookups_by_thread(stores: Stores) -> list[bytes]:
    with stores.read_main() as main:
        return [bytes(thread.lookup_hash) for thread in main.scalars(select(Thread).order_by(Thread.id))]
