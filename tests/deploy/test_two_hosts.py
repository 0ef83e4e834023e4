"""The doors on two hosts: the report door alone, with its own folder on the same stores, and without the desk's secret."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

import config
from concerns import open_house
from concerns.areas.queries import organisation
from concerns.charter.service import NotOpenYet, current
from concerns.cli import main
from concerns.founding import serving
from concerns.sealing.opening import open_thread
from tests.browser.ports import free_port
from tests.cast import Instance
from tests.cluster import Databases
from tests.conftest import instance_on
from tests.deploy.hosting import reachable
from tests.triage.telling import collect_now, tell

OPEN, NOT_YET, CLOSED = 'name="text"', "This service is not open yet", "This service is closed"


@dataclass
class Two:
    """The desk's host, and beside it the folder of a host that serves the report door alone."""

    desk: Instance
    folder: Path
    environ: dict[str, str]

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--directory", str(self.folder)], env=self.environ)

    def copy_pin(self) -> None:
        """What docs/hosting.md says."""
        shutil.copyfile(self.desk.directory / "manifest.pin", self.folder / "manifest.pin")

    def report(self) -> Instance:
        """The report door of the other host, within this process."""
        settings = config.load(self.folder, self.environ)
        return Instance(settings, self.desk.clock, open_house(settings, self.desk.clock), self.desk.secrets)


@pytest.fixture
def two(
    tmp_path: Path, founded: tuple[Path, dict[str, tuple[bytes, bytes]]], postgres: Databases | None
) -> Iterator[Two]:
    with instance_on("postgres", tmp_path, founded, postgres) as desk:
        assert postgres is not None
        (tmp_path / "report").mkdir()
        yield Two(desk, tmp_path / "report", {"DATABASE_URL": postgres.main, "LIVE_URL": postgres.live})


def page(port: int, path: str) -> str:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=120) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        return error.read().decode()


def test_the_report_door_opens_once_it_has_the_pin_and_never_has_the_secret(two: Two) -> None:
    port = free_port()
    words = [sys.executable, "-m", "concerns", "run", "report", "--port", str(port), "--directory", str(two.folder)]
    with (two.folder.parent / "said").open("wb") as said:
        process = subprocess.Popen(
            words, env=os.environ | two.environ | {"CONCERNS_WORKERS": "1"}, stdout=said, stderr=said
        )
    try:
        for _ in range(1200):
            if reachable(None, ("127.0.0.1", port)):
                break
            assert process.poll() is None, (two.folder.parent / "said").read_text()
            time.sleep(0.1)
        assert NOT_YET in page(port, "/tell")
        two.copy_pin()
        assert OPEN in page(port, "/tell")
        assert two.desk.charter.check_code in page(port, "/promise").replace("\u00a0", " ")
        (two.folder / "manifest.pin").write_text("0" * 64)  # what the database says now was signed by others
        assert CLOSED in page(port, "/tell")
    finally:
        process.terminate()
        process.wait(120)
    told = (two.folder.parent / "said").read_text()
    assert "all guardians have signed, and manifest.pin is not in this folder. Copy it" in told
    assert [one.name for one in two.folder.iterdir()] == ["manifest.pin"]


def test_what_is_told_there_is_read_at_the_desk(two: Two) -> None:
    two.copy_pin()
    other = two.report()
    try:
        told = tell(other, "The lift is stuck between floors.", collected=False)
    finally:
        other.close()
    collect_now(two.desk)
    seed, signers = two.desk.guardian().kem_seed, two.desk.charter.manifest.signers
    found = open_thread(two.desk.stores, two.desk.site_id, told.thread_id, seed, signers)
    assert found is not None and found.flag["text"] == "The lift is stuck between floors."


def test_nothing_is_told_there_while_the_desk_launches(two: Two) -> None:
    """The launch takes the pin out of the desk's own folder alone."""
    two.copy_pin()
    with two.desk.stores.write_main() as main:
        organisation(main).stage = "launching"
    with two.desk.stores.read_main() as main, pytest.raises(NotOpenYet):
        current(main, two.folder)


def test_the_report_door_alone_goes_on_with_no_launch_and_begins_no_ledger(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[object] = []
    monkeypatch.setattr(serving, "serve", lambda *words: served.append(words))
    with two.desk.stores.write_main() as main:
        organisation(main).stage = "launching"
    environ = dict(os.environ)
    try:
        assert two.run("run", "report", "--port", str(free_port())).exit_code == 0
    finally:
        os.environ.clear()
        os.environ.update(environ)
    with two.desk.stores.read_main() as main:
        assert organisation(main).stage == "launching"
    assert len(served) == 1 and list(two.folder.iterdir()) == []


def test_the_self_check_of_that_host_asks_for_the_pin_and_for_nothing_of_the_desk(two: Two) -> None:
    without = two.run("verify", "--report")
    assert without.exit_code == 1 and without.stdout.count("FAULT") == 1, without.output
    assert "manifest.pin is missing: put it back, or copy it from the desk’s host." in without.stdout
    two.copy_pin()
    checked = two.run("verify", "--report")
    assert checked.exit_code == 0 and f"check code {two.desk.charter.check_code}" in checked.stdout, checked.output
    assert "ledger" not in checked.stdout and "the desk’s secret is not here" in checked.stdout
    (two.folder / "desk.key").write_text("a" * 64)
    assert "look  settings: The desk’s secret file, desk.key, is here." in two.run("verify", "--report").stdout


@pytest.mark.parametrize("verb", ["run desk", "run", "collect", "verify"])
def test_no_other_verb_takes_that_folder_for_an_instance(two: Two, verb: str) -> None:
    two.copy_pin()
    refused = two.run(*verb.split())
    assert refused.exit_code == 1 and "There is no instance in" in refused.stderr
