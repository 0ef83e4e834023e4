"""What a leader finds in each state that a report can be in; every page is looked over by the client."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import delete

from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import Release
from concerns.disclosure.nodes import Grain, Node
from concerns.disclosure.periods import Period
from concerns.learning.rules import Words
from concerns.learning.service import withdraw
from concerns.themes.queries import current_set
from tests.learning.promises.promising import promise_answer
from tests.learning.releasing import GENERAL, NARRATIVE, POINT, released
from tests.people.visiting import Desk
from tests.reports.read_back import figures
from tests.reports.releases import Q1, body, by_theme, put
from tests.reports.tiny import words_alone

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "board.schema.json").read_text())
HIDDEN = "Too few, or too large a share, to show safely"


def freeze(desk: Desk, *bodies: bytes) -> None:
    ledger = Ledger(desk.instance.directory)
    ledger.path.write_bytes(ledger.path.read_bytes().splitlines(keepends=True)[0])
    with desk.instance.stores.write_main() as main:
        main.execute(delete(Release))
        put(main, ledger, *bodies)


def test_one_release_two_that_grew_a_huge_one_and_one_of_the_whole(leader: Desk) -> None:
    freeze(leader, by_theme(N01=90))
    assert "too early to compare" in leader.client.get("/report/").text
    freeze(leader, by_theme(staff=9_000_000, N01=1_234_567))
    page = leader.client.get("/report/")
    assert "staff raised about 1,234,567 (1,234,558 to 1,234,576) flags" in page.text
    assert len(page.with_class("concerns-chart")) == 1
    freeze(leader, body({Node(): 40}, grain=Grain.WHOLE))
    page = leader.client.get("/report/")
    assert "A line is drawn from about 200 flags a year on." in page.text
    assert page.with_class("concerns-chart") == [] and page.with_class("concerns-bar") == []


def test_each_hidden_number_is_explained_once(leader: Desk) -> None:
    for one in (by_theme(N01=90), by_theme()):
        freeze(leader, one)
        page = leader.client.get("/report/")
        assert page.text.count("can mean none, a few, or so many that they would point at a small place") == 1
        assert page.text.count(HIDDEN) >= 3
    once = "can mean none, a few"
    assert leader.client.get("/report/reading").text.count(once) == 1
    freeze(leader, body({Node(): 40}, grain=Grain.WHOLE))
    assert once not in leader.client.get("/report/").text


def test_zero_and_negative_values_of_a_whole_history_look_alike(leader: Desk) -> None:
    """A stored value may be below zero: it is never drawn, summed away or shown."""
    texts = set()
    for value in (-14, 0, 9):
        freeze(leader, *(by_theme(Period(2025, n), N01=value) for n in (2, 3, 4)), by_theme(Q1, N01=value))
        texts.add(leader.client.get("/report/").text.partition("How to read this")[0])
        assert "-14" not in leader.client.get("/report/reading").text
    assert len(texts) == 1


def test_a_withdrawn_narrative_leaves_its_mark(leader: Desk) -> None:
    freeze(leader, by_theme(N01=90))
    narrative = released(leader.instance, NARRATIVE)
    assert GENERAL in leader.client.get("/report/").text
    with leader.instance.stores.write_main() as main:
        withdraw(main, narrative, dt.date(2026, 11, 30))
    page = leader.client.get("/report/")
    assert "Withdrawn in November 2026" in page.text and GENERAL not in page.text


def test_handling_is_checked_against_the_ledger_too(leader: Desk) -> None:
    handling = body({}, grain=Grain.HANDLING, period=Period(2026, 0, True))
    freeze(leader, by_theme(N01=90), handling)
    assert "Severe, in 2026: too few" in leader.client.get("/report/").text
    with leader.instance.stores.write_main() as main:
        main.get_one(Release, ("handling", "2026")).line = 77
    leader.client.get("/report/", status=409)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Desk]:
    """Lena where 30 people work."""
    with words_alone(tmp_path / "tiny") as instance:
        desk = Desk(instance)
        desk.sign_in("lena")
        yield desk


def test_under_40_staff_there_are_words_only(tiny: Desk) -> None:
    page = tiny.client.get("/report/")
    assert page.h1 == "What staff raised, in words"
    assert "have released no learning point yet. That does not mean that nothing was raised." in page.text
    released(tiny.instance, POINT, today=dt.date(2026, 9, 20))
    released(tiny.instance, Words("learning", "", "N02", {"text": "Not yet for anybody."}))
    page = tiny.client.get("/report/")
    assert GENERAL in page.text and "Not yet for anybody." not in page.text
    assert "No action is promised yet" in page.text and "reading day" in page.text.lower()
    assert page.with_class("concerns-number") == page.with_class("concerns-hidden") == []


def test_under_40_staff_every_promise_is_there(tiny: Desk) -> None:
    before = tiny.client.get("/report/")
    assert "What was promised: No promise was made yet" in before.text
    promise_answer(tiny, theme=some_theme(tiny))
    page = tiny.client.get("/report/")
    assert "An answer to staff" in page.text and "31 January 2027" in page.text
    ledger = page.links()["Every promise, kept or not"]
    assert tiny.client.get(ledger.removeprefix("/desk")).h1 == "What was promised"


def test_under_40_staff_no_report_is_waited_for(tiny: Desk) -> None:
    page = tiny.client.get("/report/reading")
    assert page.h1 == "How to read what staff raised"
    assert "No report with numbers will come here" in page.text and "Nobody has typed in any figures yet." in page.text
    for untrue in ("There is no report yet", "first one", "Write what you expect"):
        assert untrue not in page.text
    for period, sickness in zip(("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"), "44449", strict=True):
        tiny.client.submit(tiny.client.get("/report/reading/figures"), {"period": period, "sickness": sickness})
    page = tiny.client.get("/report/reading")
    assert "Typed-in figures up to July to September 2026" in page.text
    assert "Sickness absence: up, more than chance explains" in page.text
    assert tiny.as_("priya").client.get("/report/reading").h1 == page.h1


def test_under_40_staff_there_is_a_board_paper_without_a_number_of_flags(tiny: Desk) -> None:
    released(tiny.instance, POINT, today=dt.date(2026, 9, 20))
    promise_answer(tiny, theme=some_theme(tiny))
    tiny.client.submit(tiny.client.get("/report/reading/figures"), {"period": "2026-Q3", "sickness": "5.2"})
    links = tiny.client.get("/report/").links()
    assert "Board paper of 2025" in links
    board = links["Board paper of July to September 2026"].removeprefix("/desk")
    assert tiny.client.get(board).h1 == "No board paper yet"
    typed = {"message": "We listen.", "decision": "Fund cover.", "changed": "A night desk.", "learning": "A huddle."}
    tiny.client.submit(tiny.client.get(f"{board}/write"), typed)
    draft = tiny.client.get(f"{board}/draft")
    assert "have not written their own view" not in draft.text, "they cannot"
    done = tiny.client.submit(draft, button="Freeze this paper")
    paper = tiny.client.get(done.location.removeprefix("/desk"))
    assert paper.h1 == "Board paper: July to September 2026"
    for words in (*typed.values(), GENERAL, "An answer to staff", "5.2%", "1 learning point from staff"):
        assert words in paper.text
    assert sum("".join(h2.itertext())[:1].isdigit() for h2 in paper.tree.iter("h2")) == 13
    assert paper.with_class("concerns-number") == paper.with_class("concerns-bar") == []
    assert "spreadsheet" not in paper.text
    answer = tiny.client.get(f"{board}/1.json").response
    Draft202012Validator(SCHEMA).validate(json.loads(answer.data))
    assert json.loads(answer.data)["release"] is None
    assert all(figures(tiny.client.get(f"{board}/1.pdf").response.data))
    assert "There is a later version" not in tiny.as_("priya").client.get(board).text


@pytest.mark.parametrize("period", ["2026-Q4", "2026", "2024", "2026-Q1", "nonsense", "2025-handling"])
def test_a_board_paper_is_of_a_period_that_is_just_over(tiny: Desk, period: str) -> None:
    tiny.client.get(f"/report/{period}/board", status=404)


def test_where_a_report_will_come_no_paper_is_made_without_it(leader: Desk) -> None:
    leader.client.get("/report/2026-Q3/board", status=404)
    leader.client.get("/report/2026-Q3/board/write", status=404)


def some_theme(desk: Desk) -> str:
    with desk.instance.stores.read_main() as main:
        return current_set(main, desk.instance.house.today())[0].code


def test_learning_points_stand_on_a_report(leader: Desk) -> None:
    freeze(leader, by_theme(N01=90))
    assert "What may be learnt: No learning point was released" in leader.client.get("/report/").text
    released(leader.instance, POINT, today=dt.date(2026, 9, 20))
    released(leader.instance, Words("learning", "", "N02", {"text": "Not yet for anybody."}))
    page = leader.client.get("/report/")
    assert "What may be learnt: 1 learning point from staff" in page.text
    assert ", October 2026" in page.text
    assert GENERAL in page.text and "Not yet for anybody." not in page.text


def test_a_signal_says_that_an_answer_is_owed_and_where_to_promise_it(leader: Desk) -> None:
    freeze(leader, *(by_theme(Period(2025, n), N01=80) for n in (1, 2, 3, 4)), by_theme(Q1, N01=160))
    page = leader.client.get("/report/")
    assert "A signal: more than chance and noise explain. No answer is promised yet. An answer is owed:" in page.text
    link = page.links()["promise one under Promises"]
    assert leader.client.get(link.removeprefix("/desk")).h1 == "What was promised"
    promise_answer(leader)
    page = leader.client.get("/report/")
    assert "An answer is owed by 31 January 2027" in page.text and "promise one under" not in page.text


def test_a_page_says_each_number_once_to_a_screen_reader(leader: Desk) -> None:
    """A bar has its text as title for the PDF; on a page it is hidden, and the text stands beside it."""
    freeze(leader, by_theme(N01=90, N02=20))
    page = leader.client.get("/report/")
    for drawn in page.with_class("concerns-bar"):
        assert drawn.get("aria-hidden") == "true" and drawn.get("role") is None
    titles = [one.text for drawn in page.with_class("concerns-bar") for one in drawn if one.tag.endswith("title")]
    assert titles == ["About 90 (85 to 95)", "About 20 (15 to 25)", HIDDEN, HIDDEN]
