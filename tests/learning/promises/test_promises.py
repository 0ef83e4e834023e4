"""Lena promises; nothing is overwritten; two guardians release the words; staff read them on a working day."""

import datetime as dt
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from concerns.audit.model import AuditRow
from concerns.learning.model import ReleasedText
from concerns.learning.promises.model import Action, PromiseChange
from tests.cast import Instance
from tests.learning.promises.promising import ACTION, ANSWER, promise, promise_answer, propose, release, write
from tests.learning.releasing import freeze
from tests.people.visiting import Desk
from tests.police import PoliceClient
from tests.triage.telling import tell


@pytest.fixture
def lena(instance: Instance) -> Desk:
    desk = Desk(instance)
    desk.sign_in("lena")
    return desk


def on(instance: Instance, day: dt.date) -> None:
    instance.clock.now = dt.datetime(day.year, day.month, day.day, 9, tzinfo=dt.UTC)


def staff_read(instance: Instance, path: str = "/answers") -> str:
    return PoliceClient(instance.report_app.test_client(), traceless=True).get(path).text


def step(lena: Desk, address: str, page: str, data: Mapping[str, object], button: str, status: int = 302) -> None:
    lena.client.submit(lena.client.get(f"{address}/{page}"), data, button=button, status=status)


def told_twice(lena: Desk, instance: Instance) -> str:
    """The address of an action whose words were released in November, and others in March."""
    address = promise(lena)
    for day, what in (
        (dt.date(2026, 11, 23), "We plan shifts well ahead."),
        (dt.date(2027, 3, 2), "We ask the planners."),
    ):
        on(instance, day)
        lena.sign_in("lena")
        write(lena, address, {"what": what})
        release(instance, lena, address)
    return address


def withdraw(lena: Desk, number: int) -> None:
    """Gita takes out one of the released texts, counted from the newest one."""
    gita = lena.as_("gita")
    gita.client.submit(gita.client.get("/texts/"), number=number)


class TestActions:
    def test_leaders_peers_and_guardians_see_it_at_once_and_staff_do_not(self, lena: Desk, instance: Instance) -> None:
        address = promise(lena)
        for name in ("lena", "gita", "priya"):
            other = lena.as_(name)
            page = other.client.get("/promises/")
            assert page.h1 == "What was promised" and "Plan shifts four weeks ahead." in page.text
            assert "Head of nursing" in other.client.get(address).text
        on(instance, dt.date(2027, 1, 4))
        assert "Plan shifts" not in staff_read(instance)

    def test_dates_move_and_the_old_ones_stay(self, lena: Desk, instance: Instance) -> None:
        address = promise(lena)
        moved = {"due": "2027-03-31", "review": "", "because": "The planner left."}
        step(lena, address, "dates", {**moved, "due": "2020-01-01"}, "Move the dates", 422)
        step(lena, address, "dates", {**moved, "because": " "}, "Move the dates", 422)
        step(lena, address, "dates", moved, "Move the dates")
        text = lena.client.get(address).text
        assert "22 November 2026: promised, for 31 January 2027" in text
        assert "22 November 2026: new dates, for 31 March 2027 The planner left." in text
        assert "First promised for 31 January 2027" in lena.client.get("/promises/").text

    def test_a_missed_date_shows_first_and_stays_missed(self, lena: Desk, instance: Instance) -> None:
        promise(lena, what="Buy two hoists.", due="2027-01-31")
        address = promise(lena)
        on(instance, dt.date(2027, 2, 3))
        lena.sign_in("lena")
        page = lena.client.get("/promises/")
        assert "2 of 2 promises are overdue." in page.text
        assert "Overdue since 1 February 2027" in page.text
        step(lena, address, "dates", {"due": "2027-03-31", "review": "", "because": "Late."}, "Move the dates")
        step(lena, address, "end", {"how": ["done"], "because": "Shifts are planned."}, "Save")
        assert "Done late, on 3 February 2027" in lena.client.get("/promises/").text

    def test_it_ends_early_or_is_dropped_with_its_reason_and_then_it_is_over(self, lena: Desk) -> None:
        for how, said in (("ended", "Ended early"), ("dropped", "Dropped")):
            address = promise(lena)
            step(lena, address, "end", {"how": [how], "because": ""}, "Save", 422)
            page = lena.client.get(f"{address}/end")
            for _ in range(2):  # a double tap
                lena.client.submit(page, {"how": [how], "because": "Every ward knows."}, button="Save")
            text = lena.client.get(address).text
            assert said in text and text.count("Every ward knows.") == 1 and "Move its dates" not in text
            lena.client.submit(page, {"how": [how], "because": "Something else."}, button="Save", status=409)

    def test_of_two_leaders_who_change_it_one_is_told(self, lena: Desk, instance: Instance) -> None:
        address = promise(lena)
        page = lena.client.get(f"{address}/end")
        step(lena, address, "dates", {"due": "2027-03-31", "review": "", "because": "Late."}, "Move the dates")
        found = lena.client.submit(page, {"how": ["done"], "because": "All done."}, button="Save", status=409)
        assert "Somebody changed this promise meanwhile" in found.text and "All done." in found.html

    def test_a_double_tap_stores_and_notes_it_once(self, lena: Desk, instance: Instance) -> None:
        page = lena.client.get("/promises/action")
        for _ in range(2):
            lena.client.submit(page, ACTION, button="Promise it")
        with instance.stores.read_main() as main:
            for table in (Action, PromiseChange):
                assert main.scalar(select(func.count()).select_from(table)) == 1
            noted = main.scalars(select(AuditRow.about).where(AuditRow.verb == "promised")).all()
        assert noted == ["action N01"]

    def test_what_is_missing_is_said_and_nothing_typed_is_lost(self, lena: Desk) -> None:
        page = lena.client.get("/promises/action")
        found = lena.client.submit(page, {"what": "Buy two hoists.", "due": "soon"}, button="Promise it", status=422)
        assert "Say who owns it: a role, such as head of nursing" in found.errors
        assert "By when: enter a day, as in 2026-12-24" in found.errors
        assert "Buy two hoists." in found.html and 'value="soon"' in found.html

    def test_more_than_half_structural_is_warned_of_with_the_lesson(self, lena: Desk) -> None:
        promise(lena, type=["structural"])
        promise(lena)
        assert "structural reform" not in lena.client.get("/promises/").text
        promise(lena, type=["structural"], theme=["all"])
        text = lena.client.get("/promises/").text
        assert (
            "In October to December 2026 and in 2026, more than half of the promised actions change structures." in text
        )
        assert "Organisations that failed often relied too much on structural reform." in text


class TestReleasing:
    def test_an_answer_goes_out_when_two_guardians_released_it(self, lena: Desk, instance: Instance) -> None:
        address = promise_answer(lena)
        write(lena, address, {**ANSWER, "doing": "", "declined": "We buy no new system, because the old one does."})
        release(instance, lena, address)
        assert "We buy no new system" not in staff_read(instance)
        assert "1 of 1" not in lena.client.get("/promises/").text
        on(instance, dt.date(2026, 12, 1))
        text = staff_read(instance)
        assert "What we decided not to do: We buy no new system, because the old one does." in text
        lena.sign_in("lena")
        assert "Kept, 1 December 2026" in lena.client.get("/promises/").text

    def test_a_draft_is_kept_and_goes_nowhere_before_it_is_whole(self, lena: Desk, instance: Instance) -> None:
        address = promise_answer(lena)
        write(lena, address, {"known": "Nights are hard to staff."}, button="Keep as a draft")
        found = write(lena, address, {}, status=422)
        assert found.errors == ["Say what you do. Where you do nothing, say what you decided not to do, and why"]
        # what rests on nothing is refused, and kept
        found = write(lena, address, {**ANSWER, "heard": "People tell us of nights."}, status=422)
        assert "needs a shown number" in found.errors[0]
        assert "People tell us of nights." in lena.client.get(address).text
        gita, priya = lena.as_("gita"), lena.as_("priya")
        assert "People tell us of nights." in gita.client.get(address).text
        assert "nights" not in priya.client.get(address).text
        gita.client.get(f"/texts/asked/{address.rpartition('/')[2]}", status=404)
        freeze(instance)
        write(lena, address, {})
        assert "With the guardians" in lena.client.get(address).text

    def test_the_check_stops_it_and_leaders_read_one_of_a_few_sentences(self, lena: Desk, instance: Instance) -> None:
        tell(instance)
        address = promise_answer(lena)
        write(lena, address, {**ANSWER, "doing": "We hear that two of us cover thirty beds at night."})
        gita = lena.as_("gita")
        found = propose(gita, address, 409)
        assert "Six words in a row stand in a flag" in found.text
        page = gita.client.get(f"/texts/asked/{address.rpartition('/')[2]}")
        gita.client.submit(page, button="Send it back", status=409)
        gita.client.submit(page, {"returned": ["general"]}, button="Send it back")
        text = lena.client.get(address).text
        assert "Guardians say: Say it in more general words" in text and "Six words" not in text
        assert "Leaders ask you to release" not in gita.client.get("/texts/").text

    def test_what_leaders_change_meanwhile_is_not_released(self, lena: Desk, instance: Instance) -> None:
        address = promise_answer(lena)
        write(lena, address, ANSWER)
        propose(lena.as_("gita"), address)
        write(lena, address, {**ANSWER, "doing": "Something else."})
        gwen = lena.as_("gwen")
        links = gwen.client.get("/texts/").links()
        waiting = next(one for one in links.values() if len(one.rpartition("/")[2]) == 32 and "/asked/" not in one)
        found = gwen.client.submit(
            gwen.client.get(waiting.removeprefix("/desk")), button="I agree: release it", status=409
        )
        assert "Leaders have changed these words" in found.text
        on(instance, dt.date(2026, 12, 1))
        assert "Something else." not in staff_read(instance) and "We plan shifts anew." not in staff_read(instance)

    def test_what_is_withdrawn_is_owed_again(self, lena: Desk, instance: Instance) -> None:
        address = promise_answer(lena)
        write(lena, address, ANSWER)
        release(instance, lena, address)
        gita = lena.as_("gita")
        page = gita.client.get("/texts/")
        gita.client.submit(page, button="Withdraw Answer to a theme: Unsafe care or quality")
        on(instance, dt.date(2026, 12, 1))
        lena.sign_in("lena")
        text = lena.client.get(address).text
        # nobody could read it yet
        assert "Open" in text and "Guardians say: We took it out again. " in text
        assert "Write these words" in text

    def test_what_staff_will_read_has_not_happened_yet(self, lena: Desk, instance: Instance) -> None:
        address = promise_answer(lena)
        write(lena, address, ANSWER)
        release(instance, lena, address)
        text = lena.client.get(address).text
        assert "22 November 2026: promised" in text and "staff read it" not in text
        on(instance, dt.date(2026, 12, 1))
        lena.sign_in("lena")
        assert "1 December 2026: staff read it" in lena.client.get(address).text

    def test_an_action_reaches_staff_with_how_it_stood_on_a_working_day(self, lena: Desk, instance: Instance) -> None:
        address = promise(lena)
        write(lena, address, {"what": "We plan shifts well ahead.", "until": "Every ward knows its shifts."})
        release(instance, lena, address)
        on(instance, dt.date(2026, 12, 1))
        text = staff_read(instance)
        assert "Promised: Unsafe care or quality What we will do: We plan shifts well ahead." in text
        assert "How it stands: promised for January 2027" in text
        lena.sign_in("lena")
        step(lena, address, "end", {"how": ["dropped"], "because": "No planner."}, "Save")
        on(instance, dt.date(2026, 12, 31))
        assert "How it stands: promised for January 2027" in staff_read(instance)
        on(instance, dt.date(2027, 1, 4))
        text = staff_read(instance)
        assert "How it stands: dropped" in text and "No planner." not in text
        lena.sign_in("lena")
        write(lena, address, {"because": "We found nobody who can plan them."})
        release(instance, lena, address)
        on(instance, dt.date(2027, 2, 1))
        assert "Why we dropped it: We found nobody who can plan them." in staff_read(instance)

    def test_a_mark_stays_where_an_action_was_told_until_new_words_take_its_place(
        self, lena: Desk, instance: Instance
    ) -> None:
        address = told_twice(lena, instance)
        on(instance, dt.date(2027, 4, 1))
        assert "We ask the planners." in staff_read(instance)
        withdraw(lena, 0)
        lena.sign_in("lena")
        assert "Guardians say: We took it out again. " in lena.client.get(address).text
        door = PoliceClient(instance.report_app.test_client(), traceless=True)
        for language, mark in (
            ("", "Promised: Unsafe care or quality Withdrawn in April 2027"),
            ("/cy", "Addawyd: Unsafe care or quality Tynnwyd yn ôl ym mis Ebrill 2027"),
        ):
            page, feed = door.get(f"{language}/answers"), door.get(f"{language}/answers.atom")
            assert page.text.count(mark) == 1
            # neither the words that pointed to somebody nor those that they had replaced
            for said in ("We ask the planners.", "We plan shifts well ahead."):
                assert said not in page.text and said not in feed.html
            assert "Addawyd" not in feed.html and "Promised" not in feed.html
            door.get(f"{language}/answers/2027-04", status=404)
        write(lena, address, {"what": "We ask each ward."})
        release(instance, lena, address)
        on(instance, dt.date(2027, 5, 4))
        text = staff_read(instance)
        assert "We ask each ward." in text and "Withdrawn" not in text

    def test_what_others_had_replaced_is_taken_out_without_touching_those(self, lena: Desk, instance: Instance) -> None:
        address = told_twice(lena, instance)
        on(instance, dt.date(2027, 4, 1))
        lena.sign_in("lena")
        write(lena, address, {"what": "We ask each ward."})
        withdraw(lena, 1)
        text = lena.client.get(address).text
        assert "With the guardians" in text and "We took it out again" not in text
        text = staff_read(instance)
        assert "We ask the planners." in text and "Withdrawn" not in text
        release(instance, lena, address)
        on(instance, dt.date(2027, 5, 4))
        assert "We ask each ward." in staff_read(instance)

    def test_what_is_changed_in_the_store_is_not_read(self, lena: Desk, instance: Instance) -> None:
        address, other = promise(lena), promise(lena, theme=["N02"])
        write(lena, address, {})
        release(instance, lena, address)
        on(instance, dt.date(2026, 12, 1))
        assert "Plan shifts" in staff_read(instance)
        for name, value in (("body", '{"what":"Forget shifts."}'), ("about", f"N02/{other.rpartition('/')[2]}")):
            with instance.stores.write_main() as main:
                row = main.scalars(select(ReleasedText)).one()
                before = getattr(row, name)
                setattr(row, name, value)
            text = staff_read(instance)
            assert "Plan shifts" not in text and "Forget shifts" not in text
            with instance.stores.write_main() as main:
                setattr(main.scalars(select(ReleasedText)).one(), name, before)
        assert "Plan shifts" in staff_read(instance)
