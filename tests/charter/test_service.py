"""The charter: only keys and rules that the guardians signed are ever followed."""

import dataclasses
import json
import threading
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from concerns.areas.questions import Questions
from concerns.charter import service as charter
from concerns.charter.manifest import (
    GuardianKey,
    ManifestRefused,
    check_code,
    document_hash,
    read_manifest,
    write_manifest,
)
from concerns.charter.model import CharterPage
from concerns.charter.policy import Policy, PolicyRefused, read_policy, write_policy
from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.sealing import keys, signing
from concerns.store.session import Stores
from tests.cast import Instance

POLICY = Policy(kinds={"quarter": Fraction(1, 2), "year": Fraction(1, 2)})
SITE = bytes(16)


def guardians(*names: str) -> tuple[list[GuardianKey], list[bytes]]:
    seeds = [keys.new_seed() for _ in names]
    made = [
        GuardianKey(name.encode().ljust(16), name, keys.kem_public(keys.new_seed()), signing.sign_public(seed))
        for name, seed in zip(names, seeds, strict=True)
    ]
    return made, seeds


def read(main: Session) -> str:
    """The hash of what there is to sign."""
    found = charter.drafts(main)
    assert found is not None
    return found.hash


def test_the_service_is_not_open_before_everybody_signed(stores: Stores, tmp_path: Path) -> None:
    made, seeds = guardians("Gita", "Gwen", "Gus")
    with stores.write_main() as main:
        charter.draft_policy(main, SITE, POLICY)
        charter.draft_manifest(main, SITE, made)
    for number, (guardian, seed) in enumerate(zip(made, seeds, strict=True)):
        with stores.read_main() as main, pytest.raises(NotOpenYet):
            charter.current(main, tmp_path)
        with stores.write_main() as main:
            assert charter.sign(main, tmp_path, read(main), guardian, seed) == (number == 2)
    with stores.read_main() as main:
        opened = charter.current(main, tmp_path)
    assert {guardian.name for guardian in opened.manifest.guardians} == {"Gita", "Gwen", "Gus"}
    policy = opened.policies[0].policy
    assert policy == POLICY and policy.epsilon == 1


def test_one_guardian_alone_makes_no_manifest(stores: Stores) -> None:
    made, _ = guardians("Gita")
    with stores.write_main() as main, pytest.raises(CharterRefused):
        charter.draft_manifest(main, SITE, made)


def test_a_guardian_signs_only_a_draft_with_her_own_keys(stores: Stores, tmp_path: Path) -> None:
    made, seeds = guardians("Gita", "Gwen")
    (swapped,), _ = guardians("Gita")
    with stores.write_main() as main:
        charter.draft_policy(main, SITE, POLICY)
        charter.draft_manifest(main, SITE, [swapped, made[1]])
        with pytest.raises(CharterRefused):
            charter.sign(main, tmp_path, read(main), made[0], seeds[0])
        with pytest.raises(CharterRefused):
            charter.sign(main, tmp_path, read(main), made[1], seeds[0])


def test_a_signed_draft_is_not_changed(stores: Stores, tmp_path: Path) -> None:
    made, seeds = guardians("Gita", "Gwen")
    with stores.write_main() as main:
        charter.draft_policy(main, SITE, POLICY)
        charter.draft_manifest(main, SITE, made)
        charter.draft_manifest(main, SITE, made[::-1])
        charter.sign(main, tmp_path, read(main), made[0], seeds[0])
        with pytest.raises(CharterRefused):
            charter.draft_manifest(main, SITE, [made[0], guardians("Eve")[0][0]])


def test_s8_a_key_that_is_not_in_the_signed_manifest_is_refused(instance: Instance) -> None:
    """Somebody with the database puts her own key in: first as a new document, then with signatures that she can make."""
    (eve,), (seed,) = guardians("Eve")
    honest = instance.charter.manifest.guardians
    forged = write_manifest([*honest, eve], 1, None, "")
    with instance.stores.write_main() as main:
        page = main.get(CharterPage, ("manifest", 1))
        assert page is not None
        kept = page.document
        page.document = forged
        message = b"concerns-charter/1 manifest\0" + forged
        page.signatures = {**page.signatures, eve.kid.hex(): signing.sign(seed, message).hex()}
    with instance.stores.read_main() as main, pytest.raises(CharterRefused):
        charter.current(main, instance.directory)
    with instance.stores.write_main() as main:
        page = main.get(CharterPage, ("manifest", 1))
        assert page is not None
        page.document = kept
    assert eve not in instance.charter.manifest.guardians


def test_a_forged_pin_still_needs_every_signature(instance: Instance) -> None:
    (eve,), _ = guardians("Eve")
    forged = write_manifest([*instance.charter.manifest.guardians, eve], 1, None, "")
    with instance.stores.write_main() as main:
        page = main.get(CharterPage, ("manifest", 1))
        assert page is not None
        page.document = forged
    (instance.directory / charter.PIN).write_text(document_hash(forged))
    with instance.stores.read_main() as main, pytest.raises(CharterRefused, match="every guardian"):
        charter.current(main, instance.directory)


@pytest.mark.parametrize("change", ["document", "signature"])
def test_a_policy_that_two_guardians_did_not_sign_is_refused(instance: Instance, change: str) -> None:
    with instance.stores.write_main() as main:
        page = main.get(CharterPage, ("policy", 1))
        assert page is not None
        if change == "document":
            looser = dataclasses.replace(instance.charter.policies[0].policy, floor=1)
            page.document = write_policy(looser, 1, None, "")
        else:
            page.signatures = dict(list(page.signatures.items())[:1])
    with instance.stores.read_main() as main, pytest.raises(CharterRefused, match="two guardians"):
        charter.current(main, instance.directory)


def test_a_missing_pin_closes_the_service(instance: Instance) -> None:
    (instance.directory / charter.PIN).unlink()
    with instance.stores.read_main() as main, pytest.raises(NotOpenYet):
        charter.current(main, instance.directory)


def test_documents_are_read_back_as_written() -> None:
    made, _ = guardians("Gita", "Gwen")
    document = write_manifest(made[::-1], 1, None, "site")
    assert read_manifest(document).guardians == tuple(made)
    assert read_policy(write_policy(POLICY, 1, None, "site")) == POLICY
    assert check_code(document).replace(" ", "") == document_hash(document)[:15]


FORM = Questions(frozenset({"photos", "kind"}), {"cy": {"text": "Beth aeth o’i le?"}})


def test_the_form_is_part_of_the_policy_and_the_usual_one_where_a_document_is_older() -> None:
    policy = dataclasses.replace(POLICY, questions=FORM)
    document = write_policy(policy, 1, None, "site")
    assert read_policy(document).questions == FORM
    assert document != write_policy(POLICY, 1, None, "site")
    older = {name: said for name, said in json.loads(document).items() if name != "questions"}
    assert read_policy(json.dumps(older).encode()) == POLICY


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        {},
        {"left_out": ["danger"], "words": {}},
        {"left_out": ["photos", "kind"], "words": {}},
        {"left_out": [], "words": {"en": {"email": "E-mail"}}},
        {"left_out": [], "words": {"en": {"text": 3}}},
        {"left_out": [], "words": {}, "more": ["email"]},
    ],
)
def test_nothing_odd_in_a_signed_form_is_passed_over(odd: object) -> None:
    """What guardians sign is what their page shows and what the door asks, to the letter."""
    document = {**json.loads(write_policy(POLICY, 1, None, "site")), "questions": odd}
    with pytest.raises(PolicyRefused):
        read_policy(json.dumps(document).encode())


def test_a_guardian_signs_the_drafts_that_she_read(stores: Stores, tmp_path: Path) -> None:
    made, seeds = guardians("Gita", "Gwen")
    (eve,), _ = guardians("Eve")
    with stores.write_main() as main:
        charter.draft_policy(main, SITE, POLICY)
        charter.draft_manifest(main, SITE, made)
        seen = read(main)
        charter.draft_policy(main, SITE, dataclasses.replace(POLICY, questions=FORM))
        with pytest.raises(CharterRefused, match="changed since you opened"):
            charter.sign(main, tmp_path, seen, made[0], seeds[0])
        seen = read(main)
        charter.draft_manifest(main, SITE, [*made, eve])
        with pytest.raises(CharterRefused, match="changed since you opened"):
            charter.sign(main, tmp_path, seen, made[0], seeds[0])
        found = charter.drafts(main)
        assert found is not None
        assert not any(found.signed.values())
        charter.sign(main, tmp_path, read(main), made[0], seeds[0])


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), lambda x: st.dictionaries(st.text(), x)).map(
    lambda value: json.dumps(value).encode()))  # fmt: skip
def test_noise_is_no_charter(noise: bytes) -> None:
    with pytest.raises(ManifestRefused):
        read_manifest(noise)
    with pytest.raises(PolicyRefused):
        read_policy(noise)


def test_two_guardians_who_sign_at_once_are_both_heard(stores: Stores, tmp_path: Path) -> None:
    made, seeds = guardians("Gita", "Gwen")
    with stores.write_main() as main:
        charter.draft_policy(main, SITE, POLICY)
        charter.draft_manifest(main, SITE, made)
    opened: list[bool] = []

    def second() -> None:
        with stores.write_main() as main:
            opened.append(charter.sign(main, tmp_path, read(main), made[1], seeds[1]))

    gwen = threading.Thread(target=second)
    with stores.write_main() as main:
        assert not charter.sign(main, tmp_path, read(main), made[0], seeds[0])
        gwen.start()
        gwen.join(0.3)  # she has looked, or waits
    gwen.join()
    assert opened == [True]
    with stores.read_main() as main:
        assert charter.current(main, tmp_path).policies[0].policy == POLICY


def test_s8_a_charter_that_strangers_wrote_and_signed_among_themselves_is_refused(instance: Instance) -> None:
    """Whoever has the database can replace every guardian by keys of her own: only the pin outside it says no."""
    made, seeds = guardians("Gita", "Gwen")
    with instance.stores.write_main() as main:
        for chain in charter.CHAINS:
            page = main.get(CharterPage, (chain, 1))
            assert page is not None
            if chain == "manifest":
                page.document = write_manifest(made, 1, None, "")
            message = b"concerns-charter/1 " + chain.encode() + b"\0" + page.document
            page.signatures = {
                one.kid.hex(): signing.sign(seed, message).hex() for one, seed in zip(made, seeds, strict=True)
            }
    with instance.stores.read_main() as main:
        with pytest.raises(CharterRefused, match="not the pinned one"):
            charter.current(main, instance.directory)
        forged = charter.drafts(main)
        assert forged is not None
    # with the pin forged too it would be followed, so that the refusal above is the pin's
    (instance.directory / charter.PIN).write_text(document_hash(write_manifest(made, 1, None, "")))
    assert {guardian.kem for guardian in instance.charter.manifest.guardians} == {one.kem for one in made}
