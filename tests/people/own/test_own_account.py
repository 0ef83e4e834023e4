"""One's own passphrase, app and sessions: everything is sealed anew, and whatever was open elsewhere ends."""

import pyotp
import pytest
from sqlalchemy import select, update

from concerns.audit.service import NotNoted
from concerns.people import sessions
from concerns.people.access import COOKIE
from concerns.people.model import DeskSession, Person
from concerns.people.own import service
from concerns.people.second_factor import code_at, new_totp_secret
from concerns.people.signing_in import SignInRefused, unlock
from tests.cast import STARTED, Instance
from tests.people.visiting import Desk

NEW = "Seven quiet herons wade upstream"
#: of another app, whose codes are none of those of the cast's on the day of these tests
OTHER_APP = "KRUGKIDROVUWG2ZAMJZG653OEBTG66BA"


def person(instance: Instance, name: str) -> Person:
    with instance.stores.read_main() as main:
        return main.scalars(select(Person).where(Person.email == f"{name}@example.org")).one()


def open_rows(instance: Instance) -> int:
    with instance.stores.read_live() as live:
        return live.query(DeskSession).count()


def change(desk: Desk, status: int = 302, **typed: str) -> list[str]:
    filled = {"old_passphrase": desk.instance.passphrase("gita"), "passphrase": NEW, "again": NEW, **typed}
    page = desk.client.submit(desk.client.get("/me/passphrase"), filled, status=status)
    return page.errors if page.tree is not None else [page.location]


def test_a_guardian_changes_her_passphrase_and_keeps_her_keys_and_her_app(desk: Desk, instance: Instance) -> None:
    elsewhere, before = desk.as_("gita"), person(instance, "gita")
    desk.sign_in("gita")
    assert change(desk) == ["/desk/me"]
    desk.client.get("/inbox")
    elsewhere.client.get("/inbox", 302)
    instance.clock.pass_(seconds=30)
    unlocked = unlock(instance.house, "gita@example.org", NEW, instance.code())
    assert unlocked.secret == instance.secrets["gita"][1]
    with pytest.raises(SignInRefused):
        unlock(instance.house, "gita@example.org", instance.passphrase("gita"), instance.code())
    after = person(instance, "gita")
    assert after.kem_public == before.kem_public
    assert not {after.salt, after.verifier, after.secret, after.totp} & {
        *(before.salt, before.verifier, before.secret, before.totp)
    }
    assert "Changed the own passphrase" in desk.client.get("/audit/").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"old_passphrase": ""}, "Enter your passphrase"),
        ({"old_passphrase": "not hers at all, no"}, "This is not your passphrase"),
        ({"again": "something else entirely"}, "The two passphrases are not the same"),
        (
            {"passphrase": "short", "again": "short"},
            "Your passphrase must have at least 14 characters, or at least 4 words",
        ),
        (
            {"passphrase": "Gita keeps bees on the roof", "again": "Gita keeps bees on the roof"},
            "Choose another passphrase than the one you have",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(desk: Desk, typed: dict[str, str], message: str) -> None:
    desk.sign_in("gita")
    before = person(desk.instance, "gita")
    assert change(desk, 422, **typed) == [message]
    assert person(desk.instance, "gita").verifier == before.verifier


def test_of_two_changes_at_the_same_time_one_is_made(instance: Instance) -> None:
    gita = person(instance, "gita")
    known = service.confirm(instance.house, gita.id, instance.passphrase("gita"))
    service.change_passphrase(instance.house, gita.id, instance.passphrase("gita"), NEW, "")
    with pytest.raises(service.NotChanged, match="in another tab"):
        service._store(instance.house, known.person, {"totp_step": 0})


@pytest.mark.attack
@pytest.mark.parametrize("meanwhile", [{"shut_on": STARTED.date()}, {"secret": b"another"}, {"secret": None}])
def test_what_changed_meanwhile_is_not_overwritten(instance: Instance, meanwhile: dict[str, object]) -> None:
    gita = person(instance, "gita")
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.id == gita.id).values(**meanwhile))
    with pytest.raises(service.NotChanged, match="in another tab"):
        service._store(instance.house, gita, {"totp_step": 7})
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.id == gita.id).values(shut_on=None, secret=gita.secret))
    service._store(instance.house, gita, {"totp_step": 7})  # so it was that


def test_what_cannot_be_noted_is_not_changed(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object) -> None:
        raise NotNoted

    gita, secret = person(instance, "gita"), new_totp_secret()
    monkeypatch.setattr(service, "note_within", full)
    passphrase = instance.passphrase("gita")
    with pytest.raises(NotNoted):
        service.change_passphrase(instance.house, gita.id, passphrase, NEW, "")
    with pytest.raises(NotNoted):
        service.change_app(instance.house, gita.id, passphrase, secret, code_at(secret, instance.clock.now), "")
    after = person(instance, "gita")
    assert (after.verifier, after.totp) == (gita.verifier, gita.totp)


def test_another_app_takes_the_place_of_the_one_before(
    desk: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pyotp, "random_base32", lambda: OTHER_APP)
    elsewhere = desk.as_("lena")
    desk.sign_in("lena")
    page = desk.client.get("/me/app")
    secret = next(field.get("value") for field in page.form().iter("input") if field.get("name") == "totp")
    assert secret == OTHER_APP
    typed = {"old_passphrase": instance.passphrase("lena"), "code": "000000"}
    wrong = desk.client.submit(page, typed, status=422)
    assert wrong.errors == ["The code is not the one your app should show now: wait for the next one and enter that"]
    assert secret in wrong.html and instance.passphrase("lena") not in wrong.html
    desk.client.submit(wrong, {**typed, "code": code_at(secret, instance.clock.now)})
    elsewhere.client.get("/me", 302)
    instance.clock.pass_(seconds=30)
    with pytest.raises(SignInRefused):
        unlock(instance.house, "lena@example.org", instance.passphrase("lena"), instance.code())
    unlock(instance.house, "lena@example.org", instance.passphrase("lena"), code_at(secret, instance.clock.now))


def test_an_app_without_a_proper_secret_is_refused(instance: Instance) -> None:
    lena, passphrase = person(instance, "lena"), instance.passphrase("lena")
    with pytest.raises(service.NotChanged, match="square"):
        service.change_app(instance.house, lena.id, passphrase, "AAAA", "000000", "")
    secret = new_totp_secret()
    with pytest.raises(service.WrongPassphrase):
        service.change_app(
            instance.house, lena.id, "not hers at all, no", secret, code_at(secret, instance.clock.now), ""
        )


def test_she_sees_her_sessions_and_ends_one_or_all_others(desk: Desk, instance: Instance) -> None:
    first, second = desk.as_("lena"), desk.as_("lena")
    gita = desk.as_("gita")
    desk.sign_in("lena")
    page = desk.client.get("/me/sessions")
    assert page.text.count("Another session") == 2 and page.text.count("This session") == 1
    assert "Began 22 November, 10:00 to 11:00 UTC" in page.text
    desk.client.submit(page, number=0)
    assert [signed_in(other) for other in (first, second)].count(True) == 1
    third = desk.as_("lena")
    desk.client.submit(desk.client.get("/me/sessions"), button="End every session but this one")
    assert not any(signed_in(other) for other in (first, second, third))
    assert signed_in(gita) and signed_in(desk)
    assert open_rows(instance) == 2


def signed_in(desk: Desk) -> bool:
    return desk.client.client.get("/me").status_code == 200


@pytest.mark.attack
def test_nobody_ends_somebody_elses_session(instance: Instance) -> None:
    gita, lena = person(instance, "gita"), person(instance, "lena")
    cookie = sessions.start(instance.house, gita.id, None)
    (row,) = sessions.open_ones(instance.house, gita.id, "")
    assert not sessions.end_one(instance.house, lena.id, row.mark)
    assert not sessions.end_one(instance.house, lena.id, "no such thing")
    assert sessions.resume(instance.house, cookie) is not None
    assert sessions.end_one(instance.house, gita.id, row.mark)
    assert sessions.resume(instance.house, cookie) is None


def test_what_names_a_session_opens_none(desk: Desk, instance: Instance) -> None:
    desk.sign_in("lena")
    lena = person(instance, "lena")
    (row,) = sessions.open_ones(instance.house, lena.id, "")
    cookie = desk.client.client.get_cookie(COOKIE, path="/desk/")
    assert cookie is not None and row.mark not in cookie.value
    assert sessions.resume(instance.house, row.mark) is None
    assert row.hour.minute == row.hour.second == 0


def test_a_session_that_is_over_is_not_listed(instance: Instance) -> None:
    lena = person(instance, "lena")
    sessions.start(instance.house, lena.id, None)
    assert sessions.are_open(instance.house, lena.id)
    instance.clock.pass_(minutes=15)
    assert not sessions.are_open(instance.house, lena.id)
    assert sessions.open_ones(instance.house, lena.id, "") == []
