"""The ledger: an append-only, hash-chained file, outside every backup of the database, so that nothing is drawn twice."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concerns.sealing.text import canonical

FILE_NAME = "ledger.jsonl"
_TAG = b"concerns-ledger/1"
_NO_HEAD = bytes(32)


class LedgerRefused(Exception):
    """The ledger is missing, broken, shut, or not the one that belongs to this database: nothing may be drawn."""


@dataclass(frozen=True)
class Line:
    """One complete line: its number from 1, what it says, and the hash that covers it and all before it."""

    number: int
    entry: Mapping[str, Any]
    head: bytes


@dataclass(frozen=True)
class Ledger:
    """The file in the instance's folder. Read and append within `locked()`."""

    directory: Path

    @property
    def path(self) -> Path:
        return self.directory / FILE_NAME

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One closer at a time, across processes. The lock goes when its holder dies. Raises LedgerRefused."""
        try:
            lock = (self.directory / "ledger.lock").open("a")
        except OSError as error:
            raise LedgerRefused(_unwritable(error)) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def lines(self) -> tuple[Line, ...]:
        """Every complete line, its chain checked. Raises LedgerRefused where the chain is broken.

        A last line without its end is left out: its writer was stopped before anybody saw what it says.
        """
        try:
            return parse(self.path.read_bytes())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise LedgerRefused(f"The ledger, {FILE_NAME}, cannot be read: {error.strerror}.") from error

    def line(self, number: int) -> Line | None:
        """One complete line, held against the head of the one before it; None where there is none, or it was changed.

        The whole chain is checked at every close, and by `concerns verify`; this reads no more than two lines of it.
        """
        try:
            complete = self.path.read_bytes().split(b"\n")[:-1]
            before = json.loads(complete[number - 2]) if number > 1 else None
            last = Line(number - 1, {}, bytes.fromhex(before["head"])) if before else None
            return _read(complete[number - 1], last)
        except (OSError, LookupError, ValueError, TypeError):
            return None

    def append(self, entry: Mapping[str, Any]) -> Line:
        """Add a line and return once it is on the disk, the folder's entry included. Raises LedgerRefused."""
        before = self.lines()
        kept = sum(len(_written(line)) for line in before)
        line = follow(before[-1] if before else None, entry)
        try:
            self._write(kept, line)
        except OSError as error:
            raise LedgerRefused(_unwritable(error)) from error
        return line

    def _write(self, kept: int, line: Line) -> None:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(handle, kept)  # what a killed writer left unfinished
            os.lseek(handle, 0, os.SEEK_END)
            # the end of the line only once the rest is on the disk: after a power cut, a line that has its end is whole
            for part in (_written(line)[:-1], b"\n"):
                _write_all(handle, part)
                os.fsync(handle)
        finally:
            os.close(handle)
        _sync_folder(self.directory)


def parse(data: bytes) -> tuple[Line, ...]:
    """The complete lines of a ledger file. Raises LedgerRefused."""
    lines: list[Line] = []
    *complete, _unfinished = data.split(b"\n")
    for raw in complete:
        line = _read(raw, lines[-1] if lines else None)
        if line is None:
            raise LedgerRefused(f"Line {len(lines) + 1} of the ledger has been changed or moved.")
        lines.append(line)
    return tuple(lines)


def follow(last: Line | None, entry: Mapping[str, Any]) -> Line:
    """The line that comes after `last` and says `entry`."""
    number = 1 if last is None else last.number + 1
    covered = canonical({"entry": entry, "line": number})
    return Line(number, entry, hashlib.sha256(_TAG + (_NO_HEAD if last is None else last.head) + covered).digest())


def _unwritable(error: OSError) -> str:
    return f"The ledger, {FILE_NAME}, cannot be written: {error.strerror}. Nothing can be closed until it can."


def _read(raw: bytes, last: Line | None) -> Line | None:
    try:
        line = follow(last, json.loads(raw)["entry"])
        return line if _written(line) == raw + b"\n" else None
    except (ValueError, KeyError, TypeError):
        return None


def _written(line: Line) -> bytes:
    return canonical({"entry": line.entry, "head": line.head.hex(), "line": line.number}) + b"\n"


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _sync_folder(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
