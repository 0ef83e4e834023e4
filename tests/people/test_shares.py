"""Recovery shares: made once, tried without harm, and used by a guardian who lost her passphrase."""

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import update

from concerns.people import bringing, changes, service
from concerns.people import shares as shares_service
from concerns.people.model import Person, Recovery
from concerns.people.second_factor import code_at
from concerns.sealing import recovery
from concerns.sealing.envelope import Kind, NotForThisKey, open_for
from concerns.sealing.keys import Holder, new_seed
from concerns.sealing.recovery import BadShares, make_shares, open_with_shares
from tests.audit import log
from tests.cast import Instance
from tests.joining import change, join
from tests.people.visiting import Desk
from tests.police import Page, PoliceClient
from tests.triage.telling import Told, collect_now, tell

CUSTODIANS = {"first": "Odd Fellow", "second": "Rev. Ash", "third": "Mo Union"}
PASSPHRASE = "Gita keeps goats in the cellar"


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def made(gita: Desk) -> list[str]:
    page = gita.client.submit(gita.client.get("/keys/shares"), CUSTODIANS, button="Make three shares", status=200)
    shares = [" ".join(item.text for item in words.iter("li")) for words in page.tree.iter("ol")]
    assert [len(share.split()) for share in shares] == [33, 33, 33]
    return shares


def drawn() -> tuple[str, list[str], bytes]:
    """A share, the words of another one, and their box; drawn again where a slip below would change no word."""
    while True:
        (one, other, _), box = make_shares(new_seed(), b"g" * 16)
        words = other.split()
        if words[0] != "zebra" and words[5] != words[6]:
            return one, words, box


class TestWords:
    def test_any_two_shares_are_enough_and_one_is_not(self) -> None:
        seed = new_seed()
        shares, box = make_shares(seed, b"g" * 16)
        for one, other in ((0, 1), (0, 2), (2, 1)):
            assert open_with_shares([shares[one], shares[other]], box, b"g" * 16) == seed
        for few in ([shares[0]], [shares[0], shares[0]]):
            with pytest.raises(BadShares):
                open_with_shares(few, box, b"g" * 16)

    def test_they_open_nothing_of_anybody_else(self) -> None:
        (one, other, _), box = make_shares(new_seed(), b"g" * 16)
        again, _box = make_shares(new_seed(), b"g" * 16)
        for shares, owner in (([one, other], b"h" * 16), ([one, again[1]], b"g" * 16), (again[:2], b"g" * 16)):
            with pytest.raises(BadShares):
                open_with_shares(shares, box, owner)

    def test_four_letters_of_a_word_in_any_case_are_enough(self) -> None:
        seed = new_seed()
        shares, box = make_shares(seed, b"g" * 16)
        typed = [" ".join(word[:4].upper() for word in share.split()) for share in shares[:2]]
        assert open_with_shares(typed, box, b"g" * 16) == seed

    @pytest.mark.parametrize("change", ["word", "short", "swapped", "empty"])
    def test_a_slip_of_the_pen_is_said(self, change: str) -> None:
        one, typed, box = drawn()
        wrong = {
            "word": ["zebra", *typed[1:]],
            "short": typed[:-1],
            "swapped": [*typed[:5], typed[6], typed[5], *typed[7:]],
            "empty": [],
        }[change]
        assert wrong != typed
        with pytest.raises(BadShares):
            open_with_shares([one, " ".join(wrong)], box, b"g" * 16)


def test_s3_neither_the_box_nor_one_share_opens_a_flag_and_no_share_is_kept(gita: Desk, instance: Instance) -> None:
    shares = made(gita)
    with instance.stores.read_main() as main:
        row = main.get_one(Recovery, instance.guardian("gita").person_id)
        assert row.custodians == list(CUSTODIANS.values())
    for share in shares:
        with pytest.raises(BadShares):
            open_with_shares([share], row.box, row.person_id)
    # two open it, so that it is the shares that keep it shut; the signing seed is not in it
    assert open_with_shares(shares[:2], row.box, row.person_id) == instance.guardian("gita").kem_seed
    if instance.stores.main.dialect.name == "sqlite":
        stored = b"".join(path.read_bytes() for path in instance.directory.glob("*.db*"))
        assert not any(share[:40].encode() in stored for share in shares)


def test_two_custodians_in_management_are_one_too_many(gita: Desk) -> None:
    page = gita.client.get("/keys/shares")
    both = {**CUSTODIANS, "first_leads": "y", "second_leads": "y"}
    answer = gita.client.submit(page, both, button="Make three shares", status=422)
    assert "At most one of the three" in answer.text
    gita.client.submit(page, {**CUSTODIANS, "second": "odd fellow"}, button="Make three shares", status=422)
    gita.client.submit(page, {**CUSTODIANS, "first_leads": "y"}, button="Make three shares", status=200)


def test_a_drill_changes_nothing_but_its_day(gita: Desk, instance: Instance) -> None:
    shares = made(gita)
    page = gita.client.get("/keys/shares/try")
    wrong = gita.client.submit(page, {"one_share": shares[0], "other_share": shares[0]}, button="Try them", status=422)
    assert "do not belong together" in wrong.text
    assert "Never tried" in gita.client.get("/keys/shares").text
    gita.client.submit(page, {"one_share": shares[0], "other_share": shares[2]}, button="Try them")
    assert "two of them would have worked" in gita.client.get("/keys/shares").text
    newer = made(gita)
    gita.client.submit(page, {"one_share": shares[0], "other_share": shares[1]}, button="Try them", status=422)
    gita.client.submit(page, {"one_share": newer[0], "other_share": newer[1]}, button="Try them")
    entered = [verb for verb in log.deeds(instance, "gita") if verb in ("shares", "drill")]
    assert entered == ["shares", "drill", "shares", "drill"]


def link(desk: Desk) -> str:
    ada = desk.as_("ada")
    page = ada.client.submit(
        ada.client.get("/set-up"), {}, button="Lost passphrase: link for two shares of Gita", status=200
    )
    found = re.search(r"/desk(/recover/[\w-]+)", page.text)
    assert found is not None
    return found[1]


def recover(desk: Desk, path: str, shares: list[str], status: int = 302) -> tuple[Page, PoliceClient]:
    browser = desk.browser()
    page = browser.get(path)
    totp = page.form().find(".//input[@name='totp']").get("value")
    given = {
        "one_share": shares[0],
        "other_share": shares[1],
        "passphrase": PASSPHRASE,
        "again": PASSPHRASE,
        "code": code_at(totp, desk.instance.clock.now),
    }
    return browser.submit(page, given, button="Make new keys", status=status), browser


def opened(instance: Instance, seed: bytes, told: Told) -> set[Kind]:
    found = set()
    for row in told.rows(list(Kind)):
        try:
            open_for(row, Holder(seed))
        except NotForThisKey:
            continue
        found.add(row.header.kind)
    return found


def test_a_guardian_who_lost_her_passphrase_reads_again(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "CHUNK", 2)
    join(instance)
    told, hidden = tell(instance, contact=("reach", "Ring.")), tell(instance, "About Gita", exclude=["gita"])
    tell(instance, "Another one")
    old = instance.guardian("gita").kem_seed
    shares, path = made(gita), ""
    path = link(gita)
    answer, _browser = recover(gita, path, [shares[0], shares[0]], 422)
    assert "do not belong together" in answer.text
    _answer, browser = recover(gita, path, shares[1:])
    gita.browser().get(path, 410)
    assert "/sign-in" in gita.client.get("/keys", 302).location
    assert opened(instance, old, told)

    # two others sign for her new keys; she cannot
    page = browser.get("/keys")
    assert "Gita has made new keys" in page.text and "Propose" not in page.text
    change_by_others(gita, instance)
    page = browser.get("/keys")
    assert "Bring your flags over" in page.text
    browser.get(told.path, 404)
    step = browser.submit(browser.get("/keys/bring-over"), {}, button="Bring them over", status=200)
    browser.submit(step, {}, button="Go on")
    assert "What happened" in browser.get(told.path).text
    browser.get(hidden.path, 404)
    assert opened(instance, old, told) == set()
    with instance.stores.read_main() as main:
        row = main.get_one(Person, instance.secrets["gita"][0])
        assert (row.carried, row.recovered) == (None, False)
        assert main.get(Recovery, row.id) is None
    collect_now(instance)
    assert told.opened().exclusions == frozenset()


def change_by_others(gita: Desk, instance: Instance) -> None:
    from tests.joining import visitor

    person = instance.secrets["gita"][0]
    changes.propose(instance.house, visitor(instance, "gus"), changes.ADD, person)
    gwen = gita.as_("gwen")
    page = gwen.client.get("/keys")
    assert "after a use of recovery shares" in page.text
    gwen.client.submit(page, {}, button="Sign this change")


def test_a_use_of_shares_stands_on_the_promise_page(gita: Desk, instance: Instance) -> None:
    join(instance)
    shares = made(gita)
    recover(gita, link(gita), shares[:2])
    change_by_others(gita, instance)
    promise = PoliceClient(instance.report_app.test_client(), traceless=True).get("/promise").text
    assert "Gita got new keys with two of three sheets of paper" in promise
    assert "22 November" in promise


@pytest.mark.attack
@pytest.mark.parametrize(
    "meanwhile", [{"shut_on": dt.date(2026, 11, 22)}, {"kem_public": None}, {"kem_public": b"k" * 32}]
)
def test_an_account_that_is_shut_while_shares_are_used_gets_no_keys(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch, meanwhile: dict[str, Any]
) -> None:
    """The two guardians' signature under her removal, or an admin's press, comes while her passphrase is stretched."""
    join(instance)
    person_id, real = instance.secrets["gita"][0], service.equip

    def equip(*given: Any) -> bytes | None:
        secret = real(*given)
        with instance.stores.write_main() as main:
            main.execute(update(Person).where(Person.id == person_id).values(meanwhile))
        return secret

    monkeypatch.setattr(shares_service, "equip", equip)
    given = made(gita)
    recover(gita, link(gita), given[:2], 410)
    with instance.stores.read_main() as main:
        row = main.get_one(Person, person_id)
        assert row.carried is None and row.recovered is False and main.get(Recovery, person_id) is not None


def test_a_link_without_shares_opens_nothing(gita: Desk, instance: Instance) -> None:
    made(gita)
    path = link(gita)
    strangers, _box = make_shares(new_seed(), instance.secrets["gita"][0])
    answer, _browser = recover(gita, path, strangers[:2], 422)
    assert "belong to somebody else" in answer.text
    gita.client.get("/keys")
    gita.browser().get("/recover/" + "x" * 43, 410)
    join(instance)
    change(instance, changes.REMOVE, instance.secrets["gus"][0])
    assert recovery.ENOUGH == 2
