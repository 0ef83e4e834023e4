"""The bytes of a week: public sizes whatever stands in them, the worst that anybody can send included."""

import datetime as dt
import random
from typing import Any

import pytest

from concerns.sealing.shelf import fits
from concerns.triage.index.card import SHORT, Card
from concerns.triage.index.making import LONGEST_CODE, MOST_KEPT_OUT, MOST_SERIOUS, MOST_THEMES
from concerns.triage.index.serious import Serious
from concerns.triage.index.shards import (
    CUT,
    pack_cards,
    pack_texts,
    unpack_cards,
    unpack_texts,
)
from concerns.triage.index.week import Week
from concerns.triage.rules import first_words

WEEK = dt.date(2026, 11, 16)
CHANCE = random.Random(1)


def hexed(digits: int) -> str:
    return "".join(CHANCE.choices("0123456789abcdef", k=digits))


def noise(length: int) -> str:
    """What no compression makes shorter, four bytes each."""
    return "".join(chr(CHANCE.randint(0x20000, 0x2A6DF)) for _sign in range(length))


def card(**said: Any) -> Card:
    plain: dict[str, Any] = dict.fromkeys(Card._fields, "") | dict.fromkeys(
        ("danger", "detriment", "detriment_answered", "sorted", "waits", "mine_last", "doubted", "damaged"), False
    )
    plain |= {name: [] for name in ("themes", "sorters", "serious", "kept_out")}
    plain |= dict.fromkeys(("last_day", "first_day", "second", "messages", "asked_until", "owed_day"), 739_950) | {
        "ours": True,
        "check": 0,
    }
    return Card(**plain | {"week": WEEK, "thread": hexed(32), "token": hexed(16), "news": hexed(16)} | said)


def worst() -> Card:
    codes = ("area", "worry", "consent", "language", "channel", "tier", "status", "outcome", "primary")
    return card(
        words=first_words(noise(90)),
        **{code: hexed(LONGEST_CODE) for code in codes},
        themes=[hexed(LONGEST_CODE) for _theme in range(MOST_THEMES)],
        sorters=[hexed(SHORT) for _sorter in range(MOST_THEMES)],
        holder=hexed(SHORT),
        kept_out=[hexed(SHORT) for _person in range(MOST_KEPT_OUT)],
        owed="Answer how they are treated",
        serious=["sexually harassing"] * MOST_SERIOUS,
        event=hexed(32),
    )


def week_of(*cards: Card) -> Week:
    week = Week(WEEK, "stamp")
    for one in cards:
        week.put(one)
        week.waiting[one.thread] = hexed(16)  # a guardian wrote in each of them on this very day
    return week


@pytest.mark.parametrize("number", [1, 3, 200])
def test_s6_cards_of_any_kind_have_the_size_of_their_number(number: int) -> None:
    plain = pack_cards(week_of(*(card(words="The lift sticks.") for _card in range(number))), number)
    hostile = pack_cards(week_of(*(worst() for _card in range(number))), number)
    unopened = Week(WEEK, "stamp", {hexed(32): hexed(16) for _card in range(number)})
    unopened.damaged, unopened.waiting = set(unopened.shut), {thread: hexed(16) for thread in unopened.shut}
    shut = pack_cards(unopened, number)
    assert unpack_cards(WEEK, shut.payload).damaged == unopened.damaged
    assert plain.size == hostile.size == shut.size
    for row in (plain, hostile, shut):
        assert fits(row.payload, row.size)
    again = unpack_cards(WEEK, plain.payload)
    assert len(again.waiting) == number
    assert (len(again.open), again.closed_number) == (number, 0)
    assert (again.stamp, len(again.cards)) == ("stamp", number)
    assert {one.words for one in again.cards.values()} == {"The lift sticks."}
    assert len(unpack_cards(WEEK, hostile.payload).cards) == number


def test_closed_cards_are_read_only_when_somebody_asks() -> None:
    closed = [card(status="concluded", words="Closed.") for _card in range(3)]
    waiting = [
        card(status="concluded", **why)
        for why in ({"waits": True}, {"check": 739_990}, {"serious": ["knife"]}, {"detriment": True})
    ]
    found = unpack_cards(WEEK, pack_cards(week_of(*closed, *waiting), 7).payload)
    assert set(found.open) == {one.thread for one in waiting} and found.closed_number == 3
    assert "closed" not in vars(found)
    assert set(found.cards) == {one.thread for one in (*closed, *waiting)}
    found.put(closed[0]._replace(status="reopened"))
    assert (len(found.open), found.closed_number) == (5, 2)
    found.drop(waiting[0].thread)
    assert waiting[0].thread not in unpack_cards(WEEK, pack_cards(found, 7).payload).cards


def test_s6_texts_of_any_length_have_the_size_of_their_number() -> None:
    long, short = noise(3000), "The lift sticks."
    sizes = set()
    for texts in ({"a": long, "b": short}, {"a": short, "b": short}, {}):
        row = pack_texts(WEEK, texts, 2)
        assert fits(row.payload, row.size)
        sizes.add(row.size)
    assert len(sizes) == 1


def test_only_the_longest_texts_are_cut_and_say_so() -> None:
    texts = {hexed(32): noise(3000), hexed(32): noise(3000), hexed(32): "The lift sticks between floors."}
    found = unpack_texts(pack_texts(WEEK, texts, 3).payload)
    assert set(found) == set(texts)
    cut = [text for text in found.values() if text.endswith(CUT)]
    assert len(cut) == 2 and all(len(text) > 800 for text in cut)
    assert "The lift sticks between floors." in found.values()


def test_an_ordinary_week_is_kept_whole() -> None:
    words = "night shift nurses beds call bells answered patient lift floors rota medicine corridor key manager".split()
    texts = {hexed(32): " ".join(CHANCE.choices(words, k=280)) for _flag in range(70)}
    assert unpack_texts(pack_texts(WEEK, texts, 70).payload) == texts
    one = {hexed(32): " ".join(CHANCE.choices(words, k=1700))}
    assert unpack_texts(pack_texts(WEEK, one, 1).payload) == one


@pytest.mark.parametrize("payload", [b"", b"x", b"x\x9cK\x04\x00\x00b\x00b"])
def test_bytes_of_another_version_are_an_empty_week(payload: bytes) -> None:
    found = unpack_cards(WEEK, payload)
    assert (found.stamp, found.cards, found.closed_number) == ("", {}, 0)
    assert unpack_texts(payload) == {}


class TestSerious:
    WORDS = Serious(["suicid*", "self harm*", "knife", "kill himself"])

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("She spoke of suicide.", ["suicide"]),
            ("SELF-HARMING again; a Knife", ["self-harming", "knife"]),
            ("He said he would kill\n himself. He would kill himself", ["kill himself"]),
            ("a penknife, knifelike, unsuicidal", []),
            ("", []),
            ("\U0001f600" * 90, []),
        ],
    )
    def test_words_are_found_whole_in_any_case_and_shown_as_they_stand(self, text: str, found: list[str]) -> None:
        assert self.WORDS.found(text) == found

    def test_an_empty_list_finds_nothing(self) -> None:
        assert Serious([]).found("knife") == []
