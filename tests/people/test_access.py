"""Who may see which page, for every page of accounts and triage."""

import pytest

from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.telling import tell

GUARDIANS = ("/inbox", "/keys", "/flags/{flag}")
ADMINS = ("/set-up",)
EVERYBODY = ("/me",)


def paths(instance: Instance, listed: tuple[str, ...]) -> list[str]:
    flag = tell(instance).thread_id.hex()
    return [path.format(flag=flag) for path in listed]


@pytest.mark.parametrize(
    ("name", "open_to"),
    [
        ("gita", GUARDIANS + EVERYBODY),
        ("ada", ADMINS + EVERYBODY),
        ("lena", EVERYBODY),
        ("priya", EVERYBODY),
    ],
)
def test_each_role_sees_its_own_pages_and_no_other(
    desk: Desk, instance: Instance, name: str, open_to: tuple[str, ...]
) -> None:
    desk.sign_in(name)
    for path in paths(instance, open_to):
        desk.client.get(path)
    for path in paths(instance, tuple(set(GUARDIANS + ADMINS + EVERYBODY) - set(open_to))):
        desk.client.get(path, 403)


def test_a_stranger_is_sent_to_sign_in_from_every_page(desk: Desk, instance: Instance) -> None:
    for path in ("/", *paths(instance, GUARDIANS + ADMINS + EVERYBODY)):
        assert desk.client.get(path, 302).location.startswith("/desk/sign-in")


def test_nobody_but_a_guardian_writes(desk: Desk, instance: Instance) -> None:
    told = tell(instance)
    desk.sign_in("ada")
    page = desk.client.get("/set-up")
    token = next(field.get("value") for field in page.tree.iter("input") if field.get("name") == "csrf_token")
    for path in (told.path, "/collect", "/keys"):
        desk.client.post(path, {"csrf_token": token, "status": "acknowledged"}, 403)
    assert len(told.rows()) == 1


def test_a_role_taken_away_counts_from_the_next_page_on(desk: Desk, instance: Instance) -> None:
    from concerns.people.model import Person

    desk.sign_in("ada")
    desk.client.get("/set-up")
    with instance.stores.write_main() as main:
        ada = main.query(Person).filter_by(email="ada@example.org").one()
        ada.roles = ["leader"]
    desk.client.get("/set-up", 403)


def test_a_secret_never_shows_in_a_traceback(instance: Instance) -> None:
    from concerns.people.access import Visitor

    visitor = Visitor(bytes(16), "Gita", "gita@example.org", frozenset({"guardian"}), bytes(range(64)))
    assert repr(visitor) == "Visitor(gita@example.org)"
    with pytest.raises(LookupError):
        _ = Visitor(bytes(16), "Ada", "ada@example.org", frozenset({"admin"}), None).kem_seed
