"""Kills a process at a numbered moment of its work: at a statement, a commit, a file, in the middle of what is written.

The work runs in a forked process, so that each kill costs a fraction of a second. It never returns: nothing is cleaned up.
"""

import json
import os
import pathlib
import shutil
import signal
import sqlite3
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

#: instructions of SQLite between two moments inside a statement, VACUUM among them
INSTRUCTIONS = 3000
#: moments of these kinds are all tried; of the others some, evenly spread
ALWAYS = ("commit", "file", "torn")


#: what is done, given what notes down a word outside of the process
Work = Callable[[Callable[[str], object]], object]


@dataclass(frozen=True)
class Moment:
    """The n-th of its kind, from 1: "sql", "step" (inside a statement), "commit", "file" or "torn"."""

    kind: str
    number: int


@dataclass(frozen=True)
class Ended:
    """What became of the process: what it said while it lived, and whether it came to its end."""

    said: str
    whole: bool


class Watch:
    """Counts moments, and kills at one of them."""

    def __init__(self, fatal: Moment | None) -> None:
        self.seen: Counter[str] = Counter()
        self._fatal = fatal

    def pass_(self, kind: str) -> None:
        self.seen[kind] += 1
        if self._fatal == Moment(kind, self.seen[kind]):
            os.kill(os.getpid(), signal.SIGKILL)

    def set(self) -> None:
        """Watch everything that this process does to stores and files from now on. There is no way back."""
        event.listen(Engine, "before_cursor_execute", lambda *_args: self.pass_("sql"))
        event.listen(Engine, "commit", lambda _connection: self.pass_("commit"))
        event.listen(Pool, "connect", self._connected)
        sys.addaudithook(self._audit)
        for name in ("write", "fsync"):
            self._before(os, name)
        self._tear()

    def _connected(self, connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_progress_handler(lambda: self.pass_("step"), INSTRUCTIONS)

    def _audit(self, name: str, args: tuple[Any, ...]) -> None:
        writes = name == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or name in {"os.remove", "os.rename", "os.truncate", "os.mkdir", "os.rmdir"}:
            self.pass_("file")

    def _before(self, module: Any, name: str) -> None:
        whole = getattr(module, name)

        def watched(*args: Any, **named: Any) -> Any:
            self.pass_("file")
            return whole(*args, **named)

        setattr(module, name, watched)

    def _tear(self) -> None:
        """What Python writes to a file at once, a kill may cut: half of it is there."""
        copy, write = shutil.copyfile, pathlib.Path.write_bytes

        def copyfile(source: Any, target: Any, **named: Any) -> Any:
            data = Path(source).read_bytes()
            self._write(Path(target), data)
            return copy(source, target, **named)

        def write_bytes(path: Path, data: Any) -> int:
            self._write(path, bytes(data))
            return write(path, data)

        def write_text(path: Path, data: str, encoding: str | None = None, *_args: Any, **_named: Any) -> int:
            return write_bytes(path, data.encode(encoding or "utf-8"))

        for owner, name, torn in (
            (shutil, "copyfile", copyfile),
            (pathlib.Path, "write_bytes", write_bytes),
            (pathlib.Path, "write_text", write_text),
        ):
            setattr(owner, name, torn)

    def _write(self, path: Path, data: bytes) -> None:
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
        self.pass_("torn")


def moments(work: Work, most: int) -> list[Moment]:
    """The moments of this work to kill it at: all that matter most, and of the rest enough to make so many in all."""
    ended = _run(work, None)
    assert ended.whole, ended.said
    counts: dict[str, int] = json.loads(ended.said.rpartition("\n")[2])
    named = {kind: [Moment(kind, number + 1) for number in range(count)] for kind, count in counts.items()}
    chosen = spread([one for kind in ALWAYS for one in named.get(kind, [])], most - most // 3)
    rest = [one for kind, those in sorted(named.items()) if kind not in ALWAYS for one in those]
    return chosen + spread(rest, most - len(chosen))


def spread(those: Sequence[Moment], most: int) -> list[Moment]:
    """So many of them, evenly from first to last."""
    if len(those) <= most:
        return list(those)
    return [those[place * (len(those) - 1) // max(1, most - 1)] for place in range(most)]


def kill_at(work: Work, moment: Moment) -> Ended:
    """Do this work in a process that is killed at this moment."""
    return _run(work, moment)


def _run(work: Work, fatal: Moment | None) -> Ended:
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # later Pythons warn of threads, which the work does not use
        process = os.fork()
    if process == 0:
        os.close(reading)
        _live(work, fatal, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status = os.waitpid(process, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or os.waitstatus_to_exitcode(status) == 0, said
    return Ended(said, not killed)


def _live(work: Work, fatal: Moment | None, pipe: int) -> NoReturn:
    """The life of the forked process: it ends here, and tells nobody but the pipe."""
    tell = os.write
    try:
        watch = Watch(fatal)
        watch.set()
        work(lambda word: tell(pipe, f"{word}\n".encode()))
        if fatal is None:
            tell(pipe, json.dumps(watch.seen).encode())
        os._exit(0)
    except BaseException:  # noqa: BLE001 - it must never come back into the tests
        tell(pipe, traceback.format_exc().encode())
        os._exit(3)
