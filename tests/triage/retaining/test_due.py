"""Due to be deleted: what stands on the list, that a press lets it go like any that was taken back, and what proves it."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from concerns.audit.model import AuditRow
from concerns.sealing.model import ShelfRow, TakenBack, Thread
from concerns.sealing.opening import open_threads
from concerns.sealing.shelf import CARDS, DELETED, LEARNT, TEXTS
from concerns.triage.retaining import rules
from tests.cast import Instance
from tests.flagging.test_taking_back import copy_of_main, files_with, holding, keys_of
from tests.joining import at_desk, join
from tests.people.visiting import Desk
from tests.triage.closing_bench import bundle, close, on, sitting, store
from tests.triage.retaining.concluding import (
    DUE,
    FEBRUARY,
    collected,
    concluded,
    delete,
    due_for,
    frozen,
    ids,
    returned,
    sittings_of,
    stored,
)
from tests.triage.telling import collect_now, tell
from tests.triage.test_excluding import bare, thread

NOTHING = "Nothing is due among the flags that you can open."


def test_only_what_is_concluded_counted_and_over_its_months_is_listed(desk: Desk, instance: Instance) -> None:
    due, late = concluded(instance), concluded(instance, dt.date(2026, 11, 10), dt.date(2026, 11, 12))
    still_open = bundle(instance, FEBRUARY, sitting(instance, FEBRUARY))
    stored(instance, due, late, still_open)
    frozen(instance)
    on(instance, DUE - dt.timedelta(days=1))
    desk.sign_in("gita")
    assert due_for(desk) == set(), "its months are not over"
    on(instance, DUE)
    page = desk.as_("gita").client.get("/due")
    assert "Concluded on 20 February 2026 Due since 20 February 2027" in page.text
    assert due_for(desk.as_("gita")) == ids(due)
    assert "/desk/due" in desk.as_("gwen").client.get("/inbox").links().values()
    on(instance, dt.date(2027, 11, 20))
    assert due_for(desk.as_("gwen")) == ids(due), "the last quarter is not frozen, and that one belongs in it"


def test_one_that_a_return_to_be_made_counts_waits_for_it(desk: Desk, instance: Instance) -> None:
    flag = concluded(instance)
    stored(instance, flag)
    on(instance, dt.date(2027, 1, 25))
    for period in ("2026-Q1", "2026"):
        close(instance, period)
    on(instance, DUE)
    desk.sign_in("gita")
    assert due_for(desk) == set()
    returned(instance, "2026-Q1")
    assert due_for(desk) == ids(flag)


def test_s15_after_it_is_deleted_no_key_of_it_is_left_and_the_page_proves_it(
    desk: Desk, instance: Instance, tmp_path: Path
) -> None:
    gone, kept = concluded(instance), bundle(instance, FEBRUARY, sitting(instance, FEBRUARY))
    stored(instance, gone, kept)
    frozen(instance)
    desk.sign_in("gita")
    desk.client.get("/inbox")
    needles = [gone.thread_id, gone.lookup_hash, *keys_of(instance, gone.thread_id)]
    assert all(holding(instance, needle) for needle in needles), "they must be there first"
    text = delete(desk)
    assert "1 flag marked." in text and "With its nine words nobody finds it any more." in text and NOTHING in text
    assert NOTHING in desk.as_("gwen").client.get("/due").text
    with instance.stores.read_live() as live:
        assert list(live.scalars(select(TakenBack.thread_id))) == [gone.thread_id]
        shelf = {row.part for row in live.scalars(select(ShelfRow))}
        assert {CARDS, TEXTS, DELETED} <= shelf
        body = live.scalars(select(ShelfRow.body).where(ShelfRow.part == DELETED)).one()
    collected(instance)
    assert [needle for needle in needles if holding(instance, needle)] == []
    assert keys_of(instance, kept.thread_id)
    with instance.stores.read_live() as live:
        left = list(live.scalars(select(ShelfRow)))
    assert not [row for row in left if row.part == LEARNT or (row.part in (CARDS, TEXTS) and row.week == gone.week)]
    page = desk.client.get("/due").text
    assert "1 flag deleted. We have looked in both stores: no row of it and no key is left" in page
    with instance.stores.read_live() as live:
        after = live.scalars(select(ShelfRow.body).where(ShelfRow.part == DELETED)).one()
    assert after != body and len(after) == len(body), "its id is forgotten then; the row's size tells no number"
    if instance.stores.live.dialect.name == "sqlite":
        assert files_with(instance, *needles) == set()


def test_s15_an_older_copy_of_main_opens_nothing_of_it(desk: Desk, instance: Instance, tmp_path: Path) -> None:
    gone, kept = concluded(instance), bundle(instance, FEBRUARY, sitting(instance, FEBRUARY))
    stored(instance, gone, kept)
    frozen(instance)
    with copy_of_main(instance, tmp_path) as backup:
        both, signers = [gone.thread_id, kept.thread_id], instance.charter.manifest.signers
        seeds = [instance.guardian(name).kem_seed for name in ("gita", "gwen")]
        opened = [set(open_threads(backup, instance.site_id, both, seed, signers)) for seed in seeds]
        assert opened == [set(both)] * 2, "a leak must be seen"
        desk.sign_in("gita")
        delete(desk)
        collected(instance)
        opened = [set(open_threads(backup, instance.site_id, both, seed, signers)) for seed in seeds]
        assert opened == [{kept.thread_id}] * 2


def test_the_log_says_that_it_was_done_and_neither_which_nor_how_many(desk: Desk, instance: Instance) -> None:
    two = concluded(instance), concluded(instance)
    stored(instance, *two)
    frozen(instance)
    desk.sign_in("gita")
    with instance.stores.read_main() as main:
        before = set(main.scalars(select(AuditRow.n)))
    assert "2 flags marked." in delete(desk)
    with instance.stores.read_main() as main:
        (row,) = [one for one in main.scalars(select(AuditRow)) if one.n not in before]
        assert (row.verb, row.about) == ("deleted", "")
        assert len({len(one.detail) for one in main.scalars(select(AuditRow))}) == 1
    assert "Deleted what was due" in desk.client.get("/audit/").text


def test_a_press_deletes_no_more_than_a_page_shows_and_nothing_that_is_not_due(
    desk: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concerns.triage.retaining.service.MOST", 2)
    monkeypatch.setattr(rules, "MOST", 2)
    three, still_open = [concluded(instance) for _ in range(3)], bundle(instance, FEBRUARY, sitting(instance, FEBRUARY))
    stored(instance, *three, still_open)
    frozen(instance)
    desk.sign_in("gita")
    page = desk.client.get("/due")
    assert "More are due than stand here." in page.text and len(due_for(desk)) == 2
    forged = {"threads": still_open.thread_id.hex(), "step": "really"}
    desk.client.post("/due", {**forged, "csrf_token": token(desk)}, 302)
    assert "Nothing of it was left to delete" in desk.client.get("/due").text
    with instance.stores.read_live() as live:
        assert live.scalars(select(TakenBack)).all() == []
    assert "2 flags marked." in delete(desk)
    assert "3 flags marked." in delete(desk)
    collected(instance)
    assert "3 flags deleted." in desk.client.get("/due").text
    with instance.stores.read_main() as main:
        assert list(main.scalars(select(Thread.id))) == [still_open.thread_id]


def test_what_its_reporter_just_added_or_what_waits_for_a_guardian_keeps_it(desk: Desk, instance: Instance) -> None:
    """Nobody could read it yet: the press leaves it as it is, and the list has no day on which it came."""
    told = tell(instance)
    desk.sign_in("gita")
    work = {"primary": "N01", "status": "concluded: acted", "reason": "The lift was mended."}
    desk.client.submit(desk.client.get(told.path), work, button="Save")
    collect_now(instance)
    with instance.stores.write_main() as main:
        main.get_one(Thread, told.thread_id).purge_week = dt.date(2030, 1, 7)
    frozen(instance, "2026-Q4", "2026")
    on(instance, dt.date(2027, 11, 23))
    desk = desk.as_("gita")
    assert due_for(desk) == {told.thread_id.hex()}
    told.detail("It is broken again.")
    assert due_for(desk) == {told.thread_id.hex()}
    asked = desk.client.submit(desk.client.get("/due"), action="/desk/due", status=200)
    desk.client.submit(asked, action="/desk/due")
    assert "Nothing of it was left to delete, or something in it has changed" in desk.client.get("/due").text
    with instance.stores.read_live() as live:
        assert live.scalars(select(TakenBack)).all() == []
    collected(instance)
    assert due_for(desk) == set(), "an answer is owed"


def test_s7_whom_it_excludes_and_a_stand_in_see_nothing_of_it(desk: Desk, instance: Instance) -> None:
    join(instance, "otto", stand_in=True)
    own = concluded(instance, who="gwen")
    stored(instance, own)
    frozen(instance)
    desk.sign_in("gita")
    before = bare(desk.client.get("/due"))
    hidden = thread(instance, ["gita"], *sittings_of(instance, who="gwen"))
    store(instance, hidden)
    assert bare(desk.client.get("/due")) == before
    assert due_for(desk.as_("gwen")) == ids(own, hidden)
    otto = at_desk(instance, "otto")
    assert due_for(otto) == set()
    of_both = thread(instance, ["gita", "gwen"], *sittings_of(instance, who="otto"))
    store(instance, of_both)
    assert due_for(otto) == ids(of_both)
    forged = {"threads": hidden.thread_id.hex(), "step": "really"}
    desk.client.post("/due", {**forged, "csrf_token": token(desk)}, 302)
    with instance.stores.read_live() as live:
        assert live.scalars(select(TakenBack)).all() == []


def token(desk: Desk) -> str:
    field = desk.client.get("/due").form(action="/desk/due").find(".//input[@name='csrf_token']")
    return str(field.get("value"))


def test_where_the_ledger_is_not_ours_nothing_can_be_deleted(desk: Desk, instance: Instance) -> None:
    """Nobody could say then what is frozen."""
    flag = concluded(instance)
    stored(instance, flag)
    frozen(instance)
    desk.sign_in("gita")
    posted = {"threads": flag.thread_id.hex(), "step": "really", "csrf_token": token(desk)}
    (instance.directory / "ledger.jsonl").unlink()
    for page in (desk.client.get("/due", 409), desk.client.post("/due", posted, 409)):
        assert "Nothing can be deleted now" in page.text
    with instance.stores.read_live() as live:
        assert live.scalars(select(TakenBack)).all() == []
