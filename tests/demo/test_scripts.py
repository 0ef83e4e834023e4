"""What the demo's leaders say, in every sector: of themes that exist, in words that pass the text check, on days in order."""

import datetime as dt
from typing import Any

import pytest

from concerns.areas.rules import areas_of
from concerns.demo.agenda import day_of
from concerns.demo.organisation import leaders_script, organisation
from concerns.demo.story import flags
from concerns.learning.promises.rules import STRENGTHS, TYPES, answer_trouble
from concerns.learning.rules import ANSWER, KINDS, PROMISE, VIEW, Words
from concerns.reports.board.forms import SHORT
from concerns.reports.reading.figures import MEASURES, tenths_of
from concerns.reports.reading.forms import TEXT_LIMIT
from concerns.reports.reading.rules import EVENTS
from concerns.themes.packs import SECTORS, load_pack
from concerns.triage.releasing.rules import numbers_in_words
from concerns.words.checking import check

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(params=SECTORS)
def sector(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def promises_of(sector: str) -> list[dict[str, Any]]:
    script = leaders_script(sector)
    return [*script["responses"], *script["actions"]]


def released(sector: str) -> list[Words]:
    """Every text that guardians release for leaders, and the view of the year."""
    script = leaders_script(sector)
    view = Words(VIEW, "2025", "", {"text": script["year"]["view"]})
    answers = [
        Words(ANSWER, "", row["theme"], {name: row[name] for name in KINDS[ANSWER]}) for row in script["responses"]
    ]
    told = [
        {"what": row["what"], "until": row.get("told_until", row["until"]), "because": row.get("because", "")}
        for row in script["actions"]
        if "released" in row
    ]
    return [view, *answers, *(Words(PROMISE, "", "x", parts) for parts in told)]


def test_the_text_check_passes_what_is_released(sector: str) -> None:
    told = [(str(at), one.text) for at, one in enumerate(flags(sector, "small", today=TODAY))]
    facts = areas_of([(row["name"], row["division"], row["staff"]) for row in organisation(sector)["areas"]])
    for words in released(sector):
        assert check(words.text, told, [area.name for area in facts]).found == (), words.text
        assert numbers_in_words(words) == [], words.text


def test_promises_are_what_the_forms_would_take(sector: str) -> None:
    themes = {theme.code for theme in load_pack(sector).themes}
    script = leaders_script(sector)
    assert {row["theme"] for row in promises_of(sector)} <= themes
    assert {row["type"] for row in script["actions"]} <= set(TYPES)
    assert {row["strength"] for row in script["actions"]} == set(STRENGTHS)
    assert all(answer_trouble(row) is None for row in script["responses"])


def test_the_days_of_a_promise_are_in_order(sector: str) -> None:
    for row in promises_of(sector):
        made, due = (day_of(row[name], TODAY) for name in ("made", "due"))
        steps = [day_of(step["day"], TODAY) for step in row.get("steps", ())]
        assert made < due and [made, *steps] == sorted({made, *steps})
        assert all(made < day_of(row[name], TODAY) < TODAY for name in ("asked", "released") if name in row)


def test_what_is_typed_in_is_what_the_forms_would_take(sector: str) -> None:
    script = leaders_script(sector)
    for name, count in (("figures", 16), ("figures_of_years", 4)):
        assert {code: len(script[name][code]) for code in MEASURES} == dict.fromkeys(MEASURES, count)
        assert all(tenths_of(code, str(value)) > 0 for code in MEASURES for value in script[name][code])
    assert all(row["event"] in EVENTS and len(row["text"]) <= TEXT_LIMIT for row in script["annotations"])
    assert all(
        len(script[paper][part].encode()) <= SHORT for paper in ("year", "quarter") for part in ("message", "decision")
    )
