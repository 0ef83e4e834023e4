"""Fixtures of the gate's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from concerns.disclosure import service
from concerns.store.session import Stores, open_stores
from tests.disclosure.gate import Gate


@pytest.fixture
def gate(stores: Stores, tmp_path: Path) -> Gate:
    """The service over empty stores, with two guardians."""
    return Gate(stores, tmp_path)


@pytest.fixture
def sqlite_gate(tmp_path: Path, empty_sqlite: Path) -> Iterator[Gate]:
    """One kind of store, where what is tested never touches it."""
    for name in ("main.db", "live.db"):
        (tmp_path / name).write_bytes((empty_sqlite / name).read_bytes())
    stores = open_stores(f"sqlite:///{tmp_path}/main.db", f"sqlite:///{tmp_path}/live.db")
    yield Gate(stores, tmp_path)
    stores.close()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without noise, so that a test can see what was counted. The noise has its own tests, which fail without it."""
    monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)
