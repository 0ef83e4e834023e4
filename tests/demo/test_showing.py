"""A demo is known again by its folder, and refused where it is another one than was asked for."""

import datetime as dt
from pathlib import Path

import pytest

from concerns.demo.placing import DemoRefused
from concerns.demo.seeding import Seeded
from concerns.demo.showing import FILE, Demo, introduction, recall, remember, the_one_there
from concerns.founding.service import Newcomer

CAST = [Newcomer("Gita", "gita@example.org", ("guardian",), "a roof of bees", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
SEEDED = Seeded(CAST, "nine words", "2026-Q3")


def test_what_was_remembered_is_recalled(tmp_path: Path) -> None:
    assert recall(tmp_path) is None
    for demo in (Demo(SEEDED, "school", "large", 4, "[::1]:8001"), Demo(SEEDED)):
        remember(tmp_path, demo)
        assert recall(tmp_path) == demo
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cast": [{}], "receipt": "", "left": ""}', "7"])
def test_a_damaged_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(DemoRefused, match="damaged"):
        recall(tmp_path)


def test_only_the_demo_that_is_there_can_be_had(tmp_path: Path) -> None:
    assert the_one_there(tmp_path / "none", sector="nhs") is None
    assert the_one_there(tmp_path, sector="nhs") is None
    (tmp_path / "main.db").touch()
    with pytest.raises(DemoRefused, match="not a demo"):
        the_one_there(tmp_path)
    remember(tmp_path, Demo(SEEDED, "school", "large", 4))
    assert the_one_there(tmp_path, sector=None, size="large", seed=4) is not None
    with pytest.raises(DemoRefused, match="sector school, size large, seed 4"):
        the_one_there(tmp_path, sector="nhs", size=None, seed=None)
    remember(tmp_path, Demo(SEEDED))
    assert the_one_there(tmp_path, sector="nhs", size="small", seed=1) == Demo(SEEDED)


def test_the_introduction_says_where_and_how() -> None:
    said = introduction(SEEDED, "http://[::1]:8001", "/desk/", dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    for words in ("http://[::1]:8001/desk/", "gita@example.org", "a roof of bees", "nine words", "2026-Q3"):
        assert words in said
