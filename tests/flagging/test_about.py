import dataclasses
import datetime as dt
import gzip
from fractions import Fraction
from typing import Any

import pytest

from concerns.areas.model import Organisation
from concerns.charter.versions import Version
from concerns.flagging import about, queries
from concerns.learning.model import Answer
from concerns.people.duties.model import ReadingDay
from concerns.sealing.model import Arrival, Envelope, ShredKey, Thread, Wrap
from tests.cast import Instance
from tests.flagging.conftest import Rosa
from tests.police import Page, PoliceClient

PAGES = ("/", "/tell", "/return", "/answers", "/promise", "/help", "/privacy", "/accessibility")
BUDGET = 30_000


class TestHome:
    def test_it_has_three_ways_on_and_the_reading_days(self, report: PoliceClient) -> None:
        page = report.get("/")
        links = page.links()
        assert links["Raise a concern"] == "/tell"
        assert links["Come back with your words"] == "/return"
        assert links["Who you can talk to, here and outside"] == "/help"
        # Sunday 22 November 2026
        assert "Gita and Gwen read on Mondays and Thursdays. Next: Monday 23 November." in page.text
        assert "Leave safely" in page.links()

    def test_on_a_reading_day_the_next_one_is_told(self, report: PoliceClient, instance: Instance) -> None:
        instance.clock.now = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
        assert "Next: Thursday 26 November." in report.get("/").text

    def test_without_reading_days_it_promises_no_day(self, report: PoliceClient, instance: Instance) -> None:
        with instance.stores.write_main() as main:
            main.get_one(Organisation, 1).reading_days = []
        assert "We cannot name the days on which we read yet." in report.get("/").text

    def test_the_newest_answers_stand_there(self, report: PoliceClient, instance: Instance) -> None:
        with instance.stores.write_main() as main:
            newest = main.query(Answer).order_by(Answer.theme_code.desc()).first()
            assert newest is not None
            newest.month, newest.doing = dt.date(2027, 1, 1), "We hired four nurses."
        assert "We hired four nurses." in report.get("/").text


class TestAnswers:
    def test_every_theme_has_its_entry_by_month(self, report: PoliceClient, instance: Instance) -> None:
        page = report.get("/answers")
        with instance.stores.read_main() as main:
            rows = main.query(Answer).all()
        assert len(page.with_class("concerns-answer")) == len(rows) == 14
        assert "November 2026" in page.text
        for row in rows:
            assert " ".join(row.doing.split()) in page.text

    def test_without_answers_it_says_so(self, report: PoliceClient, instance: Instance) -> None:
        with instance.stores.write_main() as main:
            main.query(Answer).delete()
        assert "There are no answers yet." in report.get("/answers").text
        assert "There are no answers yet." in report.get("/").text


class TestPromise:
    def test_it_is_drawn_from_the_signed_charter(self, report: PoliceClient, instance: Instance) -> None:
        page = report.get("/promise")
        assert "never a number under 10" in page.text
        assert "Only Gita and Gwen, the Freedom to Speak Up Guardians" in page.text
        assert instance.charter.check_code in page.text
        assert "at most 36 months after it came in" in page.text

    def test_the_bound_follows_from_the_declared_kinds(self, report: PoliceClient) -> None:
        page = report.get("/promise")
        assert "1-in-20 suspicion against somebody who sent one concern above about 1 in 8" in page.text
        assert "For two concerns it is about 28 in 100" in page.text
        assert ["5 %", "13 %", "28 %"] in [[cell.text.replace("\xa0", " ") for cell in row] for row in _rows(page)]

    def test_another_policy_gives_another_bound(
        self, report: PoliceClient, monkeypatch: pytest.MonkeyPatch, instance: Instance
    ) -> None:
        door = queries.door(instance.house)
        assert door.charter
        policy = dataclasses.replace(door.charter.policies[0].policy, kinds={"year": Fraction(1, 4)}, floor=15)
        charter = dataclasses.replace(door.charter, policies=(Version(1, policy, ""),))
        monkeypatch.setattr(about, "facts", lambda: dataclasses.replace(door, charter=charter))
        text = report.get("/promise").text
        assert "above about 1 in 16" in text
        assert "never a number under 15" in text

    def test_where_nothing_is_declared_it_promises_no_number(
        self, report: PoliceClient, monkeypatch: pytest.MonkeyPatch, instance: Instance
    ) -> None:
        door = queries.door(instance.house)
        assert door.charter
        policy = dataclasses.replace(door.charter.policies[0].policy, kinds={})
        charter = dataclasses.replace(door.charter, policies=(Version(1, policy, ""),))
        monkeypatch.setattr(about, "facts", lambda: dataclasses.replace(door, charter=charter))
        assert "No numbers at all." in report.get("/promise").text

    def test_it_says_how_reading_days_were_kept(self, report: PoliceClient, instance: Instance) -> None:
        assert "last three months" not in report.get("/promise").text
        with instance.stores.write_main() as main:
            for day, kept in ((16, True), (19, False), (20, True), (22, True)):
                main.add(ReadingDay(day=dt.date(2026, 11, day), kept=kept))
        said = "Reading days in the last three months: 3. Days among them on which at least one of them signed in: 2."
        assert said in report.get("/promise").text

    def test_it_says_what_it_cannot_do(self, report: PoliceClient) -> None:
        page = report.get("/promise")
        assert "What this cannot do" in [" ".join(h.itertext()) for h in page.tree.iter("h2")]
        for said in ("style of writing", "controls the server", "sees your text for a moment", "own phone", "punished"):
            assert said in page.text


class TestHelp:
    def test_danger_comes_first_then_people_then_outside(self, report: PoliceClient) -> None:
        text = report.get("/help").text
        places = [
            text.index(said) for said in ("999", "Gita or Gwen will listen", "Samaritans", "regulator", "union, also")
        ]
        assert places == sorted(places)
        assert "Protect" in text

    def test_a_number_can_be_rung_and_advice_cannot(self, report: PoliceClient) -> None:
        links = report.get("/help").links()
        assert links["116 123"] == "tel:116123"
        assert not any("switchboard" in text for text in links)

    def test_it_says_that_what_is_written_here_waits(self, report: PoliceClient) -> None:
        assert "waits for the next day on which we read. For these things ring" in report.get("/help").text


class TestNumbers:
    @pytest.mark.parametrize("path", ["/", "/tell", "/help"])
    def test_only_what_can_be_rung_is_a_link_in_the_danger_block(
        self, report: PoliceClient, instance: Instance, path: str
    ) -> None:
        with instance.stores.write_main() as main:
            main.get_one(Organisation, 1).signposts = [
                {"name": "Police", "number": "999", "hours": "Always", "danger": True},
                {"name": "Night team", "number": "+44 (0)20 3117-2520", "hours": "Always", "danger": True},
                {"name": "Site manager", "number": "Ask your switchboard for 5", "hours": "Always", "danger": True},
                {"name": "Nobody", "number": "1e5", "hours": "Never", "danger": True},
            ]
        block = report.get(path).with_class("concerns-danger")[0]
        links = {link.text: link.get("href") for link in block.iter("a")}
        assert links == {"999": "tel:999", "+44 (0)20 3117-2520": "tel:+4402031172520"}
        assert {"Ask your switchboard for 5", "1e5"} <= {text.strip() for text in block.itertext()}


class TestTruth:
    """What no program does and nobody has to do is not said."""

    def test_the_pages_promise_only_what_is_done(self, report: PoliceClient) -> None:
        said = " ".join(report.get(path).text for path in PAGES)
        for gone in (
            "start of a month",
            "put up on paper",
            "every copy",
            "taken back",
            "do so every week",
            "at each change",
        ):
            assert gone not in said
        assert "Each answer is dated by month." in said

    def test_what_stands_in_clear_is_all_named(self, report: PoliceClient) -> None:
        """Each column that is not sealed, and the words for it on the page."""
        columns = {
            "lookup_hash": "a code by which your nine words find it",
            "week": "the week in which each sealed part came",
            "tier": "by which way it came",
            "purge_week": "the week in which it is deleted at the latest",
            "kind": "of which kind it is",
            "kid": "whose keys open it",
        }
        sealed = {"id", "thread_id", "envelope_id", "commit", "body", "w", "wraps", "key"}  # random, or sealed
        tables = (Thread, Envelope, Wrap, Arrival, ShredKey)
        assert {column.name for table in tables for column in table.__table__.columns} - sealed == set(columns)
        text = report.get("/privacy").text
        assert all(words in text for words in columns.values())


@pytest.mark.parametrize("path", PAGES)
def test_no_page_says_words_that_frighten(report: PoliceClient, path: str) -> None:
    text = report.get(path).text.lower()
    for word in ("whistleblow", "accused", "investigate you", "good faith", "fingerprint", " flag", " case"):
        assert word not in text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_all_it_loads_stays_within_its_budget(report: PoliceClient, path: str) -> None:
    assert weigh(report, report.get(path).html) <= BUDGET


def test_the_pages_after_a_post_stay_within_it_too(rosa: Rosa) -> None:
    check = rosa.check()
    receipt = rosa.send(check)
    thread = rosa.open(" ".join((li.text or "") for li in receipt.with_class("concerns-receipt__words")[0]))
    for page in (check, receipt, thread):
        assert weigh(rosa.client, page.html) <= BUDGET


def weigh(client: PoliceClient, html: str) -> int:
    """Bytes that a page costs, compressed, with every file that it loads."""
    page = client.client.get("/")
    tree = client.get("/").tree
    urls = [element.get("href") for element in tree.iter("link")] + [
        element.get("src") for element in tree.iter("script")
    ]
    assert page.status_code == 200
    bodies = [client.client.get(url).data for url in urls]
    return sum(len(gzip.compress(body, 9)) for body in [html.encode(), *bodies])


def _rows(page: Page) -> list[list[Any]]:
    return [list(row) for row in page.tree.iter("tr")]
