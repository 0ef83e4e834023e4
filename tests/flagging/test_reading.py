"""What a reporter is shown when somebody has been at the rows."""

import pytest
from sqlalchemy import delete, select, update

from concerns.flagging.reading import SET_OF_GUARDIAN, Altered, NothingFound, open_with_receipt
from concerns.sealing.chain import next_link
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.keys import kem_public, kid_of, new_seed
from concerns.sealing.model import Arrival, ShredKey
from concerns.sealing.receipt import derive, new_entropy, read_receipt
from concerns.sealing.signing import sign_public
from concerns.sealing.text import to_text
from concerns.sealing.threads import deliver
from concerns.store.base import new_id
from concerns.triage import bundles
from concerns.triage.bundles import Work
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.flagging.conftest import Rosa, answer, thread_of


def dump(instance: Instance) -> list[tuple[object, ...]]:
    with instance.stores.read_live() as live:
        rows = live.execute(select(Arrival.__table__)).all()
    return sorted(tuple(row) for row in rows)


def test_reading_leaves_no_trace(rosa: Rosa, instance: Instance) -> None:
    words = rosa.tell()
    before = dump(instance)
    rosa.open(words)
    rosa.open("some words of mine")
    assert dump(instance) == before


def test_unknown_words_open_nothing(instance: Instance) -> None:
    with pytest.raises(NothingFound):
        open_with_receipt(instance.house, new_entropy())


def test_a_forged_reply_is_shown_as_not_proven(rosa: Rosa, instance: Instance) -> None:
    words = rosa.tell()
    answer(instance, words, Work(Step("concluded", "acted"), reply="All is well, Gita"), sign_seed=new_seed())
    page = rosa.open(words)
    assert "All is well, Gita" in page.text
    assert "Not proven to be from one of the people who read here" in page.text
    assert "Somebody" in page.text
    assert "We have it" in page.text, "a forged status must not count"
    assert "Finished" not in page.text


def test_a_reporter_cannot_be_answered_in_a_guardians_name_by_herself(rosa: Rosa, instance: Instance) -> None:
    words = rosa.tell()
    own = derive(read_receipt(words), instance.site_id).sign_seed
    answer(instance, words, Work(Step("assessing"), reply="From myself"), sign_seed=own)
    assert "Not proven to be from one of the people who read here" in rosa.open(words).text


def test_a_forged_detail_is_shown_as_not_proven(rosa: Rosa, instance: Instance) -> None:
    words = rosa.tell()
    thread = thread_of(instance, words)
    header = Header(Kind.DETAIL, instance.site_id, thread.thread_id, new_id())
    payload = {"text": "I take it all back", **next_link([], None)}
    readers = [*instance.charter.manifest.kem_publics, thread.reporter_kem]
    assert deliver(instance.stores, [seal(header, payload, readers, instance.guardian().sign_seed)])
    page = rosa.open(words)
    assert "I take it all back" in page.text
    assert "Not proven to be from you" in page.text


def remove(instance: Instance, envelopes: list[Sealed]) -> None:
    with instance.stores.write_live() as live:
        live.execute(delete(Arrival).where(Arrival.id.in_([one.header.envelope_id for one in envelopes])))


def test_guardians_write_in_the_sets_that_this_room_counts_by() -> None:
    assert bundles.SET == SET_OF_GUARDIAN


@pytest.mark.parametrize("taken", [[0, 1, 2, 3], [2], [3]], ids=["all", "the reply", "the status"])
def test_something_taken_out_before_a_reply_is_noticed(rosa: Rosa, instance: Instance, taken: list[int]) -> None:
    words = rosa.tell()
    first = answer(instance, words, Work(Step("acknowledged"), reply="One"))
    answer(instance, words, Work(Step("assessing"), reply="Two"))
    answer(instance, words, Work(Step("responded"), reply="Three"), guardian="gwen")
    assert "is missing" not in rosa.open(words).text
    remove(instance, [first[place] for place in taken])
    page = rosa.open(words)
    assert "Two" in page.text
    assert "Three" in page.text
    assert "Something that was in this conversation is missing" in page.text


def test_an_own_detail_taken_out_is_noticed(rosa: Rosa, instance: Instance) -> None:
    words = rosa.tell()
    rosa.add(rosa.open(words), "First")
    kept = {row.header.envelope_id for row in thread_of(instance, words).rows}
    rosa.add(rosa.open(words), "Second")
    rosa.add(rosa.open(words), "Third")
    second = [item.sealed for item in thread_of(instance, words).items if item.payload["text"] == "Second"]
    assert second[0].header.envelope_id not in kept
    remove(instance, second)
    page = rosa.open(words)
    assert "Something before this is missing or was moved" in page.text
    assert "Something that was in this conversation is missing" in page.text


def test_a_missing_reply_that_was_answered_is_noticed(rosa: Rosa, instance: Instance) -> None:
    words = rosa.tell()
    reply = answer(instance, words, Work(Step("acknowledged"), reply="One"))
    rosa.add(rosa.open(words), "Thank you")
    assert "is missing" not in rosa.open(words).text
    remove(instance, reply)
    assert "Something that was in this conversation is missing" in rosa.open(words).text


def test_a_flag_put_in_place_of_hers_is_not_shown(rosa: Rosa, instance: Instance) -> None:
    """Even one sealed to her own key: it names somebody else's keys, so replies would go astray."""
    words = rosa.tell()
    keys = derive(read_receipt(words), instance.site_id)
    thread = thread_of(instance, words)
    header = Header(Kind.FLAG, instance.site_id, thread.thread_id, thread.rows[0].header.envelope_id)
    other = {"kem": to_text(kem_public(new_seed())), "sign": to_text(sign_public(new_seed()))}
    own = kem_public(keys.kem_seed)
    forged = seal(header, {"text": "All is well", **other}, [*instance.charter.manifest.kem_publics, own])
    assert kid_of(own) in forged.wraps
    with instance.stores.write_live() as live:
        live.execute(delete(Arrival))
        live.execute(delete(ShredKey))  # or it would be taken for a double tap
    assert deliver(instance.stores, [forged], keys.lookup_hash, "open")
    with pytest.raises(Altered):
        open_with_receipt(instance.house, read_receipt(words))
    page = rosa.open(words)
    assert page.h1 == "What we hold is not what was sent"
    assert "All is well" not in page.html


@pytest.mark.parametrize("column", ["commit", "body"])
def test_a_changed_flag_is_not_shown(rosa: Rosa, instance: Instance, column: str) -> None:
    words = rosa.tell()
    with instance.stores.write_live() as live:
        row = live.scalars(select(Arrival).where(Arrival.kind == int(Kind.FLAG))).one()
        changed = bytearray(getattr(row, column))
        changed[7] ^= 1
        live.execute(update(Arrival).values({column: bytes(changed)}))
    assert rosa.open(words).h1 == "What we hold is not what was sent"


def test_what_is_added_goes_to_the_key_inside_the_flag(rosa: Rosa, instance: Instance) -> None:
    words = rosa.tell()
    rosa.add(rosa.open(words), "More")
    thread = thread_of(instance, words)
    flag, detail = sorted(thread.rows, key=lambda one: one.header.kind)
    assert set(detail.wraps) == set(flag.wraps)
    assert kid_of(thread.reporter_kem) in detail.wraps
