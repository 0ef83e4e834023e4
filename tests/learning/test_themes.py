"""A theme ends: what was promised and answered to it keeps its name, is still told, and can still be given."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from concerns.disclosure.ledger import Ledger
from concerns.disclosure.nodes import Grain, Node, Table, ThemePart
from concerns.disclosure.periods import Period
from concerns.learning.queries import Public, public
from concerns.learning.rules import Words
from concerns.learning.service import NotReleased, withdraw
from concerns.learning.themes import themes_on
from concerns.themes.queries import current_set
from concerns.themes.service import change_theme_set
from tests.cast import Instance
from tests.learning.promises.promising import ANSWER as PARTS
from tests.learning.promises.promising import promise, promise_answer, release, write
from tests.learning.releasing import ANSWER, GENERAL, POINT, released, trusted
from tests.people.visiting import Desk
from tests.police import PoliceClient
from tests.reports import releases

NEW_YEAR, FEBRUARY, MARCH = dt.date(2027, 1, 1), dt.date(2027, 2, 3), dt.date(2027, 3, 1)
NAME = "Unsafe care or quality"
MERGED: Mapping[str, Collection[str]] = {"N01": ["N02"]}
RETIRED: Mapping[str, Collection[str]] = {"N01": []}


@pytest.fixture
def lena(instance: Instance) -> Desk:
    desk = Desk(instance)
    desk.sign_in("lena")
    return desk


def end_n01(instance: Instance, moved: Mapping[str, Collection[str]]) -> None:
    """From New Year on there is no theme N01."""
    today = instance.clock().date()
    with instance.stores.write_main() as main:
        themes = [theme for theme in current_set(main, today) if theme.code != "N01"]
        change_theme_set(main, themes, moved, today)


def on(instance: Instance, day: dt.date) -> None:
    instance.clock.now = dt.datetime(day.year, day.month, day.day, 9, tzinfo=dt.UTC)


def read_on(instance: Instance, day: dt.date) -> Public:
    with instance.stores.read_released() as reader:  # as staff's pages do
        return public(reader, current_set(reader, day), trusted(instance, reader), day)


def freeze_with(instance: Instance, whole: tuple[str, ...] = ()) -> None:
    """A release of the new set, in which N02 has these themes of before."""
    period = Period(2027, 1)
    theme = ThemePart("N02", "Equipment", "Places", whole)
    with pytest.MonkeyPatch.context() as patched, instance.stores.write_main() as main:
        patched.setattr(releases, "THEMES", (theme,))
        made = releases.body({Node(theme="N02"): 40}, grain=Grain.THEMES, period=period)
        releases.put(main, Ledger(instance.directory), made)
    assert Table(Grain.THEMES, (theme,), (), 1).themes[0].whole == whole


def test_the_last_set_that_had_a_theme_names_it(instance: Instance) -> None:
    end_n01(instance, MERGED)
    with instance.stores.read_released() as reader:
        before, after = themes_on(reader, NEW_YEAR - dt.timedelta(days=1)), themes_on(reader, NEW_YEAR)
    assert before.ended == {} and before.names["N01"] == NAME
    assert "N01" not in after.current and after.names["N01"] == NAME
    assert after.ended["N01"].since == NEW_YEAR
    assert list(after.names)[-1] == "N01"


def test_a_name_that_changed_is_that_of_the_newest_set(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        themes = current_set(main, instance.clock().date())
        change_theme_set(main, [replace(themes[0], name="Safe care"), *themes[1:]], {}, instance.clock().date())
    with instance.stores.read_released() as reader:
        assert themes_on(reader, NEW_YEAR).names["N01"] == "Safe care"
        assert themes_on(reader, NEW_YEAR - dt.timedelta(days=1)).names["N01"] == NAME


class TestPromises:
    @pytest.mark.parametrize("moved", [MERGED, RETIRED])
    def test_they_keep_their_name(self, lena: Desk, moved: Mapping[str, Collection[str]]) -> None:
        instance = lena.instance
        action, answer = promise(lena), promise_answer(lena)
        write(lena, action, {})
        release(instance, lena, action)
        end_n01(instance, moved)
        on(instance, FEBRUARY)
        lena.sign_in("lena")
        text = lena.client.get("/promises/").text
        assert f"An answer to staff: {NAME}" in text and f"{NAME}. Process" in text and "N01" not in text
        for address in (action, answer):
            assert NAME in lena.client.get(address).h1
        assert f"{NAME}: 1 action" in lena.client.get("/promises/action").text
        read = PoliceClient(instance.report_app.test_client(), traceless=True).get("/answers").text
        assert f"Promised: {NAME} What we will do: Plan shifts four weeks ahead." in read
        assert "Promised to everybody" not in read

    @pytest.mark.parametrize("moved", [MERGED, RETIRED])
    def test_an_answer_that_is_owed_can_still_be_released(
        self, lena: Desk, moved: Mapping[str, Collection[str]]
    ) -> None:
        instance = lena.instance
        address = promise_answer(lena)
        end_n01(instance, moved)
        on(instance, FEBRUARY)
        lena.sign_in("lena")
        assert "Overdue since 1 February 2027" in lena.client.get("/promises/").text
        write(lena, address, PARTS)
        release(instance, lena, address)
        on(instance, MARCH)
        lena.sign_in("lena")
        assert "Done late, on 1 March 2027" in lena.client.get("/promises/").text
        assert PARTS["doing"] in PoliceClient(instance.report_app.test_client(), traceless=True).get("/answers").text

    def test_nothing_is_released_of_a_theme_that_never_was_nor_a_new_point_of_an_old_one(
        self, instance: Instance
    ) -> None:
        end_n01(instance, MERGED)
        on(instance, FEBRUARY)
        for words in (Words("answer", "", "X99", ANSWER.parts), POINT):
            with pytest.raises(NotReleased, match="no such theme"):
                released(instance, words)


class TestAnswers:
    @pytest.mark.parametrize("moved", [MERGED, RETIRED])
    def test_what_staff_could_read_stays(self, instance: Instance, moved: Mapping[str, Collection[str]]) -> None:
        released(instance, ANSWER)
        released(instance, POINT)
        before = read_on(instance, dt.date(2026, 12, 31))
        end_n01(instance, moved)
        found = read_on(instance, FEBRUARY)
        for read in (before, found):
            assert [(one.theme_name, one.doing) for one in read.entries if one.theme_code == "N01"] == [(NAME, GENERAL)]
            assert [(one.theme_name, one.text) for one in read.points] == [(NAME, GENERAL)]

    def test_a_standing_sentence_of_a_theme_that_ended_goes(self, instance: Instance) -> None:
        end_n01(instance, MERGED)
        assert "N01" not in [one.theme_code for one in read_on(instance, FEBRUARY).entries]

    def test_what_is_withdrawn_leaves_its_mark_there_too(self, instance: Instance) -> None:
        text = released(instance, ANSWER)
        end_n01(instance, MERGED)
        with instance.stores.write_main() as main:
            withdraw(main, text, FEBRUARY)
        (entry,) = [one for one in read_on(instance, FEBRUARY).entries if one.theme_code == "N01"]
        assert (entry.doing, entry.withdrawn) == ("", dt.date(2027, 2, 1))

    def test_a_new_answer_of_its_heir_takes_its_place(self, instance: Instance) -> None:
        released(instance, ANSWER)
        heir = Words("answer", "", "N02", {**ANSWER.parts, "doing": "We bought new ones."})
        released(instance, heir)  # before the merger: that is no answer to what came from N01
        end_n01(instance, MERGED)
        freeze_with(instance, ("N01",))
        may = dt.date(2027, 5, 4)
        assert "N01" in [one.theme_code for one in read_on(instance, may).entries]
        released(instance, heir, dt.date(2027, 4, 6))
        found = read_on(instance, may).entries
        assert "N01" not in [one.theme_code for one in found]
        assert "We bought new ones." in [one.doing for one in found]

    def test_an_answer_to_another_theme_does_not(self, instance: Instance) -> None:
        released(instance, ANSWER)
        end_n01(instance, RETIRED)
        freeze_with(instance)
        released(instance, Words("answer", "", "N02", ANSWER.parts), dt.date(2027, 4, 6))
        assert "N01" in [one.theme_code for one in read_on(instance, dt.date(2027, 5, 4)).entries]
