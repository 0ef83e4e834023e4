import csv
import datetime as dt
import io
import json
import re

import pytest
from sqlalchemy import delete, select

from concerns.areas.queries import organisation
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import Release
from concerns.disclosure.nodes import Grain, Node
from concerns.disclosure.periods import Period
from tests.people.visiting import Desk
from tests.reports.releases import Q1, body, by_theme, put

HIDDEN = "Too few, or too large a share, to show safely"


def release(desk: Desk, *bodies: bytes) -> None:
    ledger = Ledger(desk.instance.directory)
    first, *_earlier = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(first)
    with desk.instance.stores.write_main() as main:
        main.execute(delete(Release))
        put(main, ledger, *bodies)


def test_before_the_first_release_the_page_says_when_it_comes(lena: Desk) -> None:
    page = lena.client.get("/report/")
    assert page.h1 == "No report yet"
    assert "can be frozen from 21 January 2027" in page.text


def test_before_the_policy_is_signed_the_page_does_not_say_what_it_declares(lena: Desk) -> None:
    (lena.instance.directory / "manifest.pin").unlink()
    page = lena.client.get("/report/")
    assert "have not signed the policy yet" in page.text
    assert "No kind of report is declared" not in page.text


def test_the_page_says_what_counted_where(lena: Desk) -> None:
    release(lena, by_theme(N01=90))
    assert "Flags that were sorted when the guardians began to close this period" in lena.client.get("/report/").text
    with lena.instance.stores.write_main() as main:
        organisation(main).launched_on = dt.date(2026, 1, 1)
    assert "Flags first sorted before 21 April 2026 count here." in lena.client.get("/report/").text


def test_only_a_quarter_promises_the_release_of_the_year(lena: Desk) -> None:
    for period, promised in ((Q1, True), (Period(2025), False)):
        release(lena, by_theme(period, N01=1))
        assert ("wait for the release of the year" in lena.client.get("/report/").text) is promised


def test_lena_reads_the_newest_release(lena: Desk) -> None:
    release(lena, by_theme(Period(2025, 4), N01=30), by_theme(N01=90, N02=20))
    page = lena.client.get("/report/")
    assert page.h1 == "What staff raised: January to March 2026"
    assert "staff raised about 110 (101 to 119) flags" in page.text
    assert "More than the quarter before (about 30)" in page.text
    assert len(page.with_class("concerns-bar")) == 4
    assert "Frozen on 21 April 2026, ε = 1/2, line 3 of the ledger" in page.text


def test_she_chooses_an_earlier_one(lena: Desk) -> None:
    release(lena, by_theme(Period(2025, 4), N01=30), by_theme(N01=90))
    page = lena.client.get(lena.client.get("/report/").links()["October to December 2025"].removeprefix("/desk"))
    assert page.h1 == "What staff raised: October to December 2025"


def test_a_year_comes_before_its_last_quarter(lena: Desk) -> None:
    release(lena, by_theme(Period(2025, 4), N01=30), by_theme(Period(2025), N01=90))
    assert lena.client.get("/report/").h1 == "What staff raised: 2025"


@pytest.mark.parametrize("path", ["/report/2026-Q2", "/report/nonsense", "/report/2026-Q2.csv", "/report/2026-Q2.json"])
def test_what_is_not_frozen_is_not_there(lena: Desk, path: str) -> None:
    release(lena, by_theme(N01=90))
    lena.client.get(path, status=404)


def test_d10_zero_few_hidden_and_saturated_give_identical_markup(lena: Desk) -> None:
    pages = set()
    for value in (-9, 0, 4, 13, 39, 500):
        release(lena, by_theme(staff=40, N02=value))
        html = lena.client.get("/report/").html
        # the ledger's head is that of the frozen bytes
        pages.add(re.sub(r'name="csrf_token" value="[^"]*"|[0-9a-f]{64}', "", html))
    assert len(pages) == 1
    page = lena.client.get("/report/")
    assert page.text.count(HIDDEN) >= 5
    assert "Every number of this period" in page.text


def test_d15_page_csv_and_json_come_from_the_same_bytes(lena: Desk) -> None:
    release(lena, by_theme(N01=90, N02=20, N03=3))
    page = lena.client.get("/report/2026-Q1").text
    document = json.loads(lena.client.get("/report/2026-Q1.json").html)
    rows = list(csv.DictReader(io.StringIO(lena.client.get("/report/2026-Q1.csv").html)))
    shown = {node["theme"]: node["shown"] for node in document["nodes"]}
    assert {row["theme"]: row["value"] for row in rows} == {
        **{theme: str(number["value"]) if number else "" for theme, number in shown.items()},
        "total": str(document["total"]["value"]),
    }
    for number in (*filter(None, shown.values()), document["total"]):
        assert f"bout {number['value']} ({number['low']} to {number['high']})" in page
    assert "measured" not in json.dumps(document)
    assert "measured" not in rows[0]


def test_files_are_named_after_their_period(lena: Desk) -> None:
    release(lena, by_theme(N01=90))
    answer = lena.client.get("/report/2026-Q1.csv").response
    assert answer.headers["Content-Disposition"] == 'attachment; filename="concerns-2026-Q1.csv"'
    assert answer.mimetype == "text/csv"


def test_places_stand_in_tables(lena: Desk) -> None:
    nodes = {Node(theme="N01", area="Ward 1"): 60, Node(theme="N02", area="Theatres"): 25}
    release(lena, body(nodes, grain=Grain.THEMES_BY_AREA))
    text = lena.client.get("/report/").text
    assert "Medicine: about 60 (" in text
    assert "Equipment: about 25 (20 to 30)" in text
    assert "None can be shown safely" in text


def test_a_finer_question_is_refused_with_the_reason(lena: Desk) -> None:
    release(lena, by_theme(N01=90))
    link = lena.client.get("/report/").links()["Which ward or team was it?"]
    page = lena.client.get(link.removeprefix("/desk"))
    assert "We cannot tell you more than the report shows" in page.text
    assert "What is safe" in page.text


def test_there_is_no_filter(lena: Desk) -> None:
    release(lena, by_theme(N01=90))
    plain = lena.client.get("/report/").text
    assert lena.client.get("/report/?area=ward-1&week=2026-02-02").text == plain
    assert not list(lena.client.get("/report/").tree.find(".//main").iter("form"))


@pytest.mark.parametrize(("name", "status"), [("gita", 200), ("priya", 200), ("ada", 403)])
def test_who_may_read(lena: Desk, name: str, status: int) -> None:
    release(lena, by_theme(period=Q1, N01=90))
    lena.as_(name).client.get("/report/", status=status)


def test_d1_a_leader_reaches_no_page_of_a_guardian(lena: Desk) -> None:
    for path in ("/inbox", "/close/", "/close/2026-Q1", "/flags/" + "00" * 16):
        lena.client.get(path, status=403)


class TestWhatIsNotInTheLedger:
    """Whoever can write to the database could otherwise have leaders read numbers that nobody froze."""

    @pytest.mark.parametrize("path", ["/report/", "/report/2026-Q1", "/report/2026-Q1.csv", "/report/2026-Q1.json"])
    def test_a_changed_release_is_not_shown(self, lena: Desk, path: str) -> None:
        release(lena, by_theme(N01=90))
        lena.client.get(path)
        with lena.instance.stores.write_main() as main:
            main.scalars(select(Release)).one().body = by_theme(N01=40)
        page = lena.client.get(path, status=409)
        assert "2026-Q1 in the database is not the one in the ledger" in page.text
        assert "40" not in page.text

    def test_nor_is_what_is_compared_with_a_changed_one(self, lena: Desk) -> None:
        release(lena, by_theme(Q1, N01=90), by_theme(Period(2026, 2), N01=90))
        with lena.instance.stores.write_main() as main:
            main.get_one(Release, ("quarter", "2026-Q1")).body = by_theme(Q1, N01=40)
        lena.client.get("/report/2026-Q2", status=409)

    def test_nor_one_that_has_no_line(self, lena: Desk) -> None:
        release(lena, by_theme(N01=90))
        with lena.instance.stores.write_main() as main:
            main.scalars(select(Release)).one().line = 9
        lena.client.get("/report/2026-Q1", status=409)

    def test_on_a_host_without_the_ledger_there_is_nothing_to_compare_with(self, lena: Desk) -> None:
        release(lena, by_theme(N01=90))
        Ledger(lena.instance.directory).path.unlink()
        assert "staff raised about 90" in lena.client.get("/report/2026-Q1").text
