"""D13 on both databases: what a released text stands on, and the one exception, which the documents name."""

import pytest

from concerns.learning import service as learning
from concerns.learning.released import spoken
from concerns.learning.rules import Words
from concerns.learning.service import NotReleased
from concerns.learning.standing import shown_keys
from tests.cast import Instance
from tests.disclosure import checks_of_words as checks
from tests.learning.releasing import GENERAL, VIEW, freeze, released, trusted
from tests.reports.releases import stored_of


def test_d13_two_different_guardians_signed_these_very_words(instance: Instance) -> None:
    checks.d13_two_different_guardians_signed_these_very_words(instance)


def test_d13_a_narrative_stands_on_a_shown_number(instance: Instance) -> None:
    checks.d13_a_narrative_stands_on_a_shown_number(instance)


def test_d13_what_was_heard_stands_on_a_shown_number_or_on_consent(instance: Instance) -> None:
    checks.d13_what_was_heard_stands_on_a_shown_number_or_on_consent(instance)


def test_d13_a_learning_point_rests_on_what_reporters_agreed_to(instance: Instance) -> None:
    checks.d13_a_learning_point_rests_on_what_reporters_agreed_to(instance)


def test_d13_both_guardians_run_the_check_among_the_flags_that_they_can_open(instance: Instance) -> None:
    checks.d13_both_guardians_run_the_check_among_the_flags_that_they_can_open(instance)


def test_d13_the_guardians_view_alone_stands_on_a_frozen_period_and_not_on_a_number(instance: Instance) -> None:
    """The exception: it is a part of every board paper, the silent ones too; nothing may be told there of one theme."""
    stored = stored_of({"N01": 4})
    assert shown_keys(stored) == {}
    with instance.stores.read_main() as main, pytest.raises(NotReleased, match="not frozen"):
        learning.may_stand(main, VIEW, trusted(instance, main), checks.DAY)
    freeze(instance, N01=4)
    released(instance, VIEW)
    with instance.stores.read_main() as main:
        trust = trusted(instance, main)
        beside = spoken(main, stored, trust)
        assert beside.view is not None and beside.view.text == GENERAL
        assert beside.narratives == {}
        for theme in ("N01", "N02"):
            with pytest.raises(NotReleased, match="not shown"):
                learning.may_stand(main, Words("narrative", "2026-Q1", theme, VIEW.parts), trust, checks.DAY)
