"""Sustained load on the report door: flags a second, none lost, and a worker that does not grow."""

import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from concerns.flagging.codes import make_codes
from concerns.founding.serving import ALLOCATOR
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival
from tests.bench.conftest import hidden
from tests.bench.measure import calibration
from tests.bench.server import Served, Visitor
from tests.browser.ports import free_port
from tests.cast import Instance
from tests.cluster import Databases
from tests.conftest import instance_on

pytestmark = pytest.mark.bench
WORDS = "The second nurse on nights is often sent away and then nobody can take a break. "
#: seconds of load, and visitors at the same moment
SECONDS, VISITORS = int(os.environ.get("CONCERNS_LOAD_SECONDS", "60")), 8
#: flags after which memory is read, and read again
EARLY, LATE = (int(one) for one in os.environ.get("CONCERNS_LOAD_FLAGS", "2000,20000").split(","))
GROWTH = 1.10
#: `concerns run`, but for workers that are never begun anew: that would hide what they keep
SERVE = """
import sys
from concerns.founding.serving import Server, options
Server("report", options(sys.argv[1], int(sys.argv[2])) | {"max_requests": 0}).run()
"""


@contextmanager
def door_of(instance: Instance, workers: int) -> Iterator[Served]:
    """The report door of an instance, with the allocator's settings of production."""
    port = free_port()
    stores = {"DATABASE_URL": instance.settings.main_url, "LIVE_URL": instance.settings.live_url}
    environ = os.environ | ALLOCATOR | stores | {"CONCERNS_DIRECTORY": str(instance.directory)}
    process = subprocess.Popen([sys.executable, "-c", SERVE, f"127.0.0.1:{port}", str(workers)], env=environ)
    try:
        wait_for(port)
        yield Served(process, port)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with Visitor(port) as visitor:
                visitor.get("/tell")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


class Load:
    """Visitors who tell one concern after another, until the time or the number is up."""

    def __init__(self, port: int, codes: list[str], seconds: float, most: int) -> None:
        self.port, self.codes, self.most = port, codes, most
        self.until = time.monotonic() + seconds
        self.told = 0
        self.errors: list[str] = []
        self._lock = threading.Lock()

    def run(self) -> float:
        """Returns the seconds it took."""
        began = time.monotonic()
        threads = [threading.Thread(target=self._visit) for _ in range(VISITORS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - began

    def _visit(self) -> None:
        with Visitor(self.port) as visitor:
            while code := self._next():
                try:
                    _status, page = visitor.post("/tell", {"text": WORDS + secrets.token_hex(8), "code": code})
                    status, _receipt = visitor.post("/tell", {**hidden(page), "step": "send"})
                except OSError as error:
                    status = 0
                    visitor.connection.close()
                    self.errors.append(type(error).__name__)
                with self._lock:
                    self.told += status == 200
                    if status not in {0, 200}:
                        self.errors.append(str(status))

    def _next(self) -> str | None:
        with self._lock:
            if time.monotonic() > self.until or self.most <= 0:
                return None
            self.most -= 1
            return self.codes.pop()


def cpu_of(door: Served) -> float:
    """CPU seconds that all workers of a door have used."""
    used = 0.0
    for worker in Path(f"/proc/{door.process.pid}/task/{door.process.pid}/children").read_text().split():
        parts = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
        used += (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
    return used


def stored(instance: Instance) -> int:
    with instance.stores.read_live() as live:
        return live.scalar(select(func.count()).where(Arrival.kind == int(Kind.FLAG))) or 0


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_flags_a_second(
    kind: str,
    workers: int,
    tmp_path: Path,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
) -> None:
    with instance_on(kind, tmp_path, founded, postgres) as instance, door_of(instance, workers) as door:
        load = Load(door.port, make_codes(instance.stores, 200 * SECONDS), SECONDS, 200 * SECONDS)
        before = cpu_of(door)
        took = load.run()
        cost = (cpu_of(door) - before) / max(1, load.told)
        assert load.errors == []
        assert stored(instance) == load.told > 0
    each = f"{load.told / took:.1f} flags a second"
    print(
        f"\n{kind}, {workers} worker(s), {VISITORS} visitors at once, {took:.0f} s: {load.told} flags, {each}, no error"
    )
    print(f"{cost * 1000:.1f} ms CPU of the workers for each (calibration loop {calibration():.2f} s)")


def test_a_worker_does_not_grow(tmp_path: Path, founded: tuple[Path, dict[str, tuple[bytes, bytes]]]) -> None:
    with instance_on("sqlite", tmp_path, founded, None) as instance, door_of(instance, 1) as door:
        codes = make_codes(instance.stores, LATE)
        held = []
        for flags in (EARLY, LATE - EARLY):
            load = Load(door.port, codes, 3600, flags)
            load.run()
            assert load.errors == []
            held.append(door.memory())
        assert stored(instance) == LATE
    print(f"\nThe report door’s worker: {held[0]:.1f} MB after {EARLY} flags, {held[1]:.1f} MB after {LATE}")
    assert held[1] <= held[0] * GROWTH
