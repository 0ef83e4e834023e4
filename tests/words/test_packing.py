"""Word lists are kept small, sorted, and come back whole; `pack` writes what spotting.json holds."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from concerns.words import packing
from concerns.words.packing import pack, unpack

SHEET = json.loads((Path(packing.__file__).parent / "spotting.json").read_text(encoding="utf-8"))


def test_a_list_in_its_small_form() -> None:
    assert pack(["ben", "anna", "ann"]) == "0ann3a0ben"
    assert unpack("0ann3a0ben") == {"ann", "anna", "ben"}


@given(st.frozensets(st.text("abc'-", min_size=1, max_size=14)))
def test_every_list_comes_back(words: frozenset[str]) -> None:
    assert unpack(pack(words)) == words


def test_the_lists_of_the_sheet_are_in_order() -> None:
    for name, packed in SHEET["words"].items():
        assert pack(unpack(packed)) == packed, name


def test_there_are_names_enough_and_none_is_in_two_lists() -> None:
    lists = {name: unpack(SHEET["words"][name]) for name in ("given", "shy", "surnames")}
    assert len(lists["given"] | lists["shy"]) >= 900
    assert not lists["given"] & lists["shy"]
    assert not lists["surnames"] & (lists["given"] | lists["shy"])
