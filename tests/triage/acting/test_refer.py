"""A brief for whoever can act: checked twice, agreed by two, read by a link that ends, and no way back to the flag."""

import datetime as dt
import json
import re

import pytest
from sqlalchemy import select

from concerns.sealing.envelope import Kind
from concerns.sealing.text import canonical, from_text
from concerns.triage import acts
from concerns.triage.acting import briefs
from concerns.triage.acting.issuing import BRIEF
from concerns.triage.acting.leaving import ESCALATION
from concerns.triage.acting.rules import FAIR_QUESTIONS
from concerns.triage.model import Brief
from concerns.triage.reading import open_desk
from concerns.triage.service import collect
from concerns.words.checking import text_hash
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page
from tests.triage.acting.steps import BRIEF as WORDS
from tests.triage.acting.steps import flag_as, open_gate, sort, step
from tests.triage.telling import Told, collect_now, tell

TEXT = str(WORDS["text"])
PROPOSE, AGREE = "Propose this brief", "I agree: nobody could say who wrote this"


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


@pytest.fixture
def told(gita: Desk, instance: Instance) -> Told:
    """A flag that is sorted, with its gate open."""
    found = tell(instance)
    sort(gita, found)
    open_gate(gita, found)
    return found


def agreed(gita: Desk, told: Told) -> Desk:
    """Gita proposes the brief, and Gwen agrees."""
    step(gita, told, "refer", WORDS, PROPOSE)
    gwen = gita.as_("gwen")
    gwen.client.submit(gwen.client.get(f"{told.path}/refer"), button=AGREE)
    return gwen


def made_link(desk: Desk, told: Told, days: str = "14") -> str:
    page = step(desk, told, "refer", {"days": days}, "Make a link", 200)
    (address,) = [one for one in re.findall(r"https?://\S+", page.text) if "/briefs/" in one]
    return str(address[address.index("/briefs/") :])


def rows(instance: Instance) -> list[Brief]:
    with instance.stores.read_live() as live:
        return list(live.scalars(select(Brief)))


def test_the_whole_way_of_a_brief(gita: Desk, instance: Instance, told: Told) -> None:
    gwen = agreed(gita, told)
    path = made_link(gwen, told)
    stranger = gita.browser()
    page = stranger.get(path)
    assert TEXT in page.text
    assert "do not try to find out who told us" in page.text.lower()
    assert "This page can be read until 6 December 2026" in page.text
    assert "Referred" in gita.client.get(told.path).text
    assert "referred" in [one.payload["status"] for one in told.opened().of_kind(Kind.STATUS)]
    assert "a link, until 6 December 2026" in gita.client.get(f"{told.path}/refer").text


def test_the_owners_page_holds_no_way_back(gita: Desk, instance: Instance, told: Told) -> None:
    page = gita.browser().get(made_link(agreed(gita, told), told))
    assert page.response.headers.getlist("Set-Cookie") == []
    assert told.thread_id.hex() not in page.html and "/flags/" not in page.html
    assert not [word for word in ("Gita", "Gwen", "Head of nursing", "Ward 1") if word in page.html]


def test_the_form_is_never_filled_with_the_reporters_words(gita: Desk, instance: Instance, told: Told) -> None:
    page = gita.client.get(f"{told.path}/refer")
    assert "thirty beds" not in page.html
    assert not [area.text for area in page.tree.iter("textarea") if (area.text or "").strip()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Two of us cover thirty beds at night, it is said.", "Six words in a row stand in a flag"),
        ("Dave should plan the shifts.", "A name"),
        ("It is the same in Theatres now.", "The name of another area"),
        ("It began on a Monday.", "A day or a month"),
    ],
)
def test_the_text_check_stops_a_brief_and_keeps_what_was_typed(
    gita: Desk, instance: Instance, told: Told, text: str, said: str
) -> None:
    page = step(gita, told, "refer", {**WORDS, "text": text}, PROPOSE, 409)
    assert said in page.text
    assert text in [(area.text or "").strip() for area in page.tree.iter("textarea")]
    assert not acts.proposals(flag_as(instance, told), BRIEF)


def test_what_the_reporter_added_is_checked_too(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    told.detail("the linen cupboard was locked from outside again")
    collect_now(instance)
    sort(gita, told)
    open_gate(gita, told)
    text = "We hear that the linen cupboard was locked from outside."
    assert "Six words" in step(gita, told, "refer", {**WORDS, "text": text}, PROPOSE, 409).text


def test_only_rule_ids_and_a_hash_of_the_check_are_kept(gita: Desk, instance: Instance, told: Told) -> None:
    step(gita, told, "refer", WORDS, PROPOSE)
    (proposal,) = acts.proposals(flag_as(instance, told), BRIEF)
    assert proposal.content["check"] == {"passed": True, "rules": [], "hash": text_hash(TEXT)}


class TestTwoGuardians:
    def test_nobody_agrees_to_her_own(self, gita: Desk, instance: Instance, told: Told) -> None:
        step(gita, told, "refer", WORDS, PROPOSE)
        page = gita.client.get(f"{told.path}/refer")
        assert AGREE not in page.text
        (proposal,) = acts.proposals(flag_as(instance, told), BRIEF)
        forged = {**_token(page), "agree": proposal.link}
        assert "another guardian has to agree" in gita.client.post(f"{told.path}/refer", forged, 409).text
        assert not [one for one in acts.proposals(flag_as(instance, told), BRIEF) if one.agreed]

    def test_nothing_goes_out_before_the_second(self, gita: Desk, instance: Instance, told: Told) -> None:
        step(gita, told, "refer", WORDS, PROPOSE)
        page = gita.client.get(f"{told.path}/refer")
        (proposal,) = acts.proposals(flag_as(instance, told), BRIEF)
        for way in ("link", "paper"):
            forged = {**_token(page), "days": "14", way: proposal.link}
            assert "Two guardians have to agree" in gita.client.post(f"{told.path}/refer", forged, 409).text
        assert rows(instance) == []

    def test_either_stops_what_waits_and_it_is_too_late_after_21_days(
        self, gita: Desk, instance: Instance, told: Told
    ) -> None:
        step(gita, told, "refer", WORDS, PROPOSE)
        gwen = gita.as_("gwen")
        page = gwen.client.get(f"{told.path}/refer")
        gita.client.submit(gita.client.get(f"{told.path}/refer"), button="Stop it")
        assert "no longer waits" in gwen.client.submit(page, button=AGREE, status=409).text
        step(gita, told, "refer", {**WORDS, "text": "Please look at how nights are planned."}, PROPOSE)
        instance.clock.pass_(days=22)
        gwen.sign_in("gwen")
        assert AGREE not in gwen.client.get(f"{told.path}/refer").text
        assert "Nobody agreed in time" in gwen.client.get(f"{told.path}/refer").text

    def test_a_double_tap_agrees_once_and_makes_one_link(self, gita: Desk, instance: Instance, told: Told) -> None:
        step(gita, told, "refer", WORDS, PROPOSE)
        gwen = gita.as_("gwen")
        page = gwen.client.get(f"{told.path}/refer")
        for _tap in range(2):
            gwen.client.submit(page, button=AGREE)
        page = gwen.client.get(f"{told.path}/refer")
        shown = {gwen.client.submit(page, button="Make a link", status=200).text for _tap in range(2)}
        assert len(shown) == 1
        assert len(rows(instance)) == 1
        assert gwen.client.get(f"{told.path}/refer").text.count("a link, until") == 1


class TestTheGate:
    def test_nothing_is_referred_while_it_is_not_open(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        sort(gita, told)
        page = step(gita, told, "refer", WORDS, PROPOSE, 409)
        assert "the exposure gate is not open" in page.text
        assert TEXT in page.html

    def test_a_gate_that_closed_meanwhile_stops_the_second_and_the_link(
        self, gita: Desk, instance: Instance, told: Told
    ) -> None:
        step(gita, told, "refer", WORDS, PROPOSE)
        gwen = gita.as_("gwen")
        open_gate(gita, told, answer=["hold"])
        page = gwen.client.get(f"{told.path}/refer")
        assert "gate is not open" in gwen.client.submit(page, button=AGREE, status=409).text
        open_gate(gita, told)
        gwen.client.submit(gwen.client.get(f"{told.path}/refer"), button=AGREE)
        told.detail("Please wait.")
        collect_now(instance)
        page = step(gwen, told, "refer", {}, "Make a link", 409)
        assert "gate is not open" in page.text
        assert rows(instance) == []

    def test_a_person_is_meant_only_after_the_five_questions(self, gita: Desk, instance: Instance, told: Told) -> None:
        page = step(gita, told, "refer", {**WORDS, "person": ["yes"]}, PROPOSE, 409)
        assert "answer the five just-culture questions" in page.text
        answers = {name: ["unknown"] for name in FAIR_QUESTIONS}
        step(gita, told, "just-culture", {**answers, "reason": "Too early to say."}, "Save the answers")
        step(gita, told, "refer", {**WORDS, "person": ["yes"]}, PROPOSE)

    def test_a_flag_that_nobody_sorted_is_not_referred(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        open_gate(gita, told)
        gwen = agreed(gita, told)
        assert "Sort the flag first" in step(gwen, told, "refer", {}, "Make a link", 409).text
        assert flag_as(instance, told).record is None


class TestTheLink:
    def test_it_ends_and_leaves_nothing(self, gita: Desk, instance: Instance, told: Told) -> None:
        path = made_link(agreed(gita, told), told, days="7")
        stranger = gita.browser()
        instance.clock.now = dt.datetime(2026, 11, 29, 23, 0, tzinfo=dt.UTC)
        stranger.get(path)
        instance.clock.now = dt.datetime(2026, 11, 30, 1, 0, tzinfo=dt.UTC)
        gone = stranger.get(path, 404)
        assert "no longer be read" in gone.text
        assert rows(instance) == []

    def test_the_daily_collect_deletes_what_nobody_asked_for_again(
        self, gita: Desk, instance: Instance, told: Told
    ) -> None:
        made_link(agreed(gita, told), told, days="7")
        instance.clock.pass_(days=20)
        collect(instance.house, open_desk(instance.house))
        assert rows(instance) == []

    def test_it_can_be_taken_back_and_not_made_again_by_an_old_page(
        self, gita: Desk, instance: Instance, told: Told
    ) -> None:
        gwen = agreed(gita, told)
        old = gwen.client.get(f"{told.path}/refer")
        gwen.client.submit(old, button="Make a link", status=200)
        step(gita, told, "refer", {}, "Take this link back")
        assert rows(instance) == []
        assert "was taken back" in gwen.client.submit(old, button="Make a link", status=409).text
        assert rows(instance) == []

    def test_wrong_links_and_gone_links_get_the_same_answer(self, gita: Desk, instance: Instance, told: Told) -> None:
        path = made_link(agreed(gita, told), told)
        step(gita, told, "refer", {}, "Take this link back")
        stranger = gita.browser()
        answers = {stranger.get(one, 404).html for one in (path, f"{path[:-2]}AA", "/briefs/x", "/briefs/%F0%9F%90%9D")}
        assert len(answers) == 1

    def test_the_server_at_rest_cannot_read_it(self, gita: Desk, instance: Instance, told: Told) -> None:
        """A brief stored as it is would be read by whoever copies the database: ours is not, and tells no size."""
        path = made_link(agreed(gita, told), told)
        (row,) = rows(instance)
        naive = canonical({"text": TEXT})
        assert TEXT.encode() in naive
        assert not [at for at in range(len(naive) - 8) if naive[at : at + 8] in row.sealed]
        assert told.thread_id not in row.sealed + row.mark
        token = from_text(path.rpartition("/")[2])
        assert token not in row.sealed + row.mark
        assert row.expires_on.weekday() == 6
        briefs.put(instance.stores, briefs.Link(bytes(32)), "Short.", row.expires_on)
        assert len({len(one.sealed) for one in rows(instance)}) == 1
        assert briefs.read(instance.stores, briefs.Link(b"\1" * 32).text, instance.clock().date()) is None

    def test_paper_is_noted_and_has_no_row(self, gita: Desk, instance: Instance, told: Told) -> None:
        gwen = agreed(gita, told)
        page = step(gwen, told, "refer", {}, "Show it for printing", 200)
        assert TEXT in page.text
        assert rows(instance) == []
        assert "on paper" in gita.client.get(f"{told.path}/refer").text
        assert "Referred" in gita.client.get(told.path).text


ESCALATED = "Somebody may come to serious harm at night. Look at it now."
SEVERE = {"about": ["severe"], "person": ["no"], "text": ESCALATED}


class TestEscalation:
    def test_two_guardians_leave_the_words_and_their_hash_in_the_thread(
        self, gita: Desk, instance: Instance, told: Told
    ) -> None:
        step(gita, told, "escalate", SEVERE, "Propose these words")
        gwen = gita.as_("gwen")
        gwen.client.submit(gwen.client.get(f"{told.path}/escalate"), button=AGREE)
        (proposal,) = acts.proposals(flag_as(instance, told), ESCALATION)
        assert proposal.agreed is not None and proposal.agreed.guardian == "Gwen"
        assert proposal.agreed.act["check"]["hash"] == proposal.content["check"]["hash"] == text_hash(ESCALATED)

    @pytest.mark.parametrize("agree", ["", "no", "yes"])
    def test_a_detriment_is_told_only_where_the_reporter_agreed(
        self, gita: Desk, instance: Instance, agree: str
    ) -> None:
        told = tell(instance)
        told.detail("They took me off the rota.", about="detriment", agree=agree)
        collect_now(instance)
        sort(gita, told)
        open_gate(gita, told)
        status = 302 if agree == "yes" else 409
        page = step(gita, told, "escalate", {**SEVERE, "about": ["detriment"]}, "Propose these words", status)
        assert status == 302 or "did not agree" in page.text


def test_nothing_of_a_step_stands_in_clear(gita: Desk, instance: Instance, told: Told) -> None:
    agreed(gita, told)
    shapes = {
        (one.header.kind, len(one.body), len(one.wraps)) for one in told.rows() if one.header.kind is not Kind.FLAG
    }
    assert len(shapes) == 4
    assert json.dumps(TEXT).encode() not in b"".join(one.body for one in told.rows())


def _token(page: Page) -> dict[str, str]:
    return {one.get("name"): one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token"}
