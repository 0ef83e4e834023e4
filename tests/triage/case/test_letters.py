"""Replies to begin with: plain, thanks first, with their status; nothing typed is lost and nothing half done is sent."""

import dataclasses
import datetime as dt
import re

import pytest

from concerns.pages.languages import WELSH
from concerns.sealing.envelope import Kind
from concerns.themes.packs import SECTORS, load_pack
from concerns.triage.case.letters import BLANKS, Writer, added, blank_in
from concerns.triage.case.speaking import saying_in
from concerns.triage.rules import Step, steps_from
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page
from tests.triage.telling import Told, tell

PLACES = [{"name": "Samaritans", "number": "116 123", "hours": "Day and night", "danger": False}]
WRITER = Writer("Gita", "Concerns listener", "Concerns listeners", dt.date(2026, 12, 6), PLACES)
FILL = "Fill in the reply"


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def typed(page: Page) -> dict[str, str]:
    return {area.get("name"): (area.text or "").strip() for area in page.tree.iter("textarea")}


def chosen(page: Page, name: str) -> str:
    (field,) = [one for one in page.tree.iter("select") if one.get("name") == name]
    return next((o.get("value") for o in field.iter("option") if o.get("selected") is not None), "")


def filled(gita: Desk, told: Told, letter: str, **data: str) -> Page:
    return gita.client.submit(gita.client.get(told.path), {"letter": letter, **data}, button=FILL, status=200)


@pytest.mark.parametrize("code", WRITER.letters)
def test_every_letter_thanks_first_and_is_signed(code: str) -> None:
    text = WRITER.letters[code].text
    assert text.startswith("Thank you")
    assert text.endswith("Gita, Concerns listener")
    assert "!" not in text


@pytest.mark.parametrize("code", WRITER.letters)
def test_every_letter_is_in_short_plain_sentences(code: str) -> None:
    sentences = [one for one in re.split(r"[.:?]\s|\n\n", WRITER.letters[code].text) if one.strip()]
    assert max(len(one.split()) for one in sentences) <= 24
    assert not re.search(r"\b(flag|case|thread|guardian|triage|accused|good faith|whistle)", WRITER.letters[code].text)


def test_every_letter_s_status_may_follow_on_an_acknowledged_flag() -> None:
    following = steps_from(Step("received"))
    assert all(letter.step is None or letter.step in following for letter in WRITER.letters.values())


def test_what_only_the_guardian_knows_stands_in_brackets() -> None:
    for letter in WRITER.letters.values():
        for bracketed in re.findall(r"\[.*?\]", letter.text):
            assert bracketed in BLANKS
            assert blank_in(letter.text)
    assert blank_in("See [1].") == ""


def test_a_letter_says_by_when_and_where_to() -> None:
    assert "by 6 December." in WRITER.letters["thanks"].text
    assert "Samaritans, 116 123, Day and night" in WRITER.letters["signpost 0"].text


def test_typed_words_stay_and_a_letter_is_added_once() -> None:
    once = added("Dear colleague.", "Thank you.")
    assert once == "Dear colleague.\n\nThank you."
    assert added(once, "Thank you.") == once
    assert added("  \n", "Thank you.") == "Thank you."


@pytest.mark.parametrize("sector", SECTORS)
def test_letters_speak_the_sector_s_words(sector: str) -> None:
    words = load_pack(sector).wording
    writer = Writer("Gita", words["guardian"], words["guardians"], dt.date(2026, 12, 6))
    assert writer.letters["treated"].text.endswith(words["guardian"])
    assert f"the {words['guardians']}" in writer.letters["treated"].text


@pytest.mark.parametrize(
    ("letter", "status"),
    [
        ("thanks", "acknowledged"),
        ("question", "needs more"),
        ("update", "assessing"),
        ("treated", "received"),
        ("signpost 1", "signposted"),
        ("acted", "concluded: acted"),
        ("partly", "concluded: partly"),
        ("not acted", "concluded: not acted"),
    ],
)
def test_a_letter_fills_the_reply_and_proposes_its_status(
    gita: Desk, instance: Instance, letter: str, status: str
) -> None:
    page = filled(gita, tell(instance), letter, note="Keep me.")
    assert typed(page)["reply"].startswith("Thank you")
    assert typed(page)["note"] == "Keep me."
    assert chosen(page, "status") == status


def test_what_she_typed_and_chose_herself_stays(gita: Desk, instance: Instance) -> None:
    page = filled(gita, tell(instance), "acted", reply="My own words.", status="assessing", reason="A nurse came.")
    assert typed(page)["reply"].startswith("My own words.\n\nThank you")
    assert "A nurse came." in typed(page)["reply"]
    assert chosen(page, "status") == "assessing"
    again = gita.client.submit(page, {"letter": "acted"}, button=FILL, status=200)
    assert typed(again)["reply"] == typed(page)["reply"]


def test_no_letter_chosen_is_said(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.submit(gita.client.get(told.path), {"letter": "", "note": "Keep."}, button=FILL, status=422)
    assert page.errors == ["Choose a letter first"]
    assert typed(page)["note"] == "Keep."


def test_an_open_place_is_not_sent(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = filled(gita, told, "question")
    refused = gita.client.submit(page, button="Save", status=422)
    assert refused.errors == ["Write something in place of “[your question]” in the reply, or take it out"]
    assert len(told.rows()) == 1
    reply = typed(refused)["reply"].replace("[your question]", "Which night was it?")
    gita.client.submit(refused, {"reply": reply}, button="Save")
    assert "Which night was it?" in str(told.opened().of_kind(Kind.REPLY)[0].payload["text"])


class TestSignpost:
    def test_where_to_and_why_are_kept_and_the_reporter_is_told(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        page = filled(gita, told, "signpost 1")
        where = chosen(page, "where")
        assert where and where in typed(page)["reply"]
        refused = gita.client.submit(page, button="Save", status=422)
        assert refused.errors == ["Give the reason: the reporter reads why somebody else can help better"]
        gita.client.submit(refused, {"reason": "Pay is for the pay office."}, button="Save")
        status = told.opened().of_kind(Kind.STATUS)[0].payload
        assert (status["status"], status["reason"]) == ("signposted", "Pay is for the pay office.")
        assert f"signposted to: {where}" in gita.client.get(told.path).text
        # a second guardian may go on from there without writing to the reporter again
        gwen = gita.as_("gwen")
        gwen.client.submit(gwen.client.get(told.path), {"note": "Agreed."}, button="Save")
        assert f"signposted to: {where}" in gwen.client.get(told.path).text

    def test_neither_the_place_nor_the_word_can_be_left_out(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        data = {"status": "signposted", "reason": "Not ours."}
        page = gita.client.submit(gita.client.get(told.path), data, button="Save", status=422)
        assert sorted(page.errors) == [
            "Choose where the reporter is signposted to",
            "Tell the reporter where to turn: choose a letter, or write a reply",
        ]
        assert len(told.rows()) == 1


def test_not_adopted_needs_its_because(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = filled(gita, told, "not acted")
    text = typed(page)["reply"].replace("[why not]", "It is done already.")
    refused = gita.client.submit(page, {"reply": text}, button="Save", status=422)
    assert refused.errors == ["Give the reason: the reporter reads what was done, or why nothing was done"]
    assert typed(refused)["reply"] == text


class TestLanguage:
    """A reporter who wrote in Welsh is answered in Welsh, unless the guardian chooses otherwise."""

    def test_a_letter_speaks_the_reporter_s_language(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, language="cy")
        page = filled(gita, told, "thanks")
        reply = typed(page)["reply"]
        assert reply.startswith("Diolch am ddweud wrthym.") and re.search(r"yma eto erbyn \d+ Rhagfyr\.", reply)
        assert chosen(page, "language") == "cy"
        english = filled(gita, told, "thanks", language="en")
        assert typed(english)["reply"].startswith("Thank you") and chosen(english, "language") == "en"

    def test_an_open_place_is_not_sent_in_welsh_either(self, gita: Desk, instance: Instance) -> None:
        page = filled(gita, tell(instance, language="cy"), "question")
        refused = gita.client.submit(page, button="Save", status=422)
        assert refused.errors == ["Write something in place of “[eich cwestiwn]” in the reply, or take it out"]

    @pytest.mark.parametrize("language", ["en", "pl", "nonsense", ""])
    def test_nothing_is_to_choose_where_there_is_one(self, gita: Desk, instance: Instance, language: str) -> None:
        page = filled(gita, tell(instance, language=language), "thanks")
        assert typed(page)["reply"].startswith("Thank you")
        assert "Language of the letter" not in page.text

    def test_every_letter_is_wholly_in_welsh(self, gita: Desk) -> None:
        with gita.app.app_context():
            welsh = dataclasses.replace(WRITER, language=WELSH, say=saying_in(WELSH), signposts=())
            english = {line for one in WRITER.letters.values() for line in one.text.split("\n")}
            for letter in welsh.letters.values():
                assert english.intersection(letter.text.split("\n")) <= {"", "Gita, Concerns listener"}
                assert not re.search(r"%\(|\bthe\b", letter.text)
            assert len(set(welsh.blanks)) == 2 * len(BLANKS)
