"""A concern that its reporter takes back: gone for everybody at once who comes with words, and from every byte at the next collect."""

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.disclosure import service as gate
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind
from concerns.sealing.model import ContactKey, ShredKey, TakenBack, Thread
from concerns.sealing.opening import open_threads
from concerns.sealing.receipt import derive, new_entropy, read_receipt, words_of
from concerns.sealing.text import to_text
from concerns.sealing.threads import find, load, take_back
from concerns.store.schema import METADATA, engines
from concerns.store.session import Stores, open_stores
from concerns.triage.bundles import Work
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.flagging.conftest import TEXT, Rosa, answer
from tests.flagging.devices import Device, noise, opened_by
from tests.police import Page
from tests.triage.closing_bench import bundle, close, counted, launch, on, part, sitting, store

ASKED, REALLY, KEEP = "Take it back", "Yes, take it back", "No, keep it"


def collected(instance: Instance) -> None:
    collect(instance.stores, instance.clock().date(), 12)


def thread_id_of(instance: Instance, words: str) -> bytes:
    found = find(instance.stores, derive(read_receipt(words), instance.site_id).lookup_hash)
    assert found is not None
    return found


def took_back(rosa: Rosa, words: str) -> Page:
    return rosa.press(rosa.press(rosa.open(words), ASKED), REALLY)


def told_whole(rosa: Rosa, instance: Instance) -> tuple[str, bytes]:
    """A thread with all that may be in one; its words and its id."""
    words = rosa.tell(wish="reach", how="Ring me at home.")
    answer(instance, words, Work(Step("assessing"), primary="N01", reply="Thank you.", note="Known?"))
    rosa.add(rosa.open(words), "It happened again")
    device = Device(rosa.client.client.application, instance)
    thread_id = thread_id_of(instance, words)
    parcel_of_rosa = device.seal(entropy=read_receipt(words))
    own = type(parcel_of_rosa)(parcel_of_rosa.entropy, parcel_of_rosa.own, tuple(rows(instance, thread_id, Kind.FLAG)))
    device.add(own, device.photo(own, noise()))
    return words, thread_id


def rows(instance: Instance, thread_id: bytes, *kinds: Kind) -> list[Any]:
    return load(instance.stores, instance.site_id, [thread_id], kinds or tuple(Kind))[thread_id]


def holding(instance: Instance, needle: bytes) -> list[str]:
    """The tables of both stores in which a value holds these bytes."""
    found = []
    for name, engine in engines(instance.stores).items():
        with engine.connect() as connection:
            for table in METADATA[name].sorted_tables:
                values = [value for row in connection.execute(select(table)) for value in row]
                if any(needle in bytes(value) for value in values if isinstance(value, bytes | memoryview)):
                    found.append(table.name)
    return found


def files_with(instance: Instance, *needles: bytes) -> set[bytes]:
    """Which of these bytes stand in any of SQLite's files, journals and logs."""
    content = [path.read_bytes() for path in instance.directory.rglob("*") if path.is_file()]
    return {needle for needle in needles if any(needle in data for data in content)}


def keys_of(instance: Instance, thread_id: bytes) -> tuple[bytes, bytes]:
    with instance.stores.read_live() as live:
        shred, contact = live.get(ShredKey, thread_id), live.get(ContactKey, thread_id)
        assert shred is not None and contact is not None
        return bytes(shred.key), bytes(contact.key)


class TestAsking:
    def test_it_asks_first_and_says_what_disappears_and_what_stays(self, rosa: Rosa) -> None:
        words = rosa.tell()
        page = rosa.open(words)
        asked = rosa.press(page, ASKED)
        assert asked.h1 == "Do you really want to take it back?"
        for said in (
            "What disappears: your words, your photos, how to reach you, all replies and notes.",
            "What stays: what the readers have already read and remember",
            "numbers in reports that are frozen already",
            "It cannot be undone",
        ):
            assert said in asked.text
        assert "What disappears" in page.text
        assert "call bells" in rosa.open(words).text

    def test_no_keeps_it(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        kept = rosa.press(rosa.press(rosa.open(words), ASKED), KEEP)
        assert kept.h1 == "Your concern"
        collected(instance)
        assert "call bells" in rosa.open(words).text

    def test_yes_says_what_happens_now_and_whom_to_ring(self, rosa: Rosa) -> None:
        page = took_back(rosa, rosa.tell())
        assert page.h1 == "You have taken it back"
        for said in ("With the next daily collecting its keys are destroyed", "throw your nine words away", "999"):
            assert said in page.text

    def test_it_can_be_taken_back_from_the_receipt_s_own_page_only_with_its_words(
        self, rosa: Rosa, instance: Instance
    ) -> None:
        words = rosa.tell()
        for receipt in ("", "nonsense", " ".join(words_of(new_entropy()))):
            page = rosa.client.post("/return", {"step": "really-take-back", "receipt": receipt})
            assert page.errors == ["We cannot find anything with these words"]
        assert rosa.open(words).h1 == "Your concern"
        with instance.stores.read_live() as live:
            assert live.scalars(select(TakenBack)).all() == []


class TestAfterwards:
    def test_its_words_are_as_unknown_as_any(self, rosa: Rosa, instance: Instance) -> None:
        words, unknown = rosa.tell(), " ".join(words_of(new_entropy()))
        thread, other = rosa.open(words), rosa.tell()
        took_back(rosa, words)
        device = Device(rosa.client.client.application, instance)
        for _when in range(2):
            pages = {re.sub(typed, "WORDS", rosa.open(typed).html) for typed in (words, unknown)}
            assert len(pages) == 1
            assert "We cannot find anything with these words" in pages.pop()
            lost = rosa.press(thread, "Send", text="One more thing")
            assert "This was not sent" in lost.text and "One more thing" in lost.text
            assert rosa.press(thread, ASKED).errors == ["We cannot find anything with these words"]
            lookups = [derive(read_receipt(typed), instance.site_id).lookup for typed in (words, unknown)]
            answers = [device.send("/device/open", {"lookup": to_text(lookup)}) for lookup in lookups]
            assert len({(one.status, one.data, str(one.headers)) for one in answers}) == 1
            collected(instance)
        assert rosa.open(other).h1 == "Your concern"

    def test_a_second_press_of_yes_is_no_error_of_the_server(self, rosa: Rosa) -> None:
        asked = rosa.press(rosa.open(rosa.tell()), ASKED)
        rosa.press(asked, REALLY)
        assert rosa.press(asked, REALLY).errors == ["We cannot find anything with these words"]

    def test_until_collect_its_receipt_stores_nothing_new(self, rosa: Rosa, instance: Instance) -> None:
        """The thread that is to go keeps its look-up; or two would share one."""
        check = rosa.check()
        words_page = rosa.send(check)
        assert "nine words" in words_page.h1
        words = " ".join(words_of(read_receipt(_receipt_of(check))))
        took_back(rosa, words)
        assert "already sent something else" in rosa.send(check, status=409).text
        with instance.stores.read_live() as live:
            assert len(live.scalars(select(ShredKey)).all()) == 1

    def test_guardians_see_what_was_collected_until_the_next_collect_and_then_nothing(
        self, rosa: Rosa, instance: Instance
    ) -> None:
        words, thread_id = told_whole(rosa, instance)
        collected(instance)
        took_back(rosa, words)
        for name in ("gita", "gwen"):
            assert opened_by(instance, thread_id, name)[Kind.FLAG][0]["text"] == TEXT
        collected(instance)
        for name in ("gita", "gwen"):
            assert opened_by(instance, thread_id, name) == {}


class TestDestroyed:
    @pytest.mark.parametrize("when", ["collected", "never collected"])
    def test_s15_after_collect_no_row_and_no_key_of_it_is_left(self, rosa: Rosa, instance: Instance, when: str) -> None:
        kept = rosa.tell("Somebody else's")
        words, thread_id = told_whole(rosa, instance)
        if when == "collected":
            collected(instance)
        assert {row.header.kind for row in rows(instance, thread_id)} == set(Kind)
        ids = [thread_id, *(row.header.envelope_id for row in rows(instance, thread_id))]
        lookup_hash = derive(read_receipt(words), instance.site_id).lookup_hash
        keys, kept_keys = keys_of(instance, thread_id), keys_of(instance, thread_id_of(instance, kept))
        sqlite = instance.stores.live.dialect.name == "sqlite"
        needles = [*ids, lookup_hash, *keys]
        assert all(holding(instance, needle) for needle in needles), "they must be there first"
        assert not sqlite or files_with(instance, *needles) == set(needles)

        took_back(rosa, words)
        assert holding(instance, thread_id)
        collected(instance)

        assert [needle for needle in needles if holding(instance, needle)] == []
        if sqlite:
            assert files_with(instance, *needles) == set()
            assert files_with(instance, *kept_keys) == set(kept_keys)
        assert "Somebody else’s" in rosa.open(kept).text.replace("'", "’")

    def test_s15_a_copy_of_main_from_before_opens_nothing_with_all_guardians_keys(
        self, rosa: Rosa, instance: Instance, tmp_path: Path
    ) -> None:
        words, thread_id = told_whole(rosa, instance)
        kept = thread_id_of(instance, rosa.tell("Somebody else's"))
        collected(instance)
        with copy_of_main(instance, tmp_path) as backup:
            seeds = [instance.guardian(name).kem_seed for name in ("gita", "gwen")]
            seeds.append(derive(read_receipt(words), instance.site_id).kem_seed)
            ids, signers = [thread_id, kept], instance.charter.manifest.signers
            opened = [set(open_threads(backup, instance.site_id, ids, seed, signers)) for seed in seeds]
            assert opened == [{thread_id, kept}, {thread_id, kept}, {thread_id}], "a leak must be seen"
            took_back(rosa, words)
            collected(instance)
            opened = [set(open_threads(backup, instance.site_id, ids, seed, signers)) for seed in seeds]
            assert opened == [{kept}, {kept}, set()]
            assert all(not row.wraps for row in load(backup, instance.site_id, ids, tuple(Kind))[thread_id])

    @pytest.mark.parametrize("when", ["collected", "never collected"])
    @pytest.mark.parametrize("step", range(4))
    def test_a_kill_between_the_steps_is_mended_by_the_next_collect(
        self, rosa: Rosa, instance: Instance, monkeypatch: pytest.MonkeyPatch, when: str, step: int
    ) -> None:
        """Keys and arrivals, rows, the request itself, and the rewriting: killed before each of them is committed."""
        words, thread_id = told_whole(rosa, instance)
        if when == "collected":
            collected(instance)
        took_back(rosa, words)
        with monkeypatch.context() as patch:
            patch.setattr(Stores, "write_live", killed(Stores.write_live, after := [step]))
            patch.setattr(Stores, "write_main", killed(Stores.write_main, after))
            patch.setattr("concerns.sealing.collecting.rewrite", lambda _stores: kill())
            with pytest.raises(KeyboardInterrupt):
                collected(instance)
        # once its keys are gone nobody opens it, whatever else is left
        assert bool(opened_by(instance, thread_id)) == (step == 0)
        assert rosa.open(words).errors == ["We cannot find anything with these words"]
        collected(instance)
        assert holding(instance, thread_id) == []
        assert opened_by(instance, thread_id) == {}


def kill() -> None:
    raise KeyboardInterrupt


def killed(usual: Any, after: list[int]) -> Any:
    """A store that is killed at its next transaction once some were committed."""

    @contextmanager
    def writing(self: Stores) -> Iterator[Session]:
        with usual(self) as session:
            if after[0] == 0:
                kill()
            yield session
        after[0] -= 1

    return writing


def _receipt_of(page: Page) -> str:
    (field,) = [one for one in page.form().iter("input") if one.get("name") == "receipt"]
    return str(field.get("value"))


@contextmanager
def copy_of_main(instance: Instance, folder: Path) -> Iterator[Stores]:
    """What somebody has who copied the main store now and reads the live one later."""
    if instance.stores.main.dialect.name != "sqlite":
        pytest.skip("the same on PostgreSQL, where a copy of one database is not a file")
    source = Path(str(instance.stores.main.url.database))
    instance.stores.main.dispose()
    for suffix in ("", "-wal", "-shm"):
        if Path(f"{source}{suffix}").exists():
            shutil.copy(f"{source}{suffix}", folder / f"copy.db{suffix}")
    opened = open_stores(f"sqlite:///{folder}/copy.db", str(instance.stores.live.url))
    yield opened
    opened.close()


class TestCounting:
    FEBRUARY, CUT_OFF = dt.date(2026, 2, 10), dt.date(2026, 4, 21)

    @pytest.fixture
    def spring(self, instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Instance:
        """Without noise, so that one can see what was counted."""
        monkeypatch.setattr(gate, "discrete_laplace", lambda _epsilon: 0)
        launch(instance, dt.date(2026, 1, 1))
        on(instance, self.CUT_OFF)
        return instance

    def test_one_taken_back_before_the_first_part_of_a_close_does_not_count(self, spring: Instance) -> None:
        flags = [bundle(spring, self.FEBRUARY, sitting(spring, self.FEBRUARY, "N01")) for _ in range(3)]
        store(spring, *flags)
        take_back(spring.stores, flags[0].thread_id)
        collected(spring)
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {"N01": 2}

    def test_one_taken_back_after_it_was_frozen_changes_no_frozen_number(self, spring: Instance) -> None:
        flags = [bundle(spring, self.FEBRUARY, sitting(spring, self.FEBRUARY, "N01")) for _ in range(3)]
        store(spring, *flags)
        close(spring, "2026-Q1")
        take_back(spring.stores, flags[0].thread_id)
        collected(spring)
        assert counted(spring, "2026-Q1") == {"N01": 3}
        with spring.stores.read_main() as main:
            assert len(main.scalars(select(Thread)).all()) == 2

    def test_between_the_two_parts_both_guardians_still_agree(self, spring: Instance) -> None:
        """The first part is what counts; it is not counted anew when one of its flags goes."""
        flags = [bundle(spring, self.FEBRUARY, sitting(spring, self.FEBRUARY, "N01")) for _ in range(3)]
        store(spring, *flags)
        assert part(spring, "gita", "2026-Q1").waiting
        take_back(spring.stores, flags[0].thread_id)
        collected(spring)
        assert part(spring, "gwen", "2026-Q1").frozen
