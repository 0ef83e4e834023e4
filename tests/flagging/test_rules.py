import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.disclosure import promise
from concerns.flagging import rules, wording
from concerns.sealing.envelope import Header, Kind, seal
from concerns.sealing.keys import PUBLIC_BYTES
from concerns.sealing.text import tidy, to_text
from concerns.triage import rules as triage_rules

CLOCKS = {"acknowledge_days": 7, "update_days": 14, "feedback_months": 3}


class TestText:
    def test_line_ends_are_one_kind_and_what_cannot_be_seen_goes(self) -> None:
        assert tidy("  one\r\ntwo\rthree\x00\x07\tfour \n") == "one\ntwo\nthree four"

    @pytest.mark.parametrize(
        ("text", "over"),
        [
            ("a" * 12_000, 0),
            ("a" * 12_001, 1),
            ("a" * 12_500, 500),
            ("é" * 6_000, 0),
            ("é" * 6_007, 7),
            ("\n" * 1_000 + "a" * 11_000, 0),
        ],
    )
    def test_the_excess_is_told_in_characters_to_take_out(self, text: str, over: int) -> None:
        assert rules.too_long(text) == over

    @given(st.text(max_size=60), st.integers(1, 700))
    def test_a_text_that_fits_by_the_rule_fits_into_the_envelope(self, piece: str, times: int) -> None:
        text = tidy(piece * times)
        kept = text[: len(text) - rules.too_long(text)]
        keys = {"kem": to_text(bytes(PUBLIC_BYTES)), "sign": to_text(bytes(32))}
        told = {"text": kept, "area": "a" * 60, "worry": "not at all", "consent": "count", "danger": "yes", **keys}
        rest = {"language": "cy", "channel": "online", "mode": "anonymous"}
        header = Header(Kind.FLAG, bytes(16), bytes(16), bytes(16))
        assert len(seal(header, told | rest, []).body) == 16384 + 16

    def test_head_counts_are_said_roundly(self) -> None:
        assert [rules.about(staff) for staff in (0, 3, 12, 24, 44, 45, 140)] == [5, 5, 10, 25, 40, 40, 140]


class TestWords:
    """Both doors must mean the same by a stored word."""

    def test_worries_consents_and_statuses_are_those_of_the_desk(self) -> None:
        assert list(rules.WORRIES) == list(triage_rules.WORRIES)
        assert list(rules.CONSENTS) == list(triage_rules.CONSENTS)
        assert list(rules.STATUSES) == [one for one in triage_rules.STATUSES if one not in triage_rules.INTERNAL]

    def test_every_stored_word_has_plain_words(self) -> None:
        assert set(wording.WORRIES) == {*rules.WORRIES, ""}
        assert set(wording.CONSENTS) == set(rules.CONSENTS)
        assert set(wording.STATUSES) == set(rules.STATUSES)
        assert set(wording.OUTCOMES) == set(triage_rules.OUTCOMES)
        assert set(wording.DANGER) == set(rules.DANGER)

    def test_a_merged_concern_has_no_status_of_its_own_for_its_reporter(self) -> None:
        assert "merged" not in rules.STATUSES


class TestDates:
    def test_clocks_run_from_the_monday_after_the_week_of_collection(self) -> None:
        for day in range(23, 30):
            found = rules.dates(dt.date(2026, 11, day), CLOCKS)
            assert found == rules.Dates(acknowledged=dt.date(2026, 12, 7), feedback=dt.date(2027, 2, 28))

    def test_the_next_word_is_owed_until_the_end(self) -> None:
        collected, said = dt.date(2026, 11, 23), dt.date(2026, 12, 9)
        assert rules.next_date("received", collected, None, CLOCKS) == dt.date(2026, 12, 7)
        assert rules.next_date("assessing", collected, said, CLOCKS) == dt.date(2026, 12, 28)
        assert rules.next_date("concluded", collected, said, CLOCKS) is None


class TestBound:
    def test_one_flag_in_two_kinds_lifts_one_in_twenty_to_one_in_eight(self) -> None:
        once = promise.lifted(Fraction(1, 20), Fraction(1))
        assert once == pytest.approx(0.1252, abs=1e-4)
        assert promise.one_in(once) == 8
        assert promise.lifted(Fraction(1, 20), Fraction(1), 2) == pytest.approx(0.28, abs=0.001)

    @given(st.fractions(Fraction(1, 1000), Fraction(9, 10)), st.fractions(0, 2))
    def test_the_odds_grow_by_the_factor_and_no_more(self, prior: Fraction, epsilon: Fraction) -> None:
        after = promise.lifted(prior, epsilon)
        assert prior <= after + 1e-12
        assert after < 1


class TestWhatIsSeen:
    @pytest.mark.parametrize(
        "text", ["a", "7", "?", "é", "😀", "字", "\ufffd", "\U0001fae9", "\u200b.", "ก"], ids=ascii
    )
    def test_a_sign_says_something(self, text: str) -> None:
        assert rules.says_something(text)

    @pytest.mark.parametrize(
        "text",
        ["", " \n", "\0", "\u200b", "\u3164", "\ufe0f", "\u202e", "\U000e0041", "\ud800", "\uffff", "\ufff0"],
        ids=ascii,
    )
    def test_what_cannot_be_seen_says_nothing(self, text: str) -> None:
        assert not rules.says_something(text)

    @given(st.text(st.characters()))
    def test_what_is_readable_can_be_written_and_stays_so(self, text: str) -> None:
        kept = rules.readable(text + "\ud83d\uffff\x85")
        assert rules.readable(kept) == kept
        assert kept.encode().decode() == kept
        assert len(kept) >= sum(letter.isalnum() for letter in text)


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("999", "999"),
        ("0800 028 0285", "08000280285"),
        ("+44 (0)20 3117-2520", "+4402031172520"),
        ("020\u00a03117\u00a02520", "02031172520"),
        ("Ask your switchboard for the site manager", None),
        ("Ask for 999", None),
        ("1e5", None),
        ("1_000", None),
        ("٩٩٩", None),
        ("999 or 112", None),
        ("inf", None),
        ("-1", None),
        ("", None),
    ],
)
def test_only_a_number_can_be_dialled(number: str, dialled: str | None) -> None:
    assert rules.dial(number) == dialled
