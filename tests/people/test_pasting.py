"""Pasted rows become people, or every bad line is told with its number and reason."""

import pytest

from concerns.people.parts import INSTEAD, PARTS, Known, blocking, problems, tasks
from concerns.people.pasting import MOST_ROWS, Pasted, read_people


@pytest.mark.parametrize(
    "line",
    [
        "Gita Rao, Gita@Example.org, guardian",
        "Gita Rao\tgita@example.org\tguardian",
        "Gita Rao;gita@example.org;Guardian",
        '"Gita  Rao", gita@example.org, " guardian "',
        "Name, E-mail, Roles\nGita Rao, gita@example.org, guardian",
        "\n\nGita Rao, gita@example.org, guardian\n",
    ],
)
def test_a_row_as_a_spreadsheet_has_it(line: str) -> None:
    assert read_people(line, ()) == ([Pasted("Gita Rao", "gita@example.org", ("guardian",), False)], [])


@pytest.mark.parametrize(
    ("roles", "read", "stand_in"),
    [
        ("leader, overseer", ("leader", "overseer"), False),
        ("leader and overseer", ("leader", "overseer"), False),
        ("leader|leader", ("leader",), False),
        ("guardian, stand-in", ("guardian",), True),
        ("stand-in, Guardian", ("guardian",), True),
    ],
)
def test_several_roles_in_one_cell(roles: str, read: tuple[str, ...], stand_in: bool) -> None:
    (row,), faults = read_people(f"Lena\tlena@example.org\t{roles}", ())
    assert (row.roles, row.stand_in, faults) == (read, stand_in, [])


BAD = """Gita, gita@example.org, guardian
Lena, nowhere, leader

Otto, otto@example.org, boss
Ada, ada@example.org, admin, guardian
Gita again, GITA@example.org, leader
Rosa
, nobody@example.org, leader
Lee, lee@example.org, leader, stand-in
Known, known@example.org, leader
Nobody, none@example.org,
"""


def test_every_bad_line_is_told_with_its_number_and_reason() -> None:
    rows, faults = read_people(BAD, {"known@example.org"})
    assert [row.name for row in rows] == ["Gita"]
    assert faults == [
        "Line 2: enter an e-mail address in the right form, like name@example.org.",
        "Line 4: there is no role “boss”: choose from guardian, leader, admin, peer, overseer.",
        "Line 5: a guardian cannot also be an admin: give the roles to two people.",
        "Line 6: somebody already has the e-mail address gita@example.org.",
        "Line 7: give a name, an e-mail address and a role, with a comma or a tab between.",
        "Line 8: enter a name of at most 120 characters.",
        "Line 9: only a guardian can be a stand-in.",
        "Line 10: somebody already has the e-mail address known@example.org.",
        "Line 11: give at least one role.",
    ]


def test_nothing_and_too_much_are_said() -> None:
    assert read_people(" \n", ())[1] == ["Enter at least one row: a name, an e-mail address and a role."]
    assert read_people("Name, e-mail, roles", ())[1]
    rows, faults = read_people("x, x@example.org, leader\n" * (MOST_ROWS + 1), ())
    assert rows == [] and faults == ["These are 201 rows: paste 200 at most at a time."]


WHOLE = Known(
    settled=[part.name for part in PARTS],
    signposts=[{"danger": True, "hours": "Day and night", "number": "999"}],
    reading_days=["monday"],
    read_instead=dict.fromkeys(INSTEAD, "The chair"),
    areas=2,
    stand_ins=[False, True],
)


def test_a_part_is_optional_done_or_wrong() -> None:
    assert blocking(WHOLE) == () and all(task.done and not task.problem for task in tasks(WHOLE, running=False))
    nothing = Known([], [], [], {}, 0, [])
    assert len(blocking(nothing)) == sum(part.needed for part in PARTS) == 6
    assert not any(task.done or task.problem for task in tasks(nothing, running=False))
    running = {task.part.name: task for task in tasks(nothing, running=True)}
    assert all(task.done for task in running.values()) and running["areas"].problem == "There are no areas."
    assert {name for name, _words in problems(nothing)} == {"areas", "people", "reading", "signposts", "instead"}
