"""Somebody leaves: her account opens by no way any more, a guardian's only once two others have signed."""

import contextlib
import dataclasses
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from concerns.areas.model import Organisation
from concerns.charter import steps as charter_steps
from concerns.charter.model import CharterPage
from concerns.charter.service import PIN, CharterRefused
from concerns.people import changes, guardianship, service, sessions, shares
from concerns.people.leaving import rules, shutting
from concerns.people.leaving import service as leaving
from concerns.people.leaving.rules import DONE, OPEN, UNSEEN
from concerns.people.model import Invitation, Passkey, Person
from concerns.people.outside.provider import Proven
from concerns.people.outside.service import OutsideRefused, _account
from concerns.people.second_factor import code_at
from concerns.people.signing_in import SignInRefused, unlock
from concerns.store.house import House, OutsideDirectory
from tests.cast import TOTP, Instance
from tests.joining import change, join, visitor, with_keys
from tests.people.visiting import Desk

SURE = {"sure": "y"}


#: two factors that nobody knows
FACTORS: dict[str, Any] = {"salt": bytes(16), "verifier": bytes(32), "totp": b"sealed"}


def person(instance: Instance, name: str) -> Person:
    """Whose name this is: her address is another one once her account is shut."""
    with instance.stores.read_main() as main:
        return main.scalars(select(Person).where(Person.name == name.capitalize())).one()


def write(instance: Instance, name: str, **values: Any) -> None:
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.name == name.capitalize()).values(values))


def added(instance: Instance, name: str, *roles: str, email: str = "", values: dict[str, Any] | None = None) -> bytes:
    with instance.stores.write_main() as main:
        row = service.add_person(main, name.capitalize(), email or f"{name}@example.org", list(roles))
        for column, value in (values or {}).items():
            setattr(row, column, value)
        return bytes(row.id)


def by_the_directory(instance: Instance) -> House:
    return dataclasses.replace(instance.house, outside=OutsideDirectory("https://id", "desk", "the account", "secret"))


def waiting(instance: Instance) -> str | None:
    """What names the change of guardians that waits."""
    with instance.stores.read_main() as main:
        step = changes.changes(main, instance.house, b"").step
    return step.hash if step else None


def path(instance: Instance, name: str) -> str:
    return f"/set-up/people/{person(instance, name).id.hex()}/leave"


def steps(instance: Instance, name: str) -> dict[str, str]:
    found = leaving.account(instance.house, person(instance, name).id)
    assert found is not None
    return {step.title: step.state for step in found.steps}


def with_passkey(instance: Instance, name: str) -> None:
    row = Passkey(
        person_id=person(instance, name).id, credential_id=b"c", public_key=b"k", sign_count=0, name="x",
        added_on=dt.date(2026, 11, 1),
    )  # fmt: skip
    with instance.stores.write_main() as main:
        main.add(row)


def test_a_leaders_account_is_shut_at_once_by_every_way(desk: Desk, instance: Instance) -> None:
    lena = desk.as_("lena")
    with_passkey(instance, "lena")
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.email == "lena@example.org").values(outside="https://id|lena"))
    token = service.new_link(instance.house, person(instance, "lena").id)
    desk.sign_in("ada")
    page = desk.client.get(path(instance, "lena"))
    assert "Signed in now Yes" in page.text
    done = desk.client.submit(page, SURE, button="Lena leaves")
    assert done.location == f"/desk{path(instance, 'lena')}"
    lena.client.get("/report/", 302)
    after = person(instance, "lena")
    assert after.shut_on == instance.clock.now.date() and after.roles == [] and after.former_roles == ["leader"]
    with instance.stores.read_main() as main, instance.stores.read_live() as live:
        assert not main.query(Passkey).count() and not live.query(Invitation).count()
    instance.clock.pass_(seconds=30)
    with pytest.raises(SignInRefused):
        unlock(instance.house, "lena@example.org", instance.passphrase("lena"), instance.code())
    with pytest.raises(SignInRefused):
        unlock(instance.house, "lena@example.org", instance.passphrase("lena"), None)
    desk.client.get(f"/welcome/{token}", 410)
    with pytest.raises(service.AccountRefused):
        service.invite(instance.house, after.id)
    assert not service.remove_newcomer(instance.house, after.id)
    page = desk.client.get(path(instance, "lena"))
    assert "Shut 22 November 2026" in page.text and "Signed in now No" in page.text
    assert "Left, the account is shut" in desk.client.get("/set-up").text
    assert "Said that somebody leaves, or took it back: Lena" in desk.client.get("/audit/").text


def test_a_session_that_outlived_the_shutting_opens_nothing(desk: Desk, instance: Instance) -> None:
    """Were the store of sessions not reached, the account's row alone keeps her out."""
    lena = desk.as_("lena")
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.email == "lena@example.org").values(shut_on=dt.date(2026, 11, 22)))
    lena.client.get("/report/", 302)
    with pytest.raises(SignInRefused):  # nor does the right passphrase, were its proof still there
        unlock(instance.house, "lena@example.org", instance.passphrase("lena"), None)


def test_one_admin_stays(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.submit(desk.client.get(path(instance, "ada")), SURE, button="Ada leaves", status=409)
    assert "No other admin can sign in here" in page.text
    added(instance, "amir", "admin")
    with pytest.raises(leaving.LeavingRefused):  # he has not set up yet
        leaving.leave(instance.house, person(instance, "ada").id)
    write(instance, "amir", **FACTORS)
    done = desk.client.submit(desk.client.get(path(instance, "ada")), SURE, button="Ada leaves")
    assert done.location == "/desk/sign-in"
    desk.client.get("/set-up", 302)
    with pytest.raises(leaving.LeavingRefused, match="shut already"):
        leaving.leave(instance.house, person(instance, "ada").id)


def test_an_admin_whom_no_directory_lets_in_is_none_who_stays(instance: Instance) -> None:
    added(instance, "amir", "admin", values={"outside": "https://id.example|amir"})
    ada = person(instance, "ada").id
    for house in (instance.house, by_the_directory(instance)):  # none is set up; another one is
        with pytest.raises(leaving.LeavingRefused, match="No other admin"):
            leaving.leave(house, ada)
    write(instance, "amir", outside="https://id|amir")
    assert leaving.leave(by_the_directory(instance), ada)


def test_two_admins_who_shut_each_other_at_the_same_time_leave_one(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    with instance.stores.write_main() as main:
        main.execute(delete(CharterPage))  # while set-up lasts there are no pages that one of them could hold
    both = [person(instance, "ada").id, added(instance, "amir", "admin", values=FACTORS)]
    meeting, real = threading.Barrier(2), shutting.shut

    def shut(*given: Any) -> None:
        # each waits for the other one to have looked, too: where one is kept out, the first goes on after a while
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(1)
        real(*given)

    def left(person_id: bytes) -> bool:
        try:
            return leaving.leave(instance.house, person_id)
        except leaving.LeavingRefused:
            return False

    monkeypatch.setattr(shutting, "shut", shut)
    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(left, both)) == [False, True]


def test_no_admin_keeps_a_guardian_from_reading(desk: Desk, instance: Instance) -> None:
    gita = desk.as_("gita")
    desk.sign_in("ada")
    desk.client.submit(desk.client.get(path(instance, "gita")), SURE, button="Gita leaves")
    gita.client.get("/inbox")
    assert person(instance, "gita").shut_on is None
    assert steps(instance, "gita") == {
        "Hand over flags": UNSEEN,
        "Another guardian first": OPEN,
        "Two other guardians sign the removal": OPEN,
        "The account is shut": OPEN,
        "Recovery shares kept for others": DONE,
        "Pages with this name": DONE,
    }
    assert "Leaving" in desk.client.get("/set-up").text


def test_once_two_guardians_have_signed_she_signs_in_no_more(instance: Instance) -> None:
    join(instance)
    gus = person(instance, "gus")
    leaving.leave(instance.house, gus.id)
    assert person(instance, "gus").shut_on is None and "Another guardian first" not in steps(instance, "gus")
    changes.propose(instance.house, visitor(instance, "gita"), "remove", gus.id)
    found = leaving.account(instance.house, gus.id)
    assert found is not None and any("One guardian has signed" in step.says for step in found.steps)
    with instance.stores.read_main() as main:
        step = changes.changes(main, instance.house, b"").step
    assert step is not None
    cookie = sessions.start(instance.house, gus.id, bytes(64))
    changes.agree(instance.house, visitor(instance, "gwen"), step.hash)
    after = person(instance, "gus")
    assert after.shut_on is not None and after.secret is None and after.roles == []
    assert sessions.resume(instance.house, cookie) is None
    with pytest.raises(service.LinkGone):  # nor by recovery shares, had she any
        shares.invited(instance.house, service.new_link(instance.house, gus.id))
    assert steps(instance, "gus")["The account is shut"] == DONE
    assert "Two other guardians sign the removal" not in steps(instance, "gus")


def test_a_guardian_who_is_removed_and_stays_keeps_her_account(instance: Instance) -> None:
    join(instance)
    change(instance, "remove", person(instance, "gus").id)
    assert person(instance, "gus").shut_on is None


def test_somebody_whose_keys_nobody_signed_for_is_shut_at_once(instance: Instance) -> None:
    with_keys(instance, "gus")
    assert leaving.leave(instance.house, person(instance, "gus").id)


@pytest.mark.attack
def test_whoever_was_shut_before_the_second_signature_is_no_guardian_after_it(instance: Instance) -> None:
    gus = with_keys(instance, "gus")
    changes.propose(instance.house, visitor(instance, "gita"), changes.ADD, gus)
    document = waiting(instance) or ""
    assert leaving.leave(instance.house, gus)
    assert waiting(instance) is None
    with pytest.raises(CharterRefused):
        changes.agree(instance.house, visitor(instance, "gwen"), document)
    leaving.take_back(instance.house, gus)
    changes.propose(instance.house, visitor(instance, "gita"), changes.ADD, gus)
    changes.agree(instance.house, visitor(instance, "gwen"), waiting(instance) or "")
    assert instance.charter.manifest.by_person(gus) is not None


@pytest.mark.attack
def test_a_signature_and_a_leave_at_the_same_time_make_no_guardian_who_is_shut(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    gus = with_keys(instance, "gus")
    changes.propose(instance.house, visitor(instance, "gita"), changes.ADD, gus)
    document, real = waiting(instance) or "", charter_steps.agree
    signing, done = threading.Event(), threading.Event()

    def agree(*given: Any) -> Any:
        signing.set()
        done.wait(1)  # long enough for a leave that waits for nobody
        return real(*given)

    def leave() -> bool:
        assert signing.wait(60)  # or it would not meet the signature
        try:
            return leaving.leave(instance.house, gus)
        finally:
            done.set()

    monkeypatch.setattr(charter_steps, "agree", agree)
    with ThreadPoolExecutor(1) as threads:
        shut = threads.submit(leave)
        changes.agree(instance.house, visitor(instance, "gwen"), document)
        assert shut.result() is False
    assert instance.charter.manifest.by_person(gus) is not None and person(instance, "gus").shut_on is None


@pytest.mark.attack
def test_no_admin_becomes_a_guardian_for_whom_nobody_signed_yet(instance: Instance) -> None:
    gus = added(instance, "gus", "guardian", "overseer")
    token = service.invite(instance.house, gus)
    service.accept(instance.house, token, "Gus keeps ducks in the bath", TOTP, code_at(TOTP, instance.clock.now))
    before = person(instance, "gus")
    leaving.leave(instance.house, gus)
    assert person(instance, "gus").shut_on is not None
    assert leaving.take_back(instance.house, gus) is False
    after = person(instance, "gus")
    columns = ("salt", "verifier", "totp", "secret", "kem_public", "sign_public", "roles")
    assert all(getattr(before, column) == getattr(after, column) for column in columns)
    with pytest.raises(service.AccountRefused):
        service.invite(instance.house, gus)
    instance.clock.pass_(seconds=30)
    unlocked = unlock(instance.house, "gus@example.org", "Gus keeps ducks in the bath", instance.code())
    assert unlocked.secret is not None


def test_before_the_first_signature_the_draft_follows_whoever_leaves_and_stays(instance: Instance) -> None:
    """Version 1: two guardians have keys, nobody has signed."""
    with instance.stores.write_main() as main:
        main.execute(delete(CharterPage).where(CharterPage.chain == "manifest"))
        main.execute(update(CharterPage).values(signatures={}))
        guardianship.put_up_manifest(main)
    (instance.directory / PIN).unlink()
    gwen = person(instance, "gwen").id
    assert named(instance) == {"Gita", "Gwen"}
    assert leaving.leave(instance.house, gwen)
    assert named(instance) == set()  # a draft that names her could never be signed by all
    leaving.take_back(instance.house, gwen)
    assert named(instance) == {"Gita", "Gwen"}


def named(instance: Instance) -> set[str]:
    with instance.stores.read_main() as main:
        state = guardianship.state(main, instance.directory, b"")
    assert not state.open and not state.refused
    return {one.name for one in state.manifest.guardians} if state.manifest else set()


def test_taking_it_back_lets_her_in_as_before_and_makes_no_link(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    for name in ("lena", "gita"):
        desk.client.submit(desk.client.get(path(instance, name)), SURE, button=f"{name.capitalize()} leaves")
        page = desk.client.get(path(instance, name))
        desk.client.submit(page, button=f"Take it back: {name.capitalize()} stays")
        assert person(instance, name).leaving_since is None
    lena = person(instance, "lena")
    assert lena.roles == ["leader"] and lena.shut_on is None
    with pytest.raises(service.AccountRefused):  # its finder would become her
        service.invite(instance.house, lena.id)
    instance.clock.pass_(seconds=30)
    unlock(instance.house, "lena@example.org", instance.passphrase("lena"), instance.code())
    with pytest.raises(leaving.LeavingRefused):
        leaving.take_back(instance.house, lena.id)


def test_a_guardian_who_was_removed_and_comes_back_needs_new_keys(instance: Instance) -> None:
    join(instance)
    gus = person(instance, "gus")
    write(instance, "gus", roles=["guardian", "overseer"], recovered=True)
    leaving.leave(instance.house, gus.id)
    change(instance, "remove", gus.id)
    leaving.take_back(instance.house, gus.id)
    after = person(instance, "gus")
    assert after.roles == ["guardian"] and after.salt is None and after.kem_public is None
    assert after.recovered is False  # the keys that are made next follow from no share
    service.invite(instance.house, gus.id)


def test_a_session_of_a_slower_sign_in_stays_shut_after_taking_it_back(instance: Instance) -> None:
    lena = person(instance, "lena").id
    leaving.leave(instance.house, lena)
    cookie = sessions.start(instance.house, lena, None)
    token = service.new_link(instance.house, lena)
    leaving.take_back(instance.house, lena)
    assert sessions.resume(instance.house, cookie) is None
    with instance.stores.read_live() as live:
        assert live.get(Invitation, service.token_hash(token)) is None


def test_the_address_of_a_shut_account_is_free_and_comes_back_where_it_still_is(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    first = person(instance, "lena").id
    write(instance, "lena", outside="https://id|lena-1")
    page = path(instance, "lena")
    desk.client.submit(desk.client.get(page), SURE, button="Lena leaves")
    assert "E-mail lena@example.org Roles" in desk.client.get(page).text
    given = {"name": "Lena the second", "email": "lena@example.org", "roles": ["leader"]}
    desk.client.submit(desk.client.get("/set-up/people/add"), given, button="Make the account")
    taken = desk.client.submit(desk.client.get(page), button="Take it back: Lena stays", status=409)
    assert "Another account has the e-mail address" in taken.text
    with instance.stores.read_main() as main:
        second = main.scalars(select(Person).where(Person.email == "lena@example.org")).one().id
    assert second != first and service.remove_newcomer(instance.house, second)
    leaving.take_back(instance.house, first)
    after = person(instance, "lena")
    assert (after.email, after.outside, after.roles) == ("lena@example.org", "https://id|lena-1", ["leader"])


def test_somebody_of_the_directory_gets_another_account_with_the_same_address(instance: Instance) -> None:
    house = by_the_directory(instance)
    proven = {"email": "lena@example.org", "email_verified": True}
    write(instance, "lena", outside="https://id|lena-1")
    first = person(instance, "lena").id
    leaving.leave(house, first)
    for subject in ("lena-1", "lena-2"):  # no account, neither by subject nor by address
        with pytest.raises(OutsideRefused, match="no account"):
            _account(house, {}, Proven(f"https://id|{subject}", proven, ""))
    for subject in ("lena-2", "lena-1"):  # another account in the directory, or the same one
        again = added(instance, f"lena of {subject}", "leader", email="lena@example.org")
        found = _account(house, {}, Proven(f"https://id|{subject}", proven, ""))
        assert found.id == again
        write(instance, f"lena of {subject}", outside=f"https://id|{subject}")  # which the old row holds no more
        leaving.leave(house, again)


def test_an_address_without_room_for_the_mark_stays_and_comes_back(instance: Instance) -> None:
    long = "x" * 240 + "@example.org"
    amir = added(instance, "amir", "leader", email=long, values={"outside": "https://id|" + "a" * 500} | FACTORS)
    leaving.leave(instance.house, amir)
    assert person(instance, "amir").email == long
    leaving.take_back(instance.house, amir)
    assert person(instance, "amir").email == long and len(person(instance, "amir").outside or "") == 511


def test_an_account_that_nobody_set_up_is_removed_instead(instance: Instance) -> None:
    with pytest.raises(leaving.LeavingRefused, match="remove it"):
        leaving.leave(instance.house, added(instance, "amir", "leader"))


def test_one_of_the_directory_without_a_passphrase_gets_no_link_once_shut(instance: Instance) -> None:
    amir = added(instance, "amir", "leader")
    token = service.invite(instance.house, amir)
    write(instance, "amir", outside="https://id|amir")
    leaving.leave(instance.house, amir)
    with pytest.raises(service.LinkGone):
        service.invited(instance.house, token)
    with pytest.raises(service.AccountRefused):
        service.invite(instance.house, amir)
    with pytest.raises(service.LinkGone):
        service.invited(instance.house, service.new_link(instance.house, amir))


def test_an_admin_ends_sessions_and_learns_only_whether_there_are_any(desk: Desk, instance: Instance) -> None:
    lena = desk.as_("lena")
    desk.sign_in("ada")
    page = desk.client.get(path(instance, "lena"))
    assert "UTC" not in page.text
    desk.client.submit(page, button="End every session")
    lena.client.get("/me", 302)
    assert "Signed in now No" in desk.client.get(path(instance, "lena")).text
    assert "Ended somebody’s sessions: Lena" in desk.client.get("/audit/").text


def test_the_page_says_where_her_name_still_stands(instance: Instance) -> None:
    shares.make(instance.house, visitor(instance, "gita"), ["Lena", "Mr Owl", "Mrs Fox"])
    with instance.stores.write_main() as main:
        organisation = main.get_one(Organisation, 1)
        organisation.signposts = [*organisation.signposts, {"name": "Lena, safeguarding", "number": "1", "hours": ""}]
        organisation.read_instead = {"head": "Lena reads"}
        organisation.staff_side = "lena of the union"
    leaving.leave(instance.house, person(instance, "lena").id)
    found = leaving.account(instance.house, person(instance, "lena").id)
    assert found is not None
    said = {step.title: step.says for step in found.steps}
    assert "A share of Gita is on paper" in said["Recovery shares kept for others"]
    named = "Put somebody else there: Whom to ring: Lena, safeguarding; Who reads instead; Staff side."
    assert said["Pages with this name"] == named
    assert steps(instance, "lena")["Pages with this name"] == OPEN
    assert any("belong to a post" in sentence for sentence in found.passes_on)


@pytest.mark.parametrize(
    ("text", "there"), [("Ada Lovelace", True), ("call ADA  LOVELACE now", True), ("Canada", False)]
)
def test_a_name_is_found_as_whole_words(text: str, there: bool) -> None:
    assert rules.names(text, "Ada Lovelace" if "ove" in text.lower() else "Ada") is there


def test_what_is_no_account_is_not_found(desk: Desk) -> None:
    desk.sign_in("ada")
    for wrong in ("x", "00" * 16):
        desk.client.get(f"/set-up/people/{wrong}/leave", 404)


def test_a_slip_of_the_mouse_shuts_nobody_out(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.submit(desk.client.get(path(instance, "lena")), button="Lena leaves", status=422)
    assert page.errors == ["Tick the box if this is the right person"]
    assert person(instance, "lena").leaving_since is None


def test_the_other_guardians_are_told_on_their_page(desk: Desk, instance: Instance) -> None:
    leaving.leave(instance.house, person(instance, "gita").id)
    desk.sign_in("gwen")
    assert "Your admin says that Gita leaves" in desk.client.get("/keys").text
    leaving.take_back(instance.house, person(instance, "gita").id)
    assert "says that" not in desk.client.get("/keys").text
