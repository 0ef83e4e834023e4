"""Lena at the desk of the founded rehearsal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import Instance
from tests.conftest import instance_on
from tests.people.visiting import Desk


@pytest.fixture
def lena(instance: Instance) -> Desk:
    return _signed_in(instance)


@pytest.fixture
def leader(tmp_path: Path, founded: tuple[Path, dict[str, tuple[bytes, bytes]]]) -> Iterator[Desk]:
    """Lena on SQLite alone, for what does not depend on the store."""
    with instance_on("sqlite", tmp_path, founded, None) as instance:
        yield _signed_in(instance)


def _signed_in(instance: Instance) -> Desk:
    desk = Desk(instance)
    desk.sign_in("lena")
    return desk
