"""The very first page founds the instance, once, for whoever holds the address; whole or not at all."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from concerns.areas.model import Area, Organisation
from concerns.audit.model import AuditRow
from concerns.disclosure.ledger import Ledger, LedgerRefused
from concerns.founding.first import link, service
from concerns.founding.service import AlreadyFounded
from concerns.founding.verifying import verify
from concerns.learning.model import Answer
from concerns.people.model import Person
from concerns.people.second_factor import code_at
from concerns.people.service import AccountRefused
from concerns.people.signing_in import SignInRefused, unlock
from concerns.store.schema import METADATA
from concerns.themes.packs import SECTORS, load_pack
from concerns.themes.queries import current_set
from tests.cast import TOTP, Instance
from tests.founding.setting_up import PASSPHRASE, first, founded_by_ada, stage
from tests.people.visiting import beside_the_report_door, wrong_code
from tests.police import PoliceClient

FORM = {
    "organisation": "Wendle Vale Trust",
    "sector": "nhs",
    "name": "Ada",
    "email": "Ada@Example.org",
    "passphrase": PASSPHRASE,
    "again": PASSPHRASE,
}


def browser(instance: Instance) -> PoliceClient:
    return PoliceClient(beside_the_report_door(instance.desk_app).test_client(), traceless=False)


def secret_on(page: Any) -> str:
    """What an app would scan: another secret on every page."""
    return str(next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "totp"))


def answered(instance: Instance, page: Any, **other: str) -> dict[str, str]:
    return {**FORM, "code": code_at(secret_on(page), instance.clock()), **other}


class TestThePage:
    def test_whoever_has_the_address_founds_and_is_signed_in(self, unfounded: Instance) -> None:
        path, client = f"/begin/{link.renew(unfounded.directory)}", browser(unfounded)
        page = client.get(path)
        assert client.submit(page, answered(unfounded, page), button="Begin").location == "/desk/set-up"
        assert stage(unfounded) == "setting-up"
        shown = client.get("/set-up")
        assert shown.h1 == "Set-up" and "Settle “Areas and head-counts”." in shown.text
        with unfounded.stores.read_main() as main:
            ada = main.scalars(select(Person)).one()
            assert (ada.name, ada.email, ada.roles) == ("Ada", "ada@example.org", ["admin"])
            assert main.scalars(select(AuditRow.verb)).all() == ["set-up"]
        assert not (unfounded.directory / link.FILE).exists()
        assert [one for one in verify(unfounded.house, []) if one.good is False] == []

    def test_without_the_token_nobody_founds(self, unfounded: Instance) -> None:
        client = browser(unfounded)
        client.get("/begin/anything", 404)
        token = link.renew(unfounded.directory)
        page = client.get(f"/begin/{token}")
        data = {**answered(unfounded, page), "csrf_token": csrf(page), "totp": TOTP, "code": unfounded.code()}
        for wrong in ("x", token[:-1], link.renew(unfounded.directory) + "x", token):  # that one is not the newest
            client.get(f"/begin/{wrong}", 404)
            client.post(f"/begin/{wrong}", data, 404)
        assert not service.founded(unfounded.house)

    def test_nothing_typed_is_lost_but_secrets(self, unfounded: Instance) -> None:
        path, client = f"/begin/{link.renew(unfounded.directory)}", browser(unfounded)
        page = client.get(path)
        wrong = {"again": "another one", "email": "nowhere", "organisation": "Wendle & Vale"}
        shown = client.submit(page, answered(unfounded, page, **wrong), button="Begin", status=422)
        assert sorted(shown.errors) == [
            "Enter an e-mail address in the right form, like name@example.org",
            "The two passphrases are not the same",
        ]
        assert 'value="Wendle &amp; Vale"' in shown.html and 'value="nowhere"' in shown.html
        assert PASSPHRASE not in shown.html
        nothing = client.submit(shown, dict.fromkeys(("organisation", "name"), ""), button="Begin", status=422)
        assert "Enter the organisation’s name, at most 200 characters on one line" in nothing.errors
        wrong = {"code": wrong_code(secret_on(page), unfounded.clock())}
        refused = client.submit(page, {**FORM, **wrong}, button="Begin", status=422)
        assert "The code is not the one your app should show now" in refused.errors[0]
        assert not service.founded(unfounded.house)

    def test_a_page_that_is_too_old_comes_back_with_what_was_typed(self, unfounded: Instance) -> None:
        path, client = f"/begin/{link.renew(unfounded.directory)}", browser(unfounded)
        client.get(path)
        stale = client.post(path, {**FORM, "totp": TOTP, "code": unfounded.code(), "csrf_token": "of yesterday"}, 400)
        assert stale.errors == [
            "This page was too old. Choose the passphrase again, and scan the new square with your app"
        ]
        assert 'value="Wendle Vale Trust"' in stale.html and PASSPHRASE not in stale.html and TOTP not in stale.html
        assert client.submit(stale, answered(unfounded, stale), button="Begin").location == "/desk/set-up"

    def test_who_comes_second_is_told(self, unfounded: Instance) -> None:
        path, client = f"/begin/{link.renew(unfounded.directory)}", browser(unfounded)
        page = client.get(path)
        founded_by_ada(unfounded)
        late = client.submit(page, answered(unfounded, page), button="Begin", status=410)
        assert late.h1 == "This address was used"
        assert client.get(path, 410).h1 == "This address was used"


def csrf(page: Any) -> str:
    return str(next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token"))


class TestBefore:
    def test_both_doors_say_that_nothing_is_set_up(self, unfounded: Instance) -> None:
        report = PoliceClient(unfounded.report_app.test_client(), traceless=True)
        for path in ("/", "/tell", "/promise", "/cy/"):
            page = report.get(path, 503)
            assert page.h1 in ("This service is not set up yet", "Nid yw’r gwasanaeth hwn wedi’i sefydlu eto"), path
        desk = browser(unfounded)
        for path in ("/", "/sign-in", "/set-up"):
            assert desk.get(path, 503).h1 == "This service is not set up yet"

    def test_then_the_same_processes_go_on(self, unfounded: Instance) -> None:
        report = PoliceClient(unfounded.report_app.test_client(), traceless=True)
        report.get("/", 503)
        founded_by_ada(unfounded)
        assert report.get("/").h1 != "This service is not set up yet"


class TestFounding:
    @pytest.mark.parametrize("sector", SECTORS)
    def test_the_sectors_pack_is_a_start(self, unfounded: Instance, sector: str) -> None:
        service.begin(unfounded.house, first(unfounded, sector=sector))
        pack = load_pack(sector)
        with unfounded.stores.read_main() as main:
            organisation = main.get_one(Organisation, 1)
            assert organisation.signposts == [vars(post) for post in pack.signposts]
            assert organisation.wording == dict(pack.wording)
            assert (organisation.flags_per_year, organisation.settled, organisation.rehearsal) == (1, [], False)
            assert [one.code for one in current_set(main, unfounded.clock().date())] == [t.code for t in pack.themes]
            assert main.scalar(select(func.count()).select_from(Answer)) == len(pack.answers)
            assert main.scalar(select(func.count()).select_from(Area)) == 0

    def test_the_admin_signs_in_with_what_she_chose(self, unfounded: Instance) -> None:
        ada = founded_by_ada(unfounded)
        unfounded.clock.pass_(seconds=60)
        assert unlock(unfounded.house, "ada@example.org", PASSPHRASE, unfounded.code()).person_id == ada

    def test_a_code_is_good_once(self, unfounded: Instance) -> None:
        founded_by_ada(unfounded)
        with pytest.raises(SignInRefused):
            unlock(unfounded.house, "ada@example.org", PASSPHRASE, unfounded.code())

    def test_a_wrong_code_or_a_short_passphrase_founds_nothing(self, unfounded: Instance) -> None:
        for wrong in ({"code": "000000"}, {"passphrase": "short"}):
            with pytest.raises(AccountRefused):
                service.begin(unfounded.house, first(unfounded, **wrong))
        assert not service.founded(unfounded.house)

    def test_of_two_at_once_one_founds(self, unfounded: Instance) -> None:
        ready, outcomes = threading.Barrier(2), []

        def found(name: str) -> None:
            said = first(unfounded, name=name, email=f"{name}@example.org")
            ready.wait()
            try:
                service.begin(unfounded.house, said)
            except AlreadyFounded:
                outcomes.append("told")
            else:
                outcomes.append(name)

        threads = [threading.Thread(target=found, args=(name,)) for name in ("ada", "otto")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with unfounded.stores.read_main() as main:
            (winner,) = main.scalars(select(Person.name))
        assert sorted(outcomes) == sorted(["told", winner])
        assert len(Ledger(unfounded.directory).lines()) == 1
        assert [one for one in verify(unfounded.house, []) if one.good is False] == []


class Killed(BaseException):
    """As `kill -9`: nothing tidies up after it."""


@pytest.mark.parametrize("step", ["found_organisation", "store_theme_set", "standing_answers", "begin_ledger"])
@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
def test_a_founding_that_broke_off_leaves_nothing(
    unfounded: Instance, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    whole = getattr(service, step)

    def broken(*given: Any, **named: Any) -> None:
        if after:
            whole(*given, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(service, step, broken)
        with pytest.raises(Killed):
            founded_by_ada(unfounded)
    with unfounded.stores.main.connect() as connection:
        for table in METADATA["main"].sorted_tables:
            assert connection.scalar(select(func.count()).select_from(table)) == 0, table.name
    assert not Ledger(unfounded.directory).path.exists()
    founded_by_ada(unfounded)
    assert [one for one in verify(unfounded.house, []) if one.good is False] == []


def test_a_ledger_that_a_killed_founding_left_is_begun_anew(unfounded: Instance) -> None:
    """After a power cut nothing tidies up: the file stands, and no database knows it."""
    Ledger(unfounded.directory).append({"ledger": "00" * 16, "site": "11" * 16})
    founded_by_ada(unfounded)
    assert [one for one in verify(unfounded.house, []) if one.good is False] == []


def test_a_ledger_by_which_something_was_drawn_is_never_thrown_away(unfounded: Instance) -> None:
    ledger = Ledger(unfounded.directory)
    for entry in ({"ledger": "00" * 16, "site": "11" * 16}, {"more": "1"}):
        ledger.append(entry)
    with pytest.raises(LedgerRefused):
        founded_by_ada(unfounded)
    assert len(ledger.lines()) == 2 and not service.founded(unfounded.house)
