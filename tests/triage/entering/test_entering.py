"""A guardian enters what somebody told her: it becomes a flag like any other, and its nine words are shown once."""

from typing import Any

import pytest

from concerns.sealing.envelope import Kind
from concerns.sealing.opening import OpenedThread, open_thread
from concerns.sealing.receipt import derive, digits_of, read_receipt
from concerns.sealing.text import to_text
from concerns.sealing.threads import find, load
from concerns.triage.entering import service as entering
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, filled_in, words
from tests.triage.telling import collect_now, tell
from tests.triage.test_at_rest import FLAG, NOTE, REPLY, found, stored

TOLD: dict[str, Any] = {
    "channel": "told",
    "mode": "confidential",
    "danger": "no",
    "text": "Nobody checks the oxygen at night.",
    "cause": "The list was dropped in spring.",
    "factors": ["equipment", "handovers"],
    "help": "A line in the evening round.",
    "kind": "risk",
    "area": "ward-2",
    "worry": "very",
    "consent": "tell",
}


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def save(gita: Desk, data: dict[str, Any] | None = None, status: int = 200) -> Page:
    return gita.client.submit(gita.client.get("/flags/enter"), {**TOLD, **(data or {})}, button="Save", status=status)


def words_on(page: Page) -> str:
    (listed,) = page.with_class("desk-slip__words")
    return " ".join(words(item) for item in listed)


def thread_of(instance: Instance, slip: str) -> OpenedThread:
    keys = derive(read_receipt(slip), instance.site_id)
    thread_id = find(instance.stores, keys.lookup_hash)
    assert thread_id is not None
    found = open_thread(instance.stores, instance.site_id, thread_id, keys.kem_seed, instance.charter.manifest.signers)
    assert found is not None
    return found


def test_it_is_a_flag_like_any_other_after_the_next_collect(gita: Desk, instance: Instance) -> None:
    gita.client.get("/inbox")
    page = save(gita)
    assert "oxygen" not in gita.client.get("/inbox").text
    collect_now(instance)
    gwen = gita.as_("gwen")
    (row,) = gwen.client.get("/inbox").with_class("desk-flag")
    assert "Told in person or by phone, entered by a guardian" in words(row)
    thread = thread_of(instance, words_on(page))
    shown = gwen.client.get(f"/flags/{thread.thread_id.hex()}").text
    for said in (
        *(TOLD[name] for name in ("text", "cause", "help")),
        "Equipment or buildings Handovers between people or teams",
        "In confidence",
        "Risk: it could go wrong",
        "Ward 2",
        "Very worried",
        "Tell the people who can fix it",
    ):
        assert said in shown


def test_the_slip_shows_words_and_digits_that_open_it(gita: Desk, instance: Instance) -> None:
    page = save(gita)
    entropy = read_receipt(words_on(page))
    (digits,) = page.with_class("desk-slip__digits")
    assert "".join(words(digits).removeprefix("The same as digits:").split()) == digits_of(entropy)
    assert thread_of(instance, words_on(page)).flag["mode"] == "confidential"
    assert "/return" in page.text


def test_it_looks_like_any_other_thread(gita: Desk, instance: Instance) -> None:
    entered = thread_of(instance, words_on(save(gita)))
    other = tell(instance, collected=False)
    shapes = []
    for thread_id in (entered.thread_id, other.thread_id):
        rows = load(instance.stores, instance.site_id, [thread_id], list(Kind))[thread_id]
        shapes.append(sorted((row.header.kind, len(row.body), len(row.wraps)) for row in rows))
    assert shapes[0] == shapes[1]


def test_a_double_tap_stores_it_once_and_shows_the_same_slip(gita: Desk, instance: Instance) -> None:
    page = gita.client.get("/flags/enter")
    slips = {words_on(gita.client.submit(page, TOLD, button="Save", status=200)) for _tap in range(2)}
    collect_now(instance)
    slips.add(words_on(gita.client.submit(page, TOLD, button="Save", status=200)))
    assert len(slips) == 1
    collect_now(instance)
    assert len(gita.client.get("/inbox").with_class("desk-flag")) == 1


def test_another_text_from_the_same_page_is_kept_as_another_flag(gita: Desk, instance: Instance) -> None:
    page = gita.client.get("/flags/enter")
    first = words_on(gita.client.submit(page, TOLD, button="Save", status=200))
    changed = gita.client.submit(page, {**TOLD, "text": "Something else."}, button="Save", status=409)
    assert "already saved something else" in changed.html
    assert filled_in(changed.form())["text"] == "Something else."
    second = words_on(gita.client.submit(changed, button="Save", status=200))
    assert first != second
    assert [thread_of(instance, one).flag["text"] for one in (first, second)] == [TOLD["text"], "Something else."]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"channel": []}, "Choose how it reached you"),
        ({"mode": []}, "Choose how they want to be known"),
        ({"consent": []}, "Ask what we may do with it, and choose what they said"),
        ({"text": "  "}, "Write what was told"),
        ({"area": "mars"}, "Where it is: choose from the list"),
        ({"factors": ["odd"]}, "What played a part: choose from the list"),
        ({"exclude": "AAAA"}, "Must another guardian not read it?: choose from the list"),
        ({"cause": "ä" * 6100}, "The texts together are 262 characters too long: nothing is lost, shorten them"),
    ],
)
def test_a_wrong_field_says_so_and_everything_typed_stays(gita: Desk, data: dict[str, Any], message: str) -> None:
    page = save(gita, data, status=422)
    assert page.errors == [message]
    left = filled_in(page.form())
    assert left["help"] == TOLD["help"]
    assert "factors" in data or left["factors"] == TOLD["factors"]
    assert left["cause"] == {**TOLD, **data}["cause"]


def test_the_longest_texts_fit(gita: Desk, instance: Instance) -> None:
    excluded = to_text(instance.guardian("gwen").person_id)
    page = save(gita, {"text": "x" * 4000, "cause": "ä" * 2000, "help": "\\" * 2000 + "y" * 1998, "exclude": excluded})
    assert thread_of(instance, words_on(page)).flag["cause"] == "ä" * 2000


def test_a_failure_brings_everything_back_and_stores_it_once(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> bool:
        raise OSError(TOLD["text"])

    with monkeypatch.context() as patch:
        patch.setattr(entering, "deliver", broken)
        failed = save(gita, status=503)
    assert "Everything you typed is still below" in failed.html
    assert filled_in(failed.form())["text"] == TOLD["text"]
    slip = words_on(gita.client.submit(failed, button="Save", status=200))
    assert thread_of(instance, slip).flag["help"] == TOLD["help"]


def test_a_receipt_that_was_lost_is_drawn_again(gita: Desk) -> None:
    page = save(gita, {"receipt": "12345"}, status=400)
    assert filled_in(page.form())["cause"] == TOLD["cause"]
    gita.client.submit(page, button="Save", status=200)


def test_a_session_that_ended_while_she_wrote_loses_nothing(gita: Desk, instance: Instance) -> None:
    page = gita.client.get("/flags/enter")
    instance.clock.pass_(minutes=20)
    kept = gita.client.submit(page, {**TOLD, "factors": ["systems"]}, button="Save", status=401)
    gita.sign_in("gita")
    slip = words_on(gita.client.submit(kept, button="Send it again", status=200))
    assert thread_of(instance, slip).flag["factors"] == ["systems"]


def test_s7_the_other_guardian_can_be_left_out(gita: Desk, instance: Instance) -> None:
    form = gita.client.get("/flags/enter").form()
    offered = [option.get("value") for option in form.iter("option") if "must not read it" in (option.text or "")]
    assert len(offered) == 1  # never herself
    save(gita, {"exclude": offered[0]})
    save(gita, {"text": "For both."})
    collect_now(instance)
    gwen = gita.as_("gwen")
    assert "oxygen" in gita.client.get("/inbox").text
    assert "For both." in gwen.client.get("/inbox").text
    assert "oxygen" not in gwen.client.get("/inbox").text


def test_the_inbox_leads_there(gita: Desk) -> None:
    address = gita.client.get("/inbox").links()["Enter what somebody told you"]
    assert gita.client.get(address.removeprefix("/desk")).h1 == "Enter what somebody told you"


def test_s1_neither_text_nor_words_are_stored_or_logged(
    gita: Desk, instance: Instance, capfd: pytest.CaptureFixture[str]
) -> None:
    slip = words_on(save(gita, {"text": FLAG, "cause": NOTE, "help": REPLY}))
    collect_now(instance)
    texts = [FLAG, NOTE, REPLY]
    assert not found(instance, *texts)
    # pieces of the words alone stand in other texts as well, and eight digits by chance in other numbers
    digits = digits_of(read_receipt(slip)).encode()
    receipt = [slip.encode(), *(digits[start : start + 16] for start in range(len(digits) - 15))]
    assert not [run for data in stored(instance) for run in receipt if run in data]
    logged = capfd.readouterr()
    assert not [said for said in (*texts, slip) if said in logged.out + logged.err]
