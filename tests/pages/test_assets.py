import gzip
import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from concerns.pages.assets import BUILT, Assets, NotBuilt
from tests.police import PoliceClient

NAMES = Assets(BUILT).names
SCRIPTS = sorted(name for name in NAMES if name.endswith(".js"))
LATER = re.compile(r'\bimport\("\./([^"]+)"\)')


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_name_holds_the_hash_of_its_file(name: str) -> None:
    file = BUILT / NAMES[name]
    found = re.search(r"-([0-9a-f]{12})\.\w+$", file.name)
    assert found
    assert hashlib.sha256(file.read_bytes()).hexdigest().startswith(found[1])
    assert gzip.decompress(file.with_name(file.name + ".gz").read_bytes()) == file.read_bytes()


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_file_is_kept_for_a_year_and_sent_compressed_to_whoever_can_read_it(report_app: Flask, name: str) -> None:
    client = report_app.test_client()
    plain = client.get(f"/static/{NAMES[name]}")
    zipped = client.get(f"/static/{NAMES[name]}", headers={"Accept-Encoding": "br, gzip"})
    refused = client.get(f"/static/{NAMES[name]}", headers={"Accept-Encoding": "gzip;q=0"})
    assert plain.data == gzip.decompress(zipped.data) == refused.data
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert (
        zipped.mimetype
        == plain.mimetype
        == {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[name.rpartition(".")[2]]
    )
    for answer in (plain, zipped):
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert {"public", "immutable", "max-age=31536000"} <= set(answer.headers["Cache-Control"].split(", "))
        assert "ETag" not in answer.headers
        assert "Last-Modified" not in answer.headers


@pytest.mark.parametrize(
    "path", ["manifest.json", "..%2fcss%2freport.scss", "../../../config.py", NAMES["report.css"] + ".gz"]
)
def test_nothing_else_of_the_disk_is_served(report: PoliceClient, path: str) -> None:
    report.get(f"/static/{path}", 404)


def test_whoever_forgot_to_build_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="make assets"):
        _ = Assets(tmp_path).names


def test_a_page_of_the_report_door_is_small(report: PoliceClient, weigh: Callable[[PoliceClient, str], int]) -> None:
    assert weigh(report, "/example") < 22_000  # of 30,000: the rest is for the words of a real page


@pytest.mark.parametrize("name", SCRIPTS)
def test_s17_a_script_makes_no_code_and_calls_nobody(name: str) -> None:
    """It may fetch one of the other built scripts, by the name with the hash."""
    script = LATER.sub("", (BUILT / NAMES[name]).read_text())
    assert not re.search(r"\beval\b|new Function|WebAssembly|https?:|//[a-z]+\.|\bimport[ ({*\"']", script)


def test_what_is_fetched_later_is_served_from_beside_the_script_that_asks(report: PoliceClient) -> None:
    asked = {name: LATER.findall((BUILT / NAMES[name]).read_text()) for name in SCRIPTS}
    sealing, plain = [NAMES["curves_noble.js"]], [NAMES["counted.js"]]
    assert {name: found for name, found in asked.items() if found} == {
        "main.js": plain,
        "tell.js": sealing,
        "return.js": sealing,
    }
    for found in sealing + plain:
        report.get(f"/static/{found}")


def test_no_page_fetches_in_advance_what_only_some_need() -> None:
    for template in (BUILT.parent.parent.parent / "templates").rglob("*.html"):
        assert not re.search(r"curves_noble|counted\.js|modulepreload", template.read_text()), template


def test_two_builds_agree(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    command = ["scripts/node.sh", "node", "scripts/build_assets.mjs"]
    builds = [subprocess.Popen([*command, str(folder)], cwd=BUILT.parent.parent.parent) for folder in folders]
    assert [build.wait(timeout=120) for build in builds] == [0, 0]
    first, second = (Assets(folder).names for folder in folders)
    assert first == second
    assert {*first} == {*NAMES}


@pytest.mark.parametrize("name", ["report.css", "desk.css"])
def test_a_style_sheet_loads_nothing_and_uses_the_systems_letters(name: str) -> None:
    sheet = (BUILT / NAMES[name]).read_text()
    assert not re.search(r"url\(|@import|@font-face|GDS Transport", sheet)
    assert "system-ui" in sheet
