"""Guardians come and go on sealed keys: whoever reads can go on closing, and nobody leaves with the last key."""

import datetime as dt

import pytest

from concerns.charter.service import CharterRefused
from concerns.disclosure.ledger import Ledger
from concerns.founding.copies.backing_up import back_up
from concerns.founding.copies.trying import try_out
from concerns.founding.verifying import verify
from concerns.people import changes
from concerns.people.bringing import bring_over
from concerns.people.model import Person
from concerns.people.shares import carried_by
from concerns.sealing import keys, signing
from concerns.sealing.box import seal_box
from concerns.store.handing import NotHanded
from concerns.triage.closing.service import closing_page
from concerns.triage.closing.service import hand_on as look
from tests.cast import Instance
from tests.joining import at_desk, visitor, with_keys
from tests.triage.closing_bench import bundle, counted, on, part, sitting, store

FEBRUARY, MAY, CUT_OFF, LATER = dt.date(2026, 2, 10), dt.date(2026, 5, 12), dt.date(2026, 4, 21), dt.date(2026, 7, 21)


pytestmark = pytest.mark.usefixtures("silent")


def signed(instance: Instance, what: str, person_id: bytes, first: str, second: str) -> None:
    """One guardian proposes, another agrees."""
    changes.propose(instance.house, visitor(instance, first), what, person_id)
    with instance.stores.read_main() as main:
        step = changes.changes(main, instance.house, person_id).step
    assert step is not None
    changes.agree(instance.house, visitor(instance, second), step.hash)


def joins(instance: Instance, name: str, first: str, second: str) -> None:
    signed(instance, changes.ADD, with_keys(instance, name), first, second)


def leaves(instance: Instance, name: str, first: str, second: str) -> None:
    signed(instance, changes.REMOVE, instance.secrets[name][0], first, second)


def closed(instance: Instance, period: str, first: str, second: str) -> None:
    assert part(instance, first, period).waiting
    assert part(instance, second, period).frozen


def steps(instance: Instance) -> list[object]:
    return [line.entry["step"] for line in Ledger(instance.directory).lines()[1:]]


def test_two_who_came_one_after_the_other_close_the_next_quarter(spring: Instance) -> None:
    store(spring, bundle(spring, FEBRUARY, sitting(spring, FEBRUARY, "N01")))
    closed(spring, "2026-Q1", "gita", "gwen")
    joins(spring, "cora", "gita", "gwen")
    leaves(spring, "gita", "gwen", "cora")
    joins(spring, "dora", "gwen", "cora")
    leaves(spring, "gwen", "cora", "dora")
    on(spring, LATER)
    store(spring, bundle(spring, MAY, sitting(spring, MAY, "N02", who="cora")))
    closed(spring, "2026-Q2", "cora", "dora")
    assert (counted(spring, "2026-Q1"), counted(spring, "2026-Q2")) == ({"N01": 1}, {"N02": 1})


def test_a_half_closed_quarter_is_finished_by_who_came_in_between(spring: Instance) -> None:
    store(spring, bundle(spring, FEBRUARY, sitting(spring, FEBRUARY, "N01")))
    part(spring, "gita", "2026-Q1")
    joins(spring, "cora", "gita", "gwen")
    leaves(spring, "gwen", "gita", "cora")
    assert part(spring, "cora", "2026-Q1").frozen
    assert counted(spring, "2026-Q1") == {"N01": 1}


def test_nobody_is_removed_who_alone_can_finish_a_quarter_before_she_handed_it_on(spring: Instance) -> None:
    left_for_gwen_alone(spring)
    with pytest.raises(CharterRefused, match=r"nobody who reads then could finish 2026-Q1\. Ask Gwen to open the page"):
        leaves(spring, "gwen", "gita", "cora")
    at_desk(spring, "gwen").client.get("/close/")
    leaves(spring, "gwen", "gita", "cora")
    assert part(spring, "cora", "2026-Q1").frozen


def test_it_is_asked_again_when_the_second_guardian_signs(spring: Instance) -> None:
    joins(spring, "cora", "gita", "gwen")
    changes.propose(spring.house, visitor(spring, "gita"), changes.REMOVE, spring.secrets["gwen"][0])
    with spring.stores.read_main() as main:
        step = changes.changes(main, spring.house, b"").step
    assert step is not None
    part(spring, "gita", "2026-Q1")  # for Gwen and Cora
    with spring.stores.write_main() as main:
        # and Cora has lost her keys since
        main.get_one(Person, spring.secrets["cora"][0]).kem_public = keys.kem_public(keys.new_seed())
    with pytest.raises(CharterRefused, match="could finish 2026-Q1"):
        changes.agree(spring.house, visitor(spring, "gita"), step.hash)


def renews(instance: Instance, name: str, *, carried: bool) -> None:
    """New keys, as a use of recovery shares leaves them; or with the old ones lost."""
    person_id, old = instance.secrets[name]
    secret = keys.new_seed() + keys.new_seed()
    kem = keys.kem_public(secret[:32])
    with instance.stores.write_main() as main:
        person = main.get_one(Person, person_id)
        person.kem_public, person.sign_public = kem, signing.sign_public(secret[32:])
        person.carried = seal_box([kem], old[:32], carried_by(person_id)) if carried else None
    instance.secrets = {**instance.secrets, name: (person_id, secret)}


def left_for_gwen_alone(instance: Instance) -> None:
    """Gita drew, and signed last for Cora: she could not hand it on."""
    part(instance, "gita", "2026-Q1")
    joins(instance, "cora", "gwen", "gita")
    assert steps(instance) == ["begun", "handed"]


def test_who_renews_her_keys_hands_on_with_the_old_ones_when_she_brings_her_flags_over(spring: Instance) -> None:
    left_for_gwen_alone(spring)
    renews(spring, "gwen", carried=True)
    signed(spring, changes.ADD, spring.secrets["gwen"][0], "gita", "cora")
    with pytest.raises(CharterRefused, match=r"could finish 2026-Q1\. Ask Gwen to bring her flags over: that hands"):
        leaves(spring, "gwen", "gita", "cora")
    assert bring_over(spring.house, visitor(spring, "gwen"), b"") is None
    # the list goes to Cora, by Gita, and to Gwen's new key, by Cora; the vector to all, by Gwen's old one
    assert steps(spring) == ["begun", "handed", "handed", "handed"]
    leaves(spring, "gwen", "gita", "cora")
    assert part(spring, "cora", "2026-Q1").frozen


def test_where_the_ledger_is_shut_the_old_keys_are_kept(spring: Instance) -> None:
    left_for_gwen_alone(spring)
    renews(spring, "gwen", carried=True)
    signed(spring, changes.ADD, spring.secrets["gwen"][0], "gita", "cora")
    ledger = Ledger(spring.directory)
    ledger.path.rename(ledger.path.with_suffix(".away"))
    with pytest.raises(NotHanded, match="missing or empty"):
        bring_over(spring.house, visitor(spring, "gwen"), b"")
    browser = at_desk(spring, "gwen").client
    browser.submit(browser.get("/keys/bring-over"), {}, button="Bring them over")
    assert "Your old key is kept for now. The ledger is missing" in browser.get("/keys").text
    ledger.path.with_suffix(".away").rename(ledger.path)
    assert bring_over(spring.house, visitor(spring, "gwen"), b"") is None
    assert part(spring, "gwen", "2026-Q1").frozen


def test_where_no_ledger_is_kept_guardians_change_as_before_and_a_broken_one_is_said(spring: Instance) -> None:
    left_for_gwen_alone(spring)
    ledger = Ledger(spring.directory).path
    whole = ledger.read_bytes()
    ledger.write_bytes(whole.replace(b"begun", b"began"))
    with pytest.raises(CharterRefused, match="Line 2 of the ledger has been changed or moved"):
        leaves(spring, "gwen", "gita", "cora")
    ledger.unlink()
    leaves(spring, "gwen", "gita", "cora")
    assert spring.charter.manifest.by_person(spring.secrets["gwen"][0]) is None


def test_keys_that_are_lost_already_stop_no_new_ones(spring: Instance) -> None:
    left_for_gwen_alone(spring)
    renews(spring, "gwen", carried=False)
    signed(spring, changes.ADD, spring.secrets["gwen"][0], "gita", "cora")
    assert spring.charter.manifest.version == 3


def test_the_self_check_a_copy_and_its_trial_know_the_step(spring: Instance) -> None:
    part(spring, "gita", "2026-Q1")
    joins(spring, "cora", "gita", "gwen")
    assert steps(spring) == ["begun", "handed"]
    assert [one.words for one in verify(spring.house, []) if one.name == "ledger"] == [
        "The chain is whole; 0 releases equal their lines."
    ]
    made = back_up(spring.house, spring.directory.parent / "copy")
    try_out(spring.house, made.main)


def test_looking_at_the_page_twice_hands_on_once(spring: Instance) -> None:
    left_for_gwen_alone(spring)
    for name in ("gita", "cora", "gwen", "gwen", "gita"):
        look(spring.house, *spring.secrets[name])
    assert steps(spring) == ["begun", "handed", "handed"]  # Gita's list, when she signed; Gwen's vector
    assert closing_page(spring.house).previous is None
