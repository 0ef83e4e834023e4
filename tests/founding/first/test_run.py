"""`concerns run` on an empty folder: everything is made, and the address to begin with is shown once."""

import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import config
from concerns import open_house
from concerns.areas.model import Organisation
from concerns.cli import main
from concerns.founding import serving
from concerns.founding.first import link, service
from concerns.founding.launching import launch
from concerns.people.second_factor import code_at
from concerns.store.house import House, utc_now
from tests.cast import TOTP

pytestmark = pytest.mark.usefixtures("environ_as_before")

ADDRESS = re.compile(
    r"Nothing is set up yet. Open this address to begin: http://127.0.0.1:\d+/desk/begin/([\w-]{43})\n"
)
SAID = ("Wendle", "nhs", "Ada", "ada@example.org", "Ada keeps bees on the roof", TOTP)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What would have been served."""
    begun: list[tuple[object, ...]] = []
    monkeypatch.setattr(serving, "serve", lambda *words: begun.append(words))
    monkeypatch.setattr(serving, "try_listening", lambda _bind: None)
    return begun


def run(directory: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["run", *words, "--directory", str(directory)])


def house_in(directory: Path) -> House:
    return open_house(config.load(directory, {}))


def test_an_empty_folder_is_made_and_its_address_told(tmp_path: Path, served: list[tuple[object, ...]]) -> None:
    folder = tmp_path / "deep" / "instance"
    result = run(folder, "--port", "8123")
    assert (result.exit_code, served) == (0, [("app", "127.0.0.1:8123", 2)]), result.output
    said = ADDRESS.search(result.stdout)
    assert said is not None and "http://127.0.0.1:8123/desk/begin/" in result.stdout
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert link.fits(folder, said[1]) and said[1] not in (folder / link.FILE).read_text()
    assert stat.S_IMODE((folder / "desk.key").stat().st_mode) == 0o600
    house = house_in(folder)
    assert not service.founded(house)
    house.stores.close()


@pytest.mark.usefixtures("served")
def test_a_folder_that_was_there_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o755)
    assert run(folder).exit_code == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_each_start_before_founding_tells_another_address(tmp_path: Path, served: list[tuple[object, ...]]) -> None:
    first, second = (ADDRESS.search(run(tmp_path / "instance").stdout) for _ in range(2))
    assert first and second and len(served) == 2
    assert not link.fits(tmp_path / "instance", first[1]) and link.fits(tmp_path / "instance", second[1])


def test_once_founded_it_is_served_as_ever(tmp_path: Path, served: list[tuple[object, ...]]) -> None:
    run(tmp_path / "instance")
    house = house_in(tmp_path / "instance")
    service.begin(house, service.First(*SAID, code=code_at(TOTP, utc_now())))
    house.stores.close()
    link.renew(tmp_path / "instance")  # as if killed before it was forgotten
    result = run(tmp_path / "instance")
    assert result.exit_code == 0 and not ADDRESS.search(result.stdout) and len(served) == 2
    assert not (tmp_path / "instance" / link.FILE).exists()


def test_a_report_door_alone_begins_nothing(tmp_path: Path, served: list[tuple[object, ...]]) -> None:
    result = run(tmp_path / "instance", "report")
    assert (result.exit_code, served) == (1, []) and "There is no instance" in result.stderr
    assert not (tmp_path / "instance").exists()


def test_a_store_that_went_missing_is_not_begun_anew(tmp_path: Path, served: list[tuple[object, ...]]) -> None:
    run(tmp_path / "instance")
    (tmp_path / "instance" / "main.db").unlink()
    result = run(tmp_path / "instance")
    assert result.exit_code == 1 and "main.db is missing" in result.stderr and len(served) == 1
    assert not (tmp_path / "instance" / "main.db").exists()


def test_a_folder_that_lost_its_secret_is_not_begun_anew(tmp_path: Path, served: list[tuple[object, ...]]) -> None:
    run(tmp_path / "instance")
    house = house_in(tmp_path / "instance")
    service.begin(house, service.First(*SAID, code=code_at(TOTP, utc_now())))
    house.stores.close()
    (tmp_path / "instance" / "desk.key").unlink()
    result = run(tmp_path / "instance")
    assert result.exit_code == 1 and "There is no instance" in result.stderr and len(served) == 1


def test_a_launch_that_was_killed_goes_on_at_the_next_start(
    tmp_path: Path, served: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "instance")
    house = house_in(tmp_path / "instance")
    ada = service.begin(house, service.First(*SAID, code=code_at(TOTP, utc_now())))
    with house.stores.write_main() as main:
        main.get_one(Organisation, 1).stage = "pilot"
    with monkeypatch.context() as patch:
        patch.setattr(launch, "STEPS", ())
        patch.setattr(launch, "refuse_blocked", lambda _main: None)
        launch.begin(house, ada)
    with house.stores.read_main() as main:
        assert main.get_one(Organisation, 1).stage == "launching"
    assert run(tmp_path / "instance").exit_code == 0 and len(served) == 2
    with house.stores.read_main() as main:
        assert main.get_one(Organisation, 1).stage == "real"
    house.stores.close()
