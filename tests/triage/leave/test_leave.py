"""Leave: its days, who sees them, and handing flags over in the threads, sealed."""

import datetime as dt
import re

import pytest
from sqlalchemy import delete, select

from concerns.people.duties import absences
from concerns.people.duties.model import Absence
from concerns.sealing.model import Thread
from concerns.triage import service
from concerns.triage.acts import acts
from concerns.triage.index.seeing import read_flag
from concerns.triage.reading import open_desk
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page
from tests.triage.leave.sorting import sort_as, visitor_of
from tests.triage.telling import Told, tell

TODAY = dt.date(2026, 11, 22)
NOTE = "Waits for a word from Estates, who have it since Monday."


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def save(desk: Desk, first: str, last: str, status: int = 302) -> Page:
    return desk.client.submit(
        desk.client.get("/leave"), {"first": first, "last": last}, action="/desk/leave", status=status
    )


def row(instance: Instance, name: str = "gita") -> tuple[dt.date, dt.date] | None:
    with instance.stores.read_main() as main:
        found = main.get(Absence, instance.guardian(name).person_id)
    return (found.first, found.last) if found else None


class TestDays:
    def test_the_others_see_until_when_she_is_away(self, gita: Desk, instance: Instance) -> None:
        save(gita, "2026-11-22", "2026-12-04")
        assert row(instance) == (TODAY, dt.date(2026, 12, 4))
        assert "You are away until Friday 4 December 2026." in gita.client.get("/inbox").text
        gwen = gita.as_("gwen")
        assert "Gita is away until Friday 4 December 2026." in gwen.client.get("/inbox").text
        instance.clock.now = dt.datetime(2026, 12, 5, 9, tzinfo=dt.UTC)
        assert "is away" not in gita.as_("gwen").client.get("/inbox").text

    def test_leave_that_is_to_come_is_not_said_yet(self, gita: Desk) -> None:
        save(gita, "2026-12-01", "2026-12-04")
        assert "away until" not in gita.client.get("/inbox").text
        page = gita.client.get("/leave")
        assert [page.tree.find(f".//input[@id='{one}']").get("value") for one in ("first", "last")] == [
            "2026-12-01",
            "2026-12-04",
        ]

    def test_she_can_change_it_and_take_it_back(self, gita: Desk, instance: Instance) -> None:
        save(gita, "2026-11-22", "2026-12-04")
        save(gita, "2026-11-22", "2026-11-24")
        assert row(instance) == (TODAY, dt.date(2026, 11, 24))
        gita.client.submit(gita.client.get("/leave"), button="I am not away")
        assert row(instance) is None
        assert "I am not away" not in gita.client.get("/leave").text

    @pytest.mark.parametrize(
        ("first", "last", "says"),
        [
            ("", "2026-12-04", "First day away: enter a day, as in 2026-12-24"),
            ("4 December", "2026-12-04", "First day away: enter a day, as in 2026-12-24"),
            ("2026-12-05", "2026-12-04", "Last day away: choose the first day or a later one"),
            ("2026-11-01", "2026-11-21", "Last day away: choose today or a later day"),
            ("2026-11-22", "9999-12-31", "Last day away: choose a day within two years"),
            ("9999-12-30", "9999-12-31", "First day away: choose a day within two years"),
        ],
    )
    def test_days_that_cannot_be(self, gita: Desk, instance: Instance, first: str, last: str, says: str) -> None:
        page = save(gita, first, last, 422)
        assert says in page.errors
        assert page.tree.find(".//input[@id='first']").get("value") == first
        assert row(instance) is None

    def test_the_rows_keep_no_leave_of_somebody_who_is_no_guardian_any_more(self, instance: Instance) -> None:
        person = instance.guardian().person_id
        absences.set_leave(instance.house, person, TODAY, TODAY)
        with instance.stores.write_main() as main:
            main.execute(delete(Absence).where(Absence.person_id != person))
        with instance.stores.read_main() as main:
            assert [one.name for one in absences.away(main, TODAY)] == ["Gita"]
            assert absences.away(main, TODAY + dt.timedelta(days=1)) == []
            assert absences.leave_of(main, person, TODAY + dt.timedelta(days=1)) is None


@pytest.fixture
def told(instance: Instance) -> Told:
    """A flag that Gita sorted."""
    told = tell(instance, "The lift in block B stops between floors.")
    sort_as(instance, "gita", told)
    return told


def hand_over(desk: Desk, told: Told, to: str, words: str = NOTE, status: int = 302) -> Page:
    page = desk.client.get("/leave/flags")
    person = desk.instance.guardian(to).person_id.hex()
    thread = told.thread_id.hex()
    return desk.client.submit(page, {f"to_{thread}": person, f"note_{thread}": words}, status=status)


class TestHandingOver:
    def test_it_moves_to_the_other_guardians_list_with_the_line(
        self, gita: Desk, instance: Instance, told: Told
    ) -> None:
        other = tell(instance, "Nobody has sorted this one.")
        assert "The lift in block B" in gita.client.get("/leave/flags").text
        assert "Nobody has sorted" not in gita.client.get("/leave/flags").text
        hand_over(gita, told, "gwen")
        page = gita.client.get("/leave/flags")
        assert "You have no open flag." in page.text
        gwen = gita.as_("gwen")
        assert "The lift in block B" in gwen.client.get("/leave/flags").text
        assert f"Handed over to Gwen. {NOTE}" in gwen.client.get(told.path).text
        del other

    def test_s1_what_is_stored_looks_like_any_other_sitting(self, gita: Desk, instance: Instance, told: Told) -> None:
        before = {one.header.envelope_id for one in told.rows()}
        hand_over(gita, told, "gwen")
        new = [one for one in told.rows() if one.header.envelope_id not in before]
        assert sorted(len(one.body) for one in new) == [4112, 4112, 4112, 4112]
        stored = b"".join(
            path.read_bytes() for path in instance.directory.iterdir() if path.name.startswith(("main.db", "live.db"))
        )
        assert NOTE[:8].encode() not in stored
        assert all(NOTE[:8].encode() not in one.body for one in new)

    def test_the_act_sorts_nothing_and_the_reporter_sees_nothing_of_it(
        self, gita: Desk, instance: Instance, told: Told
    ) -> None:
        desk = open_desk(instance.house)
        before = read_flag(instance.house, desk, visitor_of(instance, "gwen"), told.thread_id)
        hand_over(gita, told, "gwen")
        after = read_flag(instance.house, desk, visitor_of(instance, "gwen"), told.thread_id)
        assert before and after and before.record and after.record
        assert after.record.link == before.record.link
        assert len(acts(after, "hold")) == 1
        assert not any("Gwen" in str(item.payload) for item in told.opened().items)

    def test_a_double_tap_stores_it_once(self, gita: Desk, instance: Instance, told: Told) -> None:
        page = gita.client.get("/leave/flags")
        thread, person = told.thread_id.hex(), instance.guardian("gwen").person_id.hex()
        for _tap in range(2):
            gita.client.submit(page, {f"to_{thread}": person, f"note_{thread}": NOTE})
        flag = read_flag(instance.house, open_desk(instance.house), visitor_of(instance, "gwen"), told.thread_id)
        assert flag is not None and len(acts(flag, "hold")) == 1

    def test_nothing_typed_is_lost_when_it_cannot_be_saved(
        self, gita: Desk, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_arguments: object, **_named: object) -> None:
            raise RuntimeError

        monkeypatch.setattr(service, "record", fail)
        page = hand_over(gita, told, "gwen", status=503)
        assert "Nothing you wrote is lost" in page.text
        assert page.tree.find(f".//input[@id='note_{told.thread_id.hex()}']").get("value") == NOTE
        monkeypatch.undo()
        gita.client.submit(page)
        assert "You have no open flag." in gita.client.get("/leave/flags").text

    def test_nothing_typed_is_lost_when_a_flag_is_gone(self, gita: Desk, instance: Instance, told: Told) -> None:
        page = gita.client.get("/leave/flags")
        with instance.stores.write_main() as main:
            main.execute(delete(Thread).where(Thread.id == told.thread_id))
        thread, person = told.thread_id.hex(), instance.guardian("gwen").person_id.hex()
        page = gita.client.submit(page, {f"to_{thread}": person, f"note_{thread}": NOTE}, status=404)
        assert NOTE in page.text

    def test_a_line_that_is_too_long_comes_back(self, gita: Desk, told: Told) -> None:
        page = hand_over(gita, told, "gwen", "x" * 201, 422)
        assert page.errors == ["The line is too long by 1: nothing is lost, shorten it"]
        assert page.tree.find(f".//input[@id='note_{told.thread_id.hex()}']").get("value") == "x" * 201

    def test_somebody_must_be_chosen_and_from_the_list(self, gita: Desk, instance: Instance, told: Told) -> None:
        page = gita.client.get("/leave/flags")
        assert gita.client.submit(page, status=422).errors == ["Choose who takes over at least one flag"]
        thread = told.thread_id.hex()
        for person in (instance.guardian("gita").person_id.hex(), "ff" * 16, "x"):
            said = gita.client.submit(page, {f"to_{thread}": person}, status=422)
            assert said.errors == ["Choose who takes it over from the list"]

    def test_who_is_kept_out_of_a_thread_is_not_offered(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, "It is about her.", exclude=["gwen"])
        sort_as(instance, "gita", told)
        page = gita.client.get("/leave/flags")
        (select_,) = page.tree.iter("select")
        assert [option.get("value") for option in select_.iter("option")] == [""]
        gwen = gita.as_("gwen")
        assert "It is about her" not in gwen.client.get("/leave/flags").text

    def test_somebody_elses_flag_cannot_be_reached(self, gita: Desk, instance: Instance) -> None:
        hidden = tell(instance, "Kept from Gita.", exclude=["gita"])
        page = gita.client.get("/leave/flags")
        assert "Kept from" not in page.text
        thread, person = hidden.thread_id.hex(), instance.guardian("gwen").person_id.hex()
        token = gita.client.get("/leave").form(action="/desk/leave")
        csrf = next(one.get("value") for one in token.iter("input") if one.get("name") == "csrf_token")
        said = gita.client.post(
            "/leave/flags", {"csrf_token": csrf, f"to_{thread}": person, f"note_{thread}": "x"}, 404
        )
        assert "no longer here" in said.text
        unknown = gita.client.post("/leave/flags", {"csrf_token": csrf, f"to_{'0' * 32}": person}, 404)
        assert unknown.h1 == said.h1

    def test_one_page_holds_twenty_and_says_that_there_are_more(self, gita: Desk, instance: Instance) -> None:
        told = [tell(instance, f"Flag number {number}.", collected=number == 20) for number in range(21)]
        for one in told:
            sort_as(instance, "gita", one)
        page = gita.client.get("/leave/flags")
        assert len(list(page.tree.iter("select"))) == 20
        assert "You have more open flags than stand here." in page.text
        following = gita.client.get(page.links()["Show the next ones"].removeprefix("/desk"))
        assert len(list(following.tree.iter("select"))) == 1 and "You have more" not in following.text
        shown = [re.findall(r"/flags/([0-9a-f]{32})", one.html) for one in (page, following)]
        assert {*shown[0], *shown[1]} == {one.thread_id.hex() for one in told}

    def test_a_guardian_on_leave_is_named_as_such(self, gita: Desk, instance: Instance, told: Told) -> None:
        absences.set_leave(instance.house, instance.guardian("gwen").person_id, TODAY, dt.date(2026, 12, 4))
        assert "Gwen (away until Friday 4 December)" in gita.client.get("/leave/flags").text

    def test_every_thread_keeps_its_week_in_clear_and_nothing_else(
        self, gita: Desk, instance: Instance, told: Told
    ) -> None:
        with instance.stores.read_main() as main:
            before = [dict(one._mapping) for one in main.execute(select(Thread.__table__))]
        hand_over(gita, told, "gwen")
        with instance.stores.read_main() as main:
            assert [dict(one._mapping) for one in main.execute(select(Thread.__table__))] == before
