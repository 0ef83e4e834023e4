"""What a new table of areas would change: found by code, then by name; nothing that a flag may name ever goes."""

from concerns.areas.changing import MERGED, RENAMED, Change, change, merging
from concerns.areas.rules import AreaFacts
from concerns.areas.table import read_table, write_table

WARD_1 = AreaFacts("ward-1", "Ward 1", "Medicine", 60)
WARD_2 = AreaFacts("ward-2", "Ward 2", "Medicine", 12)
CLINIC = AreaFacts("clinic", "Clinic", "Medicine", 9, (("day-room", "Day room"),))
NOW = [WARD_1, WARD_2, CLINIC]


def changed(
    table: str, fates: dict[str, str] | None = None, *, may_remove: bool = False, taken: set[str] | None = None
) -> Change:
    sheet = read_table(table)
    assert not sheet.troubles
    return change(NOW, sheet.rows, fates or {}, taken=taken or set(), may_remove=may_remove)


def test_the_same_table_changes_nothing() -> None:
    found = changed(write_table(NOW))
    assert found.sentences == ()
    assert found.areas == tuple(NOW)


def test_each_kind_of_change_is_one_sentence() -> None:
    found = changed(
        "Medicine\tWard One\t60\tward-1\nSurgery\tward 2\t30\t\nMedicine\tClinic\t9\tclinic\nMedicine\tNew\t40\t"
    )
    assert found.sentences == (
        "Ward 1 is called Ward One.",
        "Ward 2 is called ward 2.",
        "ward 2 moves from Medicine to Surgery.",
        "ward 2 has 30 staff, 12 before.",
        "New is new, in Medicine, with 40 staff.",
    )
    assert [area.code for area in found.areas] == ["ward-1", "ward-2", "clinic", "new"]


def test_a_new_area_never_gets_a_code_that_was_given() -> None:
    found = changed(write_table(NOW) + "\nMedicine\tOld\t40\t", taken={"old", "ward-1"})
    assert found.areas[-1].code == "old-2"


def test_what_is_missing_is_asked_for_and_never_guessed() -> None:
    found = changed("Medicine\tWard One\t60\t\nMedicine\tClinic\t9\t")
    assert {area.code for area in found.unsettled} == {"ward-1", "ward-2"}
    settled = changed(
        "Medicine\tWard One\t60\t\nMedicine\tClinic\t9\t", {"ward-1": RENAMED + "Ward One", "ward-2": MERGED + "clinic"}
    )
    assert settled.unsettled == ()
    assert settled.sentences == ("Ward 1 is called Ward One.", "Ward 2 becomes a part of Clinic.")
    assert settled.merges == ((WARD_2, "clinic"),)


def test_a_fate_that_names_nothing_settles_nothing() -> None:
    for fate in (MERGED + "Nowhere", RENAMED + "Clinic", "clinic", MERGED):
        found = changed("Medicine\tWard 1\t60\t\nMedicine\tClinic\t9\t", {"ward-2": fate})
        assert [area.code for area in found.unsettled] == ["ward-2"], fate


def test_while_set_up_lasts_an_area_may_go() -> None:
    found = changed("Medicine\tWard 1\t60\t", may_remove=True)
    assert found.removed == (WARD_2, CLINIC)
    assert (found.unsettled, found.merges) == ((), ())


def test_a_code_that_is_not_there_is_refused() -> None:
    assert "no area with the code “ward-9”" in changed("Medicine\tWard 9\t60\tward-9").troubles[0]


def test_a_name_that_went_into_another_area_is_not_given_again() -> None:
    found = changed(write_table(NOW) + "\nMedicine\tday room\t40\t")
    assert found.troubles == ("“day room” became a part of “Clinic”. Give the area another name.",)


def test_nor_is_one_that_goes_into_another_in_the_same_table() -> None:
    """Both rows stay, and two of one name cannot be stored."""
    table = "Medicine\tward 1\t72\tward-2\nMedicine\tClinic\t9\tclinic"
    for into in ("ward 1", "Clinic"):
        found = changed(table, {"ward-1": MERGED + into})
        assert found.troubles == (f"“ward 1” became a part of “{into}”. Give the area another name.",)
    assert not changed(table.replace("ward 1", "Ward 3"), {"ward-1": MERGED + "Ward 3"}).troubles


def test_while_set_up_lasts_what_goes_leaves_its_names() -> None:
    assert not changed("Medicine\tDay room\t40\t\nMedicine\tWard 2\t9\t", may_remove=True).troubles
    still = changed("Medicine\tDay room\t40\t\nMedicine\tClinic\t9\t", may_remove=True)
    assert still.troubles == ("“Day room” became a part of “Clinic”. Give the area another name.",)


def test_two_areas_may_swap_their_names() -> None:
    found = changed("Medicine\tWard 2\t60\tward-1\nMedicine\tWard 1\t12\tward-2\nMedicine\tClinic\t9\tclinic")
    assert [(area.code, area.name) for area in found.areas[:2]] == [("ward-1", "Ward 2"), ("ward-2", "Ward 1")]


def test_small_areas_are_merged_into_one_line() -> None:
    table, fates = merging(NOW, [WARD_2, CLINIC], "Medicine: other areas")
    assert [(area.code, area.name, area.staff) for area in table] == [
        ("ward-1", "Ward 1", 60),
        ("", "Medicine: other areas", 21),
    ]
    found = changed(write_table(table), fates)
    assert found.sentences == (
        "Medicine: other areas is new, in Medicine, with 21 staff.",
        "Ward 2 becomes a part of Medicine: other areas.",
        "Clinic becomes a part of Medicine: other areas.",
        (
            "In a year whose table is fixed already, what is told of Medicine: other areas counts where the table has all "
            "that it was made of in one place; where it has that in several places, it counts as “not said” until the next "
            "year."
        ),
    )


def test_or_into_an_area_that_bears_the_name_already() -> None:
    table, fates = merging(NOW, [WARD_2, CLINIC], "clinic")
    assert [(area.name, area.staff) for area in table] == [("Ward 1", 60), ("Clinic", 21)]
    assert fates == {"ward-2": MERGED + "clinic"}
