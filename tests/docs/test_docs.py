"""What the documents state as a figure or name as a test is so."""

import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from concerns.disclosure.budget import CEILING, MOST_FOR_HANDLING, kinds_for
from concerns.disclosure.promise import lifted
from tests.architecture.test_access import DESK, REPORT
from tests.attacks.games import averaged_right, best_guess, exactly_right

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
USUAL = sum(kinds_for(800, 3000).values(), Fraction(0))
#: Σε as the page writes it, and how many flags of one person
ROWS = [(Fraction(1, 2), 1), (USUAL, 1), (USUAL + MOST_FOR_HANDLING, 1), (CEILING, 1), (USUAL, 3)]
WRITTEN = ["½", "1", "1¼", "2", "3"]
PRIORS = [2, 5, 20, 40, 100]


def table(page: str, first_column: str) -> list[list[str]]:
    """The rows of the table whose first heading is this, without emphasis."""
    lines = page[page.index(f"| {first_column} ") :].splitlines()
    body = [line for line in lines[: lines.index("")] if line.startswith("|")]
    return [[cell.strip().strip("*") for cell in line.strip("|").split("|")] for line in body]


def test_priors_and_posteriors_are_those_of_the_promise_page() -> None:
    head, _rule, *rows = table((ROOT / "docs" / "privacy.md").read_text(), "Σε, and flags of one person")
    assert head[1:] == [f"from 1 in {prior}" for prior in PRIORS]
    computed = [[f"{100 * lifted(Fraction(1, prior), *row):.0f} %" for prior in PRIORS] for row in ROWS]
    assert [row[1:] for row in rows] == computed
    assert [row[0].split(":")[0] for row in rows] == WRITTEN
    assert USUAL == 1 and Fraction(5, 4) == USUAL + MOST_FOR_HANDLING and CEILING == 2
    # two flags at the default are what the ceiling is, as the page says
    assert lifted(Fraction(1, 20), USUAL, 2) == lifted(Fraction(1, 20), CEILING)


def test_the_attack_table_states_what_theory_allows() -> None:
    """The guesses of an even suspicion at ε = ½, 1 and 2, and how often a number is exact after one draw, or eighty."""
    half, one, two = (f"{100 * best_guess(epsilon):.0f} %" for epsilon in (Fraction(1, 2), 1, 2))
    drawn, averaged = (f"{100 * right(Fraction(1, 2)):.0f} in 100" for right in (exactly_right, averaged_over_80))
    assert (half, one, two, drawn, averaged) == ("62 %", "73 %", "88 %", "24 in 100", "89 in 100")
    rows = {row[0].split(":")[0]: row[1:] for row in table((ROOT / "docs" / "privacy.md").read_text(), "attack")[2:]}
    assert list(rows) == [f"A{n}" for n in range(1, 17)]
    stated = {name: re.findall(r"\d+ (?:%|in 100)", " ".join(cells)) for name, cells in rows.items()}
    # the guess at both kinds' ε, or at 2ε; at other ε; of a team without a number nobody knows anything
    other = {"A5": [one], "A6": [half, one, two], "A8": [averaged, drawn], "A10": ["50 %"], "A11": [one]}
    bare: dict[str, list[str]] = {name: [] for name in ("A1", "A13", "A14", "A15")}
    assert stated == {**{name: [half] for name in rows}, **other, **bare}


def averaged_over_80(epsilon: Fraction) -> float:
    return averaged_right(epsilon, 80)


@cache
def all_tests() -> frozenset[str]:
    texts = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    return frozenset(name for text in texts for name in re.findall(r"def (test_\w+)", text))


def is_there(name: str) -> bool:
    """A test of this name, or where the page names a whole family (`test_s16_…`) one of it."""
    return name in all_tests() or (name.endswith("_") and any(one.startswith(name) for one in all_tests()))


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_and_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()
    named = re.findall(r"\btest_\w+", re.sub(r"\btest_\w+\.py", "", text))
    files = re.findall(r"`((?:tests|concerns|docs)/[\w./-]+\.\w+)`", text)
    assert [name for name in named if not is_there(name)] == []
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_every_test_that_a_page_of_staff_names_beside_a_promise_is_there() -> None:
    for page in sorted((ROOT / "templates").rglob("*.html")):
        beside = " ".join(re.findall(r"\{#-(.*?)-#\}", page.read_text(), re.DOTALL))
        files = re.findall(r"tests/[\w./]+\.py", beside)
        named = re.findall(r"\btest_\w+", re.sub(r"[\w./]+\.py", "", beside))
        assert [name for name in named if not is_there(name)] == [], page
        assert [name for name in files if not (ROOT / name).exists()] == [], page


@pytest.mark.parametrize("page", [ROOT / "README.md", *DOCS], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def answers() -> dict[str, list[str]]:
    """The forty answers by their number: question, verdict and more, what holds it."""
    text, _summary = (ROOT / "docs" / "answers.md").read_text().split("\n## In short\n")
    _before, *found = re.split(r"^### (\d+)\. ", re.sub(r"^## .*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    return {number: said.strip().split("\n\n") for number, said in zip(found[::2], found[1::2], strict=True)}


def test_all_forty_questions_are_answered_in_their_order_with_what_holds_the_answer() -> None:
    assert list(answers()) == [str(number) for number in range(1, 41)]
    routes = {route.removeprefix("GET ") for route in {**REPORT, **DESK}}
    for number, (_question, verdict, *_more, held) in answers().items():
        assert verdict.startswith("**") and held.startswith("Held by: `test_"), number
        assert set(re.findall(r"`(/[\w/]+)`", held)) <= routes, number
