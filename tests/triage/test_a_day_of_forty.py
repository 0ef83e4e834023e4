"""Monday morning: forty invented flags, read in the order of need and sorted through the pages, with all that comes with it."""

from random import Random
from typing import Any

import pytest

from concerns.demo.phrasebook import phrasebook
from concerns.demo.wording import Writer
from concerns.sealing.envelope import Kind
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, words
from tests.triage.telling import Told, collect_now, tell

FLAGS = 40
NEW = "/inbox?show=new"
HOIST = (
    "The hoist on our ward stops half way up and we lift patients by hand.",
    "On our ward the hoist stops half way and so the patients are lifted by hand.",
)


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def forty(instance: Instance) -> dict[str, tuple[Told, str]]:
    """The flags by their addresses, with the theme that each was written about."""
    rng = Random(40)
    writer, themes = Writer("nhs", rng), [code for code in phrasebook("nhs").themes if code != "other"]
    told: dict[str, tuple[Told, str]] = {}
    for number in range(FLAGS):
        theme = themes[number % len(themes)]
        text = writer.flag((theme,), "ward") if number >= len(HOIST) else HOIST[number]
        said: dict[str, Any] = {"danger": "yes" if number in {11, 29} else "no", "worry": "fairly", "area": "ward-1"}
        one = tell(instance, text, collected=False, **said)
        if number == 17:
            one.detail("Since then I get the worst shifts.", about="detriment", agree="no")
        told[one.path] = one, theme
    collect_now(instance)
    return told


def listed(page: Page) -> list[str]:
    """The addresses of the flags on a page of the inbox, in its order."""
    rows = page.with_class("desk-flag__words")
    return [str(row.find("a").get("href")).removeprefix("/desk") for row in rows]


def whole_list(desk: Desk, show: str) -> list[str]:
    """All pages of a list."""
    found: list[str] = []
    for number in range(1, 5):
        rows = listed(desk.client.get(f"/inbox?show={show}&page={number}"))
        if not rows or rows[0] in found:
            break
        found += rows
    return found


def test_forty_flags_are_sorted_in_a_day(gita: Desk) -> None:
    told = forty(gita.instance)
    order = whole_list(gita, "new")
    assert sorted(order) == sorted(told)
    dangers = {path for path, (one, _theme) in told.items() if one.opened().flag["danger"] == "yes"}
    assert set(order[:2]) == dangers
    treated = next(path for path, (one, _theme) in told.items() if len(one.rows()) > 1)
    rows = {path: words(row) for path, row in zip(order, gita.client.get(NEW).with_class("desk-flag"), strict=False)}
    assert all("Read first: " in rows[path] for path in order[len(dangers) : order.index(treated)])
    assert "Says they are being treated badly" in rows[treated]

    for path in order:
        answer_one(gita, path, told[path][1])
    assert "Nothing new" in gita.client.get(NEW).text
    assert "(40)" in gita.client.get("/inbox").text

    link_the_hoist(gita, told)
    gwen_reads_second(gita.as_("gwen"), told)
    for one, _theme in told.values():
        replies = [item.payload["text"] for item in one.opened().of_kind(Kind.REPLY)]
        assert any("Thank you" in reply for reply in replies)


def answer_one(gita: Desk, path: str, theme: str) -> None:
    """Read it, take the letter of thanks, choose the theme, save."""
    page = gita.client.get(path)
    filled = gita.client.submit(page, {"letter": "thanks"}, button="Fill in the reply", status=200)
    sent = gita.client.submit(filled, {"primary": theme, "consequence": "3", "likelihood": "2"}, button="Save")
    assert sent.location.removeprefix("/desk") == path


def link_the_hoist(gita: Desk, told: dict[str, tuple[Told, str]]) -> None:
    """Two told of one thing: offered by their likeness, linked by her."""
    one, two = list(told)[: len(HOIST)]
    page = gita.client.get(f"{two}/events")
    gita.client.submit(page, button=f"Link with: {HOIST[0]}")
    assert f"One event with {HOIST[0]}" in gita.client.get(two).text
    assert "Told by several" in gita.client.get("/inbox?show=all&theme=" + told[one][1]).text


def gwen_reads_second(gwen: Desk, told: dict[str, tuple[Told, str]]) -> None:
    """She finds all of them wanting a second reader, and saves one: it is wanted no more."""
    wanted = whole_list(gwen, "open&second=yes")
    assert sorted(wanted) == sorted(told)
    first = gwen.client.get(wanted[0])
    gwen.client.submit(first, {"note": "Read it as well."}, button="Save")
    assert wanted[0] not in whole_list(gwen, "open&second=yes")
    rows = gwen.client.get("/inbox").with_class("desk-flag")
    assert all("Acknowledged" in words(row) for row in rows)
