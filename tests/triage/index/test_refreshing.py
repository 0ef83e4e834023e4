"""What a page asks of the index: the weeks that it is about, opened for itself alone, and kept when all of them are."""

import datetime as dt
import os
from collections.abc import Collection, Sequence

import pytest
from sqlalchemy import select, update

from concerns.sealing import marks, shelf
from concerns.sealing.envelope import WRAP_BYTES
from concerns.sealing.model import Envelope, ShelfRow, Wrap
from concerns.sealing.shelf import CARDS, TEXTS, Owner
from concerns.store.session import Stores
from concerns.triage.bundles import Work
from concerns.triage.index import refreshing
from concerns.triage.index import service as index
from concerns.triage.index.service import Index
from concerns.triage.insight.alike import NEAR
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.people.visiting import Desk as SignedIn
from tests.triage.index.test_index import cards, counted, desk, sat, tried, visitor
from tests.triage.telling import Told, collect_now, tell

__all__ = ["tried"]  # a fixture

HOIST = "The hoist on our ward stops half way up and we lift patients by hand."


def lazily(instance: Instance) -> Index:
    return index.lazily(instance.house, desk(instance), visitor(instance))


def kept(instance: Instance) -> dict[tuple[str, dt.date], bytes]:
    """What is written of her cards and texts, as it is stored."""
    mine = ShelfRow.person_id == instance.guardian("gita").person_id
    with instance.stores.read_live() as live:
        rows = live.scalars(select(ShelfRow).where(mine, ShelfRow.part.in_([CARDS, TEXTS]))).all()
    return {(row.part, row.week): row.body for row in rows}


def months(instance: Instance) -> tuple[Told, Told]:
    """An old flag and a new one, far from each other in time; both are in her index."""
    old = tell(instance, HOIST)
    instance.clock.pass_(days=7 * 20)
    new = tell(instance, HOIST)
    assert len(cards(instance).cards) == 2
    return old, new


@pytest.fixture
def rows_read(monkeypatch: pytest.MonkeyPatch) -> list[Collection[dt.date] | None]:
    """The weeks of cards and texts that were read from a shelf; None for all."""
    noted: list[Collection[dt.date] | None] = []
    read = shelf.read

    def reads(
        stores: Stores, owner: Owner, part: str, weeks: Collection[dt.date] | None = None
    ) -> dict[dt.date, bytes]:
        if part in (CARDS, TEXTS):
            noted.append(weeks)
        return read(stores, owner, part, weeks)

    monkeypatch.setattr(shelf, "read", reads)
    return noted


def test_a_page_about_some_weeks_reads_no_other(
    instance: Instance, rows_read: list[Collection[dt.date] | None]
) -> None:
    old, new = months(instance)
    week = next(one.week for one in cards(instance).cards if one.thread_id == new.thread_id)
    rows_read.clear()
    known = lazily(instance)
    assert [one.thread_id for one in known.near(week, NEAR)] == [new.thread_id]
    assert list(known.texts({week})) == [new.thread_id.hex()]
    assert rows_read == [{week}, {week}]
    assert {one.thread_id for one in known.cards} == {old.thread_id, new.thread_id}
    assert rows_read[-1] is None


def test_s16_what_a_page_opens_for_itself_is_not_kept_since_that_would_tell_what_it_was_about(
    instance: Instance, tried: list[bytes]
) -> None:
    told = tell(instance, HOIST)
    (card,) = cards(instance).cards
    before = kept(instance)
    sat(instance, told, Work(Step("assessing"), primary="N01"), "gwen")
    tried.clear()
    (now,) = lazily(instance).near(card.week, NEAR)
    assert (now.sorted, now.primary, tried) == (True, "N01", [told.thread_id])
    assert kept(instance) == before
    assert cards(instance).cards[0].primary == "N01" and kept(instance).keys() == before.keys()
    assert all(kept(instance)[place] != body for place, body in before.items()), "the whole list is kept"


def test_texts_that_it_opened_are_there_as_well(instance: Instance) -> None:
    told = tell(instance, HOIST)
    (card,) = cards(instance).cards
    sat(instance, told, Work(Step("assessing"), primary="N01"), "gwen")
    assert lazily(instance).texts({card.week}) == {told.thread_id.hex(): HOIST}


@pytest.mark.parametrize("excluded", [(), ("gita",)], ids=["hers", "not hers"])
@pytest.mark.parametrize("many", [False, True])
def test_s7_where_much_changed_all_is_brought_and_kept_whether_she_may_read_it_or_not(
    instance: Instance, many: bool, excluded: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "FEW", 2)
    flags = [tell(instance, f"{HOIST} {number}", collected=False, exclude=excluded) for number in range(3)]
    collect_now(instance)
    assert len(cards(instance).cards) == (0 if excluded else 3)
    before = kept(instance)
    ((_part, week), *_rest) = before
    for told in flags[: 3 if many else 2]:
        sat(instance, told, Work(Step("assessing"), primary="N01"), "gwen")
    sorted_now = sum(one.sorted for one in lazily(instance).near(week, NEAR))
    assert sorted_now == (0 if excluded else 3 if many else 2)
    assert (kept(instance) != before) is many


def test_s7_a_thread_that_is_not_hers_any_more_is_not_on_a_page_about_its_week(instance: Instance) -> None:
    told, other = tell(instance, HOIST), tell(instance, f"{HOIST} Again.")
    week = cards(instance).cards[0].week
    assert {one.thread_id for one in lazily(instance).near(week, NEAR)} == {told.thread_id, other.thread_id}
    kid = instance.guardian("gita").key.kid
    envelopes = select(Envelope.id).where(Envelope.thread_id == told.thread_id)
    with instance.stores.write_main() as main:
        noise = update(Wrap).where(Wrap.kid == kid, Wrap.envelope_id.in_(envelopes))
        main.execute(noise.values(w=os.urandom(WRAP_BYTES + 28)).execution_options(synchronize_session=False))
        marks.renew_for(main, [told.thread_id])
    known = lazily(instance)
    assert {one.thread_id for one in known.near(week, NEAR)} == {other.thread_id}
    assert list(known.texts({week})) == [other.thread_id.hex()]


def test_a_new_mark_is_compared_with_all_weeks(instance: Instance) -> None:
    told = tell(instance, HOIST)
    (card,) = cards(instance).cards
    sat(instance, told, Work(Step("assessing"), primary="N01"), "gwen")
    collect_now(instance)
    before = kept(instance)
    (now,) = lazily(instance).near(card.week, NEAR)
    assert now.primary == "N01" and kept(instance) != before


def test_after_a_save_the_next_flag_opens_no_other_one(instance: Instance, tried: list[bytes]) -> None:
    flags = [tell(instance, f"{HOIST} {number}", collected=False) for number in range(3)]
    collect_now(instance)
    gita = SignedIn(instance)
    gita.sign_in("gita")
    gita.client.get("/inbox")
    gita.client.submit(gita.client.get(flags[0].path), {"primary": "N03"}, button="Save")
    tried.clear()
    page = gita.client.get(flags[1].path)
    assert tried == []
    assert "Acknowledged" in page.html or HOIST in page.html
    assert next(one for one in cards(instance).cards if one.thread_id == flags[0].thread_id).primary == "N03"


def test_what_she_saved_is_saved_even_where_her_list_cannot_be_kept(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tell(instance, HOIST)
    gita = SignedIn(instance)
    gita.sign_in("gita")
    page = gita.client.get(told.path)

    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(refreshing.Shelf, "saw", broken)
    gita.client.submit(page, {"primary": "N03"}, button="Save")
    assert cards(instance).cards[0].primary == "N03"


def test_what_was_written_today_is_looked_at_once(instance: Instance) -> None:
    told = tell(instance, HOIST)
    week = cards(instance).cards[0].week
    for primary in ("N01", "N02"):
        sat(instance, told, Work(Step("assessing"), primary=primary), "gwen")
        assert cards(instance).cards[0].primary == primary
        with counted(instance) as statements:
            assert lazily(instance).near(week, NEAR)[0].primary == primary
        assert not [one for one in statements if "FROM envelope" in one]


def test_what_one_request_leaves_is_looked_at_again(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    flags = [tell(instance, f"{HOIST} {number}", collected=False) for number in range(3)]
    collect_now(instance)
    cards(instance)
    for told in flags:
        sat(instance, told, Work(Step("assessing"), primary="N01"), "gwen")
    monkeypatch.setattr(refreshing, "MOST", 0)  # one a request
    done = [sum(one.sorted for one in cards(instance).cards) for _request in range(4)]
    assert done == [1, 2, 3, 3]
