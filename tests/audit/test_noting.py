"""Entries are made one after the other, each once, and tell nothing of which flag they are about."""

from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from concerns.audit import queries
from concerns.audit.rules import VERBS, once
from concerns.audit.service import DETAIL, NotNoted, note
from concerns.people.access import Visitor
from concerns.sealing.box import BoxRefused, open_fixed
from concerns.sealing.keys import Holder
from concerns.sealing.text import canonical, to_text
from concerns.store.base import new_id
from concerns.triage.noting import note_opened, note_worked
from tests.audit import log
from tests.cast import Guardian, Instance

THREAD = bytes(range(16))


def visitor(guardian: Guardian) -> Visitor:
    return Visitor(guardian.person_id, guardian.key.name, "", frozenset({"guardian"}), guardian.secret)


def opened(instance: Instance, name: str, thread_id: bytes = THREAD, exclude: str | None = None) -> None:
    exclusions = [instance.guardian(exclude).person_id] if exclude else []
    manifest = instance.charter.manifest
    note_opened(instance.house, manifest, visitor(instance.guardian(name)), thread_id, exclusions)


def in_files(instance: Instance) -> bytes:
    """What stands in the files of the main store, its log included; nothing where a server has them."""
    return b"".join(path.read_bytes() for path in sorted(instance.directory.glob("main.db*")))


def test_twenty_at_once_make_one_whole_chain(instance: Instance) -> None:
    people = [new_id() for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda person_id: note(instance.house, person_id, "collected"), people))
    assert sorted(row.person_id for row in log.rows(instance)) == sorted(people)
    assert log.numbers_run_on(instance) and log.chain_holds(instance)


def test_the_same_deed_twenty_times_at_once_is_entered_once(instance: Instance) -> None:
    item = once(b"secret", b"deed")
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: note(instance.house, THREAD, "collected", once=item), range(20)))
    assert log.deeds(instance) == ["collected"]


def test_opening_is_entered_once_for_each_guardian_flag_and_day(instance: Instance) -> None:
    for _again in range(2):
        for name in ("gita", "gwen"):
            opened(instance, name)
        opened(instance, "gita", new_id())
    assert log.deeds(instance, "gita") == ["opened"] * 3
    assert log.deeds(instance, "gwen") == ["opened"]


def test_opening_again_on_another_day_is_entered_again(instance: Instance) -> None:
    opened(instance, "gita")
    opened(instance, "gita")
    instance.clock.pass_(days=1)
    opened(instance, "gita")
    assert [row.day.day for row in log.rows(instance)] == [22, 23]


def test_whoever_knows_every_thread_cannot_tell_from_an_entry_which_it_is_about(instance: Instance) -> None:
    opened(instance, "gita")
    (row,) = log.rows(instance)
    person_id, today = instance.guardian("gita").person_id, b"2026-11-22"
    threads = [new_id(), THREAD, new_id()]

    def tried(item: bytes, *keys: bytes) -> list[bytes]:
        return [one for one in threads for key in keys if once(key, b"opened", one, today) == item]

    # a hash that took no secret could be tried with each thread in the store
    assert tried(once(b"", b"opened", THREAD, today), b"") == [THREAD]
    assert tried(row.item, b"", person_id, instance.site_id) == []


def test_a_detail_opens_for_its_readers_and_is_bytes_to_an_excluded_one(instance: Instance) -> None:
    opened(instance, "gita", exclude="gwen")
    opened(instance, "gita", new_id())
    excluding, plain = (row.detail for row in log.rows(instance))
    gita, gwen = (Holder(instance.guardian(name).kem_seed) for name in ("gita", "gwen"))
    assert open_fixed(gita, excluding, DETAIL) == canonical({"thread": to_text(THREAD)})
    open_fixed(gwen, plain, DETAIL)
    with pytest.raises(BoxRefused):
        open_fixed(gwen, excluding, DETAIL)
    assert len(excluding) == len(plain)
    assert excluding.count(gwen.kid) == plain.count(gwen.kid) == 1


def test_every_entry_is_as_long_as_the_next(instance: Instance) -> None:
    gita = instance.guardian()
    note(instance.house, gita.person_id, "in")
    opened(instance, "gita")
    note_worked(instance.house, instance.charter.manifest, visitor(gita), THREAD, [], b"a deed" * 500)
    note(instance.house, gita.person_id, "out")
    assert len({len(row.detail) for row in log.rows(instance)}) == 1


def test_no_run_of_a_threads_id_stands_in_an_entry(instance: Instance) -> None:
    forms = (THREAD, THREAD.hex().encode(), to_text(THREAD).encode())
    runs = {form[start : start + 8] for form in forms for start in range(len(form) - 7)}
    naive = canonical({"thread": to_text(THREAD)})
    assert any(run in naive for run in runs)
    # eight digits may stand in a hash by chance: what was there before the entries is not from them
    before = in_files(instance)
    runs -= {run for run in runs if run in before}
    opened(instance, "gita")
    note_worked(instance.house, instance.charter.manifest, visitor(instance.guardian()), THREAD, [], THREAD)
    stored = b"".join(
        part if isinstance(part, bytes) else str(part).encode()
        for row in log.rows(instance)
        for part in (getattr(row, column) for column in (*log.COLUMNS, "hash"))
    )
    assert not [run for run in runs if run in stored]
    if instance.stores.main.dialect.name == "sqlite":
        files = in_files(instance)
        assert b"opened" in files  # the entry is there
        assert not [run for run in runs if run in files]


def test_own_entries_name_their_flag_to_their_own_key_alone(instance: Instance) -> None:
    gita, gwen = instance.guardian("gita"), instance.guardian("gwen")
    opened(instance, "gita", exclude="gwen")
    with instance.stores.read_main() as main:
        named = [
            [one.thread_id for one in queries.own_entries(main, gita.person_id, seed, 1)[0]]
            for seed in (gita.kem_seed, gwen.kem_seed, None)
        ]
    assert named == [[THREAD], [b""], [b""]]


def test_everybodys_deeds_tell_neither_how_often_nor_in_which_order(instance: Instance) -> None:
    """Otherwise an excluded guardian would count the entries that name no flag to her."""
    gwen = instance.guardian("gwen")
    another = new_id()
    opened(instance, "gita", another)

    def seen() -> list[queries.Deed]:
        with instance.stores.read_main() as main:
            return queries.deeds_of(main, instance.house.today(), gwen.kem_seed)

    before = seen()
    opened(instance, "gita", exclude="gwen")
    assert log.deeds(instance) == ["opened", "opened"]  # the rows do tell, to whoever has the database
    assert seen() == before
    assert [one.threads for one in before] == [frozenset({another})]


def test_what_a_store_cannot_take_is_not_noted(instance: Instance) -> None:
    broken = OperationalError("", {}, Exception())
    with patch.object(Session, "add", side_effect=broken), pytest.raises(NotNoted):
        note(instance.house, THREAD, "collected")
    assert log.deeds(instance) == []


def test_an_unknown_verb_is_refused(instance: Instance) -> None:
    with pytest.raises(ValueError, match="knows no"):
        note(instance.house, THREAD, "told")
    assert all(len(verb) <= 12 for verb in VERBS)
