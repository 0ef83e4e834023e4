"""What staff read without a code: by month, on a sheet for the staff room, in a feed, and of the newest report."""

import dataclasses
import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from concerns.areas.model import Organisation
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import Release
from concerns.disclosure.periods import Period
from concerns.flagging.answers import HEADING, ROOM, fitting, names_of
from concerns.flagging.showing import facts
from concerns.learning.model import Answer
from concerns.learning.queries import AnswerEntry
from tests.cast import Instance
from tests.learning.releasing import ANSWER, GENERAL, POINT, freeze, released
from tests.police import PoliceClient
from tests.reports.releases import by_theme, put

ATOM = "{http://www.w3.org/2005/Atom}"
DECEMBER = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def told(instance: Instance) -> PoliceClient:
    """The door on a day on which a new answer and a learning point can be read."""
    for words in (ANSWER, POINT):
        released(instance, words)
    instance.clock.now = DECEMBER
    return PoliceClient(instance.report_app.test_client(), traceless=True)


class TestSheet:
    def test_it_holds_what_is_new_since_a_month(self, told: PoliceClient, instance: Instance) -> None:
        page = told.get("/answers")
        assert page.links()["One page to print for the staff room"] == "/answers/2026-12"
        sheet = told.get("/answers/2026-12")
        assert sheet.h1 == "We heard, we did"
        assert "Nights are hard to staff." in sheet.text and GENERAL in sheet.text
        assert "At least one person raised this" in sheet.text
        with instance.stores.read_main() as main:
            standing = main.scalars(select(Answer.doing).where(Answer.theme_code != "N01")).all()
        assert not [doing for doing in standing if doing in sheet.text]

    def test_a_month_without_news_is_not_there_and_what_does_not_fit_is_named(self, told: PoliceClient) -> None:
        for month in ("2026-10", "2027-01", "2026-1", "nonsense", "2026-12-01"):
            told.get(f"/answers/{month}", status=404)
        assert "Also new:" in told.get("/answers/2026-11").text  # thirteen standing answers

    def test_a_sheet_is_never_too_full_and_never_empty(self) -> None:
        long = AnswerEntry("A", "A", "x" * 1500, "y" * 1500, DECEMBER.date(), "z" * 1500, "w" * 1500)
        short = AnswerEntry("B", "B", "x", "y", DECEMBER.date())
        assert fitting([long]) == (long,)
        assert fitting([short, long, long]) == (short, long)
        most = fitting([short] * 100)
        assert len(most) == ROOM // (HEADING + 2)

    def test_what_has_no_theme_is_not_named_among_what_has_no_room(self) -> None:
        entries = [AnswerEntry(code, code, "x", "y", DECEMBER.date()) for code in ("A", "", "B", "A")]
        assert names_of(entries) == ["A", "B"]

    def test_in_welsh_the_organisation_s_words_stay_english(self, told: PoliceClient) -> None:
        sheet = told.get("/cy/answers/2026-12")
        assert sheet.h1 != "We heard, we did" and "Nights are hard to staff." in sheet.text
        assert "Rhagfyr 2026" in sheet.text


class TestFeed:
    def test_it_is_a_feed_with_what_can_be_read(self, told: PoliceClient) -> None:
        answer = told.get("/answers.atom").response
        assert answer.mimetype == "application/atom+xml"
        feed = ET.fromstring(answer.data)
        assert feed.tag == f"{ATOM}feed" and feed.findtext(f"{ATOM}updated") == "2026-12-01T00:00:00Z"
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == 15
        for entry in entries:
            for needed in ("id", "title", "updated", "content"):
                assert entry.findtext(ATOM + needed), needed
        ids = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len(set(ids)) == len(ids) and all(str(one).startswith("urn:uuid:") for one in ids)
        (newest,) = [
            one
            for one in entries
            if GENERAL in str(one.findtext(f"{ATOM}content")) and "What we do" in str(one.findtext(f"{ATOM}content"))
        ]
        assert newest.findtext(f"{ATOM}updated") == "2026-12-01T00:00:00Z"

    def test_ids_stay_and_no_time_is_finer_than_a_first_working_day(
        self, told: PoliceClient, instance: Instance
    ) -> None:
        before = ET.fromstring(told.get("/answers.atom").response.data)
        instance.clock.pass_(days=17, hours=3)
        again = told.get("/answers.atom").response.data
        assert ET.tostring(ET.fromstring(again)) == ET.tostring(before)
        instance.clock.now = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
        released(instance, dataclasses.replace(ANSWER, parts={**ANSWER.parts, "doing": "We hired four nurses."}))
        instance.clock.now = dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
        later = ET.fromstring(told.get("/answers.atom").response.data)

        def ids(feed: ET.Element) -> set[str | None]:
            return {one.findtext(f"{ATOM}id") for one in feed.iter(f"{ATOM}entry")}

        assert ids(later) == ids(before)
        assert later.findtext(f"{ATOM}updated") == "2027-02-01T00:00:00Z"

    def test_whatever_stands_in_a_text_it_is_well_formed(self, told: PoliceClient, instance: Instance) -> None:
        with instance.stores.write_main() as main:
            for row in main.scalars(select(Answer)):
                row.doing = "Less < more & “quoted” ]]> \x0b\ufffe <script>alert(1)</script>"
            main.get_one(Organisation, 1).name = "A & B <trust>"
        feed = ET.fromstring(told.get("/answers.atom").response.data)
        assert str(feed.findtext(f"{ATOM}title")).endswith("A & B <trust>")
        assert "<script>" not in str([one.text for one in feed.iter(f"{ATOM}content")])

    @pytest.mark.parametrize(
        ("path", "stage", "mark", "said"),
        [
            ("", "pilot", "Pilot: ", "This is a pilot with invented concerns."),
            ("/cy", "pilot", "Peilot: ", "Peilot yw hwn gyda phryderon dychmygol."),
            ("", "rehearsal", "Rehearsal: ", "Rehearsal: invented data."),
            ("", "real", "", ""),
        ],
    )
    def test_what_is_not_for_real_says_so_in_every_title(
        self, told: PoliceClient, instance: Instance, path: str, stage: str, mark: str, said: str
    ) -> None:
        """A reader of feeds shows one entry among those of other feeds."""
        with instance.stores.write_main() as main:
            organisation = main.get_one(Organisation, 1)
            organisation.rehearsal = stage == "rehearsal"
            organisation.stage = "pilot" if stage == "pilot" else "real"
        feed = ET.fromstring(told.get(f"{path}/answers.atom").response.data)
        titles = [str(one.text) for one in feed.iter(f"{ATOM}title")]
        marks = ("Pilot: ", "Peilot: ", "Rehearsal: ")
        assert len(titles) > 10
        for title in titles:
            assert title.startswith(mark) if mark else not title.startswith(marks), title
        subtitle = feed.findtext(f"{ATOM}subtitle")
        assert str(subtitle).startswith(said) if said else subtitle is None

    def test_each_language_has_its_own(self, told: PoliceClient) -> None:
        english, welsh = (ET.fromstring(told.get(f"{path}/answers.atom").response.data) for path in ("", "/cy"))
        assert english.findtext(f"{ATOM}id") != welsh.findtext(f"{ATOM}id")
        assert welsh.get("{http://www.w3.org/XML/1998/namespace}lang") == "cy"


class TestReport:
    def test_themes_are_named_without_a_number_unless_the_policy_says_so(
        self, report: PoliceClient, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "newest report" not in report.get("/answers").text
        freeze(instance, N01=40, N02=4)
        text = report.get("/answers").text
        assert (
            "(January to March 2026) these subjects were raised often enough to be shown: Staffing and workload" in text
        )
        assert "Equipment" not in text.partition("The newest report")[2] and "40" not in text
        _numbers(instance, monkeypatch)
        text = report.get("/answers").text.partition("The newest report")[2]
        assert "Staffing and workload about 40 (" in text and "Equipment" not in text

    def test_a_policy_that_changed_within_the_year_shows_no_number_of_it(
        self, report: PoliceClient, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A flag told before the change may count in a later quarter of the same year."""
        with instance.stores.write_main() as main:
            put(main, Ledger(instance.directory), by_theme(Period(2026, 2), N01=40))
        for day, shown in ((dt.date(2026, 2, 1), False), (dt.date(2026, 1, 1), True)):
            _numbers(instance, monkeypatch, day)
            text = report.get("/answers").text.partition("The newest report")[2]
            assert "Staffing and workload" in text and ("about 40" in text) == shown

    def test_nothing_is_shown_that_the_ledger_does_not_hold(
        self, report: PoliceClient, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        freeze(instance, N01=40)
        with instance.stores.write_main() as main:
            row = main.scalars(select(Release)).one()
            row.body = row.body.replace(b"40", b"90")
        for numbers in (False, True):
            if numbers:
                _numbers(instance, monkeypatch)
            text = report.get("/answers").text
            assert "The report is not shown: what is stored now is not what was frozen." in text
            assert "Staffing and workload" not in text and "90" not in text

    def test_a_report_that_shows_nothing_says_so(self, report: PoliceClient, instance: Instance) -> None:
        freeze(instance, N01=1)
        assert "no subject could be shown safely" in report.get("/answers").text


def _numbers(instance: Instance, monkeypatch: pytest.MonkeyPatch, since: dt.date | None = None) -> None:
    """As if the guardians had signed a policy that lets staff read the numbers, from a day on or from the start."""
    charter = instance.charter
    first = charter.policies[0]
    policy = dataclasses.replace(first.policy, answers_show_releases=True)
    shows = dataclasses.replace(first, number=2 if since else 1, policy=policy, first_day=since)
    signed = dataclasses.replace(charter, policies=(first, shows) if since else (shows,))
    monkeypatch.setattr("concerns.flagging.answers.facts", lambda: dataclasses.replace(facts(), charter=signed))
