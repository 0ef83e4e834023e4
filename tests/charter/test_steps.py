"""Later versions of the manifest: two guardians of the version before sign each, and nothing else is followed."""

import datetime as dt
from collections.abc import Sequence

import pytest

from concerns.charter import pins, steps
from concerns.charter import service as charter
from concerns.charter.manifest import GuardianKey, ManifestRefused, document_hash, read_manifest, write_step
from concerns.charter.model import CharterPage
from concerns.charter.service import CharterRefused
from concerns.charter.steps import Wanted
from concerns.charter.walking import signed_bytes, walk
from concerns.sealing import keys, signing
from tests.cast import Guardian, Instance

DAY = dt.date(2026, 11, 22)


def newcomer(name: str = "Gus") -> tuple[GuardianKey, bytes]:
    seed = keys.new_seed()
    public = keys.kem_public(keys.new_seed())
    return GuardianKey(name.encode().ljust(16), name, public, signing.sign_public(seed)), seed


def propose(instance: Instance, guardians: Sequence[GuardianKey], by: Guardian, day: dt.date = DAY) -> steps.Step:
    wanted = Wanted(guardians, frozenset())
    with instance.stores.write_main() as main:
        return steps.propose(main, instance.directory, instance.site_id, wanted, by.key, by.sign_seed, day)


def agree(instance: Instance, step: steps.Step, by: Guardian, day: dt.date = DAY) -> charter.Charter:
    with instance.stores.write_main() as main:
        found = steps.agree(main, instance.directory, step.hash, by.key, by.sign_seed, day)
    pins.remember(instance.directory, found.place)
    return found


def change(instance: Instance, guardians: Sequence[GuardianKey]) -> charter.Charter:
    gita, gwen = instance.guardian("gita"), instance.guardian("gwen")
    return agree(instance, propose(instance, guardians, gita), gwen)


def write(instance: Instance, version: int, document: bytes, *signed: tuple[GuardianKey, bytes]) -> None:
    """What somebody with the database can write."""
    message = signed_bytes("manifest", document)
    found = {one.kid.hex(): signing.sign(seed, message).hex() for one, seed in signed}
    with instance.stores.write_main() as main:
        main.merge(CharterPage(chain="manifest", version=version, document=document, signatures=found))


def refused(instance: Instance, words: str) -> None:
    with instance.stores.read_main() as main, pytest.raises(CharterRefused, match=words):
        charter.current(main, instance.directory)


@pytest.fixture
def honest(instance: Instance) -> tuple[GuardianKey, ...]:
    return instance.charter.manifest.guardians


def test_s8_a_newcomer_reads_once_two_guardians_have_signed(
    instance: Instance, honest: tuple[GuardianKey, ...]
) -> None:
    gus, _seed = newcomer()
    code = instance.charter.check_code
    step = propose(instance, [*honest, gus], instance.guardian("gita"))
    assert step.added == (gus,) and not step.removed and not step.renewed
    assert instance.charter.manifest.version == 1 and gus.kem not in instance.charter.manifest.kem_publics
    agree(instance, step, instance.guardian("gwen"))
    found = instance.charter
    assert found.manifest.version == 2 and set(found.manifest.guardians) == {*honest, gus}
    assert found.manifest.since == {gus.kid: DAY}
    assert found.check_code == code


def test_who_proposed_does_not_agree_and_a_stranger_does_neither(
    instance: Instance, honest: tuple[GuardianKey, ...]
) -> None:
    gus, seed = newcomer()
    gita = instance.guardian("gita")
    stranger = Guardian(gus.person_id, keys.new_seed() + seed, gus)
    with pytest.raises(CharterRefused, match="only a guardian"):
        propose(instance, [*honest, gus], stranger)
    step = propose(instance, [*honest, gus], gita)
    with pytest.raises(CharterRefused, match="signed it already"):
        agree(instance, step, gita)
    with pytest.raises(CharterRefused, match="only a guardian"):
        agree(instance, step, stranger)
    assert instance.charter.manifest.version == 1


def test_a_step_waits_twenty_one_days_and_makes_room_for_another(
    instance: Instance, honest: tuple[GuardianKey, ...]
) -> None:
    gita, gwen = instance.guardian("gita"), instance.guardian("gwen")
    step = propose(instance, [*honest, newcomer()[0]], gita)
    with pytest.raises(CharterRefused, match="waits already"):
        propose(instance, [*honest, newcomer("Gal")[0]], gwen)
    late = step.until + dt.timedelta(days=1)
    assert step.until == DAY + dt.timedelta(days=21)
    with pytest.raises(CharterRefused, match="no longer"):
        agree(instance, step, gwen, late)
    gal, _ = newcomer("Gal")
    agree(instance, propose(instance, [*honest, gal], gwen, late), gita, late)
    assert gal in instance.charter.manifest.guardians


def test_nobody_signs_another_step_than_she_read(instance: Instance, honest: tuple[GuardianKey, ...]) -> None:
    gita, gwen = instance.guardian("gita"), instance.guardian("gwen")
    read = propose(instance, [*honest, newcomer()[0]], gita)
    with instance.stores.write_main() as main:
        steps.withdraw(main, instance.directory, read.hash, gita.person_id, DAY)
    propose(instance, [*honest, newcomer("Eve")[0]], gita)
    with pytest.raises(CharterRefused, match="no longer"):
        agree(instance, read, gwen)


def test_there_are_never_fewer_than_two_guardians(instance: Instance, honest: tuple[GuardianKey, ...]) -> None:
    with pytest.raises(CharterRefused, match="two guardians"):
        propose(instance, honest[:1], instance.guardian("gita"))


def test_s9_what_a_removed_guardian_signed_stays_known_and_her_key_never_comes_back(
    instance: Instance, honest: tuple[GuardianKey, ...]
) -> None:
    gus, _seed = newcomer()
    change(instance, [*honest, gus])
    change(instance, honest)
    found = instance.charter.manifest
    assert gus.kem not in found.kem_publics and found.removed == {gus.digest}
    assert gus.sign in found.signers and found.signers.until == {gus.sign: DAY}
    assert found.by_signer(gus.sign) == gus and found.by_person(gus.person_id) is None
    with pytest.raises(CharterRefused, match="brings back"):
        propose(instance, [*honest, gus], instance.guardian("gita"))


def test_s8_a_version_that_only_one_guardian_signed_is_not_followed(
    instance: Instance, honest: tuple[GuardianKey, ...]
) -> None:
    """One guardian with the database, and an accomplice: her own signature twice, and the accomplice's, are not two."""
    eve, seed = newcomer("Eve")
    gita = instance.guardian("gita")
    step = propose(instance, [*honest, eve], gita)
    with instance.stores.read_main() as main:
        document = main.get_one(CharterPage, ("manifest", 2)).document
    write(instance, 2, document, (gita.key, gita.sign_seed), (eve, seed))
    assert instance.charter.manifest.version == 1
    # with the other guardian's signature it would be followed, so that it is hers that was missing
    agree(instance, step, instance.guardian("gwen"))
    assert eve in instance.charter.manifest.guardians


def test_s8_a_gap_is_refused(instance: Instance, honest: tuple[GuardianKey, ...]) -> None:
    gus, _ = newcomer()
    change(instance, [*honest, gus])
    change(instance, honest)
    with instance.stores.write_main() as main:
        main.delete(main.get_one(CharterPage, ("manifest", 2)))
    (instance.directory / pins.NEWEST).unlink()
    refused(instance, "missing or not signed")


def test_s8_a_lower_version_than_the_one_seen_is_refused(instance: Instance, honest: tuple[GuardianKey, ...]) -> None:
    """Somebody with the database takes the removal of a guardian back: without the pin beside it that would be followed."""
    gus, _ = newcomer()
    change(instance, [*honest, gus])
    change(instance, honest)
    with instance.stores.write_main() as main:
        main.delete(main.get_one(CharterPage, ("manifest", 3)))
    refused(instance, "older than")
    (instance.directory / pins.NEWEST).unlink()
    assert gus in instance.charter.manifest.guardians


def test_s8_a_fork_is_refused(instance: Instance, honest: tuple[GuardianKey, ...]) -> None:
    """Two guardians who have since left sign another second version: it is good by itself, and not the one that was seen."""
    gita, gwen = instance.guardian("gita"), instance.guardian("gwen")
    change(instance, [*honest, newcomer()[0]])
    with instance.stores.write_main() as main:
        main.delete(main.get_one(CharterPage, ("manifest", 2)))
    newest = (instance.directory / pins.NEWEST).read_text()
    (instance.directory / pins.NEWEST).unlink()
    eve, _ = newcomer("Eve")
    step = propose(instance, [*honest, eve], gita)
    with instance.stores.write_main() as main:
        steps.agree(main, instance.directory, step.hash, gwen.key, gwen.sign_seed, DAY)
    assert eve in instance.charter.manifest.guardians
    (instance.directory / pins.NEWEST).write_text(newest)
    refused(instance, "another than")


@pytest.mark.parametrize("wrong", ["previous", "version", "removed", "day"])
def test_a_version_that_does_not_follow_is_refused(
    instance: Instance, honest: tuple[GuardianKey, ...], wrong: str
) -> None:
    import dataclasses

    gita, gwen = instance.guardian("gita"), instance.guardian("gwen")
    change(instance, [*honest, newcomer()[0]])
    now = instance.charter
    good = dataclasses.replace(
        now.manifest, version=3, previous=now.place.hash, day=DAY, guardians=honest,
        removed=frozenset(one.digest for one in now.manifest.guardians if one not in honest),
    )  # fmt: skip
    values = {"previous": "0" * 64, "version": 4, "removed": frozenset(), "day": DAY - dt.timedelta(days=1)}
    both = (gita.key, gita.sign_seed), (gwen.key, gwen.sign_seed)
    write(instance, 3, write_step(dataclasses.replace(good, **{wrong: values[wrong]}), ""), *both)  # type: ignore[arg-type]
    refused(instance, "follow from|dated before|takes out")
    write(instance, 3, write_step(good, ""), *both)
    assert instance.charter.manifest.version == 3


def test_s8_removed_guardians_cannot_put_another_policy_in(instance: Instance, honest: tuple[GuardianKey, ...]) -> None:
    """The first policy's signatures are the first guardians'; who has left could sign another one with them."""
    change(instance, [*honest, newcomer()[0]])
    both = [(one.key, one.sign_seed) for one in (instance.guardian("gita"), instance.guardian("gwen"))]
    with instance.stores.write_main() as main:
        row = main.get_one(CharterPage, ("policy", 1))
        row.document = row.document.replace(b'"floor":10', b'"floor":1')
        message = signed_bytes("policy", row.document)
        row.signatures = {one.kid.hex(): signing.sign(seed, message).hex() for one, seed in both}
    refused(instance, "policy is not the one")


def test_noise_after_the_newest_version_is_no_draft(instance: Instance) -> None:
    write(instance, 2, b"noise")
    with instance.stores.read_main() as main:
        assert steps.waiting(main, instance.directory, DAY) is None
    assert instance.charter.manifest.version == 1
    (instance.directory / pins.NEWEST).write_text("noise")
    refused(instance, "cannot be read")


def test_a_chain_is_checked_once(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for at each request; as long as no byte of it changes no signature is checked again."""
    change(instance, [*instance.charter.manifest.guardians, newcomer()[0]])
    walk.cache_clear()
    checked: list[bytes] = []
    verify = signing.verify

    def counted(public: bytes, message: bytes, signature: bytes) -> bool:
        checked.append(signature)
        return verify(public, message, signature)

    monkeypatch.setattr(signing, "verify", counted)
    assert instance.charter.manifest.version == 2
    once = len(checked)
    assert once == 2 + 2 + 2
    assert instance.charter.manifest.version == 2 and len(checked) == once


def test_a_later_version_is_read_back_as_written(instance: Instance) -> None:
    change(instance, [*instance.charter.manifest.guardians, newcomer()[0]])
    page = instance.charter.pages[1]
    again = read_manifest(page.document)
    assert again.day == DAY and again.previous == document_hash(instance.charter.pages[0].document)
    with pytest.raises(ManifestRefused):
        read_manifest(page.document.replace(b'"removed"', b'"other"'))
