"""Whatever is sent from a form of the desk, the answer is a sound page: nothing breaks, and nothing typed looks like ours."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import config
from concerns import create_desk_app
from concerns.demo.seeding import Seeded
from concerns.people.second_factor import code_at
from tests.cast import FixedClock
from tests.demo.conftest import seeded_demo
from tests.demo.walking import walk
from tests.people.visiting import beside_the_report_door
from tests.police import PoliceClient

NAMES = ("Gita", "Lena", "Ada", "Priya", "Owen")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Seeded]:
    """A folder with a demo, to copy from, and its cast."""
    folder = tmp_path_factory.mktemp("walked")
    with seeded_demo(folder, "nhs") as (house, told):
        house.stores.close()
    return folder, told


@dataclass
class Visit:
    """One of the cast at the desk of a demo of her own."""

    folder: Path
    email: str
    passphrase: str
    secret: str

    def __post_init__(self) -> None:
        self.clock = FixedClock()
        self.app = beside_the_report_door(create_desk_app(config.load(self.folder, {}), self.clock))
        self.client = PoliceClient(self.app.test_client(), traceless=False)

    def sign_in(self) -> None:
        """With a code that was not used yet."""
        self.clock.pass_(seconds=30)
        data = {"email": self.email, "passphrase": self.passphrase, "code": code_at(self.secret, self.clock.now)}
        self.client.submit(self.client.get("/sign-in"), data, button="Sign in")


@pytest.fixture(params=NAMES)
def visit(request: pytest.FixtureRequest, seeded: tuple[Path, Seeded], tmp_path: Path) -> Iterator[Visit]:
    folder, told = seeded
    shutil.copytree(folder, tmp_path / "instance")
    found = next(one for one in told.cast if one.name.startswith(request.param))
    assert found.passphrase and found.totp_secret
    visit = Visit(tmp_path / "instance", found.email, found.passphrase, found.totp_secret)
    visit.sign_in()
    yield visit
    visit.app.extensions["concerns"].stores.close()


def test_every_form_answers_odd_values_with_a_sound_page(visit: Visit) -> None:
    pages, sent = walk(visit.app, visit.client, visit.email, visit.sign_in)
    assert pages > 10 and sent > 2
