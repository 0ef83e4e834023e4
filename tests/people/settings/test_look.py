"""Colour and logo: the contrast is said before anything is saved, and the picture is on both doors."""

import re
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from concerns.areas.model import Organisation
from concerns.pages.theme import contrast, text_on
from concerns.people.settings.look import contrasts
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, check_html, filled_in

PATH = "/set-up/look"


def png(colour: str = "#ffffff", size: tuple[int, int] = (480, 160)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def send(ada: Desk, data: bytes | None, status: int = 302, step: str = "save", **fields: str) -> Page:
    """Send the form as a browser would, with a file."""
    sent = filled_in(ada.client.get(PATH).form()) | fields | {"step": step}
    if data is not None:
        sent["logo"] = (BytesIO(data), "logo.png")
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = ada.client.client.post(PATH, data=sent, headers=headers, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text
    return Page(answer, None if status == 302 else check_html(answer.text))


def test_the_contrast_is_said_and_nothing_saved(ada: Desk, stored: Callable[[], Organisation]) -> None:
    before = stored().colour
    page = send(ada, None, 200, "try", colour="#ffdd00")
    assert "On #ffdd00" in page.text
    assert "Black text on it has a contrast of 14.5 to 1. At least 4.5 to 1 is needed." in page.text
    assert "#ffdd00" in page.html
    assert stored().colour == before


def test_both_contrasts_are_enough_on_every_colour() -> None:
    for step in range(0, 256, 15):
        for colour in (f"#{step:02x}{step:02x}{step:02x}", f"#{step:02x}5eb8", f"#ff{step:02x}00", f"#7a{step:02x}7a"):
            found = contrasts(colour)
            assert found.text_ratio >= 4.5, colour
            assert found.focus_ratio >= 3, colour
            assert found.text_ratio <= contrast(text_on(colour), colour)


def test_a_colour_that_is_none_is_refused_and_kept(ada: Desk, stored: Callable[[], Organisation]) -> None:
    before = stored().colour
    for wrong in ("red", "#12345", "#1234567", "#12345g", "url(x)"):
        page = send(ada, None, 422, colour=wrong)
        assert "write it as six digits" in page.text
        assert wrong in page.html
    assert stored().colour == before


def test_a_logo_stands_on_both_doors_and_may_be_kept_by_a_browser(
    ada: Desk, instance: Instance, stored: Callable[[], Organisation], log: Callable[[], list[str]]
) -> None:
    report = instance.report_app.test_client()
    assert report.get("/logo.png").status_code == 404
    assert send(ada, png(), colour="#003300").location == "/desk/set-up"
    kept = stored().logo
    assert kept is not None
    assert (stored().colour, "look" in stored().settled, log()) == ("#003300", True, ["look"])
    for page, client in ((report.get("/"), report), (ada.client.client.get(PATH), ada.client.client)):
        tag = re.search(r'<img class="concerns-header__logo" src="([^"]+)" alt="">', page.text)
        assert tag is not None
        answer = client.get(tag[1].removeprefix("/desk"))
        assert (answer.data, answer.mimetype) == (kept, "image/png")
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
    before = re.search(r"logo\.png\?v=(\w+)", report.get("/").text)
    send(ada, png("#cccccc"))
    after = re.search(r"logo\.png\?v=(\w+)", report.get("/").text)
    assert before is not None
    assert after is not None
    assert before[1] != after[1]
    assert report.get("/cy/tell").text.count("/cy/logo.png?v=") == 1


def test_one_that_cannot_be_seen_on_the_colour_is_only_a_warning(ada: Desk, stored: Callable[[], Organisation]) -> None:
    page = send(ada, png("#003300"), 200, "try", colour="#002200")
    assert "The logo is hard to see on it" in page.text
    assert "Choose the file again." in page.text
    assert send(ada, png("#003300"), colour="#002200").location == "/desk/set-up"
    assert stored().logo is not None
    assert "The logo is hard to see on it" in ada.client.get(PATH).text


def test_it_is_taken_out_again(ada: Desk, stored: Callable[[], Organisation]) -> None:
    send(ada, png())
    both = send(ada, png(), 422, without="y")
    assert "not both" in both.text
    send(ada, None, without="y")
    assert stored().logo is None
    assert "concerns-header__logo" not in ada.client.get(PATH).html


def test_what_is_no_picture_is_refused_with_what_to_do(ada: Desk, stored: Callable[[], Organisation]) -> None:
    for data, why in ((b"<svg/>", "neither a PNG nor a JPEG"), (png() + bytes(500_000), "more than 500 kB")):
        page = send(ada, data, 422, colour="#123456")
        assert why in page.text
        assert "#123456" in page.html
    assert stored().logo is None
