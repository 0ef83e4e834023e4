"""The demo's story: as many flags as asked, of every theme, never twice the same, and nobody in them."""

import datetime as dt
import re
import statistics
from collections import Counter

import pytest

from concerns.demo.organisation import places
from concerns.demo.plot import MERGER, NEW_NUMBERS, PHARMACISTS
from concerns.demo.story import SIZES, FlagSeed, flags
from concerns.themes.packs import SECTORS, load_pack

TODAY = dt.date(2026, 11, 22)
BANNED = re.compile(r"whistleblow|\bcases?\b|\baccus|investigate you|good faith|fingerprint", re.IGNORECASE)
HARMS = {None, "none", "low", "moderate", "severe", "fatal"}


@pytest.fixture(scope="module")
def medium() -> list[FlagSeed]:
    return flags("nhs", "medium", seed=1, today=TODAY)


def words(flag: FlagSeed) -> list[str]:
    return [text for text in (flag.text, flag.reply, flag.note, flag.reason, flag.follow_up) if text]


@pytest.mark.parametrize("size", SIZES)
def test_as_many_flags_as_the_size_says(size: str) -> None:
    total, waiting = SIZES[size]
    told = flags("nhs", size, seed=3, today=TODAY)
    assert len(told) == total
    assert sum(flag.triage_delay_days is None for flag in told) == waiting


def test_a_longer_story_has_more_flags_so_that_years_stay_comparable() -> None:
    later = flags("nhs", "small", seed=1, today=dt.date(2028, 11, 19))
    assert 480 < len(later) < 520
    assert len(flags("nhs", "small", seed=1, today=dt.date(2025, 1, 5))) == 300


def test_the_same_arguments_tell_the_same_story(medium: list[FlagSeed]) -> None:
    assert flags("nhs", "medium", seed=1, today=TODAY) == medium
    assert flags("nhs", "medium", seed=2, today=TODAY) != medium


def test_weeks_are_mondays_from_the_beginning_to_today(medium: list[FlagSeed]) -> None:
    weeks = [flag.week for flag in medium]
    assert weeks == sorted(weeks)
    assert {week.weekday() for week in weeks} == {0}
    assert weeks[0] == dt.date(2024, 1, 1)
    assert weeks[-1] == dt.date(2026, 11, 16)
    assert flags("nhs", "small", seed=1, today=dt.date(2026, 11, 23))[-1].week == dt.date(2026, 11, 23)


def test_texts_differ_and_have_a_natural_length(medium: list[FlagSeed]) -> None:
    lengths = [len(flag.text.split()) for flag in medium]
    assert len({flag.text for flag in medium}) == len(medium)
    assert 45 <= statistics.median(lengths) <= 75
    assert min(lengths) >= 8
    assert max(lengths) <= 220
    assert sum(length < 20 for length in lengths) > 100
    assert sum(length > 100 for length in lengths) > 100


def test_no_sentence_of_a_theme_is_heard_too_often(medium: list[FlagSeed]) -> None:
    starts = Counter(sentence[:60] for flag in medium for sentence in re.split(r"(?<=[.?]) |\n\n", flag.text))
    assert max(starts.values()) < 50


def test_every_theme_and_area_is_told_of(medium: list[FlagSeed]) -> None:
    themes = Counter(flag.themes[0] for flag in medium)
    assert set(themes) == {theme.code for theme in load_pack("nhs").themes} | {"other"}
    assert min(themes.values()) >= 40
    assert {flag.area_code for flag in medium} == {place.code for place in places("nhs")} | {None}


def test_some_areas_speak_less_than_their_size(medium: list[FlagSeed]) -> None:
    heard = Counter(flag.area_code for flag in medium)
    staff = {place.code: place.staff for place in places("nhs")}
    assert heard["district-nursing"] / staff["district-nursing"] < 0.5 * heard["maternity"] / staff["maternity"]


def test_the_merger_and_the_pharmacists_show(medium: list[FlagSeed]) -> None:
    medicine = {place.code for place in places("nhs") if place.division == "Medicine and urgent care"}
    short = [flag.week for flag in medium if flag.themes[0] == "N03" and flag.area_code in medicine]
    year = dt.timedelta(weeks=51)
    assert sum(MERGER <= week < NEW_NUMBERS for week in short) > 1.7 * sum(
        MERGER - year <= week < MERGER for week in short
    )
    doses = [flag.week for flag in medium if flag.themes[0] == "N02"]
    before, after = (
        sum(a <= week < b for week in doses)
        for a, b in ((PHARMACISTS - year, PHARMACISTS), (PHARMACISTS, PHARMACISTS + year))
    )
    assert after < 0.7 * before


def test_nobody_speaks_of_the_merger_before_it(medium: list[FlagSeed]) -> None:
    spoken = [
        flag.week for flag in medium if re.search(r"[Tt]wo wards were put|[Aa]fter the merger|wards merged", flag.text)
    ]
    assert spoken
    assert min(spoken) >= MERGER


def test_a_triage_day_is_never_after_today(medium: list[FlagSeed]) -> None:
    days = [f.week + dt.timedelta(days=f.triage_delay_days) for f in medium if f.triage_delay_days is not None]
    assert max(days) <= TODAY


def test_untriaged_flags_hold_nothing_of_a_guardian(medium: list[FlagSeed]) -> None:
    for flag in medium:
        if flag.triage_delay_days is None:
            assert (flag.status, flag.score, flag.reply, flag.note, flag.follow_up) == (
                "received",
                None,
                None,
                None,
                None,
            )
        else:
            assert flag.status != "received"
        assert (flag.status == "concluded") == (flag.outcome is not None) == (flag.reason is not None)
        assert flag.reply or not flag.follow_up


def test_scales_hold_their_own_words_only(medium: list[FlagSeed]) -> None:
    assert {flag.worry for flag in medium} == {None, "very", "fairly", "not very", "not at all"}
    assert {flag.harm for flag in medium} == HARMS
    assert {flag.consent for flag in medium} == {"count", "use", "tell", "ask"}
    scores = {score for flag in medium if (score := flag.score)}
    assert all(1 <= part <= 5 for score in scores for part in score)


@pytest.mark.parametrize("sector", SECTORS)
def test_nothing_identifies_anybody_or_breaks_the_wording(sector: str) -> None:
    for flag in flags(sector, "medium", seed=4, today=TODAY):
        for text in words(flag):
            assert not BANNED.search(text), text
            assert not re.search(r"\d", text), text
            assert not re.search(r"[{}|@]|\b(Dr|Mr|Mrs|Ms|Miss)\b", text), text
            assert text == text.strip()


@pytest.mark.parametrize("sector", SECTORS)
def test_every_sector_has_a_story(sector: str) -> None:
    told = flags(sector, "small", seed=1, today=TODAY)
    assert len({flag.text for flag in told}) == 300
    assert {flag.area_code for flag in told} - {None} <= {place.code for place in places(sector)}


def test_wrong_asking_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="no size “huge”"):
        flags("nhs", "huge", today=TODAY)
    with pytest.raises(ValueError, match="begins on 2024-01-01"):
        flags("nhs", "small", today=dt.date(2023, 12, 31))
    assert len(flags("nhs", "small", today=dt.date(2024, 1, 3))) == SIZES["small"][1]
