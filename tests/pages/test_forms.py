from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, IntegerField, SelectMultipleField, StringField, ValidationError

from concerns.pages.forms import DeskForm
from concerns.pages.furniture import DESK_BODY_LIMIT, REPORT_BODY_LIMIT
from tests.pages.conftest import ORIGINS
from tests.police import PoliceClient, every, words

FULL = {"name": "Rosa", "word": "w", "story": "s", "worry": "very", "themes": ["very"], "agree": "y", "area": "very"}
OWN, ONION = ORIGINS


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://other.example"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, 403),
        ({"Origin": OWN}, 200),
        ({"Origin": ONION}, 200),
        ({"Origin": OWN + ".evil.example"}, 403),
        ({"Origin": "https://other.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Referer": OWN + "/example"}, 403),
        ({}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/example", "/read"])
def test_s11_the_report_door_takes_posts_from_its_own_pages_only(
    report_app: Flask, path: str, headers: dict[str, str], status: int
) -> None:
    answer = report_app.test_client().post(path, data=FULL, headers=headers)
    assert answer.status_code == status


def test_s11_a_foreign_post_is_refused_by_the_form_itself(report_app: Flask) -> None:
    report_app.before_request_funcs.clear()
    answer = report_app.test_client().post("/example", data=FULL, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_anybody_may_look(report: PoliceClient) -> None:
    report.get("/example", headers={"Sec-Fetch-Site": "cross-site"})


def test_a_body_has_a_limit(report: PoliceClient) -> None:
    page = report.post("/example", {"story": "x" * REPORT_BODY_LIMIT}, 413)
    assert page.h1 == "Sorry, that is too much at once"
    report.post("/example", {"story": "x" * (REPORT_BODY_LIMIT - 1000)}, 200)


def test_the_desk_takes_its_own_form(desk: PoliceClient) -> None:
    form = desk.get("/example")
    page = desk.submit(form, FULL, button="Send", status=200)
    assert "Your name" not in page.text


@pytest.mark.parametrize("token", [{}, {"csrf_token": ""}, {"csrf_token": "forged"}])
def test_the_desk_refuses_a_post_without_its_token(desk: PoliceClient, token: dict[str, str]) -> None:
    desk.get("/example")
    for path in ("/example", "/read"):
        desk.post(path, FULL | token, 400)


def test_the_desks_form_cookie_says_nothing_and_stays_at_the_desk(desk: PoliceClient) -> None:
    cookie = desk.get("/example").response.headers["Set-Cookie"]
    assert cookie.startswith("__Secure-concerns-form=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert attribute in cookie.split("; ")
    assert "Expires" not in cookie


def test_the_desks_key_is_not_in_its_settings(desk_app: Flask) -> None:
    assert "a key of the tests" not in str(dict(desk_app.config))


def empty(client: PoliceClient) -> Any:
    return client.post("/example", {"story": "it’s wet", "group": ""})


def test_every_error_stands_beside_its_field_and_leads_to_it(report: PoliceClient) -> None:
    page = empty(report)
    assert page.errors == [
        "Enter your name",
        "Enter your passphrase",
        "Say how worried you are",
        "Choose a theme",
        "Say that you agree",
        "Choose an area",
    ]
    for link in page.with_class("govuk-error-summary__list")[0].iter("a"):
        target = page.tree.find(f".//*[@id='{link.get('href')[1:]}']")
        assert target.tag in {"input", "select", "textarea"}
        group = next(g for g in page.with_class("govuk-form-group") if target in g.iter())
        assert words(link) in words(group)
    assert words(page.tree.find(".//title")).startswith("Error: What is Ada")


def test_what_was_typed_is_kept(report: PoliceClient) -> None:
    assert empty(report).tree.find(".//textarea").text.strip() == "it’s wet"


def test_a_field_is_described_by_its_hint_and_its_error(report: PoliceClient) -> None:
    page = empty(report)
    described = {e.get("id"): e.get("aria-describedby") for e in every(page.tree, "input", "textarea", "select")}
    assert described["name"] == "name-hint name-error"
    assert described["story"] == "story-hint story-info"
    assert described["word"] == "word-error"
    assert described["group"] is None
    fieldset = page.tree.find(".//fieldset")
    assert fieldset.get("aria-describedby") == "worry-hint worry-error"
    assert described["worry-2"] == "worry-2-item-hint"


def test_the_browser_leaves_checks_and_words_to_us(report: PoliceClient) -> None:
    page = report.get("/example")
    for control in every(page.tree, "input", "textarea", "select"):
        assert not {"required", "maxlength", "minlength"} & set(control.keys())
    story = page.tree.find(".//textarea")
    kept = {name: story.get(name) for name in ("autocomplete", "spellcheck", "translate")}
    assert kept == {"autocomplete": "off", "spellcheck": "false", "translate": "no"}


def test_a_passphrase_is_never_sent_back(report: PoliceClient) -> None:
    assert "opensesame" not in report.post("/example", {"word": "opensesame"}).html


def test_choices_and_groups_stand_in_a_select(report: PoliceClient) -> None:
    page = report.post("/example", {"area": "very", "group": "x"})
    chosen = [o.get("value") for o in page.tree.iter("option") if o.get("selected") is not None]
    assert chosen == ["very", "x"]
    assert page.tree.find(".//optgroup").get("label") == "Letters"


def test_the_desks_body_has_a_limit(desk: PoliceClient) -> None:
    form = desk.get("/example")
    desk.submit(form, {**FULL, "story": "x" * (DESK_BODY_LIMIT - 1000)}, button="Send", status=200)
    assert desk.submit(form, {**FULL, "story": "x" * DESK_BODY_LIMIT}, button="Send", status=413).h1
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    body = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + bytes(DESK_BODY_LIMIT) + b"\r\n--x--"
    )
    assert desk.client.post("/example", data=body, headers=boundary).status_code == 413


@pytest.mark.parametrize("length", [10, 30 * 1024 * 1024])
def test_the_report_door_takes_no_files(report: PoliceClient, length: int) -> None:
    """A file, or a large field of such a form, would be written to a disk."""
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "multipart/form-data; boundary=x"}
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + bytes(length) + b"\r\n--x--"
    answer = report.client.post("/example", data=body, headers=headers)
    assert answer.status_code == 415
    assert "Sorry, we could not read that" in answer.text


@pytest.mark.parametrize("text", ["a\0b", "half \ud800", "\udfff"])
def test_what_no_store_can_hold_is_refused_in_words(desk_app: Flask, text: str) -> None:
    class Short(DeskForm):
        story = StringField("Your story")

    desk_app.config["WTF_CSRF_ENABLED"] = False
    with desk_app.test_request_context("/", method="POST"):
        form = Short(formdata=MultiDict({"story": text}))
        assert not form.validate()
        assert form.story.errors == ["Your story: take out the characters that cannot be read"]
        assert Short(formdata=MultiDict({"story": "whole 🐝"})).validate()


def test_what_is_no_day_no_number_and_no_choice_comes_back_without_what_no_page_can_hold(desk_app: Flask) -> None:
    class Odd(DeskForm):
        day = DateField("Day")
        number = IntegerField("Number")
        roles = SelectMultipleField("Roles", choices=[], validate_choice=False)

        def validate_roles(self, field: Field) -> None:
            raise ValidationError(f"No role: {field.data}")

    desk_app.config["WTF_CSRF_ENABLED"] = False
    with desk_app.test_request_context("/", method="POST"):
        form = Odd(
            formdata=MultiDict([("day", "31 Ap\0ril"), ("number", "a\ud800b"), ("roles", "a\0"), ("roles", "b")])
        )
        assert not form.validate()
        assert form.day._value() == "31 Ap\ufffdril"
        assert form.number._value() == "a\ufffdb"
        assert form.roles.errors == ["No role: ['a\ufffd', 'b']"]
