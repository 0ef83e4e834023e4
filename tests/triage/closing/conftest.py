"""What tests of closing begin with."""

import datetime as dt

import pytest

from concerns.disclosure import service
from tests.cast import Instance
from tests.triage.closing_bench import launch, on


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without noise, so that a test can see what was counted."""
    monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)


@pytest.fixture
def spring(instance: Instance) -> Instance:
    """Launched at the start of the year; it is the day of the first quarter's cut-off."""
    launch(instance, dt.date(2026, 1, 1))
    on(instance, dt.date(2026, 4, 21))
    return instance
