"""Counting stems without their places gives what reading them gives."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from concerns.themes.stemming import Stems, telling

WORDS = st.sampled_from(
    ["the", "lifts", "Lifted", "lift’s", "IT", "it", "dying", "die", "2024", "ward-3", "x", "Überlastung", "a" * 60]
)


@given(learnt=st.lists(WORDS), asked=st.lists(st.lists(WORDS | st.text(max_size=12)), max_size=4))
def test_counting_agrees_with_reading(learnt: list[str], asked: list[list[str]]) -> None:
    stems = Stems()
    stems.learn(" ".join(learnt))
    texts = [" ".join(words) for words in asked]
    assert stems.counts(texts) == [Counter(telling(stems.read(text))) for text in texts]


def test_what_was_learnt_counts_in_any_form_and_nothing_else_is_remembered() -> None:
    stems = Stems()
    stems.learn("lift")
    assert stems.counts(["Lifts lifted the ceilings twice, IT says", "ceilings"]) == [
        {"lift": 2, "ceilings": 1, "twice": 1, "IT": 1, "says": 1},
        {"ceilings": 1},
    ]
    assert set(stems.forms) == {"lift"}
