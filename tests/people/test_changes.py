"""Guardians come and go on the pages: an account, its keys, a proposal, and another guardian's signature."""

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from concerns.charter import pins
from concerns.charter.service import CharterRefused
from concerns.founding.verifying import verify
from concerns.people import changes, remembering
from concerns.people.model import Person
from concerns.people.second_factor import code_at
from concerns.sealing import keys, signing
from concerns.sealing.keys import kem_public
from concerns.sealing.model import ShredKey, Wrap
from tests.cast import Instance
from tests.joining import at_desk, change, join, visitor, with_keys
from tests.people.visiting import Desk
from tests.triage.telling import tell

PASSPHRASE = "Gus keeps ducks in the bath"


def test_a_guardian_is_added_from_account_to_first_flag(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up/guardian")
    desk.client.submit(page, {"name": "", "email": "gus"}, button="Make the account", status=422)
    desk.client.submit(page, {"name": "Gus", "email": "gita@example.org"}, button="Make the account", status=422)
    given = {"name": "Gus", "email": "Gus@example.org", "stand_in": "y"}
    desk.client.submit(page, given, button="Make the account")
    assert "Guardian, stand-in" in desk.client.get("/set-up").text
    assert desk.client.get("/audit/").text.count("Made an account") == 1
    link = desk.client.submit(desk.client.get("/set-up"), {}, button="New one-time link for Gus", status=200)
    token = re.search(r"/welcome/([\w-]+)", link.text)
    assert token is not None

    gus = Desk(instance)
    welcome = gus.client.get(f"/welcome/{token[1]}")
    totp = welcome.form().find(".//input[@name='totp']").get("value")
    given = {"passphrase": PASSPHRASE, "again": PASSPHRASE, "code": code_at(totp, instance.clock.now)}
    gus.client.submit(welcome, given, button="Set up my account")
    assert "You cannot read yet" in gus.client.get("/keys").text
    assert "Two guardians still have to sign" in gus.client.get("/me").text

    gita, gwen = desk.as_("gita"), desk.as_("gwen")
    page = gita.client.get("/keys")
    assert "Gus wants to become a stand-in" in page.text
    assert "Add a third guardian now." in page.text
    gita.client.submit(page, {}, button="Propose Gus")
    page = gita.client.get("/keys")
    assert "Only open flags from before" in page.text and "Sign this change" not in page.text
    assert "Signed by Gita. It waits until 13 December 2026." in page.text
    told = tell(instance)
    page = gwen.client.get("/keys")
    assert "Gus becomes a stand-in: a guardian who sees only" in page.text
    gwen.client.submit(page, {}, button="Sign this change")
    assert "Your keys Signed by the guardians and in use" in gus.client.get("/me").text
    gus.client.get(told.path, 404)
    gus.client.get(tell(instance, "Both must not read it", exclude=["gita", "gwen"]).path)
    gus.client.get(tell(instance, "They read it").path, 404)
    page = gita.client.get("/keys")
    assert "Hand flags from before to Gus" in page.text and "Gus, stand-in" in page.text
    assert "Add a third guardian now." not in page.text


def test_what_waits_can_be_withdrawn(desk: Desk, instance: Instance) -> None:
    with_keys(instance, "gus")
    desk.sign_in("gita")
    desk.client.submit(desk.client.get("/keys"), {}, button="Propose Gus")
    read = desk.client.get("/keys")
    gwen = desk.as_("gwen")
    late = gwen.client.get("/keys")
    desk.client.submit(read, {}, button="Withdraw it")
    answer = gwen.client.submit(late, {}, button="Sign this change", status=409)
    assert "It was not signed: this change waits no longer." in answer.text
    assert instance.charter.manifest.version == 1


def test_of_two_guardians_none_can_be_removed(desk: Desk, instance: Instance) -> None:
    desk.sign_in("gita")
    page = desk.client.get("/keys")
    assert "never fewer than two guardians" in page.text
    token = page.tree.find(".//input[@name='csrf_token']").get("value")
    person = instance.guardian("gwen").person_id.hex()
    answer = desk.client.post("/keys/propose", {"csrf_token": token, "what": "remove", "person": person}, 409)
    assert "there must be two guardians" in answer.text


def test_a_guardian_is_removed_by_two_others(desk: Desk, instance: Instance) -> None:
    join(instance)
    desk.sign_in("gita")
    desk.client.submit(desk.client.get("/keys"), {}, button="Propose to remove Gus")
    gus = at_desk(instance, "gus")
    gus.client.get("/me")
    gwen = desk.as_("gwen")
    page = gwen.client.get("/keys")
    assert "Gus is a guardian no more" in page.text
    gwen.client.submit(page, {}, button="Sign this change")
    assert "/sign-in" in gus.client.get("/keys", 302).location
    assert "Gus" not in gwen.client.get("/keys").text


@pytest.mark.parametrize("what", ["add", "nonsense", "older"])
def test_nobody_without_keys_or_a_role_is_proposed(desk: Desk, instance: Instance, what: str) -> None:
    desk.sign_in("gita")
    token = desk.client.get("/keys").tree.find(".//input[@name='csrf_token']").get("value")
    with instance.stores.read_main() as main:
        lena = main.query(Person).filter_by(email="lena@example.org").one().id.hex()
    desk.client.post("/keys/propose", {"csrf_token": token, "what": what, "person": lena}, 409)
    desk.client.post("/keys/propose", {"csrf_token": token, "what": what, "person": "no id"}, 404)


@pytest.mark.attack
@pytest.mark.parametrize(
    "meanwhile",
    [
        {"shut_on": dt.date(2026, 11, 22)},
        {"roles": ["overseer"]},
        {"kem_public": None, "sign_public": None},
        {"kem_public": b"another key".ljust(32)},
        {"name": "Somebody else"},
    ],
)
def test_no_second_signature_counts_for_keys_that_are_offered_no_more(
    instance: Instance, meanwhile: dict[str, Any]
) -> None:
    gus = with_keys(instance, "gus")
    changes.propose(instance.house, visitor(instance, "gita"), changes.ADD, gus)
    with instance.stores.write_main() as main:
        step = changes.changes(main, instance.house, gus).step
        main.execute(update(Person).where(Person.id == gus).values(meanwhile))
    assert step is not None
    with pytest.raises(CharterRefused, match="Gus has other keys by now"):
        changes.agree(instance.house, visitor(instance, "gwen"), step.hash)
    assert instance.charter.manifest.version == 1


@pytest.mark.attack
def test_new_keys_of_a_guardian_are_signed_only_while_they_are_her_newest(instance: Instance) -> None:
    join(instance)
    gus = instance.secrets["gus"][0]
    for number in range(2):
        secret = keys.new_seed() + keys.new_seed()
        with instance.stores.write_main() as main:
            person = main.get_one(Person, gus)
            person.kem_public, person.sign_public = keys.kem_public(secret[:32]), signing.sign_public(secret[32:])
        if not number:
            changes.propose(instance.house, visitor(instance, "gita"), changes.ADD, gus)
    with instance.stores.read_main() as main:
        step = changes.changes(main, instance.house, gus).step
    assert step is not None and [one.person_id for one in step.renewed] == [gus]
    with pytest.raises(CharterRefused, match="Gus has other keys by now"):
        changes.agree(instance.house, visitor(instance, "gwen"), step.hash)


def test_s8_a_guardian_who_saw_a_newer_manifest_stops_an_older_one(desk: Desk, instance: Instance) -> None:
    """Database and pin are put back together to before a removal: the guardian who signs in next remembers it."""
    join(instance)
    before = (instance.directory / pins.NEWEST).read_text()
    with instance.stores.read_main() as main:
        kept = main.get_one(Person, instance.secrets["gus"][0])
        roles, public, sign = list(kept.roles), kept.kem_public, kept.sign_public
    change(instance, changes.REMOVE, instance.secrets["gus"][0])
    desk.sign_in("gita")
    from concerns.charter.model import CharterPage

    with instance.stores.write_main() as main:
        main.delete(main.get_one(CharterPage, ("manifest", 3)))
        person = main.get_one(Person, instance.secrets["gus"][0])
        person.roles, person.kem_public, person.sign_public = roles, public, sign
    (instance.directory / pins.NEWEST).write_text(before)
    assert kem_public(instance.secrets["gus"][1][:32]) in instance.charter.manifest.kem_publics
    shown = desk.as_("gita").client.get("/keys").text
    assert "older than, or another than, the newest one that was seen" in shown
    gwen = desk.as_("gwen")
    gwen.client.get("/inbox", 302)


def test_a_note_of_somebody_else_is_no_memory(instance: Instance) -> None:
    """Whoever writes to the database cannot stop the service by a note in a guardian's row."""
    join(instance)
    for name in ("gita", "gwen"):
        remembering.remember_manifest(instance.house, *instance.secrets[name])
    with instance.stores.write_main() as main:
        gita = main.get_one(Person, instance.secrets["gita"][0])
        gita.seen_manifest = main.get_one(Person, instance.secrets["gwen"][0]).seen_manifest
    remembering.remember_manifest(instance.house, *instance.secrets["gita"])
    assert instance.charter.manifest.version == 2
    with instance.stores.read_main() as main:
        assert changes.changes(main, instance.house, visitor(instance, "gita").person_id).step is None


def test_a_change_that_broke_off_before_the_wraps_is_seen_and_mended(desk: Desk, instance: Instance) -> None:
    told = tell(instance)
    join(instance)
    kid = instance.guardian("gus").key.kid
    with instance.stores.write_main() as main:
        main.execute(delete(Wrap).where(Wrap.kid == kid))

    def charter_lines() -> list[bool | None]:
        return [found.good for found in verify(instance.house, []) if found.name in {"charter", "wraps"}]

    assert charter_lines() == [True, False]
    desk.sign_in("gita")
    desk.client.get("/keys")
    assert charter_lines() == [True]
    assert all(kid in row.wraps for row in told.rows())


def test_after_a_removal_the_pages_of_guardians_bring_every_thread_under_a_new_key(
    desk: Desk, instance: Instance
) -> None:
    join(instance)
    told = [tell(instance, f"Number {number}", collected=number < 2) for number in range(3)]
    before = shred_keys(instance)
    change(instance, changes.REMOVE, instance.secrets["gus"][0])
    desk.sign_in("gita")
    assert "Number 0" in desk.client.get(told[0].path).text
    after = shred_keys(instance)
    assert before.keys() == after.keys() and not set(before.values()) & set(after.values())
    assert {len(key) for key in after.values()} == {32}


def shred_keys(instance: Instance) -> dict[bytes, bytes]:
    with instance.stores.read_live() as live:
        return {row.thread_id: row.key for row in live.scalars(select(ShredKey))}
