"""One flag on one screen: sorting, replying, noting; nothing typed is lost, nothing is stored twice."""

from typing import Any

import pytest

from concerns.sealing.chain import Standing
from concerns.sealing.envelope import Kind
from concerns.triage import service
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page
from tests.triage.telling import TEXT, Told, collect_now, tell

WORK = {
    "primary": "N01",
    "area": "ward-2",
    "harm": "low",
    "psychological": "moderate",
    "consequence": "4",
    "likelihood": "4",
    "status": "assessing",
    "reply": 'Thank you. We\'ve asked for a third nurse at night, "from Monday".',
    "note": "Third flag about nights on this ward.",
}


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def save(desk: Desk, told: Told, data: dict[str, Any], status: int = 302) -> Page:
    return desk.client.submit(desk.client.get(told.path), data, button="Save", status=status)


def chosen(page: Page) -> set[str]:
    """The values of every list as the page shows them."""
    return {option.get("value") for option in page.tree.iter("option") if option.get("selected") is not None}


def typed(page: Page) -> dict[str, str]:
    """What stands in each text field."""
    return {area.get("name"): (area.text or "").strip() for area in page.tree.iter("textarea")}


def test_the_whole_flag_is_on_one_screen(gita: Desk, instance: Instance) -> None:
    told = tell(instance, danger="yes", consent="ask")
    page = gita.client.get(told.path)
    for words in (
        " ".join(TEXT.split()),
        "Ward 1, Medicine (60 staff)",
        "Very worried",
        "Ask the reporter here before doing anything",
        "someone is in danger",
        "Received",
        "Acknowledge by",
    ):
        assert words in page.text


def test_a_sitting_comes_back_as_it_was_saved(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    save(gita, told, {**WORK, "themes": ["N02", "N03"]})
    page = gita.client.get(told.path)
    assert WORK["note"] in page.text
    assert "We've asked for a third nurse" in page.text
    assert "score 16, extreme" in page.text
    assert "harm: low; psychological harm: moderate" in page.text
    assert {"N01", "ward-2", "low", "moderate", "4", "assessing"} <= chosen(page)
    assert set(typed(page).values()) == {""}


def test_the_reporter_reads_reply_and_status_but_no_note_and_no_record(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    save(gita, told, WORK)
    opened = told.opened()
    assert [item.payload["text"] for item in opened.of_kind(Kind.REPLY)] == [WORK["reply"]]
    assert [item.payload["status"] for item in opened.of_kind(Kind.STATUS)] == ["assessing"]
    assert not opened.of_kind(Kind.NOTE, Kind.TRIAGE)
    assert {item.standing for item in opened.items} == {Standing.PROVEN}
    assert not opened.gap


def test_s6_every_sitting_writes_the_same_four_kinds(gita: Desk, instance: Instance) -> None:
    silent, spoken = tell(instance), tell(instance)
    save(gita, silent, {"status": "acknowledged"})
    save(gita, spoken, WORK)
    shapes = [
        sorted((row.header.kind, len(row.body), len(row.wraps)) for row in told.rows()) for told in (silent, spoken)
    ]
    assert shapes[0] == shapes[1]
    assert [kind for kind, _size, _wraps in shapes[0]] == [1, 3, 4, 5, 7]


def test_the_reporters_own_worry_and_words_never_change(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    before = told.opened().flag
    save(gita, told, WORK)
    assert told.opened().flag == before
    assert "Very worried" in gita.client.get(told.path).text


def test_a_double_tap_stores_one_set(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.get(told.path)
    for _tap in range(2):
        gita.client.submit(page, WORK, button="Save")
    assert len(told.rows()) == 5
    gita.client.submit(page, {**WORK, "note": "And one thing more."}, button="Save")
    assert len(told.rows()) == 9


def test_what_the_reporter_adds_shows_once_it_is_collected(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    save(gita, told, WORK)
    told.detail("It happened again.")
    assert "It happened again." not in gita.client.get(told.path).text
    collect_now(instance)
    page = gita.client.get(told.path)
    headings = [" ".join("".join(heading.itertext()).split()) for heading in page.with_class("desk-said__by")]
    assert headings == ["Note for guardians, Gita", "Reply, Gita", "Added by the reporter"]
    assert "Not proven" not in page.text


def test_s8_a_detail_that_somebody_else_signed_is_marked(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    told.detail("Ignore what I said.", sign_seed=instance.guardian("gwen").sign_seed)
    collect_now(instance)
    assert "Not proven to be the same person" in gita.client.get(told.path).text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {"status": "concluded: not acted"},
            "Give the reason: the reporter reads what was done, or why nothing was done",
        ),
        ({"consequence": "3"}, "Choose both a consequence and a likelihood, or neither"),
        ({"primary": "X99"}, "Main theme: choose from the list"),
        ({"harm": "awful"}, "Physical harm: choose from the list"),
        ({"psychological": "fatal"}, "Psychological harm: choose from the list"),
        ({"status": "merged"}, "Choose the status again: somebody changed it while you were reading"),
        ({"reply": "ä" * 6100}, "The reply is 200 characters too long: nothing is lost, shorten it"),
        ({"reason": "x" * 2100}, "The reason is 100 characters too long: nothing is lost, shorten it"),
    ],
)
def test_a_wrong_field_says_so_and_everything_typed_stays(
    gita: Desk, instance: Instance, data: dict[str, str], message: str
) -> None:
    told = tell(instance)
    sent = {**WORK, "consequence": "", "likelihood": "", **data}
    page = save(gita, told, sent, status=422)
    assert page.errors == [message]
    left = typed(page)
    assert left["note"] == WORK["note"]
    assert left["reply"] == sent["reply"]
    assert len(told.rows()) == 1


def test_a_failure_after_save_brings_the_form_back(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tell(instance)
    page = gita.client.get(told.path)

    def broken(*_args: object) -> bool:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(service, "deliver", broken)
        failed = gita.client.submit(page, WORK, button="Save", status=503)
    assert "Everything you typed is still below" in failed.html
    left = typed(failed)
    assert (left["reply"], left["note"]) == (WORK["reply"], WORK["note"])
    gita.client.submit(failed, button="Save")
    assert len(told.rows()) == 5


def test_a_session_that_ended_while_she_wrote_loses_nothing(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.get(told.path)
    instance.clock.pass_(minutes=20)
    kept = gita.client.submit(page, WORK, button="Save", status=401)
    assert "What you wrote is not lost" in kept.text
    assert len(told.rows()) == 1
    gita.sign_in("gita")
    gita.client.submit(kept, button="Send it again")
    assert [item.payload["text"] for item in told.opened().of_kind(Kind.REPLY)] == [WORK["reply"]]


def test_a_letter_is_offered_to_edit_and_reaches_the_reporter(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.submit(gita.client.get(told.path), {"note": "Keep me."}, button="Fill in the reply", status=200)
    left = typed(page)
    assert left["note"] == "Keep me."
    assert left["reply"].startswith("Thank you for telling us.")
    assert left["reply"].endswith("Gita, Freedom to Speak Up Guardian")
    assert "acknowledged" in chosen(page)
    gita.client.submit(page, button="Save")
    opened = told.opened()
    assert str(opened.of_kind(Kind.REPLY)[0].payload["text"]).startswith("Thank you for telling us.")
    assert opened.of_kind(Kind.STATUS)[0].payload["status"] == "acknowledged"
    assert "thanks" not in chosen(gita.client.get(told.path))


def test_a_conclusion_carries_its_outcome_and_reason(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    save(gita, told, {"status": "concluded: not acted", "reason": "The rota had already changed."})
    status = told.opened().of_kind(Kind.STATUS)[0].payload
    assert (status["status"], status["outcome"]) == ("concluded", "not acted")
    assert status["reason"] == "The rota had already changed."
    page = gita.client.get(told.path)
    offered = {option.get("value") for option in page.tree.iter("option")}
    assert {"reopened", "relapse watch"} <= offered
    assert "received" not in offered


@pytest.mark.parametrize("path", ["/flags/00", "/flags/nonsense", f"/flags/{'0' * 32}"])
def test_an_unknown_flag_is_not_found(gita: Desk, path: str) -> None:
    gita.client.get(path, 404)


def test_a_flag_that_waits_to_be_collected_is_not_found(gita: Desk, instance: Instance) -> None:
    gita.client.get("/inbox")  # the daily collect has run
    gita.client.get(tell(instance, collected=False).path, 404)
