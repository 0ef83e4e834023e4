"""The stored vectors open as they did when they were made."""

import json
from typing import Any

import pytest

from concerns.sealing import keys, receipt, signing
from concerns.sealing.envelope import Header, Kind, NotForThisKey, Sealed, Tampered, open_sealed, signed_by
from concerns.sealing.text import from_text
from tests.vectors.make_vectors import FILE

VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
ENVELOPES = {vector["name"]: vector for vector in VECTORS["envelopes"]}
GUARDIANS = [from_text(seed) for seed in VECTORS["guardians"]]


def sealed(vector: dict[str, Any]) -> Sealed:
    ids = from_text(VECTORS["site"]), from_text(VECTORS["thread"]), from_text(vector["envelope"])
    wraps = {from_text(kid): from_text(wrap) for kid, wrap in vector["wraps"].items()}
    return Sealed(Header(Kind(vector["kind"]), *ids), from_text(vector["commit"]), from_text(vector["body"]), wraps)


@pytest.mark.parametrize("name", ENVELOPES)
def test_every_reader_opens_the_vector_and_no_other(name: str) -> None:
    vector = ENVELOPES[name]
    readers = [*GUARDIANS, from_text(VECTORS["receipt"]["kem_seed"])]
    for place, seed in enumerate(readers):
        if place in vector["refused_to_guardians"]:
            with pytest.raises(NotForThisKey):
                open_sealed(sealed(vector), seed)
            continue
        payload = open_sealed(sealed(vector), seed)
        payload.pop("sig", None)
        assert payload == vector["payload"]


def test_the_signature_of_the_vector_holds() -> None:
    one = sealed(ENVELOPES["signed reply"])
    payload = open_sealed(one, GUARDIANS[0])
    assert signed_by(one, payload, signing.sign_public(from_text(VECTORS["sign_seed"])))


def test_the_receipt_of_the_vector_yields_the_same_keys() -> None:
    stored = VECTORS["receipt"]
    entropy = receipt.read_receipt(" ".join(stored["words"]))
    assert entropy == from_text(stored["entropy"]) == receipt.read_receipt(stored["digits"])
    derived = receipt.derive(entropy, from_text(VECTORS["site"]))
    assert [derived.lookup, derived.kem_seed, derived.sign_seed] == [
        from_text(stored[name]) for name in ("lookup", "kem_seed", "sign_seed")
    ]
    assert keys.kid_of(keys.kem_public(derived.kem_seed)) == from_text(stored["kid"])


def test_a_vector_with_another_thread_is_refused() -> None:
    one = sealed(ENVELOPES["flag"])
    moved = Header(Kind.FLAG, one.header.site_id, bytes(16), one.header.envelope_id)
    with pytest.raises((Tampered, NotForThisKey)):
        open_sealed(Sealed(moved, one.commit, one.body, one.wraps), GUARDIANS[0])
