"""An instance in a prepared state that can be had again and again, on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import config
from concerns import open_house
from tests.cast import FixedClock, Instance
from tests.cluster import Databases
from tests.conftest import _copy_rows, _open, instance_on
from tests.faults.killing import Ended, kill_at, moments

#: moments at which each work is killed; with CONCERNS_FAULTS=all at every one
MOST = {"sqlite": 6, "postgres": 3}
ALL = 100_000 if os.environ.get("CONCERNS_FAULTS") == "all" else 0

Prepare = Callable[[Instance], None]
#: the work, with what notes down a word that outlives a kill
Killed = Callable[[Instance, Callable[[str], object]], object]
Check = Callable[[Instance, Ended], None]


@dataclass
class Stage:
    """Sets the same scene before each kill. `prepare` is called once, on SQLite."""

    kind: str
    folder: Path
    secrets: dict[str, tuple[bytes, bytes]]
    clock: FixedClock
    databases: Databases | None
    #: done once more to each fresh scene
    then: Prepare = lambda _instance: None
    open_now: list[Instance] = field(default_factory=list)

    @property
    def directory(self) -> Path:
        return self.folder / "instance"

    @property
    def environ(self) -> Mapping[str, str]:
        if self.kind == "sqlite" or self.databases is None:
            return {}
        return {"DATABASE_URL": self.databases.main, "LIVE_URL": self.databases.live}

    def fresh(self) -> None:
        """Put the prepared scene back, whatever became of it."""
        self.close()
        for one in self.folder.iterdir():
            if one.name != "prepared":
                shutil.rmtree(one) if one.is_dir() else one.unlink()
        shutil.copytree(self.folder / "prepared", self.directory)
        if self.environ:
            _copy_rows(
                _open("sqlite", self.directory, None, None), _open("postgres", self.directory, None, self.databases)
            )
            for name in ("main.db", "live.db"):
                (self.directory / name).unlink()
        self.then(self.open())
        self.close()

    def open(self) -> Instance:
        """Open the instance as a process of its own would."""
        settings = config.load(self.directory, self.environ)
        opened = Instance(settings, self.clock, open_house(settings, self.clock), self.secrets)
        self.open_now.append(opened)
        return opened

    def close(self) -> None:
        while self.open_now:
            self.open_now.pop().close()

    def kill(self, work: Killed, check: Check, most: int = 0) -> None:
        """Do the work again and again, killed at one moment each time, and check the scene as each kill left it."""

        def inside(tell: Callable[[str], object]) -> None:
            work(self.open(), tell)

        self.fresh()
        chosen = moments(inside, ALL or most or MOST[self.kind])
        assert chosen, "nothing was stored"
        died = 0
        for moment in chosen:
            self.fresh()
            ended = kill_at(inside, moment)
            died += not ended.whole
            try:
                check(self.open(), ended)
            except BaseException as error:
                error.add_note(f"killed at {moment} on {self.kind}: {ended}")
                raise
        assert died >= len(chosen) * 2 // 3, "most of these moments never came"


@pytest.fixture(params=["sqlite", "postgres"])
def stage(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
) -> Iterator[Callable[[Prepare], Stage]]:
    """Makes a stage of a founded rehearsal after some preparation."""
    if request.param == "postgres" and postgres is None:
        pytest.skip("NO POSTGRESQL: no kill was tried on it. Set TEST_DATABASE_URL.")
    made: list[Stage] = []

    def prepared(prepare: Prepare) -> Stage:
        folder = tmp_path / "stage"
        folder.mkdir()
        with instance_on("sqlite", tmp_path, founded, None) as instance:
            prepare(instance)
            stage = Stage(request.param, folder, instance.secrets, instance.clock, postgres)
        shutil.copytree(tmp_path / "instance", folder / "prepared")
        made.append(stage)
        return stage

    yield prepared
    for one in made:
        one.close()
