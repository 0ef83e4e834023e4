"""The close with one thing broken at a time: what must not count is counted, and it shows."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from concerns.disclosure import service as gate
from concerns.disclosure.service import Window
from concerns.sealing.model import Thread
from concerns.sealing.threads import take_back
from concerns.store.session import Stores
from concerns.triage.acting.ours import NOT_OURS
from concerns.triage.acts import agreed_to, proposed
from concerns.triage.bundles import Work
from concerns.triage.closing import records
from concerns.triage.rules import Step
from concerns.triage.service import record
from tests.cast import Instance
from tests.triage.closing_bench import bundle, close, counted, launch, on, sitting, store
from tests.triage.events.linking import Linker

FEBRUARY = dt.date(2026, 2, 10)
CUT_OFF = dt.date(2026, 4, 21)


def all_threads(stores: Stores, window: Window) -> list[bytes]:
    with stores.read_main() as main:
        return [one for one in main.scalars(select(Thread.id).order_by(Thread.id)) if window.wants(one)]


def taken_back(instance: Instance, thread: bytes) -> None:
    take_back(instance.stores, thread)


def not_ours(instance: Instance, thread: bytes) -> None:
    gita, gwen = Linker(instance), Linker(instance, "gwen")
    for one, act in ((gita, proposed), (gwen, None)):
        flag = one.flag(thread)
        said = act(NOT_OURS) if act else agreed_to(flag.entries[-4].link)
        record(one.house, one.desk, one.visitor, flag, Work(Step("acknowledged"), looked=True, act=said), b"n" * 16)


def linked(instance: Instance, thread: bytes) -> None:
    gita = Linker(instance)
    (other,) = [one for one in all_threads(instance.stores, Window(CUT_OFF, CUT_OFF, frozenset())) if one != thread]
    gita.link(thread, other)


LEFT_OUT: dict[str, tuple[Callable[[Instance, bytes], None], str, Callable[..., object]]] = {
    "taken back, and not collected yet": (taken_back, "_threads_until", all_threads),
    "not from our staff": (not_ours, "not_ours", lambda _written: None),
    "linked with one that counts": (linked, "event_in", lambda _acts: None),
}


@pytest.mark.parametrize("why", LEFT_OUT)
@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "broken"])
def test_what_must_not_count_does_not(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, why: str, broken: bool
) -> None:
    monkeypatch.setattr(gate, "discrete_laplace", lambda _epsilon: 0)
    launch(instance, dt.date(2026, 1, 1))
    on(instance, CUT_OFF)
    bundles = [bundle(instance, FEBRUARY, sitting(instance, FEBRUARY)) for _ in range(2)]
    store(instance, *bundles)
    do, name, naive = LEFT_OUT[why]
    do(instance, bundles[0].thread_id)
    if broken:
        monkeypatch.setattr(records, name, naive)
    close(instance, "2026-Q1")
    assert counted(instance, "2026-Q1") == {"N01": 2 if broken else 1}
