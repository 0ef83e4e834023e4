"""What each reads of the log, how two people come to read all of it, and that nothing is done that is not entered."""

from contextlib import AbstractContextManager
from unittest.mock import patch

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from concerns.audit.model import AuditHead, AuditRequest, AuditRow
from concerns.audit.service import note
from concerns.people import service, sessions
from concerns.people.access import COOKIE
from concerns.sealing.model import Thread
from tests.audit import log
from tests.cast import Instance
from tests.people.visiting import Desk, without_tokens
from tests.police import Page
from tests.triage.telling import collect_now, tell

WHY = "A flag was talked about in the canteen. We want to see who opened flags last week."
EVERYBODY = "/audit/everybody"


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def otto(desk: Desk) -> Desk:
    """An overseer, signed in."""
    with desk.instance.stores.write_main() as main:
        added = service.add_person(main, "Otto", "otto@example.org", ["overseer"])
    other = Desk(desk.instance)
    cookie = sessions.start(desk.instance.house, added.id, None)
    other.client.client.set_cookie(COOKIE, cookie, secure=True, path="/desk/")
    return other


def ask(desk: Desk) -> None:
    desk.client.submit(desk.client.get(EVERYBODY), {"reason": WHY}, button="Ask")


def agree(desk: Desk, name: str) -> None:
    desk.client.submit(desk.client.get(EVERYBODY), button=f"Agree to what {name} asks")


def token(page: Page) -> dict[str, str]:
    """What proves that a post comes from a page of ours."""
    found = next(one for one in page.tree.iter("input") if one.get("name") == "csrf_token")
    return {"csrf_token": found.get("value")}


def lines(page: Page) -> list[str]:
    return [" ".join("".join(one.itertext()).split()) for one in page.with_class("audit-lines__line")]


class TestEntries:
    def test_a_day_of_work_is_entered_in_plain_words(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, "The lift is stuck.")
        page = gita.client.get(told.path)
        gita.client.submit(page, {"note": "Rang the engineer."}, button="Save")
        gita.client.get(told.path)
        assert log.deeds(instance) == ["in", "opened", "worked"]
        shown = gita.client.get("/audit/")
        assert lines(shown) == [
            "Worked on a flag The lift is stuck.",
            "Opened a flag The lift is stuck.",
            "Signed in",
        ]
        assert shown.links()["The lift is stuck."] == f"/desk{told.path}"

    def test_a_sign_that_turns_text_round_is_shown_by_its_number(self, gita: Desk, instance: Instance) -> None:
        gita.client.get(tell(instance, "The lift\u202e is stuck.").path)
        page = gita.client.get("/audit/")
        assert "The lift[U+202E] is stuck." in page.text and "\u202e" not in page.html

    def test_a_photo_is_entered_as_its_flag_is(self, gita: Desk, instance: Instance) -> None:
        """An entry of its own would tell which flag was read: how many photos a thread has stands in clear."""
        told = tell(instance)
        photo = told.photo()
        collect_now(instance)
        address = f"{told.path}/photo/{photo.header.envelope_id.hex()}"
        assert gita.client.client.get(address).status_code in (200, 415)
        gita.client.get(told.path)
        assert log.deeds(instance) == ["in", "opened"]

    def test_opening_how_to_reach_her_is_entered_as_any_work_is(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, contact=("reach", "07700 900123"))
        page = gita.client.submit(gita.client.get(told.path), button="Open how to reach them", status=200)
        gita.client.submit(page, button="Erase it", status=200)
        assert log.deeds(instance) == ["in", "opened", "worked", "worked"]

    def test_what_reporters_do_is_not_entered(self, gita: Desk, instance: Instance) -> None:
        before = log.deeds(instance)
        told = tell(instance)
        told.detail("It happened again.")
        collect_now(instance)
        gita.client.get("/inbox")
        assert log.deeds(instance) == before

    def test_a_flag_that_is_not_for_her_leaves_no_entry(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, exclude=["gita"])
        gita.client.get(told.path, 404)
        gita.client.get(f"/flags/{bytes(16).hex()}", 404)
        assert log.deeds(instance) == ["in"]

    def test_ways_in_and_out_links_and_collecting(self, desk: Desk, instance: Instance) -> None:
        desk.sign_in("gita")
        desk.client.post("/collect", token(desk.client.get("/inbox")), 302)
        ada = desk.as_("ada")
        with instance.stores.write_main() as main:
            nora = service.add_person(main, "Nora", "nora@example.org", ["leader"]).id
        page = ada.client.get("/set-up")
        ada.client.submit(page, action=f"/desk/set-up/link/{nora.hex()}", status=200)
        assert lines(ada.client.get("/audit/")) == ["Made a one-time link for Nora", "Signed in"]
        ada.client.post("/sign-out", token(ada.client.get("/me")), 302)
        assert log.deeds(instance) == ["in", "collected", "in", "invited", "out"]

    def test_nobody_elses_entries_are_on_ones_own_page(self, gita: Desk, instance: Instance) -> None:
        gwen = gita.as_("gwen")
        told = tell(instance, "The lift is stuck.")
        gwen.client.get(told.path)
        assert lines(gita.client.get("/audit/")) == ["Signed in"]
        lena = gita.as_("lena")
        assert lines(lena.client.get("/audit/")) == ["Signed in"]
        assert "What everybody did" not in lena.client.get("/audit/").links()

    def test_fifty_to_a_page(self, gita: Desk, instance: Instance) -> None:
        for _ in range(60):
            note(instance.house, instance.guardian().person_id, "collected")
        first, second = gita.client.get("/audit/"), gita.client.get("/audit/?page=2")
        assert (len(lines(first)), len(lines(second))) == (50, 11)
        assert "Older" in first.links() and "Newer" in second.links() and "Older" not in second.links()
        assert lines(gita.client.get("/audit/?page=9")) == []
        for odd in ("0", "-1", "x", "٣", "99999999"):
            gita.client.get(f"/audit/?page={odd}", 404)

    def test_a_flag_that_was_taken_back_or_not_collected_is_not_named(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, "The lift is stuck.")
        gita.client.get(told.path)
        with instance.stores.write_main() as main:
            main.execute(delete(Thread).where(Thread.id == told.thread_id))
        assert lines(gita.client.get("/audit/")) == ["Opened a flag", "Signed in"]


class TestTwoPeople:
    def test_one_asks_another_guardian_agrees_and_both_read_for_a_week(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, "The lift is stuck.")
        gita.client.get(told.path)
        assert "The lift is stuck." not in gita.client.get(EVERYBODY).text
        ask(gita)
        waiting = gita.client.get(EVERYBODY)
        assert "Another guardian may agree until 13 December 2026." in waiting.text
        assert not [one for one in waiting.tree.iter("button") if "Agree" in "".join(one.itertext())]

        gwen = gita.as_("gwen")
        assert gwen.client.get("/", 302).location == "/desk/audit/"
        assert "Gita asks to read everybody’s entries." in gwen.client.get("/audit/").text
        assert WHY in gwen.client.get(EVERYBODY).text
        agree(gwen, "Gita")
        for reader in (gita, gwen):
            page = reader.client.get(EVERYBODY)
            assert "You may read until 29 November 2026." in page.text
            assert "Opened a flag The lift is stuck." in lines(page)
        assert log.deeds(instance, "gita").count("read-all") == 1
        gita.client.get(EVERYBODY)
        assert log.deeds(instance, "gita").count("read-all") == 1
        assert gwen.client.get("/", 302).location == "/desk/inbox"

        instance.clock.pass_(days=8)
        again = gita.as_("gwen")
        assert lines(again.client.get(EVERYBODY)) == []

    def test_nobody_agrees_with_herself_or_after_twenty_one_days(self, gita: Desk, instance: Instance) -> None:
        ask(gita)
        with instance.stores.read_main() as main:
            request = main.scalars(select(AuditRequest.id)).one()
        address = f"/audit/requests/{request.hex()}"
        gita.client.post(address, token(gita.client.get(EVERYBODY)), 404)
        gwen = gita.as_("gwen")
        gwen.client.post(address, status=400)  # without its token
        instance.clock.pass_(days=22)
        gwen = gita.as_("gwen")
        assert WHY not in gwen.client.get(EVERYBODY).text
        gwen.client.post(address, token(gwen.client.get(EVERYBODY)), 404)
        with instance.stores.read_main() as main:
            assert main.scalars(select(AuditRequest.agreed_by)).one() is None
        assert log.deeds(instance, "gwen").count("agreed") == 0

    def test_a_reason_is_asked_for_and_kept_when_it_is_too_long(self, gita: Desk) -> None:
        page = gita.client.submit(gita.client.get(EVERYBODY), {"reason": "  "}, button="Ask", status=422)
        assert page.errors == ["Say why you want to read them"]
        long = "ß" * 501
        page = gita.client.submit(gita.client.get(EVERYBODY), {"reason": long}, button="Ask", status=422)
        assert page.errors == ["The reason is 2 characters too long: nothing is lost, shorten it"]
        assert long in page.html

    def test_a_reason_is_sealed_at_rest(self, gita: Desk, instance: Instance) -> None:
        ask(gita)
        with instance.stores.read_main() as main:
            sealed = main.scalars(select(AuditRequest.reason)).one()
        assert not [start for start in range(len(WHY) - 7) if WHY[start : start + 8].encode() in sealed]

    def test_an_overseer_asks_and_reads_what_was_done_and_nothing_of_flags(
        self, gita: Desk, instance: Instance
    ) -> None:
        told = tell(instance, "The lift is stuck.")
        gita.client.get(told.path)
        overseer = otto(gita)
        ask(overseer)
        assert WHY not in overseer.client.get(EVERYBODY).text
        sent = token(overseer.client.get(EVERYBODY))
        overseer.client.post(f"/audit/requests/{bytes(16).hex()}", sent, status=403)
        assert WHY in gita.client.get(EVERYBODY).text
        agree(gita, "Otto")
        page = overseer.client.get(EVERYBODY)
        assert "Opened a flag" in lines(page)
        assert "lift" not in without_tokens(page) and told.thread_id.hex() not in page.html

    def test_s7_everybodys_entries_are_what_they_would_be_without_the_thread(
        self, gita: Desk, instance: Instance
    ) -> None:
        ask(gita)
        gwen = gita.as_("gwen")
        agree(gwen, "Gita")
        instance.clock.pass_(days=1)
        other = gita.as_("gwen")
        before = lines(other.client.get(EVERYBODY))
        told, plain = tell(instance, "About Gwen.", exclude=["gwen"]), tell(instance, "The lift is stuck.")
        gita.sign_in("gita")
        signed_in = lines(other.client.get(EVERYBODY))
        assert sorted(signed_in) == sorted([*before, "Signed in"])
        page = gita.client.get(told.path)
        gita.client.submit(page, {"note": "Spoke to Ada."}, button="Save")
        assert log.deeds(instance, "gita")[-2:] == ["opened", "worked"]
        assert lines(other.client.get(EVERYBODY)) == signed_in
        gita.client.get(plain.path)
        assert "Opened a flag The lift is stuck." in lines(other.client.get(EVERYBODY))

    def test_one_day_at_a_time(self, gita: Desk, instance: Instance) -> None:
        ask(gita)
        agree(gita.as_("gwen"), "Gita")
        instance.clock.pass_(days=2)
        gita.sign_in("gita")
        newest = gita.client.get(EVERYBODY)
        assert newest.links()["Older"] == "/desk/audit/everybody?day=2026-11-22"
        older = gita.client.get(f"{EVERYBODY}?day=2026-11-23")
        assert older.links()["Newer"] == "/desk/audit/everybody?day=2026-11-24"
        assert "22 November 2026" in older.text and "Asked to read everybody’s entries" in lines(older)
        for odd in ("x", "2026-13-01", "2026-11-22'"):
            gita.client.get(f"{EVERYBODY}?day={odd}", 404)


class TestSignatures:
    def test_a_guardian_reads_when_she_signed_the_log(self, gita: Desk) -> None:
        assert "last on 22 November 2026, first on 22 November 2026" in gita.client.get("/audit/").text
        assert "You sign the log" not in gita.as_("ada").client.get("/audit/").text

    def test_a_log_that_is_not_what_she_signed_is_said_at_once_and_not_signed_again(
        self, gita: Desk, instance: Instance
    ) -> None:
        assert gita.client.get("/", 302).location == "/desk/inbox"
        log.cut(instance, 1)
        again = gita.as_("gita")
        assert again.client.get("/", 302).location == "/desk/audit/"
        assert "This log is not the one that you signed on 22 November 2026." in again.client.get("/audit/").text
        with instance.stores.read_main() as main:
            assert main.scalars(select(AuditHead.n)).one() == 1
        assert log.faults(instance) != []


class TestWhatCannotBeEntered:
    def test_a_flag_is_not_shown(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, "The lift is stuck.")
        with self.broken():
            page = gita.client.get(told.path, 503)
        assert "The lift is stuck." not in page.html
        assert "nothing is done or shown that is not entered" in page.text

    def test_what_she_wrote_comes_back_and_is_not_saved(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        page = gita.client.get(told.path)
        with self.broken():
            page = gita.client.submit(page, {"note": "Rang the engineer."}, button="Save", status=503)
        assert "Rang the engineer." in page.html
        assert "worked" not in log.deeds(instance)
        assert len(told.rows()) == 1

    def test_a_new_day_brings_back_what_she_wrote_too(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        instance.clock.now = instance.clock.now.replace(hour=23, minute=58)
        gita.sign_in("gita")
        page = gita.client.get(told.path)
        instance.clock.pass_(minutes=5)  # opening it on another day is another entry
        with self.broken():
            page = gita.client.submit(page, {"note": "Rang the engineer."}, button="Save", status=503)
        assert "Rang the engineer." in page.html

    def test_nobody_signs_in_and_everybody_gets_out(self, gita: Desk, instance: Instance) -> None:
        other = Desk(instance)
        instance.clock.pass_(seconds=30)
        form = other.client.get("/sign-in")
        with self.broken():
            other.client.submit(form, other.factors("gwen"), button="Sign in", status=503)
        sent = token(gita.client.get("/me"))
        with self.broken():
            gita.client.post("/sign-out", sent, 302)
        assert "/sign-in" in gita.client.get("/inbox", 302).location

    @staticmethod
    def broken() -> AbstractContextManager[object]:
        """The log takes no entry."""
        add = Session.add

        def refuse(session: Session, row: object, *args: object, **kwargs: object) -> None:
            if isinstance(row, AuditRow):
                raise OperationalError("", {}, Exception())
            add(session, row, *args, **kwargs)  # type: ignore[arg-type]

        return patch.object(Session, "add", refuse)
