"""The organisation's colour as a style sheet, with a text colour that can be read on it."""

import re

HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
DEFAULT_COLOUR = "#1d70b8"
WHITE, BLACK = "#ffffff", "#0b0c0c"
#: WCAG 2.2, 1.4.3
ENOUGH, BLACKEST = 4.5, "#000000"
#: of GOV.UK's mark on what has the keyboard, together with black
FOCUS = "#ffdd00"


def is_colour(text: str) -> bool:
    """Whether this is a colour as `#rrggbb`; nothing else may reach the style sheet."""
    return HEX.fullmatch(text) is not None


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """White or black, whichever can be read better: always at least 4.5 to 1."""
    better = max((WHITE, BLACK), key=lambda text: contrast(text, colour))
    # on a few greys neither is enough: black without any light in it is
    return better if contrast(better, colour) >= ENOUGH else BLACKEST


def theme_css(colour: str) -> str:
    """The whole of `/theme.css`."""
    brand = colour.lower() if is_colour(colour) else DEFAULT_COLOUR
    return f":root{{--concerns-brand:{brand};--concerns-brand-text:{text_on(brand)}}}\n"
