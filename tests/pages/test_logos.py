"""A logo is drawn anew and small: nothing of the file but its pixels, and nothing that could fill the memory."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from concerns.pages.logos import MOST_HIGH, MOST_KEPT, MOST_UPLOADED, MOST_WIDE, BadLogo, colour_of, drawn_anew

SECRET = b"Wendelin Vale made this"


def saved(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def test_it_fits_and_keeps_its_shape() -> None:
    logo = drawn_anew(saved(Image.new("RGBA", (960, 160), (0, 94, 184, 255))))
    with Image.open(BytesIO(logo.png)) as kept:
        assert kept.size == (MOST_WIDE, 40)
    assert logo.colour == colour_of(logo.png) == "#005eb8"
    tall = drawn_anew(saved(Image.new("RGB", (100, 400), "red"), "JPEG"))
    with Image.open(BytesIO(tall.png)) as kept:
        assert kept.size == (20, MOST_HIGH)


def test_a_small_one_is_not_blown_up() -> None:
    with Image.open(BytesIO(drawn_anew(saved(Image.new("RGB", (30, 20), "red"))).png)) as kept:
        assert kept.size == (30, 20)


def test_nothing_but_its_pixels_is_kept() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET.decode())
    png = saved(Image.new("RGB", (64, 48), "green"), pnginfo=notes)
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()
    jpeg = saved(Image.new("RGB", (64, 48), "green"), "JPEG", exif=exif, comment=SECRET)
    for data in (png, jpeg, png + SECRET):
        assert SECRET in data  # it could leak
        assert SECRET not in drawn_anew(data).png


def test_what_is_transparent_stays_so_and_does_not_count_as_a_colour() -> None:
    picture = Image.new("RGBA", (40, 40), (255, 255, 255, 0))
    picture.paste((200, 0, 0, 255), (10, 10, 30, 30))
    logo = drawn_anew(saved(picture))
    with Image.open(BytesIO(logo.png)) as kept:
        assert kept.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]  # four bands
    assert logo.colour == "#c80000"
    assert logo.stands_out("#ffffff")
    assert not logo.stands_out("#aa0000")


def test_one_that_is_full_of_detail_is_refused_or_fits() -> None:
    drawn = random.Random(7)
    noise = Image.frombytes("RGB", (240, 80), bytes(drawn.randrange(256) for _ in range(240 * 80 * 3)))
    with pytest.raises(BadLogo, match="too much detail"):
        drawn_anew(saved(noise))
    ramp = Image.linear_gradient("L").resize((240, 80)).convert("RGB")
    assert len(drawn_anew(saved(ramp)).png) <= MOST_KEPT


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 pixels wide and high."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    rows = piece(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + rows + piece(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "neither a PNG nor a JPEG"),
        (b"GIF89a" + bytes(20), "neither a PNG nor a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither a PNG nor a JPEG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "cannot read"),
        (b"\xff\xd8\xff" + bytes(40), "cannot read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(MOST_UPLOADED), "more than 500 kB"),
        (saved(Image.new("RGBA", (9, 9), (0, 0, 0, 0))), "Nothing can be seen"),
        (saved(Image.new("1", (4000, 4000))), "too many pixels"),
    ],
)
def test_what_cannot_be_one_is_refused_with_what_to_do(data: bytes, why: str) -> None:
    with pytest.raises(BadLogo, match=why):
        drawn_anew(data)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(BadLogo, match="too many pixels"):
        drawn_anew(bomb())
