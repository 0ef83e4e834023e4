"""Who can open what is stored already: wraps are added, replaced and deleted, in both stores."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from concerns.sealing import keys, rewrapping
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind, NotForThisKey, Sealed, open_for
from concerns.sealing.model import Arrival, Wrap
from concerns.sealing.rewrapping import drop, fill_with_noise, hand_over, has_wraps, lacks, shut_out
from concerns.sealing.shredding import STORED_BYTES, unpack
from concerns.sealing.threads import deliver, erase_contact, load
from concerns.store.session import Stores
from tests.sealing.helpers import SITE, Told

DAY = dt.date(2026, 11, 19)


def tell(stores: Stores, *more: Kind) -> Told:
    told = Told()
    contact = told.seal(Kind.CONTACT, {"wish": "reach", "how": "x"})
    assert deliver(stores, [told.flag, contact], told.receipt.lookup_hash, "open")
    if more:
        assert deliver(stores, [told.seal(kind, {"text": "x"}) for kind in more])
    return told


def rows(stores: Stores, told: Told) -> list[Sealed]:
    return load(stores, SITE, [told.thread_id], list(Kind))[told.thread_id]


def opened(stores: Stores, told: Told, seed: bytes) -> list[Kind]:
    found = []
    for row in rows(stores, told):
        try:
            open_for(row, keys.Holder(seed))
        except NotForThisKey:
            continue
        found.append(row.header.kind)
    return sorted(found)


def both(stores: Stores) -> Told:
    """A thread of which one part is collected and another waits."""
    told = tell(stores, Kind.FILE, Kind.NOTE)
    collect(stores, DAY, 12)
    assert deliver(stores, [told.seal(kind, {"text": "later"}) for kind in (Kind.REPLY, Kind.STATUS)])
    return told


ALL = sorted([Kind.FLAG, Kind.CONTACT, Kind.FILE, Kind.NOTE, Kind.REPLY, Kind.STATUS])


def shapes(stores: Stores) -> set[tuple[int, int]]:
    """How many wraps an envelope has, and how long they are."""
    with stores.read_main() as main, stores.read_live() as live:
        stored: dict[bytes, list[bytes]] = {}
        for wrap in main.scalars(select(Wrap)):
            stored.setdefault(wrap.envelope_id, []).append(wrap.w)
        stored |= {row.id: list(unpack(row.wraps).values()) for row in live.scalars(select(Arrival))}
    return {(len(wraps), len(wrap)) for wraps in stored.values() for wrap in wraps}


def test_s6_a_newcomer_has_a_wrap_everywhere_at_once_and_opens_nothing_by_it(stores: Stores) -> None:
    told, seed = both(stores), keys.new_seed()
    public = keys.kem_public(seed)
    with stores.read_main() as main:
        assert lacks(main, [keys.kid_of(public)])
    for _twice in range(2):
        fill_with_noise(stores, SITE, public)
        with stores.read_main() as main:
            assert not lacks(main, [keys.kid_of(public)])
        assert shapes(stores) == {(5, STORED_BYTES)}
        assert len([row for row in rows(stores, told) if keys.kid_of(public) in row.wraps]) == len(ALL)
        assert opened(stores, told, seed) == []
    assert opened(stores, told, told.guardians[0]) == ALL == opened(stores, told, told.guardians[2])


def test_s9_a_newcomer_opens_what_somebody_handed_over_and_nothing_else(stores: Stores) -> None:
    told, other, seed = both(stores), both(stores), keys.new_seed()
    public = keys.kem_public(seed)
    fill_with_noise(stores, SITE, public)
    hand_over(stores, SITE, [told.thread_id], keys.Holder(told.guardians[1]), public)
    assert opened(stores, told, seed) == ALL
    assert opened(stores, other, seed) == []
    assert shapes(stores) == {(5, STORED_BYTES)}
    collect(stores, DAY, 12)
    assert opened(stores, told, seed) == ALL


def test_s7_who_is_excluded_hands_nothing_over(stores: Stores) -> None:
    told, seed = both(stores), keys.new_seed()
    public = keys.kem_public(seed)
    fill_with_noise(stores, SITE, public)
    shut_out(stores, SITE, told.thread_id, told.publics[1])
    hand_over(stores, SITE, [told.thread_id], keys.Holder(told.guardians[1]), public)
    assert opened(stores, told, seed) == []


def test_s7_who_is_shut_out_of_a_thread_opens_nothing_in_it(stores: Stores) -> None:
    told, other = both(stores), both(stores)
    before = shapes(stores)
    assert opened(stores, told, told.guardians[0]) == ALL
    shut_out(stores, SITE, told.thread_id, told.publics[0])
    assert opened(stores, told, told.guardians[0]) == []
    assert opened(stores, told, told.guardians[1]) == ALL == opened(stores, told, told.receipt.kem_seed)
    assert opened(stores, other, other.guardians[0]) == ALL
    assert shapes(stores) == before


def test_s9_a_dropped_key_has_no_wrap_left(stores: Stores) -> None:
    told = both(stores)
    kid = keys.kid_of(told.publics[0])
    drop(stores, SITE, kid)
    assert not any(kid in row.wraps for row in rows(stores, told))
    with stores.read_main() as main:
        assert not has_wraps(main, kid) and has_wraps(main, keys.kid_of(told.publics[1]))
    assert shapes(stores) == {(3, STORED_BYTES)}
    collect(stores, DAY, 12)
    assert opened(stores, told, told.guardians[1]) == ALL


def test_many_are_filled_in_small_transactions(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrapping, "CHUNK", 3)
    for _thread in range(4):
        tell(stores)
    collect(stores, DAY, 12)
    public = keys.kem_public(keys.new_seed())
    fill_with_noise(stores, SITE, public)
    assert {count for count, _length in shapes(stores)} == {5}


def test_an_erased_contact_stays_erased(stores: Stores) -> None:
    told, seed = both(stores), keys.new_seed()
    erase_contact(stores, told.thread_id)
    public = keys.kem_public(seed)
    fill_with_noise(stores, SITE, public)
    hand_over(stores, SITE, [told.thread_id], keys.Holder(told.guardians[0]), public)
    assert {count for count, _length in shapes(stores)} == {5}
    assert opened(stores, told, seed) == [kind for kind in ALL if kind is not Kind.CONTACT]


@pytest.mark.parametrize("verb", [fill_with_noise, drop], ids=lambda verb: str(verb.__name__))
def test_nothing_stored_is_no_trouble(stores: Stores, verb: Callable[..., None]) -> None:
    verb(stores, SITE, keys.kem_public(keys.new_seed()))
    assert shapes(stores) == set()
