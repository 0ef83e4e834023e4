"""Whatever a reporter wrote is shown as text: details marked, nothing runs, nothing turns the page round."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.triage.case.marked import KINDS, details, marked, plain
from concerns.triage.rules import TEXT_LIMIT
from concerns.words.sheet import RULES
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import words
from tests.triage.telling import collect_now, tell

TURNED = "Safe \u202e gnihton \u202c and \u2067 more \u2069"
HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %}",
    "formula": '=HYPERLINK("http://evil.example","x")\n@SUM(1)\n+1\n-1\t=2',
    "bidi": TURNED,
    "controls": "a\x1bb\x85c\u2028d\u206ae\ufff9f",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20,
    "arabic": "هذا ليس آمنا\u200f. لا أحد يجيب.",
    "chinese": "晚上只有两个人。" * 30,
    "longest": "x" * TEXT_LIMIT,
    "closing": "</div></main></body></html><!--",
}


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def shown(text: str) -> str:
    return "".join(piece.text for piece in marked(text))


def test_details_are_marked_with_their_kind_and_counted() -> None:
    pieces = marked("Sister Mary rang 07700 900123 on 3 May. I was the only one.")
    found = [(piece.text, piece.kind) for piece in pieces if piece.kind]
    assert ("07700 900123", "phone number") in found
    assert ("on 3 May", "date") in found
    assert "1 phone number" in details(pieces)
    assert "1 date" in details(pieces)
    assert details(marked("Nothing to see.")) == ""
    assert "2 phone numbers" in details(marked("07700 900123 or 07700 900124"))


def test_every_kind_that_the_spotter_knows_has_its_words() -> None:
    assert {rule.kind for rule in RULES} <= set(KINDS)


@given(st.text(max_size=200))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    for pieces in (plain(text), marked(text)):
        assert "".join(chr(int(piece.text[3:-1], 16)) if piece.odd else piece.text for piece in pieces) == text


@given(st.text(alphabet="ab \u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\x1b\u2028", max_size=60))
def test_no_sign_that_turns_text_round_is_left(text: str) -> None:
    assert not set(shown(text)) & set("\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\x1b\u2028")


def test_what_other_languages_and_emoji_need_stays() -> None:
    for name in ("emoji", "arabic", "chinese"):
        assert shown(HOSTILE[name]) == HOSTILE[name]
    assert [piece.text for piece in plain("a\u202eb")] == ["a", "[U+202E]", "b"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_shown_as_text_wherever_it_stands(gita: Desk, instance: Instance, name: str) -> None:
    text = HOSTILE[name]
    part = text[: TEXT_LIMIT // 4]
    told = tell(instance, text) if name == "longest" else tell(instance, part, cause=part, help=part)
    told.detail(part)
    collect_now(instance)
    note = {"note": text, "reply": "" if name == "longest" else text, "primary": "N01"}
    gita.client.submit(gita.client.get(told.path), note, button="Save")
    page = gita.client.get(told.path)
    assert not list(page.tree.iter("img"))
    assert len(list(page.tree.iter("script"))) == 2
    for sign in "\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\x1b\x85\u2028\u206a\ufff9":
        assert sign not in page.html
    first = " ".join(shown(part).split())[:60]
    kinds = "|".join(one for one, _several in KINDS.values())
    assert re.sub(rf" \((?:{kinds})\)", "", page.text).count(first) >= 3


def test_naive_text_would_turn_the_page_round(gita: Desk, instance: Instance) -> None:
    """The override is in what was told, and in the page it is a number in brackets."""
    told = tell(instance, TURNED)
    assert "\u202e" in told.opened().flag["text"]
    page = gita.client.get(told.path)
    assert [words(one) for one in page.with_class("desk-odd")] == ["[U+202E]", "[U+202C]", "[U+2067]", "[U+2069]"]
    assert "stand as numbers in square brackets" in page.text


def test_the_page_counts_what_could_identify_and_says_it_is_not_complete(gita: Desk, instance: Instance) -> None:
    told = tell(instance, "Ring 07700 900123.", cause="On 3 May.")
    told.detail("Or 07700 900124.")
    collect_now(instance)
    page = gita.client.get(told.path)
    assert "Details that could identify somebody: 2 phone numbers, 1 date." in page.text
    assert "the search never finds all of them" in page.text
    assert [words(one) for one in page.with_class("desk-mark")] == [
        "07700 900123 (phone number)",
        "On 3 May (date)",
        "07700 900124 (phone number)",
    ]


def test_where_nothing_was_spotted_the_page_does_not_say_there_is_nothing(gita: Desk, instance: Instance) -> None:
    assert "There may be some: the search never finds" in gita.client.get(tell(instance, "It is cold.").path).text


def test_a_flood_of_additions_is_shown_and_only_the_newest_are_searched(gita: Desk, instance: Instance) -> None:
    told = tell(instance, "It is cold.")
    for number in range(4):
        told.detail(f"Ring 07700 90012{number}. " + "cold " * 1000)
    collect_now(instance)
    page = gita.client.get(told.path)
    assert len(page.with_class("desk-mark")) == 2
    assert page.text.count("Ring 07700 90012") == 4
