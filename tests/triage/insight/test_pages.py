"""What a guardian's desk learns, as its pages show it, and what an excluded guardian sees of it: nothing."""

import datetime as dt
import re

import pytest

from concerns.people.access import Visitor
from concerns.store.base import new_id
from concerns.themes.queries import current_set
from concerns.themes.rules import ThemeFacts
from concerns.triage.index import shards
from concerns.triage.index.card import Card
from concerns.triage.index.seeing import read_flag
from concerns.triage.index.service import cards
from concerns.triage.insight import learnt, service
from concerns.triage.insight.alike import alike, more_like, this_month
from concerns.triage.insight.learnt import Learnt
from concerns.triage.readers.conflict import step_back
from concerns.triage.reading import open_desk
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page
from tests.triage.telling import Told, collect_now, tell

LIFT = "The patient lift on the stairs stopped between two floors with a lady in it, and nobody had the key."
AGAIN = "A lady was stuck between floors in the patient lift and the key was nowhere to be found."
OTHERS = [
    "The rota for nights came out on the Friday before.",
    "Payslips are wrong for the third month.",
    "The handover sheet is never filled in by the evening team.",
    "Training days were cancelled because of the budget.",
    "There is mould on the ceiling of the store.",
]


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def visitor(instance: Instance, name: str) -> Visitor:
    found = instance.guardian(name)
    return Visitor(found.person_id, name, f"{name}@example.org", frozenset({"guardian"}), found.secret)


def sort(desk: Desk, told: Told, theme: str) -> None:
    page = desk.client.get(told.path)
    desk.client.submit(page, {"primary": theme, "status": "acknowledged"}, button="Save")


def others(instance: Instance) -> None:
    for text in OTHERS:
        tell(instance, text, collected=False)
    collect_now(instance)


def suggested(page: Page) -> str:
    """The part of the flag page that suggests themes."""
    found = re.search(r"Themes its words point to(.*?)Main theme", page.text)
    assert found
    return found[1]


def similar(page: Page) -> str:
    found = re.search(r"Flags like this one(.*?)More like this", page.text)
    assert found
    return found[1]


class TestFlagsAlike:
    def test_a_flag_of_the_same_area_and_time_is_shown_with_its_words(self, gita: Desk, instance: Instance) -> None:
        others(instance)
        one, other = tell(instance, LIFT), tell(instance, AGAIN)
        page = gita.client.get(one.path)
        assert "A lady was stuck" in similar(page)
        assert "perhaps sent twice" not in similar(page)
        assert f"/desk{other.path}" in page.links().values()

    def test_a_repeat_word_for_word_may_have_been_sent_twice(self, gita: Desk, instance: Instance) -> None:
        others(instance)
        one, _other = tell(instance, LIFT), tell(instance, LIFT.upper())
        assert "Word for word the same: perhaps sent twice" in similar(gita.client.get(one.path))

    def test_another_area_or_another_season_is_not(self, gita: Desk, instance: Instance) -> None:
        others(instance)
        tell(instance, AGAIN)
        elsewhere = tell(instance, AGAIN, area="payroll")
        instance.clock.pass_(weeks=6)
        gita.sign_in("gita")
        later = tell(instance, LIFT)
        for told in (elsewhere, later):
            assert "None of the same area within five weeks" in gita.client.get(told.path).text

    def test_a_flag_without_an_area_may_belong_to_any(self, gita: Desk, instance: Instance) -> None:
        others(instance)
        told = tell(instance, LIFT, area="not-said")
        tell(instance, AGAIN)
        assert "A lady was stuck" in similar(gita.client.get(told.path))

    def test_nothing_is_said_of_who_wrote_them(self, gita: Desk, instance: Instance) -> None:
        one, _other = tell(instance, LIFT), tell(instance, LIFT)
        for path in (one.path, f"{one.path}/like"):
            said = gita.client.get(path).text.lower()
            assert "same person" not in said and "author" not in said

    def test_more_like_this_looks_everywhere(self, gita: Desk, instance: Instance) -> None:
        others(instance)
        elsewhere = tell(instance, AGAIN, area="payroll")
        instance.clock.pass_(weeks=20)
        gita.sign_in("gita")
        one = tell(instance, LIFT)
        page = gita.client.get(one.path)
        page = gita.client.get(page.links()["More like this, from anywhere"].removeprefix("/desk"))
        assert page.h1 == "More like this"
        assert f"/desk{elsewhere.path}" in page.links().values()
        assert "Payroll" in page.text
        assert gita.client.get(f"/flags/{'0' * 32}/like", status=404)

    def test_this_month_lists_all_whatever_their_likeness(self, gita: Desk, instance: Instance) -> None:
        others(instance)
        tell(instance, AGAIN, area="payroll")
        one = tell(instance, LIFT)
        house, desk, me = instance.house, open_desk(instance.house), visitor(instance, "gita")
        flag = read_flag(house, desk, me, one.thread_id)
        assert flag is not None
        month = this_month(house, desk, me, flag)
        assert len(month) == len(OTHERS) + 1
        assert (
            month[0].card.words == AGAIN[:90].rsplit(" ", 1)[0] + "\N{NO-BREAK SPACE}…" or "lady" in month[0].card.words
        )
        assert [found.likeness for found in month] == sorted((found.likeness for found in month), reverse=True)
        assert alike(house, desk, me, flag, {}) == []


class TestSuggestions:
    def test_they_learn_from_what_was_confirmed_once_the_inbox_was_opened(self, gita: Desk, instance: Instance) -> None:
        told = [tell(instance, f"The porridge was lukewarm, {day}.") for day in ("again", "twice")]
        new = tell(instance, "Porridge!")
        assert "none of yours" in suggested(gita.client.get(new.path))
        for one in told:
            sort(gita, one, "N05")
        gita.client.get("/inbox")
        assert "Equipment, estate and infection" in suggested(gita.client.get(new.path))
        assert "“porridge”" in suggested(gita.client.get(new.path))

    def test_a_flag_that_is_only_to_be_counted_teaches_nothing(self, gita: Desk, instance: Instance) -> None:
        told = [tell(instance, "The porridge was lukewarm.", consent="count") for _ in range(2)]
        new = tell(instance, "Porridge!")
        for one in told:
            sort(gita, one, "N05")
        gita.client.get("/insight")
        assert "none of yours" in suggested(gita.client.get(new.path))

    def test_none_of_these_fits_teaches_no_theme(self, gita: Desk, instance: Instance) -> None:
        sort(gita, tell(instance, "The porridge was lukewarm."), "other")
        gita.client.get("/insight")
        assert "none of yours" in suggested(gita.client.get(tell(instance, "Porridge!").path))

    def test_whether_a_choice_was_among_them_goes_by_what_was_learnt(self, gita: Desk, instance: Instance) -> None:
        for _ in range(2):
            sort(gita, tell(instance, "The porridge was lukewarm."), "N05")
        gita.client.get("/insight")
        new = tell(instance, "Porridge!")
        sort(gita, new, "N05")
        flag = read_flag(instance.house, open_desk(instance.house), visitor(instance, "gita"), new.thread_id)
        assert flag is not None and flag.record is not None
        assert flag.record.payload["among"] is True

    def test_a_flag_that_is_not_from_our_staff_teaches_nothing_any_more(self, gita: Desk, instance: Instance) -> None:
        told, new = tell(instance, "The porridge was lukewarm."), tell(instance, "Porridge!")
        sort(gita, told, "N05")
        gita.client.get("/inbox")
        assert "Equipment, estate and infection" in suggested(gita.client.get(new.path))
        for desk, data, button in (
            (gita, {"reason": "A visitor wrote it."}, "Propose to leave it out"),
            (gita.as_("gwen"), {}, "I agree"),
        ):
            desk.client.submit(desk.client.get(f"{told.path}/not-ours"), data, button=button)
        gita.client.get("/inbox")
        assert "none of yours" in suggested(gita.client.get(new.path))

    def test_after_a_save_no_closed_card_of_another_week_is_read(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = [tell(instance, f"The porridge was lukewarm, {number}.") for number in range(2)]
        for one in old:
            data = {"primary": "N05", "status": "concluded: acted", "reason": "Cooked anew."}
            gita.client.submit(gita.client.get(one.path), data, button="Save")
        instance.clock.pass_(days=90)
        collect_now(instance)
        gita.sign_in("gita")
        told, other = tell(instance, LIFT), tell(instance, "Porridge!")
        for _time in range(2):
            gita.client.get("/inbox")
        read: list[dt.date] = []
        whole = shards._cards

        def cards(week: dt.date, packed: bytes) -> dict[str, Card]:
            found = whole(week, packed)
            read.extend(week for card in found.values() if card.closed)
            return found

        monkeypatch.setattr(shards, "_cards", cards)
        sort(gita, told, "N05")
        assert "Equipment, estate and infection" in suggested(gita.client.get(other.path)), "what was learnt is used"
        gita.client.get("/inbox")
        assert told.thread_id.hex() in kept_by(instance).flags, "and the new one is taken in"
        assert read == []

    def test_new_lessons_wait_until_there_are_enough_of_them(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With a hundred flags known for each new one; here with two known for each."""
        monkeypatch.setattr(learnt, "PATIENCE", 2)
        first = [tell(instance, f"The porridge was lukewarm, {number}.") for number in range(4)]
        for one in first:
            sort(gita, one, "N05")
        gita.client.get("/inbox")
        for number, known in ((5, 4), (6, 6)):
            sort(gita, tell(instance, f"The lift sticks, {number}."), "N01")
            for _time in range(2):
                gita.client.get("/inbox")
            assert len(kept_by(instance).flags) == known, "none is forgotten while it waits"


class TestSignals:
    def test_rising_words_lead_to_their_flags_and_stand_in_no_address(self, gita: Desk, instance: Instance) -> None:
        for text in OTHERS * 3:
            sort(gita, tell(instance, text), "N12")
        for place in ("yard", "pool", "gate", "roof"):
            tell(instance, f"Drones fly over the {place}, said Bronya.")
        tell(instance, "A drone, counted only.", consent="count")
        page = gita.client.get("/insight")
        assert page.h1 == "Signals"
        assert "drones" in page.text and "Bronya" not in page.html and "bronya" not in page.html
        page = gita.client.post("/insight", {"word": "drones", "csrf_token": token(page)})
        assert page.text.count("Drones fly over") == 4
        assert page.response.request.query_string == b""

    def test_words_of_flags_that_fit_no_theme_are_topics_of_their_own(self, gita: Desk, instance: Instance) -> None:
        for text in OTHERS * 3:
            sort(gita, tell(instance, text), "N12")
        for place in ("yard", "pool", "gate", "roof"):
            sort(gita, tell(instance, f"Drones fly over the {place}."), "other")
        page = gita.client.get("/insight").text
        assert "drones In 4 of them" in page.partition("Topics that fit none")[2].partition("Words rising")[0]

    def test_a_young_service_says_that_it_is_too_early(self, gita: Desk, instance: Instance) -> None:
        sort(gita, tell(instance), "N03")
        assert gita.client.get("/insight").text.count("Too early to say") == 14

    @pytest.mark.parametrize("word", ["", "\0", "zebra", "<script>", "x" * 500, "\N{RIGHT-TO-LEFT OVERRIDE}no"])
    def test_an_odd_word_finds_nothing(self, gita: Desk, instance: Instance, word: str) -> None:
        tell(instance)
        page = gita.client.get("/insight")
        page = gita.client.post("/insight", {"word": word, "csrf_token": token(page)})
        assert "There is none among the newest flags" in page.text


class TestSomebodyExcluded:
    def test_s7_nothing_that_she_sees_changes_by_threads_that_exclude_her(self, gita: Desk, instance: Instance) -> None:
        """The other guardian does see them: so there was something to see."""
        for text in OTHERS * 3:
            sort(gita, tell(instance, text), "N12")
        shown = tell(instance, LIFT)
        gwen = gita.as_("gwen")
        before = everything(gwen, shown)
        hidden = [tell(instance, f"{AGAIN} Drones, {place}.", exclude=["gwen"]) for place in ("yard", "pool", "gate")]
        instance.clock.pass_(seconds=30)
        for told in hidden[:2]:
            sort(gita, told, "N05")
        tell(instance, f"{AGAIN} Drones.", exclude=["gwen"])
        assert everything(gita, shown) != before
        page = gita.client.get(shown.path)
        assert "stuck" in similar(page)
        assert "Equipment, estate" in suggested(page)
        assert everything(gwen, shown) == before

    def test_s7_what_she_was_taught_is_not_used_once_she_steps_back(self, gita: Desk, instance: Instance) -> None:
        house, desk, me = instance.house, open_desk(instance.house), visitor(instance, "gita")
        told = [tell(instance, "The porridge was lukewarm.") for _ in range(2)]
        for one in told:
            sort(gita, one, "N05")
        themes = facts(instance)
        assert service.learn(house, desk, me, themes, cards(house, desk, me))
        assert service.engine(house, desk, me, themes, cards(house, desk, me)).suggest("Porridge")[0].because
        flag = read_flag(house, desk, me, told[0].thread_id)
        assert flag is not None
        step_back(house, desk, me, flag, "", new_id())
        assert not service.engine(house, desk, me, themes, cards(house, desk, me)).suggest("Porridge")[0].because
        assert service.learn(house, desk, me, themes, cards(house, desk, me))
        kept = learnt._kept(instance.stores, service._owner(desk, me), themes)
        assert list(kept.flags) == [told[1].thread_id.hex()]


def facts(instance: Instance) -> list[ThemeFacts]:
    with instance.stores.read_main() as main:
        return current_set(main, instance.clock().date())


def kept_by(instance: Instance) -> Learnt:
    """What Gita's desk has learnt."""
    owner = service._owner(open_desk(instance.house), visitor(instance, "gita"))
    return learnt._kept(instance.stores, owner, facts(instance))


def everything(desk: Desk, shown: Told) -> list[str]:
    """The pages that show what a desk learnt, without their tokens."""
    desk.client.get("/insight")
    pages = [desk.client.get(path) for path in (shown.path, f"{shown.path}/like", "/insight")]
    return [re.sub(r'(name="(csrf_token|item)"[^>]* value=)"[^"]+"', r"\1", page.html) for page in pages]


def token(page: Page) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.html)
    assert found
    return found[1]


def test_more_like_needs_no_other_flags(instance: Instance) -> None:
    house, desk, me = instance.house, open_desk(instance.house), visitor(instance, "gita")
    flag = read_flag(house, desk, me, tell(instance, LIFT).thread_id)
    assert flag is not None
    assert (
        more_like(house, desk, me, flag) == alike(house, desk, me, flag, {}) == this_month(house, desk, me, flag) == []
    )
