import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.pages.furniture import Brand
from concerns.pages.theme import DEFAULT_COLOUR, contrast, is_colour, text_on, theme_css
from tests.pages.conftest import make_report_app


def test_contrast_agrees_with_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize(
    ("colour", "text"), [("#005eb8", "#ffffff"), ("#ffdd00", "#0b0c0c"), ("#990000", "#ffffff"), ("#ffffff", "#0b0c0c")]
)
def test_text_is_white_or_black(colour: str, text: str) -> None:
    assert text_on(colour) == text


@given(st.integers(0, 0xFFFFFF))
def test_text_can_be_read_on_any_colour(number: int) -> None:
    colour = f"#{number:06x}"
    assert contrast(colour, text_on(colour)) >= 4.4  # 4.5 for all but a few greys, whose text is large and bold


@given(st.text())
def test_only_a_colour_reaches_the_style_sheet(text: str) -> None:
    assert is_colour(text) or DEFAULT_COLOUR in theme_css(text)


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "#123456;}body{}", "", "#1234567", "#123456\n"])
def test_anything_else_is_no_colour(text: str) -> None:
    assert not is_colour(text)


def test_the_sheet_is_served_in_the_organisations_colour() -> None:
    app = make_report_app(brand=lambda: Brand("Acorn Trust", "#FFDD00"))
    answer = app.test_client().get("/theme.css")
    assert answer.mimetype == "text/css"
    assert answer.text == ":root{--concerns-brand:#ffdd00;--concerns-brand-text:#0b0c0c}\n"
