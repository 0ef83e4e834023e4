"""Hand-written sentences: enough of them, every slot filled, slips that stay readable."""

from random import Random

import pytest

from concerns.demo.organisation import places
from concerns.demo.phrasebook import Bags, expand, phrasebook
from concerns.demo.wording import Writer, careless, hurried, with_another
from concerns.themes.packs import SECTORS, load_pack

NOT_CORES = ("consequence", "hope")


@pytest.mark.parametrize("sector", SECTORS)
def test_every_theme_of_a_sector_has_words_in_every_setting(sector: str) -> None:
    book = phrasebook(sector)
    assert set(book.themes) == {theme.code for theme in load_pack(sector).themes} | {"other"}
    for theme in book.themes:
        for setting in book.settings:
            assert len(book.cores(theme, setting)) >= 4, (theme, setting)
            assert book.turns(theme, setting, "consequence")
            assert book.turns(theme, setting, "hope")


def test_each_theme_of_the_trust_has_at_least_25_sentences_of_its_own() -> None:
    every: list[str] = []
    for code, lists in phrasebook("nhs").themes.items():
        cores = [one for key, some in lists.items() if not key.startswith(NOT_CORES) for one in some]
        every += cores
        assert len(set(cores)) >= (25 if code != "other" else 15), code
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("sector", SECTORS)
def test_every_slot_of_every_sentence_is_known(sector: str) -> None:
    book, rng = phrasebook(sector), Random(1)
    for setting in book.settings.values():
        for lists in (*book.themes.values(), book.common):
            for sentence in (one for some in lists.values() for one in some):
                said = [expand(sentence, setting.words, rng) for _time in range(4)]
                assert not any("{" in one or " ." in one or " ," in one for one in said), said


@pytest.mark.parametrize("sector", SECTORS)
def test_every_area_has_a_setting_that_people_talk_in(sector: str) -> None:
    assert {place.setting for place in places(sector)} <= set(phrasebook(sector).settings)


def test_a_bag_gives_everything_once_before_anything_twice() -> None:
    bags, items = Bags(Random(2)), ["a", "b", "c", "d"]
    drawn = [bags.draw(("key",), items) for _ in range(8)]
    assert sorted(drawn[:4]) == sorted(drawn[4:]) == items


def test_a_bag_leaves_out_what_was_just_said_while_it_can() -> None:
    bags = Bags(Random(3))
    assert [bags.draw(("key",), ["a", "b"], without=["a"]) for _ in range(5)] == ["b"] * 5
    assert bags.draw(("one",), ["a"], without=["a"]) == "a"


def test_choices_and_words_are_filled_in_and_sentences_start_with_a_capital() -> None:
    text = expand("{one|one}. {place} is {cold|cold in {place}}.", {"place": ["the ward"]}, Random(4))
    assert text in ("One. The ward is cold.", "One. The ward is cold in the ward.")


def test_a_hurried_text_loses_its_marks_but_not_its_i() -> None:
    assert hurried("It isn't safe.") == "it isnt safe"
    assert hurried("I don't know.") == "I dont know"


def test_slips_change_a_few_letters_only() -> None:
    text = "Nobody checks the cupboard during the weekend and everybody carries on."
    slipped = careless(text, Random(5))
    assert slipped != text
    assert abs(len(slipped) - len(text)) <= 3
    assert len(slipped.split()) == len(text.split())
    assert careless("I am ok", Random(5)) == "I am ok"


def test_another_theme_comes_before_the_closing_words() -> None:
    parts = ("opening", "core", "link", "more", "hope", "closing")
    assert with_another(parts) == ("opening", "core", "hope", "link_other", "other", "closing")
    assert with_another(("core",)) == ("core", "link_other", "other")


def test_no_text_comes_twice_and_no_sentence_twice_in_a_text() -> None:
    writer = Writer("nhs", Random(6))
    texts = [writer.flag(("N02", "N05"), "ward") for _ in range(300)]
    assert len(set(texts)) == 300
    again = Writer("nhs", Random(6))
    assert again.flag(("N02", "N05"), "ward") == texts[0]
    for text in texts:
        sentences = [one for one in text.replace("\n\n", " ").split(". ") if len(one) > 40]
        assert len(set(sentences)) == len(sentences)
