"""The whole road: told, sealed, collected, sorted, answered, closed by two guardians, read by a leader."""

import datetime as dt
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from concerns.people.signing_in import Unlocked
from concerns.triage.entering.csv_rows import Row
from concerns.triage.entering.importing import import_rows
from tests.browser.pages.desk import DeskPages
from tests.browser.pages.report import ReportDoor
from tests.cast import Instance

pytestmark = pytest.mark.browser

TEXT = "Two of us cover thirty beds at night and the call bells wait for an hour."
ANSWER = "Thank you. We have asked for a third nurse on nights from Monday."
THEME = "Staffing and skill mix"
OTHERS = 40


def test_the_whole_road(
    rehearsal: Instance,
    both_doors: str,
    open_page: Callable[..., Page],
    open_desk: Callable[..., DeskPages],
    sound: Callable[[Page], None],
) -> None:
    others(rehearsal)
    # the standing answers, which everybody may read, share some common English with any text
    public = {text: runs_in(rehearsal.directory, text) for text in (TEXT, ANSWER)}
    before = contents(rehearsal.directory)
    gita = open_desk(1280, script=True)
    gita.go("/inbox")
    gita.sign_in("gita")  # the day's first visit collects what came before

    rosa = ReportDoor(open_page(375, script=False), both_doors, rehearsal)
    rosa.go("/")
    rosa.page.locator("main").get_by_role("button", name="Raise a concern").click()
    rosa.page.locator("#text").wait_for()
    rehearsal.clock.pass_(seconds=61)
    rosa.write("text", TEXT)
    rosa.select("area", "ward-1")
    rosa.press("check")
    rosa.press("send")
    receipt = " ".join(rosa.words)
    assert len(receipt.split()) == 9 and not rosa.page.url.endswith(receipt)

    gita.go("/inbox")
    assert TEXT not in gita.text, "nobody reads before it was collected"
    gita.press("Collect now")
    gita.follow(TEXT)
    gita.choose("Main theme", THEME)
    gita.choose("Status", "Responded")
    gita.write("Reply to the reporter", ANSWER)
    gita.press("Save")
    assert "Saved" in gita.text

    rosa.go("/return")
    rosa.come_back(receipt.upper())
    assert ANSWER in rosa.text and "Gita" in rosa.text
    sound(rosa.page)

    # the quarter ends, and its calendar date comes
    rehearsal.clock.now = dt.datetime(2027, 1, 21, 9, tzinfo=dt.UTC)
    close(open_desk(375), "gita", "Do the first part of 2026-Q4", "waiting for a second guardian")
    close(open_desk(1280), "gwen", "Freeze 2026-Q4", "is frozen")

    lena = open_desk(375)
    lena.go("/report/")
    lena.sign_in("lena")
    assert "October to December 2026" in lena.heading
    assert THEME in lena.text and "About" in lena.text and "Too few" in lena.text
    assert TEXT not in lena.page.content() and ANSWER not in lena.page.content()
    sound(lena.page)
    rosa.go("/answers")
    assert THEME in rosa.text and "What we do" in rosa.text
    assert {text: runs_in(rehearsal.directory, text) for text in (TEXT, ANSWER)} == public
    # a single word of the list may stand in an answer; two of them side by side only where they stood before they were drawn
    pairs = [" ".join(pair).encode() for pair in itertools.pairwise(receipt.split())]
    after = contents(rehearsal.directory)
    assert not [pair for pair in pairs if stands_in(after, pair) and not stands_in(before, pair)]


def close(guardian: DeskPages, name: str, button: str, says: str) -> None:
    """One guardian's part, on the page."""
    guardian.go("/close/2026-Q4")
    guardian.sign_in(name)
    guardian.press(button)
    assert says in guardian.text


def others(rehearsal: Instance) -> None:
    """Enough flags of the same quarter for a number to be shown."""
    person_id, secret = rehearsal.secrets["gita"]
    week = dt.date(2026, 10, 12)
    rows = [Row(1, week, "ward-2", ("N03",), "", None, f"Too few of us, shift {number}.") for number in range(OTHERS)]
    import_rows(rehearsal.house, Unlocked(person_id, secret), rows, lambda _done: None)


def contents(folder: Path) -> list[bytes]:
    """All that is in the files of the instance."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def stands_in(files: list[bytes], words: bytes) -> bool:
    return any(words in whole for whole in files)


def runs_in(folder: Path, text: str) -> set[bytes]:
    """The eight-byte runs of a text that stand in any file of the instance."""
    data = text.encode()
    runs = {data[start : start + 8] for start in range(len(data) - 7)}
    files = contents(folder)
    return {run for run in runs if stands_in(files, run)}
