"""After a removal old copies of one store open nothing beside new ones of the other, and at each moment all is readable."""

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from concerns.sealing import keys, rekeying
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Header, Kind, NotForThisKey, Sealed, open_for
from concerns.sealing.model import Arrival, ContactKey, Envelope, ShredKey, Wrap
from concerns.sealing.opening import load_one
from concerns.sealing.rewrapping import drop
from concerns.sealing.shredding import KEY_BYTES, uncover, unpack
from concerns.sealing.threads import deliver, erase_contact, find, take_back
from concerns.store.session import Stores
from tests.sealing.helpers import SITE, Told
from tests.sealing.test_rewrapping import ALL, DAY, both, opened


@dataclass(frozen=True)
class Copy:
    """What somebody took away of both stores."""

    #: envelope: its row's facts, and its stored wraps
    main: Mapping[bytes, tuple[bytes, int, bytes, bytes, Mapping[bytes, bytes]]]
    waiting: Mapping[bytes, tuple[bytes, int, bytes, bytes, Mapping[bytes, bytes]]]
    #: thread: its keys, for all and for how to be reached
    shred: Mapping[bytes, bytes]
    contact: Mapping[bytes, bytes]


def copied(stores: Stores) -> Copy:
    with stores.read_main() as main, stores.read_live() as live:
        wraps: dict[bytes, dict[bytes, bytes]] = {}
        for one in main.scalars(select(Wrap)):
            wraps.setdefault(one.envelope_id, {})[one.kid] = one.w
        rows = {
            row.id: (row.thread_id, row.kind, row.commit, row.body, wraps.get(row.id, {}))
            for row in main.scalars(select(Envelope))
        }
        waiting = {
            row.id: (row.thread_id, row.kind, row.commit, row.body, unpack(row.wraps))
            for row in live.scalars(select(Arrival))
        }
        shred = {row.thread_id: row.key for row in live.scalars(select(ShredKey))}
        contact = {row.thread_id: row.key for row in live.scalars(select(ContactKey))}
    return Copy(rows, waiting, shred, contact)


def opens(main: Copy, live: Copy, seed: bytes) -> int:
    """How many envelopes a key opens with the main store of one copy and the live store of another."""
    number, holder = 0, keys.Holder(seed)
    for own, (thread_id, kind, commit, body, wraps) in {**live.waiting, **main.main}.items():
        key = (live.contact if kind == Kind.CONTACT else live.shred).get(thread_id, b"")
        stored = wraps.get(holder.kid, b"")
        wrap = uncover(key, own, holder.kid, stored) if key else None
        if wrap is not None:
            header = Header(Kind(kind), SITE, thread_id, own)
            try:
                open_for(Sealed(header, commit, body, {holder.kid: wrap}), holder)
            except NotForThisKey:
                continue
            number += 1
    return number


def lengths(stores: Stores) -> set[int]:
    return {len(key) for key in [*copied(stores).shred.values(), *copied(stores).contact.values()]}


def done(stores: Stores) -> None:
    for _round in range(20):
        if not rekeying.go_on(stores, 2):
            return
    pytest.fail("it never ends")


def test_s9_an_old_copy_of_one_store_opens_nothing_for_a_removed_guardian_beside_a_new_one_of_the_other(
    stores: Stores,
) -> None:
    told = both(stores)
    gone, stays = told.guardians[0], told.guardians[1]
    before = copied(stores)
    rekeying.begin(stores)
    drop(stores, SITE, keys.kid_of(told.publics[0]))
    done(stores)
    after = copied(stores)
    assert opens(before, before, gone) == len(ALL), "what she took away whole, she has"
    waited = sum(kind in (Kind.REPLY, Kind.STATUS) for _thread, kind, *_rest in before.waiting.values())
    assert opens(before, after, gone) == 0
    assert opens(after, before, gone) == waited, "what waited stands in that very copy, with its keys"
    assert opens(after, after, gone) == 0 and opens(after, after, stays) == len(ALL)
    assert lengths(stores) == {KEY_BYTES}
    assert opened(stores, told, stays) == ALL == opened(stores, told, told.receipt.kem_seed)


STEPS = ("_cover_main", "_settle", "_begun")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_step_leaves_everything_readable_and_is_taken_up_again(
    stores: Stores, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    told, other = both(stores), both(stores)
    rekeying.begin(stores)
    whole: Callable[..., object] = getattr(rekeying, step)
    first = itertools.count()

    def killed(*args: object) -> object:
        result = whole(*args) if when == "after" else None
        if next(first) == 0:
            raise KeyboardInterrupt
        return result if when == "after" else whole(*args)

    with monkeypatch.context() as context:
        context.setattr(rekeying, step, killed)
        with pytest.raises(KeyboardInterrupt):
            rekeying.go_on(stores, 1)
    readable(stores, told, other)
    # meanwhile somebody tells, and the day's arrivals are collected among what is half done
    assert deliver(stores, [told.seal(Kind.NOTE, {"text": "meanwhile"})])
    collect(stores, DAY, 12)
    assert opened(stores, told, told.guardians[1]) == sorted([*ALL, Kind.NOTE])
    done(stores)
    assert lengths(stores) == {KEY_BYTES}
    assert opened(stores, told, told.guardians[1]) == sorted([*ALL, Kind.NOTE])
    readable(stores, other)


def readable(stores: Stores, *flags: Told) -> None:
    for told in flags:
        for seed in (*told.guardians, told.receipt.kem_seed):
            assert opened(stores, told, seed) == ALL


def test_a_second_removal_before_the_first_is_done_changes_every_key_again(stores: Stores) -> None:
    told, other = both(stores), both(stores)
    rekeying.begin(stores)
    assert rekeying.go_on(stores, 1), "one of two"
    between = copied(stores)
    rekeying.begin(stores)
    readable(stores, told, other)
    done(stores)
    after = copied(stores)
    assert opens(between, between, told.guardians[0]) == len(ALL)
    assert opens(between, after, told.guardians[0]) == 0
    readable(stores, told, other)


def test_s15_what_was_purged_or_erased_meanwhile_stays_so(stores: Stores) -> None:
    told, other = both(stores), both(stores)
    rekeying.begin(stores)
    take_back(stores, told.thread_id)
    erase_contact(stores, other.thread_id)
    collect(stores, DAY, 12)
    done(stores)
    assert find(stores, told.receipt.lookup_hash) is None and told.thread_id not in copied(stores).shred
    assert opened(stores, other, other.guardians[0]) == sorted(set(ALL) - {Kind.CONTACT})


def test_each_request_does_so_much_and_the_daily_collect_ends_it(stores: Stores) -> None:
    flags = [both(stores) for _flag in range(4)]
    assert not rekeying.go_on(stores)
    rekeying.begin(stores)
    left = []
    while rekeying.go_on(stores, 1):
        left.append(sum(len(key) > KEY_BYTES for key in copied(stores).shred.values()))
    assert left == [3, 2, 1]
    rekeying.begin(stores)
    collect(stores, DAY + dt.timedelta(days=1), 12)
    assert lengths(stores) == {KEY_BYTES} and not rekeying.go_on(stores)
    readable(stores, *flags)


def test_who_reads_while_a_thread_changes_hands_reads_it_whole(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are read before wraps: between the two, everything may come under new keys."""
    told = both(stores)
    photo = next(own for own, (_thread, kind, *_rest) in copied(stores).main.items() if kind == Kind.FILE)
    whole, once = Stores.read_main, iter([True])

    def between(self: Stores) -> object:
        if next(once, False):
            rekeying.begin(stores)
            done(stores)
        return whole(self)

    monkeypatch.setattr(Stores, "read_main", between)
    assert opened(stores, told, told.guardians[0]) == ALL
    once = iter([True])
    assert load_one(stores, SITE, told.thread_id, photo, keys.kid_of(told.publics[0])) is not None
