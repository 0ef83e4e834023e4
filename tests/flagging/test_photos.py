"""S18 without script: of a photo its pixels are kept, and nothing that says where, when, by whom or with what."""

import importlib
import random
import struct
import tempfile
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from PIL import Image, ImageFile, ImageOps, PngImagePlugin
from sqlalchemy import func, select

from concerns.flagging.photos import LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, BadPhoto, written_anew
from concerns.flagging.returning import PHOTO_LIMIT
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival
from concerns.sealing.receipt import derive, digits_of, new_entropy, read_receipt
from concerns.sealing.text import from_text
from concerns.sealing.threads import find
from tests.cast import Instance
from tests.flagging.conftest import Rosa
from tests.flagging.devices import opened_by
from tests.flagging.test_traces import everything_stored, found, runs
from tests.police import SAME_ORIGIN, Page, check_headers, check_html, filled_in, pressed

SECRETS = (
    "Quokka Phone 7",
    "Wendelin Vale",
    "Behind the xylophone cupboard",
    "2026:11:21 23:59:01",
    "wombat-xmp-packet",
)
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def picture(width: int = 64, height: int = 48, seed: int = 1) -> Image.Image:
    """Four corners in four colours, so that one can see how it was turned."""
    made = Image.new("RGB", (width, height), "white")
    colours = ("red", "green", "blue", "black")
    for number, colour in enumerate(colours):
        place = (number % 2 * width // 2, number // 2 * height // 2)
        made.paste(Image.new("RGB", (width // 2, height // 2), colour), place)
    made.putpixel((0, 0), (seed % 256, seed // 256 % 256, 0))
    return made


def exif(orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[ORIENTATION] = orientation
    made[MAKER], made[0x013B], made[0x9286], made[0x0132] = SECRETS[:4]
    made.get_ifd(0x8769)[0x9003] = SECRETS[3]
    gps = made.get_ifd(GPS)
    gps[1], gps[2], gps[3], gps[4] = "N", (51.0, 30.0, 26.0), "W", (0.0, 7.0, 39.0)
    return made


def jpeg(made: Image.Image | None = None, **how: Any) -> bytes:
    written = BytesIO()
    (made or picture()).save(written, "JPEG", **{"quality": 95, **how})
    return written.getvalue()


def told_jpeg(orientation: int = 1) -> bytes:
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRETS[4]}</x:xmpmeta>".encode()
    return jpeg(exif=exif(orientation), comment=SECRETS[2].encode(), xmp=xmp, icc_profile=SECRETS[1].encode() * 9)


def png(made: Image.Image | None = None, **how: Any) -> bytes:
    written = BytesIO()
    (made or picture()).save(written, "PNG", **how)
    return written.getvalue()


def told_png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRETS[1])
    texts.add_itxt("XML:com.adobe.xmp", SECRETS[4])
    texts.add_text("Comment", SECRETS[2])
    return png(exif=exif(), pnginfo=texts)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """A small file that says it is a huge picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def opened(data: bytes) -> Image.Image:
    made = Image.open(BytesIO(data))
    made.load()
    return made


class TestWrittenAnew:
    @pytest.mark.parametrize("source", [told_jpeg(), told_png()], ids=["JPEG", "PNG"])
    def test_s18_nothing_but_pixels_is_left(self, source: bytes) -> None:
        needles = {run for secret in SECRETS for run in runs(secret.encode())}
        seen = found(needles, [source])
        assert {secret for secret in SECRETS if runs(secret.encode()) <= seen} == set(SECRETS), (
            "they must be there first"
        )
        assert opened(source).getexif().get_ifd(GPS)
        written = written_anew(source)
        assert not found(needles, [written])
        for marker in (b"Exif", b"GPS", b"http://ns.adobe.com", b"ICC_PROFILE", b"xmpmeta", b"\xff\xe1", b"\xff\xfe"):
            assert marker not in written
        kept = opened(written)
        assert kept.format == "JPEG"
        assert not kept.getexif()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_s18_it_is_turned_as_the_camera_said(self, orientation: int) -> None:
        for source in (told_jpeg(orientation), png(exif=exif(orientation))):
            upright = ImageOps.exif_transpose(opened(source)).convert("RGB")
            written = opened(written_anew(source))
            assert written.size == upright.size == ((64, 48) if orientation < 5 else (48, 64))
            for place in ((8, 8), (8, 40), (40, 8), (40, 40)):
                pairs = zip(pixel(written, place), pixel(upright, place), strict=True)
                assert max(abs(one - other) for one, other in pairs) < 40

    @pytest.mark.parametrize(("width", "height"), [(4000, 3000), (300, 6000), (1601, 1600), (1600, 1600), (1, 1)])
    def test_its_longer_side_is_capped(self, width: int, height: int) -> None:
        for source in (jpeg(picture(width, height)), png(picture(width, height))):
            written = opened(written_anew(source))
            scale = min(1.0, LONGEST_SIDE / max(width, height))
            assert max(written.size) <= LONGEST_SIDE
            assert abs(written.width - width * scale) <= 1 and abs(written.height - height * scale) <= 1

    def test_a_busy_picture_fits_an_envelope(self) -> None:
        busy = Image.effect_noise((1600, 1200), 25).convert("RGB")
        assert len(jpeg(busy, quality=82)) > MOST_BYTES
        assert 100_000 < len(written_anew(jpeg(busy))) <= MOST_BYTES

    def test_what_shines_through_is_white_and_grey_stays_grey(self) -> None:
        clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
        assert pixel(opened(written_anew(png(clear))), (5, 5)) == (255, 255, 255)
        for mode in ("L", "LA", "P", "1", "I;16", "RGBA", "CMYK"):
            made = Image.new(mode, (20, 20))
            assert opened(written_anew(jpeg(made) if mode == "CMYK" else png(made))).mode == "RGB"


def pixel(made: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    colour = made.getpixel(place)
    assert isinstance(colour, tuple)
    return colour


class TestRefused:
    @pytest.mark.parametrize(
        ("why", "data"),
        [
            ("kind", b"%PDF-1.7\n1 0 obj"),
            ("kind", b"GIF89a" + bytes(40)),
            ("kind", b"RIFF\x24\0\0\0WEBPVP8 " + bytes(40)),
            ("kind", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
            ("kind", b"<!DOCTYPE html><p>Hello"),
            ("kind", b"\0\0\0\x20ftypheic" + bytes(40)),
            ("kind", b"II*\0" + bytes(40)),
            ("kind", b" " + told_jpeg()),
            ("kind", b"x"),
            ("broken", b"\xff\xd8\xff" + random.Random(1).randbytes(4000)),
            ("broken", b"\xff\xd8\xff\xe0"),
            ("broken", told_jpeg()[:-400]),
            ("broken", b"\x89PNG\r\n\x1a\n"),
            ("broken", b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(4000)),
            ("broken", bomb(3000, 3000)),
            ("pixels", bomb(4000, 3001)),
            ("pixels", bomb(10_000, 10_000)),
            ("pixels", bomb(60_000, 60_000)),
            ("pixels", jpeg(Image.new("L", (6001, 4500)), quality=20)),
        ],
    )
    def test_s18_whatever_is_no_photo_is_refused_with_the_reason(
        self, why: str, data: bytes, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            with pytest.raises(BadPhoto) as refused:
                written_anew(data)
        assert refused.value.why == why
        assert not said
        assert capfd.readouterr() == ("", "")

    def test_half_a_photo_is_refused_beside_what_prints(self) -> None:
        """The library that makes PDF files takes halves for the whole process; what prints for the desk takes that back."""
        half = bomb(3000, 3000)
        importlib.import_module("weasyprint")
        with patch.object(ImageFile, "LOAD_TRUNCATED_IMAGES", True):
            written_anew(half)  # what would happen
        importlib.reload(importlib.import_module("concerns.pages.printing"))
        with pytest.raises(BadPhoto):
            written_anew(half)

    def test_a_gif_in_a_coat_is_none(self) -> None:
        """What begins as a JPEG is read as one, whatever else the library could read."""
        written = BytesIO()
        picture().save(written, "GIF")
        with pytest.raises(BadPhoto):
            written_anew(b"\xff\xd8\xff" + written.getvalue())

    def test_the_largest_that_is_taken(self) -> None:
        side = int(MOST_PIXELS["PNG"] ** 0.5)
        assert max(opened(written_anew(png(Image.new("1", (side, side))))).size) == LONGEST_SIDE

    def test_odd_notes_of_a_camera_spoil_no_photo_and_say_nothing_in_a_log(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        good, chance = told_jpeg(6), random.Random(3)
        start = good.index(b"Exif") + 6
        with warnings.catch_warnings(record=True) as control:
            warnings.simplefilter("always")
            for seed in range(200):
                list(opened(spoilt(good, start, random.Random(seed))).getexif().get_ifd(0x8769).items())
        assert control, "the library must have something to say"
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            for _ in range(200):
                assert opened(written_anew(spoilt(good, start, chance))).width in (64, 48)
        assert not said
        assert capfd.readouterr() == ("", "")

    def test_any_bytes_are_a_photo_or_refused(self) -> None:
        chance = random.Random(4)
        for good in (told_jpeg(), told_png()):
            for _ in range(300):
                with suppress(BadPhoto):
                    assert len(written_anew(spoilt(good, 0, chance, len(good)))) <= MOST_BYTES


def spoilt(good: bytes, start: int, chance: random.Random, length: int = 120) -> bytes:
    changed = bytearray(good)
    for _ in range(chance.randint(1, 5)):
        changed[start + chance.randrange(length)] = chance.randrange(256)
    return bytes(changed)


@contextmanager
def no_disk() -> Iterator[None]:
    """There is no folder for temporary files: whoever wants one fails."""
    usual, tempfile.tempdir = tempfile.tempdir, "/nowhere/to/write"
    try:
        yield
    finally:
        tempfile.tempdir = usual


BOUNDARY = "----quokka"


def body_of(fields: dict[str, Any], photo: bytes | None, name: str = "IMG_2217 Ward 1.jpg") -> bytes:
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    if photo is not None:
        head = f'Content-Disposition: form-data; name="photo"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head.encode() + photo)
    mark = f"--{BOUNDARY}".encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def post(rosa: Rosa, body: bytes, status: int = 200) -> Page:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    with no_disk():
        response = rosa.client.client.post("/return/photo", data=body, content_type=kind, headers=SAME_ORIGIN)
    assert response.status_code == status, response.text[:200]
    check_headers(response, traceless=True)
    return Page(response, check_html(response.text))


def choose(rosa: Rosa, page: Page, photo: bytes | None, status: int = 200, **named: str) -> Page:
    """Choose a file on a reporter's page and press the button."""
    form = page.form(action="/return/photo")
    return post(rosa, body_of(filled_in(form) | pressed(form, "Add the photo"), photo, **named), status)


def files(instance: Instance, words: str) -> list[bytes]:
    thread_id = find(instance.stores, derive(read_receipt(words), instance.site_id).lookup_hash)
    assert thread_id is not None
    payloads = [opened_by(instance, thread_id, name).get(Kind.FILE, []) for name in ("gita", "gwen")]
    assert payloads[0] == payloads[1]
    assert {payload["type"] for payload in payloads[0]} <= {"image/jpeg"}
    return [from_text(payload["data"]) for payload in payloads[0]]


def shown(page: Page) -> str:
    """What is said beside the file."""
    (error,) = [item for item in page.tree.iter("p") if item.get("id") == "photo-error"]
    return "".join(error.itertext()).removeprefix("Error:").strip()


class TestThroughThePage:
    def test_s18_it_is_sealed_for_the_guardians_and_never_on_a_disk(
        self, rosa: Rosa, instance: Instance, capfd: pytest.CaptureFixture[str]
    ) -> None:
        words = rosa.tell()
        large = jpeg(Image.effect_noise((1600, 1200), 25).convert("RGB"), exif=exif())
        with no_disk(), pytest.raises(FileNotFoundError), tempfile.TemporaryFile():
            pytest.fail("a file could be written")
        page = choose(rosa, rosa.open(words), large)
        assert "What you added is sealed and with us" in page.text
        assert "Add a photo (1 is there)" in page.text
        for _when in range(2):
            (kept,) = files(instance, words)
            assert opened(kept).size == (1600, 1200)
            assert not opened(kept).getexif()
            needles = runs(kept[2000:2200]) | runs(b"IMG_2217 Ward 1.jpg") | runs(SECRETS[0].encode())
            assert not found(needles, everything_stored(instance))
            collect(instance.stores, instance.clock().date(), 12)
        assert capfd.readouterr() == ("", "")

    def test_a_double_tap_stores_it_once_and_a_fourth_is_refused(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        for number in range(3):
            page, photo = rosa.open(words), jpeg(picture(seed=number * 60))
            first = choose(rosa, page, photo)
            assert choose(rosa, page, photo).text == first.text
            assert "What you added is sealed" in first.text
            if number == 1:
                collect(instance.stores, instance.clock().date(), 12)
                assert "What you added is sealed" in choose(rosa, page, photo).text
        assert len(files(instance, words)) == 3
        page = choose(rosa, rosa.open(words), jpeg(picture(seed=999)))
        assert shown(page) == "There are three photos already; more do not fit"
        assert len(files(instance, words)) == 3
        collect(instance.stores, instance.clock().date(), 12)
        assert shown(choose(rosa, page, jpeg(picture(seed=999)))).startswith("There are three photos")
        assert len(files(instance, words)) == 3

    @pytest.mark.parametrize(
        ("photo", "said"),
        [
            (None, "Choose a photo first"),
            (b"", "Choose a photo first"),
            (b"%PDF-1.7", "This file is neither a JPEG nor a PNG picture"),
            (bomb(60_000, 60_000), "This picture is too large"),
            (b"\xff\xd8\xff" + bytes(400), "We cannot read this picture"),
        ],
    )
    def test_what_is_not_taken_is_said_beside_it_and_nothing_is_stored(
        self, rosa: Rosa, instance: Instance, photo: bytes | None, said: str
    ) -> None:
        words = rosa.tell()
        page = choose(rosa, rosa.open(words), photo)
        assert page.h1 == "Your concern"
        assert shown(page).startswith(said)
        assert files(instance, words) == []
        assert "1 is there" in choose(rosa, page, told_png()).text

    def test_for_words_that_are_not_there_nothing_is_stored(self, rosa: Rosa, instance: Instance) -> None:
        page = post(rosa, body_of({"receipt": digits_of(new_entropy()), "item": "x"}, told_jpeg()))
        assert page.errors == ["We cannot find anything with these words"]
        with instance.stores.read_live() as live:
            assert not live.scalar(select(func.count()).select_from(Arrival))

    def test_too_much_is_said_on_a_page(self, rosa: Rosa, capfd: pytest.CaptureFixture[str]) -> None:
        words = rosa.tell()
        page = choose(rosa, rosa.open(words), b"\xff\xd8\xff" + bytes(PHOTO_LIMIT), 413)
        assert page.h1 == "Sorry, that is too much at once"
        parts = body_of({f"field{number}": "" for number in range(100_000)}, None)
        assert len(parts) < PHOTO_LIMIT
        assert post(rosa, parts, 413).h1 == "Sorry, that is too much at once"
        assert capfd.readouterr() == ("", "")

    def test_odd_bodies_are_refused_plainly(self, rosa: Rosa, capfd: pytest.CaptureFixture[str]) -> None:
        words = rosa.tell()
        client, whole = rosa.client.client, body_of({"receipt": words}, told_jpeg())
        mark = f"--{BOUNDARY}\r\n".encode()
        multipart = f"multipart/form-data; boundary={BOUNDARY}"
        sent = [
            (whole, "multipart/form-data", {415}),
            (whole, "application/octet-stream", {415}),
            (whole, "application/x-www-form-urlencoded", {415}),
            (b"{}", "application/json", {415}),
            (whole, "multipart/form-data; boundary=" + "é" * 20, {400, 415}),
            (whole, "multipart/form-data; boundary=other", {200, 400}),
            (whole[:-300], multipart, {200, 400}),
            (b"", multipart, {200, 400}),
            (mark * 3, multipart, {200, 400}),
            (mark + b"\r\n\r\nno name\r\n" + mark, multipart, {200, 400}),
            (mark + b"Content-Disposition: nonsense\r\n\r\nx\r\n" + mark, multipart, {200, 400}),
            (whole.replace(b'name="receipt"', b"name*=utf-16''%ff%fe"), multipart, {200, 400}),
        ]
        for body, content_type, statuses in sent:
            response = client.post("/return/photo", data=body, content_type=content_type, headers=SAME_ORIGIN)
            assert response.status_code in statuses, (content_type, body[:60], response.status)
            check_html(response.text)
        assert files(rosa.instance, words) == []
        assert capfd.readouterr() == ("", "")
