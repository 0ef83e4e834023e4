"""The founded rehearsal with a directory beside it."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from concerns.people.outside import provider
from concerns.store.house import OutsideDirectory
from tests.cast import FixedClock, Instance
from tests.cluster import Databases
from tests.conftest import instance_on
from tests.people.outside.directory import CLIENT_ID, SECRET, Directory, serving


@pytest.fixture
def directory() -> Iterator[Directory]:
    provider._known.clear()  # another one may have had its port
    found = Directory(FixedClock())
    with serving(found):
        yield found


@pytest.fixture(params=["sqlite", "postgres"])
def instance(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
    directory: Directory,
) -> Iterator[Instance]:
    environ = {
        "CONCERNS_OIDC_ISSUER": directory.issuer,
        "CONCERNS_OIDC_CLIENT_ID": CLIENT_ID,
        "CONCERNS_OIDC_SECRET": SECRET,
        "CONCERNS_OIDC_NAME": "the trust’s account",
    }
    with instance_on(request.param, tmp_path, founded, postgres, environ) as opened:
        # `instance_on` hands the environment to the settings alone
        opened.house = dataclasses.replace(opened.house, outside=opened.settings.outside)
        assert isinstance(opened.house.outside, OutsideDirectory)
        directory.clock = opened.clock
        yield opened
