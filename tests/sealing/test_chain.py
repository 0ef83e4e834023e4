"""Signed envelopes: what was dropped, moved, replayed or forged is shown as what it is."""

import dataclasses
from typing import Any

from concerns.sealing import keys, signing
from concerns.sealing.chain import Standing, judge, missing_seen, next_link
from concerns.sealing.envelope import Kind, Sealed, open_sealed
from tests.sealing.helpers import Told

Pair = tuple[Sealed, dict[str, Any]]


def answered(told: Told, count: int = 3) -> list[Pair]:
    """A flag with some replies of the first guardian."""
    pairs: list[Pair] = [(told.flag, open_sealed(told.flag, told.receipt.kem_seed))]
    for number in range(count):
        link = next_link([pair for pair in pairs if pair[0].header.kind is Kind.REPLY], told.flag)
        sealed = told.seal(Kind.REPLY, {"text": f"reply {number}", **link}, told.signers[0])
        pairs.append((sealed, open_sealed(sealed, told.receipt.kem_seed)))
    return pairs


def standings(told: Told, pairs: list[Pair], rows: list[Sealed] | None = None) -> list[Standing]:
    rows = [sealed for sealed, _ in pairs] if rows is None else rows
    reporter = signing.sign_public(told.receipt.sign_seed)
    judged = judge(pairs, rows, told.sign_publics, reporter)
    return [item.standing for item in judged if item.kind is not Kind.FLAG]


def test_a_whole_chain_is_proven_in_any_order() -> None:
    told = Told()
    pairs = answered(told)
    assert standings(told, pairs[::-1]) == [Standing.PROVEN] * 3


def test_s8_a_reply_of_a_stranger_is_unproven() -> None:
    told = Told()
    pairs = answered(told, 1)
    forged = told.seal(Kind.REPLY, {"text": "forged", "n": 1, "prev": None, "seen": None}, keys.new_seed())
    pairs.append((forged, open_sealed(forged, told.receipt.kem_seed)))
    assert standings(told, pairs) == [Standing.PROVEN, Standing.UNPROVEN]


def test_s8_a_guardian_cannot_write_as_the_reporter_nor_the_reporter_as_a_guardian() -> None:
    told = Told()
    link = {"n": 0, "prev": None, "seen": None}
    for kind, seed in ((Kind.DETAIL, told.signers[0]), (Kind.REPLY, told.receipt.sign_seed)):
        sealed = told.seal(kind, {"text": "x", **link}, seed)
        assert standings(told, [(sealed, open_sealed(sealed, told.guardians[0]))]) == [Standing.UNPROVEN]


def test_s8_a_dropped_envelope_breaks_the_next_one() -> None:
    told = Told()
    pairs = answered(told)
    assert standings(told, [pairs[0], pairs[1], pairs[3]]) == [Standing.PROVEN, Standing.BROKEN]


def test_s8_a_predecessor_that_the_reader_cannot_open_still_counts() -> None:
    told = Told()
    pairs = answered(told)
    rows = [sealed for sealed, _ in pairs]
    assert standings(told, [pairs[0], pairs[3]], rows) == [Standing.PROVEN]


def test_s8_a_replayed_place_is_broken() -> None:
    told = Told()
    pairs = answered(told, 1)
    again = told.seal(Kind.REPLY, {"text": "second first", "n": 0, "prev": None, "seen": None}, told.signers[0])
    pairs.append((again, open_sealed(again, told.receipt.kem_seed)))
    assert sorted(standings(told, pairs)) == [Standing.BROKEN, Standing.PROVEN]


def test_s8_a_changed_body_is_no_longer_the_one_that_was_followed() -> None:
    told = Told()
    pairs = answered(told, 2)
    changed = dataclasses.replace(pairs[1][0], body=bytes(len(pairs[1][0].body)))
    assert standings(told, [pairs[0], pairs[2]], [pairs[0][0], changed, pairs[2][0]]) == [Standing.BROKEN]


def test_what_the_other_side_had_seen_is_missed_when_it_is_gone() -> None:
    told = Told()
    pairs = answered(told, 1)
    link = next_link([], pairs[1][0])
    detail = told.seal(Kind.DETAIL, {"text": "more", **link}, told.receipt.sign_seed)
    pairs.append((detail, open_sealed(detail, told.guardians[0])))
    reporter = signing.sign_public(told.receipt.sign_seed)
    rows = [sealed for sealed, _ in pairs]
    assert not missing_seen(judge(pairs, rows, told.sign_publics, reporter), rows)
    left = [pairs[0], pairs[2]]
    rows = [sealed for sealed, _ in left]
    assert missing_seen(judge(left, rows, told.sign_publics, reporter), rows)
