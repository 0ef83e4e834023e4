"""The page with the table of areas: nothing is saved unseen, nothing that a flag may name goes, small areas are merged."""

from collections.abc import Callable

from concerns.areas.model import Organisation
from concerns.areas.queries import area_facts
from tests.cast import ANSWERS, Instance
from tests.people.settings.conftest import SAVE
from tests.people.visiting import Desk
from tests.police import Page, words

PATH, LOOK = "/set-up/areas", "Look at what would change"
ALL_SMALL = "Merge all small areas within their division"


def table(page: Page) -> str:
    return next(one.text or "" for one in page.tree.iter("textarea") if one.get("name") == "table").removeprefix("\n")


def kept(instance: Instance) -> dict[str, tuple[str, int, tuple[str, ...]]]:
    with instance.stores.read_main() as main:
        return {area.name: (area.division, area.staff, area.codes) for area in area_facts(main)}


def said(page: Page) -> list[str]:
    return [words(one) for one in page.tree.find(".//main").iter("li")]


def look(ada: Desk, text: str, status: int = 200, fates: dict[str, str] | None = None) -> Page:
    page = ada.client.get(PATH)
    if fates:
        page = ada.client.submit(page, {"table": text}, button=LOOK, status=200)
    return ada.client.submit(page, {"table": text, **(fates or {})}, button=LOOK, status=status)


def test_it_begins_with_what_is_stored_and_changes_nothing(ada: Desk, instance: Instance) -> None:
    before = kept(instance)
    page = ada.client.submit(ada.client.get(PATH), button=LOOK, status=200)
    assert "Nothing: the areas are stored as the table has them." in page.text
    assert "7 areas with 447 staff." in page.text
    ada.client.submit(page, button=SAVE)
    assert kept(instance) == before


def test_a_change_is_looked_at_and_then_saved(
    ada: Desk, instance: Instance, stored: Callable[[], Organisation], log: Callable[[], list[str]]
) -> None:
    text = table(ada.client.get(PATH)).replace("Ward 1\t60", "Ward One\t66") + "\nMedicine\tWard 9\t33\t"
    page = look(ada, text)
    assert {"Ward 1 is called Ward One.", "Ward 9 is new, in Medicine, with 33 staff."} <= set(said(page))
    assert "Ward 1" in kept(instance)  # nothing is saved yet
    assert ada.client.submit(page, button=SAVE).location == "/desk/set-up"
    assert kept(instance)["Ward One"] == ("Medicine", 66, ("ward-1",))
    assert kept(instance)["Ward 9"] == ("Medicine", 33, ("ward-9",))
    assert ("areas" in stored().settled, log()) == (True, ["areas"])


def test_nothing_is_saved_that_was_not_looked_at(ada: Desk, instance: Instance, log: Callable[[], list[str]]) -> None:
    before = kept(instance)
    page = look(ada, table(ada.client.get(PATH)))
    other = table(page).replace("\t60\t", "\t61\t")
    again = ada.client.submit(page, {"table": other}, button=SAVE, status=422)
    assert "Look at what would change before you save it" in again.text
    assert "61" in table(again)
    assert "Ward 1 has 61 staff, 60 before." in said(again)
    assert (kept(instance), log()) == (before, [])


def test_of_two_admins_the_second_looks_again(ada: Desk, instance: Instance) -> None:
    page = look(ada, table(ada.client.get(PATH)) + "\nMedicine\tWard 8\t40\t")
    other = look(ada, table(ada.client.get(PATH)) + "\nMedicine\tWard 9\t40\t")
    ada.client.submit(other, button=SAVE)
    again = ada.client.submit(page, button=SAVE, status=422)
    assert "Ward 9, Medicine" in again.text  # what became of it is asked: the other admin added it
    assert "Ward 8" not in kept(instance)


def test_every_wrong_line_is_named_and_the_table_comes_back(ada: Desk, instance: Instance) -> None:
    before = kept(instance)
    text = "Medicine\tWard 1\tsixty\nMedicine\tWard 2\nMedicine\tWard 3\t40"
    page = look(ada, text, status=422)
    assert {"Line 1: “sixty” is not a whole number of staff.", "Line 2: how many people work in Ward 2?"} <= set(
        said(page)
    )
    assert table(page) == text
    assert kept(instance) == before


def test_what_became_of_a_missing_area_is_asked(ada: Desk, instance: Instance) -> None:
    text = "\n".join(line for line in table(ada.client.get(PATH)).splitlines() if "Ward 2" not in line)
    page = look(ada, text)
    assert "Ward 2, Medicine" in page.text
    assert SAVE not in page.text
    ada.client.post(PATH, {"csrf_token": token(page), "table": text, "step": "save", "looked": "x"}, 422)
    assert "Ward 2" in kept(instance)
    page = look(ada, text, fates={"fate-ward-2": "into:Ward 1"})
    assert "Ward 2 becomes a part of Ward 1." in said(page)
    ada.client.submit(page, button=SAVE)
    assert kept(instance)["Ward 1"] == ("Medicine", 60, ("ward-1", "ward-2"))
    assert "Ward 2" not in kept(instance)


def test_or_it_is_said_to_be_another_name(ada: Desk, instance: Instance) -> None:
    text = table(ada.client.get(PATH)).replace("Ward 2\t45\tward-2", "Cedar ward\t45\t")
    page = look(ada, text, fates={"fate-ward-2": "is:Cedar ward"})
    assert "Ward 2 is called Cedar ward." in said(page)
    ada.client.submit(page, button=SAVE)
    assert kept(instance)["Cedar ward"] == ("Medicine", 45, ("ward-2",))


def test_small_areas_are_named_and_merged_by_one_press(ada: Desk, instance: Instance) -> None:
    text = table(ada.client.get(PATH)) + "\nSurgery\tPlaster room\t9\t"
    page = look(ada, text)
    assert any(one.startswith("Day surgery has 12 staff, fewer than 20.") for one in said(page))
    page = ada.client.submit(page, button=ALL_SMALL, status=200)
    assert "Surgery: other areas is new, in Surgery, with 21 staff." in said(page)
    assert "Day surgery becomes a part of Surgery: other areas." in said(page)
    ada.client.submit(page, button=SAVE)
    assert kept(instance)["Surgery: other areas"] == ("Surgery", 21, ("surgery-other-areas", "day-surgery"))


def test_or_those_that_are_ticked_under_a_name_of_their_own(ada: Desk, instance: Instance) -> None:
    text = table(ada.client.get(PATH)) + "\nSurgery\tPlaster room\t9\t\nSurgery\tClinic\t8\t"
    page = look(ada, text)
    alone = ada.client.submit(page, {"small": ["Clinic"]}, button="Merge the ticked areas", status=422)
    assert "Tick at least two areas of one division" in alone.text
    sent = {"small": ["Day surgery", "Plaster room"], "name-0": "Small surgery"}
    page = ada.client.submit(page, sent, button="Merge the ticked areas", status=200)
    ada.client.submit(page, button=SAVE)
    assert kept(instance)["Small surgery"][1] == 21
    assert "Clinic" in kept(instance)


def token(page: Page) -> str:
    return next(str(one.get("value")) for one in page.tree.iter("input") if one.get("name") == "csrf_token")


def test_while_set_up_lasts_anything_may_change(ada: Desk, setting_up: Instance) -> None:
    page = look(ada, "Care\tHome care\t80\nCare\tDay centre\t30")
    assert "Payroll goes." in said(page)
    ada.client.submit(page, button=SAVE)
    assert set(kept(setting_up)) == {"Home care", "Day centre"}


def test_and_it_begins_with_the_typical_areas_of_the_sector(ada: Desk, setting_up: Instance) -> None:
    ada.client.submit(look(ada, "Care\tHome care\t80"), button=SAVE)
    assert "Home care" in table(ada.client.get(PATH))
    with setting_up.stores.write_main() as main:
        from concerns.areas.queries import areas

        for area in areas(main):
            main.delete(area)
    begun = table(ada.client.get(PATH)).splitlines()
    assert begun[0] == "division\tarea\tstaff"
    assert len(begun) > 5
    assert all(line.endswith("\t") for line in begun[1:])


def test_codes_never_change_with_names(ada: Desk, instance: Instance) -> None:
    text = table(ada.client.get(PATH)).replace("Ward 1\t", "Ward 7\t")
    ada.client.submit(look(ada, text), button=SAVE)
    assert kept(instance)["Ward 7"][2] == ("ward-1",)
    assert len(kept(instance)) == len(ANSWERS["areas"])


def test_a_merged_areas_name_cannot_be_taken_by_the_one_that_holds_it(ada: Desk, instance: Instance) -> None:
    before = kept(instance)
    lines = [line for line in table(ada.client.get(PATH)).splitlines() if not line.startswith("Medicine\tWard 1\t")]
    text = "\n".join(lines).replace("Ward 2\t45\tward-2", "Ward 1\t105\tward-2")
    page = look(ada, text, 422, {"fate-ward-1": "into:Ward 1"})
    assert "“Ward 1” became a part of “Ward 1”. Give the area another name." in page.text
    assert table(page) == text
    assert kept(instance) == before
