"""The spotter: milliseconds for 2,000 characters, in Python and on the device, and the script's size."""

import pytest

from concerns.words.rules import spot
from tests.bench.measure import calibration, say, spent
from tests.words.spotting import FIXTURE, on_device

pytestmark = pytest.mark.bench
LENGTH, TIMES, MOST_MS, MOST_BYTES = 2_000, 50, 20, 15_000


def test_two_thousand_characters() -> None:
    text = " ".join(row["text"] for row in FIXTURE)[:LENGTH]
    spot(text)
    calibration()
    with spent() as spotting:
        for _ in range(TIMES):
            spot(text)
    say(f"Spotting in {LENGTH:,} characters, Python", spotting.seconds, TIMES)
    device = on_device([text], times=TIMES)
    print(f"On the device: {device['ms']:.1f} ms; the script with names: {device['gzipped']:,} bytes gzipped")
    assert device["ms"] <= MOST_MS
    assert device["gzipped"] <= MOST_BYTES
