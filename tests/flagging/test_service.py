import pytest

from concerns.areas.rules import NOT_SAID
from concerns.charter.service import NotOpenYet
from concerns.flagging.reading import open_with_receipt
from concerns.flagging.service import Added, Told, add_detail, tell
from concerns.sealing.envelope import Kind
from concerns.sealing.keys import kem_public, kid_of
from concerns.sealing.model import Arrival
from concerns.sealing.receipt import derive, new_entropy
from concerns.sealing.signing import sign_public
from concerns.sealing.text import to_text
from tests.cast import Instance
from tests.flagging.conftest import FREE, Rosa, thread_of

TOLD = Told("It is not safe.", "en", danger="no", area="ward-1", worry="very", consent="use")


def test_a_flag_is_sealed_to_the_guardians_and_its_reporter_alone(instance: Instance) -> None:
    entropy = new_entropy()
    tell(instance.house, TOLD, entropy, FREE)
    keys = derive(entropy, instance.site_id)
    reading = open_with_receipt(instance.house, entropy)
    (flag,) = reading.thread.rows
    readers = [*instance.charter.manifest.kem_publics, kem_public(keys.kem_seed)]
    assert set(flag.wraps) == {kid_of(public) for public in readers}
    assert flag.header.kind is Kind.FLAG


def test_the_payload_holds_what_was_told_and_the_reporters_own_keys(rosa: Rosa, instance: Instance) -> None:
    words = rosa.tell("It is not safe.", area="ward-1", worry="not at all", consent="ask", danger="yes")
    flag = thread_of(instance, words).flag
    assert {name: value for name, value in flag.items() if name not in {"kem", "sign"}} == {
        "text": "It is not safe.",
        "cause": "",
        "factors": [],
        "help": "",
        "kind": "",
        "why": "",
        "exclusions": [],
        "area": "ward-1",
        "worry": "not at all",
        "consent": "ask",
        "danger": "yes",
        "language": "en",
        "channel": "online",
        "mode": "anonymous",
    }


def test_what_was_not_answered_is_sealed_as_not_answered(rosa: Rosa, instance: Instance) -> None:
    flag = thread_of(instance, rosa.tell()).flag
    assert (flag["area"], flag["worry"], flag["danger"], flag["consent"]) == (NOT_SAID, "", "", "use")


def test_the_keys_in_the_flag_are_those_of_the_receipt(instance: Instance) -> None:
    entropy = new_entropy()
    tell(instance.house, TOLD, entropy, FREE)
    keys = derive(entropy, instance.site_id)
    flag = open_with_receipt(instance.house, entropy).thread.flag
    assert flag["kem"] == to_text(kem_public(keys.kem_seed))
    assert flag["sign"] == to_text(sign_public(keys.sign_seed))


def test_every_flag_and_detail_has_the_same_length(instance: Instance) -> None:
    for text in ("a", "é" * 6_000):
        entropy = new_entropy()
        tell(instance.house, Told(text, "en"), entropy, FREE)
        add_detail(instance.house, open_with_receipt(instance.house, entropy), Added(text), "item")
    with instance.stores.read_live() as live:
        sizes = {
            (len(row.body), len(row.wraps)) for row in live.query(Arrival).where(Arrival.kind != int(Kind.CONTACT))
        }
    assert len(sizes) == 1


def test_a_detail_is_signed_with_the_key_in_the_flag_and_follows_its_chain(instance: Instance) -> None:
    entropy = new_entropy()
    tell(instance.house, TOLD, entropy, FREE)
    for number in range(3):
        add_detail(instance.house, open_with_receipt(instance.house, entropy), Added(f"Detail {number}"), str(number))
    reading = open_with_receipt(instance.house, entropy)
    assert [message.said("text") for message in reading.messages] == ["Detail 0", "Detail 1", "Detail 2"]
    assert all(message.proven and message.item.signer == reading.thread.reporter_sign for message in reading.messages)
    assert [message.item.payload["n"] for message in reading.messages] == [0, 1, 2]


def test_nothing_is_sealed_before_the_service_is_open(instance: Instance) -> None:
    (instance.directory / "manifest.pin").unlink()
    with pytest.raises(NotOpenYet):
        tell(instance.house, TOLD, new_entropy(), FREE)
