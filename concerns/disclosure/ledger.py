"""The ledger: an append-only, hash-chained file, outside every backup of the database, so that nothing is drawn twice."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from concerns.sealing.text import canonical

FILE_NAME = "ledger.jsonl"
_TAG = b"concerns-ledger/1"
_NO_HEAD = bytes(32)
#: how a written line begins, and what parts its entry from its head, and its head from its number
_ENTRY, _HEAD, _LINE = b'{"entry":', b',"head":"', b'","line":'
#: a line's head in hex, and how far from the end its number may lie
_HEAD_DIGITS, _LONGEST_END = 64, 120
_CHUNK = 1 << 16


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
    #: the lines as they stand while the lock is held: one step of a close reads the file once
    _held: list[tuple[Line, ...]] = field(default_factory=list, init=False, compare=False, repr=False)

    @property
    def path(self) -> Path:
        return self.directory / FILE_NAME

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One closer at a time, across processes. The lock goes when its holder dies. Raises LedgerRefused.

        What a killed writer had on the disk but for the line's end is a line from now on.
        """
        try:
            lock = (self.directory / "ledger.lock").open("a")
        except OSError as error:
            raise LedgerRefused(_unwritable(error)) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._held[:] = [self._adopted()]
            try:
                yield
            finally:
                self._held.clear()

    def lines(self) -> tuple[Line, ...]:
        """Every complete line, its chain checked. Raises LedgerRefused where the chain is broken.

        A last line without its end counts where its own hash says that the rest is whole: somebody may have read it, so
        it is never drawn again. Its end is written now. Anything less was never on the disk as a whole, and is left out.
        """
        if self._held:
            return self._held[0]
        data = self._read()
        found = parse(data)
        if _is_whole(data, found):
            return found
        try:
            with (self.directory / "ledger.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return self._adopted()
        except OSError:
            return found[:-1]  # its writer is at work: a moment later it has its end

    def these(self, numbers: Iterable[int]) -> dict[int, Line]:
        """These lines, each held against the head of the one before it; without those that are not there, or were changed.

        The whole chain is checked at every close, and by `concerns verify`; this reads the file once, and takes no more
        apart than it must.
        """
        try:
            complete = self.path.read_bytes().split(b"\n")[:-1]
        except OSError:
            return {}
        found = {}
        for number in set(numbers):
            if 1 <= number <= len(complete):
                before = _head_in(complete[number - 2]) if number > 1 else _NO_HEAD
                line = _line(complete[number - 1], number, before)
                if line is not None:
                    found[number] = line
        return found

    def append(self, entry: Mapping[str, Any]) -> Line:
        """Add a line and return once it is on the disk, the folder's entry included. Raises LedgerRefused."""
        before = self.lines()
        line = follow(before[-1] if before else None, entry)
        try:
            self._write(line)
        except OSError as error:
            raise LedgerRefused(_unwritable(error)) from error
        if self._held:
            self._held[:] = [(*before, line)]
        return line

    def _read(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise LedgerRefused(f"The ledger, {FILE_NAME}, cannot be read: {error.strerror}.") from error

    def _adopted(self) -> tuple[Line, ...]:
        """All lines, the last one with its end. Call where nobody else writes."""
        data = self._read()
        found = parse(data)
        if not _is_whole(data, found):
            try:
                with self.path.open("ab", buffering=0) as file:
                    os.fsync(file.fileno())
                    _write_all(file.fileno(), b"\n")
                    os.fsync(file.fileno())
            except OSError as error:
                raise LedgerRefused(_unwritable(error)) from error
        return found

    def _write(self, line: Line) -> None:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with os.fdopen(handle, "rb", closefd=False) as file:
                os.ftruncate(handle, _end_of_last_line(file))  # what a killed writer left unfinished
            os.lseek(handle, 0, os.SEEK_END)
            # the end of the line only once the rest is on the disk: after a power cut, a line that has its end is whole
            for part in (_written(line)[:-1], b"\n"):
                _write_all(handle, part)
                os.fsync(handle)
        finally:
            os.close(handle)
        _sync_folder(self.directory)


def parse(data: bytes) -> tuple[Line, ...]:
    """The complete lines of a ledger file, and a last one that lacks nothing but its end. Raises LedgerRefused."""
    lines: list[Line] = []
    *complete, tail = data.split(b"\n")
    for raw in complete:
        line = _line(raw, len(lines) + 1, lines[-1].head if lines else _NO_HEAD)
        if line is None:
            raise LedgerRefused(f"Line {len(lines) + 1} of the ledger has been changed or moved.")
        lines.append(line)
    last = _line(tail, len(lines) + 1, lines[-1].head if lines else _NO_HEAD)
    return (*lines, last) if last else tuple(lines)


def follow(last: Line | None, entry: Mapping[str, Any]) -> Line:
    """The line that comes after `last` and says `entry`."""
    number = 1 if last is None else last.number + 1
    covered = canonical({"entry": entry, "line": number})
    return Line(number, entry, _digest(_NO_HEAD if last is None else last.head, covered))


def _unwritable(error: OSError) -> str:
    return f"The ledger, {FILE_NAME}, cannot be written: {error.strerror}. Nothing can be closed until it can."


def _is_whole(data: bytes, found: tuple[Line, ...]) -> bool:
    """Whether every line that was found has its end."""
    return data.count(b"\n") == len(found)


def _line(raw: bytes, number: int, before: bytes | None) -> Line | None:
    """A written line that follows a head; None where it is another, or was changed.

    Its hash is taken of the bytes as they stand: a line is long, and is not written anew to be compared.
    """
    end = b"%s%d}" % (_LINE, number)
    start = len(raw) - len(end) - _HEAD_DIGITS
    head, entry = raw[start : start + _HEAD_DIGITS], raw[len(_ENTRY) : start - len(_HEAD)]
    if before is None or start < 0 or raw != b"".join((_ENTRY, entry, _HEAD, head, end)):
        return None
    digest = _digest(before, b'%s%s,"line":%d}' % (_ENTRY, entry, number))
    if digest.hex().encode() != head:
        return None
    try:
        said = json.loads(entry)
    except ValueError:
        return None
    return Line(number, said, digest) if isinstance(said, dict) else None


def _head_in(raw: bytes) -> bytes | None:
    """The head that a written line states, read from its end."""
    try:
        _before, _, end = raw[-_LONGEST_END:].rpartition(_HEAD)
        return bytes.fromhex(end[:_HEAD_DIGITS].decode())
    except ValueError:
        return None


def _digest(before: bytes, covered: bytes) -> bytes:
    return hashlib.sha256(_TAG + before + covered).digest()


def _written(line: Line) -> bytes:
    return canonical({"entry": line.entry, "head": line.head.hex(), "line": line.number}) + b"\n"


def _end_of_last_line(file: BinaryIO) -> int:
    """Where the last complete line ends, in bytes from the start."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - _CHUNK)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _sync_folder(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
