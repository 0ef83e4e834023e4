"""D13: a released text has two different approvers, is the one that was checked, and stands on a shown number or on consent."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from concerns.learning.model import ReleasedText
from concerns.learning.queries import Public, public
from concerns.learning.released import escalations, spoken
from concerns.learning.rules import Words
from concerns.learning.service import NotReleased, may_stand, release, withdraw
from concerns.sealing.signing import sign
from concerns.store.base import new_id
from concerns.themes.queries import current_set
from tests.cast import Instance
from tests.learning.releasing import (
    ANSWER,
    ESCALATION,
    GENERAL,
    NARRATIVE,
    POINT,
    VIEW,
    approval,
    freeze,
    naive,
    released,
    trusted,
)
from tests.reports.releases import stored_of

DECEMBER, LATER = dt.date(2026, 12, 1), dt.date(2027, 3, 1)
OTHER_WORDS = Words("view", "2026-Q1", "", {"text": "Ward sister Dave is to blame."})


def shown(instance: Instance, **values: int) -> list[str]:
    """All released words that any page shows much later, beside a release with these values."""
    with instance.stores.read_main() as main:
        trust = trusted(instance, main)
        beside = spoken(main, stored_of(values or {"N01": 40}), trust)
        read = public(main, current_set(main, LATER), trust, LATER)
        texts = [one.text for one in (*beside.narratives.values(), beside.view, *escalations(main, trust)) if one]
    texts += [one.text for one in read.points]
    return [text for text in (*texts, *(entry.doing for entry in read.entries)) if text == GENERAL]


def read_on(instance: Instance, day: dt.date) -> Public:
    with instance.stores.read_main() as main:
        return public(main, current_set(main, day), trusted(instance, main), day)


@pytest.mark.parametrize("words", [NARRATIVE, VIEW, POINT, ESCALATION, ANSWER])
def test_a_text_that_two_released_is_shown(instance: Instance, words: Words) -> None:
    freeze(instance)
    released(instance, words)
    assert shown(instance) == [GENERAL]


class TestD13:
    @pytest.mark.parametrize(
        "changed",
        [
            {"body": OTHER_WORDS.body},
            {"body": OTHER_WORDS.body, "hash": OTHER_WORDS.hash},
            {"hash": "0" * 64},
            {"second_signature": bytes(64)},
            {"first_signature": b""},
            {"rules": 2},
            {"first_id": b"x" * 16},
            {"about": "N03"},
            {"period": "2026-Q2"},
        ],
        ids=str,
    )
    def test_whatever_is_changed_in_the_store_is_not_shown(self, instance: Instance, changed: dict[str, Any]) -> None:
        freeze(instance, N01=40, N03=40)
        for words in (NARRATIVE, VIEW, POINT, ESCALATION, ANSWER):
            released(instance, words, **changed)
        with instance.stores.read_main() as main:
            assert len(naive(main)) == 5  # a page that trusts the store would show them
        assert shown(instance, N01=40, N03=40) == []

    def test_another_kind_of_the_same_words_is_not_shown(self, instance: Instance) -> None:
        """Words that two meant for leaders do not become a learning point, which needs consent."""
        freeze(instance)
        released(instance, Words("escalation", "", "N01", {"text": GENERAL}), kind="learning")
        with instance.stores.read_main() as main:
            assert naive(main) == [GENERAL]
        assert shown(instance) == []

    def test_one_guardian_twice_is_refused_and_the_store_refuses_it_too(self, instance: Instance) -> None:
        freeze(instance)
        twice = (approval(instance, "gita", VIEW), approval(instance, "gita", VIEW))
        with instance.stores.write_main() as main, pytest.raises(NotReleased, match="Two different guardians"):
            release(main, new_id(), VIEW, twice, trusted(instance, main), DECEMBER)
        gita = instance.guardian().person_id
        with pytest.raises(IntegrityError):
            released(instance, VIEW, second_id=gita)
        assert shown(instance) == []

    def test_two_signatures_of_one_guardian_under_two_names_are_not_shown(self, instance: Instance) -> None:
        freeze(instance)
        own = approval(instance, "gita", VIEW).signature
        released(instance, VIEW, second_signature=own)
        with instance.stores.read_main() as main:
            assert naive(main) == [GENERAL]
        assert shown(instance) == []

    def test_a_stranger_s_signature_is_worth_nothing(self, instance: Instance) -> None:
        freeze(instance)
        strange = sign(b"s" * 32, VIEW.statement(instance.site_id))
        released(instance, VIEW, first_signature=strange, first_id=b"s" * 16)
        assert shown(instance) == []

    def test_a_hidden_number_carries_no_narrative(self, instance: Instance) -> None:
        freeze(instance, N01=40, N02=4)
        hidden = Words("narrative", "2026-Q1", "N02", {"text": GENERAL})
        with pytest.raises(NotReleased, match="not shown"):
            released(instance, hidden)
        released(instance, NARRATIVE)
        with instance.stores.read_main() as main:
            assert naive(main) == [GENERAL]
        # beside a release in which that number is hidden even a signed narrative is not shown
        assert shown(instance, N01=4) == []

    @pytest.mark.parametrize("period", ["2026-Q2", "2026", "nonsense", ""])
    def test_nothing_stands_on_a_release_that_is_not_there(self, instance: Instance, period: str) -> None:
        freeze(instance)
        for words in (Words("narrative", period, "N01", NARRATIVE.parts), Words("view", period, "", VIEW.parts)):
            with pytest.raises(NotReleased, match="not frozen"):
                released(instance, words)

    def test_nothing_is_shown_without_a_charter(self, instance: Instance) -> None:
        freeze(instance)
        for words in (NARRATIVE, VIEW, POINT, ANSWER):
            released(instance, words)
        with instance.stores.read_main() as main:
            assert spoken(main, stored_of({"N01": 40}), None).view is None
            assert not public(main, current_set(main, LATER), None, LATER).points
            assert escalations(main, None) == []


class TestHeard:
    HEARD = Words("answer", "", "N01", {**ANSWER.parts, "heard": "People tell us that nights are thin."})

    def test_what_we_heard_needs_a_shown_number_or_a_learning_point(self, instance: Instance) -> None:
        with pytest.raises(NotReleased, match="What we heard"):
            released(instance, self.HEARD)
        freeze(instance, N02=40)  # another theme's number does not carry it
        with pytest.raises(NotReleased, match="What we heard"):
            released(instance, self.HEARD)

    def test_a_shown_number_carries_it(self, instance: Instance) -> None:
        freeze(instance)
        released(instance, self.HEARD)
        assert read_on(instance, LATER).entries[0].heard == self.HEARD.parts["heard"]

    def test_a_learning_point_carries_it_until_it_is_withdrawn(self, instance: Instance) -> None:
        point = released(instance, POINT)
        with instance.stores.read_main() as main, pytest.raises(NotReleased):  # staff cannot read it yet
            may_stand(main, self.HEARD, trusted(instance, main), dt.date(2026, 11, 30))
        released(instance, self.HEARD, DECEMBER)
        assert read_on(instance, LATER).entries[0].heard
        with instance.stores.write_main() as main:
            withdraw(main, point, LATER)
        assert not read_on(instance, LATER).entries[0].heard


class TestCalendar:
    def test_answers_and_learning_points_wait_for_the_first_working_day(self, instance: Instance) -> None:
        released(instance, ANSWER, dt.date(2026, 11, 3))
        released(instance, POINT, dt.date(2026, 11, 30))
        before, after = read_on(instance, dt.date(2026, 11, 30)), read_on(instance, DECEMBER)
        assert before.entries[0].doing != GENERAL and before.points == ()
        assert (after.entries[0].doing, after.entries[0].month) == (GENERAL, DECEMBER)
        (point,) = after.points
        assert (point.text, point.month) == (GENERAL, DECEMBER)

    def test_the_newest_answer_stands(self, instance: Instance) -> None:
        released(instance, ANSWER, dt.date(2026, 11, 3))
        newer = Words("answer", "", "N01", {**ANSWER.parts, "doing": "We hired four nurses."})
        with pytest.raises(NotReleased, match="in that place"):
            released(instance, newer, dt.date(2026, 11, 4))
        released(instance, newer, DECEMBER)
        assert read_on(instance, DECEMBER).entries[0].doing == GENERAL
        assert read_on(instance, LATER).entries[0].doing == "We hired four nurses."

    def test_the_store_knows_no_day(self, instance: Instance) -> None:
        for day in (3, 28):
            with instance.stores.write_main() as main:
                for row in main.scalars(select(ReleasedText)):
                    main.delete(row)
            released(instance, POINT, dt.date(2026, 11, day))
            with instance.stores.read_main() as main:
                row = main.scalars(select(ReleasedText)).one()
            dates = {name: value for name, value in vars(row).items() if isinstance(value, dt.date)}
            assert dates == {"month": dt.date(2026, 11, 1)}


class TestWithdrawing:
    def test_it_leaves_a_mark_and_no_word(self, instance: Instance) -> None:
        freeze(instance)
        for words in (NARRATIVE, VIEW, ESCALATION, POINT, ANSWER):
            found = released(instance, words, dt.date(2026, 11, 3))
            with instance.stores.write_main() as main:
                assert withdraw(main, found, LATER)
                assert not withdraw(main, found, LATER)
        with instance.stores.read_main() as main:
            trust = trusted(instance, main)
            assert all(row.body == "" for row in main.scalars(select(ReleasedText)))
            beside = spoken(main, stored_of({"N01": 40}), trust)
            marks = [*beside.narratives.values(), beside.view, *escalations(main, trust)]
        assert [one.withdrawn for one in marks if one] == [LATER] * 3
        read = read_on(instance, LATER)
        assert [(one.text, one.withdrawn) for one in read.points] == [("", LATER)]
        assert (read.entries[0].doing, read.entries[0].withdrawn) == ("", LATER)
        assert shown(instance) == []

    def test_what_nobody_read_yet_leaves_none(self, instance: Instance) -> None:
        found = released(instance, ANSWER, dt.date(2026, 11, 3))
        with instance.stores.write_main() as main:
            assert withdraw(main, found, dt.date(2026, 11, 30))
            assert main.scalars(select(ReleasedText)).all() == []
        assert read_on(instance, LATER).entries[0].withdrawn is None

    def test_another_takes_its_place(self, instance: Instance) -> None:
        freeze(instance)
        found = released(instance, NARRATIVE)
        with pytest.raises(NotReleased, match="in that place"):
            released(instance, NARRATIVE)
        with instance.stores.write_main() as main:
            withdraw(main, found, instance.clock().date())
        released(instance, NARRATIVE)
        assert shown(instance) == [GENERAL]
