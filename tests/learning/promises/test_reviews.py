"""Lena looks at an action again: whether it worked stands in the list, and before her when she promises the next one."""

import datetime as dt

import pytest
from sqlalchemy import select

from concerns.audit.model import AuditRow
from tests.cast import Instance
from tests.learning.promises.promising import ANSWER, promise, promise_answer, release, write
from tests.people.visiting import Desk
from tests.police import Page

REVIEW = dt.date(2027, 6, 30)
FAILED = {"result": ["failed"], "because": "Nights are as thin as before.", "review": ""}


@pytest.fixture
def lena(instance: Instance) -> Desk:
    desk = Desk(instance)
    desk.sign_in("lena")
    return desk


def on(lena: Desk, day: dt.date) -> None:
    """Lena comes on this day."""
    lena.instance.clock.now = dt.datetime(day.year, day.month, day.day, 9, tzinfo=dt.UTC)
    lena.sign_in("lena")


def end(lena: Desk, address: str, how: str = "done") -> None:
    lena.client.submit(
        lena.client.get(f"{address}/end"), {"how": [how], "because": "Shifts are planned."}, button="Save"
    )


def review(lena: Desk, address: str, status: int = 302, **said: object) -> Page:
    return lena.client.submit(lena.client.get(f"{address}/review"), {**FAILED, **said}, button="Save", status=status)


class TestLookingAgain:
    def test_a_day_that_nobody_looked_on_yet_is_called_so(self, lena: Desk) -> None:
        address = promise(lena)
        text = lena.client.get(address).text
        assert "To be looked at again on 30 June 2027" in text and "Looked at again" not in text

    @pytest.mark.parametrize("how", ["done", "ended"])
    def test_long_after_it_is_over_it_comes_first_until_somebody_says_whether_it_worked(
        self, lena: Desk, how: str
    ) -> None:
        address = promise(lena)
        end(lena, address, how)
        on(lena, REVIEW)
        promise(lena, what="Buy two hoists.", due="2027-12-31", review="2028-06-30")
        page = lena.client.get("/promises/")
        assert "1 action is to be looked at again by now: did it work?" in page.text
        assert "To be looked at again since 30 June 2027: did it work?" in page.text
        assert page.text.index("Plan shifts four weeks ahead.") < page.text.index("Buy two hoists.")
        review(lena, address)
        text = lena.client.get("/promises/").text
        assert "It did not work, looked at again on 30 June 2027" in text
        assert "to be looked at again by now" not in text and "since 30 June" not in text
        assert text.index("Buy two hoists.") < text.index("Plan shifts four weeks ahead.")

    def test_how_one_knows_is_read_at_the_desk_and_never_by_staff(self, lena: Desk) -> None:
        address = promise(lena)
        write(lena, address, {})
        release(lena.instance, lena, address)
        end(lena, address)
        on(lena, REVIEW)
        review(lena, address)
        for name in ("lena", "gita"):
            text = lena.as_(name).client.get(address).text
            assert "30 June 2027: looked at again. It did not work Nights are as thin as before." in text
        on(lena, dt.date(2027, 8, 2))
        answers = lena.instance.report_app.test_client().get("/answers").text
        assert "Plan shifts four weeks ahead." in answers
        assert "did not work" not in answers and "Nights are as thin" not in answers

    def test_too_early_needs_another_day(self, lena: Desk) -> None:
        address = promise(lena)
        end(lena, address)
        on(lena, REVIEW)
        for wrong in ("", "2027-06-30", "soon", "2040-01-01"):
            found = review(lena, address, 422, result=["too-early"], review=wrong)
            assert len(found.errors) == 1 and "Nights are as thin" in found.html
        review(lena, address, result=["too-early"], review="2027-09-30")
        assert "To be looked at again on 30 September 2027" in lena.client.get("/promises/").text
        on(lena, dt.date(2027, 9, 30))
        assert "To be looked at again since 30 September 2027: did it work?" in lena.client.get("/promises/").text

    def test_what_is_missing_is_said(self, lena: Desk) -> None:
        found = review(lena, promise(lena), 422, result=[], because=" ")
        assert found.errors == ["Choose whether it worked", "Say how you know"]

    def test_a_later_look_stands_beside_the_earlier_one(self, lena: Desk) -> None:
        address = promise(lena)
        end(lena, address)
        review(lena, address, result=["worked"], because="It is quiet.")
        review(lena, address)
        text = lena.client.get(address).text
        assert "It worked It is quiet." in text
        assert "Did it work? It did not work" in text

    def test_it_opens_nothing_that_was_over(self, lena: Desk) -> None:
        address = promise(lena)
        moving = lena.client.get(f"{address}/dates")
        end(lena, address)
        review(lena, address)
        assert "Move its dates" not in lena.client.get(address).text
        assert "Kept, 22 November 2026" in lena.client.get("/promises/").text
        moved = {"due": "2027-03-31", "review": "", "because": "Late.", "seen": "3"}
        found = lena.client.submit(moving, moved, button="Move the dates", status=409)
        assert "This promise is over already." in found.text

    def test_what_was_dropped_and_an_answer_have_none(self, lena: Desk) -> None:
        address = promise(lena)
        end(lena, address, "dropped")
        assert "To be looked at" not in lena.client.get(address).text
        assert "Say whether it worked" not in lena.client.get(address).text
        assert "there is nothing to look at again" in review(lena, address, 409).text
        answer = promise_answer(lena)
        assert lena.client.get(f"{answer}/review", status=302).location.endswith(answer)

    def test_a_double_tap_stores_it_once_and_the_log_has_it(self, lena: Desk) -> None:
        address = promise(lena)
        end(lena, address)
        page = lena.client.get(f"{address}/review")
        for _ in range(2):
            lena.client.submit(page, FAILED, button="Save")
        other = {**FAILED, "result": ["worked"]}
        assert "Somebody changed" in lena.client.submit(page, other, button="Save", status=409).text
        assert lena.client.get(address).text.count("Nights are as thin as before.") == 1
        with lena.instance.stores.read_main() as main:
            noted = main.scalars(select(AuditRow.about).where(AuditRow.verb == "promised")).all()
        assert noted == ["action N01"] * 3

    def test_only_leaders_say_it(self, lena: Desk) -> None:
        address = promise(lena)
        for name in ("gita", "priya"):
            other = lena.as_(name)
            assert "Say whether it worked" not in other.client.get(address).text
            other.client.get(f"{address}/review", status=403)


class TestTriedBefore:
    def test_whoever_promises_sees_earlier_actions_on_the_theme_and_whether_they_worked(self, lena: Desk) -> None:
        assert "What was tried before" not in lena.client.get("/promises/action").text
        address = promise(lena)
        end(lena, address)
        review(lena, address)
        promise(lena, what="Buy two hoists.", theme=["all"])
        page = lena.client.get("/promises/action")
        assert "Unsafe care or quality: 1 action, 1 did not work" in page.text
        assert "Nights are as thin as before." in page.text
        assert "The whole organisation: 1 action Buy two hoists." in page.text
        # of what was chosen they are open, where something else was missing
        opened = lena.client.submit(page, {"theme": ["N01"]}, button="Promise it", status=422)
        (chosen,) = [one for one in opened.tree.iter("details") if one.get("open") is not None]
        assert "Plan shifts four weeks ahead." in "".join(chosen.itertext())


class TestTheList:
    def test_it_is_paged_and_what_is_overdue_stands_on_the_first_page(
        self, lena: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("concerns.learning.promises.views.PAGE", 2)
        for number in range(5):
            promise(lena, what=f"Number {number}.", due=f"2027-0{number + 1}-28")
        on(lena, dt.date(2027, 1, 29))
        first = lena.client.get("/promises/")
        assert "1 of 5 promises is overdue." in first.text and "Page 1 of 3" in first.text
        assert [f"Number {n}." in first.text for n in range(5)] == [True, True, False, False, False]
        assert first.links()["Next"].endswith("/promises/?page=2")
        second = lena.client.get("/promises/?page=2")
        assert [f"Number {n}." in second.text for n in range(5)] == [False, False, True, True, False]
        for beyond in ("3", "99"):
            assert "Number 4." in lena.client.get(f"/promises/?page={beyond}").text
        for odd in ("0", "-1", "x", ""):
            assert "Page 1 of 3" in lena.client.get(f"/promises/?page={odd}").text

    def test_what_was_dropped_after_its_date_says_so(self, lena: Desk) -> None:
        address, other = promise(lena), promise(lena, what="Buy two hoists.")
        end(lena, other, "dropped")
        on(lena, dt.date(2027, 2, 3))
        end(lena, address, "dropped")
        text = lena.client.get("/promises/").text
        assert "Dropped on 3 February 2027, after its date" in text
        assert "Dropped on 22 November 2026 " in text
        assert "Dropped1" in text and "Dropped after its date1" in text


class TestWhatStaffHaveRead:
    @pytest.mark.parametrize(
        ("page", "said", "button"),
        [
            ("dates", {"due": "2027-03-31", "because": "Late."}, "Move the dates"),
            ("end", {"how": ["dropped"], "because": "Late."}, "Save"),
        ],
    )
    def test_an_answer_that_they_read_is_neither_moved_nor_dropped(
        self, lena: Desk, page: str, said: dict[str, object], button: str
    ) -> None:
        address = promise_answer(lena)
        write(lena, address, ANSWER)
        release(lena.instance, lena, address)
        on(lena, dt.date(2027, 2, 3))
        assert "Kept, 1 December 2026" in lena.client.get("/promises/").text
        found = lena.client.submit(lena.client.get(f"{address}/{page}"), said, button=button, status=409)
        assert "Staff have read this answer already: it can be neither moved nor dropped." in found.text
        assert "Kept, 1 December 2026" in lena.client.get("/promises/").text

    def test_before_they_read_it_its_date_may_move(self, lena: Desk) -> None:
        address = promise_answer(lena)
        write(lena, address, ANSWER)
        release(lena.instance, lena, address)
        moved = {"due": "2027-03-31", "because": "Guardians were away."}
        lena.client.submit(lena.client.get(f"{address}/dates"), moved, button="Move the dates")
        assert "First promised for 31 January 2027" in lena.client.get("/promises/").text
