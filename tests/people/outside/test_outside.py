"""The organisation's own accounts: who is vouched for, bound to one account that an admin made, and no guardian ever."""

import base64
import json
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import OctKey
from sqlalchemy import select, update

from concerns.audit.model import AuditRow
from concerns.audit.service import NotNoted
from concerns.people import access, asking, sessions
from concerns.people.model import Asked, Person
from concerns.people.outside import provider, service, web
from concerns.people.outside.provider import KNOWN_FOR
from concerns.people.outside.service import AWAY, BOUND, CROWDED, GUARDIAN, NOT_ANEW, NOT_PROVEN, UNKNOWN, UNVERIFIED
from concerns.people.outside.views import COOKIE
from concerns.people.own import service as own
from concerns.people.second_factor import code_at, new_totp_secret
from concerns.people.service import AccountRefused, LinkGone, invite, invited, new_link
from concerns.people.sessions import resume
from concerns.people.signing_in import unlock
from tests.cast import STARTED, Instance
from tests.people.outside.directory import OTHER_KEY, SECRET, Directory, signed_with
from tests.people.visiting import Desk, wrong_code
from tests.police import Page

NEW = "Seven quiet herons wade upstream"
ONCE_MORE = "Sign in at the directory once more, and choose the passphrase within ten minutes after that"
WELL_KNOWN = "/.well-known/openid-configuration"


def person(instance: Instance, name: str) -> Person:
    with instance.stores.read_main() as main:
        return main.scalars(select(Person).where(Person.email == f"{name}@example.org")).one()


def come(instance: Instance, directory: Directory, **returned: str) -> service.CameBack:
    """The whole way there and back. Raises OutsideRefused."""
    outside = instance.house.outside
    assert outside is not None
    address, cookie = service.begin(instance.house, outside, "")
    return service.come_back(instance.house, outside, cookie, directory.log_in(address) | returned)


def refusal(instance: Instance, directory: Directory, **returned: str) -> str:
    with pytest.raises(service.OutsideRefused) as refused:
        come(instance, directory, **returned)
    return str(refused.value)


def test_a_leader_comes_in_and_has_no_secret(instance: Instance, directory: Directory) -> None:
    opened = resume(instance.house, come(instance, directory).cookie)
    assert opened is not None and opened.person_id == person(instance, "lena").id and opened.secret is None
    assert person(instance, "lena").outside == f"{directory.issuer}|lena-1"


def test_afterwards_the_subject_counts_and_no_longer_the_address(instance: Instance, directory: Directory) -> None:
    come(instance, directory)
    directory.claims = {"email": "lena.now-married@example.org"}
    come(instance, directory)
    directory.claims = {"email": None, "email_verified": None}
    come(instance, directory)
    directory.claims = {"sub": "lena-2"}  # her old address was given to somebody else
    assert refusal(instance, directory) == BOUND


@pytest.mark.attack
@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": ["concerns-desk", "another-client"], "azp": "another-client"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"sub": None},
        {"sub": 7},
        {"exp": 1},
        {"exp": None},
        {"iat": 10**10},
        {"exp": int(STARTED.timestamp()) - 120},
        {"sub": "x" * 513},
        {"sub": "lena\x001"},
        {"at_hash": "AAAA"},
    ],
)
def test_a_token_for_somebody_or_something_else_is_refused(
    instance: Instance, directory: Directory, claims: dict[str, Any]
) -> None:
    directory.claims = claims
    assert refusal(instance, directory) == NOT_PROVEN
    assert person(instance, "lena").outside is None
    directory.claims = {}
    come(instance, directory)  # so it was the claim


def unsigned(claims: dict[str, Any]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "none"}, claims)]
    return b".".join([*parts, b""]).decode()


@pytest.mark.attack
@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        signed_with(OTHER_KEY, "RS256"),
        signed_with(OTHER_KEY, "RS256", "other"),
        signed_with(OctKey.import_key(SECRET), "HS256"),
        lambda claims: unsigned(claims) + "AAAA",
        lambda _claims: "no token",
    ],
    ids=["none", "another key", "an unknown key", "the client’s secret", "none with a signature", "nonsense"],
)
def test_a_token_that_the_directory_did_not_sign_is_refused(
    instance: Instance, directory: Directory, sign: Any
) -> None:
    directory.sign = sign
    assert refusal(instance, directory) == NOT_PROVEN
    assert person(instance, "lena").outside is None


@pytest.mark.attack
def test_another_provider_cannot_answer_in_its_place(instance: Instance, directory: Directory) -> None:
    assert refusal(instance, directory, iss="https://evil.example") == NOT_PROVEN
    instance.clock.now += KNOWN_FOR
    directory.metadata = {"authorization_response_iss_parameter_supported": True}
    assert refusal(instance, directory) == NOT_PROVEN  # it promises its name with each answer
    come(instance, directory, iss=directory.issuer)
    instance.clock.now += KNOWN_FOR
    directory.metadata = {"issuer": "https://evil.example"}
    assert refusal(instance, directory) == AWAY


@pytest.mark.attack
def test_state_and_code_belong_to_one_browser_and_work_once(instance: Instance, directory: Directory) -> None:
    outside = instance.house.outside
    assert outside is not None
    assert refusal(instance, directory, state="another") == NOT_PROVEN
    assert refusal(instance, directory, code="another") == NOT_PROVEN
    assert refusal(instance, directory, code="") == NOT_PROVEN
    address, cookie = service.begin(instance.house, outside, "")
    returned = directory.log_in(address)
    for stranger in ("", "A" * 64, service.begin(instance.house, outside, "")[1]):
        with pytest.raises(service.OutsideRefused):
            service.come_back(instance.house, outside, stranger, returned)
    service.come_back(instance.house, outside, cookie, returned)
    with pytest.raises(service.OutsideRefused):
        service.come_back(instance.house, outside, cookie, returned)


@pytest.mark.attack
def test_after_ten_minutes_nobody_is_waited_for(instance: Instance, directory: Directory) -> None:
    outside = instance.house.outside
    assert outside is not None
    address, cookie = service.begin(instance.house, outside, "")
    instance.clock.pass_(minutes=10)
    with pytest.raises(service.OutsideRefused, match="longer than ten minutes"):
        service.come_back(instance.house, outside, cookie, directory.log_in(address))


@pytest.mark.attack
def test_the_directory_cannot_become_a_guardian(instance: Instance, directory: Directory) -> None:
    directory.claims = {"sub": "gita-1", "email": "gita@example.org"}
    assert refusal(instance, directory) == GUARDIAN
    with instance.stores.write_main() as main:  # nor where somebody wrote the binding into the store
        bound = update(Person).where(Person.email == "gita@example.org")
        main.execute(bound.values(outside=f"{directory.issuer}|gita-1"))
    assert refusal(instance, directory) == GUARDIAN
    with instance.stores.write_main() as main:  # nor by another role, while she has keys
        main.execute(update(Person).where(Person.email == "gita@example.org").values(roles=["overseer"]))
    assert refusal(instance, directory) == GUARDIAN


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"email_verified": False}, UNVERIFIED),
        ({"email_verified": None}, UNVERIFIED),
        ({"email_verified": "true"}, UNVERIFIED),
        ({"email": "nobody@example.org"}, UNKNOWN),
        ({"email": 7}, UNVERIFIED),
        ({"email": "lena\x00@example.org"}, UNVERIFIED),
        ({"email": f"{'x' * 300}@example.org"}, UNVERIFIED),
    ],
)
def test_no_account_is_made_and_none_is_found_by_an_address_that_nobody_vouches_for(
    instance: Instance, directory: Directory, claims: dict[str, Any], said: str
) -> None:
    directory.claims = claims
    assert refusal(instance, directory) == said
    with instance.stores.read_main() as main:
        assert main.query(Person).count() == 5


def test_an_account_that_is_shut_stays_shut(instance: Instance, directory: Directory) -> None:
    come(instance, directory)
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.email == "lena@example.org").values(shut_on=instance.clock.now.date()))
    assert refusal(instance, directory) == UNKNOWN


def test_one_subject_has_one_account(instance: Instance, directory: Directory) -> None:
    come(instance, directory)
    lena, ada = person(instance, "lena"), person(instance, "ada")
    with pytest.raises(service.OutsideRefused, match="somebody else"):
        service._bind(instance.house, ada, lena.outside or "")
    with pytest.raises(service.OutsideRefused, match="somebody else"):
        service._bind(instance.house, lena, "another|subject")
    assert person(instance, "ada").outside is None and person(instance, "lena").outside == lena.outside
    assert signed_in_of(instance, ada) == 0 and signed_in_of(instance, lena) == 1


@pytest.mark.attack
@pytest.mark.parametrize("meanwhile", [{"shut_on": STARTED.date()}, {"email": "other@example.org"}])
def test_what_changed_meanwhile_is_not_bound(instance: Instance, meanwhile: dict[str, Any]) -> None:
    lena = person(instance, "lena")
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.id == lena.id).values(**meanwhile))
    with pytest.raises(service.OutsideRefused):
        service._bind(instance.house, lena, "issuer|lena-1")
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.id == lena.id).values(shut_on=None, email=lena.email))
    service._bind(instance.house, lena, "issuer|lena-1")  # so it was that


def signed_in_of(instance: Instance, one: Person) -> int:
    with instance.stores.read_main() as main:
        return main.query(AuditRow).filter(AuditRow.person_id == one.id, AuditRow.verb == "in-outside").count()


@pytest.mark.attack
def test_another_letter_that_becomes_a_plain_k_is_somebody_else(instance: Instance, directory: Directory) -> None:
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.email == "lena@example.org").values(email="kim@example.org"))
    directory.claims = {"email": "\u212aim@example.org"}
    assert refusal(instance, directory) == UNVERIFIED
    directory.claims = {"email": "Kim@example.org"}
    come(instance, directory)


def test_what_cannot_be_noted_binds_nothing(
    instance: Instance, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_told: object) -> None:
        raise NotNoted

    monkeypatch.setattr(service, "note_within", full)
    with pytest.raises(NotNoted):
        come(instance, directory)
    assert person(instance, "lena").outside is None


def test_its_well_known_page_is_asked_for_once_in_five_minutes(instance: Instance, directory: Directory) -> None:
    for _one in range(3):
        come(instance, directory)
    assert directory.seen.count(WELL_KNOWN) == 1
    instance.clock.now += KNOWN_FOR
    come(instance, directory)
    assert directory.seen.count(WELL_KNOWN) == 2


def test_where_too_many_are_on_their_way_the_directory_is_not_blamed(
    instance: Instance, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST", 0)
    assert refusal(instance, directory) == CROWDED
    monkeypatch.undo()
    monkeypatch.setattr(web, "PATIENCE", 0.01)
    with ExitStack() as stack:
        for _one in range(web.AT_ONCE):
            web._places.acquire()
            stack.callback(web._places.release)
        provider._known.clear()
        assert refusal(instance, directory) == CROWDED
    come(instance, directory)


def test_the_address_may_stand_on_the_page_about_her(instance: Instance, directory: Directory) -> None:
    directory.claims = {"email": None, "email_verified": None}
    directory.userinfo = {"sub": "somebody-else", "email": "lena@example.org", "email_verified": True}
    assert refusal(instance, directory) == NOT_PROVEN
    directory.userinfo["sub"] = "lena-1"
    come(instance, directory)


def test_the_secret_goes_by_post_where_the_directory_wants_it_so(instance: Instance, directory: Directory) -> None:
    directory.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    come(instance, directory)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (500, b"")),
        ("/.well-known/openid-configuration", (200, b"no JSON")),
        ("/.well-known/openid-configuration", (200, b"[]")),
        ("/.well-known/openid-configuration", (200, b"x" * 300_000)),
        ("/.well-known/openid-configuration", (302, b"")),
        ("/token", (502, b"")),
        ("/token", (200, b"no JSON")),
        ("/keys", (404, b"")),
        ("/me", (500, b"")),
    ],
)
def test_a_directory_that_fails_is_said_to_be_away(
    instance: Instance, directory: Directory, path: str, answer: tuple[int, bytes]
) -> None:
    directory.claims = {"email": None} if path == "/me" else {}
    directory.broken = {path: answer}
    assert refusal(instance, directory) == AWAY


@pytest.mark.parametrize(
    "metadata", [{"token_endpoint": "http://example.org/token"}, {"jwks_uri": "file:///etc/passwd"}, {"jwks_uri": 7}]
)
def test_addresses_that_are_not_https_are_not_asked(
    instance: Instance, directory: Directory, metadata: dict[str, Any]
) -> None:
    directory.metadata = metadata
    assert refusal(instance, directory) == AWAY


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "http://example.org/", "//x", "", None])
def test_nothing_but_https_is_ever_opened(url: Any) -> None:
    with pytest.raises(web.Away):
        web.ask(url, {})


def test_where_it_hangs_it_does_not_take_every_thread_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PATIENCE", 0.01)
    with ExitStack() as stack:
        for _one in range(web.AT_ONCE):
            web._places.acquire()
            stack.callback(web._places.release)
        with pytest.raises(web.Away, match="too many"):
            web.ask("https://127.0.0.1:1/", {})
    with pytest.raises(web.Away, match="cannot be reached"):
        web.ask("https://127.0.0.1:1/", {})


def test_the_pages_lead_there_and_back(desk: Desk, directory: Directory) -> None:
    page = desk.client.get("/sign-in?wanted=/promises/")
    link = page.links()["Sign in with the trust’s account"].removeprefix("/desk")
    answer = desk.client.client.get(link)
    assert answer.status_code == 302
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(COOKIE)]
    attributes = {part.strip() for part in cookie.split(";")[1:] if not part.strip().startswith("Expires")}
    assert attributes == {"Secure", "HttpOnly", "Max-Age=600", "Path=/desk/outside/back", "SameSite=Lax"}
    assert urlsplit(answer.headers["Location"]).path == "/authorize"
    returned = directory.log_in(answer.headers["Location"])
    query = "&".join(f"{name}={value}" for name, value in returned.items())
    back = desk.client.get(f"/outside/back?{query}")
    assert back.h1 == "You are signed in"
    assert back.links()["Go on to the desk"] == "/desk/promises/"
    desk.client.get("/promises/")
    assert "Signed in through the organisation’s directory" in desk.client.get("/audit/").text
    assert "through the organisation’s directory" not in desk.client.get("/me").text  # she has a passphrase too
    desk.client.get(f"/outside/back?{query}", 403)
    with desk.instance.stores.read_live() as live:
        assert live.query(Asked).count() == 0


def without_passphrase(desk: Desk, directory: Directory) -> None:
    """Lena has only the directory, and is signed in by it."""
    with desk.instance.stores.write_main() as main:
        lena = update(Person).where(Person.email == "lena@example.org")
        main.execute(lena.values(salt=None, verifier=None, totp=None))
    through(desk, directory)


def through(desk: Desk, directory: Directory, path: str = "/outside", status: int = 200) -> Page:
    """To the directory and back; the session's own cookie does not come along, as in a browser."""
    answer = desk.client.client.get(path)
    returned = directory.log_in(answer.headers["Location"])
    kept = desk.client.client.get_cookie(access.COOKIE, path="/desk/")
    if kept is not None:
        desk.client.client.delete_cookie(access.COOKIE, path="/desk/")
    back = "/outside/back?" + "&".join(f"{name}={value}" for name, value in returned.items())
    page = desk.client.get(back, status)
    if kept is not None and desk.client.client.get_cookie(access.COOKIE, path="/desk/") is None:
        desk.client.client.set_cookie(access.COOKIE, kept.value, path="/desk/", secure=True)
    return page


def anew(desk: Desk, directory: Directory, status: int = 200) -> Page:
    """The way that the page about a passphrase leads."""
    link = desk.client.get("/me/first").links()["Sign in once more with the trust’s account"]
    return through(desk, directory, link.removeprefix("/desk"), status)


def typed_for(desk: Desk, page: Page) -> dict[str, str]:
    secret = next(field.get("value") for field in page.form().iter("input") if field.get("name") == "totp")
    return {"passphrase": NEW, "again": NEW, "code": code_at(secret, desk.instance.clock.now)}


def test_an_account_without_a_passphrase_is_enough_and_she_chooses_one_herself(
    desk: Desk, directory: Directory
) -> None:
    without_passphrase(desk, directory)
    page = desk.client.get("/me")
    assert "You sign in through the organisation’s directory" in page.text
    typed = {"name": "x", "old_passphrase": "a passphrase that she has not"}
    refused = desk.client.post("/me/passkeys/add", {**typed, "csrf_token": token(page)}, 422)
    assert refused.errors
    assert desk.client.get("/me/passphrase", 302).location == "/desk/me/first"
    assert anew(desk, directory).links()["Go on to the desk"] == "/desk/me/first"
    elsewhere = Desk(desk.instance)
    through(elsewhere, directory)
    page = desk.client.get("/me/first")
    secret = next(field.get("value") for field in page.form().iter("input") if field.get("name") == "totp")
    code = code_at(secret, desk.instance.clock.now)
    typed = {"passphrase": NEW, "again": NEW, "code": wrong_code(secret, desk.instance.clock.now)}
    wrong = desk.client.submit(page, typed, status=422)
    assert wrong.errors == ["The code is not the one your app should show now: wait for the next one and enter that"]
    assert secret in wrong.html
    desk.client.submit(wrong, {"passphrase": NEW, "again": NEW, "code": code})
    elsewhere.client.get("/me", 302)
    desk.instance.clock.pass_(seconds=30)
    unlock(desk.instance.house, "lena@example.org", NEW, code_at(secret, desk.instance.clock.now))
    assert desk.client.get("/me/first", 302).location == "/desk/me/passphrase"


def token(page: Page) -> str:
    return str(next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token"))


@pytest.mark.attack
def test_at_a_desk_that_was_left_open_nobody_chooses_a_passphrase_for_her(desk: Desk, directory: Directory) -> None:
    without_passphrase(desk, directory)
    anew(desk, directory)
    page = desk.client.get("/me/first")
    desk.instance.clock.pass_(minutes=10)
    again = desk.client.submit(page, typed_for(desk, page), status=422)
    assert again.errors == [ONCE_MORE] and "Sign in once more with the trust’s account" in again.links()
    assert person(desk.instance, "lena").salt is None


@pytest.mark.attack
def test_at_a_desk_that_was_left_open_the_directorys_own_session_answers_and_nobody_chooses_a_passphrase(
    desk: Desk, directory: Directory
) -> None:
    without_passphrase(desk, directory)
    anew(desk, directory)
    page = desk.client.get("/me/first")  # the form, as Lena once had it
    through(desk, directory)  # the passer-by comes in again, and the directory asks nothing
    assert "Sign in once more with the trust’s account" in desk.client.get("/me/first").links()
    refused = desk.client.submit(page, typed_for(desk, page), status=422)
    assert refused.errors == [ONCE_MORE]
    directory.obeys = False
    assert anew(desk, directory, 403).errors == [NOT_ANEW]
    for said in (None, True, "now", 10**10):
        directory.claims = {"auth_time": said}
        assert anew(desk, directory, 403).errors[0] in (NOT_ANEW, NOT_PROVEN)
    assert person(desk.instance, "lena").salt is None


@pytest.mark.attack
@pytest.mark.parametrize(
    "changed",
    [
        {"salt": bytes(16), "verifier": bytes(32), "totp": b"x"},
        {"outside": None},
        {"shut_on": STARTED.date()},
    ],
)
def test_a_first_passphrase_is_for_an_account_that_has_none_and_is_the_directorys(
    instance: Instance, changed: dict[str, Any]
) -> None:
    lena, secret = person(instance, "lena"), new_totp_secret()
    bare = {"salt": None, "verifier": None, "totp": None, "outside": "issuer|lena-1", "shut_on": None}
    cookie = sessions.start(instance.house, lena.id, None, proven=True)
    typed = (lena.id, NEW, secret, code_at(secret, instance.clock.now))
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.id == lena.id).values({**bare, **changed}))
    with pytest.raises(own.NotChanged):
        own.first_passphrase(instance.house, *typed, cookie)
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.id == lena.id).values(bare))
    with pytest.raises(own.NotChanged):
        own.first_passphrase(instance.house, *typed, sessions.start(instance.house, lena.id, None))
    adas = sessions.start(instance.house, person(instance, "ada").id, None, proven=True)
    with pytest.raises(own.NotChanged):
        own.first_passphrase(instance.house, *typed, adas)
    own.first_passphrase(instance.house, *typed, cookie)


def test_the_session_that_was_open_before_ends(desk: Desk, directory: Directory) -> None:
    desk.sign_in("lena")
    old = desk.client.client.get_cookie(access.COOKIE, path="/desk/")
    assert old is not None and sessions.resume(desk.instance.house, old.value) is not None
    through(desk, directory)
    new = desk.client.client.get_cookie(access.COOKIE, path="/desk/")
    assert new is not None and sessions.resume(desk.instance.house, new.value) is not None
    assert sessions.resume(desk.instance.house, old.value) is None


@pytest.mark.attack
def test_no_admin_gets_a_link_to_an_account_of_the_directory(desk: Desk, directory: Directory) -> None:
    without_passphrase(desk, directory)
    lena, ada = person(desk.instance, "lena"), desk.as_("ada")
    assert "No link that works" not in ada.client.get("/set-up").text
    assert "Make links for everybody" not in ada.client.get("/set-up").text
    with pytest.raises(AccountRefused):
        invite(desk.instance.house, lena.id)
    with pytest.raises(LinkGone):
        invited(desk.instance.house, new_link(desk.instance.house, lena.id))
    path = f"/set-up/people/{lena.id.hex()}/leave"
    page = ada.client.get(path)
    assert "It cannot be set free" in page.text
    ada.client.post(path, {"what": "unbind", "csrf_token": token(page)}, 409)
    assert person(desk.instance, "lena").outside is not None


def test_an_account_with_a_passphrase_can_be_set_free(desk: Desk, instance: Instance, directory: Directory) -> None:
    come(instance, directory)
    lena, ada = desk.as_("lena"), desk.as_("ada")
    path = f"/set-up/people/{person(instance, 'lena').id.hex()}/leave"
    ada.client.submit(ada.client.get(path), button="Set the account free")
    assert person(instance, "lena").outside is None
    lena.client.get("/me", 302)
    directory.claims = {"sub": "lena-2"}
    come(instance, directory)


def test_while_the_directory_is_away_the_usual_way_is_there(desk: Desk, directory: Directory) -> None:
    directory.broken = {"/.well-known/openid-configuration": (500, b"")}
    page = desk.client.get("/outside?wanted=/promises/", 503)
    assert page.errors == [AWAY] and page.h1 == "Sign in"
    desk.instance.clock.pass_(seconds=30)
    assert desk.client.submit(page, desk.factors("lena"), button="Sign in").location == "/desk/promises/"


def test_the_secret_is_on_no_page_and_in_no_settings_that_are_printed(desk: Desk) -> None:
    assert SECRET not in desk.client.get("/sign-in").html
    assert SECRET not in repr(desk.instance.settings) and SECRET not in repr(desk.instance.house)
