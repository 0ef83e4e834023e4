"""Words that rise together stand together; no name stands among them."""

from concerns.triage.insight.topics import Topic, topics

THINGS = "tea lunch post laundry bread milk linen ice".split()
OLD = [f"The rota is short and {word} was late" for word in THINGS] * 5
DRONES = [f"A drone flew over the {place} while children played, said Bronya" for place in ("yard", "pool", "gate")] * 3
MICE = [f"Mice were in the {place}, droppings in every drawer" for place in ("attic", "cellar", "larder")] * 3


def test_rising_words_that_come_together_are_one_topic() -> None:
    found = topics([*DRONES, *MICE, *OLD[:8]], OLD)
    together = [{one.word, *one.beside} for one in found]
    assert any({"drone", "children"} <= words for words in together)
    assert any({"mice", "droppings"} <= words for words in together)
    assert not any("drone" in words and "mice" in words for words in together)


def test_no_word_stands_in_two_topics_and_none_is_of_fewer_than_three_flags() -> None:
    found = topics([*DRONES, *MICE, "A rocket and a kite", "A rocket"], OLD)
    words = [word for one in found for word in (one.word, *one.beside)]
    assert len(words) == len(set(words))
    assert not {"rocket", "kite"} & set(words)
    assert all(one.flags >= 3 for one in found)


def test_no_name_is_ever_shown() -> None:
    shown = {word for one in topics(DRONES, OLD) for word in (one.word, *one.beside)}
    assert shown
    assert "bronya" not in shown


def test_nothing_new_is_no_topic() -> None:
    assert topics(OLD[:8], OLD) == topics([], OLD) == topics(DRONES, []) == list[Topic]()
