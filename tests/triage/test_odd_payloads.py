"""Whoever holds a guardian's public key can seal anything to her: no oddity may break a page, or hide another thread."""

import dataclasses
import datetime as dt
import json
import struct
from collections.abc import Mapping
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from concerns.areas.rules import AreaFacts
from concerns.charter.manifest import GuardianKey, Manifest
from concerns.charter.policy import Policy
from concerns.charter.service import Charter
from concerns.charter.versions import Version
from concerns.flagging import reading as flagging
from concerns.flagging.reading import Reading
from concerns.sealing import chain, envelope, opening, receipt
from concerns.sealing.chain import Opened, Standing, judge
from concerns.sealing.envelope import Header, Kind, Sealed, Tampered, open_sealed, seal
from concerns.sealing.keys import Holder, kem_public
from concerns.sealing.opening import OpenedThread
from concerns.sealing.signing import sign_public
from concerns.sealing.text import to_text
from concerns.sealing.threads import deliver
from concerns.store.base import new_id
from concerns.store.house import House
from concerns.themes.engine import Engine
from concerns.triage import reading
from concerns.triage.case import contact
from concerns.triage.case.forms import _chosen_before, _prefilled
from concerns.triage.case.screen import Screen
from concerns.triage.inbox.rows import Names, grouped
from concerns.triage.index.card import State
from concerns.triage.index.making import Reader, card_of
from concerns.triage.index.refreshing import Shelf
from concerns.triage.index.serious import serious_words
from concerns.triage.index.service import Index
from concerns.triage.index.shards import pack_cards, unpack_cards
from concerns.triage.index.week import Week
from concerns.triage.queries import ThreadFacts
from concerns.triage.reading import Desk, Flag
from concerns.triage.rules import steps_from
from concerns.triage.seen import newer, seen
from tests.cast import Instance
from tests.people.visiting import Desk as Visit
from tests.triage.telling import collect_now, tell

SITE, THREAD, TODAY = bytes(16), b"t" * 16, dt.date(2026, 11, 22)
ROSA = receipt.derive(bytes(range(10)), SITE)
GITA = (bytes(range(32)), bytes(range(32, 64)))
KEY = GuardianKey(b"g" * 16, "Gita", kem_public(GITA[0]), sign_public(GITA[1]))
DESK = Desk(SITE, Charter(Manifest(1, (KEY,)), (Version(1, Policy({}), ""),), "00000"), "nhs")
READERS = (KEY.kem, kem_public(ROSA.kem_seed))
OWN_KEYS = {"kem": to_text(kem_public(ROSA.kem_seed)), "sign": to_text(sign_public(ROSA.sign_seed))}
WRITTEN = (Kind.DETAIL, Kind.TRIAGE, Kind.NOTE, Kind.REPLY, Kind.STATUS)

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["9999-12-31", "0001-01-01", "2026-11-22", "concluded", "acted", "low", 10**40, -1, 0])
    | st.sampled_from(["detriment", "closing", "yes", "told", "cy", "zh-Hans", "x-y-z", "AAA", to_text(KEY.person_id)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("text", "n", "prev", "seen", "day", "turn", "status", "outcome", "reason", "primary", "themes", "area", "harm",
         "score", "worry", "consent", "danger", "exclusions", "cause", "factors", "help", "kind", "why", "channel", "mode",
         "language", "about", "agree", "feedback", "again", "looked", "proof", "psychological", "where")  # fmt: skip
ACTS = st.fixed_dictionaries(
    {"do": st.sampled_from(["propose", "agree", "withdraw", "hold", "link", "unlink"])},
    optional=dict.fromkeys(("to", "what", "person", "event", "primary", "area"), ODD),
)
PAYLOADS = st.fixed_dictionaries({}, optional={**dict.fromkeys(NAMES, ODD), "act": ACTS | ODD})


def sealed(kind: Kind, payload: Mapping[str, Any]) -> Sealed:
    seed = {Kind.FLAG: None, Kind.DETAIL: ROSA.sign_seed}.get(kind, GITA[1])
    return seal(Header(kind, SITE, THREAD, new_id()), payload, READERS, seed)


def opened(rows: list[Sealed], kem_seed: bytes) -> OpenedThread:
    found = opening._open(THREAD, rows, Holder(kem_seed), [KEY.sign])
    assert found is not None
    return found


@settings(max_examples=150)
@given(PAYLOADS, st.lists(st.tuples(st.sampled_from(WRITTEN), PAYLOADS), max_size=4))
def test_any_payload_can_be_shown_to_guardian_and_reporter(
    told: dict[str, Any], written: list[tuple[Kind, dict[str, Any]]]
) -> None:
    rows = [sealed(Kind.FLAG, {**told, **OWN_KEYS}), *(sealed(kind, payload) for kind, payload in written)]
    weeks = {row.header.envelope_id: TODAY for row in rows}

    thread = opened(rows, GITA[0])
    # the worst is what a guardian's own key signed: all of it is believed
    believed = [dataclasses.replace(item, standing=Standing.PROVEN) for item in thread.items]
    for items in (thread.items, tuple(believed)):
        seen = dataclasses.replace(thread, items=items)
        flag = Flag(ThreadFacts(THREAD, TODAY, "open"), seen, reading._entries(seen, weeks, DESK, TODAY))
        show_to_guardian(flag)

    mine = opened(rows, ROSA.kem_seed)
    messages = flagging._messages(mine, weeks, DESK.charter.manifest)
    show_to_reporter(Reading(SITE, bytes(10), ROSA, mine, TODAY, messages))


def of_nobody() -> Index:
    """An index that has read nothing."""
    index = Index(cast(House, None), cast(Shelf, None), "")
    vars(index)["read"] = {}
    return index


def show_to_guardian(flag: Flag) -> None:
    areas = [AreaFacts("ward-1", "Ward 1", "Medicine", 60)]
    screen = Screen(flag, areas, [], {}, TODAY, DESK.charter.manifest, Engine([]))
    shown = [screen.told, screen.area, screen.scales, screen.consent, screen.danger, screen.owed, screen.identifying]
    assert all(isinstance(value, str) and value for scale in screen.scales for value in scale)
    assert not newer(flag, KEY.sign, seen(flag, KEY.sign))
    assert all(isinstance(value, str) and value for _name, value in screen.facts)
    assert len(screen.factors) + len(screen.excluded) >= 0 and flag.doubted in {True, False}
    assert flag.badly_treated in {True, False} and contact.looked(flag, "x").looked
    assert len(shown) + len(screen.said) + len(screen.history) >= 6
    reader = Reader(DESK, KEY.person_id, KEY.sign, serious_words(("dead",)))
    card = card_of(flag, State("", ""), reader)
    held = Week(TODAY)
    held.put(card)
    assert unpack_cards(TODAY, pack_cards(held, 1).payload).cards[THREAD.hex()] == card
    ((_heading, (row,)),) = grouped([card], of_nobody(), Names({}, {}), TODAY)
    assert row.thread == THREAD.hex() and all(isinstance(fact, str) for fact in row.facts)
    assert set(map(type, _chosen_before(flag))) <= {str}
    assert isinstance(_prefilled(flag, {"ward-1": "ward-1"})["themes"], list)
    assert steps_from(flag.step)
    assert flag.own(KEY.sign) is not None and flag.newest_of_reporter


def show_to_reporter(thread: Reading) -> None:
    from concerns.flagging.rules import next_date

    assert isinstance(thread.told("text"), str)
    assert thread.gap in {True, False}
    assert thread.status
    assert next_date("assessing", TODAY, thread.last_heard, {}) is not None
    assert all(isinstance(message.said("text"), str) for message in thread.messages)


@pytest.mark.parametrize("odd", [["a"], {"a": 1}, 7, True])
@pytest.mark.parametrize("name", ["prev", "seen"])
def test_a_link_that_is_no_text_is_broken(name: str, odd: object) -> None:
    detail = sealed(Kind.DETAIL, {"text": "x", "n": 0, "prev": None, "seen": None, name: odd})
    pair = (detail, open_sealed(detail, GITA[0]))
    (judged,) = judge([pair], [detail], [], sign_public(ROSA.sign_seed))
    assert judged.standing is Standing.BROKEN
    assert not chain.missing_seen([Opened(detail, pair[1], b"x", Standing.PROVEN)], [detail])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"n": NaN}',
        b'{"text": "\\ud800"}',
        b'{"text": "\xed\xa0\x80"}',
        b'{"text": ' + b"[" * 6000 + b"]" * 6000 + b"}",
        b'{"n": ' + b"9" * 5000 + b"}",
        b"\xff\xfe{",
    ],
)
def test_what_nobody_honest_could_have_sealed_counts_as_tampered(body: bytes) -> None:
    with pytest.raises(Tampered):
        open_sealed(with_body(struct.pack(">I", len(body)) + body), GITA[0])


def test_a_body_too_short_for_its_length_counts_as_tampered() -> None:
    with pytest.raises(Tampered):
        open_sealed(with_body(b"xy"), GITA[0])


def with_body(padded: bytes) -> Sealed:
    """An envelope made by somebody who knows the format and writes the body herself."""
    header, dek = Header(Kind.DETAIL, SITE, THREAD, new_id()), bytes(32)
    key, nonce, commit = envelope._schedule(header, dek)
    body = AESGCM(key).encrypt(nonce, padded, header.context + commit)
    return Sealed(header, commit, body, {KEY.kid: envelope.wrap_for(KEY.kem, dek, header, commit)})


def test_one_odd_thread_breaks_no_page(desk: Visit, instance: Instance) -> None:
    odd, other = tell(instance, "An odd one"), tell(instance, "Another one")
    header = Header(Kind.DETAIL, instance.site_id, odd.thread_id, new_id())
    payload: dict[str, Any] = {"text": ["x"], "n": 0, "prev": None, "seen": ["a"], "day": {"a": json.dumps("b")}}
    readers = [*instance.charter.manifest.kem_publics, kem_public(odd.keys.kem_seed)]
    assert deliver(instance.stores, [seal(header, payload, readers, odd.keys.sign_seed)])
    collect_now(instance)
    desk.sign_in("gita")
    page = desk.client.get("/inbox")
    assert "An odd one" in page.text and "Another one" in page.text
    for told in (odd, other):
        desk.client.get(told.path)


def test_whatever_goes_wrong_in_one_thread_the_others_are_read(
    desk: Visit, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tell(instance, "An odd one")
    tell(instance, "Another one")
    whole = opening._open

    def breaks(thread_id: bytes, *rest: Any) -> OpenedThread | None:
        if thread_id == odd.thread_id:
            raise TypeError
        return whole(thread_id, *rest)

    desk.sign_in("gita")
    monkeypatch.setattr(opening, "_open", breaks)
    page = desk.client.get("/inbox")
    assert "An odd one" not in page.text and "Another one" in page.text
