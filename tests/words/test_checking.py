"""The text check: what it stops and what it lets through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerns.words import checking
from concerns.words.checking import check, text_hash
from concerns.words.phrases import _NOTHING, CONTENT, FEW, LONG, Phrases, tokens

FLAG = "Two of us cover thirty beds at night and the call bells aren’t answered for an hour."
CLEAN = "People tell us that nights are thinly staffed. We will look at how many of us there are on each shift."


def failed(draft: str, *told: str, areas: tuple[str, ...] = ()) -> tuple[str, ...]:
    return check(draft, ((str(number), text) for number, text in enumerate(told)), areas).rules


def test_a_text_in_other_words_passes_and_keeps_no_word() -> None:
    checked = check(CLEAN, [("a", FLAG)], ["Ward 2", "Theatres"])
    assert checked.passed
    assert checked.kept == {"passed": True, "rules": [], "hash": text_hash(CLEAN)}


def test_only_pass_or_fail_rule_ids_and_a_hash_may_be_kept() -> None:
    checked = check("They cover thirty beds at night and Dave says “help”", [("a", FLAG)])
    assert checked.found
    assert set(checked.kept) == {"passed", "rules", "hash"}
    assert set(checked.kept["rules"]) <= set(checking.RULES)
    assert not [word for word in tokens(FLAG) if len(word) > 3 and word in str(checked.kept)]


@pytest.mark.parametrize(
    "draft",
    [
        "It says that the call bells aren't answered for an hour, and more.",
        "the CALL bells   arent\nanswered for AN hour",
        "The call bells a\u200dren’t answéred for an hour.",
        "𝕋𝕙𝕖 ℂ𝕒𝕝𝕝 𝔹𝕖𝕝𝕝𝕤 𝗔𝗥𝗘𝗡’𝗧 𝗔𝗡𝗦𝗪𝗘𝗥𝗘𝗗 𝑭𝒐𝒓 𝑨𝒏 𝑯𝒐𝒖𝒓",
    ],
)
def test_six_words_of_a_flag_fail_however_they_are_written(draft: str) -> None:
    assert checking.OVERLAP in failed(draft, FLAG)


@pytest.mark.parametrize(
    "text", ["𝐓𝐰𝐨 of us", "ℂ and №", "\u0149 and \u02bcn", "\u03f9\u03f2\u03a3", "\u1d2c\ufb01 ŁÓDŹ"]
)
def test_words_are_read_once_and_for_all(text: str) -> None:
    assert tokens(" ".join(tokens(text))) == tokens(text)


def test_five_words_pass_and_what_many_flags_say_passes() -> None:
    draft = "It is about call bells that nobody hears at night and the beds"
    assert failed(draft, FLAG) == ()
    said = "there are not enough of us on the late shift"
    assert checking.OVERLAP in failed(f"We hear that {said} now.", *[f"Again {said}!"] * FEW)
    assert failed(f"We hear that {said} now.", *[f"Again {said}!"] * (FEW + 1)) == ()


def test_one_word_changed_fails_where_enough_words_say_something() -> None:
    assert failed("The call bells are seldom answered for an hour or so.", FLAG) == ()
    assert failed("Two nurses cover forty beds at night here, so two cover many beds.", FLAG) == ()
    assert failed("Here they cover forty beds at night and the like", FLAG) == (checking.NEAR,)
    assert failed("but we have to do that on the day of it", "so we have to do this on the day of it") == ()


def test_a_flag_in_several_texts_is_one_flag() -> None:
    said = "the drugs trolley is left open in the corridor"
    told = [("one", f"{said} {number}") for number in range(9)]
    assert checking.OVERLAP in check(f"They say {said} often", told).rules


def test_languages_without_spaces_are_compared_too() -> None:
    assert checking.OVERLAP in failed("有人说病房晚上没有护士了", "我们的病房晚上没有护士")
    assert failed("我们会看看人手", "我们的病房晚上没有护士") == ()


@pytest.mark.parametrize(
    ("draft", "rule"),
    [
        ("It is “not safe” at night.", checking.QUOTES),
        ("It is 'not safe' at night.", checking.QUOTES),
        ("It is «not safe» at night.", checking.QUOTES),
        ("It is ‘not safe’ at night.", checking.QUOTES),
        ("There are 30 beds.", checking.DIGITS),
        ("There are ３０ beds.", checking.DIGITS),
        ("Half of them: ½.", checking.DIGITS),
        ("There are ٣ beds.", checking.DIGITS),
        ("It happens on mondays.", checking.CALENDAR),
        ("It began in May.", checking.CALENDAR),
        ("It began before Sept.", checking.CALENDAR),
        ("Digwyddodd ym mis Rhagfyr.", checking.CALENDAR),
        ("We spoke to Dave about it.", checking.NAMES),
        ("We will ask Fiddlewick about it.", checking.NAMES),
        ("Write to someone@example.org about it.", checking.DETAILS),
        ("It was half past three.", checking.DETAILS),
        ("It is the same in Day  Surgery.", checking.AREAS),
    ],
)
def test_each_rule_stops_its_own(draft: str, rule: str) -> None:
    assert rule in failed(draft, areas=("Day surgery",))
    assert (
        failed("It is not safe at night. The nurses' rota may be thin, and we march on.", areas=("Day surgery",)) == ()
    )


def test_words_of_the_language_are_no_dates() -> None:
    assert failed("People may march on. The sun sat on the sill, and it may be wed to the mar of it.") == ()


WORDS = st.sampled_from("the of to and beds bells night ward nurse call staff left open door not it".split())
TEXTS = st.lists(WORDS, max_size=30).map(" ".join)


def naive(draft: str, told: list[tuple[str, str]]) -> tuple[bool, bool]:
    """What the rules say, without any index: every window of the draft against every window of every flag."""
    exact = near = False
    mine = windows(draft)
    flags = [(flag, windows(text)) for flag, text in told]
    for window in mine:
        exact |= 1 <= len({flag for flag, theirs in flags if window in theirs}) <= FEW
        for place in range(LONG):
            rest = window[:place] + window[place + 1 :]
            if sum(word not in _NOTHING for word in rest) >= CONTENT:
                holders = {flag for flag, theirs in flags for one in theirs if one[:place] + one[place + 1 :] == rest}
                near |= 1 <= len(holders) <= FEW
    return exact, near


def windows(text: str) -> list[tuple[str, ...]]:
    words = tokens(text)
    return [tuple(words[at : at + LONG]) for at in range(len(words) - LONG + 1)]


@settings(max_examples=150)
@given(draft=TEXTS, told=st.lists(st.tuples(st.sampled_from("abcdefg"), TEXTS), max_size=9))
def test_the_index_finds_what_comparing_everything_with_everything_finds(
    draft: str, told: list[tuple[str, str]]
) -> None:
    phrases = Phrases(draft)
    for flag, text in told:
        phrases.compare(flag, text)
    exact, near = phrases.copied()
    expected_exact, expected_near = naive(draft, told)
    assert bool(exact) == expected_exact
    assert bool(exact or near) == (expected_exact or expected_near)


@settings(max_examples=150)
@given(flag=st.lists(st.text(max_size=12), min_size=1, max_size=40), start=st.integers(0, 30), around=st.text())
def test_six_words_of_anything_that_was_told_never_pass(flag: list[str], start: int, around: str) -> None:
    words = tokens(" ".join(flag))[start : start + LONG]
    if len(words) == LONG:
        assert checking.OVERLAP in failed(f"{around} . {' '.join(words)} . {around}", " ".join(flag))


@given(st.text())
def test_it_takes_any_text(draft: str) -> None:
    assert check(draft, [("a", draft[::-1])], [draft]).hash == text_hash(draft)
