import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from concerns.charter import service as charter_service
from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.flagging import forms, service
from concerns.flagging.rules import TEXT_LIMIT
from concerns.pages.requests import FORM
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, ShredKey
from concerns.sealing.receipt import digits_of, read_receipt
from concerns.store.session import Stores
from tests.cast import Instance
from tests.charter.test_amending import amend
from tests.flagging.conftest import TEXT, Rosa, thread_of, words_on
from tests.police import SAME_ORIGIN, Page, check_html, filled_in, words


def stored(instance: Instance) -> int:
    with instance.stores.read_live() as live:
        return live.scalar(select(func.count()).where(Arrival.kind == int(Kind.FLAG))) or 0


def hidden(page: Page) -> dict[str, str]:
    return filled_in(page.form())


class TestTheWay:
    def test_a_concern_is_told_checked_sent_and_found_again(self, rosa: Rosa) -> None:
        page = rosa.open(rosa.tell(area="ward-1", worry="very", danger="no"))
        assert page.h1 == "Your concern"
        assert "The call bells are not answered" in page.text
        for said in ("Ward 1", "Very worried", "Use it without details", "We have it"):
            assert said in page.text

    def test_the_shortest_way_is_one_field_and_two_presses(self, rosa: Rosa) -> None:
        words_on(rosa.send(rosa.check("It is not safe.")))
        assert stored(rosa.instance) == 1

    def test_danger_is_asked_before_any_text(self, rosa: Rosa) -> None:
        page = rosa.client.get("/tell")
        assert page.html.index('name="danger"') < page.html.index('name="text"')
        assert page.html.index("999") < page.html.index('name="danger"')
        assert "Day and night" in page.text

    def test_danger_shows_the_numbers_next_and_blocks_nothing(self, rosa: Rosa) -> None:
        check = rosa.check(danger="yes")
        assert "You said someone may be in danger now" in check.text
        assert "999" in check.text
        receipt = rosa.send(check)
        assert "If you have not rung yet, ring now" in receipt.text

    def test_without_danger_the_receipt_shows_the_numbers_too(self, rosa: Rosa) -> None:
        assert "999" in rosa.send(rosa.check()).text

    def test_each_place_says_how_many_work_there(self, rosa: Rosa) -> None:
        page = rosa.client.get("/tell")
        assert "Emergency department (about 140 colleagues work there)" in page.text
        assert "Prefer not to say" in page.text

    def test_the_check_page_shows_who_sees_what_and_stores_nothing(self, rosa: Rosa) -> None:
        page = rosa.check(area="theatres", worry="fairly", consent="ask")
        for said in ("Gita and Gwen", "Theatres", "Fairly worried", "Ask me questions here", "Leaders", "Everybody"):
            assert said in page.text
        assert "call bells" in page.text
        assert stored(rosa.instance) == 0

    def test_it_is_said_before_sending_when_the_words_are_deleted(self, rosa: Rosa) -> None:
        """On both check steps, by the signed rules of the day, and in the page’s language."""
        amend(rosa.instance, retention_months=2)
        said = (
            "We delete your words 2 months after we have finished with them, once they are counted, and at most 26 months"
            " after they came in, unless the law says that they must be kept."
        )
        assert said in rosa.check().text
        # where a device seals, the same stands in the step that its script shows
        (step,) = [one for one in rosa.client.get("/tell").tree.iter("section") if one.get("id") == "check"]
        assert said in words(step)
        welsh = rosa.client.get("/cy/tell").text
        assert "Rydym yn dileu eich geiriau 2 fis ar ôl i ni orffen gyda nhw" in welsh
        assert "dim hwyrach na 26 mis ar ôl iddynt ddod i mewn" in welsh

    def test_change_keeps_everything(self, rosa: Rosa) -> None:
        check = rosa.check(area="ward-2", worry="not very", consent="tell", danger="no")
        form = rosa.client.submit(check, button="Change", status=200)
        kept = filled_in(form.form())
        assert kept["text"].replace("\r\n", "\n") == TEXT
        assert (kept["area"], kept["worry"]) == (["ward-2"], ["not very"])
        assert (kept["consent"], kept["danger"]) == (["tell"], ["no"])

    def test_the_receipt_says_what_happens_next_and_by_when(self, rosa: Rosa) -> None:
        page = rosa.send(rosa.check())
        # told on a Sunday: collected on Monday 23 November, so the clock starts on Monday 30
        assert "By Monday 7 December we will have read it" in page.text
        assert "By Sunday 28 February 2027" in page.text

    def test_words_and_digits_are_the_same_receipt(self, rosa: Rosa) -> None:
        page = rosa.send(rosa.check())
        (shown,) = page.with_class("concerns-receipt__digits")
        digits = "".join(group.text for group in shown.iter("span") if (group.text or "").isdigit())
        assert digits == digits_of(read_receipt(words_on(page)))
        assert "call bells" in rosa.open(digits).text

    def test_a_browser_that_does_not_name_the_button_sends_too(self, rosa: Rosa) -> None:
        words_on(rosa.client.post("/tell", hidden(rosa.check())))
        assert stored(rosa.instance) == 1

    @pytest.mark.parametrize("path", ["/tell", "/return"])
    def test_a_look_at_the_headers_alone_does_nothing(self, rosa: Rosa, path: str) -> None:
        response = rosa.client.client.head(path)
        assert (response.status_code, response.data) == (200, b"")


class TestTwice:
    def test_a_second_press_shows_the_same_receipt_and_stores_one_flag(self, rosa: Rosa) -> None:
        check = rosa.check()
        first, second = rosa.send(check), rosa.send(check)
        assert words_on(first) == words_on(second)
        assert first.html == second.html
        assert stored(rosa.instance) == 1

    def test_two_check_pages_have_two_receipts(self, rosa: Rosa) -> None:
        assert hidden(rosa.check())["receipt"] != hidden(rosa.check())["receipt"]


class TestAnotherUnderTheSameReceipt:
    """A text that was not stored is never called sent."""

    OTHER = "Something else: the fire door is locked at night."

    @pytest.mark.parametrize("when", ["waiting", "collected", "purged"])
    def test_it_comes_back_with_a_new_receipt_and_both_are_stored(
        self, rosa: Rosa, instance: Instance, when: str
    ) -> None:
        check = rosa.check()
        words = words_on(rosa.send(check))
        if when == "collected":
            collect(instance.stores, instance.clock().date(), 12)
        elif when == "purged":
            with instance.stores.write_live() as live:
                live.execute(delete(ShredKey))
        page = rosa.client.post("/tell", {**hidden(check), "text": self.OTHER, "step": "send"}, status=409)
        assert page.h1 == "Check what you are about to send"
        assert (
            "This page had already sent something else. Wait a minute, then press Send again to send this." in page.text
        )
        assert hidden(page)["text"] == self.OTHER
        assert hidden(page)["receipt"] != hidden(check)["receipt"]
        rosa.wait()
        assert self.OTHER in rosa.open(words_on(rosa.send(page))).text
        if when != "purged":
            assert "call bells" in rosa.open(words).text

    def test_another_answer_is_something_else_too(self, rosa: Rosa) -> None:
        check = rosa.check(area="ward-2", danger="no")
        rosa.send(check)
        for changed in ({"area": "ward-1"}, {"worry": "very"}, {"consent": "ask"}, {"danger": "yes"}):
            rosa.client.post("/tell", {**hidden(check), **changed, "step": "send"}, status=409)

    def test_another_language_is_the_same(self, rosa: Rosa) -> None:
        check = rosa.check()
        rosa.send(check)
        words_on(rosa.client.post("/cy/tell", {**hidden(check), "step": "send"}))


class TestOddText:
    def test_what_nobody_can_see_is_empty(self, rosa: Rosa) -> None:
        words = rosa.tell()
        for text in ("\0", "\0\0 \0", "\u200b", "\ufeff \u2060\u00ad", "\u3164\u2800", "\u0301", "\U000e0020", "\x85"):
            page = rosa.client.post("/tell", {"text": text, "step": "check"})
            assert page.errors == ["Write what happened, or what worries you"]
            sent = {"text": text, "receipt": digits_of(read_receipt(words)), "item": "a", "step": "add"}
            assert rosa.client.post("/return", sent).errors == ["Write what you want to add"]

    def test_the_rest_is_sealed_as_it_was_seen(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell("a\0b \uffff c\x9fd é\u0301 😀 \U0001fae9")
        assert thread_of(instance, words).flag["text"] == "ab \ufffd cd é\u0301 😀 \U0001fae9"

    def test_bytes_that_are_no_text_are_sealed_with_a_sign_in_their_place(self, rosa: Rosa, instance: Instance) -> None:
        check = rosa.client.client.post(
            "/tell", data=b"text=caf\xe9 def %ff%ed%a0%80&danger=no", content_type=FORM, headers=SAME_ORIGIN
        )
        assert check.status_code == 200
        rosa.wait()
        kept = hidden(Page(check, check_html(check.text)))
        assert kept["text"] == "caf\ufffd def \ufffd\ufffd\ufffd\ufffd"
        words = words_on(rosa.client.post("/tell", {**kept, "step": "send"}))
        assert thread_of(instance, words).flag["text"] == kept["text"]

    def test_half_a_character_never_reaches_the_seal(self) -> None:
        assert forms._tidied("a\ud800b\x00") == "a\ufffdb"

    def test_a_text_in_pieces_is_kept_whole(self, rosa: Rosa) -> None:
        page = rosa.client.post("/tell", {"text": ["", "One.", "Two."], "step": "check"})
        assert hidden(page)["text"] == "One.\n\nTwo."


class TestOddBodies:
    BODIES = (
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"text": "It is not safe.", "step": "check"}'),
        ("text/plain", b"text=It is not safe."),
        ("", b"text=It is not safe."),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="text"; filename="t"\r\n\r\nIt is not safe.\r\n--x--',
        ),
    )

    @pytest.mark.parametrize("path", ["/tell", "/return"])
    def test_they_are_refused_and_the_text_is_said_to_be_in_the_browser(self, rosa: Rosa, path: str) -> None:
        for content_type, body in self.BODIES:
            answer = rosa.client.client.post(path, data=body, content_type=content_type, headers=SAME_ORIGIN)
            assert answer.status_code == 415
            assert "Go back: your text is still in your browser." in Page(answer, check_html(answer.text)).text


class TestMistakes:
    def test_without_text_it_says_so_beside_the_field_and_above(self, rosa: Rosa) -> None:
        page = rosa.check("  \n ", worry="very")
        assert page.errors == ["Write what happened, or what worries you"]
        assert page.links()["Write what happened, or what worries you"] == "#text"
        assert filled_in(page.form())["worry"] == ["very"]

    def test_a_long_text_says_by_how_much_and_is_kept(self, rosa: Rosa) -> None:
        text = "x" * (TEXT_LIMIT + 345)
        page = rosa.check(text)
        assert page.errors == ["The text is 345 characters too long. Take out at least that much; nothing is lost."]
        assert filled_in(page.form())["text"].strip() == text

    @pytest.mark.parametrize("field", ["danger", "area", "worry", "consent"])
    def test_an_answer_that_was_not_offered_is_refused_and_the_text_kept(self, rosa: Rosa, field: str) -> None:
        page = rosa.client.post("/tell", {"text": TEXT, field: "<b>nonsense</b>", "step": "check"})
        assert len(page.errors) == 1
        # nor is it shown as if it were an answer of ours
        assert "nonsense" not in page.text
        assert TEXT in filled_in(page.form())["text"].replace("\r\n", "\n")

    @pytest.mark.parametrize("receipt", [None, "", "nonsense", "1" * 28, "0" * 27])
    def test_a_garbled_receipt_gives_the_check_page_again(self, rosa: Rosa, receipt: str | None) -> None:
        sent = {**hidden(rosa.check()), "step": "send"}
        sent.pop("receipt") if receipt is None else sent.update(receipt=receipt)
        page = rosa.client.post("/tell", sent, status=400)
        assert "Something was missing from the page" in page.text + page.html
        assert stored(rosa.instance) == 0
        words_on(rosa.send(page))

    def test_send_without_text_gives_the_form(self, rosa: Rosa) -> None:
        page = rosa.client.post("/tell", {"step": "send", "worry": "very"})
        assert page.errors == ["Write what happened, or what worries you"]

    def test_an_empty_post_gives_the_form(self, rosa: Rosa) -> None:
        assert rosa.client.post("/tell", {}).h1 == "Raise a concern"


class TestFailure:
    """A failure after Send never loses the text."""

    FAILURES = (OperationalError("locked", {}, Exception()), NotOpenYet(), CharterRefused("no"), RuntimeError(TEXT))

    @pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
    def test_the_check_page_comes_back_with_text_and_receipt(
        self, rosa: Rosa, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], failure: Exception
    ) -> None:
        check = rosa.check(area="ward-1")

        def fail(*_args: object, **_named: object) -> None:
            raise failure

        with monkeypatch.context() as broken:
            broken.setattr(service, "deliver", fail)
            page = rosa.send(check, status=503)
        assert "It has not been sent" in page.text
        assert hidden(page) == hidden(check)
        assert capfd.readouterr() == ("", "")
        assert "call bells" in rosa.open(words_on(rosa.send(page))).text
        assert stored(rosa.instance) == 1

    def test_when_the_charter_is_refused_the_text_comes_back_and_the_door_is_closed(self, rosa: Rosa) -> None:
        check = rosa.check()
        (rosa.instance.directory / charter_service.PIN).write_text("0" * 64)
        assert hidden(rosa.send(check, status=503)) == hidden(check)
        assert stored(rosa.instance) == 0
        for path in ("/tell", "/return"):
            assert rosa.client.get(path, status=503).h1 == "This service is closed"

    def test_when_no_store_answers_at_all_the_text_comes_back(
        self, rosa: Rosa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        check = rosa.check(area="ward-1")

        def fail(*_args: object) -> None:
            raise OperationalError("gone", {}, Exception())

        with monkeypatch.context() as broken:
            for name in ("read_main", "read_live", "write_main", "write_live"):
                broken.setattr(Stores, name, fail)
            page = rosa.send(check, status=503)
        assert hidden(page) == hidden(check)


class TestNotOpenYet:
    @pytest.fixture(autouse=True)
    def unpinned(self, instance: Instance) -> None:
        (instance.directory / charter_service.PIN).unlink()

    @pytest.mark.parametrize("path", ["/tell", "/return"])
    def test_the_page_says_so_and_what_to_do(self, rosa: Rosa, path: str) -> None:
        page = rosa.client.get(path, status=503)
        assert page.h1 == "This service is not open yet"
        assert "999" in page.text

    def test_a_text_posted_meanwhile_comes_back(self, rosa: Rosa) -> None:
        page = rosa.client.post("/tell", {"text": TEXT, "step": "check"})
        rosa.wait()
        page = rosa.send(page, status=503)
        assert "not open yet" in page.text
        assert hidden(page)["text"] == TEXT

    @pytest.mark.parametrize("path", ["/", "/promise", "/help", "/answers", "/privacy", "/accessibility"])
    def test_the_other_pages_are_there(self, rosa: Rosa, path: str) -> None:
        rosa.client.get(path)
