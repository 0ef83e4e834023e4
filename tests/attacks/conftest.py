"""The attacked gate: the real service, ledger and database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from concerns.disclosure import service
from concerns.store.session import Stores, open_stores
from tests.disclosure.gate import Gate


@pytest.fixture
def gate(tmp_path: Path, empty_sqlite: Path) -> Iterator[Gate]:
    """One kind of store: what is attacked is the release, wherever it lies."""
    for name in ("main.db", "live.db"):
        (tmp_path / name).write_bytes((empty_sqlite / name).read_bytes())
    stores: Stores = open_stores(f"sqlite:///{tmp_path}/main.db", f"sqlite:///{tmp_path}/live.db")
    yield Gate(stores, tmp_path)
    stores.close()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without noise, where the attack is on what is counted."""
    monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)
