"""The desk of the founded rehearsal under a name of its own, which passkeys need."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import Instance
from tests.cluster import Databases
from tests.conftest import instance_on
from tests.people.passkeys.authenticator import ORIGIN


@pytest.fixture(params=["sqlite", "postgres"])
def instance(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
) -> Iterator[Instance]:
    with instance_on(request.param, tmp_path, founded, postgres, {"CONCERNS_DESK_ORIGIN": ORIGIN}) as opened:
        yield opened
