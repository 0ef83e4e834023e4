"""An organisation leaves questions out: they are not asked, not checked, not printed, and nothing of them is ever sealed."""

from collections.abc import Callable
from typing import Any

import pytest

from concerns.areas.queries import organisation
from concerns.areas.questions import OPTIONAL, Questions
from concerns.sealing.envelope import Kind
from tests.cast import Instance
from tests.charter.test_amending import agree, amend, put_up
from tests.flagging.conftest import TEXT, Rosa, thread_of, words_on
from tests.flagging.devices import Device, noise, opened_by
from tests.flagging.test_photos import choose, files, jpeg, shown
from tests.police import Page, filled_in, words

FIELDS = [name for names in OPTIONAL.values() for name in names]
ANSWERS: dict[str, Any] = {
    "kind": "risk",
    "factors": ["workload"],
    "cause": "Nobody was trained",
    "help": "Two more people",
    "area": "ward-1",
    "worry": "very",
    "why": "career",
    "wish": "reach",
    "how": "01234 567890",
}


@pytest.fixture
def ask(instance: Instance) -> Callable[..., None]:
    """Two guardians sign which questions are left out, and words."""

    def sign(*left_out: str, **words: dict[str, str]) -> None:
        form = Questions(frozenset(left_out), words)
        if form != instance.charter.policies[-1].policy.questions:
            amend(instance, questions=form)

    return sign


NOT_KEPT = "We do not ask this any more, so your answer was not kept: "


def names(page: Page) -> set[str]:
    return {one.get("name") for one in page.tree.iter() if one.get("name")}


def test_what_no_guardian_signed_is_followed_nowhere(rosa: Rosa, instance: Instance) -> None:
    """Neither what an admin drafts, nor what somebody writes to the row of the organisation, nor one signature."""
    words = {"en": {"text": "What went wrong?"}}
    with instance.stores.write_main() as main:
        organisation(main).questions = Questions(frozenset({"photos", "reach"}), words).stored
    draft = put_up(instance, questions=Questions(frozenset({"photos", "reach"}), words))
    agree(instance, draft.hash, instance.guardian("gita"))
    page = rosa.client.get("/tell")
    assert set(FIELDS) <= names(page)
    assert "photos-group" in page.html
    assert "What went wrong?" not in page.text
    device = Device(instance.report_app, instance)
    assert device.deliver(device.seal(photos=[noise()])) == {"stored": True}
    agree(instance, draft.hash, instance.guardian("gwen"))
    page = rosa.client.get("/tell")
    assert "What went wrong?" in page.text
    assert not {"wish", "how"} & names(page)
    assert "photos-group" not in page.html


def test_usually_everything_is_asked(rosa: Rosa) -> None:
    assert set(FIELDS) <= names(rosa.client.get("/tell"))


@pytest.mark.parametrize("left_out", [*OPTIONAL, "all"])
def test_what_is_left_out_is_asked_nowhere(rosa: Rosa, ask: Callable[..., None], left_out: str) -> None:
    gone = list(OPTIONAL) if left_out == "all" else [left_out]
    ask(*gone)
    fields = {name for one in gone for name in OPTIONAL[one]}
    for path in ("/tell", "/tell?sealed-by=server", "/cy/tell"):
        page = rosa.client.get(path)
        assert not fields & names(page)
        assert set(FIELDS) - fields <= names(page)
        assert ("photos-group" in page.html) is ("photos" not in gone and "sealed-by" not in path)
        assert {"danger", "text", "consent", "exclude"} <= names(page)


def sent_anyway(rosa: Rosa) -> str:
    """Post the answers to questions that are not asked, as an old page or a forger would; returns the nine words."""
    page = rosa.client.get("/tell")
    token = {"stamp": next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "stamp")}
    rosa.wait()
    check = rosa.client.post("/tell", {**token, "text": TEXT, "consent": "use", **ANSWERS, "step": "check"})
    for said in ("Nobody was trained", "Two more people", "01234 567890", "Very worried"):
        assert said not in check.html
    hidden = filled_in(check.form()) | ANSWERS | {"step": "send"}
    again = rosa.client.post("/tell", hidden, 409)
    assert NOT_KEPT in again.text
    return words_on(rosa.send(again))


def test_what_is_sent_all_the_same_is_never_sealed(rosa: Rosa, instance: Instance, ask: Callable[..., None]) -> None:
    words = rosa.tell(**ANSWERS)  # it could be: this is what an answered question looks like
    assert thread_of(instance, words).flag["cause"] == "Nobody was trained"
    ask(*OPTIONAL)
    thread = thread_of(instance, sent_anyway(rosa))
    empty = dict.fromkeys(("kind", "cause", "help", "worry", "why"), "")
    assert {name: thread.flag[name] for name in empty} == empty
    assert (thread.flag["factors"], thread.flag["area"], thread.flag["mode"]) == ([], "not-said", "anonymous")
    assert opened_by(instance, thread.thread_id)[Kind.CONTACT] == [{"wish": "", "how": ""}]


def test_an_answer_on_an_open_page_is_not_lost_without_a_word(
    rosa: Rosa, instance: Instance, ask: Callable[..., None]
) -> None:
    form = rosa.client.get("/tell")
    rosa.wait()
    given = {name: said for name, said in ANSWERS.items() if name != "factors"}
    usual = rosa.client.submit(form, {"text": TEXT, **given}, button="Continue", status=200)
    assert NOT_KEPT not in usual.text
    ask("cause", "reach", "photos", "why")
    check = rosa.client.submit(form, {"text": TEXT, **given}, button="Continue", status=200)
    said = NOT_KEPT + "More about that; Why no name; May a reader reach you; How to reach you."
    assert said in check.text
    assert check.text.count(NOT_KEPT) == 1
    words = words_on(rosa.send(check))  # it was read: Send sends
    assert thread_of(instance, words).flag["help"] == "Two more people"
    # nothing was answered there: nothing is said
    assert NOT_KEPT not in rosa.client.submit(form, {"text": TEXT, "help": "x"}, button="Continue", status=200).text


def test_nor_between_the_check_page_and_send(rosa: Rosa, instance: Instance, ask: Callable[..., None]) -> None:
    check = rosa.check(wish="reach", how="01234 567890", cause="Nobody was trained")
    ask("reach")
    again = rosa.send(check, 409)
    assert "It has not been sent" in again.text
    assert again.text.count(NOT_KEPT + "May a reader reach you; How to reach you.") == 1
    thread = thread_of(instance, words_on(rosa.send(again)))
    assert (thread.flag["cause"], thread.flag["mode"]) == ("Nobody was trained", "anonymous")


def test_nor_where_the_form_comes_back(rosa: Rosa, ask: Callable[..., None]) -> None:
    form = rosa.client.get("/tell")
    ask("cause")
    page = rosa.client.submit(form, {"text": "", "cause": "Nobody was trained"}, button="Continue", status=200)
    assert NOT_KEPT + "More about that." in page.text
    welsh = rosa.client.post("/cy/tell", {"text": TEXT, "cause": "Nobody was trained", "step": "check"})
    assert "ni chadwyd eich ateb: Rhagor am hynny." in welsh.text


@pytest.mark.parametrize("photos", [True, False])
@pytest.mark.parametrize("reach", [True, False])
def test_the_privacy_page_speaks_of_what_is_asked(
    rosa: Rosa, ask: Callable[..., None], photos: bool, reach: bool
) -> None:
    ask(*(name for name, asked in (("photos", photos), ("reach", reach)) if not asked))
    page = rosa.client.get("/privacy")
    assert ("photos you add" in page.text) is photos
    assert ("how you can be reached if you want that" in page.text) is reach
    assert ("We take no photos now." in page.text) is not photos
    assert ("We do not ask now how you can be reached." in page.text) is not reach
    assert "All of it is sealed." in page.text
    welsh = rosa.client.get("/cy/privacy")
    assert "All of it is sealed" not in welsh.text
    assert ("lluniau a ychwanegwch" in welsh.text) is photos


def test_the_check_page_says_nothing_of_them(rosa: Rosa, ask: Callable[..., None]) -> None:
    assert "Prefer not to say" in rosa.check().text
    ask(*OPTIONAL)
    assert "Prefer not to say" not in rosa.check().text


def test_own_words_stand_on_the_form_in_their_language(rosa: Rosa, ask: Callable[..., None]) -> None:
    ask(
        en={"text": "What went wrong?", "text_hint": "A line & a half will do", "help": "What next?"},
        cy={"text": "Beth aeth o’i le?"},
    )
    english, welsh = rosa.client.get("/tell"), rosa.client.get("/cy/tell")
    assert "What went wrong?" in english.text
    assert "A line &amp; a half will do" in english.html
    assert "What next? (optional)" in english.text
    assert "Beth aeth o’i le?" in welsh.text
    assert "What next?" not in welsh.text
    assert "What went wrong?" not in rosa.client.get("/promise").text


def test_the_paper_form_follows_and_counts_on(rosa: Rosa, ask: Callable[..., None]) -> None:
    titles = [one.text for one in rosa.client.get("/posters/paper").with_class("sheet-ask__title")]
    assert [title[:2] for title in titles if title and title[0].isdigit()] == [f"{n}." for n in range(1, 8)]
    ask("cause", "area", "reach", en={"text": "What went wrong?"})
    page = rosa.client.get("/posters/paper")
    titles = [one.text for one in page.with_class("sheet-ask__title") if one.text and one.text[0].isdigit()]
    assert titles == [
        "1. What went wrong?",
        "2. What would help?",
        "3. How worried are you?",
        "4. What may we do with it?",
    ]


class TestPhotos:
    def test_where_none_are_taken_none_are_asked_for(self, rosa: Rosa, ask: Callable[..., None]) -> None:
        words = rosa.tell()
        assert "Add a photo" in rosa.open(words).text
        ask("photos")
        assert "Do you want to add a photo?" not in rosa.send(rosa.check()).text
        assert "Add a photo" not in rosa.open(words).text

    def test_one_that_is_sent_all_the_same_is_not_stored(
        self, rosa: Rosa, instance: Instance, ask: Callable[..., None]
    ) -> None:
        words = rosa.tell()
        page = rosa.open(words)
        ask("photos")
        assert shown(choose(rosa, page, jpeg())) == "We take no photos here. Write down what it shows"
        assert files(instance, words) == []
        ask()
        choose(rosa, page, jpeg())
        assert len(files(instance, words)) == 1

    def test_nor_is_one_that_a_device_sealed(self, instance: Instance, ask: Callable[..., None]) -> None:
        device = Device(instance.report_app, instance)
        parcel = device.tell()
        ask("photos")
        refused = device.add(parcel, device.photo(parcel, noise()), status=409)
        assert refused["refused"] == "photos"
        assert device.deliver(device.seal(photos=[noise()]), status=409)["refused"] == "photos"
        assert device.look(parcel)["photos"] == 0
        assert device.add(parcel, device.detail(parcel, "More")) == {"found": True, "stored": True}

    def test_and_its_page_has_a_sentence_for_it(self, rosa: Rosa, ask: Callable[..., None]) -> None:
        """The page was open before: it says what to do, and keeps the text."""
        for path in ("/tell", "/return"):
            texts = {
                one.get("data-text"): words(one) for one in rosa.client.get(path).tree.iter() if one.get("data-text")
            }
            assert texts["trouble:photos"].startswith("We take no photos any more, so nothing was sent. Take them out")

    def test_one_that_was_stored_before_is_stored_when_it_is_sent_again(
        self, instance: Instance, ask: Callable[..., None]
    ) -> None:
        device = Device(instance.report_app, instance)
        parcel = device.seal(photos=[noise()])
        device.deliver(parcel)
        ask("photos")
        assert device.deliver(parcel) == {"stored": True}
