"""The admin's preview: the form as a reporter sees it, from what was typed and not saved; nothing of it can be sent."""

import pytest

from concerns.areas.queries import organisation
from concerns.areas.questions import Questions
from tests.cast import Instance
from tests.charter.test_amending import waiting
from tests.flagging.conftest import Rosa
from tests.people.visiting import Desk
from tests.police import Page, words

PATH = "/set-up/form"
HELP_IN_WELSH = "http://127.0.0.1:8000/cy/help"


@pytest.fixture
def ada(instance: Instance) -> Desk:
    desk = Desk(instance)
    desk.sign_in("ada")
    return desk


def preview(ada: Desk, code: str = "en", status: int = 200, **sent: object) -> Page:
    """Press a preview button: a browser sends the form to the button's own address."""
    page = ada.client.get(PATH)
    form = page.form()
    button = next(one for one in form.iter("button") if (one.get("formaction") or "").endswith(f"/preview/{code}"))
    form.set("action", button.get("formaction"))
    return ada.client.submit(page, sent, button=words(button), status=status)


def drawn(page: Page) -> list[str]:
    """The questions, in their order."""
    (box,) = page.with_class("desk-preview")
    return [words(one) for one in box.iter() if one.tag in ("legend", "label")]


def test_it_shows_what_a_reporter_sees(ada: Desk, rosa: Rosa) -> None:
    page = preview(ada)
    form = rosa.client.get("/tell?sealed-by=server").form()
    asked = [words(one) for one in form.iter() if one.tag in ("legend", "label")]
    assert drawn(page)[1:] == asked
    assert [one.get("name") for one in form.iter("textarea")] == [
        one.get("name") for one in page.with_class("desk-preview")[0].iter("textarea")
    ]


def test_it_shows_the_draft_and_saves_nothing(ada: Desk, instance: Instance) -> None:
    page = preview(ada, asked=["area"], text_en="What went wrong?", text_hint_en="In a line")
    assert "What went wrong?" in drawn(page)
    assert "How worried are you? (optional)" not in drawn(page)
    assert "In a line" in page.text
    with instance.stores.read_main() as main:
        assert organisation(main).questions == {}


def test_nothing_in_it_can_be_filled_in_or_sent(ada: Desk) -> None:
    page = preview(ada)
    (box,) = page.with_class("desk-preview")
    assert (box.tag, box.get("disabled")) == ("fieldset", "")
    assert not list(box.iter("form"))
    assert not list(box.iter("button"))
    for form in page.tree.find(".//main").iter("form"):
        assert box not in list(form.iter())


def test_it_speaks_the_other_language_and_says_which(ada: Desk) -> None:
    page = preview(ada, "cy", text_cy="Beth aeth o’i le?")
    (box,) = page.with_class("desk-preview")
    assert box.get("lang") == "cy"
    assert "Beth aeth o’i le?" in drawn(page)
    assert "Ble mae hyn? (dewisol)" in drawn(page)
    assert page.h1 == "Preview of the report form"
    assert [one.get("href") for one in box.iter("a") if "/help" in one.get("href", "")] == [HELP_IN_WELSH]


def test_from_it_the_draft_is_saved_or_changed(ada: Desk, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        organisation(main).stage = "setting-up"
    page = preview(ada, asked=["area", "help"], text_en="What went wrong?")
    hidden = [one.get("value") for one in page.tree.iter("input") if one.get("name") == "asked" and one.get("type")]
    assert hidden == ["area", "help"]
    changed = ada.client.submit(page, {"asked": hidden}, button="Change it", status=200)
    assert "What went wrong?" in changed.html
    assert changed.h1 == "The report form"
    ada.client.submit(page, {"asked": hidden}, button="Save and go back to set-up")
    with instance.stores.read_main() as main:
        kept = organisation(main).questions
    assert kept == {
        "left_out": ["kind", "cause", "worry", "why", "reach", "photos"],
        "words": {"en": {"text": "What went wrong?"}},
    }


def test_from_it_a_signed_form_is_put_up_anew(ada: Desk, instance: Instance) -> None:
    page = preview(ada, text_en="What went wrong?")
    assert "Save and go back to set-up" not in page.text
    hidden = [one.get("value") for one in page.tree.iter("input") if one.get("name") == "asked" and one.get("type")]
    ada.client.submit(page, {"asked": hidden}, button="Put it up for signing")
    draft = waiting(instance)
    assert draft is not None
    assert draft.after.policy.questions == Questions(words={"en": {"text": "What went wrong?"}})


def test_with_an_error_it_goes_back_to_where_it_was_typed(ada: Desk) -> None:
    page = preview(ada, status=422, text_en="Your name?")
    assert page.h1 == "The report form"
    assert "no question may ask who somebody is" in page.text
    assert "Your name?" in page.html


def test_a_language_that_is_off_is_not_previewed(ada: Desk, instance: Instance) -> None:
    page = ada.client.get(PATH)
    with instance.stores.write_main() as main:
        organisation(main).languages = ["en"]
    form = page.form()
    form.set("action", "/desk/set-up/form/preview/cy")
    assert ada.client.submit(page, button="Preview in Welsh").location == "/desk/set-up/form"


def test_before_anybody_signed_it_says_what_is_still_to_come(
    ada: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerns.charter import service as charter_service
    from concerns.charter.service import NotOpenYet

    def none(*_args: object) -> None:
        raise NotOpenYet

    monkeypatch.setattr(charter_service, "current", none)
    page = preview(ada)
    assert "Once the guardians have signed" in page.text
    assert "What happened, or what worries you?" in drawn(page)
