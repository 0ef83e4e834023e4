"""Statuses, scales, clocks, limits and the order of a thread."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.sealing.chain import in_order
from concerns.sealing.text import tidy
from concerns.triage.rules import (
    STATUSES,
    TEXT_LIMIT,
    Step,
    band,
    bytes_over,
    due,
    first_words,
    score_of,
    steps_from,
)

WEEK = dt.date(2026, 11, 16)
CLOCKS = {"acknowledge_days": 7, "update_days": 14}


def test_every_score_has_its_band() -> None:
    scores = {score_of(c, likelihood) for c in range(1, 6) for likelihood in range(1, 6)}
    assert {score for score in scores if band(score) == "low"} == {1, 2, 3}
    assert {score for score in scores if band(score) == "moderate"} == {4, 5, 6}
    assert {score for score in scores if band(score) == "high"} == {8, 9, 10, 12}
    assert {score for score in scores if band(score) == "extreme"} == {15, 16, 20, 25}


def test_from_every_status_one_may_stay_and_go_on() -> None:
    for status in STATUSES:
        steps = steps_from(Step(status))
        assert steps[0] == Step(status)
        assert len(steps) > 1
        assert len({step.code for step in steps}) == len(steps)


def test_no_status_leads_back_to_received_and_nobody_merges() -> None:
    offered = {step.status for status in STATUSES if status != "received" for step in steps_from(Step(status))[1:]}
    assert "received" not in offered
    assert "merged" not in offered


def test_a_linked_telling_may_be_merged_until_it_is_concluded() -> None:
    assert Step("merged") in steps_from(Step("assessing"), linked=True)
    assert Step("merged") not in steps_from(Step("concluded", "acted"), linked=True)
    assert steps_from(Step("merged"))[0] == Step("merged") and len(steps_from(Step("merged"), linked=True)) > 2


def test_a_conclusion_can_be_watched_or_reopened() -> None:
    offered = {step.status for step in steps_from(Step("concluded", "acted"))}
    assert offered == {"concluded", "relapse watch", "reopened"}


def test_an_unknown_status_can_be_left() -> None:
    assert Step("invented") not in steps_from(Step("invented"))
    assert steps_from(Step("invented"))


def test_a_conclusion_and_a_signpost_need_a_reason() -> None:
    assert Step("concluded", "partly").needs_reason
    assert Step("signposted").needs_reason
    assert not Step("assessing").needs_reason
    assert Step("concluded", "not acted").name == "Concluded: not acted"


def test_clocks_run_from_the_monday_after_collection() -> None:
    first = due(Step("received"), WEEK, None, CLOCKS)
    assert first is not None
    assert first.day == dt.date(2026, 11, 30)
    assert not first.overdue(dt.date(2026, 11, 30))
    assert first.overdue(dt.date(2026, 12, 1))


def test_later_clocks_run_from_the_last_record() -> None:
    later = due(Step("assessing"), WEEK, dt.date(2026, 12, 10), CLOCKS)
    assert later is not None
    assert later.day == dt.date(2026, 12, 24)
    assert due(Step("concluded", "acted"), WEEK, dt.date(2026, 12, 10), CLOCKS) is None


def test_a_text_fits_up_to_the_limit() -> None:
    assert bytes_over("x" * TEXT_LIMIT) == 0
    assert bytes_over("x" * (TEXT_LIMIT + 3)) == 3
    assert bytes_over("é" * (TEXT_LIMIT // 2 + 1)) == 2
    assert bytes_over('"' * TEXT_LIMIT) > 0  # written as JSON it takes twice the room


@given(st.text(max_size=300))
def test_a_tidied_text_stays_as_it_is(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert all(letter == "\n" or letter >= " " for letter in once)


@given(st.text(max_size=500))
def test_the_first_words_stand_on_one_line(text: str) -> None:
    line = first_words(text)
    assert "\n" not in line
    assert len(line) <= 92


def test_first_words_are_cut_between_words() -> None:
    assert first_words("one two three", longest=9) == "one two\N{NO-BREAK SPACE}…"
    assert first_words("one two") == "one two"


def test_first_words_hide_nothing_and_turn_nothing_round() -> None:
    line = first_words("Safe \u202e gnihton \u2066 \x85 \u2028 more")
    assert line == "Safe [U+202E] gnihton [U+2066] more", "what ends a line is a space"
    for sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b":
        assert first_words(f"a{sign}b") == f"a[U+{ord(sign):04X}]b"
    assert first_words("Mae\u200d \u0645\u200f") == "Mae\u200d \u0645\u200f", "what many languages need stays"
    assert len(first_words("\u202e" * 12_000)) <= 92


def test_links_decide_the_order_and_ranks_only_what_is_left_open() -> None:
    links = [("c", ["b"], 0), ("b", ["a"], 5), ("a", [], 9), ("d", [], 1)]
    assert in_order(links) == ["d", "a", "b", "c"]


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefgh"), max_size=3), st.integers(0, 3)),
        max_size=6,
        unique_by=lambda link: link[0],
    )
)
def test_any_links_at_all_give_each_envelope_once(links: list[tuple[str, list[str], int]]) -> None:
    assert sorted(in_order(links)) == sorted(own for own, _before, _rank in links)


@pytest.mark.parametrize("text", ["\x00\x07Hello\r\nthere\t.", "  Hello\nthere . "])
def test_what_cannot_be_seen_is_left_out(text: str) -> None:
    assert tidy(text) == "Hello\nthere ."
