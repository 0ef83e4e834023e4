"""A launch destroys the pilot, whole, and goes on where it was killed; nothing sealed in the pilot lives in the service."""

import datetime as dt
import random
import secrets
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from concerns.areas.model import Area, Organisation
from concerns.audit.heads import sign as sign_log
from concerns.audit.heads import standing
from concerns.audit.model import AuditRow
from concerns.audit.service import note
from concerns.charter import pins
from concerns.charter.model import CharterPage
from concerns.charter.service import NotOpenYet, current
from concerns.demo.pilot import filling
from concerns.demo.pilot.filling import fill, invented
from concerns.disclosure import following
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import LedgerMark
from concerns.founding import rows
from concerns.founding.launching import launch, ready
from concerns.founding.launching.ready import NotNow
from concerns.founding.launching.rules import DESTROYED, DESTROYED_LIVE, KEPT, KEPT_LIVE
from concerns.founding.verifying import verify
from concerns.learning.model import Answer
from concerns.learning.service import set_answer
from concerns.people.model import Person
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Envelope, Thread
from concerns.sealing.receipt import derive
from concerns.sealing.rewriting import LIVE_SIDE, MAIN_SIDE
from concerns.sealing.signing import sign_public
from concerns.sealing.threads import deliver, find, store_threads
from concerns.sealing.wire import BadEnvelope, from_wire, to_wire
from concerns.store.base import LiveBase, MainBase
from concerns.store.house import House, week_of
from concerns.store.schema import METADATA, engines
from tests.cast import Instance
from tests.flagging.devices import Device
from tests.founding.launching.rowed import one_in_each
from tests.founding.setting_up import founded_by_ada, piloting, settled, signed_by_all, stage
from tests.triage.telling import tell

MARK = "Nobody answers the bell of the green door"


def test_every_table_is_either_kept_or_destroyed() -> None:
    """Whoever adds a table says what a launch does with it."""
    rows.main_tables()
    assert {table.name for table in MainBase.metadata.sorted_tables} == KEPT | DESTROYED
    assert {table.name for table in LiveBase.metadata.sorted_tables} == KEPT_LIVE | DESTROYED_LIVE
    assert not KEPT & DESTROYED and not KEPT_LIVE & DESTROYED_LIVE


def counts(instance: Instance) -> dict[str, int]:
    found = {}
    for name, engine in engines(instance.stores).items():
        with engine.connect() as connection:
            for table in METADATA[name].sorted_tables:
                found[table.name] = connection.scalar(select(func.count()).select_from(table)) or 0
    return found


def of_the_site(instance: Instance) -> set[bytes]:
    """What names the site in the tables that a launch makes anew."""
    with instance.stores.read_main() as main:
        return {*main.scalars(select(CharterPage.document)), *main.scalars(select(LedgerMark.ledger_id))}


def lived_in(instance: Instance) -> bytes:
    """A pilot in which things were told, triaged and written; returns the admin's id."""
    ada = piloting(instance)
    fill(instance.house, ada, random.Random(3))
    with instance.stores.write_main() as main:
        set_answer(main, "N01", "We know of the invented door", "We mend the invented door", dt.date(2026, 11, 1))
    pins.remember(instance.directory, instance.charter.place)
    return ada


def test_a_launch_destroys_everything_that_came_of_the_pilot(unfounded: Instance) -> None:
    ada = lived_in(unfounded)
    tell(unfounded, MARK)
    waiting = tell(unfounded, "It waits", collected=False)
    one_in_each(unfounded, DESTROYED | DESTROYED_LIVE)
    before, site = counts(unfounded), unfounded.site_id
    assert before["thread"] == 31
    for name in DESTROYED | DESTROYED_LIVE:
        assert before[name], name
    named = of_the_site(unfounded)
    unfounded.clock.pass_(days=3)
    launch.begin(unfounded.house, ada)
    after = counts(unfounded)
    assert stage(unfounded) == "real" and unfounded.site_id != site
    made_anew = {"charter_page": 2, "ledger_mark": 1, "answer": before["answer"]}
    for name in DESTROYED | DESTROYED_LIVE:
        assert after[name] == made_anew.get(name, 0), name
    assert not named & of_the_site(unfounded)
    for name in KEPT | KEPT_LIVE:
        assert after[name] == before[name] + (2 if name == "audit_row" else 0), name
    with unfounded.stores.read_main() as main:
        organisation = main.get_one(Organisation, 1)
        assert organisation.launched_on == unfounded.clock().date()
        assert "invented" not in main.get_one(Answer, "N01").known
        with pytest.raises(NotOpenYet):
            current(main, unfounded.directory)
    assert find(unfounded.stores, waiting.keys.lookup_hash) is None
    signed_by_all(unfounded)
    assert unfounded.charter.policy_on(unfounded.clock().date()).kinds
    assert [one for one in verify(unfounded.house, []) if one.good is False] == []
    told = tell(unfounded, "For real")
    assert told.opened().flag["text"] == "For real"


@pytest.mark.attack
def test_an_envelope_and_a_receipt_of_the_pilot_are_nothing_in_the_service(unfounded: Instance) -> None:
    """The guardians keep their keys, so only the site says that an envelope is of the pilot."""
    ada = piloting(unfounded)
    told = tell(unfounded, MARK)
    wires, site = [to_wire(one) for one in told.rows((Kind.FLAG,))], unfounded.site_id
    assert from_wire(wires[0], site_id=site, kinds=(Kind.FLAG,))
    assert told.opened().flag["text"] == MARK
    launch.begin(unfounded.house, ada)
    signed_by_all(unfounded)
    with pytest.raises(BadEnvelope):
        from_wire(wires[0], site_id=unfounded.site_id, kinds=(Kind.FLAG,))
    assert find(unfounded.stores, told.keys.lookup_hash) is None
    assert derive(told.entropy, unfounded.site_id).lookup_hash != told.keys.lookup_hash
    assert find(unfounded.stores, derive(told.entropy, unfounded.site_id).lookup_hash) is None
    assert unfounded.guardian("gita").secret == unfounded.secrets["gita"][1]  # the very keys


@pytest.mark.attack
def test_a_page_that_was_loaded_in_the_pilot_cannot_send_in_the_service(unfounded: Instance) -> None:
    ada = piloting(unfounded)
    device = Device(unfounded.report_app, unfounded)
    told, unsent = device.tell("Told in the pilot"), device.seal("Written in the pilot, sent after it")
    assert device.look(told)["found"]
    launch.begin(unfounded.house, ada)
    assert device.deliver(unsent, status=400)["refused"].startswith("envelope-")
    signed_by_all(unfounded)
    assert device.deliver(unsent, status=400)["refused"].startswith("envelope-")
    assert device.look(told) == {"found": False}
    assert counts(unfounded)["arrival"] == 0
    assert device.look(device.tell("For real"))["found"]


@pytest.mark.attack
def test_bytes_of_the_pilot_are_in_no_file(unfounded: Instance) -> None:
    """Neither in SQLite's files nor in a page of PostgreSQL's tables: what was deleted alone would still stand there."""
    ada = piloting(unfounded)
    told, box = tell(unfounded), secrets.token_bytes(64)
    with unfounded.stores.write_main() as main:
        # of a table that no rewrite makes anew
        values = {"period": "2026", "first_id": ada, "begun_on": dt.date(2026, 11, 23), "box": box}
        main.execute(insert(MainBase.metadata.tables["statutory_return"]).values(**values))
        bodies = [bytes(body)[:64] for body in main.scalars(select(Envelope.body))]
    sqlite = unfounded.stores.main.dialect.name == "sqlite"
    # PostgreSQL keeps the row of the organisation as it was for a while; the log names the old site for good
    needles = {*bodies, box, told.thread_id, *([bytes(unfounded.site_id)] if sqlite else [])}
    look = in_files if sqlite else in_pages
    assert bodies and within(look(unfounded), needles) == needles
    launch.begin(unfounded.house, ada)
    assert within(look(unfounded), needles) == set()


def within(files: list[bytes], needles: set[bytes]) -> set[bytes]:
    """Those that stand in a file."""
    return {needle for needle in needles if any(needle in data for data in files)}


def in_files(instance: Instance) -> list[bytes]:
    paths = [instance.directory / f"{name}.db{end}" for name in ("main", "live") for end in ("", "-wal")]
    return [path.read_bytes() for path in paths if path.exists()]


def in_pages(instance: Instance) -> list[bytes]:
    """Every table of both databases, with its indexes and what is kept beside it for being long, as the disk has it."""
    files = (
        "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE relkind IN ('r', 'i', 't')"
        " AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)"
    )
    found: list[bytes] = []
    for engine in (instance.stores.main, instance.stores.live):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
                pytest.skip("This login to PostgreSQL may not read the server's files.")
            connection.execute(text("CHECKPOINT"))
            found += [bytes(data) for data in connection.scalars(text(files))]
    return found


@pytest.mark.attack
def test_what_is_sent_in_the_very_moment_of_a_launch_is_destroyed_too(
    unfounded: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that read the charter before it was shut may store its envelopes after the stores were emptied."""
    ada = piloting(unfounded)
    sealed = tell(unfounded).rows((Kind.FLAG,))
    arrived = []

    def late(house: object) -> None:
        arrived.append(deliver(unfounded.stores, sealed, bytes(32), "open"))

    with monkeypatch.context() as patch:
        patch.setattr(launch, "STEPS", (*launch.STEPS[:3], late, *launch.STEPS[3:]))
        launch.begin(unfounded.house, ada)
    assert arrived == [True]
    assert counts(unfounded)["arrival"] == counts(unfounded)["shred_key"] == 0


@pytest.mark.attack
def test_what_is_imported_pinned_and_noted_while_a_launch_ends_is_gone_too(
    unfounded: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever read the pilot's charter in time may store, pin or note what came of it as late as in the last step."""
    ada = piloting(unfounded)
    with unfounded.stores.read_main() as main:
        organisation = main.get_one(Organisation, 1)
    publics, this_week = unfounded.charter.manifest.kem_publics, week_of(unfounded.clock().date())
    sealed = invented(organisation, ["ward-1"], publics, 36, this_week, random.Random(5))
    place, pin = unfounded.charter.place, pins.read_pin(unfounded.directory)
    assert pin is not None
    came: list[dict[str, int]] = []

    def late(_house: object) -> None:
        store_threads(unfounded.stores, sealed)
        pins.write_pin(unfounded.directory, pin)
        for name in (pins.NEWEST, pins.NEWEST_POLICY):
            pins.pin(unfounded.directory, place, name)
        with unfounded.stores.write_main() as main:
            main.execute(update(Person).values(seen_manifest=b"a note of the pilot"))
        came.append(counts(unfounded))

    with monkeypatch.context() as patch:
        patch.setattr(launch, "STEPS", (*launch.STEPS[:-1], late, launch.STEPS[-1]))
        launch.begin(unfounded.house, ada)
    (before,), after = came, counts(unfounded)
    for name in (*MAIN_SIDE, "shred_key", "contact_key"):
        assert before[name] and not after[name], name
    assert not [name for name in launch.PINNED if (unfounded.directory / name).exists()]
    with unfounded.stores.read_main() as main:
        assert not [person for person in main.scalars(select(Person)) if person.seen_manifest]
    signed_by_all(unfounded)
    assert tell(unfounded, "For real").opened().flag["text"] == "For real"


@pytest.mark.attack
def test_a_pilot_that_is_being_filled_is_destroyed_with_it(
    unfounded: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = piloting(unfounded)
    stepped = threading.Event()
    launching = threading.Thread(target=launch.begin, args=(unfounded.house, ada))
    seal = filling.invented

    def meanwhile(*given: Any) -> Any:
        launching.start()
        if stepped.wait(1.5):  # the launch did not wait for this filling: it ends before it
            launching.join()
        return seal(*given)

    with monkeypatch.context() as patch:
        patch.setattr(filling, "invented", meanwhile)
        patch.setattr(launch, "STEPS", (lambda _house: stepped.set(), *launch.STEPS))
        assert fill(unfounded.house, ada, random.Random(3)) == 30
        launching.join()
    assert stage(unfounded) == "real" and stepped.is_set()
    found = counts(unfounded)
    assert not [name for name in (*MAIN_SIDE, *LIVE_SIDE) if found[name]]


def open_to_guardians(instance: Instance) -> bool:
    try:
        return instance.charter is not None
    except NotOpenYet:
        return False


class Killed(BaseException):
    """As `kill -9`: nothing tidies up after it."""


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("place", range(len(launch.STEPS)))
def test_a_launch_that_is_killed_goes_on(
    unfounded: Instance, monkeypatch: pytest.MonkeyPatch, place: int, after: bool
) -> None:
    ada = piloting(unfounded)
    tell(unfounded, MARK)
    tell(unfounded, MARK, collected=False)
    site = unfounded.site_id
    step = launch.STEPS[place]

    def killed(house: object) -> None:
        if after:
            step(house)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(launch, "STEPS", (*launch.STEPS[:place], killed, *launch.STEPS[place + 1 :]))
        with pytest.raises(Killed):
            launch.begin(unfounded.house, ada)
    if not (after and step is launch.STEPS[-1]):
        assert stage(unfounded) == "launching"
        assert not open_to_guardians(unfounded)
        assert launch.go_on(unfounded.house)
    assert stage(unfounded) == "real" and unfounded.site_id != site
    assert not launch.go_on(unfounded.house)
    assert counts(unfounded)["thread"] == counts(unfounded)["arrival"] == counts(unfounded)["shred_key"] == 0
    with unfounded.stores.read_main() as main:
        assert main.scalars(select(AuditRow.verb).where(AuditRow.verb == "launched")).all() == ["launched"]
    assert [path.name for path in unfounded.directory.glob("ledger.pilot*")] == ["ledger.pilot"]
    assert len(Ledger(unfounded.directory).lines()) == 1
    signed_by_all(unfounded)
    assert [one for one in verify(unfounded.house, []) if one.good is False] == []


@pytest.mark.parametrize("shut", [False, True], ids=["before the pin is gone", "after it"])
def test_a_launch_that_is_killed_before_it_stands_is_begun_again(
    unfounded: Instance, monkeypatch: pytest.MonkeyPatch, shut: bool
) -> None:
    ada = piloting(unfounded)
    tell(unfounded, MARK)
    step = launch._shut

    def killed(house: House) -> None:
        if shut:
            step(house)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(launch, "_shut", killed)
        with pytest.raises(Killed):
            launch.begin(unfounded.house, ada)
    assert stage(unfounded) == "pilot" and open_to_guardians(unfounded) != shut
    launch.begin(unfounded.house, ada)
    assert stage(unfounded) == "real" and counts(unfounded)["thread"] == 0
    signed_by_all(unfounded)
    assert [one for one in verify(unfounded.house, []) if one.good is False] == []


def test_a_launch_killed_between_the_ledger_and_the_database_begins_it_anew(
    unfounded: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = piloting(unfounded)
    found = following.found_ledger

    def killed(*given: object) -> None:
        found(*given)  # type: ignore[arg-type]
        raise Killed  # before the transaction of the database is over

    with monkeypatch.context() as patch:
        patch.setattr(following, "found_ledger", killed)
        with pytest.raises(Killed):
            launch.begin(unfounded.house, ada)
    assert len(Ledger(unfounded.directory).lines()) == 1
    assert launch.go_on(unfounded.house)
    signed_by_all(unfounded)
    assert [one for one in verify(unfounded.house, []) if one.good is False] == []


def test_the_log_keeps_its_chain_and_what_guardians_signed(unfounded: Instance) -> None:
    ada = lived_in(unfounded)
    gita_id, gita = unfounded.secrets["gita"]
    launch.begin(unfounded.house, ada)
    note(unfounded.house, ada, "out")
    with unfounded.stores.read_main() as main:
        held = standing(main, gita_id, gita[32:], [sign_public(gita[32:])])
    assert held is not None and held[1]
    assert sign_log(unfounded.house, gita_id, gita[32:])
    signed_by_all(unfounded)
    assert [one.words for one in verify(unfounded.house, []) if one.name == "log" and one.good is False] == []
    with unfounded.stores.write_main() as main:
        row = main.scalars(select(AuditRow).order_by(AuditRow.n).limit(1)).one()
        row.day += dt.timedelta(days=1)
    assert [one for one in verify(unfounded.house, []) if one.name == "log" and one.good is False]


def test_what_the_pilot_pinned_and_noted_is_forgotten(unfounded: Instance) -> None:
    ada = lived_in(unfounded)
    with unfounded.stores.write_main() as main:
        for person in main.scalars(select(Person)).all():
            person.seen_manifest = b"a note of the pilot"
    (unfounded.directory / pins.NEWEST_POLICY).write_text("1 x")
    launch.begin(unfounded.house, ada)
    assert not [name for name in launch.PINNED if (unfounded.directory / name).exists()]
    with unfounded.stores.read_main() as main:
        assert not [person for person in main.scalars(select(Person)) if person.seen_manifest]


def test_only_a_pilot_is_launched(unfounded: Instance) -> None:
    ada = founded_by_ada(unfounded)
    with pytest.raises(NotNow):
        launch.begin(unfounded.house, ada)
    assert stage(unfounded) == "setting-up" and not launch.go_on(unfounded.house)


def test_a_real_service_is_never_emptied(unfounded: Instance) -> None:
    ada = settled(unfounded)
    ready.begin(unfounded.house, "real", ada)
    signed_by_all(unfounded)
    tell(unfounded)
    with pytest.raises(NotNow):
        launch.begin(unfounded.house, ada)
    assert counts(unfounded)["thread"] == 1


def test_areas_and_people_stay(unfounded: Instance) -> None:
    ada = piloting(unfounded)
    launch.begin(unfounded.house, ada)
    with unfounded.stores.read_main() as main:
        assert set(main.scalars(select(Area.name))) == {"Ward 1", "Ward 2"}
        assert {"Ada", "Gita", "Gwen"} <= set(main.scalars(select(Person.name)))
        assert main.scalar(select(func.count()).select_from(Thread)) == 0


def test_no_ledger_aside_is_written_over(tmp_path: Path) -> None:
    for said in ("first", "second"):
        (tmp_path / "ledger.jsonl").write_text(said)
        launch._put_aside(tmp_path / "ledger.jsonl")
    assert (tmp_path / "ledger.pilot").read_text() == "first"
    assert (tmp_path / "ledger.pilot.2").read_text() == "second"
