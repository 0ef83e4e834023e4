"""A full disk, a store that somebody holds, a database that does not answer: a plain sentence, and the text is kept."""

import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import OperationalError

from concerns import cli, open_house
from concerns.disclosure.ledger import Ledger, LedgerRefused
from concerns.founding import traces
from concerns.founding.copies.backing_up import back_up
from concerns.founding.refusals import in_words
from concerns.founding.verifying import verify
from concerns.pages.errors import store_trouble
from concerns.sealing import rewriting
from concerns.sealing.collecting import collect
from concerns.sealing.model import Arrival, ShredKey
from concerns.sealing.rewriting import StoreBusy, StoreFull
from concerns.store import session
from concerns.store.schema import METADATA
from concerns.store.session import Stores
from concerns.triage.closing.service import close_part
from tests.cast import Instance
from tests.faults.killing import Moment, kill_at
from tests.flagging.conftest import Rosa, words_on
from tests.flagging.devices import Device
from tests.flagging.test_telling import hidden
from tests.people.visiting import Desk
from tests.police import PoliceClient
from tests.triage.case.test_flag import WORK, typed
from tests.triage.closing.test_closing import CUT_OFF
from tests.triage.closing_bench import launch, on
from tests.triage.telling import collect_now, tell

Trouble = Callable[[Instance], AbstractContextManager[None]]
NEVER = Moment("never", 1)
EXECUTE = ("do_execute", "do_executemany")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits half a minute for a test. Opened stores take it from here."""
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.3)


@pytest.fixture
def hasty(instance: Instance) -> Iterator[Instance]:
    """An instance whose own stores were opened impatiently too."""
    house = open_house(instance.settings, instance.clock)
    again = Instance(instance.settings, instance.clock, house, instance.secrets)
    yield again
    again.close()


def engines_of(instance: Instance) -> list[Engine]:
    houses = [instance.house, *(app.extensions["concerns"] for app in instance.apps)]
    return [engine for house in houses for engine in (house.stores.main, house.stores.live)]


@contextmanager
def full(instance: Instance) -> Iterator[None]:
    """Nothing can be added to either store, in whatever connection: each says what it says on a full disk."""
    if instance.stores.main.dialect.name == "postgresql":
        with _full_postgresql(instance):
            yield
        return

    def refuse(_cursor: object, statement: str, _parameters: object, _context: object) -> None:
        if statement.lstrip().startswith(("INSERT", "UPDATE")):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    engines = engines_of(instance)
    for engine, name in product(engines, EXECUTE):
        event.listen(engine, name, refuse)
    try:
        yield
    finally:
        for engine, name in product(engines, EXECUTE):
            event.remove(engine, name, refuse)


@contextmanager
def no_page_left(instance: Instance) -> Iterator[None]:
    """The same on SQLite by its own doing: none of the files can grow by a page."""

    def narrow(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engines = engines_of(instance)
    for engine in engines:
        engine.dispose()
        event.listen(engine, "connect", narrow)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "connect", narrow)
            engine.dispose()


@contextmanager
def _full_postgresql(instance: Instance) -> Iterator[None]:
    """What the server says when its disk is full, at each row that is added or changed."""
    refuse = (
        "CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'no space left on device'; END$$"
    )
    with ExitStack() as stack:
        for name in ("main", "live"):
            engine = getattr(instance.stores, name)
            with engine.begin() as connection:
                connection.execute(text(refuse))
                for table in METADATA[name].tables:
                    connection.execute(
                        text(
                            f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} "
                            "FOR EACH STATEMENT EXECUTE FUNCTION no_room()"
                        )
                    )
            stack.callback(_drop_refusal, engine)
        yield


def _drop_refusal(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP FUNCTION no_room() CASCADE"))


@contextmanager
def held(instance: Instance) -> Iterator[None]:
    """Another program holds both stores, and does not let go."""
    with ExitStack() as stack:
        for name in ("main", "live"):
            engine = getattr(instance.stores, name)
            if engine.dialect.name == "sqlite":
                other = sqlite3.connect(engine.url.database, isolation_level=None)
                stack.callback(other.close)
                other.execute("BEGIN IMMEDIATE")
            else:
                connection = stack.enter_context(engine.connect())
                tables = ", ".join(METADATA[name].tables)
                connection.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))  # whoever reads may read on
        yield


TROUBLES = pytest.mark.parametrize("trouble", [full, held])


@pytest.fixture
def rosa(hasty: Instance) -> Rosa:
    return Rosa(PoliceClient(hasty.report_app.test_client(), traceless=True), hasty)


@pytest.fixture
def gita(hasty: Instance) -> Desk:
    desk = Desk(hasty)
    desk.sign_in("gita")
    return desk


def stored(instance: Instance) -> int:
    with instance.stores.read_live() as live:
        return live.scalar(select(func.count()).select_from(Arrival)) or 0


@TROUBLES
class TestTheReportDoor:
    def test_the_text_and_the_receipt_come_back_and_a_second_press_sends(
        self, rosa: Rosa, trouble: Trouble, capfd: pytest.CaptureFixture[str]
    ) -> None:
        check = rosa.check(area="ward-1")
        with trouble(rosa.instance):
            page = rosa.send(check, status=503)
        assert "It has not been sent" in page.text and "Wait a minute, then press Send again." in page.text
        assert hidden(page) == hidden(check)
        assert stored(rosa.instance) == 0
        assert "call bells" in rosa.open(words_on(rosa.send(page))).text
        said = capfd.readouterr()
        assert "call bells" not in said.err + said.out and "Traceback" not in said.err

    def test_so_does_it_when_no_page_is_left_in_the_file(self, rosa: Rosa, trouble: Trouble) -> None:
        if trouble is held or rosa.instance.stores.main.dialect.name == "postgresql":
            pytest.skip("of a full file of SQLite")
        check = rosa.check()
        with no_page_left(rosa.instance):
            page = rosa.send(check, status=503)
        assert hidden(page) == hidden(check) and stored(rosa.instance) == 0

    def test_a_device_is_told_in_a_word_and_keeps_the_text(self, hasty: Instance, trouble: Trouble) -> None:
        device = Device(hasty.report_app, hasty)
        parcel = device.seal()
        work = device.work()
        with trouble(hasty):
            answer = device.deliver(parcel, work, status=503)
        assert answer["refused"] == "broken"
        assert stored(hasty) == 0
        assert device.deliver(parcel, work) == {"stored": True}

    def test_what_is_added_later_comes_back(self, rosa: Rosa, trouble: Trouble) -> None:
        words = rosa.tell()
        thread = rosa.open(words)
        with trouble(rosa.instance):
            page = rosa.client.submit(thread, {"text": "One thing more."}, button="Send", status=503)
        assert "One thing more." in page.html
        rosa.client.submit(page, button="Send", status=200)
        assert "One thing more." in rosa.open(words).text


class TestTheDesk:
    @TROUBLES
    def test_what_a_guardian_wrote_comes_back(
        self, gita: Desk, hasty: Instance, trouble: Trouble, capfd: pytest.CaptureFixture[str]
    ) -> None:
        told = tell(hasty)
        page = gita.client.get(told.path)
        with trouble(hasty):
            failed = gita.client.submit(page, WORK, button="Save", status=503)
        assert "Everything you typed is still below" in failed.html
        assert (typed(failed)["reply"], typed(failed)["note"]) == (WORK["reply"], WORK["note"])
        assert len(told.rows()) == 1
        said = capfd.readouterr().err
        assert "Traceback" not in said and str(WORK["note"]) not in said

    @pytest.mark.parametrize(
        ("trouble", "status", "says"), [(full, 507, "There is no room left"), (held, 503, "in use")]
    )
    def test_any_other_form_comes_back_from_its_page(
        self, hasty: Instance, gita: Desk, trouble: Trouble, status: int, says: str
    ) -> None:
        page = gita.client.get("/leave")
        away = {"first": "2026-12-07", "last": "2026-12-11"}
        with trouble(hasty):
            failed = gita.client.submit(page, away, action="/desk/leave", status=status)
        assert says in failed.text and "What you wrote is not lost." in failed.text
        assert all(day in failed.html for day in away.values())
        assert gita.client.submit(failed, button="Send it again").location == "/desk/leave"
        assert gita.client.get("/leave").html.count("2026-12-11") == 1

    @TROUBLES
    def test_what_has_to_be_entered_in_the_log_first_comes_back_too(self, hasty: Instance, trouble: Trouble) -> None:
        ada = Desk(hasty)
        ada.sign_in("ada")
        page = ada.client.get("/set-up/guardian")
        typed_in = {"name": "Greta from the night team", "email": "greta@example.org"}
        with trouble(hasty):
            failed = ada.client.submit(page, typed_in, status=503)
        assert "It was not done" in failed.h1 and "Greta from the night team" in failed.html
        assert ada.client.submit(failed, button="Send it again").location == "/desk/set-up"

    @TROUBLES
    def test_signing_in_says_so_in_a_sentence(self, hasty: Instance, trouble: Trouble) -> None:
        desk = Desk(hasty)
        page = desk.client.get("/sign-in")
        with trouble(hasty):
            failed = desk.client.submit(page, desk.factors("ada"), button="Sign in", status=503)
        assert failed.h1 == "Sorry, this service is not working just now"
        assert "keeps bees" not in failed.html
        hasty.clock.pass_(seconds=30)
        assert desk.client.submit(desk.client.get("/sign-in"), desk.factors("ada"), button="Sign in").location


@TROUBLES
def test_a_collect_says_so_and_is_done_again(hasty: Instance, trouble: Trouble) -> None:
    told = tell(hasty, collected=False)
    with trouble(hasty), pytest.raises((OperationalError, StoreBusy)) as raised:
        collect(hasty.stores, hasty.clock().date(), 12)
    words = in_words(raised.value)
    assert ("no room" in words.lower()) == (trouble is full) and ("in use" in words) == (trouble is held)
    assert told.opened().flag["text"]
    collect_now(hasty)
    assert told.opened().flag["text"] and stored(hasty) == 0
    assert [one for one in verify(hasty.house, []) if one.good is False] == []


def test_a_rewrite_without_room_is_told_from_one_that_was_disturbed(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    if stores.main.dialect.name == "postgresql":
        pytest.skip("PostgreSQL writes a table anew within a transaction: see the collect above")
    said = {"SQLITE_FULL": StoreFull, "SQLITE_BUSY": StoreBusy}
    monkeypatch.setattr(rewriting, "TRIES", 2)
    for name, raises in said.items():
        tried: list[Engine] = []

        def refused(engine: Engine, name: str = name, tried: list[Engine] = tried) -> object:
            tried.append(engine)
            return Refusing(getattr(sqlite3, name))

        with monkeypatch.context() as patch:
            patch.setattr(Engine, "raw_connection", refused)
            with pytest.raises(StoreBusy) as raised:
                rewriting.rewrite(stores)
        assert type(raised.value) is raises
        assert set(tried) == {stores.main, stores.live}, "each of them was tried"
    rewriting.rewrite(stores)


class Refusing:
    """A connection whose VACUUM finds no room, or the file in use."""

    def __init__(self, code: int) -> None:
        self._code = code

    def execute(self, statement: str) -> None:
        if statement == "VACUUM":
            error = sqlite3.OperationalError("no")
            error.sqlite_errorcode = self._code
            raise error

    def close(self) -> None:
        pass


def test_the_command_says_so_in_one_line(
    hasty: Instance, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, url in (("DATABASE_URL", hasty.settings.main_url), ("LIVE_URL", hasty.settings.live_url)):
        monkeypatch.setenv(name, url)
    tell(hasty, collected=False)
    with held(hasty):
        done = CliRunner().invoke(cli.main, ["collect", "--directory", str(hasty.directory)])
    assert done.exit_code == 1
    assert done.stderr == "The store is in use by another program. Nothing is half done: try again in a minute.\n"


def test_a_close_on_a_full_disk_draws_nothing(hasty: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    launch(hasty, CUT_OFF.replace(month=1, day=1))
    on(hasty, CUT_OFF)
    gita = hasty.guardian()
    whole = os.write

    def half(handle: int, data: bytes) -> int:
        whole(handle, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    before = Ledger(hasty.directory).lines()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half)
        with pytest.raises(LedgerRefused, match="No space left on device"):
            close_part(hasty.house, gita.person_id, gita.secret, "2026-Q1")
    assert Ledger(hasty.directory).lines() == before
    close_part(hasty.house, gita.person_id, gita.secret, "2026-Q1")
    assert len(Ledger(hasty.directory).lines()) == len(before) + 1


def test_a_copy_on_a_full_disk_leaves_nothing_under_its_name(hasty: Instance, tmp_path: Path) -> None:
    """The limit is the system's own, in a process of its own: no file there can grow beyond it."""
    tell(hasty)
    file = tmp_path / "copies" / "daily"
    file.parent.mkdir()
    hasty.stores.close()

    def work(tell_word: Callable[[str], object]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        try:
            back_up(hasty.house, file)
        except (OperationalError, OSError) as error:
            tell_word(in_words(error))
        else:
            tell_word("there was room")

    ended = kill_at(work, NEVER)
    assert ended.whole
    assert ended.said in {
        "There is no room left on a disk. Nothing is half done: make room, and do the same again.\n",
        "The store does not answer as it should. Look at DATABASE_URL and LIVE_URL, and try again.\n",
    }
    assert list(file.parent.iterdir()) == []
    assert traces.last(hasty.house, "copied") is None
    back_up(hasty.house, file)
    assert len(list(file.parent.iterdir())) == 3


def test_a_database_that_is_not_there_is_told_from_one_that_is_full(hasty: Instance, tmp_path: Path) -> None:
    nobody = session.open_stores("postgresql://nobody@127.0.0.1:1/nothing", f"sqlite:///{tmp_path}/missing/live.db")
    for read in (nobody.read_main, nobody.read_live):
        with pytest.raises(OperationalError) as raised, read() as opened:
            opened.execute(text("SELECT 1"))
        assert store_trouble(raised.value) == "gone"
        assert in_words(raised.value).startswith("The store does not answer as it should.")
    nobody.close()
    for trouble in (full, no_page_left) if hasty.stores.live.dialect.name == "sqlite" else (full,):
        with trouble(hasty), pytest.raises(OperationalError) as raised, hasty.stores.write_live() as live:
            live.add_all(ShredKey(thread_id=number.to_bytes(16), key=bytes(32)) for number in range(5000))
        assert store_trouble(raised.value) == "full"
    with held(hasty), pytest.raises(OperationalError) as raised, hasty.stores.write_live() as live:
        live.add(ShredKey(thread_id=bytes(16), key=bytes(32)))
    assert store_trouble(raised.value) == "busy"
