"""Every invariant that a page or document names has a test that carries its number."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: built so far; the others belong to what is not built yet
HELD = {
    *(f"s{number}" for number in range(1, 20)),
    *(f"d{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16)),
}


def named() -> set[str]:
    """The numbers that test functions are named after."""
    texts = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    return {number for text in texts for number in re.findall(r"def test_([sd]\d+)_", text)}


def test_every_invariant_that_is_held_has_a_test_named_after_it() -> None:
    assert HELD - named() == set()


def test_what_the_documents_and_pages_promise_is_tested() -> None:
    pages = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "templates").rglob("*.html"), ROOT / "README.md"]
    promised = {name for page in pages if page.exists() for name in re.findall(r"\btest_[sd]\d+_\w+", page.read_text())}
    tests = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert promised - tests == set()
