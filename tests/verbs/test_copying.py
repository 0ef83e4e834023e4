"""From an instance to its copy and back by the command, and on to the pages: guardians agree, and the service opens."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import config
from concerns import open_house
from concerns.cli import main
from concerns.founding.copies.backing_up import back_up
from concerns.sealing.opening import open_thread
from tests.cast import Instance
from tests.cluster import Databases, emptied
from tests.conftest import instance_on
from tests.people.visiting import Desk
from tests.police import PoliceClient
from tests.triage.telling import tell

Founded = tuple[Path, dict[str, tuple[bytes, bytes]]]
NEWER = "The stores were made by a newer version of this program: update this program first.\n"


def run(directory: Path, *words: str, settings: config.Settings | None = None) -> Result:
    urls = {"DATABASE_URL": settings.main_url, "LIVE_URL": settings.live_url} if settings else {}
    return CliRunner().invoke(main, [*words, "--directory", str(directory)], env=urls)


def elsewhere(instance: Instance, folder: Path) -> Instance:
    settings = config.load(folder, {})
    return Instance(settings, instance.clock, open_house(settings, instance.clock), instance.secrets)


def test_a_copy_is_put_back_elsewhere_and_two_guardians_open_it(
    instance: Instance, tmp_path: Path, the_clock_of_the_command: dt.datetime
) -> None:
    today = the_clock_of_the_command.date()
    day = f"{today.day} {today:%B %Y}"
    told = tell(instance, "The lift is stuck between floors.")
    file, folder = tmp_path / "copy", tmp_path / "new"
    made = run(instance.directory, "backup", str(file), settings=instance.settings)
    assert (made.exit_code, made.stdout.count("\n")) == (0, 3), made.output
    done = run(folder, "restore", str(file))
    assert done.exit_code == 0 and "with 1 flags" in done.stdout and "two guardians" in done.stdout, done.output
    assert "Accounts are as they were on that day: shut those again" in done.stdout
    new = elsewhere(instance, folder)
    try:
        assert (
            "This service is closed" in PoliceClient(new.report_app.test_client(), traceless=True).get("/promise").text
        )
        for name, after in (("gita", "It waits for another guardian"), ("gwen", "The service is open now")):
            desk = Desk(new)
            desk.sign_in(name)
            page = desk.client.get("/keys")
            assert "A copy was put back" in page.text and page.text.count(day) == 2
            desk.client.submit(page, button="I agree that it opens again")
            assert after in desk.client.get("/keys").text
        assert "The lift is stuck" in desk.client.get(told.path).text
        promise = PoliceClient(new.report_app.test_client(), traceless=True).get("/promise").text
        assert f"{today.day} {today:%B} this service was put back from a copy." in promise
    finally:
        new.close()


def test_what_cannot_be_is_one_line(instance: Instance, tmp_path: Path) -> None:
    for words in (("restore", str(tmp_path / "nothing")), ("backup", str(tmp_path / "nowhere" / "copy"))):
        result = run(instance.directory, *words, settings=instance.settings)
        assert (result.exit_code, result.stderr.count("\n"), result.stdout) == (1, 1, ""), result.output


def test_without_its_ledger_the_command_says_what_to_do_and_what_is_missing(instance: Instance, tmp_path: Path) -> None:
    file, folder = tmp_path / "copy", tmp_path / "new"
    assert run(instance.directory, "backup", str(file), settings=instance.settings).exit_code == 0
    file.with_name("copy.ledger").unlink()
    refused = run(folder, "restore", str(file))
    assert (refused.exit_code, refused.stderr.count("\n"), refused.stdout) == (1, 1, ""), refused.output
    assert "copy.ledger is missing" in refused.stderr and "--without-ledger" in refused.stderr
    tried = run(instance.directory, "backup", str(file), "--check", settings=instance.settings)
    assert tried.exit_code == 1 and "copy.ledger is missing" in tried.stderr
    done = run(folder, "restore", str(file), "--without-ledger")
    assert done.exit_code == 0 and "no period can be closed until its newest file is " in done.stdout, done.output


def test_a_copy_of_sqlite_goes_to_postgresql(tmp_path: Path, founded: Founded, postgres: Databases | None) -> None:
    if postgres is None:
        pytest.skip("NO POSTGRESQL: no copy was put back there. Set TEST_DATABASE_URL.")
    emptied(postgres).close()
    file, folder = tmp_path / "copy", tmp_path / "new"
    settings = config.load(folder, {"DATABASE_URL": postgres.main, "LIVE_URL": postgres.live})
    with instance_on("sqlite", tmp_path, founded, None) as source:
        told, site = tell(source, "The lift is stuck between floors."), source.site_id
        seed, signers = source.guardian().kem_seed, source.charter.manifest.signers
        assert run(source.directory, "backup", str(file)).exit_code == 0
    kept = file.with_name("copy.ledger").rename(tmp_path / "kept")
    refused = run(folder, "restore", str(file), settings=settings)
    assert refused.exit_code == 1 and "copy.ledger is missing" in refused.stderr
    kept.rename(tmp_path / "copy.ledger")
    done = run(folder, "restore", str(file), settings=settings)
    assert done.exit_code == 0 and "with 1 flags" in done.stdout and "two guardians" in done.stdout, done.output
    house = open_house(settings)
    found = open_thread(house.stores, site, told.thread_id, seed, signers)
    house.stores.close()
    assert found is not None and found.flag["text"] == "The lift is stuck between floors."
    checked = run(folder, "verify", settings=settings).stdout
    assert "good  schema" in checked and "good  ledger" in checked and "put back from a copy" in checked
    again = run(folder, "restore", str(file), settings=settings)
    assert again.exit_code == 1 and "a copy never replaces one" in again.stderr


@pytest.fixture
def newer(instance: Instance, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Instance]:
    """An instance whose main or live store a later version of the program has changed, after a copy was made."""
    back_up(instance.house, tmp_path / "copy")
    engine = getattr(instance.stores, request.param)
    with engine.begin() as connection:
        (before,) = connection.exec_driver_sql("SELECT version_num FROM alembic_version").one()
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    yield instance
    with engine.begin() as connection:  # others use this database too
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{before}'")


@pytest.mark.parametrize("newer", ["main", "live"], indirect=True)
def test_stores_of_a_newer_version_ask_for_an_update_whatever_the_verb(newer: Instance, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    copying = (f"restore {file}", f"backup {tmp_path / 'another'}", f"backup --check {file}")
    for verb in ("init", "run", "run report", "run desk", "collect", *copying):
        result = run(newer.directory, *verb.split(), settings=newer.settings)
        assert (result.exit_code, result.stderr) == (1, NEWER), verb
    checked = run(newer.directory, "verify", settings=newer.settings)
    assert checked.exit_code == 1 and f"FAULT  schema: {NEWER}" in checked.stdout


def test_a_trial_says_what_it_found_and_the_self_check_names_both_days(instance: Instance, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    tell(instance, "The lift is stuck between floors.")
    assert run(instance.directory, "backup", str(file), settings=instance.settings).exit_code == 0
    tried = run(instance.directory, "backup", str(file), "--check", settings=instance.settings)
    assert tried.exit_code == 0 and "was put back for a trial, with 1 flags. It is good." in tried.stdout, tried.output
    checked = run(instance.directory, "verify", settings=instance.settings)
    assert "copies: The last copy was made today, on " in checked.stdout
    assert "copies: A copy was last tried today, on " in checked.stdout
    file.with_name("copy.keys").unlink()
    again = run(instance.directory, "backup", str(file), "--check", settings=instance.settings)
    assert (again.exit_code, again.stdout) == (1, "") and "copy.keys is missing" in again.stderr


def test_a_collect_by_the_command_is_named_by_the_self_check(instance: Instance) -> None:
    assert run(instance.directory, "collect", settings=instance.settings).exit_code == 0
    checked = run(instance.directory, "verify", settings=instance.settings)
    assert "collecting: The last collect, which also deletes what is over, ran on " in checked.stdout
