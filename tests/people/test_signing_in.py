"""Signing in: two factors, each code once, and the same answer and work for a stranger."""

from unittest.mock import patch

import pytest

from concerns.people import second_factor
from concerns.people.access import COOKIE
from concerns.people.model import DeskSession
from concerns.people.signing_in import SignInRefused, unlock
from concerns.sealing import passwords
from tests.cast import Instance
from tests.people.visiting import Desk, without_tokens
from tests.police import Page

REFUSED = (
    "The e-mail address, the passphrase or the code is wrong. A code works once: wait for the next one and try again"
)


def attempt(desk: Desk, **changed: str) -> Page:
    form = desk.client.get("/sign-in")
    return desk.client.submit(form, {**desk.factors("gita"), **changed}, button="Sign in", status=403)


def test_each_role_gets_its_own_first_page(desk: Desk) -> None:
    for name, path in (("gita", "/inbox"), ("ada", "/set-up"), ("lena", "/report/"), ("priya", "/report/")):
        other = desk.as_(name)
        assert other.client.get("/", 302).location == f"/desk{path}"
        other.client.get(path)


def test_a_stranger_is_sent_to_sign_in_and_then_where_she_wanted_to_go(desk: Desk) -> None:
    wanted = desk.client.get("/inbox?show=all", 302).location
    assert wanted.startswith("/desk/sign-in?wanted=")
    desk.instance.clock.pass_(seconds=30)
    page = desk.client.get(wanted.removeprefix("/desk"))
    assert desk.client.submit(page, desk.factors("gita"), button="Sign in").location == "/desk/inbox?show=all"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a%0d%0ab", "evil"])
def test_the_way_back_never_leads_elsewhere(desk: Desk, wanted: str) -> None:
    assert desk.sign_in("gita", wanted).location == "/desk/"


def test_stranger_wrong_passphrase_and_wrong_code_get_the_same_answer(desk: Desk) -> None:
    pages = [
        attempt(desk, email="nobody@example.org"),
        attempt(desk, passphrase="somebody else’s bees on a roof"),
        attempt(desk, code="000000"),
    ]
    assert [page.errors for page in pages] == [[REFUSED]] * 3
    assert len({len(page.html) - len(page.html.split('name="email"')[1].split(">")[0]) for page in pages}) == 1
    assert not any("bees" in without_tokens(page) for page in pages)


@pytest.mark.parametrize("email", ["gita@example.org", "nobody@example.org"])
def test_known_and_unknown_cost_one_stretch_each(instance: Instance, email: str) -> None:
    with (
        patch.object(passwords, "stretch", wraps=passwords.stretch) as stretch,
        pytest.raises(SignInRefused),
    ):
        unlock(instance.house, email, "wrong in any case", "000000")
    assert stretch.call_count == 1


def test_a_code_works_once(desk: Desk) -> None:
    desk.sign_in("gita")
    over_her_shoulder = Desk(desk.instance)
    assert attempt(over_her_shoulder).errors == [REFUSED]
    over_her_shoulder.sign_in("gita")  # the next code works


def test_a_code_works_once_also_for_two_at_the_same_time(instance: Instance) -> None:
    email, passphrase, code = "gita@example.org", instance.passphrase("gita"), instance.code()

    # both have looked at the code before either of them claims it
    with patch.object(second_factor, "matching_step", return_value=second_factor.step_of(instance.clock())):
        unlock(instance.house, email, passphrase, code)
        with pytest.raises(SignInRefused):
            unlock(instance.house, email, passphrase, code)


def test_a_rehearsal_takes_the_passphrase_alone_on_the_command_line(instance: Instance) -> None:
    unlocked = unlock(instance.house, " GITA@example.org ", instance.passphrase("gita"), None)
    assert unlocked.secret == instance.guardian("gita").secret
    assert unlock(instance.house, "ada@example.org", instance.passphrase("ada"), None).secret is None


def test_a_real_instance_does_not(instance: Instance) -> None:
    from concerns.areas.model import Organisation

    with instance.stores.write_main() as main:
        organisation = main.get(Organisation, 1)
        assert organisation is not None
        organisation.rehearsal = False
    with pytest.raises(SignInRefused):
        unlock(instance.house, "gita@example.org", instance.passphrase("gita"), None)
    unlock(instance.house, "gita@example.org", instance.passphrase("gita"), instance.code())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"email": "gita"}, "Enter an e-mail address in the right form, like name@example.org"),
        ({"email": ""}, "Enter an e-mail address"),
        ({"passphrase": ""}, "Enter your passphrase"),
        ({"code": "12 34"}, "Enter the six digits that your authenticator app shows"),
    ],
)
def test_each_empty_or_odd_field_says_what_it_wants(desk: Desk, data: dict[str, str], message: str) -> None:
    page = desk.client.submit(
        desk.client.get("/sign-in"), {**desk.factors("gita"), **data}, button="Sign in", status=422
    )
    assert page.errors == [message]
    assert "bees" not in without_tokens(page)


def test_the_cookie_never_accompanies_a_report(desk: Desk) -> None:
    response = desk.sign_in("gita").response
    (cookie,) = [line for line in response.headers.getlist("Set-Cookie") if line.startswith(COOKIE)]
    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert attributes == {"Secure", "HttpOnly", "Path=/desk/", "SameSite=Strict"}


def test_signing_out_deletes_the_row_and_the_cookie(desk: Desk, instance: Instance) -> None:
    desk.sign_in("gita")
    page = desk.client.get("/me")
    (form,) = [form for form in page.tree.iter("form") if form.get("action") == "/desk/sign-out"]
    token = next(field.get("value") for field in form.iter("input"))
    assert desk.client.post("/sign-out", {"csrf_token": token}, 302).location == "/desk/sign-in"
    with instance.stores.read_live() as live:
        assert live.query(DeskSession).count() == 0
    desk.client.get("/me", 302)


def test_signing_in_again_ends_the_session_before(desk: Desk, instance: Instance) -> None:
    other_tab = desk.client.get("/sign-in")
    desk.sign_in("gita")
    desk.client.get("/sign-in", 302)  # who is signed in needs no form
    instance.clock.pass_(seconds=30)
    desk.client.submit(other_tab, desk.factors("gita"))
    with instance.stores.read_live() as live:
        assert live.query(DeskSession).count() == 1


def test_a_post_without_our_token_is_refused(desk: Desk) -> None:
    for path in ("/sign-in", "/sign-out", "/collect", "/keys", "/flags/" + "0" * 32):
        desk.client.post(path, desk.factors("gita"), 400)


def test_too_many_at_once_are_told_so_and_nothing_waits_behind_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = desk.client.get("/sign-in")
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "stretch", raise_busy)
        page = desk.client.submit(form, desk.factors("gita"), button="Sign in", status=503)
    assert page.errors == ["Too many people are signing in at this moment. Wait a minute and try again"]
    assert "gita@example.org" in page.html
    assert "bees" not in without_tokens(page)
    desk.client.submit(page, {**desk.factors("gita")}, button="Sign in")


def raise_busy(*_args: object) -> None:
    raise passwords.Busy


@pytest.mark.parametrize("field", ["email", "passphrase", "wanted"])
def test_letters_that_no_store_holds_are_refused_in_words(desk: Desk, field: str) -> None:
    sent = {**desk.factors("gita"), field: "gita\0@example.org"}
    page = desk.client.submit(desk.client.get("/sign-in"), sent, status=422)
    assert page.errors


def test_without_a_directory_there_is_no_way_through_one(desk: Desk) -> None:
    assert "account" not in "".join(desk.client.get("/sign-in").links())
    desk.client.get("/outside", 404)
    desk.client.get("/outside/back", 404)
