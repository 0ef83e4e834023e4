"""An area became a part of another one: guardians find, sort and import its flags under the one that stands."""

from collections.abc import Callable

import pytest

from concerns.areas.changing import MERGED, change
from concerns.areas.editing import apply
from concerns.areas.queries import area_facts, every_area
from concerns.areas.table import read_table, write_table
from concerns.sealing.envelope import Kind
from concerns.sealing.opening import open_thread
from concerns.triage.entering.importing import check_file
from concerns.words.checking import AREAS, check
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, words
from tests.triage.telling import tell


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


@pytest.fixture
def merge(instance: Instance) -> Callable[[str, str], None]:
    """One area becomes a part of another."""

    def merged(code: str, into: str) -> None:
        with instance.stores.write_main() as main:
            now = area_facts(main)
            rows = read_table(write_table([area for area in now if area.code != code])).rows
            codes = {area.code for area in every_area(main)}
            apply(main, change(now, rows, {code: MERGED + into}, taken=codes))

    return merged


def rows(page: Page) -> list[str]:
    return [words(item) for item in page.with_class("desk-flag")]


def test_the_inbox_names_and_finds_it_under_the_one_that_stands(
    gita: Desk, instance: Instance, merge: Callable[[str, str], None]
) -> None:
    tell(instance, "Told in the second ward", area="ward-2")
    tell(instance, "Told in theatres", area="theatres")
    assert "Ward 2" in gita.client.get("/inbox").text
    merge("ward-2", "Ward 1")
    page = gita.client.get("/inbox")
    assert "Ward 2" not in page.text
    found = rows(gita.client.get("/inbox?area=ward-1"))
    assert len(found) == 1
    assert "Told in the second ward" in found[0]
    assert "Ward 1" in found[0]
    # the filter that is gone shows everything, as any odd one does
    assert len(rows(gita.client.get("/inbox?area=ward-2"))) == 2


def test_its_page_says_where_and_sorting_keeps_the_code_it_was_told_under(
    gita: Desk, instance: Instance, merge: Callable[[str, str], None]
) -> None:
    told = tell(instance, area="ward-2")
    merge("ward-2", "Ward 1")
    page = gita.client.get(told.path)
    assert "Ward 1" in page.text
    assert "Ward 2" not in page.text
    gita.client.submit(page, {"primary": "N01", "status": "assessing"}, button="Save")
    assert record(instance, told.thread_id)["area"] == "ward-2"  # in a fixed year it counts where it was told
    again = gita.client.get(told.path)
    gita.client.submit(again, {"area": "theatres", "status": "assessing"}, button="Save")
    assert record(instance, told.thread_id)["area"] == "theatres"


def record(instance: Instance, thread_id: bytes) -> dict[str, object]:
    """The newest triage record, as a guardian opens it."""
    seed = instance.guardian().kem_seed
    opened = open_thread(instance.stores, instance.site_id, thread_id, seed, instance.charter.manifest.signers)
    assert opened is not None
    return dict(opened.of_kind(Kind.TRIAGE)[-1].payload)


def test_a_spreadsheet_may_still_name_it(instance: Instance, merge: Callable[[str, str], None]) -> None:
    merge("ward-2", "Ward 1")
    lines = [
        f"2026-10-07,{area},,,,The lift is broken" for area in ("Ward 2", "ward-2", "Ward 1", "ward-1", "theatres")
    ]
    file = "\n".join(["collected_on,area,theme,worry,harm,text", *lines, ""]).encode()
    assert [row.area for row in check_file(instance.house, file)] == ["ward-1"] * 4 + ["theatres"]


def test_a_text_that_leaves_the_desk_may_name_neither(instance: Instance, merge: Callable[[str, str], None]) -> None:
    merge("ward-2", "Ward 1")
    with instance.stores.read_main() as main:
        names = [name for area in area_facts(main) for name in area.names]
    assert AREAS in check("In Ward 2 there are more people now", [], names).rules


def test_tellings_of_one_thing_are_found_across_the_two(
    gita: Desk, instance: Instance, merge: Callable[[str, str], None]
) -> None:
    text = "The defibrillator in the corridor has had no battery since the move and nobody orders one."
    first, second = tell(instance, text, area="ward-2"), tell(instance, text, area="ward-1")
    assert second.path not in gita.client.get(first.path).html
    merge("ward-2", "Ward 1")
    assert second.path in gita.client.get(first.path).html
