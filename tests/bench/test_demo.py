"""Inventing the demo's story."""

import datetime as dt

import pytest

from concerns.demo.story import flags
from tests.bench.measure import calibration, say, spent

pytestmark = pytest.mark.bench
TODAY = dt.date(2026, 11, 22)


def test_two_thousand_flags() -> None:
    calibration()
    flags("nhs", "small", seed=1, today=TODAY)  # reads the files
    with spent() as used:
        told = flags("nhs", "medium", seed=1, today=TODAY)
    say(f"Inventing {len(told)} flags", used.seconds)
