"""Writes a photo anew, in memory and small: nothing but its pixels is kept, so no place, time, device or comment."""

from io import BytesIO

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
    from PIL import Image, ImageOps, UnidentifiedImageError  # twenty megabytes that few workers ever need

    kind = next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), None)
    if kind is None:
        raise BadPhoto("kind")
    try:
        with Image.open(BytesIO(data), formats=[kind]) as found:
            if found.width * found.height > MOST_PIXELS[kind]:
                raise BadPhoto("pixels")
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read at the scale that is needed
            turned = ImageOps.exif_transpose(found)
            turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            # onto white, into a new picture: whatever the file carried beside its pixels stays behind
            pixels = Image.new("RGB", turned.size, "white")
            pixels.paste(turned.convert("RGBA"), mask=turned.convert("RGBA").getchannel("A"))
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise BadPhoto("broken") from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError) as error:
        raise BadPhoto("broken") from error
    for quality in QUALITIES:
        written = BytesIO()
        pixels.save(written, "JPEG", quality=quality, optimize=True)
        if written.tell() <= MOST_BYTES:
            return written.getvalue()
    raise BadPhoto("pixels")
