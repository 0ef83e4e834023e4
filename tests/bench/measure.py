"""Measures CPU time as a ratio to a fixed calibration loop of the same run: machines are shared and noisy."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

MEGABYTE = bytes(1_000_000)


@dataclass
class Spent:
    """CPU seconds of a block."""

    seconds: float = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    found, started = Spent(), time.process_time()
    yield found
    found.seconds = time.process_time() - started


@cache
def calibration() -> float:
    """CPU seconds of 1,000 SHA-256 of one megabyte."""
    with spent() as loop:
        for _ in range(1000):
            hashlib.sha256(MEGABYTE).digest()
    return loop.seconds


def say(what: str, seconds: float, times: int = 1) -> None:
    """Print one measurement: CPU per operation and its ratio to the calibration loop."""
    each = seconds / times
    shown = f"{each * 1000:.1f} ms" if each < 1 else f"{each:.2f} s"
    print(f"\n{what}: {shown} CPU ({each / calibration():.4f} of the calibration loop of {calibration():.2f} s)")
