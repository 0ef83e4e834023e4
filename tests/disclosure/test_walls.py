"""D1: no import path leads from what leaders see to a room that may hold words."""

import functools

import grimp
import pytest

LEADERS_SEE = ("concerns.disclosure", "concerns.reports", "concerns.learning")
MAY_HOLD_WORDS = (
    "concerns.flagging",
    "concerns.triage",
    "concerns.sealing.envelope",
    "concerns.sealing.threads",
    "concerns.sealing.receipt",
    "concerns.sealing.model",
)


@functools.cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("concerns", cache_dir=None)


@pytest.mark.parametrize("room", LEADERS_SEE)
@pytest.mark.parametrize("words", MAY_HOLD_WORDS)
def test_d1_no_import_path_leads_to_words(room: str, words: str) -> None:
    assert not graph().find_shortest_chains(importer=room, imported=words, as_packages=True)


def test_d1_the_test_would_see_a_path() -> None:
    assert graph().find_shortest_chains(
        importer="concerns.triage", imported="concerns.sealing.envelope", as_packages=True
    )
