"""Gita sees what her flags show together, on a phone and on a desk: flags alike, signals, and words that rise."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from concerns.triage.bundles import seal_flag_bundle
from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.closing_bench import FLAG, sitting, store
from tests.triage.telling import tell

pytestmark = pytest.mark.browser

LIFT = "The patient lift stopped between two floors with a lady in it, and nobody had the key."
SORTED = "The rota came late.", "Payslips are wrong.", "The handover sheet is empty.", "Training was cancelled."
DRONES = [f"Drones fly over the {place} while children play." for place in ("yard", "pool", "gate", "roof")]


def fill(instance: Instance) -> None:
    """Sorted flags of a year and a half, more of one theme of late, and some that fit no theme."""
    today = instance.clock().date()
    weeks = [today - dt.timedelta(weeks=back) for back in range(1, 66)]
    told = [(SORTED[number % 4], week, "N12") for number, week in enumerate(weeks)]
    told += [(SORTED[number % 4], week, "N03") for week in weeks[:4] for number in range(5)]
    told += [(text, weeks[0], "other") for text in DRONES]
    guardians = instance.charter.manifest.kem_publics
    store(
        instance,
        *(
            seal_flag_bundle(
                instance.site_id,
                guardians,
                {**FLAG, "text": text},
                week=week - dt.timedelta(days=week.weekday()),
                purge_week=week + dt.timedelta(days=1000),
                sittings=[sitting(instance, week, theme)],
            )
            for text, week, theme in told
        ),
    )


@pytest.mark.parametrize("width", [375, 1280])
def test_gita_sees_what_flags_show_together(
    open_desk: Callable[..., DeskPages], rehearsal: Instance, sound: Callable[[Page], None], width: int
) -> None:
    fill(rehearsal)
    tell(rehearsal, LIFT)
    told = tell(rehearsal, LIFT)
    desk = open_desk(width)
    desk.go("/insight")
    desk.sign_in("gita")
    assert desk.heading == "Signals"
    assert "Staffing and skill mix Rising since about the week of" in " ".join(desk.text.split())
    sound(desk.page)
    desk.page.locator(".desk-topic__word").first.click()
    assert desk.heading == "Flags with one word"
    assert desk.page.url.endswith("/insight")
    assert desk.text.count("Drones fly over") == 4
    sound(desk.page)
    desk.go(told.path)
    assert "Word for word the same: perhaps sent twice" in desk.text
    sound(desk.page)
    desk.follow("More like this, from anywhere")
    assert desk.heading == "More like this"
    sound(desk.page)
