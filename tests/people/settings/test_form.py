"""The page of the report form: questions are left out and worded, none is added, and none may ask who somebody is.

While set-up lasts the admin settles it; afterwards she drafts a change, and guardians sign the words that they read.
"""

from collections.abc import Callable

import pytest

from concerns.areas.model import Organisation
from concerns.areas.queries import organisation
from concerns.areas.questions import OPTIONAL, Questions
from concerns.audit.model import AuditRow
from concerns.charter.pins import PIN
from tests.cast import Instance
from tests.charter.test_amending import amend, put_up
from tests.people.settings.conftest import SAVE
from tests.people.test_policies import rows
from tests.people.visiting import Desk

PATH, PUT_UP = "/set-up/form", "Put it up for signing"
ALL = list(OPTIONAL)
LATE = "The form was put up for signing while this page was open."


def test_questions_are_left_out_and_worded(
    ada: Desk, setting_up: Instance, stored: Callable[[], Organisation], log: Callable[[], list[str]]
) -> None:
    sent = {"asked": ["kind", "help"], "text_en": "What went wrong?", "text_cy": "Beth aeth o’i le?"}
    assert ada.client.submit(ada.client.get(PATH), sent, button=SAVE).location == "/desk/set-up"
    found = Questions.read(stored().questions)
    assert found.left_out == set(ALL) - {"kind", "help"}
    assert found.words == {"en": {"text": "What went wrong?"}, "cy": {"text": "Beth aeth o’i le?"}}
    assert log() == ["form"]
    page = ada.client.get(PATH)
    assert "Beth aeth o’i le?" in page.html
    assert "Usually: Beth ddigwyddodd, neu beth sy’n eich poeni?" in page.text
    assert len(setting_up.charter.policies) == 1


@pytest.mark.parametrize("signed", [False, True])
def test_a_prompt_that_asks_who_somebody_is_is_refused_with_a_reason(
    ada: Desk, instance: Instance, stored: Callable[[], Organisation], signed: bool
) -> None:
    if not signed:
        with instance.stores.write_main() as main:
            organisation(main).stage = "setting-up"
    sent = {"text_en": "Your name and what happened", "text_cy": "Eich enw", "help_en": "What would help?"}
    page = ada.client.submit(ada.client.get(PATH), sent, button=PUT_UP if signed else SAVE, status=422)
    assert "no question may ask who somebody is" in page.text
    for said in sent.values():
        assert said in page.html
    assert stored().questions == {}
    assert "This waits" not in ada.client.get(PATH).text


@pytest.mark.parametrize("signed", [False, True])
def test_no_question_can_be_added(
    ada: Desk, instance: Instance, stored: Callable[[], Organisation], signed: bool
) -> None:
    if not signed:
        with instance.stores.write_main() as main:
            organisation(main).stage = "setting-up"
    page = ada.client.get(PATH)
    token = next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token")
    forged = {
        "csrf_token": token,
        "asked": [*ALL, "email"],
        "email_en": "E-mail",
        "left_out": "danger",
        "danger_en": "x",
        "step": "put-up" if signed else "save",
    }
    page = ada.client.post(PATH, forged, 409 if signed else 302)
    assert stored().questions == ({} if signed else {"left_out": [], "words": {}})
    if signed:
        assert "Nothing changes." in page.text


@pytest.mark.parametrize("signed", [False, True])
def test_words_in_a_language_that_is_off_wait_for_it(
    ada: Desk, instance: Instance, stored: Callable[[], Organisation], signed: bool
) -> None:
    button = PUT_UP if signed else SAVE
    if not signed:
        with instance.stores.write_main() as main:
            organisation(main).stage = "setting-up"
    ada.client.submit(ada.client.get(PATH), {"text_cy": "Beth aeth o’i le?"}, button=button)
    with instance.stores.write_main() as main:
        organisation(main).languages = ["en"]
    page = ada.client.get(PATH)
    assert "text_cy" not in page.html
    ada.client.submit(page, {"text_en": "What went wrong?"}, button=button)
    if signed:
        (words,) = [row for row in rows(ada.client.get(PATH)) if row[0].startswith("The first question, in Welsh")]
        assert words[1:] == ["Beth ddigwyddodd, neu beth sy’n eich poeni?", "Beth aeth o’i le?"]
    else:
        assert Questions.read(stored().questions).prompt("text", "cy") == "Beth aeth o’i le?"


def test_once_signed_a_change_is_drafted_and_two_guardians_sign_the_words(
    ada: Desk, instance: Instance, stored: Callable[[], Organisation]
) -> None:
    sent = {"asked": [one for one in ALL if one != "photos"], "text_en": "What went wrong?"}
    page = ada.client.get(PATH)
    assert "two guardians read the words before and after" in page.text
    assert SAVE not in page.text
    assert ada.client.submit(page, sent, button=PUT_UP).location == "/desk/set-up/form"
    change = [
        ["The form asks: Photos Neither loosens nor tightens", "Yes", "No"],
        [
            "The first question, in English Neither loosens nor tightens",
            "What happened, or what worries you?",
            "What went wrong?",
        ],
    ]
    page = ada.client.get(PATH)
    assert rows(page) == change
    assert "It loosens nothing, so it is in force as soon as two guardians have signed." in page.text
    assert 'value="What went wrong?"' in page.html
    assert stored().questions == {}
    report = instance.report_app.test_client()
    for name, now in (("gita", "What happened, or what worries you?"), ("gwen", "What went wrong?")):
        guardian = ada.as_(name)
        page = guardian.client.get("/keys")
        assert all(one in rows(page) for one in change)
        guardian.client.submit(page, {}, button="Sign these rules")
        assert now in report.get("/tell").text
    assert "photos-group" not in report.get("/tell").text
    page = guardian.client.get("/keys")
    assert "The form leaves out Photos" in page.text
    assert "The first question, in English What went wrong?" in page.text
    with instance.stores.read_main() as main:
        verbs = [row.verb for row in main.query(AuditRow).order_by(AuditRow.n)]
    assert [verb for verb in verbs if verb != "in"] == ["drafted", "ruled", "ruled"]


def test_rules_and_form_that_wait_are_one_draft(ada: Desk, instance: Instance) -> None:
    """Neither page throws away what the other one put up."""
    ada.client.submit(ada.client.get(PATH), {"text_en": "What went wrong?"}, button=PUT_UP)
    rules = ada.client.get("/set-up/policy")
    assert "The first question, in English" in rules.text
    ada.client.submit(rules, {"floor": "12"}, button=PUT_UP)
    ada.client.submit(ada.client.get(PATH), {"help_en": "What next?"}, button=PUT_UP)
    found = [row[0].removesuffix(" Neither loosens nor tightens") for row in rows(ada.client.get(PATH))]
    assert found == [
        "Smallest number ever shown Tightens",
        "The first question, in English",
        "What would help, in English",
    ]


def test_words_start_with_looser_rules_that_are_announced(ada: Desk, instance: Instance) -> None:
    amend(instance, retention_months=24)
    ada.client.submit(ada.client.get(PATH), {"text_en": "What went wrong?"}, button=PUT_UP)
    page = ada.client.get(PATH)
    assert "It loosens the rules, so it starts on 27 December 2026." in page.text
    assert "What went wrong?" not in instance.report_app.test_client().get("/promise").text


def test_a_draft_past_the_list_of_words_is_refused(instance: Instance) -> None:
    from concerns.charter.service import CharterRefused

    with pytest.raises(CharterRefused, match="no question may ask who somebody is"):
        put_up(instance, questions=Questions(words={"en": {"text": "Your name?"}}))


def test_while_guardians_sign_it_cannot_be_changed_and_what_was_typed_stays(
    ada: Desk, setting_up: Instance, stored: Callable[[], Organisation]
) -> None:
    page = ada.client.get(PATH)
    (setting_up.directory / PIN).rename(setting_up.directory / "aside")
    with setting_up.stores.write_main() as main:
        organisation(main).stage = "real"
    assert "it cannot be changed now" in ada.client.get(PATH).text
    assert SAVE not in ada.client.get(PATH).text
    late = ada.client.submit(page, {"text_en": "What went wrong?"}, button=SAVE, status=409)
    assert LATE in late.text
    assert 'value="What went wrong?"' in late.html
    assert stored().questions == {}
    # it was signed meanwhile: the same press drafts nothing, the next one may
    (setting_up.directory / "aside").rename(setting_up.directory / PIN)
    late = ada.client.submit(page, {"text_en": "What went wrong?"}, button=SAVE, status=409)
    assert LATE in late.text
    ada.client.submit(late, {}, button=PUT_UP)
    assert "What went wrong?" in [row[2] for row in rows(ada.client.get(PATH))]


def test_words_that_were_stored_before_forms_were_signed_are_no_form(ada: Desk, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        organisation(main).questions = Questions(words={"en": {"text": "What went wrong?"}}).stored
    assert "What went wrong?" not in ada.client.get(PATH).html
    assert "What went wrong?" not in instance.report_app.test_client().get("/tell").text
