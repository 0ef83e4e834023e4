"""Writes a photo anew, in memory and small: nothing but its pixels is kept, so no place, time, device or comment."""

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

#: a longer side is scaled down to this
LONGEST_SIDE = 1600
#: what fits an envelope's body as base64url inside JSON
MOST_BYTES = 390_000
#: pixels: whole pictures of this size are held in memory while they are written anew
MOST_PIXELS = {"JPEG": 26_000_000, "PNG": 12_000_000}
QUALITIES = (82, 70, 55, 40, 25)
#: how the two kinds of file begin that are taken at all
BEGINNINGS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}


class BadPhoto(Exception):
    """This file is not taken; `why` is "kind", "pixels" or "broken"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def written_anew(data: bytes) -> bytes:
    """A JPEG of at most 1,600 pixels a side and 390,000 bytes, with the pixels of a JPEG or PNG and nothing else.

    Raises BadPhoto. Turned as the camera said it should be, since that note is dropped too.
    """
    from PIL import Image  # twenty megabytes that few workers ever need

    kind = next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), None)
    if kind is None:
        raise BadPhoto("kind")
    # what the library finds odd it would say on the server's error log: that a photo came, and when
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        pixels = _drawn(data, kind)
    except BadPhoto:
        raise
    except Image.DecompressionBombError as error:
        raise BadPhoto("pixels") from error
    except Exception as error:  # a stranger's bytes: a decoder may raise anything
        raise BadPhoto("broken") from error
    for quality in QUALITIES:
        written = BytesIO()
        pixels.save(written, "JPEG", quality=quality, optimize=True)
        if written.tell() <= MOST_BYTES:
            return written.getvalue()
    raise BadPhoto("pixels")


def _drawn(data: bytes, kind: str) -> "Image.Image":
    """A new picture with the pixels on white: whatever the file carried beside them stays behind."""
    from PIL import Image

    with Image.open(BytesIO(data), formats=[kind]) as found:
        if found.width * found.height > MOST_PIXELS[kind]:
            raise BadPhoto("pixels")
        turn = _turn(found)
        found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read at the scale that is needed
        found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        colours = found.convert("RGBA")
    pixels = Image.new("RGB", colours.size, "white")
    pixels.paste(colours, mask=colours.getchannel("A"))
    return pixels if turn is None else pixels.transpose(turn)


def _turn(found: "Image.Image") -> "Image.Transpose | None":
    """How the camera said that the picture must be turned; a note that cannot be read says nothing."""
    from PIL import ExifTags, Image

    turns = ("FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE", "ROTATE_270", "TRANSVERSE", "ROTATE_90")
    try:
        noted = int(found.getexif()[ExifTags.Base.Orientation])
        return Image.Transpose[dict(enumerate(turns, start=2))[noted]]
    except Exception:  # noqa: BLE001 - none, or a broken one: the photo is taken as it is
        return None
