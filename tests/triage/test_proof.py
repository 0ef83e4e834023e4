"""Each status proves that a flag was told: its week and its content, signed by a guardian."""

import datetime as dt
from typing import Any

import pytest

from concerns.sealing.envelope import Kind
from concerns.sealing.keys import new_seed
from concerns.sealing.opening import open_threads
from concerns.sealing.proof import Proof, content_hash, sign_proof, verify_proof
from concerns.sealing.signing import sign_public
from concerns.store.house import week_of
from concerns.triage.rules import REASON_LIMIT
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.closing_bench import bundle, sitting, store
from tests.triage.telling import tell

SITE, WEEK, DAY = b"s" * 16, dt.date(2026, 11, 16), dt.date(2026, 11, 22)
FLAG = {"text": "Two of us.", "cause": "The rota.", "help": "A third one."}
SEED, ROSA = bytes(range(32)), b"r" * 32


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def test_the_reporter_can_prove_week_and_content_with_a_guardian_s_signature(gita: Desk, instance: Instance) -> None:
    told = tell(instance, cause="The rota.", help="A third nurse.")
    page = gita.client.get(told.path)
    instance.clock.pass_(days=1)
    gita.sign_in("gita")
    gita.client.submit(gita.client.get(told.path), {"status": "acknowledged"}, button="Save")
    thread = told.opened()
    (status,) = thread.of_kind(Kind.STATUS)
    content = content_hash(thread.flag, thread.reporter_sign)
    key = instance.guardian("gita").key.sign
    proof = verify_proof(status.payload, instance.site_id, content, key)
    assert proof == Proof(WEEK, content, dt.date(2026, 11, 23))
    assert verify_proof(status.payload, instance.site_id, content, instance.guardian("gwen").key.sign) is None
    assert page.status == 200


def test_a_thread_that_is_made_whole_proves_its_own_week(instance: Instance) -> None:
    day = dt.date(2025, 3, 5)
    made = bundle(instance, day, sitting(instance, dt.date(2025, 3, 20)))
    store(instance, made)
    seed = instance.guardian("gwen").kem_seed
    signers = instance.charter.manifest.signers
    (thread,) = open_threads(instance.stores, instance.site_id, [made.thread_id], seed, signers).values()
    (status,) = thread.of_kind(Kind.STATUS)
    content = content_hash(thread.flag, thread.reporter_sign)
    proof = verify_proof(status.payload, instance.site_id, content, instance.guardian("gita").key.sign)
    assert proof == Proof(week_of(day), content, dt.date(2025, 3, 20))


def test_s6_the_longest_plain_reason_changes_no_size(gita: Desk, instance: Instance) -> None:
    told = tell(instance, exclude=[])
    reason = {"status": "concluded: acted", "reason": "x" * REASON_LIMIT}
    gita.client.submit(gita.client.get(told.path), reason, button="Save")
    (status,) = told.opened().of_kind(Kind.STATUS)
    assert len(status.sealed.body) == 4096 + 16


def proof() -> dict[str, Any]:
    return {"proof": sign_proof(SEED, SITE, WEEK, content_hash(FLAG, ROSA), DAY)}


def test_a_proof_is_of_one_text_and_one_reporter() -> None:
    key = sign_public(SEED)
    assert verify_proof(proof(), SITE, content_hash(FLAG, ROSA), key)
    for flag, reporter in (
        ({**FLAG, "text": "Three of us."}, ROSA),
        ({**FLAG, "cause": ""}, ROSA),
        ({"text": "Two of us.", "cause": "A third one.", "help": "The rota."}, ROSA),
        (FLAG, b"o" * 32),
    ):
        assert verify_proof(proof(), SITE, content_hash(flag, reporter), key) is None
    assert verify_proof(proof(), bytes(16), content_hash(FLAG, ROSA), key) is None
    assert verify_proof(proof(), SITE, content_hash(FLAG, ROSA), sign_public(new_seed())) is None


def test_only_what_was_asked_for_is_proven() -> None:
    assert content_hash({**FLAG, "area": "ward-1"}, ROSA) == content_hash(FLAG, ROSA)
    assert content_hash({"text": "x"}, ROSA) == content_hash({"text": "x", "cause": "", "help": None}, ROSA)


@pytest.mark.parametrize("name", ["week", "content", "day", "sig"])
@pytest.mark.parametrize("odd", [None, 7, "", "x", "2026-11-15", ["2026-11-16"], {}, "A" * 86])
def test_a_changed_proof_proves_nothing(name: str, odd: object) -> None:
    changed = {"proof": {**proof()["proof"], name: odd}}
    assert verify_proof(changed, SITE, content_hash(FLAG, ROSA), sign_public(SEED)) is None


@pytest.mark.parametrize("odd", [None, 7, "x", [], {}])
def test_no_proof_proves_nothing(odd: object) -> None:
    assert verify_proof({"proof": odd}, SITE, content_hash(FLAG, ROSA), sign_public(SEED)) is None
