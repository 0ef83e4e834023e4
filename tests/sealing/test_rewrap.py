"""One more recipient of what was sealed before she came."""

import dataclasses
import secrets

import pytest

from concerns.sealing import keys
from concerns.sealing.envelope import (
    WRAP_BYTES,
    Kind,
    NotForThisKey,
    Tampered,
    data_key,
    open_sealed,
    rewrap,
    wrap_for,
)
from tests.sealing.helpers import Told

NEWCOMER = keys.Holder(keys.new_seed())


@pytest.mark.parametrize("kind", list(Kind))
def test_s9_a_newcomer_opens_after_a_re_wrap(kind: Kind) -> None:
    told = Told()
    sealed = told.seal(kind, {"text": "before she came"})
    seed = keys.new_seed()
    with pytest.raises(NotForThisKey):
        open_sealed(sealed, seed)
    newcomer = keys.Holder(seed)
    wrap = rewrap(sealed, keys.Holder(told.guardians[1]), newcomer.public)
    later = dataclasses.replace(sealed, wraps={**sealed.wraps, newcomer.kid: wrap})
    assert open_sealed(later, seed) == {"text": "before she came"} == open_sealed(later, told.guardians[0])


def test_s7_an_excluded_newcomers_wrap_is_as_long_and_opens_nothing() -> None:
    told, seed = Told(), keys.new_seed()
    newcomer, guardian = keys.Holder(seed), keys.Holder(told.guardians[0])
    wraps = [rewrap(told.flag, guardian, newcomer.public, excluded=out) for out in (False, True, True)]
    assert {len(wrap) for wrap in wraps} == {WRAP_BYTES}
    assert len(set(wraps)) == 3
    for wrap in wraps[1:]:
        later = dataclasses.replace(told.flag, wraps={**told.flag.wraps, newcomer.kid: wrap})
        assert data_key(later, newcomer) != data_key(later, guardian)
        with pytest.raises(NotForThisKey):
            open_sealed(later, seed)


def test_s7_who_was_excluded_can_let_nobody_in() -> None:
    told = Told()
    sealed = told.seal(Kind.DETAIL, {"text": "x"}, excluded=frozenset({keys.kid_of(told.publics[2])}))
    for out in (False, True):
        with pytest.raises(NotForThisKey):
            rewrap(sealed, keys.Holder(told.guardians[2]), NEWCOMER.public, excluded=out)


def test_a_stranger_can_let_nobody_in() -> None:
    with pytest.raises(NotForThisKey):
        rewrap(Told().flag, keys.Holder(keys.new_seed()), NEWCOMER.public)


def test_nobody_passes_on_what_does_not_open() -> None:
    """Neither another commitment, nor another body, nor a damaged wrap, nor a key that somebody planted."""
    told = Told()
    guardian = keys.Holder(told.guardians[0])
    wrap = bytearray(told.flag.wraps[guardian.kid])
    wrap[-1] ^= 1
    planted = wrap_for(guardian.public, secrets.token_bytes(32), told.flag.header, told.flag.commit)
    for changed in (
        dataclasses.replace(told.flag, commit=bytes(32)),
        dataclasses.replace(told.flag, body=bytes(len(told.flag.body))),
        dataclasses.replace(told.flag, wraps={guardian.kid: bytes(wrap)}),
        dataclasses.replace(told.flag, wraps={guardian.kid: planted}),
    ):
        with pytest.raises((Tampered, NotForThisKey)):
            rewrap(changed, guardian, NEWCOMER.public)


def test_a_re_wrap_is_bound_to_its_envelope_and_to_its_recipient() -> None:
    told, seed = Told(), keys.new_seed()
    newcomer, guardian = keys.Holder(seed), keys.Holder(told.guardians[0])
    detail = told.seal(Kind.DETAIL, {"text": "x"})
    wrap = rewrap(detail, guardian, newcomer.public)
    for sealed, kid, reader in ((told.flag, newcomer.kid, seed), (detail, guardian.kid, told.guardians[0])):
        with pytest.raises(Tampered):
            open_sealed(dataclasses.replace(sealed, wraps={kid: wrap}), reader)


def test_a_malformed_key_is_refused() -> None:
    told = Told()
    with pytest.raises(ValueError, match=r"1,216 bytes"):
        rewrap(told.flag, keys.Holder(told.guardians[0]), bytes(32))
