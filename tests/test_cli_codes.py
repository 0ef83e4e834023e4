"""`concerns codes`: a sheet of slips for whoever made them, and nobody else."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from concerns.cli import main
from concerns.flagging import slips
from concerns.flagging.codes import hash_of, read_code
from concerns.flagging.model import StaffCode
from concerns.store.session import open_stores
from tests.police import check_html

CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


class Sheets:
    """Runs the command in a folder of its own, on an instance beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "codes.html"

    def __call__(self, *words: str) -> Result:
        environ = {
            "CONCERNS_DIRECTORY": str(self.folder / "instance"),
            "CONCERNS_REPORT_ORIGINS": "https://concerns.wendle.example,http://example.onion",
        }
        return CliRunner().invoke(main, ["codes", *words], env=environ)

    def hashes(self) -> set[bytes]:
        stores = open_stores(*(f"sqlite:///{self.folder}/instance/{name}.db" for name in ("main", "live")))
        with stores.read_live() as live:
            found = set(live.scalars(select(StaffCode.hash)))
        stores.close()
        return found


@pytest.fixture
def sheets(tmp_path: Path, founded: tuple[Path, object], monkeypatch: pytest.MonkeyPatch) -> Sheets:
    shutil.copytree(founded[0], tmp_path / "instance")
    monkeypatch.chdir(tmp_path)
    return Sheets(tmp_path)


def test_a_sheet_holds_the_codes_that_work_and_the_store_their_hashes(sheets: Sheets) -> None:
    result = sheets("23")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("codes.html holds 23 codes.") and not CODE.search(result.output)
    html = sheets.file.read_text(encoding="utf-8")
    printed = CODE.findall(html)
    assert len(set(printed)) == len(printed) == 23
    assert {hash_of(read_code(code) or "") for code in printed} == sheets.hashes()
    assert sheets.file.stat().st_mode & 0o777 == 0o600


def test_each_slip_says_what_it_needs(sheets: Sheets) -> None:
    sheets("11", "--output", "slips.html")
    html = (sheets.folder / "slips.html").read_text(encoding="utf-8")
    assert html.count('<div class="slip">') == 11 and html.count('<div class="sheet">') == 2
    for said in (
        "Wendle Vale Trust",
        "concerns.wendle.example",
        "Take one from the box. It works once. Given to you by name? Do not use it.",
        "enter this code where it is asked for",
    ):
        assert html.count(said) == 11, said
    for once in ("Shuffle", "shuffle them well", "box", "by name, by post", "Destroy this file", "print queue"):
        assert once.lower() in html.lower()
    assert "onion" not in html and "https://" not in html and "src=" not in html and "<script" not in html
    # a rehearsal
    assert "invented data. Do not hand these out." in html
    style = re.compile(r"<style>.*</style>", re.DOTALL)
    check_html(style.sub("", html))


def test_slips_can_be_printed_in_welsh(sheets: Sheets) -> None:
    assert sheets("1", "--language", "cy").exit_code == 0
    html = sheets.file.read_text(encoding="utf-8")
    assert '<html lang="cy">' in html and '<p class="from" lang="en">' in html


def test_a_sheet_is_never_written_over(sheets: Sheets) -> None:
    assert sheets("3").exit_code == 0
    before = sheets.file.read_bytes()
    result = sheets("3")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "codes.html is there already" in result.stderr
    assert sheets.file.read_bytes() == before and len(sheets.hashes()) == 3


@pytest.mark.parametrize("count", ["0", "-1", "5001", "many", "1.5"])
def test_a_count_that_cannot_be_is_one_clear_error(sheets: Sheets, count: str) -> None:
    result = sheets("--", count)
    assert result.exit_code == 2 and "COUNT" in result.stderr and "Traceback" not in result.output
    assert not sheets.file.exists() and sheets.hashes() == set()


def test_a_folder_that_is_not_there_is_one_line(sheets: Sheets) -> None:
    result = sheets("1", "--output", "nowhere/codes.html")
    assert (result.exit_code, result.stderr) == (1, "nowhere/codes.html: No such file or directory.\n")
    assert sheets.hashes() == set()


def test_what_fails_leaves_no_half_sheet(sheets: Sheets, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("secret", {}, Exception("secret"))

    monkeypatch.setattr(slips, "make_codes", fail)
    result = sheets("1")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1) and "secret" not in result.output
    assert not sheets.file.exists()
