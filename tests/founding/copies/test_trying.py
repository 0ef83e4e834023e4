"""A copy is put back for a trial: it shows that the copy is good, opens nothing, and leaves nothing behind."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from concerns.founding import traces
from concerns.founding.copies import trying
from concerns.founding.copies.backing_up import back_up
from concerns.founding.copies.shape import CopyRefused
from concerns.founding.copies.trying import try_out
from concerns.founding.rounds import go_round
from concerns.sealing import envelope
from concerns.sealing.model import ShredKey
from concerns.sealing.threads import take_back
from tests.cast import Instance
from tests.triage.telling import collect_now, tell


@pytest.fixture
def file(tmp_path: Path, instance: Instance) -> Path:
    (tmp_path / "safe").mkdir()
    made = tmp_path / "safe" / "monday.copy"
    tell(instance)
    back_up(instance.house, made)
    return made


def test_a_good_copy_is_good_and_the_day_is_noted(
    instance: Instance, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opens(*_args: object) -> object:
        raise AssertionError("something was opened")

    monkeypatch.setattr(envelope, "open_for", opens)
    instance.clock.pass_(days=3)
    collect_now(instance)
    done = try_out(instance.house, file)
    assert (done.flags, done.left_out) == (1, 0)
    assert traces.last(instance.house, "tried") == instance.clock().date()
    assert not traces.trial_of(instance.house).exists()
    with instance.stores.read_live() as live:
        assert live.query(ShredKey).count() == 1, "the instance’s own keys are as they were"


def test_the_keys_are_never_written_to_the_disk(
    instance: Instance, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with instance.stores.read_live() as live:
        key = live.query(ShredKey.key).scalar()
    seen: list[bytes] = []

    def look(*_args: object) -> list[str]:
        seen.extend(one.read_bytes() for one in traces.trial_of(instance.house).iterdir())
        return []

    monkeypatch.setattr(trying, "_problems", look)
    try_out(instance.house, file)
    assert any(len(content) > 100_000 for content in seen), "the main store was there"
    assert not any(key in content for content in seen)
    assert key in file.with_name("monday.copy.keys").read_bytes(), "so it would have been found"


def changed(statement: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with sqlite3.connect(file) as copy:
            copy.execute(statement)
        copy.close()

    return change


def without(ending: str) -> Callable[[Path], None]:
    return lambda file: file.with_name(file.name + ending).unlink()


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (changed("UPDATE envelope SET body = zeroblob(length(body))"), "an envelope in it differs"),
        (changed("UPDATE ledger_mark SET head = zeroblob(32)"), "rewritten"),
        (without(".keys"), "is missing"),
        (without(".ledger"), "ledger"),
        (lambda file: file.write_bytes(file.read_bytes()[:70_000]), "damaged"),
        (changed("UPDATE about_this_copy SET value = '00' WHERE name = 'site'"), "another instance"),
    ],
)
def test_a_copy_that_is_not_good_is_refused_and_not_noted(
    instance: Instance, file: Path, harm: Callable[[Path], None], says: str
) -> None:
    harm(file)
    with pytest.raises(CopyRefused, match=says):
        try_out(instance.house, file)
    assert traces.last(instance.house, "tried") is None
    assert not traces.trial_of(instance.house).exists()


def test_the_files_of_two_copies_do_not_go_together(instance: Instance, file: Path) -> None:
    other = file.with_name("tuesday.copy")
    back_up(instance.house, other)
    shutil.copyfile(file.with_name("monday.copy.keys"), other.with_name("tuesday.copy.keys"))
    with pytest.raises(CopyRefused, match="belongs to another copy"):
        try_out(instance.house, other)


def test_what_was_taken_back_since_is_no_harm(instance: Instance, file: Path) -> None:
    told = tell(instance, "Taken back.")
    back_up(instance.house, file)
    take_back(instance.stores, told.thread_id)
    collect_now(instance)
    assert try_out(instance.house, file).flags == 2


def test_what_a_killed_trial_left_goes_with_the_next_round_but_never_one_under_way(instance: Instance) -> None:
    instance.clock.now = instance.clock.now.fromtimestamp(time.time(), instance.clock.now.tzinfo)
    folder = traces.trial_of(instance.house)
    folder.mkdir(parents=True)
    assert go_round(instance.house) == [] and folder.exists()
    instance.clock.pass_(hours=2)
    assert go_round(instance.house) == [] and not folder.exists()
