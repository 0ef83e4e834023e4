"""What is learnt stands on one guardian's shelf, in a size that tells nothing, and forgets what it must forget."""

import datetime as dt
import zlib
from collections.abc import Collection, Iterable, Mapping

import pytest
from sqlalchemy import select, update

from concerns.sealing import shelf
from concerns.sealing.collecting import collect
from concerns.sealing.model import ShelfRow, Thread
from concerns.sealing.shelf import ALWAYS, LEARNT, Owner
from concerns.sealing.threads import take_back
from concerns.store.session import Stores
from concerns.themes.engine import Engine, cold_engine
from concerns.themes.rules import ThemeFacts
from concerns.triage.insight import learnt
from concerns.triage.insight.learnt import Lesson, engine_of, learn, row_size
from tests.cast import Instance
from tests.triage.closing_bench import bundle, store

FOOD = ThemeFacts("F", "Food", None, None, "Meals and drinks.", ("meal",))
STAFF = ThemeFacts("S", "Staffing", None, None, "Too few people.", ("rota",))
THEMES = (FOOD, STAFF)
WEEK = dt.date(2026, 11, 16)
PORRIDGE = "The porridge was grey and lukewarm"
SIZE = row_size(10)


def owner(instance: Instance, name: str = "gita") -> Owner:
    guardian = instance.guardian(name)
    return Owner(instance.site_id, guardian.person_id, guardian.kem_seed)


def told(instance: Instance, many: int) -> list[str]:
    """So many stored threads; their ids in hex."""
    made = [bundle(instance, WEEK) for _ in range(many)]
    store(instance, *made)
    return [one.thread_id.hex() for one in made]


def lessons(threads: Iterable[str], *codes: str) -> list[Lesson]:
    return [Lesson(one, WEEK, codes or ("F",)) for one in threads]


class Texts:
    """What was told, and how often somebody asked for it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts, self.asked = texts, 0

    def __call__(self, weeks: Collection[dt.date]) -> Mapping[str, str]:
        assert weeks == {WEEK}
        self.asked += 1
        return self.texts


def rows(stores: Stores) -> list[ShelfRow]:
    with stores.read_live() as live:
        return list(live.scalars(select(ShelfRow).where(ShelfRow.part == LEARNT)))


def first(instance: Instance, text: str, name: str = "gita", themes: tuple[ThemeFacts, ...] = THEMES) -> str:
    found = engine_of(instance.stores, owner(instance, name), themes, all_of(instance)).suggest(text)[0]
    return found.theme.code if found.because else ""


def all_of(instance: Instance) -> list[str]:
    with instance.stores.read_main() as main:
        return [thread_id.hex() for thread_id in main.scalars(select(Thread.id))]


def teach(instance: Instance, found: list[Lesson], text: str = PORRIDGE, size: int = SIZE) -> bool:
    texts = Texts({one.thread: text for one in found})
    return learn(instance.stores, owner(instance), THEMES, found, texts, size)


def test_what_is_learnt_is_there_in_the_next_request_and_hers_alone(instance: Instance) -> None:
    assert first(instance, "Porridge again") == ""
    assert teach(instance, lessons(told(instance, 2)))
    assert first(instance, "Porridge again") == "F"
    assert first(instance, "Porridge again", "gwen") == ""


def test_it_is_the_engine_that_the_same_texts_would_make(instance: Instance) -> None:
    threads = told(instance, 4)
    teach(instance, lessons(threads[:2]))
    teach(instance, lessons(threads[:2]) + lessons(threads[2:], "S", "F"))
    whole = Engine(THEMES).fit([(PORRIDGE, "F")] * 2 + [(PORRIDGE, "SF")] * 2)
    kept = engine_of(instance.stores, owner(instance), THEMES, threads)
    for text in (PORRIDGE, "Lukewarm meals", "The rota", "Zebra"):
        assert kept.suggest(text) == whole.suggest(text)


def test_nothing_is_read_again_where_nothing_is_new(instance: Instance) -> None:
    found = lessons(told(instance, 2))
    teach(instance, found)
    (before,) = rows(instance.stores)
    texts = Texts({})
    assert learn(instance.stores, owner(instance), THEMES, found, texts, SIZE)
    assert texts.asked == 0
    assert rows(instance.stores)[0].salt == before.salt


def test_what_she_cannot_open_any_more_is_forgotten_at_once(instance: Instance) -> None:
    """Here a naive cache, which only ever adds, would still know the word."""
    kept, gone = told(instance, 2)
    texts = Texts({kept: "The rota", gone: PORRIDGE})
    learn(instance.stores, owner(instance), THEMES, [*lessons([gone]), *lessons([kept], "S")], texts, SIZE)
    naive = engine_of(instance.stores, owner(instance), THEMES, [kept, gone])
    assert engine_of(instance.stores, owner(instance), THEMES, [kept]) is cold_engine(THEMES)
    learn(instance.stores, owner(instance), THEMES, lessons([kept], "S"), texts, SIZE)
    assert naive.suggest("Porridge")[0].because
    assert first(instance, "Porridge") == ""
    assert first(instance, "The rota") == "S"


def test_s7_the_size_depends_on_public_counts_alone(instance: Instance) -> None:
    threads = told(instance, 5)
    lengths = set()
    for many in (1, 3, 5):
        teach(instance, lessons(threads[:many]), " ".join(f"{PORRIDGE} {number}x" for number in range(40 * many)))
        lengths.add(len(rows(instance.stores)[0].body))
    assert lengths == {SIZE + 16}
    assert row_size(0) < row_size(100) < row_size(2000)
    assert row_size(10_000) == row_size(learnt.NEWEST + learnt.MORE)


def test_s1_s3_s15_no_word_stands_there_in_clear_and_nothing_opens_without_her_secret(instance: Instance) -> None:
    teach(instance, lessons(told(instance, 3)))
    (row,) = rows(instance.stores)
    assert (row.person_id, row.week) == (instance.guardian().person_id, ALWAYS)
    for run in (b"porridg", b"lukewarm", b"confirme"):
        assert run not in row.body
    gwens = Owner(instance.site_id, instance.guardian().person_id, instance.guardian("gwen").kem_seed)
    assert shelf.read(instance.stores, gwens, LEARNT) == {}
    assert b"porridg" in zlib.decompress(shelf.read(instance.stores, owner(instance), LEARNT)[ALWAYS])


@pytest.mark.parametrize("way", ["purged", "taken back"])
def test_s15_whatever_was_learnt_goes_with_any_thread(instance: Instance, way: str) -> None:
    made = [bundle(instance, WEEK) for _ in range(3)]
    store(instance, *made)
    found = lessons(one.thread_id.hex() for one in made)
    teach(instance, found)
    assert rows(instance.stores)
    if way == "taken back":
        take_back(instance.stores, made[0].thread_id)
        collect(instance.stores, instance.clock().date(), 12)
    else:
        collect(instance.stores, instance.clock().date() + dt.timedelta(days=900), 12)
    assert rows(instance.stores) == []
    assert first(instance, "Porridge") == ""


def test_s15_a_request_that_read_a_thread_before_it_was_destroyed_keeps_nothing_of_it(instance: Instance) -> None:
    (other,) = told(instance, 1)
    gone = bundle(instance, WEEK)
    store(instance, gone)
    taken = lessons([gone.thread_id.hex(), other])
    take_back(instance.stores, gone.thread_id)
    collect(instance.stores, instance.clock().date(), 12)
    assert not teach(instance, taken)
    assert rows(instance.stores) == []
    assert teach(instance, lessons([other]))


def test_one_request_reads_so_much_and_the_next_goes_on(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learnt, "LETTERS", 2 * len(PORRIDGE))
    found = lessons(told(instance, 5))
    assert [teach(instance, found) for _ in range(3)] == [False, False, True]
    assert len(learnt._kept(instance.stores, owner(instance), THEMES).flags) == 5


def test_one_text_longer_than_that_is_read_all_the_same(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learnt, "LETTERS", 3)
    found = lessons(told(instance, 2))
    assert [teach(instance, found) for _ in range(2)] == [False, True]


def test_the_newest_are_learnt_and_it_begins_anew_when_many_more_have_come(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learnt, "NEWEST", 2)
    monkeypatch.setattr(learnt, "MORE", 1)
    threads = told(instance, 5)
    known = []
    for many in (2, 3, 4, 4):
        teach(instance, lessons(reversed(threads[:many])))
        known.append(set(learnt._kept(instance.stores, owner(instance), THEMES).flags))
    assert known == [set(threads[:2]), set(threads[:3]), set(threads[:4]), set(threads[2:4])]


def test_a_few_flags_that_were_sorted_anew_may_wait_and_many_may_not(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learnt, "CHANGED", 1)
    threads = told(instance, 4)
    teach(instance, lessons(threads))
    teach(instance, lessons(threads[:1], "S") + lessons(threads[1:]))
    assert first(instance, "Porridge") == "F"
    teach(instance, lessons(threads, "S"))
    assert first(instance, "Porridge") == "S"


def test_other_definitions_are_met_by_an_engine_that_has_yet_to_learn(instance: Instance) -> None:
    teach(instance, lessons(told(instance, 2)))
    changed = (ThemeFacts("F", "Food", None, None, "Meals and drinks.", ("meal", "kettle")), STAFF)
    assert first(instance, "Porridge", themes=changed) == ""
    assert first(instance, "Kettle", themes=changed) == "F"


def test_where_it_does_not_fit_the_rarest_words_go_first(instance: Instance) -> None:
    threads = told(instance, 6)
    noise = {one: f"{PORRIDGE} " + " ".join(f"{one}{number:x}q" for number in range(900)) for one in threads}
    assert learn(instance.stores, owner(instance), THEMES, lessons(threads), Texts(noise), 40_000)
    assert len(rows(instance.stores)[0].body) == 40_000 + 16
    assert first(instance, "Porridge") == "F"


def test_a_row_that_somebody_changed_is_as_if_it_were_not_there(instance: Instance) -> None:
    found = lessons(told(instance, 2))
    teach(instance, found)
    with instance.stores.write_live() as live:
        live.execute(update(ShelfRow).values(body=b"\0" * 100))
    assert first(instance, "Porridge") == ""
    assert teach(instance, found)
    assert first(instance, "Porridge") == "F"
