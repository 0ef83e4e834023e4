"""Counting stems without their places gives what reading them gives."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from concerns.themes.stemming import Stems, telling

WORDS = st.sampled_from(
    ["the", "lifts", "Lifted", "lift’s", "IT", "it", "dying", "die", "2024", "ward-3", "x", "Überlastung", "a" * 60]
)


@given(learnt=st.lists(WORDS), asked=st.lists(WORDS | st.text(max_size=12)))
def test_counting_agrees_with_reading(learnt: list[str], asked: list[str]) -> None:
    stems = Stems()
    stems.learn(" ".join(learnt))
    text = " ".join(asked)
    assert stems.count(text) == Counter(telling(stems.read(text)))


def test_what_was_learnt_counts_in_any_form_and_nothing_else_is_remembered() -> None:
    stems = Stems()
    stems.learn("lift")
    assert stems.count("Lifts lifted the ceilings twice, IT says") == {
        "lift": 2,
        "ceilings": 1,
        "twice": 1,
        "IT": 1,
        "says": 1,
    }
    assert set(stems.forms) == {"lift"}
