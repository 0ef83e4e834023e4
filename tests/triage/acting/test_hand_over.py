"""The original in other hands: two guardians, a ground, a number and a name on each page, and the reporter is told."""

import re
import tempfile
from pathlib import Path

import pytest
from weasyprint.urls import FatalURLFetchingError

from concerns.pages import printing
from concerns.sealing.envelope import Kind
from concerns.triage import acts
from concerns.triage.acting.copies import HAND_OVER, copy_of
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page
from tests.reports.read_back import unpacked
from tests.triage.acting.steps import COPY, flag_as, open_gate, step
from tests.triage.telling import Told, collect_now, tell

PROPOSE, AGREE, TAKE = "Propose to hand it over", "I agree: hand it over and tell the reporter", "Take copy 1 (PDF)"
HOSTILE = "<script>alert(1)</script>\n\u202egnirts\u202c =1+1 <img src='http://192.0.2.1/x'>\n😀 " + "Ж" * 300


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def agreed(gita: Desk, told: Told, **changed: object) -> Desk:
    step(gita, told, "hand-over", {**COPY, **changed}, PROPOSE)
    gwen = gita.as_("gwen")
    gwen.client.submit(gwen.client.get(f"{told.path}/hand-over"), button=AGREE)
    return gwen


def take(desk: Desk, told: Told, status: int = 200) -> Page:
    page = desk.client.get(f"{told.path}/hand-over")
    return desk.client.submit(page, button=TAKE, status=status)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes into each PDF, as HTML; the PDF is made nevertheless."""
    pages: list[str] = []
    made = printing.pdf_of

    def seen(html: str) -> bytes:
        pages.append(html)
        return made(html)

    monkeypatch.setattr(printing, "pdf_of", seen)
    return pages


def test_the_whole_way_of_a_copy(gita: Desk, instance: Instance, printed: list[str]) -> None:
    told = tell(instance, contact=("reach", "07700 900123"), cause="The rota was cut.", factors=["staffing"])
    open_gate(gita, told, ground=["harm"])
    gwen = agreed(gita, told)
    (reply,) = [one.payload["text"] for one in told.opened().of_kind(Kind.REPLY) if one.payload["text"]]
    assert "Two of us have decided to pass on what you told us" in reply
    assert "because someone may be seriously harmed" in reply
    assert not [word for word in ("Bell", "Police", "police") if word in reply]
    for desk in (gwen, gita):
        pdf = take(desk, told).response
        assert pdf.mimetype == "application/pdf"
        assert pdf.headers["Content-Disposition"] == "attachment; filename=copy-1.pdf"
        assert pdf.data.startswith(b"%PDF-")
    for words in ("Copy 1, for <bdi>Sergeant Bell</bdi> alone", "Gita and Gwen", "thirty beds", "The rota was cut."):
        assert words in printed[0]
    page = gita.client.get(f"{told.path}/hand-over")
    assert "Copy 1 taken by Gwen" in page.text and "Copy 1 taken by Gita" in page.text


def test_how_to_reach_the_reporter_is_never_in_it(gita: Desk, instance: Instance, printed: list[str]) -> None:
    """A copy of all that the thread holds would hand over the telephone number and what guardians noted."""
    told = tell(instance, contact=("reach", "07700 900123"))
    told.detail("It happened again.")
    told.detail("They took me off the rota.", about="detriment", agree="no")
    told.detail("I was listened to.", about="closing", feedback="yes", again="yes")
    collect_now(instance)
    gita.client.submit(gita.client.get(told.path), {"note": "She rang me herself."}, button="Save")
    open_gate(gita, told, ground=["harm"], reason="Nobody else must hear this reason.")
    everything = [one.payload for one in told.opened().items]
    assert "They took me off the rota." in str(everything), "a naive copy would hold it"
    take(agreed(gita, told), told)
    (html,) = printed
    assert "It happened again." in html
    for secret in ("07700", "off the rota", "listened to", "rang me", "this reason", told.thread_id.hex()):
        assert secret not in html


def test_a_detriment_goes_along_where_the_reporter_agreed(gita: Desk, instance: Instance, printed: list[str]) -> None:
    told = tell(instance)
    told.detail("They took me off the rota.", about="detriment", agree="yes")
    collect_now(instance)
    open_gate(gita, told)
    take(agreed(gita, told), told)
    assert "off the rota" in printed[0]


def test_the_reporters_newest_word_on_it_decides(gita: Desk, instance: Instance, printed: list[str]) -> None:
    told = tell(instance)
    told.detail("They took me off the rota.", about="detriment", agree="yes")
    told.detail("Please keep it to yourselves.", about="detriment", agree="no")
    collect_now(instance)
    open_gate(gita, told)
    take(agreed(gita, told), told)
    assert "off the rota" not in printed[0] and "to yourselves" not in printed[0]


def test_what_is_added_later_is_in_no_copy_and_stops_it_until_it_is_read(
    gita: Desk, instance: Instance, printed: list[str]
) -> None:
    """Nobody agreed to pass that on, and one number stands for one copy."""
    told = tell(instance)
    told.detail("It happened again.")
    collect_now(instance)
    open_gate(gita, told, ground=["harm"])
    gwen = agreed(gita, told)
    take(gwen, told)
    told.detail("I am the only one on nights who speaks Polish.")
    collect_now(instance)
    assert "gate is not open" in take(gita, told, 409).text
    open_gate(gita, told, ground=["harm"])
    take(gita, told)
    first, second = (html[html.index("<body>") :] for html in printed)
    assert "It happened again." in first and first == second


def test_it_says_how_many_photos_it_leaves_out(gita: Desk, instance: Instance, printed: list[str]) -> None:
    told = tell(instance)
    told.photo()
    collect_now(instance)
    open_gate(gita, told)
    take(agreed(gita, told), told)
    assert "1 photo was sent with it. No photo is in this copy" in printed[0]


def test_hostile_text_is_text(gita: Desk, instance: Instance, printed: list[str]) -> None:
    told = tell(instance, HOSTILE)
    open_gate(gita, told)
    gwen = agreed(gita, told, name="<b>Bell</b> \u202e")
    assert take(gwen, told).response.data.startswith(b"%PDF-")
    (html,) = printed
    assert "<script" not in html and "<img" not in html and "<b>" not in html
    assert html.count("<bdi>") == 3
    assert "\u202e" not in html and "[U+202E]gnirts[U+202C] =1+1" in html
    assert 'class="told" dir="auto"' in html and "unicode-bidi: isolate" in html


def test_it_is_tagged_and_fetches_nothing() -> None:
    page = '<html lang="en"><title>A</title><body><h1>A</h1><p>B{}'
    assert b"pdfuaid" in unpacked(printing.pdf_of(page.format("")))
    for address in ("http://192.0.2.1/x", "file:///etc/hostname", "data:image/png;base64,iVBORw0KGgo="):
        with pytest.raises(FatalURLFetchingError):
            printing.pdf_of(page.format(f'<img alt="" src="{address}">'))


def test_no_file_is_written(gita: Desk, instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tell(instance)
    open_gate(gita, told)
    gwen = agreed(gita, told)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    pdf = take(gwen, told).response.data
    assert not list(folder.iterdir())
    files = [one for one in instance.directory.rglob("*") if one.is_file() and one.suffix != ".db"]
    assert not [one for one in files if pdf[:64] in one.read_bytes()]


class TestGrounds:
    @pytest.mark.parametrize(
        ("consent", "gate", "ground", "good"),
        [
            ("tell", "choice", "consent", True),
            ("use", "choice", "consent", False),
            ("count", "harm", "consent", False),
            ("use", "agreed", "consent", True),
            ("count", "harm", "harm", True),
            ("use", "law", "law", True),
            ("use", "law", "court", True),
        ],
    )
    def test_consent_must_be_there_and_other_grounds_stand_by_themselves(
        self, gita: Desk, instance: Instance, consent: str, gate: str, ground: str, good: bool
    ) -> None:
        told = tell(instance, consent=consent)
        told.detail("You may.")
        collect_now(instance)
        open_gate(gita, told, ground=[gate])
        page = step(gita, told, "hand-over", {**COPY, "ground": [ground]}, PROPOSE, 302 if good else 409)
        assert good or "The reporter did not choose that" in page.text
        assert bool(acts.proposals(flag_as(instance, told), HAND_OVER)) == good

    @pytest.mark.parametrize("ground", ["consent", "harm", "law", "court"])
    def test_a_true_answer_stops_what_is_a_choice_and_not_what_must_be_done(
        self, gita: Desk, instance: Instance, ground: str
    ) -> None:
        told = tell(instance, consent="tell")
        open_gate(gita, told, answer=["hold"])
        step(gita, told, "hand-over", {**COPY, "ground": [ground]}, PROPOSE, 409 if ground == "consent" else 302)
        assert bool(acts.proposals(flag_as(instance, told), HAND_OVER)) == (ground != "consent")

    def test_the_gate_comes_first(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        page = step(gita, told, "hand-over", COPY, PROPOSE, 409)
        assert "gate is not open" in page.text and str(COPY["reason"]) in page.html


class TestTheCopy:
    def test_nobody_takes_one_before_the_second_agreed(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        open_gate(gita, told)
        step(gita, told, "hand-over", COPY, PROPOSE)
        page = gita.client.get(f"{told.path}/hand-over")
        (proposal,) = acts.proposals(flag_as(instance, told), HAND_OVER)
        token = next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token")
        forged = {"csrf_token": token, "copy": proposal.link}
        assert "Only the two guardians" in gita.client.post(f"{told.path}/hand-over/copy", forged, 409).text
        with pytest.raises(ValueError, match="nobody agreed"):
            copy_of(flag_as(instance, told), proposal, "", 0)

    def test_it_can_be_taken_for_seven_days(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        open_gate(gita, told)
        gwen = agreed(gita, told)
        page = gwen.client.get(f"{told.path}/hand-over")
        assert "Until 29 November 2026" in page.text
        instance.clock.pass_(days=8)
        gwen.sign_in("gwen")
        later = gwen.client.get(f"{told.path}/hand-over")
        assert TAKE not in later.text
        (proposal,) = acts.proposals(flag_as(instance, told), HAND_OVER)
        token = next(one.get("value") for one in later.tree.iter("input") if one.get("name") == "csrf_token")
        forged = {"csrf_token": token, "copy": proposal.link}
        assert "could be taken until" in gwen.client.post(f"{told.path}/hand-over/copy", forged, 409).text

    def test_the_second_must_tell_the_reporter(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        open_gate(gita, told)
        step(gita, told, "hand-over", COPY, PROPOSE)
        gwen = gita.as_("gwen")
        page = gwen.client.get(f"{told.path}/hand-over")
        assert "what the reporter is told" in gwen.client.submit(page, {"reply": " "}, button=AGREE, status=409).text
        assert not [one for one in acts.proposals(flag_as(instance, told), HAND_OVER) if one.agreed]

    def test_copies_are_counted_and_a_number_is_never_used_twice(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        open_gate(gita, told)
        agreed(gita, told)
        step(gita, told, "hand-over", {**COPY, "name": "Nobody"}, PROPOSE)
        gita.client.submit(gita.client.get(f"{told.path}/hand-over"), button="Stop it")
        gwen = agreed(gita, told, name="Ms Hale")
        text = gwen.client.get(f"{told.path}/hand-over").text
        assert re.findall(r"Take copy (\d)", text) == ["1", "2"]

    def test_nothing_is_handed_out_that_could_not_be_noted(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told = tell(instance)
        open_gate(gita, told)
        gwen = agreed(gita, told)

        def broken(*_args: object, **_more: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr("concerns.triage.service.deliver", broken)
        assert take(gwen, told, 503).response.mimetype == "text/html"
