"""Draws an uploaded logo anew, small: nothing but its pixels is kept."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from concerns.pages.theme import contrast

if TYPE_CHECKING:
    from PIL import Image

MOST_WIDE, MOST_HIGH = 240, 80
#: bytes of an upload, and of what is kept: every page of both doors loads it
MOST_UPLOADED, MOST_KEPT = 500_000, 12_000
#: with so much the page with script stays within its budget too: fewer colours are tried until it fits
LIGHT = 3_000
#: a picture of a few kilobytes can unpack to gigabytes
MOST_PIXELS = 12_000_000
_BEGINNINGS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
#: fewer colours, should all of them not fit
_COLOURS = (256, 64)
#: alpha from which a pixel is seen
_SEEN = 128
#: WCAG 2.2, 1.4.11: parts of a picture that must be seen
ENOUGH = 3.0


class BadLogo(ValueError):
    """This file cannot be the logo; the message says what to do."""


@dataclass(frozen=True)
class Logo:
    """A logo as it is kept."""

    png: bytes
    #: the mean of the pixels that are seen, "#rrggbb"
    colour: str

    def stands_out(self, background: str) -> bool:
        """Whether its mean colour can be told from the header behind it."""
        return contrast(self.colour, background) >= ENOUGH


def drawn_anew(data: bytes) -> Logo:
    """A PNG of at most 240 by 80 pixels and 12 kB with the pixels of a PNG or JPEG. Raises BadLogo."""
    if len(data) > MOST_UPLOADED:
        raise BadLogo(f"The file has more than {MOST_UPLOADED // 1000} kB. Save the logo smaller, and choose it again")
    kind = next((kind for beginning, kind in _BEGINNINGS.items() if data.startswith(beginning)), None)
    if kind is None:
        raise BadLogo("The file is neither a PNG nor a JPEG picture. Save the logo as PNG, and choose that")
    pixels = _small(data, kind)
    tries = [_written(pixels), *(_written(pixels.quantize(colours, method=2)) for colours in _COLOURS)]
    best = next((one for one in tries if len(one) <= LIGHT), min(tries, key=len))
    if len(best) <= MOST_KEPT:
        return Logo(best, _mean(pixels))
    raise BadLogo(
        f"The logo has too much detail: at {MOST_WIDE} by {MOST_HIGH} pixels it is larger than {MOST_KEPT // 1000} kB. "
        "Choose one with flat colours, or the mark without the picture"
    )


def colour_of(png: bytes) -> str:
    """The mean colour of a logo that is kept."""
    return _mean(_small(png, "PNG"))


def _small(data: bytes, kind: str) -> "Image.Image":
    from PIL import Image  # twenty megabytes that few workers ever need

    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        with Image.open(BytesIO(data), formats=[kind]) as found:
            pixels = None if found.width * found.height > MOST_PIXELS else found.convert("RGBA")
    except Image.DecompressionBombError:
        pixels = None
    except Exception as error:  # somebody's bytes: a decoder may raise anything
        raise BadLogo("We cannot read this picture. Open it, save it as PNG, and choose that") from error
    if pixels is None:
        raise BadLogo("The picture has too many pixels. Save the logo smaller, and choose it again")
    pixels.thumbnail((MOST_WIDE, MOST_HIGH))
    # a new picture: what the file carried beside its pixels stays behind
    drawn = Image.new("RGBA", pixels.size)
    drawn.paste(pixels)
    return drawn


def _written(pixels: "Image.Image") -> bytes:
    file = BytesIO()
    pixels.save(file, "PNG", optimize=True)
    return file.getvalue()


def _mean(pixels: "Image.Image") -> str:
    # PNG with a palette of few colours came back as RGBA already
    data = pixels.tobytes()
    seen = [data[place : place + 3] for place in range(0, len(data), 4) if data[place + 3] >= _SEEN]
    if not seen:
        raise BadLogo("Nothing can be seen in this picture. Choose another one")
    return "#" + "".join(f"{sum(pixel[place] for pixel in seen) // len(seen):02x}" for place in range(3))
