"""Sheets to print: what stands on them is true, public, and leads to the door."""

import itertools
import re
from typing import Any

import pytest
import segno
from sqlalchemy import delete

from concerns.areas.model import Area, Organisation
from concerns.flagging import posters
from tests.cast import Instance
from tests.police import Page, PoliceClient, every

SHEETS = ("/posters/a4", "/posters/card", "/posters/paper")
PUBLIC = "https://concerns.wendle.example"


@pytest.fixture
def public(instance: Instance) -> PoliceClient:
    """The door of an instance that has launched under its own address."""
    object.__setattr__(instance.settings, "report_origins", (PUBLIC, "http://example.onion"))
    with instance.stores.write_main() as main:
        main.get_one(Organisation, 1).rehearsal = False
    return PoliceClient(instance.report_app.test_client(), traceless=True)


def test_a_sheet_says_where_who_when_and_whom_to_ring(public: PoliceClient, instance: Instance) -> None:
    for path in SHEETS:
        _says_all(public.get(path), instance.charter.check_code)


def _says_all(page: Page, check_code: str) -> None:
    for said in (
        "Wendle Vale Trust",
        "concerns.wendle.example",
        "Only Gita and Gwen can read what you write. They read on Mondays and Thursdays.",
        "Use your own phone, off the work network.",
        "Is someone in danger now? Ring first. 999 Emergency services",
        f"Check code {check_code} “What we promise” on the website must show the same.",
    ):
        assert said in page.text
    assert "https://" not in page.text and "Rehearsal" not in page.text
    # it hangs for months; the check code is a hash, in which any four figures may come up
    assert "Next:" not in page.text and "2026" not in page.text.replace(check_code, "")


def test_the_square_is_the_door_s_first_address(public: PoliceClient) -> None:
    expected = [bytes(row) for row in segno.make(f"{PUBLIC}/", error="q", micro=False).matrix]
    for path in (*SHEETS, *(f"/cy{path}" for path in SHEETS)):
        squares = public.get(path).with_class("sheet-qr")
        assert len(squares) == (posters.CARDS if "card" in path else 1)
        for square in squares:
            assert modules(square) == expected
            assert "concerns.wendle.example" in square.get("aria-label")


def modules(square: Any) -> list[bytes]:
    """The dark and light modules that an SVG draws: one path of strokes, each a row's run of dark ones."""
    side = int(square.get("viewBox").split()[2]) - 2 * 4
    rows = [bytearray(side) for _row in range(side)]
    path = next(element.get("d") for element in square.iter() if element.get("stroke"))
    x, y = 0.0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        if command == "h":
            for place in range(int(x), int(x + float(first))):
                rows[int(y - 4)][place - 4] = 1
            x += float(first)
        else:
            start = (0.0, 0.0) if command == "M" else (x, y)
            x, y = start[0] + float(first), start[1] + float(second)
    return [bytes(row) for row in rows]


def test_the_same_check_code_stands_on_the_promise_page(public: PoliceClient, instance: Instance) -> None:
    code = instance.charter.check_code
    assert all(code in public.get(path).text for path in (*SHEETS, "/promise"))


def test_the_cards_are_read_out_once(public: PoliceClient) -> None:
    cards = public.get("/posters/card").with_class("sheet-card")
    assert [card.get("aria-hidden") for card in cards] == [None, "true", "true", "true"]
    assert not [link for card in cards for link in card.iter("a")]


def test_a_card_has_the_numbers_that_a_telephone_dials(public: PoliceClient, instance: Instance) -> None:
    assert "switchboard" not in public.get("/posters/card").text
    assert "Site manager Ask your switchboard for the site manager" in public.get("/posters/a4").text
    with instance.stores.write_main() as main:
        advice = {"name": "Site manager", "number": "Ask", "hours": "Day and night", "danger": True}
        main.get_one(Organisation, 1).signposts = [advice]
    assert "Site manager Ask Day and night" in public.get("/posters/card").text


def test_the_paper_form_asks_what_the_website_asks(public: PoliceClient) -> None:
    page = public.get("/posters/paper")
    titles = [" ".join("".join(h2.itertext()).split()) for h2 in page.tree.iter("h2")]
    assert titles == [
        "Is someone in danger now? Ring first.",
        "1. What happened, or what worries you?",
        "2. What made it more likely?",
        "3. What would help?",
        "4. Where is it?",
        "5. How worried are you?",
        "6. What may we do with it?",
        "7. Would you like to be reached?",
        "How to hand it in",
        "For the Freedom to Speak Up Guardian who enters it",
    ]
    for said in ("Workload", "Ward 2", "Prefer not to say", "Very worried", "Just count it.", "only for Gita or Gwen"):
        assert said in page.text
    # nothing of it can be typed into: it is a picture of a form
    assert every(page.tree.find(".//main"), "input", "textarea", "select", "form") == []


def test_many_areas_are_a_line_to_write_on(public: PoliceClient, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        division = main.query(Area).first()
        assert division is not None
        for number in range(posters.MOST_TICKS):
            area = Area(code=f"n{number}", name=f"New ward {number}", staff=50, division_id=division.division_id)
            main.add(area)
    page = public.get("/posters/paper")
    assert "New ward" not in page.text and "4. Where is it?" in page.text


def test_a_rehearsal_says_so_on_the_sheet_itself(report: PoliceClient) -> None:
    for path in ("/posters", *SHEETS):
        assert "Do not hang this up" in report.get(path).text


def test_before_the_door_opens_nothing_can_be_printed(report: PoliceClient, instance: Instance) -> None:
    (instance.directory / "manifest.pin").unlink()
    for path in ("/posters", *SHEETS):
        page = report.get(path, 503)
        assert page.h1 == "This service is not open yet"
        assert "Check code" not in page.text and not _squares(page)


def test_a_changed_charter_prints_nothing(report: PoliceClient, instance: Instance) -> None:
    (instance.directory / "manifest.pin").write_text("0" * 64)
    page = report.get("/posters/a4", 503)
    assert page.h1 == "This service is closed" and not _squares(page)


def test_without_reading_days_no_day_is_named(public: PoliceClient, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        main.get_one(Organisation, 1).reading_days = []
    text = public.get("/posters/a4").text
    assert "Only Gita and Gwen can read what you write." in text and "They read on" not in text


def test_the_index_leads_to_all_of_them(public: PoliceClient) -> None:
    page = public.get("/posters")
    assert set(SHEETS) <= set(page.links().values())
    assert "Anybody may print and hang up these sheets." in page.text


@pytest.mark.parametrize(("letters", "size"), [(10, "usual"), (130, "crowded"), (200, "full")])
def test_long_names_are_set_smaller(public: PoliceClient, instance: Instance, letters: int, size: str) -> None:
    with instance.stores.write_main() as main:
        main.get_one(Organisation, 1).name = "x" * letters
        if size == "full":
            known = main.get_one(Organisation, 1)
            known.signposts = [known.signposts[0] | {"hours": "Day and night " * 20}, *known.signposts[1:]]
    (sheet,) = public.get("/posters/a4").with_class("sheet")
    assert f"sheet--{size}" in sheet.get("class")


def test_nothing_that_is_not_public_is_needed(public: PoliceClient, instance: Instance) -> None:
    """The same sheet whoever asks, and whatever was told: a page without areas and answers is the same page."""
    before = public.get("/posters/a4").html
    with instance.stores.write_main() as main:
        main.execute(delete(Area))
    assert public.get("/posters/a4").html == before


def _squares(page: Page) -> list[Any]:
    return list(itertools.chain(page.with_class("sheet-qr"), page.with_class("sheet")))
