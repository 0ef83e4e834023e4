"""The statutory return: two guardians, exact totals, one submission, and nobody else ever sees a figure."""

import csv
import datetime as dt
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from concerns.sealing.chain import next_link
from concerns.sealing.envelope import Header, Kind, seal
from concerns.sealing.keys import new_seed
from concerns.sealing.model import TakenBack
from concerns.sealing.receipt import ReceiptKeys
from concerns.sealing.text import to_text
from concerns.sealing.threads import Bundle
from concerns.store.base import new_id
from concerns.themes.packs import load_pack
from concerns.themes.returning import OWN_FILE, ProfileRefused, profile_of
from concerns.themes.service import change_theme_set
from concerns.triage.bundles import Sitting, Work, seal_flag_bundle
from concerns.triage.returning.model import StatutoryReturn
from concerns.triage.returning.service import unmade
from concerns.triage.rules import Step
from tests.audit import log
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.closing_bench import FLAG, launch, on, store

MONDAY = dt.date(2026, 2, 9)
PATH = "/returns/2026-Q1"


def told(
    instance: Instance, *themes: str, week: dt.date = MONDAY, exclude: str = "", detriment: bool = False, **said: Any
) -> Bundle:
    """A flag of these themes, the first of them primary; without any it is not sorted yet."""
    manifest = instance.charter.manifest
    keys = ReceiptKeys(new_id(), new_seed(), new_seed())
    work = Work(Step("acknowledged"), primary=themes[0] if themes else None, themes=themes[1:])
    flag = {**FLAG, "mode": "anonymous", **said}
    if exclude:
        flag["exclusions"] = [to_text(instance.guardian(exclude).person_id)]
    who = instance.guardian("gwen" if exclude == "gita" else "gita")
    bundle = seal_flag_bundle(
        instance.site_id,
        manifest.kem_publics,
        flag,
        week=week,
        purge_week=week + dt.timedelta(days=730),
        sittings=[Sitting(who.sign_seed, work, week)] if themes else [],
        receipt=keys,
        kids=manifest.kids,
    )
    if not detriment:
        return bundle
    header = Header(Kind.DETAIL, instance.site_id, bundle.thread_id, new_id())
    payload = {"text": "I was moved to nights.", "about": "detriment", **next_link([], None)}
    return replace(bundle, sealed=[*bundle.sealed, seal(header, payload, manifest.kem_publics, keys.sign_seed)])


@pytest.fixture
def spring(instance: Instance) -> Instance:
    """The first quarter has ended: nine flags of it, and two that are not in it."""
    launch(instance, dt.date(2026, 1, 1))
    on(instance, dt.date(2026, 4, 1))
    gone = told(instance, "N01")
    store(
        instance,
        told(instance, "N01"),
        told(instance, "N01", *_themes("BEHV")),
        told(instance, *_themes("CARE", "WELL"), mode="confidential"),
        told(instance, *_themes("CARE"), mode="open", detriment=True),
        told(instance),
        told(instance, *_themes("BEHV"), exclude="gita"),
        told(instance, *_themes("CARE"), exclude="gita"),
        told(instance, *_themes("EQUA"), exclude="gwen"),
        told(instance, *_themes("SEXH"), week=dt.date(2026, 3, 30)),
        told(instance, *_themes("CARE"), week=dt.date(2026, 4, 6)),
        told(instance, *_themes("CARE"), week=dt.date(2025, 12, 29)),
        gone,
    )
    with instance.stores.write_live() as live:
        live.add(TakenBack(thread_id=gone.thread_id))
    with instance.stores.write_main() as main:
        # what the spring's themes are called in the whole sector does not hang on what is planned for next year
        change_theme_set(main, [replace(one, spine="SEXH") for one in load_pack("nhs").themes], {}, MONDAY)
    return instance


def _themes(*spines: str) -> list[str]:
    own = {theme.spine: theme.code for theme in load_pack("nhs").themes}
    return [own[spine] for spine in spines]


EXPECTED = {"cases": "9", "anonymous": "7", "PS": "5", "WS": "1", "BH": "3", "IA": "1", "detriment": "1"}


def press(desk: Desk, button: str) -> None:
    desk.client.submit(desk.client.get(PATH), {"entered": "y"}, button=button, status=302)


def test_two_guardians_make_it_and_each_downloads_the_exact_totals(spring: Instance) -> None:
    desk = Desk(spring)
    desk.sign_in("gita")
    assert "Make the return of January to March 2026" in desk.client.get("/returns/").text
    page = first = desk.client.get(PATH)
    assert "Element of patient safety or quality" in page.text
    unsure = desk.client.submit(page, {}, button="Do the first part", status=200)
    assert "Confirm that what you were told in person is entered" in unsure.text
    desk.client.submit(page, {"entered": "y"}, button="Do the first part")
    assert "Another guardian has to complete it." in desk.client.get("/returns/").text
    # half made, nobody has a file, and she cannot complete it herself
    assert "Only the two guardians" in desk.client.get(f"{PATH}.csv", status=409).text
    again = desk.client.submit(page, {"entered": "y"}, button="Do the first part", status=409)
    assert "another guardian has to complete it" in again.text
    gwen = desk.as_("gwen")
    page = gwen.client.get(PATH)
    gwen.client.submit(page, {"entered": "y"}, button="Complete the return")
    for one in (gwen, desk):
        rows = list(csv.DictReader(io.StringIO(one.client.get(f"{PATH}.csv").html)))
        assert {row["code"]: row["total"] for row in rows} == EXPECTED
        assert {(row["organisation"], row["period"]) for row in rows} == {
            ("Wendle Vale Trust", "January to March 2026")
        }
    assert log.faults(spring) == []
    # it is made once, whatever comes after
    again = desk.client.submit(first, {"entered": "y"}, button="Do the first part", status=409)
    assert "never made again" in again.text
    store(spring, told(spring, "N01"))
    rows = list(csv.DictReader(io.StringIO(gwen.client.get(f"{PATH}.csv").html)))
    assert {row["code"]: row["total"] for row in rows} == EXPECTED
    with spring.stores.read_main() as main:
        box = main.get_one(StatutoryReturn, "2026-Q1").box
    assert b"anonymous" not in box and b"cases" not in box
    for name in ("lena", "ada", "priya"):
        other = desk.as_(name)
        other.client.get("/returns/", status=403)
        other.client.get(f"{PATH}.csv", status=403)


def test_no_quarter_before_the_launch_is_waited_for(spring: Instance) -> None:
    assert {str(one) for one in unmade(spring.house)} == {"2026-Q1", "2026-Q2"}


def test_the_promise_names_the_figures_and_never_their_values(spring: Instance) -> None:
    reader, desk = spring.report_app.test_client(), Desk(spring)
    promised = reader.get("/promise").get_data(as_text=True)
    assert "<li>Detriment for speaking up indicated</li>" in promised
    assert "<li>Concerns raised in the quarter</li>" in promised
    assert "Detriment for speaking up indicated" not in reader.get("/cy/promise").get_data(as_text=True)
    for name, button in (("gita", "Do the first part"), ("gwen", "Complete the return")):
        desk = desk.as_(name)
        desk.client.submit(desk.client.get(PATH), {"entered": "y"}, button=button)
    assert desk.client.get(f"{PATH}.csv")
    assert reader.get("/promise").get_data(as_text=True) == promised


def test_a_half_that_nobody_completes_lapses_and_only_a_quarter_that_ended_has_one(spring: Instance) -> None:
    desk = Desk(spring)
    desk.sign_in("gita")
    press(desk, "Do the first part")
    for path in ("/returns/2026", "/returns/2026-handling", "/returns/x", "/returns/2026.csv"):
        desk.client.get(path, status=404)
    page = desk.client.get("/returns/2026-Q2")
    refused = desk.client.submit(page, {"entered": "y"}, button="Do the first part", status=409)
    assert "no return to make for this period" in refused.text
    on(spring, dt.date(2026, 4, 23))
    desk.sign_in("gita")
    assert "Make the return of January to March 2026" in desk.client.get("/returns/").text
    press(desk, "Do the first part")


class TestProfile:
    def test_a_sector_without_a_law_has_none(self, tmp_path: Path) -> None:
        assert profile_of("council", tmp_path) is None

    def test_an_organisation_may_have_its_own(self, tmp_path: Path) -> None:
        own = '[[categories]]\ncode = "a"\nname = "All"\ncounts = "all"\n'
        (tmp_path / OWN_FILE).write_text(f'name = "Ours"\n{own}')
        profile = profile_of("council", tmp_path)
        assert profile is not None and [one.name for one in profile.categories] == ["All"]

    @pytest.mark.parametrize(
        "text",
        [
            "name = 1",
            'name = "x"\ncategories = []',
            'name = "x"\n[[categories]]\ncode = "a"\nname = "A"\ncounts = "people"',
            'name = "x"\n[[categories]]\ncode = "a"\nname = "A"\ncounts = "themes"\nthemes = ["LOUD"]',
        ],
    )
    def test_what_counts_nothing_clear_is_refused(self, tmp_path: Path, text: str) -> None:
        (tmp_path / OWN_FILE).write_text(text)
        with pytest.raises(ProfileRefused, match="cannot be used"):
            profile_of("nhs", tmp_path)
