"""One host for all tests of this folder: both doors as served in production, behind nginx with the shipped files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from concerns.flagging.codes import make_codes
from tests.bench.conftest import hidden
from tests.cast import Instance
from tests.conftest import instance_on
from tests.deploy.hosting import Answer, Hosted, host, shipped


@dataclass
class Site:
    """A served instance, and staff codes that let its flags past the pause and the hourly budget."""

    hosted: Hosted
    instance: Instance
    codes: list[str]

    def check(self, text: str) -> dict[str, str]:
        """As far as the check page: what its Send button would post."""
        page = self.hosted.post("/tell", {"text": text, "danger": "no", "code": self.codes.pop()})
        assert page.status == 200, page.text
        return {**hidden(page.text), "step": "send"}

    def tell(self, text: str) -> Answer:
        return self.hosted.post("/tell", self.check(text))


@pytest.fixture(scope="package")
def site(
    tmp_path_factory: pytest.TempPathFactory, founded: tuple[Path, dict[str, tuple[bytes, bytes]]]
) -> Iterator[Site]:
    """Both doors on SQLite, one worker each."""
    with host() as hosted, instance_on("sqlite", tmp_path_factory.mktemp("site"), founded, None) as instance:
        for door in ("report", "desk"):
            hosted.start_door(door, instance.directory, {"CONCERNS_WORKERS": "1"})
        for door in ("report", "desk"):
            hosted.wait_for_door(door)
        hosted.start_nginx(shipped(hosted))
        yield Site(hosted, instance, make_codes(instance.stores, 20))
