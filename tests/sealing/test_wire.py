"""An envelope as JSON: comes back equal, and nothing but an envelope is ever taken for one."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerns.sealing.envelope import SIZES, TAG_BYTES, WRAP_BYTES, Header, Kind, Sealed, open_sealed
from concerns.sealing.text import to_text
from concerns.sealing.wire import MOST_WRAPS, BadEnvelope, from_wire, to_wire
from tests.sealing.helpers import SITE, Told

TOLD = Told()
WIRE = to_wire(TOLD.flag)
ALL = tuple(Kind)
ids = st.binary(min_size=16, max_size=16)


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.5, 10**4000, float("nan"), float("inf"), "", "\x00", "\ud800", "A", "AAAA", "=", "é" * 22,
    [], {}, [[]], {"v": 1}, {"": ""}, nested(50_000), {"a": nested(50_000)}, b"bytes", ("tuple",), object(), {1: 2},
)  # fmt: skip


@st.composite
def envelopes(draw: st.DrawFn) -> Sealed:
    """Well-formed ones with any bytes in them."""
    kind = draw(st.sampled_from([kind for kind in Kind if kind is not Kind.FILE]))
    chance = random.Random(draw(st.integers(0, 2**32)))
    body = chance.randbytes(draw(st.sampled_from(SIZES[kind])) + TAG_BYTES)
    wraps = {kid: chance.randbytes(WRAP_BYTES) for kid in draw(st.lists(ids, max_size=5, unique=True))}
    return Sealed(Header(kind, SITE, draw(ids), draw(ids)), chance.randbytes(32), body, wraps)


def why(value: object, kinds: tuple[Kind, ...] = ALL) -> str:
    with pytest.raises(BadEnvelope) as bad:
        from_wire(value, site_id=SITE, kinds=kinds)
    return bad.value.why


@settings(max_examples=60)
@given(envelopes())
def test_an_envelope_comes_back_equal(sealed: Sealed) -> None:
    wire = json.loads(json.dumps(to_wire(sealed)))
    assert from_wire(wire, site_id=SITE, kinds=[sealed.header.kind]) == sealed
    assert to_wire(from_wire(wire, site_id=SITE, kinds=ALL)) == wire


@pytest.mark.parametrize("kind", ALL)
def test_what_was_sealed_is_opened_after_the_journey(kind: Kind) -> None:
    sealed = from_wire(json.loads(json.dumps(to_wire(TOLD.seal(kind, {"text": "é"})))), site_id=SITE, kinds=ALL)
    assert open_sealed(sealed, TOLD.guardians[0]) == {"text": "é"}


def test_each_refusal_says_why() -> None:
    other: tuple[Any, ...] = (0, 2, "1", True, 1.0, None, [], 10**400)
    assert {why({**WIRE, name: value}) for name in ("v", "suite") for value in other} == {"old"}
    assert why({**WIRE, "site": to_text(bytes(16))}) == "foreign"
    kinds: tuple[Any, ...] = (0, 9, "1", True, 1.0, -1, None, {}, 10**400)
    assert {why({**WIRE, "kind": value}) for value in kinds} == {"kind"}
    assert why(WIRE, (Kind.DETAIL, Kind.CONTACT)) == "kind"
    assert {why(value) for value in (None, [], "v", 7, [WIRE], {**WIRE, "extra": 1})} == {"shape"}
    assert why({}) == "old"
    for name in set(WIRE) - {"v", "suite"}:
        assert why({key: value for key, value in WIRE.items() if key != name}) == "shape"


@pytest.mark.parametrize("name", ["site", "thread", "id", "commit", "body"])
def test_bytes_are_taken_in_their_one_length_and_writing(name: str) -> None:
    good = WIRE[name]
    assert why({**WIRE, name: good + "AAAA"}) == why({**WIRE, name: ""}) == "size"
    assert why({**WIRE, name: "A" * 10_000_000}) == "size"
    assert {why({**WIRE, name: bad}) for bad in (good + "=", good[:-1] + "\n", "é" + good[1:], "\x00", "\ud800")} == {
        "shape"
    }
    assert {why({**WIRE, name: bad}) for bad in ODD if not isinstance(bad, str)} == {"shape"}
    other = {"Q": "R", "w": "x"}.get(good[-1])
    if len(good) % 4 and other:
        assert why({**WIRE, name: good[:-1] + other}) == "shape"


def test_a_second_writing_of_the_same_bytes_is_refused() -> None:
    """The last letter of 16 bytes holds four bits that say nothing: only zeros are taken, or a kid could stand twice."""
    kid = to_text(bytes(16))
    assert kid.endswith("A")
    twice = {kid: to_text(bytes(WRAP_BYTES)), kid[:-1] + "B": to_text(bytes(WRAP_BYTES))}
    assert why({**WIRE, "wraps": twice}) == "shape"


def test_wraps_are_few_and_of_one_length() -> None:
    wrap = to_text(bytes(WRAP_BYTES))
    many = {to_text(number.to_bytes(16)): wrap for number in range(MOST_WRAPS + 1)}
    assert why({**WIRE, "wraps": many}) == "size"
    del many[to_text(bytes(16))]
    assert len(from_wire({**WIRE, "wraps": many}, site_id=SITE, kinds=ALL).wraps) == MOST_WRAPS
    assert why({**WIRE, "wraps": {to_text(bytes(15)): wrap}}) == "size"
    assert why({**WIRE, "wraps": {to_text(bytes(16)): to_text(bytes(WRAP_BYTES - 1))}}) == "size"
    assert {why({**WIRE, "wraps": bad}) for bad in (None, [], "x", [wrap], 1)} == {"shape"}
    assert {why({**WIRE, "wraps": {kid: wrap}}) for kid in ("é" * 22, "\x00" * 22, "=" * 22)} == {"shape"}


def test_a_size_of_another_kind_is_refused() -> None:
    small = to_text(bytes(4096 + TAG_BYTES))
    assert why({**WIRE, "body": small}) == "size"
    assert from_wire({**WIRE, "body": small, "kind": 3}, site_id=SITE, kinds=ALL).header.kind is Kind.REPLY
    assert why({**WIRE, "kind": 8}) == "size"
    assert why({**WIRE, "body": to_text(bytes(16384))}) == "size"


def mutated(chance: random.Random) -> Any:
    """An envelope with one to three things changed in it, at any depth."""
    wire = {**WIRE, "wraps": dict(WIRE["wraps"])}
    for _ in range(chance.randint(1, 3)):
        target: dict[Any, Any] = chance.choice([wire, wire["wraps"]]) if isinstance(wire["wraps"], dict) else wire
        key = chance.choice(list(target)) if target else "x"
        match chance.randrange(6):
            case 0:
                target[key] = chance.choice(ODD)
            case 1:
                target.pop(key, None)
            case 2:
                target[chance.choice(["", "x", "\ud800", 7, None, "V", to_text(chance.randbytes(16))])] = target.get(
                    key
                )
            case 3 if isinstance(target.get(key), str) and target[key]:
                place = chance.randrange(len(target[key]))
                target[key] = (
                    target[key][:place] + chance.choice("AZaz09-_+/= \n\x00é\ud800") + target[key][place + 1 :]
                )
            case 4 if isinstance(target.get(key), str):
                target[key] = target[key][: chance.randrange(len(target[key]) + 1)] + chance.choice(["", "A", "AAAA"])
            case _:
                target[key] = copy.copy(target.get(chance.choice(list(target) or ["x"])))
        wire.setdefault("wraps", {})
    return wire


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_posted_is_refused_or_is_the_one_writing_of_an_envelope(seed: int) -> None:
    chance = random.Random(seed)
    taken = 0
    for _ in range(300):
        value = mutated(chance)
        sealed = taken_as(value)
        if sealed is not None:
            taken += 1
            assert to_wire(sealed) == value
    assert taken < 150


def taken_as(value: object) -> Sealed | None:
    try:
        return from_wire(value, site_id=SITE, kinds=ALL)
    except BadEnvelope:
        return None


@pytest.mark.parametrize("place", range(len(ODD)))
def test_odd_values_are_refused_wherever_they_stand(place: int) -> None:
    odd = ODD[place]
    # 1 is what some of the names want, and an envelope without wraps is well-formed, though nobody can open it
    fitting = {name for name in WIRE if type(odd) is int and odd == WIRE[name]} | ({"wraps"} if odd == {} else set())
    for value in (
        odd,
        *({**WIRE, name: odd} for name in set(WIRE) - fitting),
        {**WIRE, "wraps": {to_text(bytes(16)): odd}},
    ):
        assert why(value) in {"old", "foreign", "kind", "size", "shape"}


@settings(max_examples=50)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))  # fmt: skip
def test_other_json_is_refused(value: object) -> None:
    assert why(value)
