"""Rules that are signed and have not begun: staff read of them first, and what was told before keeps what was promised."""

import datetime as dt

from sqlalchemy import select

from concerns.charter import pins
from concerns.sealing.collecting import collect, purge_week
from concerns.sealing.model import Thread
from concerns.store.house import week_of
from tests.cast import Instance
from tests.charter.test_amending import BEGINS, agree, amend, put_up
from tests.charter.test_steps import DAY
from tests.flagging.conftest import Rosa
from tests.learning.releasing import freeze
from tests.police import PoliceClient
from tests.triage.telling import tell

BY = "by Monday 30 November"
SAID = "From Sunday 27 December on other rules hold here"


def on(instance: Instance, day: dt.date) -> None:
    instance.clock.now = dt.datetime.combine(day, dt.time(9), dt.UTC)


def purges(instance: Instance) -> dict[dt.date, dt.date]:
    with instance.stores.read_main() as main:
        return {row.week: row.purge_week for row in main.scalars(select(Thread))}


def test_the_promise_page_announces_what_is_signed_and_nothing_before(report: PoliceClient, instance: Instance) -> None:
    draft = put_up(instance, retention_months=24, answers_show_releases=True)
    agree(instance, draft.hash, instance.guardian("gita"))
    assert "other rules hold" not in report.get("/promise").text
    agree(instance, draft.hash, instance.guardian("gwen"))
    text = report.get("/promise").text
    assert SAID in text and "at most 36 months after it came in" in text
    assert "Months after it came in until a concern is deleted, at most: 36 now, 48 then." in text
    assert "Numbers of reports stand on the answers page: No now, Yes then." in text
    on(instance, BEGINS - dt.timedelta(days=1))
    assert SAID in report.get("/promise").text
    on(instance, BEGINS)
    text = report.get("/promise").text
    assert "other rules hold" not in text and "at most 48 months after it came in" in text


def test_a_flag_keeps_the_longest_time_that_it_was_promised(instance: Instance) -> None:
    """Its purge week is fixed at collection, and what may have come before the change is collected by the rules before."""

    def told_and_collected(day: dt.date) -> None:
        on(instance, day)
        tell(instance, collected=False)
        collect(instance.stores, day, instance.charter.latest_months(day))

    told_and_collected(DAY)
    amend(instance, retention_months=24)
    late = BEGINS + dt.timedelta(days=8)
    for day in (BEGINS, late):
        told_and_collected(day)
    assert purges(instance) == {
        week_of(DAY): purge_week(week_of(DAY), 36),
        week_of(BEGINS): purge_week(week_of(BEGINS), 36),
        week_of(late): purge_week(week_of(late), 48),
    }


def test_a_reporter_keeps_the_dates_of_her_own_week(rosa: Rosa, instance: Instance) -> None:
    words = rosa.tell()
    collect(instance.stores, DAY, 36)
    assert BY in rosa.open(words).text
    amend(instance, clocks={**instance.charter.policies[0].policy.clocks, "acknowledge_days": 28})
    on(instance, BEGINS)
    assert BY in rosa.open(words).text
    assert BY not in rosa.open(rosa.tell()).text


def test_numbers_of_a_time_before_they_were_to_stand_there_do_not(report: PoliceClient, instance: Instance) -> None:
    freeze(instance, N01=40)
    amend(instance, answers_show_releases=True)
    on(instance, BEGINS)
    assert instance.charter.policy_on(BEGINS).answers_show_releases
    text = report.get("/answers").text.partition("The newest report")[2]
    assert "Staffing and workload" in text and "40" not in text


def test_a_policy_that_is_refused_closes_the_door(report: PoliceClient, instance: Instance) -> None:
    (instance.directory / pins.NEWEST_POLICY).write_text("2 " + "0" * 64)
    assert "This service is closed." in report.get("/promise").text
    report.get("/tell", 503)
