"""Two workers on PostgreSQL: no flag is lost or stored twice, and the hourly round is gone by one at a time."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from concerns.flagging.codes import make_codes
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival
from tests.cluster import Databases
from tests.conftest import instance_on
from tests.deploy.conftest import Site
from tests.deploy.hosting import host, shipped

AT_ONCE = 16
#: serves the desk as `concerns run` does, with a round that comes every second and notes when it began and ended
GO_ROUND = """
import sys, time
import wsgi
from concerns.founding import rounds, serving

def note(house):
    began = time.monotonic()
    time.sleep(0.3)
    with open(sys.argv[2], "a") as file:
        file.write(f"{began} {time.monotonic()}\\n")
    return True

rounds.DUTIES = {"note": note}
rounds.Rounds.__init__.__defaults__ = (rounds.dt.timedelta(seconds=1),)
serving.Server("desk", serving.options(sys.argv[1], 2) | serving.hooks("desk")).run()
"""


@pytest.fixture(scope="module")
def busy(
    tmp_path_factory: pytest.TempPathFactory,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
) -> Iterator[Site]:
    """The report door on PostgreSQL, with two workers."""
    with host() as hosted, instance_on("postgres", tmp_path_factory.mktemp("busy"), founded, postgres) as instance:
        assert postgres is not None
        stores = {"DATABASE_URL": postgres.main, "LIVE_URL": postgres.live}
        hosted.start_door("report", instance.directory, {**stores, "CONCERNS_WORKERS": "2"})
        hosted.wait_for_door("report")
        hosted.start_nginx(shipped(hosted))
        yield Site(hosted, instance, make_codes(instance.stores, AT_ONCE))


def test_s14_sixteen_at_once_through_nginx_are_stored_once_each(busy: Site) -> None:
    checked = [busy.check(f"The hoist stops half way: number {number}.") for number in range(AT_ONCE)]
    gate, answered = threading.Barrier(2 * AT_ONCE), []

    def send(fields: dict[str, str]) -> None:
        gate.wait()
        answered.append(busy.hosted.post("/tell", fields))

    # each is sent twice at the same moment: a double tap
    threads = [threading.Thread(target=send, args=(fields,)) for fields in checked for _tap in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status for answer in answered] == [200] * (2 * AT_ONCE)
    assert all("concerns-receipt__words" in answer.text for answer in answered)
    with busy.instance.stores.read_live() as live:
        assert live.scalar(select(func.count()).where(Arrival.kind == int(Kind.FLAG))) == AT_ONCE
    assert busy.hosted.said() == ""


def test_two_workers_never_go_round_at_the_same_moment(busy: Site) -> None:
    """Whoever finds the other at it leaves it; what the round does is done once a day anyway (`tests/founding`)."""
    noted, sock = busy.hosted.folder / "noted", busy.hosted.folder / "rounds.sock"
    url = busy.instance.stores.main.url.render_as_string(hide_password=False)
    live = busy.instance.stores.live.url.render_as_string(hide_password=False)
    environ = {"CONCERNS_DIRECTORY": str(busy.instance.directory), "DATABASE_URL": url, "LIVE_URL": live}
    origins = {
        "CONCERNS_REPORT_ORIGINS": "https://concerns.example.org",
        "CONCERNS_DESK_ORIGIN": "https://concerns.example.org",
    }
    command = [sys.executable, "-c", GO_ROUND, f"unix:{sock}", str(noted)]
    process = subprocess.Popen(command, env=os.environ | environ | origins)
    try:
        for _ in range(1200):
            time.sleep(0.1)
            if noted.exists() and len(noted.read_text().splitlines()) >= 6:
                break
    finally:
        process.terminate()
        process.wait(120)
    rounds = sorted([float(one) for one in line.split()] for line in noted.read_text().splitlines())
    assert len(rounds) >= 6
    assert all(ended <= begins for (_began, ended), (begins, _ended) in pairwise(rounds)), rounds
