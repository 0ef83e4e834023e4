"""A guardian who steps back finds nothing more of the flag, and the store looks as if she never had (S7)."""

import contextlib
from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from concerns.sealing.envelope import Kind, NotForThisKey, open_for
from concerns.sealing.keys import Holder
from concerns.sealing.model import Arrival, Wrap
from concerns.sealing.rewrapping import shut_out
from concerns.sealing.shredding import unpack
from concerns.triage import service
from concerns.triage.case.contact import looked
from concerns.triage.index.seeing import read_flag
from concerns.triage.readers import conflict
from concerns.triage.reading import Desk as Reading
from concerns.triage.reading import open_desk
from tests.cast import Instance
from tests.joining import at_desk, join, visitor
from tests.people.visiting import Desk
from tests.triage.telling import Told, collect_now, tell

WORK = {"primary": "N01", "status": "acknowledged", "reply": "Thank you.", "note": "Third one about nights."}
REASON = "She is a neighbour of my sister."


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def whole(gita: Desk, instance: Instance) -> Told:
    """A thread with an envelope of each kind, some of it waiting to be collected."""
    told = tell(instance, contact=("reach", "Ring me at home."))
    told.photo()
    collect_now(instance)
    gita.client.submit(gita.client.get(told.path), WORK, button="Save")
    told.detail("It happened again.")
    return told


def step_back(desk: Desk, told: Told, reason: str = REASON) -> None:
    page = desk.client.get(f"{told.path}/conflict")
    desk.client.submit(page, {"reason": reason}, button="Step back for good")


def opened(told: Told, seed: bytes) -> set[Kind]:
    found = set()
    for row in told.rows(list(Kind)):
        try:
            open_for(row, Holder(seed))
        except NotForThisKey:
            continue
        found.add(row.header.kind)
    return found


def shape(instance: Instance, told: Told) -> list[tuple[int, int, list[tuple[str, int]]]]:
    """What somebody with both databases sees of each envelope: kind, length, for whom, and how long the wraps are."""
    own = Holder(told.keys.kem_seed).kid

    def named(wraps: Mapping[bytes, bytes]) -> list[tuple[str, int]]:
        return sorted(("reporter" if kid == own else kid.hex(), len(w)) for kid, w in wraps.items())

    with instance.stores.read_main() as main, instance.stores.read_live() as live:
        arrived = {row.id: unpack(row.wraps) for row in live.scalars(select(Arrival))}
        rows = told.rows(list(Kind))
        stored = {
            row.header.envelope_id: arrived.get(row.header.envelope_id)
            or {w.kid: w.w for w in main.scalars(select(Wrap).where(Wrap.envelope_id == row.header.envelope_id))}
            for row in rows
        }
    return sorted((int(row.header.kind), len(row.body), named(stored[row.header.envelope_id])) for row in rows)


def test_s7_who_stepped_back_opens_nothing_of_the_thread_any_more(gita: Desk, instance: Instance) -> None:
    told = whole(gita, instance)
    gitas, gwens = instance.guardian("gita").kem_seed, instance.guardian("gwen").kem_seed
    assert opened(told, gitas) == opened(told, gwens) == set(Kind)
    step_back(gita, told)
    told.detail("And again.")
    collect_now(instance)
    assert opened(told, gitas) == set()
    assert opened(told, gwens) == set(Kind)
    assert told.opened().exclusions == {instance.guardian("gita").person_id}


def test_s7_in_clear_it_looks_like_any_sitting_in_any_thread(gita: Desk, instance: Instance) -> None:
    back, other = whole(gita, instance), whole(gita, instance)
    step_back(gita, back)
    page = gita.client.get(other.path)
    gita.client.submit(page, {"note": "Nothing new."}, button="Save")
    assert shape(instance, back) == shape(instance, other)
    collect_now(instance)
    assert shape(instance, back) == shape(instance, other)


def test_s7_excluding_without_overwriting_would_leave_it_open_to_her(gita: Desk, instance: Instance) -> None:
    """The signed status alone hides the thread from her pages: her key still opens what was sealed before."""
    told = whole(gita, instance)
    desk, who = open_desk(instance.house), visitor(instance, "gita")
    flag = read_flag(instance.house, desk, who, told.thread_id)
    assert flag is not None
    service.record(instance.house, desk, who, flag, looked(flag, "x"), b"i" * 16, excluding=frozenset({who.person_id}))
    assert Kind.FLAG in opened(told, who.kem_seed)
    shut_out(instance.stores, desk.site_id, told.thread_id, instance.guardian("gita").key.kem)
    assert opened(told, who.kem_seed) == set()


def test_of_two_who_step_back_at_the_same_moment_one_stays(gita: Desk, instance: Instance) -> None:
    """Each had seen that the other one reads it: without the look inside the transaction nobody would."""
    told, desk = tell(instance), open_desk(instance.house)
    both = [visitor(instance, name) for name in ("gita", "gwen")]
    flags = [read_flag(instance.house, desk, who, told.thread_id) for who in both]
    for who, flag in zip(both, flags, strict=True):
        assert flag is not None
        with contextlib.suppress(service.Changed):
            conflict.step_back(instance.house, desk, who, flag, "", who.person_id)
    left = [who.name for who in both if read_flag(instance.house, desk, who, told.thread_id)]
    assert left == ["Gwen"]


def test_who_steps_back_at_the_same_moment_is_told_and_keeps_her_words(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tell(instance)
    page = gita.client.get(f"{told.path}/conflict")

    def overtaken(*_args: object, **_more: object) -> None:
        raise service.Changed

    monkeypatch.setattr(service, "record", overtaken)
    again = gita.client.submit(page, {"reason": "My sister."}, button="Step back for good", status=409)
    assert "at this moment" in again.text and "My sister." in again.html


def test_the_flag_leaves_her_list_and_the_others_see_who_stepped_back(gita: Desk, instance: Instance) -> None:
    told = whole(gita, instance)
    page = gita.client.get("/inbox?show=all")
    assert told.thread_id.hex() in page.html
    step_back(gita, told)
    assert told.thread_id.hex() not in gita.client.get("/inbox?show=all").html
    gita.client.get(told.path, 404)
    gita.client.get(f"{told.path}/conflict", 404)
    gwen = gita.as_("gwen")
    shown = gwen.client.get(told.path).text
    assert "Gita has stepped back from this flag: conflict of interest." in shown and REASON in shown
    assert "Must not read it Gita" in shown


def test_the_reporter_is_told_nothing(gita: Desk, instance: Instance) -> None:
    told = whole(gita, instance)
    before = [item.payload["text"] for item in told.opened().of_kind(Kind.REPLY) if item.payload["text"]]
    step_back(gita, told)
    thread = told.opened()
    assert [item.payload["text"] for item in thread.of_kind(Kind.REPLY) if item.payload["text"]] == before
    assert [item.payload.get("looked") for item in thread.of_kind(Kind.STATUS)].count(True) == 1
    assert REASON not in str([item.payload for item in thread.items])


def test_nobody_steps_back_as_the_last_one_who_reads(gita: Desk, instance: Instance) -> None:
    told = tell(instance, exclude=["gwen"])
    page = gita.client.get(f"{told.path}/conflict")
    assert "nobody else is known to read this flag" in page.text
    gita.client.post(f"{told.path}/conflict", {"csrf_token": token(gita)}, 409)
    assert opened(told, instance.guardian("gita").kem_seed) == {Kind.FLAG, Kind.CONTACT}


def test_a_newcomer_counts_as_a_reader_once_she_wrote_in_it(gita: Desk, instance: Instance) -> None:
    """Her wraps look the same whether they open or not, so that only what she signed shows that she reads."""
    told = tell(instance, exclude=["gwen"])
    join(instance)
    desk = open_desk(instance.house)
    assert others(instance, desk, told) == []
    gita.client.submit(
        gita.client.get(f"/readers/{instance.secrets['gus'][0].hex()}"), {}, button="Hand over this page"
    )
    assert others(instance, desk, told) == []
    gus = at_desk(instance, "gus")
    gus.client.submit(gus.client.get(told.path), {"note": "Read."}, button="Save")
    assert others(instance, desk, told) == ["Gus"]


def test_what_broke_off_half_way_is_finished_by_the_next_press(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = whole(gita, instance)
    page = gita.client.get(f"{told.path}/conflict")
    with monkeypatch.context() as broken:
        broken.setattr(conflict, "shut_out", failing)
        again = gita.client.submit(page, {"reason": REASON}, button="Step back for good", status=503)
    assert REASON in again.html
    rows = len(told.rows())
    gita.client.submit(again, {}, button="Step back for good")
    assert len(told.rows()) == rows
    assert opened(told, instance.guardian("gita").kem_seed) == set()


def failing(*_args: object) -> None:
    raise OperationalError("UPDATE", {}, Exception("the store is away"))


def others(instance: Instance, desk: Reading, told: Told) -> list[str]:
    who = visitor(instance, "gita")
    flag = read_flag(instance.house, desk, who, told.thread_id)
    assert flag is not None
    return [one.name for one in conflict.known_readers(desk, who, flag)]


def token(desk: Desk) -> str:
    page = desk.client.get("/keys")
    return str(page.tree.find(".//input[@name='csrf_token']").get("value"))
