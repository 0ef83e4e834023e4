"""What the page on a flag shows of what is told now, its photos, and how to reach the reporter."""

import re
from typing import Any

import pytest
from sqlalchemy import update

from concerns.sealing.chain import Standing
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Header, Kind, seal
from concerns.sealing.keys import kem_public
from concerns.sealing.model import ContactKey, Envelope
from concerns.sealing.opening import OpenedThread, open_thread
from concerns.sealing.text import to_text
from concerns.store.base import new_id
from concerns.triage import service
from concerns.triage.case import contact
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, words
from tests.triage.telling import PNG, Told, collect_now, tell

ASKED = "Open how to reach them"
HOW = "After six, on the allotment: 07700 900123"


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def facts(page: Page) -> dict[str, str]:
    """The summary list of the page."""
    rows = page.with_class("govuk-summary-list__row")
    return {words(row.find("dt")): words(row.find("dd")) for row in rows}


def notes(instance: Instance, told: Told) -> list[Any]:
    opened = as_guardian(instance, told, "gwen")
    return [item.payload["text"] for item in opened.of_kind(Kind.NOTE)]


def as_guardian(instance: Instance, told: Told, name: str) -> OpenedThread:
    signers = instance.charter.manifest.signers
    seed = instance.guardian(name).kem_seed
    found = open_thread(instance.stores, instance.site_id, told.thread_id, seed, signers)
    assert found is not None
    return found


class TestWhatWasTold:
    def test_three_texts_stand_under_their_questions(self, gita: Desk, instance: Instance) -> None:
        told = tell(
            instance,
            "Two of us for thirty beds.",
            cause="The rota was cut in May.",
            factors=["staffing", "rules", "odd", 7],
            help="A third nurse at night.",
        )
        text = gita.client.get(told.path).text
        for said in (
            "What happened, or what worries them? Two of us for thirty beds.",
            "What made it more likely? Too few people, or not the right ones Rules, targets or routines The rota was",
            "What would help? A third nurse at night.",
        ):
            assert said in text

    def test_what_was_chosen_stands_in_words(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, kind="near miss", why="employer", mode="anonymous", language="cy", channel="online")
        found = facts(gita.client.get(told.path))
        assert found["What it is"] == "Near miss: it nearly went wrong"
        assert found["Why anonymous"] == "It could be used against them here"
        assert found["Name"].startswith("Anonymous")
        assert found["Told in"] == "Welsh"
        assert found["Anyone in danger now?"] == "No"
        assert found["How it came"] == "Online, without a staff code"
        assert "Must not read it" not in found

    def test_a_flag_from_before_these_questions_shows_none_of_them(self, gita: Desk, instance: Instance) -> None:
        page = gita.client.get(tell(instance).path)
        assert not {"What it is", "Why anonymous", "Name", "Told in", "Must not read it"} & set(facts(page))
        for question in ("What made it more likely?", "What would help?", "Photos"):
            assert question not in page.text

    def test_who_must_not_read_it_is_named(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, exclude=["gwen"])
        assert facts(gita.client.get(told.path))["Must not read it"] == "Gwen"

    @pytest.mark.parametrize(
        ("tier", "channel", "said"),
        [
            ("told", "paper", "On paper, entered by a guardian"),
            ("told", "told", "Told in person or by phone, entered by a guardian"),
            ("told", "online", "Told in person"),
            ("code", "paper", "Online, with a staff code"),
        ],
    )
    def test_how_it_came_follows_from_the_tier(
        self, gita: Desk, instance: Instance, tier: str, channel: str, said: str
    ) -> None:
        told = tell(instance, tier=tier, channel=channel)
        assert facts(gita.client.get(told.path))["How it came"] == said
        assert said in gita.client.get("/inbox").text


def suggested(page: Page) -> list[str]:
    """The themes that the page suggests, as it says them."""
    section = next(one for one in page.tree.iter("section") if one.get("aria-labelledby") == "suggested-heading")
    return [words(item) for item in section.iter("li")]


class TestSuggestions:
    TEXT = "We are bullied and shouted at on nights, and no shift has enough agency nurses. Bully is the word."

    def test_up_to_three_stand_above_the_list_with_their_words_and_nothing_is_chosen(
        self, gita: Desk, instance: Instance
    ) -> None:
        page = gita.client.get(tell(instance, self.TEXT).path)
        found = suggested(page)
        assert 2 <= len(found) <= 3
        assert found[0].startswith("Bullying and behaviours")
        assert "“bullied”" in found[0] and "“shouted”" in found[0]
        assert any(fits in found[0] for fits in ("Fits well", "May fit", "Not sure"))
        assert page.text.index("Themes its words point to") < page.text.index("Main theme")
        assert page.text.index("Not sorted yet") < page.text.index("None of these fits")
        (themes,) = [one for one in page.tree.iter("select") if one.get("name") == "primary"]
        assert not [one for one in themes.iter("option") if one.get("selected") is not None and one.get("value")]
        assert not [box for box in page.tree.iter("input") if box.get("checked") is not None]

    def test_what_made_it_likelier_counts_too(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, "It went wrong.", cause="We are bullied.", help="Nothing.")
        assert suggested(gita.client.get(told.path))[0].startswith("Bullying")

    def test_where_no_word_tells_nothing_is_suggested(self, gita: Desk, instance: Instance) -> None:
        page = gita.client.get(tell(instance, "\U0001f600 zzz").path)
        assert suggested(page) == []
        assert "They point to none of yours." in page.text

    @pytest.mark.parametrize(
        ("chosen", "among"),
        [
            ({"primary": "N09"}, True),
            ({"primary": "N09", "themes": ["N14"]}, False),
            ({"primary": "other"}, False),
            ({}, None),
        ],
    )
    def test_the_record_says_whether_they_were_right_and_no_score(
        self, gita: Desk, instance: Instance, chosen: dict[str, Any], among: bool | None
    ) -> None:
        told = tell(instance, self.TEXT)
        gita.client.submit(gita.client.get(told.path), chosen, button="Save")
        (record,) = as_guardian(instance, told, "gwen").of_kind(Kind.TRIAGE)
        assert record.payload.get("among") is among
        assert not {"suggestions", "scores", "suggested"} & set(record.payload)

    def test_s6_the_reporter_learns_nothing_of_it(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, self.TEXT)
        gita.client.submit(gita.client.get(told.path), {"primary": "N09"}, button="Save")
        for item in told.opened().items:
            assert "among" not in item.payload


class TestDetriment:
    def test_the_mark_stands_on_the_page_and_in_the_inbox(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        gita.client.get("/inbox")  # the daily collect has run
        told.detail("They took me off the rota.", about="detriment", agree="no")
        assert "treated badly" not in gita.client.get("/inbox").text
        collect_now(instance)
        (row,) = gita.client.get("/inbox").with_class("desk-flag")
        assert "Says they are being treated badly" in words(row)
        assert "Waits for you" in words(row)
        page = gita.client.get(told.path)
        assert "They do not agree that anybody but the guardians is told." in page.text
        assert len(page.with_class("govuk-tag--red")) == 1

    @pytest.mark.parametrize(("agree", "said"), [("yes", "They agree that others"), ("", "tell nobody")])
    def test_who_may_be_told_stands_beside_it(self, gita: Desk, instance: Instance, agree: str, said: str) -> None:
        told = tell(instance)
        told.detail("They took me off the rota.", about="detriment", agree=agree)
        collect_now(instance)
        assert said in gita.client.get(told.path).text

    def test_such_a_flag_comes_after_danger_and_before_the_others_of_its_week(
        self, gita: Desk, instance: Instance
    ) -> None:
        for number in range(4):
            tell(instance, f"Other {number}", collected=False)
        bad = tell(instance, "Treated badly", collected=False)
        tell(instance, "Dangerous", collected=False, danger="yes")
        bad.detail("They moved me.", about="detriment")
        collect_now(instance)
        found = [words(row) for row in gita.client.get("/inbox").with_class("desk-flag__words")]
        assert found[:2] == ["Dangerous", "Treated badly"]

    def test_s8_somebody_else_s_word_sets_no_mark(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        told.detail("I am treated badly.", sign_seed=instance.guardian("gwen").sign_seed, about="detriment")
        collect_now(instance)
        page = gita.client.get(told.path)
        assert "Not proven to be the same person" in page.text
        assert "treated badly" not in gita.client.get("/inbox").text

    def test_closing_answers_stand_in_words_and_wait_for_nobody(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        gita.client.submit(gita.client.get(told.path), {"reply": "Done."}, button="Save")
        told.detail("", about="closing", feedback="yes", again="unsure")
        collect_now(instance)
        text = gita.client.get(told.path).text
        assert "They had an answer." in text
        assert "They are not sure that they would speak up again." in text
        (row,) = gita.client.get("/inbox?show=all").with_class("desk-flag")
        assert "Waits for you" not in words(row)


class TestPhotos:
    def test_a_photo_is_served_as_what_it_is_and_kept_nowhere(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        gita.client.get("/inbox")  # the daily collect has run
        photo = told.photo()
        assert "Photos" not in gita.client.get(told.path).text
        collect_now(instance)
        page = gita.client.get(told.path)
        (image,) = page.tree.iter("img")
        assert image.get("src").endswith(f"{told.path}/photo/{photo.header.envelope_id.hex()}")
        answer = gita.client.get(image.get("src").removeprefix("/desk")).response
        assert answer.mimetype == "image/png"
        assert to_text(answer.data) == PNG["data"]
        assert answer.headers["Content-Disposition"] == "inline"
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        "payload",
        [
            {"type": "image/png", "data": to_text(b"\xff\xd8\xff" + bytes(20))},
            {"type": "image/svg+xml", "data": to_text(b"<svg xmlns='http://www.w3.org/2000/svg'/>")},
            {"type": "text/html", "data": PNG["data"]},
            {"type": "image/png", "data": to_text(b"<script>")},
            {"type": "image/png", "data": "%%%"},
            {},
        ],
    )
    def test_what_is_no_image_is_refused(self, gita: Desk, instance: Instance, payload: dict[str, str]) -> None:
        told = tell(instance)
        photo = told.photo(payload)
        collect_now(instance)
        answer = gita.client.get(f"{told.path}/photo/{photo.header.envelope_id.hex()}", 415).response
        assert answer.mimetype == "text/html"
        assert b"<script>" not in answer.data

    def test_nothing_but_this_thread_s_own_photos_is_there(self, gita: Desk, instance: Instance) -> None:
        told, other = tell(instance), tell(instance)
        photo = other.photo()
        collect_now(instance)
        (flag,) = told.rows([Kind.FLAG])
        for envelope in (photo.header.envelope_id.hex(), flag.header.envelope_id.hex(), "0" * 32, "x"):
            gita.client.get(f"{told.path}/photo/{envelope}", 404)

    def test_the_page_reads_no_file(self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
        told = tell(instance)
        photo = told.photo()
        collect_now(instance)
        with instance.stores.write_main() as main:
            row = main.get(Envelope, photo.header.envelope_id)
            assert row is not None
            row.body = b"not even sealed"
        assert list(gita.client.get(told.path).tree.iter("img"))
        gita.client.get(f"{told.path}/photo/{photo.header.envelope_id.hex()}", 404)


class TestContact:
    def test_it_is_opened_at_a_press_that_the_other_guardian_sees(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, contact=("meet", HOW))
        page = gita.client.get(told.path)
        assert HOW not in page.html and "They would like to meet" not in page.html
        typed = {"reply": "Half a sentence", "primary": "N01"}
        opened = gita.client.submit(page, typed, button=ASKED, status=200)
        assert HOW in opened.text and "They would like to meet." in opened.text
        assert "Half a sentence" in opened.html and 'value="N01" selected' in opened.html
        assert contact.OPENED in opened.text
        assert notes(instance, told) == [contact.OPENED]
        assert HOW not in gita.client.get(told.path).html
        assert HOW not in gita.client.get("/inbox").html

    @pytest.mark.parametrize("left", [("", ""), ("reach", ""), ("", HOW)])
    def test_nothing_tells_beforehand_whether_there_is_something(
        self, gita: Desk, instance: Instance, left: tuple[str, str]
    ) -> None:
        told = tell(instance, contact=left)
        page = gita.client.get(told.path)
        assert ASKED in page.text
        opened = gita.client.submit(page, button=ASKED, status=200)
        assert ("They left nothing." in opened.text) == (left == ("", ""))
        assert ("Erase it" in opened.text) == (left != ("", ""))
        assert notes(instance, told) == [contact.OPENED]

    def test_a_double_tap_notes_it_once_and_shows_it_again(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, contact=("reach", HOW))
        page = gita.client.get(told.path)
        for _tap in range(2):
            assert HOW in gita.client.submit(page, button=ASKED, status=200).text
        assert notes(instance, told) == [contact.OPENED]
        gita.client.submit(gita.client.get(told.path), button=ASKED, status=200)
        assert notes(instance, told) == [contact.OPENED] * 2

    def test_what_cannot_be_noted_is_not_opened(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told = tell(instance, contact=("reach", HOW))
        page = gita.client.get(told.path)

        def broken(*_args: object) -> bool:
            raise OSError("disk full")

        with monkeypatch.context() as patch:
            patch.setattr(service, "deliver", broken)
            failed = gita.client.submit(page, {"note": "Keep me."}, button=ASKED, status=503)
        assert HOW not in failed.html
        assert "Keep me." in failed.html and "Nothing was opened or erased" in failed.html
        assert HOW in gita.client.submit(failed, button=ASKED, status=200).text

    def test_it_is_erased_first_and_for_everybody(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, contact=("reach", HOW))
        opened = gita.client.submit(gita.client.get(told.path), button=ASKED, status=200)
        erased = gita.client.submit(opened, {"note": "Keep me."}, button="Erase it", status=200)
        assert "It is erased." in erased.text and "Keep me." in erased.html
        with instance.stores.read_live() as live:
            assert live.get(ContactKey, told.thread_id) is None
        assert notes(instance, told) == [contact.OPENED, contact.ERASED]
        gwen = gita.as_("gwen")
        again = gwen.client.submit(gwen.client.get(told.path), button=ASKED, status=200)
        assert "Nothing is kept here" in again.text and HOW not in again.html
        assert "Two of us cover" in again.text
        gita.client.submit(opened, button="Erase it", status=200)
        assert notes(instance, told).count(contact.ERASED) == 1

    def test_looking_sorts_nothing_and_starts_no_clock(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, contact=("reach", HOW))
        gita.client.submit(gita.client.get(told.path), button=ASKED, status=200)
        for _collected in range(2):
            (row,) = gita.client.get("/inbox").with_class("desk-flag")
            assert "Received" in words(row) and "Acknowledge by" in words(row)
            assert "not signed by a guardian" not in words(row)
            collect_now(instance)
        page = gita.client.get(told.path)
        assert not page.with_class("desk-history__item")
        assert "no guardian signed" not in page.text

    def test_looking_at_a_sorted_flag_leaves_it_as_it_is(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, contact=("reach", HOW))
        work = {"primary": "N02", "area": "ward-2", "harm": "low", "consequence": "4", "likelihood": "3"}
        gita.client.submit(gita.client.get(told.path), {**work, "status": "needs more"}, button="Save")
        before = facts(gita.client.get(told.path))
        instance.clock.pass_(days=2)
        gita.sign_in("gita")
        gita.client.submit(gita.client.get(told.path), button=ASKED, status=200)
        collect_now(instance)
        page = gita.client.get(told.path)
        assert facts(page) == before
        assert len(page.with_class("desk-history__item")) == 1
        records = as_guardian(instance, told, "gwen").of_kind(Kind.TRIAGE)
        kept = ("primary", "area", "harm", "score", "status")
        assert [[item.payload[name] for name in kept] for item in records] == [
            ["N02", "ward-2", "low", [4, 3], "needs more"]
        ] * 2
        assert {item.standing for item in records} == {Standing.PROVEN}

    def test_s6_the_press_writes_the_same_four_kinds_as_any_sitting(self, gita: Desk, instance: Instance) -> None:
        looked, sat = tell(instance, contact=("reach", HOW)), tell(instance)
        gita.client.submit(gita.client.get(looked.path), button=ASKED, status=200)
        gita.client.submit(gita.client.get(sat.path), {"primary": "N01", "note": "x"}, button="Save")
        shapes = [
            sorted((row.header.kind, len(row.body), len(row.wraps)) for row in told.rows(list(Kind)))
            for told in (looked, sat)
        ]
        assert shapes[0] == shapes[1]

    def test_a_second_contact_was_put_in_by_somebody_else(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance, contact=("reach", HOW))
        header = Header(Kind.CONTACT, instance.site_id, told.thread_id, new_id())
        readers = [*instance.charter.manifest.kem_publics, kem_public(told.keys.kem_seed)]
        forged = seal(header, {"wish": "meet", "how": "Come to the car park."}, readers)
        with instance.stores.write_main() as main:
            main.add(
                Envelope(
                    id=header.envelope_id,
                    thread_id=told.thread_id,
                    kind=int(Kind.CONTACT),
                    week=instance.clock().date(),
                    commit=forged.commit,
                    body=forged.body,
                )
            )
        opened = gita.client.submit(gita.client.get(told.path), button=ASKED, status=200)
        assert "Somebody changed what is stored here" in opened.text
        assert "car park" not in opened.html and HOW not in opened.html

    def test_s1_how_to_reach_somebody_is_in_no_log(
        self, gita: Desk, instance: Instance, capfd: pytest.CaptureFixture[str]
    ) -> None:
        told = tell(instance, contact=("reach", HOW))
        opened = gita.client.submit(gita.client.get(told.path), button=ASKED, status=200)
        assert re.search("allotment", opened.html)
        logged = capfd.readouterr()
        assert "allotment" not in logged.out + logged.err
        collect(instance.stores, instance.clock().date(), 12)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.REPLY, "A reply cannot be opened: somebody changed what is stored."),
        (Kind.DETAIL, "Something that the reporter added cannot be opened: somebody changed what is stored."),
    ],
)
def test_a_damaged_envelope_is_told_of_and_the_inbox_learns_of_it(
    gita: Desk, instance: Instance, kind: Kind, said: str
) -> None:
    told = tell(instance)
    gita.client.submit(gita.client.get(told.path), {"primary": "N01", "reply": "Thank you."}, button="Save")
    told.detail("It happened again.")
    assert "cannot be opened" not in gita.client.get(told.path).text
    collect_now(instance)
    assert "cannot be opened" not in gita.client.get(told.path).text
    assert "missing or was changed" not in gita.client.get("/inbox").text
    with instance.stores.write_main() as main:
        one = (Envelope.thread_id == told.thread_id, Envelope.kind == int(kind))
        main.execute(update(Envelope).where(*one).values(body=bytes(16400)))
    assert said in gita.client.get(told.path).text
    assert "Something in it is missing or was changed" in gita.client.get("/inbox").text
