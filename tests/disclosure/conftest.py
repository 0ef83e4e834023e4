"""Fixtures of the gate's tests."""

from pathlib import Path

import pytest

from concerns.disclosure import service
from concerns.store.session import Stores
from tests.disclosure.gate import Gate


@pytest.fixture
def gate(stores: Stores, tmp_path: Path) -> Gate:
    """The service over empty stores, with two guardians."""
    return Gate(stores, tmp_path)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without noise, so that a test can see what was counted. The noise has its own tests, which fail without it."""
    monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)
