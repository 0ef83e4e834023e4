"""The pages of a close and of a leader's report: sound at both widths, before and after there is something to read."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from concerns.disclosure import service
from concerns.people.signing_in import Unlocked
from concerns.triage.closing.service import close_part
from concerns.triage.entering.csv_rows import Row
from concerns.triage.entering.importing import import_rows
from tests.browser.pages.desk import DeskPages
from tests.browser.ports import free_port
from tests.cast import Instance
from tests.reports.tiny import words_alone

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]


def fill(rehearsal: Instance, flags: int) -> None:
    """Flags of the third quarter, all about one theme, and the quarter closed by both guardians."""
    week = dt.date(2026, 7, 6)
    rows = [Row(1, week, "ward-1", ("N03",), "", None, f"Too few of us, shift {number}.") for number in range(flags)]
    import_rows(rehearsal.house, Unlocked(*rehearsal.secrets["gita"]), rows, lambda _done: None)
    for name in ("gita", "gwen"):
        close_part(rehearsal.house, *rehearsal.secrets[name], "2026-Q3")


@pytest.mark.parametrize("width", [375, 1280])
def test_a_leader_before_the_first_release(open_desk: Open, sound: Sound, width: int) -> None:
    lena = open_desk(width)
    lena.go("/report/")
    lena.sign_in("lena")
    assert "report" in lena.heading.lower()
    sound(lena.page)


@pytest.mark.parametrize("flags", [1, 60], ids=["all hidden", "something shown"])
@pytest.mark.parametrize("width", [375, 1280])
def test_a_leader_reads_a_release(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, flags: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # with noise one of the fifteen numbers would be shown in one of a hundred releases of a single flag
    monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)
    fill(rehearsal, flags)
    lena = open_desk(width)
    lena.go("/report/")
    lena.sign_in("lena")
    assert "July to September 2026" in lena.heading
    assert ("About" in lena.text) == (flags == 60)
    sound(lena.page)
    lena.go("/report/which-area")
    sound(lena.page)


class TestWordsAlone:
    """Where no number is reported there is a page of words, a page that helps to read it, and a paper for the board."""

    @pytest.fixture
    def rehearsal(self, tmp_path: Path) -> Iterator[Instance]:
        with words_alone(tmp_path / "tiny", CONCERNS_BIND=f"127.0.0.1:{free_port()}") as instance:
            yield instance

    @pytest.mark.parametrize("width", [375, 1280])
    def test_a_leader_reads_and_writes(self, open_desk: Open, sound: Sound, width: int) -> None:
        lena = open_desk(width)
        lena.go("/report/")
        lena.sign_in("lena")
        assert lena.heading == "What staff raised, in words"
        for path in ("/report/", "/report/reading", "/report/2025/board", "/report/2025/board/write"):
            lena.go(path)
            sound(lena.page)


@pytest.mark.parametrize("width", [375, 1280])
def test_a_guardian_closes_a_period(open_desk: Open, rehearsal: Instance, sound: Sound, width: int) -> None:
    fill(rehearsal, 3)
    rehearsal.clock.now = dt.datetime(2027, 1, 21, 9, tzinfo=dt.UTC)
    gita = open_desk(width)
    gita.go("/close/")
    gita.sign_in("gita")
    sound(gita.page)
    gita.go("/close/2026-Q4")
    sound(gita.page)
    gita.page.get_by_label("I compared this with the print of").check()
    gita.press("Do the first part of 2026-Q4")
    assert "waiting for a second guardian" in gita.text
    sound(gita.page)
