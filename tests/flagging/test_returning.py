import datetime as dt
import re

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from concerns.flagging import reading, service
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Envelope, ShredKey, Thread
from concerns.sealing.receipt import new_entropy, words_of
from concerns.store.session import Stores
from concerns.triage.bundles import Work
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.flagging.conftest import Rosa, answer
from tests.police import Page, filled_in


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
        for words in (rosa.tell(), rosa.tell()):
            pages = [rosa.open(words), rosa.open("some words of mine")]
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
