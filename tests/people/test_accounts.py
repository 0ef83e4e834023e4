"""Accounts come to life: one-time links, first sessions, and guardians who make and sign their keys."""

import pyotp
import pytest
from sqlalchemy import select

from concerns.areas.model import Organisation
from concerns.people import service
from concerns.people.model import Invitation, Person
from concerns.people.second_factor import code_at
from concerns.people.service import AccountRefused, LinkGone
from concerns.sealing import passwords
from concerns.sealing.keys import kem_public
from concerns.sealing.signing import sign_public
from tests.cast import TOTP, Instance
from tests.people.visiting import Desk, wrong_code
from tests.police import Page

PASSPHRASE = "otters swim under the bridge"
#: stands for a code that this app does not show
WRONG = "a wrong code"


def add(instance: Instance, name: str, role: str) -> bytes:
    with instance.stores.write_main() as main:
        return service.add_person(main, name, f"{name.lower()}@example.org", [role]).id


def follow(desk: Desk, path: str, status: int = 302, **changed: str) -> Page:
    page = desk.client.get(path)
    totp = next(field.get("value") for field in page.tree.iter("input") if field.get("name") == "totp")
    now = desk.instance.clock()
    data = {"passphrase": PASSPHRASE, "again": PASSPHRASE, "code": code_at(totp, now), **changed}
    if data["code"] == WRONG:
        data["code"] = wrong_code(totp, now)
    return desk.client.submit(page, data, button="Set up my account", status=status)


def path_of(instance: Instance, person_id: bytes) -> str:
    return f"/welcome/{service.invite(instance.house, person_id)}"


def test_a_link_sets_up_an_account_and_signs_it_in(desk: Desk, instance: Instance) -> None:
    path = path_of(instance, add(instance, "Lara", "leader"))
    assert follow(desk, path).location == "/desk/"
    assert "Lara" in desk.client.get("/me").text
    desk.client.get(path, 410)


def test_the_account_works_with_both_factors_afterwards(
    desk: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    # of a secret by chance two codes in a row are the same one some day
    monkeypatch.setattr(pyotp, "random_base32", lambda: TOTP)
    page = desk.client.get(path_of(instance, add(instance, "Lara", "leader")))
    totp = next(field.get("value") for field in page.tree.iter("input") if field.get("name") == "totp")
    code = code_at(totp, instance.clock())
    desk.client.submit(page, {"passphrase": PASSPHRASE, "again": PASSPHRASE, "code": code})
    other = desk.browser()
    factors = {"email": "lara@example.org", "passphrase": PASSPHRASE}
    other.submit(other.get("/sign-in"), {**factors, "code": code}, status=403)  # the first code is used up
    instance.clock.pass_(seconds=30)
    other.submit(other.get("/sign-in"), {**factors, "code": code_at(totp, instance.clock())})


def test_a_guardian_makes_her_keys_in_her_own_first_session(instance: Instance) -> None:
    person_id = add(instance, "Gail", "guardian")
    token = service.invite(instance.house, person_id)
    made_for, secret = service.accept(instance.house, token, PASSPHRASE, TOTP, instance.code())
    assert made_for == person_id
    assert secret is not None
    assert len(secret) == 64
    with instance.stores.read_main() as main:
        person = main.get(Person, person_id)
    assert person is not None
    assert person.kem_public == kem_public(secret[:32])
    assert person.sign_public == sign_public(secret[32:])
    assert secret[:32] not in bytes(person.secret or b"")
    assert TOTP.encode() not in bytes(person.totp or b"")


def test_a_leader_has_no_keys(instance: Instance) -> None:
    token = service.invite(instance.house, add(instance, "Lara", "leader"))
    person_id, secret = service.accept(instance.house, token, PASSPHRASE, TOTP, instance.code())
    assert secret is None
    with instance.stores.read_main() as main:
        person = main.get(Person, person_id)
    assert person is not None
    assert person.secret is None
    assert person.kem_public is None


def test_a_link_works_once_and_only_its_hash_is_kept(instance: Instance) -> None:
    token = service.invite(instance.house, add(instance, "Lara", "leader"))
    with instance.stores.read_live() as live:
        assert token.encode() not in b"".join(row.token_hash for row in live.scalars(select(Invitation)))
    service.accept(instance.house, token, PASSPHRASE, TOTP, instance.code())
    with pytest.raises(LinkGone):
        service.accept(instance.house, token, PASSPHRASE, TOTP, instance.code())
    with instance.stores.read_live() as live:
        assert not live.scalars(select(Invitation)).all()


def test_of_two_people_with_the_same_link_one_gets_the_account(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = service.invite(instance.house, add(instance, "Lara", "leader"))
    person = service.invited(instance.house, token)
    service.accept(instance.house, token, PASSPHRASE, TOTP, instance.code())
    # the second one had looked the link up before the first one finished
    monkeypatch.setattr(service, "invited", lambda _house, _token: person)
    with pytest.raises(LinkGone):
        service.accept(instance.house, token, "another passphrase altogether", TOTP, instance.code())


def test_a_link_lasts_fourteen_days(desk: Desk, instance: Instance) -> None:
    path = path_of(instance, add(instance, "Lara", "leader"))
    instance.clock.pass_(days=13, hours=23)
    desk.client.get(path)
    instance.clock.pass_(hours=2)
    assert "This link no longer works" in desk.client.get(path, 410).h1


def test_a_new_link_ends_the_one_before(instance: Instance) -> None:
    person_id = add(instance, "Lara", "leader")
    first, second = (service.invite(instance.house, person_id) for _link in range(2))
    with pytest.raises(LinkGone):
        service.invited(instance.house, first)
    assert service.invited(instance.house, second).id == person_id


def test_nobody_who_has_set_up_gets_a_link(instance: Instance) -> None:
    with pytest.raises(AccountRefused):
        service.invite(instance.house, instance.guardian("gita").person_id)
    with pytest.raises(AccountRefused):
        service.invite(instance.house, bytes(16))


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        (
            {"passphrase": "short", "again": "short"},
            ["Your passphrase must have at least 14 characters, or at least 4 words"],
        ),
        ({"again": "otters"}, ["The two passphrases are not the same"]),
        ({"code": "12"}, ["Enter the six digits that your authenticator app shows"]),
        (
            {"code": WRONG},
            ["The code is not the one your app should show now: wait for the next one and enter that"],
        ),
    ],
)
def test_a_mistake_keeps_the_link_and_the_same_second_factor(
    desk: Desk, instance: Instance, changed: dict[str, str], messages: list[str]
) -> None:
    path = path_of(instance, add(instance, "Lara", "leader"))
    page = follow(desk, path, 422, **changed)
    assert page.errors == messages
    assert PASSPHRASE not in page.html
    totp = next(field.get("value") for field in page.tree.iter("input") if field.get("name") == "totp")
    data = {"passphrase": PASSPHRASE, "again": PASSPHRASE, "code": code_at(totp, instance.clock())}
    assert desk.client.submit(page, data).location == "/desk/"


@pytest.mark.parametrize(
    ("name", "email", "roles", "problem"),
    [
        ("", "x@example.org", ["leader"], "Enter a name"),
        ("X", "x", ["leader"], "Enter an e-mail address in the right form, like name@example.org"),
        ("X", "GITA@example.org", ["leader"], "Somebody already has the e-mail address gita@example.org"),
        (
            "X",
            "x@example.org",
            ["guardian", "admin"],
            "A guardian cannot also be an admin: give the roles to two people",
        ),
    ],
)
def test_a_bad_account_is_refused(instance: Instance, name: str, email: str, roles: list[str], problem: str) -> None:
    with pytest.raises(AccountRefused) as refused, instance.stores.write_main() as main:
        service.add_person(main, name, email, roles)
    assert str(refused.value) == problem


def test_a_weak_passphrase_or_short_second_factor_from_a_file_is_refused(instance: Instance) -> None:
    person = Person(id=bytes(16), name="X", email="x@example.org", roles=["leader"])
    for passphrase, totp in (("short", TOTP), (PASSPHRASE, "JBSWY3DP")):
        with pytest.raises(AccountRefused):
            service.set_up_from_file(person, passphrase, totp, instance.directory / "run")


def test_guardians_make_and_sign_their_keys_before_the_service_opens(desk: Desk, instance: Instance) -> None:
    start_over(instance)
    paths = {name: path_of(instance, add(instance, name, "guardian")) for name in ("Nell", "Nora")}
    nell, nora = Desk(instance), Desk(instance)
    follow(nell, paths["Nell"])
    assert nell.client.get("/", 302).location == "/desk/keys"
    page = nell.client.get("/keys")
    assert "These guardians have not made their keys yet: Nora." in page.text
    assert nell.client.get("/inbox", 302).location == "/desk/keys"
    follow(nora, paths["Nora"])
    codes = set()
    for visitor, missing in ((nell, "Nell, Nora"), (nora, "Nora")):
        page = visitor.client.get("/keys")
        assert f"These guardians have not signed yet: {missing}." in page.text
        codes.add(page.with_class("desk-code")[0].text)
        visitor.client.submit(page, button="Sign")
    assert len(codes) == 1
    page = nora.client.get("/keys")
    assert "You have signed. The service is open now." in page.text
    assert not list(page.tree.find(".//main").iter("form"))
    assert instance.charter.check_code in codes
    nell.client.get("/inbox")


def test_a_first_session_that_broke_off_after_the_keys_does_not_keep_the_service_shut(
    desk: Desk, instance: Instance
) -> None:
    start_over(instance)
    paths = {name: path_of(instance, add(instance, name, "guardian")) for name in ("Nell", "Nora")}
    nell = Desk(instance)
    follow(nell, paths["Nell"])
    # the machine stopped between Nora's keys and the draft
    token = paths["Nora"].rpartition("/")[2]
    service.accept(instance.house, token, PASSPHRASE, TOTP, instance.code())
    page = nell.client.get("/keys")
    assert "These guardians have not signed yet: Nell, Nora." in page.text
    nell.client.submit(page, button="Sign")


def test_too_many_at_once_keep_the_link_and_the_same_second_factor(
    desk: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(instance, add(instance, "Lara", "leader"))

    def busy(*_args: object) -> None:
        raise passwords.Busy

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "stretch", busy)
        page = follow(desk, path, 503)
    assert page.errors == ["Too many people are signing in at this moment. Wait a minute and try again"]
    assert PASSPHRASE not in page.html
    totp = next(field.get("value") for field in page.tree.iter("input") if field.get("name") == "totp")
    desk.client.submit(page, {"passphrase": PASSPHRASE, "again": PASSPHRASE, "code": code_at(totp, instance.clock())})


def start_over(instance: Instance) -> None:
    """As after `concerns init`, before any guardian has followed her link."""
    from concerns.charter.model import CharterPage
    from concerns.charter.policy import Policy
    from concerns.charter.service import PIN, draft_policy

    kinds = dict(instance.charter.policies[0].policy.kinds)
    (instance.directory / PIN).unlink()
    with instance.stores.write_main() as main:
        for row in [*main.scalars(select(CharterPage)), *main.scalars(select(Person))]:
            main.delete(row)
        organisation = main.get(Organisation, 1)
        assert organisation is not None
        organisation.rehearsal = False
        main.flush()
        draft_policy(main, organisation.site_id, Policy(kinds=kinds))
