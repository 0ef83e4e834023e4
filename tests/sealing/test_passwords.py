"""Turns at the slow stretch: whichever place is free is taken, and a process never has more than one thread in line."""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from concerns.sealing import passwords
from concerns.sealing.passwords import Busy, stretch

SALT = bytes(16)


@contextmanager
def taken(folder: Path, *places: int) -> Iterator[None]:
    """Somebody else, of another process, has these places."""
    with ExitStack() as stack:
        for place in places:
            lock = stack.enter_context((folder / f"stretch-{place}.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("place", range(passwords.AT_ONCE))
def test_whichever_place_is_free_is_taken(tmp_path: Path, place: int) -> None:
    with taken(tmp_path, place):
        assert stretch("a passphrase", SALT, tmp_path, patience=0) == stretch("a passphrase", SALT, tmp_path)


def test_nobody_waits_longer_than_her_patience(tmp_path: Path) -> None:
    with taken(tmp_path, 0, 1):
        began = time.monotonic()
        with pytest.raises(Busy):
            stretch("a passphrase", SALT, tmp_path, patience=0.2)
        assert time.monotonic() - began < 5
    stretch("a passphrase", SALT, tmp_path, patience=0)


def test_one_waits_and_the_others_are_told_at_once(tmp_path: Path) -> None:
    done: list[bool] = []
    waiter = threading.Thread(target=lambda: done.append(bool(stretch("a passphrase", SALT, tmp_path, patience=60))))
    with taken(tmp_path, 0, 1):
        waiter.start()
        while not passwords._waiting.locked():
            time.sleep(0.01)
        for _other in range(6):
            with pytest.raises(Busy):
                stretch("a passphrase", SALT, tmp_path, patience=60)
        assert not done
    waiter.join()
    assert done == [True]


def test_half_a_character_is_a_wrong_passphrase_and_no_error(tmp_path: Path) -> None:
    assert stretch("half \ud800", SALT, tmp_path) != stretch("half \ud801", SALT, tmp_path)
