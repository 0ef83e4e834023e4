import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from concerns.pages.assets import BUILT, Assets, NotBuilt
from tests.police import PoliceClient

NAMES = Assets(BUILT).names


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


@pytest.mark.parametrize("name", sorted(n for n in NAMES if n.endswith(".js")))
def test_s17_a_script_makes_no_code_and_calls_nobody(name: str) -> None:
    script = (BUILT / NAMES[name]).read_text()
    assert not re.search(r"\beval\b|new Function|WebAssembly|https?:|//[a-z]+\.|\bimport\(", script)


@pytest.mark.parametrize("name", ["report.css", "desk.css"])
def test_a_style_sheet_loads_nothing_and_uses_the_systems_letters(name: str) -> None:
    sheet = (BUILT / NAMES[name]).read_text()
    assert not re.search(r"url\(|@import|@font-face|GDS Transport", sheet)
    assert "system-ui" in sheet
