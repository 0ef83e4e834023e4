import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from concerns.flagging import reading, service
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind
from concerns.sealing.keys import new_seed
from concerns.sealing.model import Arrival, Envelope, ShredKey, Thread
from concerns.sealing.proof import content_hash, statement, verify_proof
from concerns.sealing.receipt import derive, new_entropy, read_receipt, words_of
from concerns.sealing.signing import sign_public, verify
from concerns.sealing.text import from_text, to_text
from concerns.store.session import Stores
from concerns.triage.bundles import Work
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.flagging.conftest import TEXT, Rosa, answer, thread_of
from tests.police import Page, filled_in, words


def collected(instance: Instance) -> None:
    collect(instance.stores, instance.clock().date(), 12)


def details(instance: Instance) -> int:
    query = select(func.count())
    with instance.stores.read_live() as live, instance.stores.read_main() as main:
        waiting = live.scalar(query.select_from(Arrival).where(Arrival.kind == Kind.DETAIL)) or 0
        kept = main.scalar(query.select_from(Envelope).where(Envelope.kind == Kind.DETAIL)) or 0
    return waiting + kept


def purge(instance: Instance) -> None:
    with instance.stores.write_live() as live:
        live.execute(delete(ShredKey))


class TestWords:
    @pytest.mark.parametrize(
        "typed",
        [
            str.upper,
            lambda words: "  " + words.replace(" ", "   ") + "\n",
            lambda words: " ".join(word[:4] for word in words.split()),
            lambda words: ", ".join(words.split()),
        ],
        ids=["capitals", "spaces", "four letters", "commas"],
    )
    def test_words_are_taken_as_people_type_them(self, rosa: Rosa, typed: object) -> None:
        words = rosa.tell()
        assert rosa.open(typed(words)).h1 == "Your concern"  # type: ignore[operator]

    def test_nothing_typed_says_so_beside_the_field(self, rosa: Rosa) -> None:
        page = rosa.open("   ")
        assert page.errors == ["Enter your nine words, or the 28 digits"]

    def test_unknown_mistyped_malformed_and_purged_words_get_the_same_answer(
        self, rosa: Rosa, instance: Instance
    ) -> None:
        told = rosa.tell()
        purge(instance)
        mistyped = " ".join([*told.split()[:-2], told.split()[-1], told.split()[-2]])
        unknown = " ".join(words_of(new_entropy()))
        answers = {
            re.sub(re.escape(typed), "WORDS", rosa.open(typed).html)
            for typed in (told, mistyped, unknown, "12345", " ".join(told.split()[:-1]))
        }
        assert len(answers) == 1
        assert "We cannot find anything with these words" in answers.pop()

    def test_which_word_is_not_on_the_list_is_said_and_nothing_else(self, rosa: Rosa) -> None:
        words = rosa.tell().split()
        for others in (words[1:], words_of(new_entropy())[1:]):
            page = rosa.open(" ".join(["xylophonist", *others]))
            assert page.errors == ["These are not words of the list: “xylophonist”. Check how they are written"]

    def test_what_was_taken_from_main_is_unknown_too(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        collected(instance)
        with instance.stores.write_main() as main:
            main.execute(delete(Thread))
        assert rosa.open(words).errors == ["We cannot find anything with these words"]

    def test_the_words_are_never_in_an_address(self, rosa: Rosa) -> None:
        addresses = set()
        for told in (rosa.tell(), rosa.tell()):
            pages = [rosa.open(told), rosa.open("some words of mine")]
            pages.append(rosa.add(pages[0], "One more thing"))
            for page in pages:
                assert page.status == 200
                assert page.response.request.query_string == b""
                assert all(form.get("method") == "post" for form in page.tree.iter("form"))
            addresses.add(tuple(href for page in pages for href in page.links().values()))
        # some of the words are words of ours as well, such as “help”: whatever they are, the addresses are the same
        assert len(addresses) == 1

    def test_when_the_store_fails_the_words_are_kept(
        self, rosa: Rosa, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        words = rosa.tell()

        def fail(*_args: object, **_named: object) -> None:
            raise OperationalError("locked", {}, Exception(words))

        with monkeypatch.context() as broken:
            broken.setattr(reading, "find", fail)
            page = rosa.open(words, status=503)
        assert filled_in(page.form(button="Open"))["receipt"] == words
        assert "try again" in page.html
        assert capfd.readouterr() == ("", "")


class TestThread:
    def test_it_is_the_same_before_and_after_it_is_collected(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        before = rosa.open(words).text
        instance.clock.pass_(days=1)
        collected(instance)
        after = rosa.open(words).text
        assert "It came in the week of Monday 23 November. We keep no closer date." in after
        assert "You will hear from us here by Monday 7 December at the latest" in before
        assert "You will hear from us here by Monday 7 December at the latest" in after

    def test_a_reply_and_a_status_are_shown(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        collected(instance)
        instance.clock.now = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
        answer(
            instance, words, Work(Step("acknowledged"), reply="Thank you for telling us. We’ll look.", note="Known?")
        )
        page = rosa.open(words)
        assert "We have read it" in page.text
        assert "Gita Thank you for telling us. We’ll look." in page.text
        assert "Known?" not in page.html
        # the reply came in the week of 23 November; the next is owed 14 days after the Monday that follows
        assert "by Monday 14 December at the latest" in page.text

    def test_a_conclusion_says_what_was_done_and_why(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        answer(instance, words, Work(Step("concluded", "not acted"), reason="There is no money this year."))
        page = rosa.open(words)
        for said in ("Finished", "Nothing was done.", "There is no money this year.", "no further answer"):
            assert said in page.text

    def test_merged_is_never_shown(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        answer(instance, words, Work(Step("assessing")))
        seen = rosa.open(words).text
        answer(instance, words, Work(Step("merged")))
        after = rosa.open(words)
        assert "erged" not in after.html
        assert after.text == seen

    def test_replies_and_details_stand_in_their_order(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        answer(instance, words, Work(Step("needs more"), reply="FIRST: how many?"))
        rosa.add(rosa.open(words), "SECOND: four")
        answer(instance, words, Work(Step("assessing"), reply="THIRD: thank you"), guardian="gwen")
        rosa.add(rosa.open(words), "FOURTH: bye")
        text = rosa.open(words).text
        places = [text.index(said) for said in ("FIRST", "SECOND", "THIRD", "FOURTH")]
        assert places == sorted(places)
        assert "missing" not in text
        assert "Not proven" not in text

    def test_a_planted_copy_changes_nothing(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        alone = rosa.open(words).text
        other = rosa.tell()
        answer(instance, other, Work(Step("assessing"), reply="To somebody else"))
        assert rosa.open(words).text == alone


class TestAdding:
    def test_what_is_added_is_shown_and_reaches_the_guardians(self, rosa: Rosa) -> None:
        words = rosa.tell()
        page = rosa.add(rosa.open(words), "It happened again, “twice”.")
        assert "What you added is sealed and with us" in page.text
        assert "It happened again, “twice”." in page.text
        assert "It happened again, “twice”." in rosa.open(words).text

    def test_a_double_tap_stores_it_once(self, rosa: Rosa, instance: Instance) -> None:
        form = rosa.open(rosa.tell())
        first = rosa.add(form, "It happened again")
        second = rosa.add(form, "It happened again")
        assert "What you added" in first.text
        assert first.text == second.text
        assert details(instance) == 1

    def test_also_when_it_was_collected_between_the_taps(self, rosa: Rosa, instance: Instance) -> None:
        form = rosa.open(rosa.tell())
        rosa.add(form, "It happened again")
        collected(instance)
        rosa.add(form, "It happened again")
        collected(instance)
        assert details(instance) == 1

    def test_an_edited_text_from_the_same_form_is_not_lost(self, rosa: Rosa, instance: Instance) -> None:
        form = rosa.open(rosa.tell())
        rosa.add(form, "It happened again")
        page = rosa.add(form, "It happened again, and twice")
        assert "and twice" in page.text
        assert details(instance) == 2

    def test_the_same_words_may_be_said_twice(self, rosa: Rosa, instance: Instance) -> None:
        page = rosa.open(rosa.tell())
        rosa.add(rosa.add(page, "yes"), "yes")
        assert details(instance) == 2

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            (" ", "Write what you want to add"),
            ("x" * 12_001, "The text is 1 character too long. Take out at least that much; nothing is lost."),
        ],
    )
    def test_mistakes_are_said_and_the_text_kept(self, rosa: Rosa, text: str, error: str) -> None:
        page = rosa.add(rosa.open(rosa.tell()), text)
        assert page.errors == [error]
        assert filled_in(page.form(button="Send"))["text"].strip() == text.strip()
        assert "What you added" in rosa.add(page, "shorter").text

    def test_after_a_failure_the_text_comes_back(
        self, rosa: Rosa, instance: Instance, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        form = rosa.open(rosa.tell())

        def fail(*_args: object) -> None:
            raise OperationalError("locked", {}, Exception())

        with monkeypatch.context() as broken:
            broken.setattr(service, "deliver", fail)
            page = rosa.add(form, "It happened again", status=503)
        assert filled_in(page.form())["text"].strip() == "It happened again"
        assert capfd.readouterr() == ("", "")
        assert "What you added" in rosa.client.submit(page, button="Send", status=200).text
        assert details(instance) == 1

    def test_when_no_store_answers_at_all_the_text_comes_back(
        self, rosa: Rosa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        form = rosa.open(rosa.tell())

        def fail(*_args: object) -> None:
            raise OperationalError("gone", {}, Exception())

        for name in ("read_main", "read_live", "write_main", "write_live"):
            monkeypatch.setattr(Stores, name, fail)
        page = rosa.add(form, "It happened again", status=503)
        assert filled_in(page.form())["text"].strip() == "It happened again"

    def test_for_words_that_are_not_there_the_text_comes_back_and_the_answer_is_the_same(
        self, rosa: Rosa, instance: Instance
    ) -> None:
        form = rosa.open(rosa.tell())
        purge(instance)
        gone = rosa.add(form, "Where has it gone?")
        sent = {"step": "add", "text": "Where has it gone?", "item": "x"}
        answers = {rosa.client.post("/return", {**sent, "receipt": typed}).html for typed in ("", "nonsense")}
        assert answers == {gone.html}
        assert "Where has it gone?" in gone.text
        assert "This was not sent" in gone.text
        assert details(instance) == 0

    def test_without_the_forms_item_nothing_is_lost(self, rosa: Rosa, instance: Instance) -> None:
        page: Page = rosa.open(rosa.tell())
        sent = {**filled_in(page.form(button="Send")), "text": "It happened again", "step": "add"}
        sent.pop("item")
        assert "What you added" in rosa.client.post("/return", sent).text
        assert details(instance) == 1


def element(page: Page, own: str) -> Any:
    (found,) = [one for one in page.tree.iter() if one.get("id") == own]
    return found


def added(instance: Instance, words_of_hers: str) -> list[dict[str, Any]]:
    """What a guardian opens of all that was added, without its place in the chain."""
    names = ("text", "about", "agree", "feedback", "again")
    items = thread_of(instance, words_of_hers, "gwen").of_kind(Kind.DETAIL)
    assert all(item.standing == "proven" for item in items)
    return [{name: item.payload[name] for name in names} for item in items]


HARM = "They took me off the rota."


class TestDetriment:
    ASKED = "Are you still treated badly for speaking up?"

    def tell(self, rosa: Rosa, told: str, text: str = HARM, agree: str | None = None) -> Page:
        ticked = {} if agree is None else {"agree": agree}
        return rosa.client.submit(rosa.open(told), {"text": text, **ticked}, button="Tell the readers", status=200)

    def sealed(self, agree: str) -> dict[str, str]:
        return {"text": HARM, "about": "detriment", "agree": agree, "feedback": "", "again": ""}

    @pytest.mark.parametrize("agree", [None, "yes", "no"])
    def test_guardians_open_it_and_nobody_else_is_told_unless_she_agrees(
        self, rosa: Rosa, instance: Instance, agree: str | None
    ) -> None:
        told = rosa.tell()
        page = self.tell(rosa, told, agree=agree)
        assert "What you added is sealed and with us" in page.text
        assert "You are being treated badly for speaking up. They took me off the rota." in rosa.open(told).text
        assert added(instance, told) == [self.sealed(agree or "no")]

    @pytest.mark.parametrize("text", ["", " \n"])
    def test_without_a_text_it_says_so_and_keeps_the_answer(self, rosa: Rosa, instance: Instance, text: str) -> None:
        told = rosa.tell()
        page = self.tell(rosa, told, text, agree="yes")
        assert page.errors == ["Write what is happening to you"]
        assert page.links()["Write what is happening to you"] == "#detriment-text"
        assert element(page, "detriment").get("open") is not None
        assert filled_in(page.form(button="Tell the readers"))["agree"] == ["yes"]
        assert details(instance) == 0
        rosa.press(page, "Tell the readers", text=HARM)
        assert added(instance, told) == [self.sealed("yes")]

    def test_an_answer_that_was_not_offered_is_refused_and_the_text_kept(self, rosa: Rosa, instance: Instance) -> None:
        form = filled_in(rosa.open(rosa.tell()).form(button="Tell the readers"))
        page = rosa.client.post("/return", {**form, "text": "Help", "agree": "perhaps", "step": "detriment"})
        assert page.errors == ["Choose yes or no"]
        assert filled_in(page.form(button="Tell the readers"))["text"].strip() == "Help"
        assert details(instance) == 0

    def asked(self, rosa: Rosa, told: str) -> bool:
        page = rosa.open(told)
        asked = self.ASKED in page.text
        assert (element(page, "detriment").get("open") is not None) == asked
        return asked

    def test_her_page_asks_again_after_one_three_and_six_months(self, rosa: Rosa, instance: Instance) -> None:
        told, other = rosa.tell(), rosa.tell()
        self.tell(rosa, told)
        assert not self.asked(rosa, told)
        # told on a Sunday: collected in the week of Monday 16 November, so the clock starts on Monday 23
        collected(instance)
        for on, asked in (
            (dt.date(2026, 11, 23), False),
            (dt.date(2026, 12, 22), False),
            (dt.date(2026, 12, 23), True),
            (dt.date(2027, 2, 23), True),
            (dt.date(2027, 5, 23), True),
        ):
            instance.clock.now = dt.datetime.combine(on, dt.time(9), dt.UTC)
            assert self.asked(rosa, told) == asked, on
            assert not self.asked(rosa, other)

    def test_it_counts_anew_from_the_last_time_that_she_said_so(self, rosa: Rosa, instance: Instance) -> None:
        told = rosa.tell()
        self.tell(rosa, told)
        collected(instance)
        instance.clock.now = dt.datetime(2026, 12, 24, 9, tzinfo=dt.UTC)
        self.tell(rosa, told, "It goes on.")
        collected(instance)
        assert not self.asked(rosa, told)
        instance.clock.now = dt.datetime(2027, 1, 28, 9, tzinfo=dt.UTC)
        assert self.asked(rosa, told)


class TestClosing:
    QUESTIONS = "Two questions at the end"

    @pytest.mark.parametrize(
        ("step", "asked"),
        [
            (Step("acknowledged"), False),
            (Step("being addressed"), False),
            (Step("responded"), True),
            (Step("concluded", "acted"), True),
            (Step("reopened"), False),
        ],
        ids=lambda value: value.status if isinstance(value, Step) else "",
    )
    def test_they_are_asked_once_it_was_answered(self, rosa: Rosa, instance: Instance, step: Step, asked: bool) -> None:
        told = rosa.tell()
        assert self.QUESTIONS not in rosa.open(told).text
        answer(instance, told, Work(step, reason="Because.", reply="We looked."))
        assert (self.QUESTIONS in rosa.open(told).text) == asked

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ({"feedback": "yes", "again": "unsure"}, "Yes, I am not sure."),
            ({"again": "no"}, "–, No."),
            ({"text": "Thank you."}, "–, –. Thank you."),
        ],
        ids=str,
    )
    def test_any_one_answer_is_enough_and_then_they_are_gone(
        self, rosa: Rosa, instance: Instance, given: dict[str, str], shown: str
    ) -> None:
        told = rosa.tell()
        answer(instance, told, Work(Step("responded"), reply="We looked."))
        page = rosa.client.submit(rosa.open(told), given, button="Answer", status=200)
        assert "What you added is sealed and with us" in page.text
        for seen in (page, rosa.open(told)):
            assert f"Your answers to the two questions at the end: {shown}" in seen.text
            assert seen.text.count(self.QUESTIONS) == 0
        blank = {"text": "", "about": "closing", "agree": "", "feedback": "", "again": ""}
        assert added(instance, told) == [{**blank, **given}]

    def test_no_answer_at_all_is_said_and_stores_nothing(self, rosa: Rosa, instance: Instance) -> None:
        told = rosa.tell()
        answer(instance, told, Work(Step("responded"), reply="We looked."))
        page = rosa.press(rosa.open(told), "Answer")
        assert page.errors == ["Answer one of the questions"]
        assert self.QUESTIONS in page.text
        assert details(instance) == 0


class TestProof:
    NONE = "There is none yet. One of the readers signs it with the first answer."

    def printed(self, page: Page) -> dict[str, str]:
        (listed,) = page.with_class("concerns-proof__facts")
        keys, values = ([words(one) for one in listed.iter(name)] for name in ("dt", "dd"))
        return dict(zip(keys, values, strict=True))

    def test_before_a_guardian_wrote_there_is_none(self, rosa: Rosa, instance: Instance) -> None:
        told = rosa.tell()
        for _when in range(2):
            page = rosa.open(told)
            assert self.NONE in page.text
            assert not page.with_class("concerns-proof__facts")
            collected(instance)

    def test_what_is_printed_is_all_that_somebody_needs_to_verify_it(self, rosa: Rosa, instance: Instance) -> None:
        told = rosa.tell(cause="The rota.", help="A third nurse.")
        collected(instance)
        instance.clock.now = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
        answer(instance, told, Work(Step("acknowledged"), reply="Thank you."))
        instance.clock.pass_(days=3)
        answer(instance, told, Work(Step("assessing")), guardian="gwen")
        page = rosa.open(told)
        assert self.NONE not in page.text
        printed = self.printed(page)
        assert printed["Signed by"] == "Gita"
        assert printed["Signed on"] == "Thursday 26 November (2026-11-26)"
        assert printed["Check code of the readers’ keys"] == instance.charter.check_code
        key, site = from_text(printed["Key of the reader"]), from_text(printed["Number of this service"])
        assert (key, site) == (instance.guardian("gita").key.sign, instance.site_id)
        week, day = (
            dt.date.fromisoformat(printed[name].split("(")[1].rstrip(")"))
            for name in ("It came in the week of", "Signed on")
        )
        own = from_text(printed["Your key in this concern"])
        assert own == sign_public(derive(read_receipt(told), instance.site_id).sign_seed)
        content = content_hash({"text": TEXT, "cause": "The rota.", "help": "A third nurse."}, own)
        assert printed["Hash of what you wrote"] == content
        signature = from_text(printed["Signature"])
        assert verify(key, statement(site, week, content, day), signature)
        stated = {"week": week.isoformat(), "content": content, "day": day.isoformat(), "sig": printed["Signature"]}
        proof = verify_proof({"proof": stated}, site, content, key)
        assert proof is not None and proof.week.weekday() == 0
        # nothing of it can be changed
        for other in (
            statement(site, week - dt.timedelta(weeks=1), content, day),
            statement(site, week, content_hash({"text": "Something else"}, own), day),
            statement(site, week, content, day + dt.timedelta(days=1)),
        ):
            assert not verify(key, other, signature)

    def test_somebody_else_s_statement_is_no_proof(self, rosa: Rosa, instance: Instance) -> None:
        told = rosa.tell()
        answer(instance, told, Work(Step("acknowledged")), sign_seed=new_seed())
        assert self.NONE in rosa.open(told).text

    def test_the_page_alone_gives_nothing_to_open_the_concern_with(self, rosa: Rosa, instance: Instance) -> None:
        told = rosa.tell()
        answer(instance, told, Work(Step("acknowledged")))
        printed = " ".join(self.printed(rosa.open(told)).values())
        keys = derive(read_receipt(told), instance.site_id)
        for secret in (keys.lookup, keys.kem_seed, keys.sign_seed, keys.lookup_hash):
            assert to_text(secret) not in printed
        assert not set(told.split()) & set(printed.split())
