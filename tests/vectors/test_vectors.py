"""The stored vectors open as they did when they were made, and the official ones of others hold."""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from concerns.sealing import keys, receipt, signing
from concerns.sealing.chain import judge, link_hash, missing_seen
from concerns.sealing.envelope import Header, Kind, NotForThisKey, Tampered, open_sealed, signed_by
from concerns.sealing.text import canonical, from_text, to_text
from tests.vectors.make_vectors import FILE, sealed_of

VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
ENVELOPES = {vector["name"]: vector for vector in VECTORS["envelopes"]}
GUARDIANS = [from_text(seed) for seed in VECTORS["guardians"]]
OFFICIAL: dict[str, Any] = json.loads((Path(__file__).parent / "official.json").read_text(encoding="utf-8"))


def test_the_vectors_are_of_every_kind_that_a_reporter_seals_or_opens() -> None:
    kinds = {vector["kind"] for vector in VECTORS["envelopes"]}
    assert kinds >= {Kind.FLAG, Kind.DETAIL, Kind.REPLY, Kind.FILE, Kind.STATUS, Kind.CONTACT}
    assert FILE.stat().st_size < 200_000


@pytest.mark.parametrize("name", ENVELOPES)
def test_s4_every_reader_opens_the_vector_and_no_other(name: str) -> None:
    vector = ENVELOPES[name]
    readers = [*GUARDIANS, from_text(VECTORS["receipt"]["kem_seed"])]
    for place, seed in enumerate(readers):
        if place in vector["refused_to_guardians"]:
            with pytest.raises(NotForThisKey):
                open_sealed(sealed_of(VECTORS, vector), seed)
            continue
        payload = open_sealed(sealed_of(VECTORS, vector), seed)
        payload.pop("sig", None)
        assert payload == vector["payload"]


def test_the_signature_of_the_vector_holds() -> None:
    one = sealed_of(VECTORS, ENVELOPES["signed reply"])
    payload = open_sealed(one, GUARDIANS[0])
    assert signed_by(one, payload, signing.sign_public(from_text(VECTORS["sign_seed"])))


@pytest.mark.parametrize("stored", [{"site": VECTORS["site"], **VECTORS["receipt"]}, *VECTORS["receipts"]])
def test_the_receipt_of_the_vector_yields_the_same_keys(stored: dict[str, Any]) -> None:
    entropy = receipt.read_receipt(" ".join(stored["words"]))
    assert entropy == from_text(stored["entropy"]) == receipt.read_receipt(stored["digits"])
    assert list(receipt.words_of(entropy)) == stored["words"]
    derived = receipt.derive(entropy, from_text(stored["site"]))
    assert [derived.lookup, derived.kem_seed, derived.sign_seed] == [
        from_text(stored[name]) for name in ("lookup", "kem_seed", "sign_seed")
    ]
    assert keys.kid_of(keys.kem_public(derived.kem_seed)) == from_text(stored["kid"])


@pytest.mark.parametrize("stored", VECTORS["typed"], ids=lambda stored: stored["typed"][:20])
def test_what_is_typed_is_read_alike_for_ever(stored: dict[str, Any]) -> None:
    if stored["entropy"] is not None:
        assert receipt.read_receipt(stored["typed"]) == from_text(stored["entropy"])
        return
    with pytest.raises(receipt.BadReceipt) as bad:
        receipt.read_receipt(stored["typed"])
    assert (list(bad.value.unknown), bad.value.count) == (stored["unknown"], stored["count"])


@pytest.mark.parametrize("case", VECTORS["chains"], ids=lambda case: case["name"])
def test_a_chain_is_judged_alike_for_ever(case: dict[str, Any]) -> None:
    known = {name: sealed_of(VECTORS, ENVELOPES[name]) for name in {*case["opened"], *case["rows"]}}
    pairs = [(known[name], open_sealed(known[name], GUARDIANS[0])) for name in case["opened"]]
    rows = [known[name] for name in case["rows"]]
    reporter = signing.sign_public(from_text(VECTORS["receipt"]["sign_seed"]))
    judged = judge(pairs, rows, [signing.sign_public(from_text(VECTORS["sign_seed"]))], reporter)
    names = {link_hash(sealed): name for name, sealed in known.items()}
    assert [[names[link_hash(item.sealed)], str(item.standing)] for item in judged] == case["standings"]
    assert missing_seen(judged, rows) == case["gap"]


@pytest.mark.parametrize("case", VECTORS["signatures"], ids=lambda case: case["name"])
def test_a_signature_is_judged_alike_for_ever(case: dict[str, Any]) -> None:
    parts = (from_text(case[name]) for name in ("public", "message", "signature"))
    assert signing.verify(*parts) == case["valid"] == (case["name"] == "good")


def test_equal_values_give_the_stored_bytes() -> None:
    for sample in VECTORS["canonical"]["samples"]:
        assert to_text(canonical(json.loads(sample["json"]))) == sample["bytes"]
    for refused in VECTORS["canonical"]["refused"]:
        with pytest.raises(ValueError):  # noqa: PT011 - whichever of JSON's and UTF-8's
            canonical(json.loads(refused))


def test_a_vector_with_another_thread_is_refused() -> None:
    one = sealed_of(VECTORS, ENVELOPES["flag"])
    moved = Header(Kind.FLAG, one.header.site_id, bytes(16), one.header.envelope_id)
    with pytest.raises((Tampered, NotForThisKey)):
        open_sealed(dataclasses.replace(one, header=moved), GUARDIANS[0])


@pytest.mark.parametrize("vector", OFFICIAL["x_wing"], ids=lambda vector: vector["seed"][:8])
def test_s4_the_official_x_wing_vectors_hold(vector: dict[str, str]) -> None:
    """The KEM cannot be asked for its secret, so the two halves are joined here as the draft says."""
    seed, ct = bytes.fromhex(vector["seed"]), bytes.fromhex(vector["ct"])
    assert keys.kem_public(seed).hex() == vector["pk"]
    expanded = hashlib.shake_256(seed).digest(96)
    first = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(ct[:1088])
    second = X25519PrivateKey.from_private_bytes(expanded[64:]).exchange(X25519PublicKey.from_public_bytes(ct[1088:]))
    joined = first + second + ct[1088:] + bytes.fromhex(vector["pk"])[1184:] + b"\\.//^\\"
    assert hashlib.sha3_256(joined).hexdigest() == vector["ss"]


def test_s4_the_official_hpke_vector_opens() -> None:
    """It is for another AEAD than ours and binds more: the public function takes no additional data."""
    vector = OFFICIAL["hpke_pq"]
    holder = keys.Holder(bytes.fromhex(vector["skRm"]))
    assert holder.public.hex() == vector["pkRm"]
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    first = vector["encryptions"][0]
    sealed, info, aad = (bytes.fromhex(one) for one in (vector["enc"] + first["ct"], vector["info"], first["aad"]))
    plain: bytes = openssl.hpke._decrypt_with_aad(suite, sealed, holder.private, info, aad)
    assert plain.hex() == first["pt"]
