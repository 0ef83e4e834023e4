"""Gita writes a text that leaves the desk, the check reads it in her session, and Gwen agrees in hers."""

import datetime as dt
import json
from typing import Any, ClassVar

import pytest
from sqlalchemy import select

from concerns.learning.model import ReleasedText
from concerns.learning.rules import PART_LIMIT
from concerns.sealing.text import canonical
from concerns.themes.queries import current_set
from concerns.themes.service import change_theme_set
from concerns.triage.model import TextDraft
from concerns.triage.releasing.offers import PAGE
from concerns.triage.releasing.rules import TEXT_LIMIT
from tests.cast import Instance
from tests.learning.releasing import POINT as POINT_WORDS
from tests.learning.releasing import freeze, released
from tests.people.visiting import Desk
from tests.police import Page, PoliceClient
from tests.triage.telling import Told, tell

GENERAL = "People say that nights are thinly staffed, and help comes late. We want to look at how shifts are planned."
PROPOSE, AGREE = "Propose this text", "I agree: release it"
NARRATIVE = {"target": ["2026-Q1|N01"], "text": GENERAL}
VIEW = {"target": ["2026-Q1"], "text": GENERAL}
ANSWER = {"target": ["N01"], "known": "Nights are hard to staff.", "doing": "We plan shifts anew."}
POINT = {"text": GENERAL, "know": ["many"], "answer": ["no"]}


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def write(desk: Desk, kind: str, data: dict[str, Any], status: int = 302) -> Page:
    return desk.client.submit(desk.client.get(f"/texts/write/{kind}"), data, button=PROPOSE, status=status)


def write_point(desk: Desk, *told: Told, theme: str = "N01", status: int = 302, **changed: Any) -> Page:
    page = desk.client.get(f"/texts/write/learning?about={theme}")
    data = {**POINT, "flags": [one.thread_id.hex() for one in told], **changed}
    return desk.client.submit(page, data, button=PROPOSE, status=status)


def sort(desk: Desk, *told: Told) -> None:
    for one in told:
        desk.client.submit(desk.client.get(one.path), {"primary": "N01", "status": "assessing"}, button="Save")


def waiting(instance: Instance) -> list[TextDraft]:
    with instance.stores.read_live() as live:
        return list(live.scalars(select(TextDraft)))


def rows(instance: Instance) -> list[ReleasedText]:
    with instance.stores.read_main() as main:
        return list(main.scalars(select(ReleasedText)))


def path(instance: Instance) -> str:
    (draft,) = waiting(instance)
    return f"/texts/{draft.id.hex()}"


def agree(desk: Desk, instance: Instance, name: str = "gwen", status: int = 302) -> Page:
    other = desk.as_(name)
    return other.client.submit(other.client.get(path(instance)), button=AGREE, status=status)


class TestTheWholeWay:
    def test_of_a_narrative_and_the_view(self, gita: Desk, instance: Instance) -> None:
        freeze(instance)
        lena = gita.as_("lena")
        assert "The guardians have not written anything yet" in lena.client.get("/report/2026-Q1").text
        for kind, data in (("narrative", NARRATIVE), ("view", {**VIEW, "text": "Please listen to nights."})):
            write(gita, kind, data)
            assert GENERAL not in lena.client.get("/report/2026-Q1").text or kind == "view"
            agree(gita, instance)
        page = lena.client.get("/report/2026-Q1")
        assert GENERAL in page.text and "Please listen to nights." in page.text
        assert waiting(instance) == []

    def test_of_an_answer_and_a_learning_point(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        sort(gita, told)
        write(gita, "answer", ANSWER)
        agree(gita, instance)
        write_point(gita, told)
        agree(gita, instance)
        door = PoliceClient(instance.report_app.test_client(), traceless=True)
        assert "We plan shifts anew." not in door.get("/answers").text
        instance.clock.now = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
        page = door.get("/answers")
        assert "We plan shifts anew." in page.text and GENERAL in page.text
        assert "At least one person raised this" in page.text and "December 2026" in page.text

    def test_any_guardian_withdraws_and_a_mark_stays(self, gita: Desk, instance: Instance) -> None:
        freeze(instance)
        write(gita, "view", VIEW)
        agree(gita, instance)
        page = gita.client.get("/texts/")
        gita.client.submit(page, button="Withdraw The guardians’ view: January to March 2026")
        text = gita.as_("lena").client.get("/report/2026-Q1").text
        assert "Withdrawn in November 2026" in text and GENERAL not in text

    def test_a_text_about_a_theme_that_ended_keeps_the_themes_name(self, gita: Desk, instance: Instance) -> None:
        released(instance, POINT_WORDS)
        today = instance.clock().date()
        with instance.stores.write_main() as main:
            kept = [theme for theme in current_set(main, today) if theme.code != "N01"]
            change_theme_set(main, kept, {"N01": ["N02"]}, today)
        instance.clock.now = dt.datetime(2027, 2, 3, 9, tzinfo=dt.UTC)
        gita.sign_in("gita")
        text = gita.client.get("/texts/").text
        assert "Learning point: Unsafe care or quality" in text and "N01" not in text

    def test_the_oldest_of_many_can_still_be_taken_out(self, gita: Desk, instance: Instance) -> None:
        oldest = released(instance, POINT_WORDS, dt.date(2026, 10, 1))
        for _ in range(PAGE):
            released(instance, POINT_WORDS)
        page = gita.client.get("/texts/")
        assert len(page.with_class("desk-said")) == PAGE and oldest.hex() not in page.html
        assert "Page 1 of 2" in page.text
        page = gita.client.get(page.links()["Older"].removeprefix("/desk"))
        assert len(page.with_class("desk-said")) == 1 and oldest.hex() in page.html
        gita.client.submit(page, button="Withdraw Learning point: Unsafe care or quality")
        assert [row.id for row in rows(instance) if row.withdrawn] == [oldest]
        # an address that leads too far, or nowhere, shows a page that is there
        assert "Page 2 of 2" in gita.client.get("/texts/?page=9").text
        assert "Page 1 of 2" in gita.client.get("/texts/?page=x").text


class TestTheCheck:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("We hear that two of us cover thirty beds at night.", "Six words in a row stand in a flag"),
            ("Dave should plan the shifts.", "A name"),
            ("It is the same in Theatres now.", "The name of another area"),
            ("It began on a Monday.", "A day or a month"),
            ("It was said 12 times.", "A number"),
            ("It was said by three people.", "A number written as a word"),
            ("It is “not safe” there.", "A quotation"),
        ],
    )
    def test_it_stops_a_text_and_keeps_what_was_typed(
        self, gita: Desk, instance: Instance, text: str, said: str
    ) -> None:
        freeze(instance)
        tell(instance)
        page = write(gita, "view", {**VIEW, "text": text}, 409)
        assert said in page.text and "nothing you typed is lost" in page.text
        assert text in [(area.text or "").strip() for area in page.tree.iter("textarea")]
        assert waiting(instance) == [] and rows(instance) == []

    def test_it_runs_again_among_the_flags_of_the_second(self, gita: Desk, instance: Instance) -> None:
        """Gita cannot open the flag that her words are from: only Gwen's session can tell."""
        freeze(instance)
        tell(instance, "The linen cupboard was locked from outside again.", exclude=["gita"])
        write(gita, "view", {**VIEW, "text": "We hear the linen cupboard was locked from outside again."})
        page = agree(gita, instance, status=409)
        assert "The text check stops it among the flags that you can open" in page.text
        assert rows(instance) == [] and len(waiting(instance)) == 1

    def test_a_failing_store_loses_nothing(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        freeze(instance)

        def broken(*_: object) -> None:
            raise OSError

        page = gita.client.get("/texts/write/view")
        monkeypatch.setattr("concerns.triage.releasing.drafts.put", broken)
        found = gita.client.submit(page, VIEW, button=PROPOSE, status=503)
        assert GENERAL in found.html and waiting(instance) == []


class TestTwoGuardians:
    def test_nobody_agrees_to_her_own(self, gita: Desk, instance: Instance) -> None:
        write(gita, "answer", ANSWER)
        page = gita.client.get(path(instance))
        assert AGREE not in page.text
        forged = {"csrf_token": page.form().find(".//input").get("value"), "agree": "yes"}
        assert "another guardian has to agree" in gita.client.post(path(instance), forged, 409).text
        assert rows(instance) == []

    def test_a_double_tap_makes_one(self, gita: Desk, instance: Instance) -> None:
        page = gita.client.get("/texts/write/answer")
        for _ in range(2):
            gita.client.submit(page, ANSWER, button=PROPOSE)
        gwen, where = gita.as_("gwen"), path(instance)
        page = gwen.client.get(where)
        for _ in range(2):
            gwen.client.submit(page, button=AGREE)
        assert len(rows(instance)) == 1 and waiting(instance) == []

    def test_a_no_comes_back_with_its_reason_and_the_text_to_write_anew(self, gita: Desk, instance: Instance) -> None:
        write(gita, "answer", ANSWER)
        gwen, where = gita.as_("gwen"), path(instance)
        assert "Say why" in gwen.client.submit(gwen.client.get(where), button="Decline it", status=409).text
        gwen.client.submit(gwen.client.get(where), {"reason": "Say it plainer."}, button="Decline it")
        page = gita.client.get(where)
        assert "Say it plainer." in page.text
        again = gita.client.get(page.links()["Write it anew"].removeprefix("/desk"))
        assert str(ANSWER["doing"]) in again.html
        assert AGREE not in gwen.client.get(where).text

    def test_it_waits_for_21_days(self, gita: Desk, instance: Instance) -> None:
        write(gita, "answer", ANSWER)
        where = path(instance)
        instance.clock.pass_(days=21)
        gwen = gita.as_("gwen")
        assert "13 December 2026" in gwen.client.get(where).text
        instance.clock.pass_(days=1)
        gwen.sign_in("gwen")
        gwen.client.get(where, status=404)
        instance.clock.pass_(days=7)
        gwen.sign_in("gwen")
        gwen.client.get("/texts/")
        assert waiting(instance) == []


class TestConsent:
    @pytest.mark.parametrize("consent", ["count", "ask", ""])
    def test_without_it_nothing_is_released(self, gita: Desk, instance: Instance, consent: str) -> None:
        good, other = tell(instance), tell(instance, "Something else entirely.", consent=consent)
        sort(gita, good, other)
        offered = gita.client.get("/texts/write/learning?about=N01").html
        assert good.thread_id.hex() in offered
        assert (other.thread_id.hex() in offered) == (consent == "ask")  # she may have agreed in the thread
        page = write_point(gita, good, other, status=409)
        assert "Not every reporter agreed" in page.text
        assert waiting(instance) == []

    def test_a_text_that_shows_who_spoke_is_refused(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        sort(gita, told)
        tries: tuple[dict[str, Any], ...] = ({"answer": ["hold"]}, {"answer": ["ask"]}, {"know": ["one"]})
        for changed in tries:
            assert (
                "who spoke"
                in write_point(gita, told, status=409, **changed).with_class("govuk-error-summary")[0].find(".//p").text
            )
        gita.client.submit(
            gita.client.get(f"{told.path}/gate"),
            {"know": ["one"], "answer": ["hold"], "ground": ["choice"], "reason": "Only one was there."},
            button="Save the answer",
        )
        assert "exposure gate" in write_point(gita, told, status=409).text

    def test_somebody_whom_a_flag_excludes_reads_neither_the_flag_nor_the_text(
        self, gita: Desk, instance: Instance
    ) -> None:
        told = tell(instance, exclude=["gwen"])
        sort(gita, told)
        write_point(gita, told)
        gwen = gita.as_("gwen")
        gwen.client.get(path(instance), status=404)
        assert "Nothing waits" in gwen.client.get("/texts/").text
        first = waiting(instance)[0]
        gita.client.submit(gita.client.get(path(instance)), button="Take it back")
        other = tell(instance, "Something else entirely.")
        sort(gita, other)
        write_point(gita, other)
        # and nothing outside tells that somebody was left out
        second = waiting(instance)[0]
        assert (len(first.key), len(first.sealed)) == (len(second.key), len(second.sealed))

    def test_which_flags_it_rests_on_is_kept_nowhere(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        sort(gita, told)
        write_point(gita, told)
        raw = [one.key + one.sealed for one in waiting(instance)]
        assert not [one for one in raw if told.thread_id in one or told.thread_id.hex().encode() in one]
        agree(gita, instance)
        (row,) = rows(instance)
        kept = canonical({name: str(value) for name, value in vars(row).items()}).decode()
        assert told.thread_id.hex() not in kept and str(told.thread_id) not in kept
        # D12: no day, no fragment
        assert row.month == dt.date(2026, 11, 1) and json.loads(row.body) == {"text": GENERAL}


class TestPlaces:
    def test_a_hidden_number_is_not_offered(self, gita: Desk, instance: Instance) -> None:
        freeze(instance, N01=40, N02=4)
        page = gita.client.get("/texts/write/narrative")
        assert "2026-Q1|N01" in page.html and "2026-Q1|N02" not in page.html
        data = {**NARRATIVE, "target": ["2026-Q1|N02"]}
        assert write(gita, "narrative", data, 422).errors
        assert waiting(instance) == []

    def test_what_we_heard_needs_something_to_stand_on(self, gita: Desk, instance: Instance) -> None:
        page = write(gita, "answer", {**ANSWER, "heard": "People find nights hard."}, 409)
        assert "needs a shown number" in page.text and "People find nights hard." in page.html

    def test_the_longest_texts_fit(self, gita: Desk, instance: Instance) -> None:
        freeze(instance)
        write(gita, "view", {**VIEW, "text": "ab " * (TEXT_LIMIT // 3)})
        longest = "a\n" * (PART_LIMIT // 2)
        write(gita, "answer", {**ANSWER, "known": longest, "doing": longest})
        page = write(gita, "answer", {**ANSWER, "known": "ab " * PART_LIMIT}, 422)
        assert "characters too long" in page.text
        assert len(waiting(instance)) == 2


class TestWordsForLeaders:
    WORDS: ClassVar = {"about": ["severe"], "person": ["no"], "text": GENERAL}

    def test_leaders_read_them_once_two_guardians_agreed(self, gita: Desk, instance: Instance) -> None:
        told, lena = tell(instance), gita.as_("lena")
        sort(gita, told)
        gate = {"know": ["many"], "answer": ["no"], "ground": ["choice"], "reason": "Everybody says it."}
        gita.client.submit(gita.client.get(f"{told.path}/gate"), gate, button="Save the answer")
        gita.client.submit(gita.client.get(f"{told.path}/escalate"), self.WORDS, button="Propose these words")
        assert "Nothing at the moment" in lena.client.get("/report/words").text
        gwen = gita.as_("gwen")
        page = gwen.client.get(f"{told.path}/escalate")
        (button,) = [one for one in page.tree.iter("button") if one.get("name") == "agree"]
        for _ in range(2):
            gwen.client.submit(page, button=" ".join("".join(button.itertext()).split()))
        assert GENERAL in lena.client.get("/report/words").text
        (row,) = rows(instance)
        assert (row.kind, row.about, row.month) == ("escalation", "severe", dt.date(2026, 11, 1))
        gwen.client.submit(
            gwen.client.get("/texts/"), button="Withdraw Words for leaders: Severe harm, or the risk of it"
        )
        assert "Withdrawn in November 2026" in lena.client.get("/report/words").text
