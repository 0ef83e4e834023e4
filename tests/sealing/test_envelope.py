"""The envelope: opens for its recipients only, and for nobody once a bit of it was changed."""

import dataclasses
import secrets
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerns.sealing import keys
from concerns.sealing.envelope import (
    MAX_TEXT_BYTES,
    SIZES,
    TAG_BYTES,
    WRAP_BYTES,
    Header,
    Kind,
    NotForThisKey,
    Sealed,
    SealingError,
    Tampered,
    TooLong,
    open_sealed,
    seal,
    signed_by,
)
from tests.sealing.helpers import SITE, Told


def flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_each_recipient_opens_what_was_sealed() -> None:
    told = Told(text="Zażółć – “quoted” 🙂")
    for seed in (*told.guardians, told.receipt.kem_seed):
        assert open_sealed(told.flag, seed)["text"] == told.text


def test_a_stranger_opens_nothing() -> None:
    with pytest.raises(NotForThisKey):
        open_sealed(Told().flag, keys.new_seed())


def test_an_excluded_recipient_has_the_same_row_and_opens_nothing() -> None:
    told = Told()
    excluded = keys.kid_of(told.publics[1])
    sealed = told.seal(Kind.DETAIL, {"text": "more"}, excluded=frozenset({excluded}))
    assert {kid: len(wrap) for kid, wrap in sealed.wraps.items()} == dict.fromkeys(told.flag.wraps, WRAP_BYTES)
    with pytest.raises(NotForThisKey):
        open_sealed(sealed, told.guardians[1])
    assert open_sealed(sealed, told.guardians[0]) == {"text": "more"}


@settings(max_examples=60)
@given(data=st.data())
def test_s5_a_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    told = data.draw(st.builds(Told))
    sealed, header = told.flag, told.flag.header
    kid = keys.kid_of(told.publics[0])
    part = data.draw(st.sampled_from(["site_id", "thread_id", "envelope_id", "kind", "commit", "body", "wrap"]))
    if part == "kind":
        changed = dataclasses.replace(sealed, header=dataclasses.replace(header, kind=Kind.DETAIL))
    elif part in ("commit", "body"):
        whole = getattr(sealed, part)
        flipped: Any = {part: flip(whole, data.draw(st.integers(0, len(whole) * 8 - 1)))}
        changed = dataclasses.replace(sealed, **flipped)
    elif part == "wrap":
        whole = sealed.wraps[kid]
        bit = data.draw(st.integers(0, len(whole) * 8 - 1))
        changed = dataclasses.replace(sealed, wraps={**sealed.wraps, kid: flip(whole, bit)})
    else:
        whole = getattr(header, part)
        moved: Any = {part: flip(whole, data.draw(st.integers(0, len(whole) * 8 - 1)))}
        changed = dataclasses.replace(sealed, header=dataclasses.replace(header, **moved))
    assert open_sealed(sealed, told.guardians[0])["text"] == told.text
    with pytest.raises((Tampered, NotForThisKey)):
        open_sealed(changed, told.guardians[0])


def test_s5_a_wrap_moved_to_another_envelope_or_recipient_is_refused() -> None:
    told = Told()
    other = told.seal(Kind.DETAIL, {"text": "more"})
    first, second = (keys.kid_of(public) for public in told.publics[:2])
    for wraps in ({**told.flag.wraps, first: other.wraps[first]}, {**told.flag.wraps, first: told.flag.wraps[second]}):
        with pytest.raises(SealingError):
            open_sealed(dataclasses.replace(told.flag, wraps=wraps), told.guardians[0])


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="9 is not a valid Kind"):
        Kind(9)


@pytest.mark.parametrize("kind", list(Kind))
def test_s6_bodies_have_the_fixed_lengths_of_their_kind(kind: Kind) -> None:
    told = Told()
    lengths = {len(told.seal(kind, {"text": "x" * count}).body) for count in (0, 1, 700, 4000)}
    assert lengths <= {size + TAG_BYTES for size in SIZES[kind]}
    assert {len(wrap) for wrap in told.seal(kind, {}).wraps.values()} == {WRAP_BYTES}


def test_the_longest_text_fits_and_a_longer_payload_is_refused() -> None:
    told = Told()
    assert len(told.seal(Kind.FLAG, {"text": "é" * (MAX_TEXT_BYTES // 2)}).body) == 16384 + TAG_BYTES
    with pytest.raises(TooLong):
        told.seal(Kind.FLAG, {"text": "x" * 16384})


def test_a_signature_holds_for_its_own_envelope_content_and_key_only() -> None:
    told = Told()
    sealed = told.seal(Kind.REPLY, {"text": "Thank you."}, told.signers[0])
    payload = open_sealed(sealed, told.receipt.kem_seed)
    assert signed_by(sealed, payload, told.sign_publics[0])
    assert not signed_by(sealed, payload, told.sign_publics[1])
    assert not signed_by(sealed, {**payload, "text": "No."}, told.sign_publics[0])
    copied = told.seal(Kind.REPLY, payload)
    assert not signed_by(copied, open_sealed(copied, told.receipt.kem_seed), told.sign_publics[0])


@given(st.binary(max_size=300))
@settings(max_examples=30)
def test_noise_is_refused_as_tampered(noise: bytes) -> None:
    seed = keys.new_seed()
    kid = keys.kid_of(keys.kem_public(seed))
    header = Header(Kind.FLAG, SITE, secrets.token_bytes(16), secrets.token_bytes(16))
    with pytest.raises(SealingError):
        open_sealed(Sealed(header, bytes(32), noise, {kid: noise}), seed)


def test_two_seals_of_one_payload_share_nothing_but_their_recipients() -> None:
    told = Told()
    header = told.flag.header
    one, two = (seal(header, {"text": "same"}, told.publics) for _ in range(2))
    assert one.wraps.keys() == two.wraps.keys()
    assert one.commit != two.commit and one.body != two.body
