"""A person's own passkeys: added with her passphrase, renamed, removed, and nobody else's."""

import pytest

from concerns.audit.service import NotNoted
from concerns.people import asking
from concerns.people.own.service import WrongPassphrase
from concerns.people.passkeys import service
from tests.cast import Instance
from tests.people.passkeys.authenticator import PRESENT, Device
from tests.people.passkeys.with_passkeys import added, options, passkeys, person
from tests.people.visiting import Desk


def begin(desk: Desk, called: str) -> None:
    typed = {"name": called, "old_passphrase": desk.instance.passphrase("lena")}
    assert desk.client.submit(desk.client.get("/me/passkeys/add"), typed).location == "/desk/me/passkeys/new"


def test_she_adds_several_renames_one_and_removes_it(desk: Desk) -> None:
    desk.sign_in("lena")
    for called in ("my phone", "key two"):
        begin(desk, called)
        page = desk.client.get("/me/passkeys/new")
        done = desk.client.submit(page, {"credential": Device().make(options(page))})
        assert done.location == "/desk/me/passkeys"
    page = desk.client.get("/me/passkeys")
    assert "my phone Added 22 November 2026" in page.text and "key two" in page.text
    rename = page.links()["Rename key two"].removeprefix("/desk")
    desk.client.submit(desk.client.get(rename), {"name": "blue key"})
    assert "blue key" in desk.client.get("/me/passkeys").text
    remove = page.links()["Remove key two"].removeprefix("/desk")
    wrong = desk.client.submit(desk.client.get(remove), {"old_passphrase": "not hers at all, no"}, status=422)
    assert wrong.errors == ["This is not your passphrase"]
    desk.client.submit(wrong, {"old_passphrase": desk.instance.passphrase("lena")})
    assert [one.name for one in passkeys(desk.instance)] == ["my phone"]
    assert "Changed the own passphrase, authenticator app or passkeys" in desk.client.get("/audit/").text


@pytest.mark.attack
def test_with_a_stolen_passkey_the_session_that_it_opened_ends(desk: Desk) -> None:
    added(desk.instance, "lena")
    thief = desk.as_("lena")
    desk.sign_in("lena")
    (hers,) = passkeys(desk.instance)
    page = desk.client.get(f"/me/passkeys/{hers.id.hex()}/remove")
    assert "every other session of yours ends" in page.text
    thief.client.get("/me")
    desk.client.submit(page, {"old_passphrase": desk.instance.passphrase("lena")})
    thief.client.get("/me", 302)
    assert "Every other session of yours has ended" in desk.client.get("/me/passkeys").text


def test_what_cannot_be_noted_adds_and_removes_nothing(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    added(instance, "lena")
    (hers,), lena = passkeys(instance), person(instance, "lena")
    cookie = service.begin(instance.house, lena.id, instance.passphrase("lena"), "another")
    asked = service.question(instance.house, lena.id, cookie)
    assert asked is not None
    monkeypatch.setattr(service, "note_within", full)
    with pytest.raises(NotNoted):
        service.remove(instance.house, lena.id, hers.id)
    with pytest.raises(NotNoted):
        service.add(instance.house, lena.id, cookie, Device().make(asked.options))
    assert [one.id for one in passkeys(instance)] == [hers.id]


def full(*_told: object) -> None:
    raise NotNoted


def test_nothing_begins_without_her_passphrase(desk: Desk) -> None:
    desk.sign_in("lena")
    for passphrase, message in (("", "Enter your passphrase"), ("not hers at all, no", "This is not your passphrase")):
        typed = {"name": "my phone", "old_passphrase": passphrase}
        page = desk.client.submit(desk.client.get("/me/passkeys/add"), typed, status=422)
        assert page.errors == [message] and 'value="my phone"' in page.html
    desk.client.get("/me/passkeys/new", 302)


@pytest.mark.attack
def test_at_an_open_desk_nobody_guesses_the_passphrase(instance: Instance) -> None:
    lena = person(instance, "lena")
    for _guess in range(10):
        with pytest.raises(WrongPassphrase, match="This is not your passphrase"):
            service.begin(instance.house, lena.id, "not hers at all, no", "x")
    with pytest.raises(WrongPassphrase, match="Try again in 1 minute"):
        service.begin(instance.house, lena.id, instance.passphrase("lena"), "x")


@pytest.mark.attack
def test_only_the_answer_to_her_own_question_adds_one(instance: Instance) -> None:
    lena, ada = person(instance, "lena"), person(instance, "ada")

    def asked() -> tuple[str, str]:
        cookie = service.begin(instance.house, lena.id, instance.passphrase("lena"), "my phone")
        found = service.question(instance.house, lena.id, cookie)
        assert found is not None
        return cookie, found.options

    cookie, wanted = asked()
    good = Device().make(wanted)
    assert service.question(instance.house, ada.id, cookie) is None
    for wrong in (Device().make(wanted, origin="https://desk.example.com"), Device().make(wanted, flags=PRESENT), "{}"):
        with pytest.raises(service.NotAdded):
            service.add(instance.house, lena.id, asked()[0], wrong)
    with pytest.raises(service.NotAdded):
        service.add(instance.house, lena.id, asked()[0], good)  # the answer to another question
    service.add(instance.house, lena.id, cookie, good)
    with pytest.raises(service.NotAdded, match="too old"):
        service.add(instance.house, lena.id, cookie, good)
    late, wanted = asked()
    instance.clock.pass_(minutes=5)
    with pytest.raises(service.NotAdded, match="too old"):
        service.add(instance.house, lena.id, late, Device().make(wanted))
    assert len(passkeys(instance)) == 1


def test_one_device_key_belongs_to_one_person(instance: Instance) -> None:
    device = added(instance, "lena")
    ada = person(instance, "ada")
    cookie = service.begin(instance.house, ada.id, instance.passphrase("ada"), "the same")
    found = service.question(instance.house, ada.id, cookie)
    assert found is not None
    with pytest.raises(service.NotAdded, match="known here already"):
        service.add(instance.house, ada.id, cookie, device.make(found.options))


@pytest.mark.attack
def test_nobody_renames_or_removes_somebody_elses(desk: Desk) -> None:
    added(desk.instance, "gita")
    (hers,) = passkeys(desk.instance)
    desk.sign_in("lena")
    for page in ("name", "remove"):
        desk.client.get(f"/me/passkeys/{hers.id.hex()}/{page}", 404)
    lena = person(desk.instance, "lena")
    assert not service.rename(desk.instance.house, lena.id, hers.id, "mine")
    assert not service.remove(desk.instance.house, lena.id, hers.id)
    assert [one.name for one in passkeys(desk.instance)] == ["my phone"]


def test_ten_are_enough(instance: Instance) -> None:
    for _one in range(service.MOST):
        added(instance, "lena")
    with pytest.raises(service.NotAdded, match="remove one first"):
        service.begin(instance.house, person(instance, "lena").id, instance.passphrase("lena"), "x")


def test_open_questions_cannot_fill_the_store(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST", 2)
    for _one in range(2):
        asking.ask(instance.house, asking.OUTSIDE, {})
    with pytest.raises(asking.TooManyAsked):
        asking.ask(instance.house, asking.OUTSIDE, {})
    asking.ask(instance.house, asking.PASSKEY_IN, {})  # another kind is not kept out
    instance.clock.pass_(minutes=10)
    asking.ask(instance.house, asking.OUTSIDE, {})
