"""Later versions of the policy: an admin drafts, two guardians sign, and nothing else is ever followed."""

import dataclasses
import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from concerns.areas.questions import Questions
from concerns.charter import amending, loosening, pins, steps
from concerns.charter import service as charter
from concerns.charter.manifest import GuardianKey
from concerns.charter.model import CharterPage
from concerns.charter.policy import Policy, PolicyStep, write_change
from concerns.charter.service import CharterRefused
from concerns.charter.steps import Wanted
from concerns.charter.versions import Version
from concerns.charter.walking import signed_bytes, walk
from concerns.sealing import signing
from tests.cast import Guardian, Instance
from tests.charter.test_steps import DAY, change, newcomer, refused

BEGINS = DAY + dt.timedelta(days=35)


def put_up(instance: Instance, day: dt.date = DAY, **changes: Any) -> amending.Draft:
    policy = dataclasses.replace(instance.charter.policies[-1].policy, **changes)
    with instance.stores.write_main() as main:
        return amending.draft(main, instance.directory, instance.site_id, policy, day)


def agree(instance: Instance, document: str, by: Guardian, day: dt.date = DAY) -> charter.Charter:
    with instance.stores.write_main() as main:
        found = amending.agree(main, instance.directory, document, by.key, by.sign_seed, day)
    pins.remember(instance.directory, found.policy_place, pins.NEWEST_POLICY)
    return found


def amend(instance: Instance, day: dt.date = DAY, **changes: Any) -> Version:
    """The admin drafts, both guardians sign."""
    draft = put_up(instance, day, **changes)
    agree(instance, draft.hash, instance.guardian("gita"), day)
    return agree(instance, draft.hash, instance.guardian("gwen"), day).policies[-1]


def waiting(instance: Instance, day: dt.date = DAY) -> amending.Draft | None:
    with instance.stores.read_main() as main:
        return amending.waiting(main, instance.directory, day)


def write(instance: Instance, version: int, document: bytes, *signed: Guardian | tuple[GuardianKey, bytes]) -> None:
    """What somebody with the database can write, with the keys of these."""
    pairs = [one if isinstance(one, tuple) else (one.key, one.sign_seed) for one in signed]
    message = signed_bytes("policy", document)
    found = {key.kid.hex(): signing.sign(seed, message).hex() for key, seed in pairs}
    with instance.stores.write_main() as main:
        main.merge(CharterPage(chain="policy", version=version, document=document, signatures=found))


def document(now: charter.Charter, policy: Policy, **step: Any) -> bytes:
    """A second version that follows in all but what is given."""
    good = {
        "version": 2, "previous": now.policies[0].hash, "day": DAY, "first_day": BEGINS, "manifest": now.place.hash,
    }  # fmt: skip
    return write_change(policy, PolicyStep(**{**good, **step}), "")


@pytest.fixture
def both(instance: Instance) -> tuple[Guardian, Guardian]:
    return instance.guardian("gita"), instance.guardian("gwen")


@pytest.fixture
def now(instance: Instance) -> charter.Charter:
    """As it was before anything was written."""
    return instance.charter


@pytest.fixture
def looser(now: charter.Charter) -> Policy:
    return dataclasses.replace(now.policies[0].policy, retention_months=24)


def test_a_tightening_is_in_force_when_two_guardians_have_signed(
    instance: Instance, both: tuple[Guardian, Guardian]
) -> None:
    draft = put_up(instance, floor=15)
    assert instance.charter.policy_on(DAY).floor == 10
    agree(instance, draft.hash, both[0])
    assert instance.charter.policy_on(DAY).floor == 10
    agree(instance, draft.hash, both[1])
    assert instance.charter.policy_on(DAY).floor == 15
    assert instance.charter.policy_on(DAY - dt.timedelta(days=1)).floor == 10
    assert instance.charter.policies[1].signed == {one.person_id for one in both}


def test_a_loosening_is_announced_for_at_least_fourteen_days(
    instance: Instance, both: tuple[Guardian, Guardian]
) -> None:
    """Even where the second guardian signs on the last day on which she may."""
    draft = put_up(instance, retention_months=24)
    last = draft.until
    agree(instance, draft.hash, both[0])
    found = agree(instance, draft.hash, both[1], last)
    (announced,) = found.announced(last)
    assert announced.first_day == BEGINS == last + dt.timedelta(days=14)
    assert found.policy_on(BEGINS - dt.timedelta(days=1)).retention_months == 12
    assert found.policy_on(BEGINS).retention_months == 24 and not found.announced(BEGINS)


def test_another_form_is_asked_when_two_guardians_have_signed(
    instance: Instance, both: tuple[Guardian, Guardian]
) -> None:
    form = Questions(frozenset({"reach"}), {"en": {"text": "What went wrong?"}})
    draft = put_up(instance, questions=form)
    assert draft.first_day == DAY
    agree(instance, draft.hash, both[0])
    assert instance.charter.policy_on(DAY).questions == Questions()
    agree(instance, draft.hash, both[1])
    assert instance.charter.policy_on(DAY).questions == form
    # together with what loosens it waits as that does
    again = put_up(instance, questions=Questions(), retention_months=24)
    assert again.first_day == BEGINS


def test_a_list_of_words_that_grew_undoes_nothing_that_was_signed(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = Questions(words={"en": {"text": "What went wrong?"}})
    amend(instance, questions=form)
    monkeypatch.setattr(loosening, "trouble", lambda _name, _said: "Take it out")
    walk.cache_clear()
    assert instance.charter.policy_on(DAY).questions == form
    with pytest.raises(CharterRefused, match="Take it out"):
        put_up(instance, floor=15)


def test_a_draft_waits_for_twenty_one_days(instance: Instance, both: tuple[Guardian, Guardian]) -> None:
    draft = put_up(instance, floor=15)
    agree(instance, draft.hash, both[0])
    late = DAY + dt.timedelta(days=22)
    with pytest.raises(CharterRefused, match="no longer"):
        agree(instance, draft.hash, both[1], late)
    assert waiting(instance, late) is None
    assert put_up(instance, late, floor=15).signed == ()


def test_a_changed_draft_has_no_signatures_and_nobody_signs_another_than_she_read(
    instance: Instance, both: tuple[Guardian, Guardian]
) -> None:
    read = put_up(instance, floor=15)
    agree(instance, read.hash, both[0])
    other = put_up(instance, retention_months=60)
    assert other.signed == () and other.hash != read.hash
    with pytest.raises(CharterRefused, match="no longer"):
        agree(instance, read.hash, both[1])
    agree(instance, other.hash, both[0])
    with pytest.raises(CharterRefused, match="signed it already"):
        agree(instance, other.hash, both[0])


def test_any_guardian_stops_it_and_nobody_else(instance: Instance, both: tuple[Guardian, Guardian]) -> None:
    draft = put_up(instance, floor=15)
    agree(instance, draft.hash, both[0])
    gus, seed = newcomer()
    with instance.stores.write_main() as main, pytest.raises(CharterRefused, match="no longer"):
        amending.withdraw(main, instance.directory, draft.hash, gus.person_id, DAY)
    with instance.stores.write_main() as main, pytest.raises(CharterRefused, match="only a guardian"):
        amending.agree(main, instance.directory, draft.hash, gus, seed, DAY)
    with instance.stores.write_main() as main:
        amending.withdraw(main, instance.directory, draft.hash, both[1].person_id, DAY)
    assert waiting(instance) is None


def test_nonsense_and_nothing_are_not_put_up(instance: Instance) -> None:
    with pytest.raises(CharterRefused, match="between 10 and 100"):
        put_up(instance, floor=9)
    with pytest.raises(CharterRefused, match="nothing changes"):
        put_up(instance)


def test_s8_a_version_without_two_signatures_is_not_followed(
    instance: Instance, now: charter.Charter, both: tuple[Guardian, Guardian], looser: Policy
) -> None:
    """One guardian with the database, and an accomplice who is none."""
    forged = document(now, looser)
    write(instance, 2, forged)
    assert len(instance.charter.policies) == 1
    write(instance, 2, forged, both[0], newcomer("Eve"))
    assert len(instance.charter.policies) == 1
    # with the other guardian's it would be, so that it is hers that was missing
    write(instance, 2, forged, *both)
    assert instance.charter.policy_on(BEGINS) == looser


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"previous": "0" * 64}, "does not follow"),
        ({"version": 3}, "does not follow"),
        ({"manifest": "0" * 64}, "other guardians"),
        ({"first_day": BEGINS - dt.timedelta(days=1)}, "before it may"),
    ],
)
def test_s8_a_version_that_does_not_follow_is_refused(
    instance: Instance,
    now: charter.Charter,
    both: tuple[Guardian, Guardian],
    looser: Policy,
    wrong: dict[str, Any],
    words: str,
) -> None:
    write(instance, 2, document(now, looser, **wrong), *both)
    refused(instance, words)
    write(instance, 2, document(now, looser), *both)
    assert instance.charter.policy_on(BEGINS) == looser


def test_s8_kinds_within_a_year_and_more_than_the_ceiling_are_refused(
    instance: Instance, now: charter.Charter, both: tuple[Guardian, Guardian]
) -> None:
    rules = now.policies[0].policy
    kinds = dataclasses.replace(rules, kinds={"year": Fraction(3, 2)})
    write(instance, 2, document(now, kinds, first_day=dt.date(2027, 2, 1)), *both)
    refused(instance, "before it may")
    write(instance, 2, document(now, kinds, first_day=dt.date(2027, 1, 1)), *both)
    assert instance.charter.policy_on(dt.date(2027, 1, 1)) == kinds
    write(instance, 2, document(now, dataclasses.replace(rules, floor=1)), *both)
    refused(instance, "no policy may say")


def test_s8_a_naive_walk_would_follow_what_is_refused(
    instance: Instance,
    now: charter.Charter,
    both: tuple[Guardian, Guardian],
    looser: Policy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two good signatures are there each time: it is the check of days that says no."""
    write(instance, 2, document(now, looser, first_day=DAY), *both)
    refused(instance, "before it may")
    walk.cache_clear()
    monkeypatch.setattr("concerns.charter.versions.first_day", lambda _versions, _after, _day, wanted: wanted)
    assert instance.charter.policy_on(DAY) == looser
    walk.cache_clear()


def test_s8_a_gap_a_lower_version_and_a_fork_are_refused(
    instance: Instance, now: charter.Charter, both: tuple[Guardian, Guardian], looser: Policy
) -> None:
    amend(instance, floor=15)
    with instance.stores.read_main() as main:
        kept = main.get_one(CharterPage, ("policy", 2)).document
    with instance.stores.write_main() as main:
        main.delete(main.get_one(CharterPage, ("policy", 2)))
    refused(instance, "policy is older than")
    write(instance, 3, kept, *both)
    refused(instance, "missing or not signed")
    with instance.stores.write_main() as main:
        main.delete(main.get_one(CharterPage, ("policy", 3)))
    write(instance, 2, document(now, looser), *both)
    refused(instance, "another than")
    # without what the folder remembers, both the lower version and the fork would be followed
    (instance.directory / pins.NEWEST_POLICY).unlink()
    assert instance.charter.policy_on(BEGINS) == looser


def test_s8_who_has_left_signs_no_policy_any_more(
    instance: Instance, now: charter.Charter, both: tuple[Guardian, Guardian]
) -> None:
    """With her key and the other's, under the guardians of then: the manifest that came after knows of no such version."""
    gus, seed = newcomer()
    change(instance, [*instance.charter.manifest.guardians, gus])
    gita, gwen = both
    old = document(instance.charter, dataclasses.replace(now.policies[0].policy, floor=15))
    step = Wanted([gita.key, gus], frozenset())
    with instance.stores.write_main() as main:
        found = steps.propose(main, instance.directory, instance.site_id, step, gita.key, gita.sign_seed, DAY)
        last = steps.agree(main, instance.directory, found.hash, gus, seed, DAY)
    pins.remember(instance.directory, last.place)
    write(instance, 2, old, gita, gwen)
    refused(instance, "not the one that a version of the manifest names")
    # under the guardians of now her signature counts for nothing
    with instance.stores.write_main() as main:
        main.delete(main.get_one(CharterPage, ("policy", 2)))
    fresh = document(last, dataclasses.replace(now.policies[0].policy, floor=15))
    write(instance, 2, fresh, gita, gwen)
    assert len(instance.charter.policies) == 1
    write(instance, 2, fresh, gita, (gus, seed))
    assert instance.charter.policy_on(BEGINS).floor == 15


def test_guardians_and_rules_change_in_one_order(instance: Instance, both: tuple[Guardian, Guardian]) -> None:
    """What waits when the other chain grows waits no longer; the next version names the newest of the other."""
    gus, _seed = newcomer()
    guardians = [*instance.charter.manifest.guardians, gus]
    draft = put_up(instance, floor=15)
    change(instance, guardians)
    assert waiting(instance) is None
    with pytest.raises(CharterRefused, match="no longer"):
        agree(instance, draft.hash, both[0])
    wanted = Wanted(instance.charter.manifest.guardians[:2], frozenset())
    with instance.stores.write_main() as main:
        steps.propose(main, instance.directory, instance.site_id, wanted, both[0].key, both[0].sign_seed, DAY)
    second = amend(instance, floor=16)
    with instance.stores.read_main() as main:
        assert steps.waiting(main, instance.directory, DAY) is None
    assert change(instance, guardians[:2]).manifest.policy == second.hash
    amend(instance, floor=17)
    assert [one.policy.floor for one in instance.charter.policies] == [10, 16, 17]
    assert instance.charter.manifest.version == 3


def test_noise_after_the_newest_policy_is_no_draft(instance: Instance) -> None:
    write(instance, 2, b"noise")
    assert waiting(instance) is None and len(instance.charter.policies) == 1
    assert put_up(instance, floor=15).after.policy.floor == 15


def test_a_longer_chain_is_checked_once(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    amend(instance, floor=15)
    walk.cache_clear()
    calls: list[bytes] = []
    verify = signing.verify

    def counted(public: bytes, message: bytes, signature: bytes) -> bool:
        calls.append(signature)
        return verify(public, message, signature)

    monkeypatch.setattr(signing, "verify", counted)
    assert instance.charter.policy_place.version == 2
    once = len(calls)
    assert instance.charter.policy_on(DAY).floor == 15 and len(calls) == once == 2 + 2 + 2
