"""A guardian who came later reads what was handed to her; who was removed reads nothing (S9)."""

import datetime as dt

import pytest

from concerns.people import changes
from concerns.people.model import Person
from concerns.sealing.chain import Standing, next_link
from concerns.sealing.envelope import Header, Kind, NotForThisKey, open_for, seal
from concerns.sealing.keys import Holder
from concerns.sealing.text import to_text
from concerns.sealing.threads import deliver
from concerns.store.base import new_id
from concerns.triage.index.seeing import read_flag
from concerns.triage.readers.newcomers import page_of
from concerns.triage.reading import open_desk
from tests.audit import log
from tests.cast import Instance
from tests.joining import at_desk, change, join, visitor
from tests.people.visiting import Desk
from tests.triage.telling import Told, collect_now, tell

WORK = {"primary": "N01", "status": "acknowledged", "reply": "Thank you.", "note": "Third one about nights."}
DONE = {"primary": "N01", "status": "concluded: acted", "reason": "A third nurse from Monday."}


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def opened(instance: Instance, name: str, told: Told) -> set[Kind]:
    holder, found = Holder(instance.secrets[name][1][:32]), set()
    for row in told.rows(list(Kind)):
        try:
            open_for(row, holder)
        except NotForThisKey:
            continue
        found.add(row.header.kind)
    return found


def hand(gita: Desk, instance: Instance, name: str = "gus", *leave_out: Told) -> None:
    path = f"/readers/{instance.secrets[name][0].hex()}"
    data = {"leave_out": [told.thread_id.hex() for told in leave_out]} if leave_out else {}
    gita.client.submit(gita.client.get(path), data, button="Hand over this page")


def wraps(told: Told) -> set[tuple[int, ...]]:
    return {tuple(sorted(len(wrap) for wrap in row.wraps.values())) for row in told.rows([Kind.FLAG])}


def test_s9_a_newcomer_reads_open_flags_after_they_were_handed_over(gita: Desk, instance: Instance) -> None:
    told = tell(instance, contact=("reach", "Ring me."))
    gita.client.submit(gita.client.get(told.path), WORK, button="Save")
    told.photo()
    collect_now(instance)
    join(instance)
    gus = at_desk(instance, "gus")
    assert opened(instance, "gus", told) == set()
    gus.client.get(told.path, 404)
    later = tell(instance, "After he came")
    assert opened(instance, "gus", later) == {Kind.FLAG, Kind.CONTACT}
    hand(gita, instance)
    assert opened(instance, "gus", told) == set(Kind) - {Kind.DETAIL}
    assert "Third one about nights." in gus.client.get(told.path).text
    assert told.thread_id.hex() in gus.client.get("/inbox?show=all").html


def test_s7_what_concerns_the_newcomer_is_left_out_for_all_keys_to_come(gita: Desk, instance: Instance) -> None:
    about, other = tell(instance, "Gus shouts"), tell(instance, "The bells")
    join(instance)
    hand(gita, instance, "gus", about)
    collect_now(instance)
    assert (opened(instance, "gus", about), opened(instance, "gus", other)) == (set(), {Kind.FLAG, Kind.CONTACT})
    assert about.opened().exclusions == {instance.secrets["gus"][0]}
    about.detail("He shouted again.")
    assert opened(instance, "gus", about) == set()
    # another guardian is not even offered it, and hers is the only other way
    gwen = visitor(instance, "gwen")
    to = instance.charter.manifest.by_person(instance.secrets["gus"][0])
    assert to is not None
    rows = page_of(instance.house, open_desk(instance.house), gwen, to).rows
    assert [row.words for row in rows] == ["The bells"]
    assert wraps(about) == wraps(other)


def test_s9_concluded_flags_need_two_guardians(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    gita.client.submit(gita.client.get(told.path), WORK, button="Save")
    gita.client.submit(gita.client.get(told.path), DONE, button="Save")
    join(instance)
    page = gita.client.get(f"/readers/{instance.secrets['gus'][0].hex()}")
    assert "nothing more that you can hand to Gus" in page.text
    # nor does a form that names it
    token = page.tree.find(".//input[@name='csrf_token']").get("value")
    path = f"/readers/{instance.secrets['gus'][0].hex()}"
    gita.client.post(path, {"csrf_token": token, "threads": told.thread_id.hex()}, 302)
    assert opened(instance, "gus", told) == set()
    change(instance, changes.OLDER, instance.secrets["gus"][0])
    hand(gita, instance)
    assert Kind.FLAG in opened(instance, "gus", told)


def test_what_was_handed_over_stands_in_the_log_once_and_which_flags_is_sealed(gita: Desk, instance: Instance) -> None:
    told = tell(instance, "The lift is stuck.")
    join(instance)
    page = gita.client.get(f"/readers/{instance.secrets['gus'][0].hex()}")
    for _tap in range(2):
        gita.client.submit(page, {}, button="Hand over this page")
    assert log.deeds(instance, "gita")[-2:] == ["handed", "worked"]
    (entry,) = [row for row in log.rows(instance) if row.verb == "handed"]
    assert entry.about == instance.secrets["gus"][0].hex() and told.thread_id not in entry.detail
    own = gita.client.get("/audit/").text
    assert "Handed flags from before to a guardian who came later: Gus" in own and "The lift is stuck." in own


def test_a_guardian_hands_over_only_what_she_opens(gita: Desk, instance: Instance) -> None:
    told = tell(instance, exclude=["gita"])
    join(instance)
    assert "nothing more" in gita.client.get(f"/readers/{instance.secrets['gus'][0].hex()}").text
    assert opened(instance, "gus", told) == set()


def test_pages_follow_each_other(gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    from concerns.triage.readers import newcomers

    monkeypatch.setattr(newcomers, "PAGE", 2)
    all_told = [tell(instance, f"Number {number}", collected=False) for number in range(3)]
    collect_now(instance)
    join(instance)
    path = f"/readers/{instance.secrets['gus'][0].hex()}"
    page = gita.client.get(path)
    for _page in range(2):
        answer = gita.client.submit(page, {}, button="Hand over this page")
        page = gita.client.get(answer.location.removeprefix("/desk"))
    assert "nothing more" in page.text
    assert all(opened(instance, "gus", told) for told in all_told)


def test_s9_a_removed_guardian_opens_nothing_any_more(gita: Desk, instance: Instance) -> None:
    join(instance)
    told = tell(instance, contact=("reach", "Ring me."))
    gus = at_desk(instance, "gus")
    gus.client.submit(gus.client.get(told.path), WORK, button="Save")
    told.detail("It happened again.")
    assert opened(instance, "gus", told) == set(Kind) - {Kind.FILE}
    change(instance, changes.REMOVE, instance.secrets["gus"][0])
    kid = Holder(instance.secrets["gus"][1][:32]).kid
    assert not any(kid in row.wraps for row in told.rows(list(Kind)))
    assert opened(instance, "gus", told) == set()
    collect_now(instance)
    later = tell(instance, "After he left")
    told.detail("And again.")
    assert not any(kid in row.wraps for row in [*told.rows(list(Kind)), *later.rows(list(Kind))])
    assert "/sign-in" in gus.client.get("/inbox", 302).location
    with instance.stores.read_main() as main:
        person = main.get_one(Person, instance.secrets["gus"][0])
    assert person.roles == [] and person.secret is None
    # even a session that somebody kept for him is no guardian's
    at_desk(instance, "gus").client.get("/inbox", 403)
    # and the others read on
    assert Kind.DETAIL in opened(instance, "gita", told) and opened(instance, "gwen", later)


def test_s9_what_a_removed_guardian_signed_stays_valid_and_nothing_after(gita: Desk, instance: Instance) -> None:
    join(instance)
    told = tell(instance)
    gus = at_desk(instance, "gus")
    gus.client.submit(gus.client.get(told.path), WORK, button="Save")
    collect_now(instance)
    instance.clock.pass_(days=3)
    change(instance, changes.REMOVE, instance.secrets["gus"][0])
    instance.clock.pass_(days=1)
    gita.sign_in("gita")
    shown = gita.client.get(told.path).text
    assert "Third one about nights." in shown and "Gus" in shown and "Not signed by a guardian" not in shown
    replies = told.opened().of_kind(Kind.REPLY)
    assert [item.standing for item in replies] == [Standing.PROVEN]
    # with a copy of the public keys and the database he writes on, as he could before
    desk, secret = open_desk(instance.house), instance.secrets["gus"][1]
    flag = read_flag(instance.house, desk, visitor(instance, "gita"), told.thread_id)
    assert flag is not None
    for day, standing in ((instance.clock().date(), Standing.UNPROVEN), (dt.date(2026, 11, 25), Standing.PROVEN)):
        link = next_link(flag.own(instance.charter.manifest.former[0].key.sign), flag.newest_of_reporter)
        header = Header(Kind.REPLY, instance.site_id, told.thread_id, new_id())
        payload = {"text": f"Dated {day}", "day": day.isoformat(), **link}
        readers = [*instance.charter.manifest.kem_publics, Holder(told.keys.kem_seed).public]
        assert deliver(instance.stores, [seal(header, payload, readers, secret[32:])])
        found = {item.payload["text"]: item.standing for item in told.opened().of_kind(Kind.REPLY)}
        assert found[f"Dated {day}"] == standing
        if standing is Standing.UNPROVEN:
            assert "Not signed by a guardian" in gita.client.get(told.path).text


def test_s8_a_key_row_put_in_by_hand_is_never_a_recipient(gita: Desk, instance: Instance) -> None:
    from tests.joining import with_keys

    with_keys(instance, "gus")
    told = tell(instance)
    gita.client.submit(gita.client.get(told.path), WORK, button="Save")
    kid = Holder(instance.secrets["gus"][1][:32]).kid
    assert not any(kid in row.wraps for row in told.rows(list(Kind)))
    at_desk(instance, "gus").client.get(told.path, 404)
    to = to_text(instance.secrets["gus"][0])
    assert to not in [to_text(one.person_id) for one in instance.charter.manifest.guardians]
