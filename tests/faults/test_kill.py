"""A process that is killed at any moment leaves nothing half done and loses nothing; the same work is done again after it."""

from collections.abc import Callable, Collection

import pytest
from alembic import command
from sqlalchemy import func, select

from concerns.areas.queries import organisation
from concerns.charter.pins import PIN
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import Release
from concerns.disclosure.turns import AlreadyFrozen, SameGuardian
from concerns.flagging.admission import Admission
from concerns.flagging.model import Spent
from concerns.flagging.service import Told as Concern
from concerns.flagging.service import tell as tell_at_door
from concerns.founding.copies.backing_up import back_up
from concerns.founding.copies.restoring import restore
from concerns.founding.copies.shape import about, opened
from concerns.founding.launching import launch
from concerns.founding.upkeep import bring_up_to_date, is_founded
from concerns.founding.verifying import Finding, verify
from concerns.people.model import Person
from concerns.people.parts import INSTEAD, PARTS
from concerns.sealing import rekeying
from concerns.sealing.letting_go import left_of
from concerns.sealing.model import Arrival, ContactKey, ShredKey, TakenBack, Thread, Wrap
from concerns.sealing.opening import open_thread
from concerns.sealing.receipt import derive
from concerns.sealing.shredding import KEY_BYTES
from concerns.sealing.threads import find, take_back
from concerns.store.base import LiveBase
from concerns.store.schema import METADATA, alembic_config, differences, is_current, migrate
from concerns.triage.closing.service import close_part
from tests.cast import Instance
from tests.faults.conftest import Stage
from tests.faults.killing import Ended
from tests.triage.closing.test_closing import CUT_OFF, FEBRUARY, MARCH
from tests.triage.closing_bench import bundle, on, sitting, store
from tests.triage.closing_bench import launch as launched
from tests.triage.telling import Told, collect_now, tell

Tell = Callable[[str], object]
TEXT = "Two of us cover thirty beds at night."
ENTROPY = bytes(range(13))


def faults(instance: Instance) -> list[Finding]:
    return [one for one in verify(instance.house, []) if one.good is False]


def count(instance: Instance, table: type[LiveBase]) -> int:
    with instance.stores.read_live() as live:
        return live.scalar(select(func.count()).select_from(table)) or 0


def text_of(instance: Instance, told: Told) -> str | None:
    """What a reporter's own words open now."""
    thread_id = find(instance.stores, told.keys.lookup_hash)
    if thread_id is None:
        return None
    signers = instance.charter.manifest.signers
    found = open_thread(instance.stores, instance.site_id, thread_id, told.keys.kem_seed, signers)
    return None if found is None else str(found.flag["text"])


def readable(instance: Instance, those: Collection[Told]) -> bool:
    """Whether her words and both guardians open each of them."""
    signers = instance.charter.manifest.signers
    seeds = [instance.guardian(name).kem_seed for name in ("gita", "gwen")]
    return all(
        text_of(instance, one) is not None
        and all(open_thread(instance.stores, instance.site_id, one.thread_id, seed, signers) for seed in seeds)
        for one in those
    )


def test_a_flag_is_whole_or_absent_and_there_once_its_receipt_was_shown(stage: Callable[..., Stage]) -> None:
    scene = stage(lambda _instance: None)

    def send(instance: Instance) -> None:
        def admit(live: object) -> None:
            live.add(Spent(hash=bytes(32), expires=instance.clock.now))  # type: ignore[attr-defined]

        tell_at_door(instance.house, Concern(TEXT, "en"), ENTROPY, Admission("open", admit))

    def work(instance: Instance, tell_word: Tell) -> None:
        send(instance)
        tell_word("the receipt is shown")

    def check(instance: Instance, ended: Ended) -> None:
        there = [count(instance, table) for table in (Arrival, ShredKey, ContactKey, Spent)]
        assert there in ([0, 0, 0, 0], [2, 1, 1, 1])
        assert there[0] or not ended.said
        assert faults(instance) == []
        if there[0] == 0:
            send(instance)
        thread_id = find(instance.stores, derive(ENTROPY, instance.site_id).lookup_hash)
        assert thread_id is not None
        seed, signers = instance.guardian().kem_seed, instance.charter.manifest.signers
        found = open_thread(instance.stores, instance.site_id, thread_id, seed, signers)
        assert found is not None and found.flag["text"] == TEXT

    scene.kill(work, check)


def test_collecting_loses_no_flag_and_what_was_to_be_destroyed_goes(stage: Callable[..., Stage]) -> None:
    """Some wait to be collected, some are due, one was taken back; the same run brings all of it to its end."""
    kept: list[Told] = []
    going: list[Told] = []

    def prepare(instance: Instance) -> None:
        going.extend(tell(instance, "Taken back.") for _ in range(2))
        with instance.stores.write_main() as main:
            due = main.get(Thread, going[1].thread_id)
            assert due is not None
            due.purge_week = due.week.replace(year=due.week.year - 1)
        kept.append(tell(instance, "Stays."))
        kept.extend(tell(instance, "Waits.", collected=False) for _ in range(2))
        going.append(tell(instance, "Taken back at once.", collected=False))
        for one in (going[0], going[2]):
            take_back(instance.stores, one.thread_id)

    scene = stage(prepare)
    gone = [one.thread_id for one in going]

    def check(instance: Instance, _ended: Ended) -> None:
        assert readable(instance, kept)
        assert text_of(instance, going[0]) is None and text_of(instance, going[2]) is None
        assert faults(instance) == []
        collect_now(instance)
        assert readable(instance, kept)
        assert left_of(instance.stores, gone) == frozenset()
        assert count(instance, Arrival) == 0 and count(instance, TakenBack) == 0
        with instance.stores.read_main() as main:
            assert set(main.scalars(select(Thread.id))) == {one.thread_id for one in kept}

    scene.kill(lambda instance, _tell: collect_now(instance), check)


def test_what_was_taken_back_stays_so_once_it_was_said(stage: Callable[..., Stage]) -> None:
    told: list[Told] = []
    scene = stage(lambda instance: told.append(tell(instance, TEXT)))

    def work(instance: Instance, tell_word: Tell) -> None:
        take_back(instance.stores, told[0].thread_id)
        tell_word("it is gone")

    def check(instance: Instance, ended: Ended) -> None:
        left = text_of(instance, told[0])
        assert left == (None if count(instance, TakenBack) else TEXT)
        assert left is None or not ended.said
        take_back(instance.stores, told[0].thread_id)
        collect_now(instance)
        assert left_of(instance.stores, [told[0].thread_id]) == frozenset()
        assert faults(instance) == []

    scene.kill(work, check, 6)


def test_new_keys_come_to_every_thread_and_each_opens_at_every_moment(stage: Callable[..., Stage]) -> None:
    told: list[Told] = []

    def prepare(instance: Instance) -> None:
        told.extend(tell(instance, TEXT, collected=number < 3) for number in range(4))

    scene = stage(prepare)

    def anew(instance: Instance) -> None:
        rekeying.begin(instance.stores)
        while rekeying.go_on(instance.stores, 2):
            pass

    def check(instance: Instance, _ended: Ended) -> None:
        assert readable(instance, told)
        assert faults(instance) == []
        while rekeying.go_on(instance.stores, 2):
            pass
        assert readable(instance, told)
        with instance.stores.read_live() as live:
            assert {len(key) for key in live.scalars(select(ShredKey.key))} == {KEY_BYTES}

    scene.kill(lambda instance, _tell: anew(instance), check)


@pytest.mark.parametrize("second", [False, True], ids=["first-part", "second-part"])
def test_a_period_is_drawn_once_and_frozen_if_and_only_if_its_line_is_there(
    stage: Callable[..., Stage], second: bool
) -> None:
    def prepare(instance: Instance) -> None:
        launched(instance, FEBRUARY.replace(month=1, day=1))
        on(instance, CUT_OFF)
        store(
            instance,
            bundle(instance, FEBRUARY, sitting(instance, FEBRUARY, "N01")),
            bundle(instance, MARCH, sitting(instance, MARCH, None)),
        )
        if second:
            close_by(instance, "gita")

    def close_by(instance: Instance, name: str) -> None:
        guardian = instance.guardian(name)
        close_part(instance.house, guardian.person_id, guardian.secret, "2026-Q1")

    scene = stage(prepare)
    closer = "gwen" if second else "gita"
    before = 2 if second else 1

    def work(instance: Instance, tell_word: Tell) -> None:
        close_by(instance, closer)
        tell_word("it is done")

    def check(instance: Instance, ended: Ended) -> None:
        lines = Ledger(instance.directory).lines()
        drawn = len(lines) > before
        assert drawn or not ended.said
        # the row is made of the line's own bytes by whoever comes next: until then the self-check says where it stands
        assert all(
            one.words.startswith("The release of 2026-Q1 stands in the ledger only.") for one in faults(instance)
        )
        try:
            close_by(instance, closer)
        except (AlreadyFrozen, SameGuardian):
            assert drawn
        else:
            assert not drawn
        again = Ledger(instance.directory).lines()
        assert again[: len(lines)] == lines and len(again) == before + 1, "never a second draw"
        with instance.stores.read_main() as main:
            assert len(main.scalars(select(Release)).all()) == int(second)
        assert faults(instance) == []

    scene.kill(work, check)


def test_stores_of_an_earlier_version_are_brought_up_whole(stage: Callable[..., Stage]) -> None:
    def prepare(instance: Instance) -> None:
        tell(instance, TEXT)
        tell(instance, TEXT, collected=False)

    def earlier(instance: Instance) -> None:
        for name, revision in (("main", "0004"), ("live", "0002")):
            command.downgrade(alembic_config(name, getattr(instance.stores, name)), revision)

    scene = stage(prepare)
    scene.then = earlier

    def check(instance: Instance, _ended: Ended) -> None:
        bring_up_to_date(instance.house)
        assert is_current(instance.stores) and differences(instance.stores) == []
        assert not bring_up_to_date(instance.house)
        with instance.stores.read_main() as main:
            assert main.scalar(select(func.count()).select_from(Thread)) == 1
            assert main.scalar(select(func.count()).select_from(Wrap)) == 6
        assert count(instance, Arrival) == 2 and count(instance, ShredKey) == 2

    try:
        scene.kill(lambda instance, _tell: bring_up_to_date(instance.house), check)
    finally:
        migrate(scene.open().stores)  # others use these databases too


def test_a_copy_stands_under_its_name_only_when_it_is_whole(stage: Callable[..., Stage]) -> None:
    told: list[Told] = []
    scene = stage(lambda instance: told.extend(tell(instance, TEXT) for _ in range(2)))
    file = scene.folder / "copies" / "daily.copy"

    def work(instance: Instance, tell_word: Tell) -> None:
        file.parent.mkdir(mode=0o700)
        for _yesterday_and_today in range(2):
            made = back_up(instance.house, file)
            tell_word(str(made.main))

    def check(instance: Instance, _ended: Ended) -> None:
        for name in ("daily.copy", "daily.copy.keys"):
            whole = file.with_name(name)
            if whole.exists():
                with opened(whole) as copy:
                    assert about(copy)["site"] == instance.site_id.hex()
        ledger = file.with_name("daily.copy.ledger")
        assert not ledger.exists() or ledger.read_bytes() == (instance.directory / "ledger.jsonl").read_bytes()
        assert faults(instance) == []
        file.parent.mkdir(mode=0o700, exist_ok=True)
        back_up(instance.house, file)
        assert {one.name for one in file.parent.iterdir()} == {"daily.copy", "daily.copy.keys", "daily.copy.ledger"}

    scene.kill(work, check)


def test_a_restore_that_was_stopped_is_done_again_and_revives_nothing(stage: Callable[..., Stage]) -> None:
    told: list[Told] = []
    gone: list[Told] = []
    site: list[bytes] = []

    def prepare(instance: Instance) -> None:
        told.extend(tell(instance, TEXT) for _ in range(2))
        gone.append(tell(instance, "Taken back since."))
        copies = instance.directory / "copies"
        copies.mkdir()
        back_up(instance.house, copies / "monday")
        take_back(instance.stores, gone[0].thread_id)
        collect_now(instance)
        site.append(instance.site_id)
        with instance.stores.main.begin() as lost:  # the disk of the main store
            for table in reversed(METADATA["main"].sorted_tables):
                lost.execute(table.delete())
        for name in ("manifest.pin", "ledger.jsonl"):
            (instance.directory / name).unlink()

    scene = stage(prepare)
    copy = scene.directory / "copies" / "monday"

    def check(instance: Instance, _ended: Ended) -> None:
        if not is_founded(instance.house):
            restore(instance.house, copy)
        # shut until two guardians agree, and yet a thread opens with its own words
        for one in told:
            found = open_thread(instance.stores, site[0], one.thread_id, one.keys.kem_seed, [])
            assert found is not None and found.flag["text"] == TEXT
        assert left_of(instance.stores, [gone[0].thread_id]) == frozenset()
        shut = [one.words for one in faults(instance)]
        assert all("put back from a copy" in words for words in shut), shut

    scene.kill(lambda instance, _tell: restore(instance.house, copy), check)


def test_a_launch_destroys_the_pilot_whole_or_has_not_begun(stage: Callable[..., Stage]) -> None:
    told: list[Told] = []
    found: list[bytes] = []

    def prepare(instance: Instance) -> None:
        told.extend(tell(instance, TEXT, collected=collected) for collected in (True, False))
        with instance.stores.write_main() as main:
            row = organisation(main)
            row.stage, row.settled = "pilot", [part.name for part in PARTS]
            row.reading_days, row.read_instead = ["monday"], dict.fromkeys(INSTEAD, "The chair of trustees")
            ada = main.scalars(select(Person.id).where(Person.email == "ada@example.org")).one()
        found.extend((ada, instance.site_id))

    scene = stage(prepare)

    def check(instance: Instance, _ended: Ended) -> None:
        with instance.stores.read_main() as main:
            now = organisation(main).stage
        if now == "pilot":
            # killed once the pin was gone and before the stage changed, it is shut, and may be launched again
            assert not (instance.directory / PIN).exists() or readable(instance, told)
            launch.begin(instance.house, found[0])
        else:
            assert launch.go_on(instance.house) == (now == "launching")
        assert not launch.go_on(instance.house)
        with instance.stores.read_main() as main:
            assert organisation(main).stage == "real" and organisation(main).site_id != found[1]
            assert not main.scalar(select(func.count()).select_from(Thread))
        assert [count(instance, table) for table in (Arrival, ShredKey, ContactKey)] == [0, 0, 0]
        (line,) = Ledger(instance.directory).lines()
        assert line.entry["site"] == instance.site_id.hex()
        assert faults(instance) == []

    scene.kill(lambda instance, _tell: launch.begin(instance.house, found[0]), check)
