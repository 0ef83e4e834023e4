"""The report door: CPU of a send, memory of its worker, and many at once."""

import secrets
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from concerns import create_report_app
from concerns.flagging.admission import Budgets
from concerns.flagging.codes import make_codes
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Thread
from tests.bench.conftest import Trio, hidden
from tests.bench.measure import calibration, say, spent
from tests.bench.server import Served, Visitor, served

pytestmark = pytest.mark.bench
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
WORDS = "The second nurse on nights is often sent away and then nobody can take a break. "
SENDS, FLAGS, PAIRS, AT_ONCE = 60, 2000, 30, 16


def test_cpu_of_the_send_post(trio: Trio) -> None:
    app = create_report_app(trio.settings, trio.clock, Budgets(stamp_age=0))
    client = app.test_client()
    pages = [client.post("/tell", data={"text": WORDS * 20}, headers=SAME_ORIGIN).text for _ in range(SENDS)]
    for page in pages[:5]:
        client.post("/tell", data={**hidden(page), "step": "send"}, headers=SAME_ORIGIN)
    calibration()
    with spent() as sending:
        answers = [client.post("/tell", data={**hidden(page), "step": "send"}, headers=SAME_ORIGIN) for page in pages]
    assert {answer.status_code for answer in answers} == {200}
    say("Send without JavaScript, receipt included, three guardians", sending.seconds, SENDS)
    app.extensions["concerns"].stores.close()


def test_memory_and_many_at_once(trio: Trio) -> None:
    # staff codes let these past the pause and the hourly budget, which are there for people
    codes = iter(make_codes(trio.house.stores, FLAGS + 2 * PAIRS + AT_ONCE))
    with served(trio.house.directory, "report") as door, Visitor(door.port) as visitor:
        visitor.get("/tell")
        fresh, before = door.memory(), door.cpu()
        for _ in range(FLAGS):
            assert send(visitor, next(codes))
        cpu = (door.cpu() - before) / FLAGS
        print(f"\nReport door’s worker: {fresh:.0f} MB fresh, {door.memory():.0f} MB after {FLAGS} flags")
        say("Check page and send together, in the worker", cpu)
        told = FLAGS + many(door, 2, PAIRS, codes) + many(door, AT_ONCE, 1, codes)
    with trio.house.stores.read_live() as live:
        assert live.scalar(select(func.count()).where(Arrival.kind == int(Kind.FLAG))) == told
    collect(trio.house.stores, trio.house.today(), 12)
    with trio.house.stores.read_main() as main:
        assert main.scalar(select(func.count()).select_from(Thread)) == told
    print(f"{PAIRS} pairs at the same moment and {AT_ONCE} at once: all stored, none twice")


def send(visitor: Visitor, code: str) -> bool:
    """Tell one concern on one connection: check page, then Send."""
    _status, page = visitor.post("/tell", {"text": WORDS + secrets.token_hex(8), "danger": "no", "code": code})
    status, _receipt = visitor.post("/tell", {**hidden(page), "step": "send"})
    return status == 200


def many(door: Served, width: int, times: int, codes: Iterator[str]) -> int:
    """Different concerns, `width` at the same moment, `times` over; returns how many were answered with a receipt."""
    done = []
    for _ in range(times):
        gate = threading.Barrier(width)

        def one(code: str, gate: threading.Barrier = gate) -> None:
            with Visitor(door.port) as visitor:
                _status, page = visitor.post("/tell", {"text": WORDS + secrets.token_hex(8), "code": code})
                fields = {**hidden(page), "step": "send"}
                gate.wait()
                done.append(visitor.post("/tell", fields)[0])

        threads = [threading.Thread(target=one, args=(next(codes),)) for _ in range(width)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert done == [200] * (width * times)
    return len(done)
