"""A plan for next year’s themes: what each step makes of it, and that no road leads to a set that cannot be."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerns.themes.editing.plan import (
    Look,
    Plan,
    add,
    after,
    between,
    go_on,
    look,
    merge,
    plan_of,
    retire,
    reword,
    split,
)
from concerns.themes.editing.rules import MOST_THEMES, EditRefused
from concerns.themes.editing.summary import changes, faults
from concerns.themes.mapping import pairs_of
from concerns.themes.rules import ThemeFacts

NOW = [ThemeFacts(code, f"About {code}", "STAF", "One", f"What {code} is.", ("word",)) for code in "ABCD"]
USED = frozenset("ABCD") | {"T01"}


def names(plan: Plan) -> list[str]:
    return [theme.name for theme in after(NOW, plan)]


def refused(step: Callable[[], object]) -> str:
    with pytest.raises(EditRefused) as wrong:
        step()
    return f"{wrong.value.field}: {wrong.value}"


def added(plan: Plan, name: str = "Light") -> tuple[Plan, str]:
    return add(NOW, plan, USED, Look(name, None, "Two"), "Too dark.", "lamp")


def test_a_theme_goes_on_under_another_name() -> None:
    plan = look(NOW, Plan(), "A", Look("Rotas", "WELL", "Two"))
    assert after(NOW, plan)[0] == ThemeFacts("A", "Rotas", "WELL", "Two", "What A is.", ("word",))
    assert changes(NOW, plan) == [
        "“About A” is called “Rotas” from then on.",
        "“Rotas” moves to the group “Two”.",
        "“Rotas” is compared with other organisations under “Safety and wellbeing at work”.",
    ]
    assert look(NOW, plan, "A", Look("About A", "STAF", "One")) == Plan()
    assert "has this name already" in refused(lambda: look(NOW, plan, "B", Look("rotas", None, None)))


def test_a_theme_is_added_with_a_code_of_its_own_and_taken_out() -> None:
    plan, code = added(Plan())
    assert (code, names(plan)[-1], changes(NOW, plan)) == ("T02", "Light", ["“Light” is new."])
    plan = reword(plan, code, "Much too dark.", "lamp\nbulb")
    plan = look(NOW, plan, code, Look("Lights", None, "One"))
    assert after(NOW, plan)[-1] == ThemeFacts("T02", "Lights", None, "One", "Much too dark.", ("lamp", "bulb"))
    assert "has this name already" in refused(lambda: added(plan, "LIGHTS"))
    assert retire(NOW, plan, code) == Plan()


def test_a_theme_is_merged_and_goes_on_after_all() -> None:
    plan = merge(NOW, Plan(), "A", "B")
    assert names(plan) == ["About B", "About C", "About D"]
    assert changes(NOW, plan) == ["“About A” goes into “About B”."]
    assert refused(lambda: merge(NOW, Plan(), "A", "A")).startswith("into: Merged into: a theme cannot be merged into")
    assert "that would be a circle" in refused(lambda: merge(NOW, plan, "B", "A"))
    assert "change what becomes of that first" in refused(lambda: merge(NOW, plan, "B", "C"))
    assert "change what becomes of that first" in refused(lambda: retire(NOW, plan, "B"))
    assert "choose a theme that goes on" in refused(lambda: merge(NOW, plan, "C", "A"))
    assert "choose a theme that goes on" in refused(lambda: merge(NOW, plan, "C", ""))
    assert go_on(NOW, plan, "A") == Plan()


def test_a_theme_is_split_into_parts_that_begin_with_its_words() -> None:
    plan = split(NOW, Plan(), USED, "B", "Days\nNights\n")
    assert names(plan) == ["About A", "Days", "Nights", "About C", "About D"]
    assert {(one.code, one.definition, one.group) for one in plan.added} == {
        ("T02", "What B is.", "One"),
        ("T03", "What B is.", "One"),
    }
    plan = reword(plan, "T03", "At night.", "night")
    again = split(NOW, plan, USED, "B", "Nights\nDays\nEvenings")
    assert [one.code for one in after(NOW, again)][1:4] == ["T03", "T02", "T04"]
    assert after(NOW, again)[1].definition == "At night."
    assert changes(NOW, again) == ["“About B” is split into “Nights”, “Days” and “Evenings”."]
    assert "a part of a split one" in refused(lambda: retire(NOW, again, "T02"))
    assert "two to 8" in refused(lambda: split(NOW, plan, USED, "B", "Days"))
    assert refused(lambda: split(NOW, plan, USED, "B", "Days\ndays")).startswith(
        "parts: “days”. Name: the theme “Days”"
    )
    into = merge(NOW, plan, "A", "T02")
    assert "merged into this theme" in refused(lambda: go_on(NOW, into, "B"))
    assert go_on(NOW, plan, "B") == Plan()


def test_a_part_may_have_the_name_of_the_whole() -> None:
    plan = split(NOW, Plan(), USED, "B", "About B\nNights")
    assert names(plan)[1:3] == ["About B", "Nights"]
    assert go_on(NOW, plan, "B") == Plan()


def test_a_name_that_was_taken_meanwhile_keeps_a_theme_from_going_on() -> None:
    plan, _code = added(retire(NOW, Plan(), "A"), "About A")
    assert "has this name already" in refused(lambda: go_on(NOW, plan, "A"))


def test_the_last_theme_cannot_go_and_no_more_than_forty_fit() -> None:
    plan = Plan()
    for code in "ABC":
        plan = retire(NOW, plan, code)
    assert "The last theme cannot go" in refused(lambda: retire(NOW, plan, "D"))
    plan = Plan()
    for number in range(MOST_THEMES - len(NOW)):
        plan, _code = added(plan, f"Light {number}")
    assert "At most 40 themes fit, and these would be 41" in refused(lambda: added(plan, "One more"))
    many = [ThemeFacts(f"M{number}", f"About {number}", None, None, "What it is.", ()) for number in range(45)]
    assert len(after(many, retire(many, Plan(), "M1"))) == 44


def test_what_still_stands_in_the_way_is_said() -> None:
    assert faults(NOW, Plan()) == ["Nothing would change on 1 January yet."]
    plan = look(NOW, Plan(), "A", Look("About A", "STAF", None))
    assert faults(NOW, plan) == ["“About A” has no group. Every theme needs one, or none has any."]
    assert faults(NOW, merge(NOW, Plan(), "A", "B")) == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["look", "add", "merge", "split", "retire", "go_on"]),
        st.integers(0, 7),
        st.integers(0, 7),
        st.sampled_from(["Light", "Days", "Nights", "About A", "About B", "=x", ""]),
    ),
    max_size=12,
)


def step_of(plan: Plan, kind: str, at: int, to: int, name: str) -> Plan:
    codes = [theme.code for theme in (*NOW, *plan.added)]
    code, other = codes[at % len(codes)], codes[to % len(codes)]
    if kind == "look":
        return look(NOW, plan, code, Look(name, None, "One"))
    if kind == "add":
        return added(plan, name)[0]
    if kind == "merge":
        return merge(NOW, plan, code, other)
    if kind == "split":
        return split(NOW, plan, USED, code, f"{name}\nEvenings {to}")
    return retire(NOW, plan, code) if kind == "retire" else go_on(NOW, plan, code)


@settings(max_examples=200)
@given(STEPS)
def test_whatever_an_admin_does_the_set_that_comes_out_can_be_stored_and_compared(
    taken: list[tuple[str, int, int, str]],
) -> None:
    plan = Plan()
    for kind, at, to, name in taken:
        with suppress(EditRefused):
            plan = step_of(plan, kind, at, to, name)
    found = after(NOW, plan)
    assert 1 <= len(found) <= MOST_THEMES
    assert len({theme.code for theme in found}) == len({theme.name.casefold() for theme in found}) == len(found)
    assert {theme.code for theme in plan.added} <= {theme.code for theme in found}
    pairs = pairs_of(NOW, found, plan.moved, USED)
    assert plan_of(json.loads(json.dumps(plan.plain()))) == plan
    again = between(NOW, found, pairs)
    assert {one.code: one for one in after(NOW, again)} == {one.code: one for one in found}
    assert again.moved == dict(plan.moved)
    assert (not changes(NOW, plan)) == (found == NOW)
