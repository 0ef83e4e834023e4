"""A copy put back is the instance again, and revives nothing that was taken back or purged meanwhile."""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, delete, select

import config
from concerns import open_house
from concerns.areas.queries import organisation
from concerns.charter import restores
from concerns.charter.service import CharterRefused, current
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import LedgerMark
from concerns.disclosure.queries import ledger_problems
from concerns.founding.copies import restoring, shape
from concerns.founding.copies.backing_up import back_up
from concerns.founding.copies.restoring import restore
from concerns.founding.copies.shape import APPLICATION, CopyRefused
from concerns.founding.upkeep import is_founded
from concerns.sealing import rekeying
from concerns.sealing.model import Arrival, ShredKey, TakenBack, Thread
from concerns.sealing.opening import open_thread
from concerns.sealing.threads import find
from concerns.store.house import House
from concerns.store.schema import METADATA, alembic_config, differences
from tests.cast import Instance
from tests.triage.telling import Told, collect_now, tell


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "safe").mkdir()
    return tmp_path / "safe" / "monday.copy"


@pytest.fixture
def elsewhere(tmp_path: Path, instance: Instance) -> Iterator[House]:
    """An empty folder with stores of SQLite, on the day of the instance's clock."""
    house = open_house(config.load(tmp_path / "elsewhere", {}), instance.clock)
    house.directory.mkdir()
    yield house
    house.stores.close()


def emptied(instance: Instance, *names: str) -> None:
    """What a lost disk leaves: nothing in these stores."""
    for name in names:
        engine = getattr(instance.stores, name)
        with engine.begin() as connection:
            for table in reversed(METADATA[name].sorted_tables):
                connection.execute(delete(table))


def opens(house: House, instance: Instance, told: Told) -> str | None:
    signers = instance.charter.manifest.signers
    found = open_thread(house.stores, instance.site_id, told.thread_id, told.keys.kem_seed, signers)
    return None if found is None else str(found.flag["text"])


def every_row(house: House) -> dict[str, set[tuple[object, ...]]]:
    with house.stores.main.connect() as connection:
        return {
            name: {tuple(map(str, row)) for row in connection.execute(select(table))}
            for name, table in METADATA["main"].tables.items()
            if name not in ("thread_mark", "charter_page")
        }


def test_what_was_copied_is_there_again(instance: Instance, file: Path, elsewhere: House) -> None:
    told = [tell(instance, f"The lift is stuck, {number}") for number in range(3)]
    before = every_row(instance.house)
    made = back_up(instance.house, file)
    done = restore(elsewhere, file)
    assert (done.flags, done.left_out, done.waits, done.made_on) == (3, 0, True, instance.clock().date())
    assert every_row(elsewhere) == before
    assert not differences(elsewhere.stores)
    assert [opens(elsewhere, instance, one) for one in told] == [f"The lift is stuck, {number}" for number in range(3)]
    assert made.ledger is not None and Ledger(elsewhere.directory).lines() == Ledger(instance.directory).lines()


def test_a_copy_of_one_store_goes_to_the_other(instance: Instance, file: Path) -> None:
    told, signers = tell(instance), instance.charter.manifest.signers
    text = told.opened().flag["text"]
    back_up(instance.house, file)
    emptied(instance, "main", "live")
    assert restore(instance.house, file).flags == 1
    found = open_thread(instance.stores, instance.site_id, told.thread_id, told.keys.kem_seed, signers)
    assert found is not None and found.flag["text"] == text


def test_a_copy_put_back_elsewhere_opens_when_two_guardians_agree(
    instance: Instance, file: Path, elsewhere: House, tmp_path: Path
) -> None:
    back_up(instance.house, file)
    restore(elsewhere, file)
    gita, gwen = instance.guardian("gita"), instance.guardian("gwen")
    report = tmp_path / "report"  # of a report door on another host, which heard of no restore
    report.mkdir()
    (report / "manifest.pin").write_text((instance.directory / "manifest.pin").read_text())

    def shut() -> restores.Waiting:
        with elsewhere.stores.read_main() as main:
            for folder in (elsewhere.directory, report):
                with pytest.raises(CharterRefused, match="put back from a copy"):
                    current(main, folder)
            found = restores.waiting(main, elsewhere.directory)
        assert found is not None
        return found

    wanted = shut()
    for _again in range(2):  # she cannot agree for two
        with elsewhere.stores.write_main() as main:
            assert not restores.agree(main, elsewhere.directory, wanted.hash, gita.key, gita.sign_seed)
        assert [one.name for one in shut().signed] == ["Gita"]
    with pytest.raises(CharterRefused), elsewhere.stores.write_main() as main:
        restores.agree(main, elsewhere.directory, wanted.hash, gwen.key, gita.sign_seed)
    with elsewhere.stores.write_main() as main:
        assert restores.agree(main, elsewhere.directory, wanted.hash, gwen.key, gwen.sign_seed)
    with elsewhere.stores.read_main() as main:
        charter = current(main, elsewhere.directory)
        assert list(charter.reopened.values()) == [instance.clock().date()]
        assert charter.check_code == instance.charter.check_code
        assert current(main, report) == charter


def test_a_restore_that_too_few_agreed_to_shuts_again_where_a_copy_brings_it_back(
    instance: Instance, file: Path, elsewhere: House
) -> None:
    """Copied while it was shut, and put back in the first folder, which remembers no restore: guardians can still agree."""
    both = [instance.guardian(name) for name in ("gita", "gwen")]
    back_up(instance.house, file)
    restore(elsewhere, file)
    second = file.with_name("tuesday.copy")
    back_up(elsewhere, second)
    emptied(instance, "main", "live")
    restore(instance.house, second)
    with instance.stores.write_main() as main:
        found = restores.waiting(main, instance.directory)
        assert found is not None
        for one in both:
            restores.agree(main, instance.directory, found.hash, one.key, one.sign_seed)
    with instance.stores.read_main() as main:
        assert restores.waiting(main, instance.directory) is None and current(main, instance.directory)


def test_keys_out_of_a_copy_shut_the_service_in_its_own_folder_too(instance: Instance, file: Path) -> None:
    """With both stores lost, what was taken back since comes back: two guardians must agree, and staff read of it."""
    gone = tell(instance, "Take this back.")
    back_up(instance.house, file)
    with instance.stores.write_live() as live:
        live.add(TakenBack(thread_id=gone.thread_id))
    collect_now(instance)
    emptied(instance, "main", "live")
    assert restore(instance.house, file).waits
    with instance.stores.read_main() as main, pytest.raises(CharterRefused, match="put back from a copy"):
        current(main, instance.directory)


def test_a_copy_from_before_the_service_opened_can_be_opened_elsewhere(
    instance: Instance, file: Path, elsewhere: House
) -> None:
    pin = instance.directory / "manifest.pin"
    kept = pin.read_text()
    pin.unlink()
    back_up(instance.house, file)
    assert not restore(elsewhere, file).waits
    (elsewhere.directory / "manifest.pin").write_text(kept)  # as the last guardian's signature does
    with elsewhere.stores.read_main() as main:
        assert current(main, elsewhere.directory).check_code


@pytest.mark.parametrize("name", ["manifest.newest", "policy.newest"])
def test_a_copy_from_before_the_newest_signed_change_is_refused_in_its_own_folder(
    instance: Instance, file: Path, name: str
) -> None:
    back_up(instance.house, file)
    (instance.directory / name).write_text(f"2 {'0' * 64}\n")
    emptied(instance, "main")
    with pytest.raises(CopyRefused, match="older than the newest keys or rules"):
        restore(instance.house, file)
    assert not is_founded(instance.house)


def test_a_copy_from_amid_a_renewal_of_keys_opens_after_it(instance: Instance, file: Path) -> None:
    told = tell(instance)
    rekeying.begin(instance.stores)
    back_up(instance.house, file)  # its wraps are still under the older key
    assert not rekeying.go_on(instance.stores)
    emptied(instance, "main")
    restore(instance.house, file)
    assert opens(instance.house, instance, told) == told.opened().flag["text"]
    assert not rekeying.go_on(instance.stores)
    assert opens(instance.house, instance, told) == told.opened().flag["text"]
    with instance.stores.read_live() as live:
        assert [len(key) for key in live.scalars(select(ShredKey.key))] == [32]


def test_in_its_own_place_it_opens_at_once(instance: Instance, file: Path) -> None:
    back_up(instance.house, file)
    emptied(instance, "main")
    assert not restore(instance.house, file).waits
    assert not instance.charter.reopened


def test_s15_nothing_taken_back_since_is_revived(instance: Instance, file: Path) -> None:
    kept, gone = tell(instance, "Keep this."), tell(instance, "Take this back.")
    back_up(instance.house, file)
    with instance.stores.write_live() as live:
        live.add(TakenBack(thread_id=gone.thread_id))
    collect_now(instance)
    emptied(instance, "main")  # the keys are still there, and one is not
    done = restore(instance.house, file)
    assert (done.flags, done.left_out) == (1, 1)
    assert opens(instance.house, instance, kept) == "Keep this."
    assert find(instance.stores, gone.keys.lookup_hash) is None
    with instance.stores.read_main() as main:
        assert list(main.scalars(select(Thread.id))) == [kept.thread_id]


def test_s15_nothing_whose_months_are_over_is_revived(instance: Instance, file: Path) -> None:
    told = tell(instance)
    with instance.stores.read_main() as main:
        last = main.get_one(Thread, told.thread_id).purge_week
    instance.clock.now = dt.datetime.combine(last - dt.timedelta(days=2), dt.time(9), dt.UTC)
    back_up(instance.house, file)
    emptied(instance, "main", "live")
    instance.clock.pass_(weeks=2)
    assert restore(instance.house, file).left_out == 1
    with instance.stores.read_main() as main:
        assert main.scalar(select(Thread.id)) is None


def test_keys_of_long_ago_are_not_put_back(instance: Instance, file: Path, elsewhere: House) -> None:
    tell(instance)
    back_up(instance.house, file)
    instance.clock.pass_(days=31)
    with pytest.raises(CopyRefused, match="within 30 days only"):
        restore(elsewhere, file)
    assert not is_founded(elsewhere)
    done = restore(elsewhere, file, without_flags=True)
    assert (done.flags, done.left_out) == (0, 1)
    with elsewhere.stores.read_main() as main:
        assert organisation(main).site_id == instance.site_id


def test_a_lost_ledger_is_asked_for_and_nothing_was_changed(instance: Instance, file: Path, elsewhere: House) -> None:
    told = tell(instance)
    ledger = back_up(instance.house, file).ledger
    assert ledger is not None
    kept = ledger.rename(file.with_name("kept elsewhere"))
    with pytest.raises(
        CopyRefused, match=r"monday.copy.ledger is missing: put the newest ledger .* add --without-ledger"
    ):
        restore(elsewhere, file)
    assert not is_founded(elsewhere) and not (elsewhere.directory / "manifest.pin").exists()
    assert restore(elsewhere, file, without_ledger=True).flags == 1
    assert opens(elsewhere, instance, told) == told.opened().flag["text"]
    with elsewhere.stores.read_main() as main:
        assert ledger_problems(main, Ledger(elsewhere.directory))
        shutil.copyfile(kept, Ledger(elsewhere.directory).path)  # as the command says
        assert not ledger_problems(main, Ledger(elsewhere.directory))


def test_an_older_ledger_than_the_copy_is_refused_wherever_it_lies(
    instance: Instance, file: Path, elsewhere: House
) -> None:
    early = Ledger(instance.directory).path.read_bytes()
    with instance.stores.write_main() as main:  # two lines, of which only the second has a release in a real one
        line = Ledger(instance.directory).append({"opened": "a period"})
        mark = main.get_one(LedgerMark, 1)
        mark.lines, mark.head = line.number, line.head
    kept = back_up(instance.house, file).ledger
    assert kept is not None
    newest = kept.read_bytes()
    kept.write_bytes(early)
    with pytest.raises(CopyRefused, match=r"monday.copy.ledger is older than the copy"):
        restore(elsewhere, file)
    kept.write_bytes(newest)
    own = Ledger(elsewhere.directory).path
    own.write_bytes(early)
    with pytest.raises(CopyRefused, match=r"ledger.jsonl is older than the copy"):
        restore(elsewhere, file)
    assert own.read_bytes() == early
    own.write_bytes(b'{"half a li')  # what a kill left is no ledger
    assert restore(elsewhere, file).waits
    assert own.read_bytes() == newest


def test_what_arrived_today_is_in_no_copy(instance: Instance, file: Path) -> None:
    told = tell(instance, collected=False)
    made = back_up(instance.house, file)
    for path in (made.main, made.keys):
        data = path.read_bytes()
        assert told.thread_id not in data and told.keys.lookup_hash not in data
    with instance.stores.read_live() as live:
        assert live.scalar(select(Arrival.id)) is not None


def test_s12_a_copy_is_sorted_and_for_its_owner_alone(instance: Instance, file: Path) -> None:
    for _flag in range(8):
        tell(instance)
    made = back_up(instance.house, file)
    for path, table, column in ((made.main, "thread", "id"), (made.keys, "shred_key", "thread_id")):
        connection = sqlite3.connect(path)
        found = [row[0] for row in connection.execute(f"SELECT {column} FROM {table}")]
        connection.close()
        assert len(found) == 8 and found == sorted(found)
        places = [path.read_bytes().find(one) for one in found]
        assert places in (sorted(places), sorted(places, reverse=True))
    assert made.ledger is not None
    assert {path.stat().st_mode & 0o777 for path in (made.main, made.keys, made.ledger)} == {0o600}


def test_s3_a_copy_without_its_keys_opens_nothing(instance: Instance, file: Path, elsewhere: House) -> None:
    tell(instance)
    made = back_up(instance.house, file)
    made.keys.unlink()
    with pytest.raises(CopyRefused, match="is missing"):
        restore(elsewhere, file)
    with instance.stores.read_live() as live:
        keys = list(live.scalars(select(ShredKey.key)))
    assert keys and not any(bytes(key) in made.main.read_bytes() for key in keys)


class TestRefused:
    def test_an_instance_is_never_replaced(self, instance: Instance, file: Path) -> None:
        back_up(instance.house, file)
        before = every_row(instance.house)
        with pytest.raises(CopyRefused, match="never replaces one"):
            restore(instance.house, file)
        assert every_row(instance.house) == before

    def test_the_folder_of_another_instance(self, instance: Instance, file: Path, elsewhere: House) -> None:
        back_up(instance.house, file)
        (elsewhere.directory / "manifest.pin").write_text("0" * 64)
        with pytest.raises(CopyRefused, match="another instance"):
            restore(elsewhere, file)

    def test_the_ledger_of_another_instance(self, instance: Instance, file: Path, elsewhere: House) -> None:
        back_up(instance.house, file)
        Ledger(elsewhere.directory).append({"ledger": "00" * 16, "site": "00" * 16})
        with pytest.raises(CopyRefused, match="another instance"):
            restore(elsewhere, file)

    def test_the_keys_of_another_instance(self, instance: Instance, file: Path, elsewhere: House) -> None:
        made = back_up(instance.house, file)
        change(made.keys, "UPDATE about_this_copy SET value = '00' WHERE name = 'site'")
        with pytest.raises(CopyRefused, match="does not belong"):
            restore(elsewhere, file)

    def test_a_newer_version(self, instance: Instance, file: Path, elsewhere: House) -> None:
        back_up(instance.house, file)
        change(file, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(CopyRefused, match="Update first"):
            restore(elsewhere, file)

    @pytest.mark.parametrize(
        "trick",
        [
            "CREATE VIEW thread_view AS SELECT * FROM thread",
            "CREATE TRIGGER t AFTER INSERT ON area BEGIN SELECT 1; END",
        ],
    )
    def test_a_file_that_does_something(self, instance: Instance, file: Path, elsewhere: House, trick: str) -> None:
        back_up(instance.house, file)
        change(file, trick)
        with pytest.raises(CopyRefused, match="no copy"):
            restore(elsewhere, file)

    def test_other_files(self, instance: Instance, file: Path, elsewhere: House) -> None:
        with pytest.raises(CopyRefused, match="There is no file"):
            restore(elsewhere, file)
        for content in (b"", b"not a database", b"SQLite format 3\0" + bytes(200)):
            file.write_bytes(content)
            with pytest.raises(CopyRefused, match="no copy"):
                restore(elsewhere, file)
        made = back_up(instance.house, file)
        with pytest.raises(CopyRefused, match="holds keys only"):
            restore(elsewhere, made.keys)

    def test_rows_that_cannot_be(self, instance: Instance, file: Path, elsewhere: House) -> None:
        tell(instance)
        back_up(instance.house, file)
        change(file, "UPDATE thread SET week = 'never'")
        with pytest.raises(CopyRefused, match="no instance has"):
            restore(elsewhere, file)
        assert not is_founded(elsewhere)

    def test_a_damaged_file(self, instance: Instance, file: Path, elsewhere: House) -> None:
        for _flag in range(4):
            tell(instance)
        back_up(instance.house, file)
        data = bytearray(file.read_bytes())
        data[len(data) // 2 : len(data) // 2 + 9000] = b"\xff" * 9000
        file.write_bytes(data)
        with pytest.raises(CopyRefused, match=r"damaged|no copy"):
            restore(elsewhere, file)

    def test_a_name_or_place_that_cannot_be(self, instance: Instance, tmp_path: Path) -> None:
        with pytest.raises(CopyRefused, match="cannot end"):
            back_up(instance.house, tmp_path / "x.keys")
        with pytest.raises(CopyRefused, match="no folder"):
            back_up(instance.house, tmp_path / "nowhere" / "x")


def change(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_an_older_copy_is_brought_up_to_this_version(instance: Instance, file: Path, elsewhere: House) -> None:
    """A copy whose tables are of an earlier revision, made here by going back in a store of its own."""
    tell(instance)
    back_up(instance.house, file)
    older = create_engine(f"sqlite:///{file}")
    command.downgrade(alembic_config("main", older), "0003")
    older.dispose()
    change(file, f"PRAGMA application_id={APPLICATION}")
    assert restore(elsewhere, file).flags == 1
    assert not differences(elsewhere.stores)
    assert not (elsewhere.directory / "restoring.db").exists()


@pytest.mark.parametrize("point", ["_put_files", "_put_rows", "keys", "rows"])
def test_stopped_at_any_point_it_can_be_done_again(
    instance: Instance, file: Path, elsewhere: House, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    told = tell(instance)
    back_up(instance.house, file)

    class Killed(BaseException):
        pass

    def kill(*_args: object, **_kwargs: object) -> None:
        raise Killed

    real = shape.add
    with monkeypatch.context() as patch:
        if point == "keys":
            patch.setattr(restoring, "_keys", kill)
        elif point == "rows":
            patch.setattr(
                restoring, "add", lambda one, table, rows: kill() if table.name == "wrap" else real(one, table, rows)
            )
        else:
            patch.setattr(restoring, point, kill)
        with pytest.raises(Killed):
            restore(elsewhere, file)
    assert not is_founded(elsewhere)
    assert restore(elsewhere, file).waits
    assert opens(elsewhere, instance, told) == told.opened().flag["text"]


def test_a_copy_is_whole_or_not_there(instance: Instance, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(instance.house, file)
    before = file.read_bytes()
    tell(instance)

    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shape, "to_disk", full)
    with pytest.raises(OSError, match="No space"):
        back_up(instance.house, file)
    assert file.read_bytes() == before
    assert sorted(one.name for one in file.parent.iterdir()) == [
        "monday.copy",
        "monday.copy.keys",
        "monday.copy.ledger",
    ]
