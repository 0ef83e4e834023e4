"""S18 on the device: a photo is drawn anew before it is sealed, with script and without; everything else is refused with the reason."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, expect

from concerns.areas.questions import Questions
from concerns.sealing.envelope import Kind
from concerns.sealing.keys import Holder
from concerns.sealing.receipt import derive, read_receipt
from concerns.sealing.text import from_text
from concerns.sealing.threads import find, load, open_all
from tests.browser.pages.report import ReportDoor
from tests.cast import Instance
from tests.charter.test_amending import amend

pytestmark = pytest.mark.browser
MARK = b"Reginald's telephone at 51.5 N"


def jpeg(size: tuple[int, int] = (2400, 1200)) -> bytes:
    """A picture of a left and a right half, turned by its EXIF note, that says where, by whom and with what it was taken."""
    picture = Image.new("RGB", size, "navy")
    picture.paste("gold", (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = MARK.decode()
    exif[ExifTags.Base.Orientation] = 6  # the camera was held upright
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    file = BytesIO()
    picture.save(file, "JPEG", exif=exif, comment=MARK, xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>")
    return file.getvalue()


def png() -> bytes:
    notes = PngInfo()
    notes.add_text("Author", MARK.decode())
    file = BytesIO()
    Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(file, "PNG", pnginfo=notes)
    return file.getvalue()


def photos_of(instance: Instance, words: str) -> list[bytes]:
    """The photos of a thread, as Gita opens them."""
    thread_id = find(instance.stores, derive(read_receipt(words), instance.site_id).lookup_hash)
    assert thread_id is not None
    rows = load(instance.stores, instance.site_id, [thread_id], [Kind.FILE])[thread_id]
    opened = open_all(rows, Holder(instance.guardian().kem_seed))
    assert all(payload["type"] == "image/jpeg" for _row, payload in opened)
    return [from_text(payload["data"]) for _row, payload in opened]


def check(image: bytes, upright: bool) -> None:
    assert MARK not in image and b"Exif" not in image and b"xmpmeta" not in image and b"http" not in image
    with Image.open(BytesIO(image)) as found:
        assert found.format == "JPEG" and not found.getexif() and not found.info.get("comment")
        assert max(found.size) <= 1600
        if upright:
            # turned as the note said: what was left is above
            assert found.size == (800, 1600)
            top, bottom = found.convert("RGB").getpixel((400, 100)), found.convert("RGB").getpixel((400, 1500))
            assert top[2] > 90 > top[0] and bottom[0] > 200 > bottom[2]  # type: ignore[index]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_s18_a_photo_is_drawn_anew(
    spoken_door: str, rehearsal: Instance, open_page: Callable[..., Page], tmp_path: Path, script: bool
) -> None:
    assert MARK in jpeg() and MARK in png(), "there is something that could leak"
    (tmp_path / "one.jpg").write_bytes(jpeg())
    (tmp_path / "two.png").write_bytes(png())
    door = ReportDoor(open_page(375, script), spoken_door, rehearsal)
    door.go("/tell")
    if script:
        door.ready()
    door.write("text", "The ceiling is wet.")
    if script:
        for _part in range(5):
            door.press("check")
        door.page.locator("#photos").set_input_files([tmp_path / "one.jpg", tmp_path / "two.png"])
        expect(door.page.locator(".concerns-photos li")).to_have_count(2)
        door.press("check")
        expect(door.page.locator("[data-show=photos]")).to_contain_text("2")
        door.press("send")
        words = " ".join(door.words)
    else:
        door.press("check")
        door.press("send")
        words = " ".join(door.words)
        for name in ("one.jpg", "two.png"):
            door.page.locator("#photo").set_input_files(tmp_path / name)
            door.press("photo")
            door.page.locator(".concerns-sent").wait_for()
            door.page.locator("details#photos summary").click()
    found = sorted(photos_of(rehearsal, words), key=len)
    assert len(found) == 2
    check(found[0], upright=False)
    check(found[1], upright=True)


def test_photos_that_are_taken_no_more_are_taken_out_and_the_text_is_sent(
    report_door: str, rehearsal: Instance, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    """The page was open before the organisation left photos out."""
    (tmp_path / "one.jpg").write_bytes(jpeg())
    door = ReportDoor(open_page(375, True), report_door, rehearsal)
    door.go("/tell")
    door.ready()
    door.write("text", "The ceiling is wet.")
    for _part in range(5):
        door.press("check")
    door.page.locator("#photos").set_input_files(tmp_path / "one.jpg")
    expect(door.page.locator(".concerns-photos li")).to_have_count(1)
    door.press("check")
    amend(rehearsal, questions=Questions(frozenset({"photos"})))
    door.press("send")
    expect(door.page.locator("#seal-trouble")).to_contain_text("We take no photos any more, so nothing was sent.")
    door.page.locator("[data-go=back]").click()
    door.page.locator(".concerns-photos button").click()
    expect(door.page.locator(".concerns-photos li")).to_have_count(0)
    door.press("check")
    door.press("send")
    assert photos_of(rehearsal, " ".join(door.words)) == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("report.pdf", b"%PDF-1.7 " + MARK, "neither a JPEG nor a PNG"),
        ("moving.gif", b"GIF89a" + MARK, "neither a JPEG nor a PNG"),
        (
            "drawing.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
            "neither a JPEG nor a PNG",
        ),
        ("broken.jpg", b"\xff\xd8\xff\xe0" + MARK * 40, "We cannot read this picture"),
    ],
)
def test_s18_other_files_are_refused_with_the_reason(
    report_door: str,
    rehearsal: Instance,
    open_page: Callable[..., Page],
    tmp_path: Path,
    script: bool,
    name: str,
    content: bytes,
    says: str,
) -> None:
    (tmp_path / name).write_bytes(content)
    door = ReportDoor(open_page(375, script), report_door, rehearsal)
    door.go("/tell")
    if script:
        door.ready()
        door.write("text", "The ceiling is wet.")
        for _part in range(5):
            door.press("check")
        door.page.locator("#photos").set_input_files(tmp_path / name)
        expect(door.page.locator("#photos-error")).to_contain_text(says)
        expect(door.page.locator(".concerns-photos li")).to_have_count(0)
    else:
        door.write("text", "The ceiling is wet.")
        door.press("check")
        door.press("send")
        words = " ".join(door.words)
        door.page.locator("#photo").set_input_files(tmp_path / name)
        door.press("photo")
        expect(door.page.locator("#photo-error")).to_contain_text(says)
        assert photos_of(rehearsal, words) == []


def test_a_photo_can_be_taken_out_again_and_added_later(
    report_door: str, rehearsal: Instance, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "one.jpg").write_bytes(jpeg())
    door = ReportDoor(open_page(375, script=True), report_door, rehearsal)
    door.go("/tell")
    door.ready()
    door.write("text", "The ceiling is wet.")
    for _part in range(5):
        door.press("check")
    door.page.locator("#photos").set_input_files([tmp_path / "one.jpg"] * 4)
    expect(door.page.locator("#photos-error")).to_contain_text("There are three photos already")
    expect(door.page.locator(".concerns-photos li")).to_have_count(3)
    for _photo in range(3):
        door.page.locator(".concerns-photos button").first.click()
    door.press("check")
    door.press("send")
    words = " ".join(door.words)
    assert photos_of(rehearsal, words) == []
    door.go("/return")
    door.ready()
    door.come_back(words)
    door.page.locator("details#photos summary").click()
    door.press("photo")
    expect(door.page.locator("#photo-error")).to_contain_text("Choose a photo first")
    door.page.locator("#photo").set_input_files(tmp_path / "one.jpg")
    door.press("photo")
    door.page.locator(".concerns-sent:visible").wait_for()
    (image,) = photos_of(rehearsal, words)
    check(image, upright=True)
