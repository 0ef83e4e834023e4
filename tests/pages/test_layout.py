from flask import Flask, render_template_string

from concerns.pages.furniture import EXIT_URL
from tests.pages.conftest import PAGE
from tests.police import PoliceClient, words


def test_a_page_names_itself_the_service_and_the_organisation(report: PoliceClient) -> None:
    page = report.get("/example")
    assert words(page.tree.find(".//title")) == "What is Ada’s view? – Staff feedback"
    assert page.links()["Acorn Trust"] == "/"


def test_leaving_safely_works_without_script_and_tells_the_next_page_nothing(report: PoliceClient) -> None:
    [way] = [a for a in report.get("/example").tree.iter("a") if a.get("data-exit") is not None]
    assert way.get("href") == EXIT_URL
    assert "noreferrer" in way.get("rel")


def test_the_footer_is_our_own(report: PoliceClient) -> None:
    page = report.get("/example")
    assert {"/promise", "/help", "/privacy", "/accessibility"} <= set(page.links().values())
    assert "Crown" not in page.html


def test_a_rehearsal_says_so_on_every_page(desk: PoliceClient, report: PoliceClient) -> None:
    for path, status in (("/example", 200), ("/nowhere", 404)):
        [banner] = desk.get(path, status).with_class("concerns-rehearsal")
        assert words(banner) == "Rehearsal: invented data. Do not enter real concerns."
        assert report.get(path, status).with_class("concerns-rehearsal") == []


def test_a_stranger_at_the_desk_sees_neither_links_nor_a_way_out(desk: PoliceClient) -> None:
    page = desk.get("/example")
    assert page.with_class("concerns-links") == []
    assert page.with_class("concerns-signout") == []


def test_a_visitor_sees_her_name_her_links_and_the_way_out(desk: PoliceClient, desk_app: Flask) -> None:
    @desk_app.context_processor
    def signed_in() -> dict[str, object]:
        links = [("Flags", "/plain", True), ("Close a period", "/close", False)]
        return {"visitor": {"name": "Gita"}, "desk_links": links}

    page = desk.get("/plain")
    assert "Gita Sign out" in words(page.with_class("concerns-signout")[0])
    assert page.with_class("concerns-signout")[0].get("action") == "/sign-out"
    [current] = [a for a in page.tree.iter("a") if a.get("aria-current")]
    assert (words(current), current.get("aria-current")) == ("Flags", "page")
    assert page.links()["Close a period"] == "/close"


def test_a_message_is_said_once(desk: PoliceClient) -> None:
    assert "The flag is triaged" in desk.get("/said").text
    assert "The flag is triaged" not in desk.get("/plain").text


def test_texts_that_people_give_are_escaped(report_app: Flask) -> None:
    with report_app.test_request_context():
        page = render_template_string(PAGE.replace("'What is Ada’s view?'", "'<b>'"))
    assert "<title>&lt;b&gt;" in page
    assert ">&lt;b&gt;</h1>" in page
