"""A clock for the command, which is given none."""

import datetime as dt

import pytest

#: some days after the clock of the cast
NOW = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def the_clock_of_the_command(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """It stands still: no midnight comes between two commands, and what was told is not purged in some later year."""
    monkeypatch.setattr("concerns.store.house.utc_now", lambda: NOW)
    return NOW
