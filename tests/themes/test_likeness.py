"""Flags like one another, and words that rise; no name ever does."""

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerns.themes.likeness import FLOOR, Alike, holding, more_like, rising, same, similar
from concerns.themes.stemming import stem

POOL = [
    "The lift stopped between floors with a patient inside",
    "Breakfast came at noon because the trolley went to the wrong building",
    "A lady was stuck in the lift and nobody had the key",
    "We are two nurses for thirty beds at night",
]
OLD = [f"The rota is short and {word} was late" for word in "tea lunch post laundry bread milk linen ice".split()] * 4


def test_the_likest_come_first_and_only_from_the_floor_on() -> None:
    found = similar("A patient was stuck in the lift between two floors", POOL, FLOOR)
    assert [one.place for one in found] == [0, 2]
    assert found[0].likeness > found[1].likeness >= FLOOR
    assert similar("Somebody was stuck in the lift", POOL, 0.99) == []
    assert len(similar("lift trolley nurses lady", POOL, 0.0, k=2)) == 2


def test_an_exact_repeat_is_wholly_alike() -> None:
    (found,) = similar(POOL[1], POOL, 0.9)
    assert found.place == 1
    assert found.likeness == pytest.approx(1)


def test_nothing_in_common_is_never_alike() -> None:
    assert similar("Zebra", POOL, 0.0) == []
    assert similar("", POOL, 0.0) == []
    assert similar("lift", [], 0.0) == []
    assert more_like([], POOL) == []


def test_more_like_several_takes_them_together() -> None:
    found = more_like(["The lift is broken", "No nurses at night"], POOL, k=3)
    assert {one.place for one in found} == {0, 2, 3}


def test_a_word_rises_in_the_form_that_most_flags_have() -> None:
    new = [f"The drones fly over the yard, {word}" for word in ("noisy", "low", "again", "nightly", "daily")]
    found = rising([*new, "A drone fell", *OLD[:4]], OLD)
    assert found[0].word in {"drones", "drone"}
    (drone,) = [one for one in found if one.word.startswith("drone")]
    assert (drone.word, drone.flags) == ("drones", 6)
    assert drone.log_odds > 0


def test_a_word_in_fewer_flags_does_not_rise_however_often_it_is_said() -> None:
    assert not rising(["drones drones drones drones", "drones", *OLD[:4]], OLD)


def test_no_name_rises() -> None:
    new = [
        f"Bronya shouted at me about the {word}. Ring 07700 900123" for word in ("rota", "post", "bread", "tea", "ice")
    ]
    found = {one.word for one in rising(new, OLD)}
    assert found
    assert not {"bronya", "07700", "900123"} & found


def test_nothing_rises_among_the_same() -> None:
    assert rising(OLD[:16], OLD) == []
    assert rising([], OLD) == []
    assert rising(OLD, []) == []


@settings(max_examples=40)
@given(st.lists(st.text(max_size=60), max_size=6), st.text(max_size=60))
def test_any_texts_get_an_answer(pool: list[str], text: str) -> None:
    found = similar(text, pool, 0.0)
    assert all(isinstance(one, Alike) and 0 < one.likeness <= 1 for one in found)
    assert found == similar(text, pool, 0.0)
    assert all(one.flags >= 3 for one in rising([*pool, text], pool))
    assert len(more_like([text], pool, k=2)) <= 2


WORDS = st.lists(
    st.sampled_from("lift beds ward night nurses bell rota door key bread".split()), min_size=1, max_size=12
)


@settings(max_examples=60)
@given(st.lists(WORDS, min_size=1, max_size=8), WORDS, st.sampled_from([0.0, 0.15, 0.5]))
def test_the_quick_way_finds_what_the_plain_definition_finds(
    pool: list[list[str]], asked: list[str], floor: float
) -> None:
    """Cosine of the counts' logarithms, weighted by the rarity of each stem (tf-idf), written as the books have it."""
    texts = [Counter(map(stem, words)) for words in [asked, *pool]]
    rarity = {word: math.log(1 + len(texts) / sum(word in text for text in texts)) for text in texts for word in text}
    own, *others = ({word: (1 + math.log(times)) * rarity[word] for word, times in text.items()} for text in texts)

    def dot(one: dict[str, float], other: dict[str, float]) -> float:
        return sum(weight * other.get(word, 0.0) for word, weight in one.items())

    plain = [dot(own, one) / math.sqrt(dot(own, own) * dot(one, one)) for one in others]
    found = {one.place: one.likeness for one in similar(" ".join(asked), [" ".join(one) for one in pool], floor, 99)}
    for place, likeness in enumerate(plain):
        if abs(likeness - floor) > 1e-9:
            assert (place in found) is (likeness > floor)
        assert found.get(place, likeness) == pytest.approx(likeness)


def test_texts_that_have_a_word_are_found_by_any_of_its_forms() -> None:
    texts = ["The drones fly", "A DRONE fell.", "Droning on", "No such thing", ""]
    assert holding("drone", texts) == holding("Drones", texts) == [0, 1, 2]
    assert holding("", texts) == []
    assert holding("zebra", texts) == []


def test_the_same_words_are_the_same_text() -> None:
    assert same("The lift\n\nstopped. ", "THE LIFT stopped.")
    assert not same("The lift stopped.", "The lift stopped again.")
