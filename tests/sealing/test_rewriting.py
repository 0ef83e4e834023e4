"""Collecting while others read, write and collect: nobody waits long, nothing is lost, nothing is told to a log."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from concerns.sealing import rewriting
from concerns.sealing.collecting import StoreBusy, collect
from concerns.sealing.model import Arrival, Thread
from concerns.sealing.opening import open_thread
from concerns.sealing.threads import deliver
from concerns.store.session import Stores
from tests.sealing.helpers import SITE, Told

DAY = dt.date(2026, 11, 19)


def test_posting_and_reading_go_on_while_it_collects(stores: Stores) -> None:
    flags, stop, failures = [Told() for _ in range(60)], threading.Event(), []

    def keep_collecting() -> None:
        while not stop.is_set():
            try:
                collect(stores, DAY, 36)
            except StoreBusy:
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, the test must say so
                failures.append(error)

    collectors = [threading.Thread(target=keep_collecting) for _ in range(2)]
    for collector in collectors:
        collector.start()

    def tell(told: Told) -> bool:
        stored = deliver(stores, [told.flag], told.receipt.lookup_hash, "open")
        return stored and open_thread(stores, SITE, told.thread_id, told.guardians[0], told.sign_publics) is not None

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(tell, flags))
    stop.set()
    for collector in collectors:
        collector.join()
    assert failures == []
    collect(stores, DAY, 36)
    with stores.read_main() as main, stores.read_live() as live:
        assert {thread.id for thread in main.scalars(select(Thread))} == {told.thread_id for told in flags}
        assert live.scalars(select(Arrival)).all() == []


def test_a_reader_who_stays_does_not_hold_off_writers(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy tool reads on; the rewrite gives up after some tries, and posts are stored meanwhile."""
    monkeypatch.setattr(rewriting, "TRIES", 8)
    told, later = Told(), Told()
    deliver(stores, [told.flag], told.receipt.lookup_hash, "open")
    longest: list[float] = []
    with stores.live.connect() as reader:
        reader.execute(text("SELECT count(*) FROM arrival")).scalar()
        with ThreadPoolExecutor(1) as pool:
            collecting = pool.submit(collect, stores, DAY, 36)
            for number in range(6):
                started = time.monotonic()
                one = later if number == 0 else Told()
                deliver(stores, [one.flag], one.receipt.lookup_hash, "open")
                longest.append(time.monotonic() - started)
            with pytest.raises(StoreBusy):
                collecting.result()
    assert max(longest) < 5, "a post waited for the rewrite"
    assert open_thread(stores, SITE, told.thread_id, told.guardians[0], told.sign_publics) is not None
    collect(stores, DAY, 36)
    assert open_thread(stores, SITE, later.thread_id, later.guardians[0], later.sign_publics) is not None


def test_a_double_tap_is_no_error_that_a_server_would_log(stores: Stores) -> None:
    """PostgreSQL writes a refused duplicate with its look-up and the millisecond into its log."""
    from sqlalchemy import event

    errors: list[object] = []
    event.listen(stores.live, "handle_error", lambda context: errors.append(context.original_exception))
    flags = [Told() for _ in range(4)]
    twins = [Told(told.text, told.guardians, told.signers, told.entropy) for told in flags]
    with ThreadPoolExecutor(8) as pool:
        stored = list(
            pool.map(lambda told: deliver(stores, [told.flag], told.receipt.lookup_hash, "open"), [*flags, *twins])
        )
    assert sum(stored) == 4
    assert errors == []
