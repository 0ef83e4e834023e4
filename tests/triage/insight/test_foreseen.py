"""A change of the themes, tried on the flags of one guardian: what would move, for her alone, and kept nowhere."""

import datetime as dt
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from concerns.store.schema import METADATA
from concerns.themes.editing import plan as steps
from concerns.themes.editing import service as editing
from concerns.themes.editing.plan import Look
from concerns.themes.engine import cold_engine
from concerns.themes.packs import load_pack
from concerns.themes.queries import current_set
from concerns.themes.rules import ThemeFacts
from concerns.themes.wordings import Rewording, Words, reword_theme
from concerns.triage.index.card import Card
from concerns.triage.insight import foreseen as foreseeing
from concerns.triage.insight.foreseen import first, followed, of_words
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page
from tests.triage.insight_flags import ZEPPELIN, sorted_flags
from tests.triage.telling import tell

ADA = b"a" * 16
TRY = "Try changes of the themes and of their words"
ROTA = "The rota for nights is always short of staff"


def wait(instance: Instance) -> None:
    """A theme for airships waits for a guardian, and staffing goes into systems."""
    with instance.stores.write_main() as main:
        found = editing.planned(main, instance.house.today())
        plan, _code = steps.add(
            found.now, found.plan, found.used, Look("Air ships", None, "Safety"), "They fly.", "zeppelin\nlawn"
        )
        plan = steps.merge(found.now, plan, "N03", "N12")
        editing.keep_draft(main, found.version, plan, ADA)
        editing.put_up(main, instance.house.today(), ADA)


def rows(instance: Instance) -> dict[str, int]:
    with instance.stores.read_main() as main:
        tables = METADATA["main"].sorted_tables
        return {table.name: main.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_gita_sees_which_suggestions_would_move(desk: Desk, instance: Instance) -> None:
    sorted_flags(instance, f"{ZEPPELIN} yesterday.", ROTA)
    sorted_flags(instance, f"{ZEPPELIN}, counted only.", consent="count")
    tell(instance, f"{ZEPPELIN}, not sorted yet.")
    wait(instance)
    desk.sign_in("gita")
    page = desk.client.get("/insight/themes")
    before = rows(instance)
    tried = desk.client.submit(page, button="Try it", status=200)
    # staffing goes into systems, so a flag that was suggested the one and is now suggested the other has not moved
    assert "this change would have moved 1 suggestion." in tried.text
    assert "Tried on 2 sorted flags" in tried.text
    assert "From no theme to “Air ships”." in tried.text
    (shown,) = [address for words, address in tried.links().items() if words.startswith("A zeppelin")]
    assert shown.startswith("/desk/flags/")
    assert "would have moved" not in desk.client.get("/insight/themes").text
    after = rows(instance)
    assert {name for name in before if before[name] != after[name]} <= {"audit_row"}


def reword(instance: Instance, code: str, *keywords: str, day: int = 0) -> None:
    """An admin gives a theme other keywords."""
    today = instance.house.today() + dt.timedelta(days=day)
    with instance.stores.write_main() as main:
        theme = next(one for one in current_set(main, today) if one.code == code)
        reword_theme(main, code, Words(theme.definition, keywords), 1, today, ADA)


def words_of(instance: Instance, code: str) -> tuple[str, ...]:
    with instance.stores.read_main() as main:
        return next(one for one in current_set(main, instance.house.today()) if one.code == code).keywords


def try_words(desk: Desk) -> Page:
    return desk.client.submit(desk.client.get("/insight/themes"), button="Try the new words", status=200)


def test_what_her_desk_was_taught_is_compared(desk: Desk, instance: Instance) -> None:
    """By keywords alone the flags of airships would move from no theme: her desk has learnt better."""
    sorted_flags(instance, *(f"{ZEPPELIN} yesterday." for _ in range(5)), ROTA)
    wait(instance)
    desk.sign_in("gita")
    cold = desk.client.submit(desk.client.get("/insight/themes"), button="Try it", status=200)
    assert "From no theme to “Air ships”." in cold.text
    assert "your desk has learnt nothing yet that could be used here" in cold.text
    assert cold.links()["inbox"] == "/desk/inbox"
    desk.client.get("/inbox")
    taught = desk.client.submit(desk.client.get("/insight/themes"), button="Try it", status=200)
    assert "From no theme" not in taught.text
    assert taught.text.count("From “Systems and process” to “Air ships”.") == 5
    assert "Compared is what your own desk suggests, with what it learnt from 6 sorted flags." in taught.text


def test_the_newest_words_are_tried_against_those_before(desk: Desk, instance: Instance) -> None:
    sorted_flags(instance, f"{ZEPPELIN} yesterday.", ROTA)
    sorted_flags(instance, f"{ZEPPELIN}, counted only.", consent="count")
    desk.sign_in("gita")
    assert "are as they were when they began" in desk.client.get("/insight/themes").text
    reword(instance, "N12", *words_of(instance, "N12"), "zeppelin")
    page = desk.client.get(desk.client.get("/insight").links()[TRY].removeprefix("/desk"))
    assert "“Systems and process”: with “zeppelin”." in page.text
    before = rows(instance)
    tried = try_words(desk)
    assert "Tried on 2 sorted flags: the new words move 1 suggestion." in tried.text
    assert (
        "1 more is right now: the first suggestion is what the flag is sorted as for 1 of 2, and was for 0."
        in tried.text
    )
    assert "From no theme to “Systems and process”." in tried.text
    assert rows(instance) == before
    # another theme takes the word: that makes it worse
    instance.clock.pass_(days=1)
    desk.sign_in("gita")
    reword(instance, "N12", *words_of(instance, "N12")[:-1])
    reword(instance, "N03", *words_of(instance, "N03"), "zeppelin")
    tried = try_words(desk)
    assert "the new words move 1 suggestion." in tried.text
    assert "1 fewer is right now" in tried.text and "for 0 of 2, and was for 1." in tried.text
    assert "From “Systems and process” to “Staffing and skill mix”." in tried.text


def test_what_was_taught_for_the_words_before_is_used_while_she_learns_anew(desk: Desk, instance: Instance) -> None:
    sorted_flags(instance, *(f"{ZEPPELIN} yesterday." for _ in range(3)))
    desk.sign_in("gita")
    desk.client.get("/inbox")
    reword(instance, "N03", "lawn")
    tried = try_words(desk)
    assert "from 3 sorted flags" in tried.text and "From “Systems and process” to “Staffing" in tried.text
    desk.client.get("/inbox")
    assert try_words(desk).text == tried.text
    # words of another day: what she was taught is for none of both, and is learnt anew at her next look at the inbox
    reword(instance, "N05", "tree", day=1)
    reword(instance, "N05", "trees", day=2)
    assert "your desk has learnt nothing yet that could be used here" in try_words(desk).text
    desk.client.get("/inbox")
    assert "from 3 sorted flags" in try_words(desk).text


def test_words_that_were_put_back_are_not_tried(desk: Desk, instance: Instance) -> None:
    sorted_flags(instance, ZEPPELIN)
    before = words_of(instance, "N03")
    desk.sign_in("gita")
    reword(instance, "N03", "lawn")
    page = desk.client.get("/insight/themes")
    reword(instance, "N03", *before)
    late = desk.client.submit(page, button="Try the new words", status=200)
    assert "an admin changed words and put them back." in late.text
    assert "Tried on" not in late.text and "Try the new words" not in late.text


def test_flags_of_themes_that_are_gone_say_nothing_of_words() -> None:
    gone, kept = (SimpleNamespace(primary=code, themes=()) for code in ("Z9", "other"))
    themes = (ThemeFacts("A", "Air", None, None, "Air.", ()),)
    fits = of_words(Rewording(dt.date(2026, 11, 2), themes, themes)).fits
    assert [fits(cast(Card, one)) for one in (gone, kept)] == [False, True]


def test_what_gwen_may_not_open_is_not_tried_and_the_admin_sees_nothing(desk: Desk, instance: Instance) -> None:
    tell(instance, ZEPPELIN, exclude=["gwen"])
    reword(instance, "N03", "lawn")
    desk.sign_in("gwen")
    assert "There is no sorted flag to try it on." in try_words(desk).text
    ada = desk.as_("ada")
    ada.client.get("/insight/themes", 403)
    for path in ("/set-up/themes", "/set-up/themes/earlier?theme=N03"):
        assert "Tried" not in ada.client.get(path).text


def test_nothing_is_tried_on_flags_that_she_cannot_open(desk: Desk, instance: Instance) -> None:
    tell(instance, ZEPPELIN, exclude=["gwen"])
    wait(instance)
    desk.sign_in("gwen")
    page = desk.client.submit(desk.client.get("/insight/themes"), button="Try it", status=200)
    assert "There is no sorted flag to try it on." in page.text
    assert "zeppelin" not in page.text.lower().replace("air ships", "")


def test_no_more_than_the_newest_are_tried(desk: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    sorted_flags(instance, *(f"{ZEPPELIN}, number {number}." for number in range(4)))
    wait(instance)
    monkeypatch.setattr(foreseeing, "MOST", 3)
    desk.sign_in("gita")
    page = desk.client.submit(desk.client.get("/insight/themes"), button="Try it", status=200)
    assert "Tried on 3 sorted flags: this change would have moved 3 suggestions." in page.text


@given(st.text(max_size=80))
def test_a_set_that_stays_as_it_is_moves_nothing(text: str) -> None:
    themes = load_pack("nhs").themes
    one, other = cold_engine(themes), cold_engine(tuple(themes))
    assert followed(first(one, text), {}) == first(other, text)


def test_a_merged_theme_is_followed_and_a_split_or_retired_one_is_not() -> None:
    moved = {"A": ("B",), "C": ("D", "E"), "F": ()}
    assert [followed(code, moved) for code in ("A", "B", "", "C", "F")] == ["B", "B", "", "-", "-"]
    assert first(cold_engine(load_pack("nhs").themes), "") == ""
