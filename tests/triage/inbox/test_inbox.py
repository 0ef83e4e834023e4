"""The inbox: what a row says, its order, its filters, its search, and when arrivals become visible."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, event, update

from concerns.sealing import collecting
from concerns.sealing.collecting import StoreBusy
from concerns.sealing.envelope import Header, Kind, seal
from concerns.sealing.keys import new_seed
from concerns.sealing.model import Envelope, ShredKey
from concerns.sealing.threads import deliver
from concerns.store.base import new_id
from concerns.triage.inbox import views
from concerns.triage.inbox.sifting import PAGE
from concerns.triage.index import refreshing, shards
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, words
from tests.triage.telling import Told, collect_now, tell


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    """The statements that the desk sends while the block runs."""
    statements: list[str] = []
    stores = desk.app.extensions["concerns"].stores

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    for engine in (stores.main, stores.live):
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in (stores.main, stores.live):
        event.remove(engine, "before_cursor_execute", note)


def rows(page: Page) -> list[str]:
    return [words(item) for item in page.with_class("desk-flag")]


def told_in(page: Page) -> list[str]:
    """The first words of each row."""
    return [words(item) for item in page.with_class("desk-flag__words")]


def headings(page: Page) -> list[str]:
    return [words(item) for item in page.with_class("desk-week")]


def sort(desk: Desk, told: Told, **fields: str) -> None:
    data = {"primary": "N01", "status": "assessing", **fields}
    desk.client.submit(desk.client.get(told.path), data, button="Save")


def spoil(instance: Instance, told: Told, kind: Kind) -> None:
    """Change the body of an envelope, as somebody with the database may."""
    with instance.stores.write_main() as main:
        one = (Envelope.thread_id == told.thread_id, Envelope.kind == int(kind))
        main.execute(update(Envelope).where(*one).values(body=os.urandom(4112)))


def tabs(page: Page) -> dict[str, int]:
    """What each list holds, by its name."""
    found = [words(link).rpartition(" ") for link in page.with_class("desk-tabs__link")]
    return {name: int(number.strip("()")) for name, _space, number in found}


class TestRows:
    def test_a_row_says_what_a_guardian_needs_to_choose(self, gita: Desk, instance: Instance) -> None:
        tell(instance, danger="yes", worry="fairly", tier="code")
        page = gita.client.get("/inbox")
        (row,) = rows(page)
        for said in ("Danger", "Two of us cover", "Ward 1", "Fairly worried", "Received", "Not read yet"):
            assert said in row
        assert "Acknowledge by 30 November" in row and "Week of 16 November 2026" in row
        assert "Online, with a staff code" in row
        assert headings(page) == ["Someone may be in danger"]

    def test_words_of_serious_harm_lift_it_with_the_words_shown(self, gita: Desk, instance: Instance) -> None:
        for number in range(3):
            tell(instance, f"Number {number}", collected=False)
        lifted = tell(instance, "There was a KNIFE, and talk of suicide.", collected=False)
        collect_now(instance)
        page = gita.client.get("/inbox")
        assert told_in(page)[0].startswith("There was a KNIFE")
        assert "Read first: knife, suicide" in rows(page)[0]
        assert headings(page) == ["Read first", "Week of 16 November 2026"]
        sort(gita, lifted)
        assert "Read first" not in gita.client.get("/inbox").text

    @pytest.mark.parametrize("done", [{"reply": "Thank you."}, {"status": "concluded: acted", "reason": "Mended."}])
    def test_words_of_serious_harm_lift_a_sorted_flag_too_until_a_guardian_saved_it_again(
        self, gita: Desk, instance: Instance, done: dict[str, str]
    ) -> None:
        told = tell(instance, "The rota is odd.", worry="not very")
        late = tell(instance, "Late", collected=False)
        collect_now(instance)
        sort(gita, told, **done)
        assert "Read first" not in gita.client.get("/inbox").text
        # written in the same week, by somebody who has not seen the answer, and collected after it
        told.detail("A patient died last night and a nurse says she wants to kill herself.")
        collect_now(instance)
        instance.clock.pass_(days=30)
        gita.sign_in("gita")
        page = gita.client.get("/inbox")
        assert headings(page) == ["Read first", "Due today or overdue"]
        assert told_in(page)[0] == "The rota is odd." and "died" in rows(page)[0]
        assert "“died”" in gita.client.get(told.path).text
        assert late.path in page.html
        gita.client.submit(gita.client.get(told.path), {"note": "I rang the ward."}, button="Save")
        assert "Read first" not in gita.client.get("/inbox").text + gita.client.get(told.path).text

    @pytest.mark.parametrize("what", [{"note": "I will ring."}, {"reply": "Thank you."}, {"harm": "severe"}])
    def test_danger_and_new_stay_until_it_has_a_status_or_a_theme(
        self, gita: Desk, instance: Instance, what: dict[str, str]
    ) -> None:
        told = tell(instance, "Somebody is in danger on the ward", danger="yes")
        gita.client.submit(gita.client.get(told.path), what, button="Save")
        for query in ("", "?show=new"):
            page = gita.client.get(f"/inbox{query}")
            assert headings(page) == ["Someone may be in danger"], query
            assert "Received" in rows(page)[0] and "Second reader" not in rows(page)[0]
        sort(gita, told)
        assert not rows(gita.client.get("/inbox?show=new"))
        assert "Second reader by" in rows(gita.client.get("/inbox"))[0]

    def test_whoever_was_treated_badly_is_asked_again_after_the_flag_is_concluded(
        self, gita: Desk, instance: Instance
    ) -> None:
        told = tell(instance)
        told.detail("They took me off the rota.", about="detriment", agree="no")
        collect_now(instance)
        sort(gita, told, status="concluded: acted", reason="Mended.", reply="I am sorry.")
        assert "Ask again how they are treated by 23 December" in rows(gita.client.get("/inbox"))[0]
        for months, days in ((1, 35), (3, 62), (6, 90)):
            instance.clock.pass_(days=days)
            gita.sign_in("gita")
            page = gita.client.get("/inbox")
            assert headings(page) == ["Due today or overdue"], months
            gita.client.submit(gita.client.get(told.path), {"reply": "How are you treated?"}, button="Save")
        assert not rows(gita.client.get("/inbox")), "every check is made"
        assert len(rows(gita.client.get("/inbox?show=concluded"))) == 1

    def test_a_flag_that_somebody_changed_in_the_store_is_listed_as_that(self, gita: Desk, instance: Instance) -> None:
        changed, other = tell(instance), tell(instance, "Another one")
        assert len(rows(gita.client.get("/inbox"))) == 2
        gwen, excluded = gita.as_("gwen"), tell(instance, exclude=["gwen"])
        for one in (changed, excluded):
            spoil(instance, one, Kind.FLAG)
        # before the list has noticed, its page says so
        page = gita.client.get(changed.path)
        assert page.h1 == "This flag cannot be opened" and "somebody changed what is stored" in page.text
        said = "A flag from the week of 16 November 2026 cannot be opened: somebody changed what is stored."
        for desk in (gita, gwen):
            shown = desk.client.get("/inbox")
            assert said in shown.text or "2 flags from the week of 16 November 2026 cannot be opened" in shown.text
            assert told_in(shown) == (["Another one"] if desk is gwen else told_in(shown))
            assert changed.path not in shown.html
        assert said in gwen.client.get("/inbox").text, "of the one that excludes her she learns nothing"
        assert gwen.client.client.get(excluded.path).status_code == 404
        assert gita.client.get(excluded.path).h1 == "This flag cannot be opened"
        assert "2 flags from the week" in gita.client.get("/inbox").text
        assert told_in(gita.client.get("/inbox")) == ["Another one"] and other.path

    def test_a_sorted_flag_leaves_new_and_stays_open_until_it_is_concluded(
        self, gita: Desk, instance: Instance
    ) -> None:
        told = tell(instance)
        assert len(rows(gita.client.get("/inbox?show=new"))) == 1
        sort(gita, told, reply="Thank you.")
        for _collected in range(2):
            assert not rows(gita.client.get("/inbox?show=new"))
            (row,) = rows(gita.client.get("/inbox"))
            assert "Assessing" in row and "1 message" in row and "Write again by" in row
            collect_now(instance)
        sort(gita, told, status="concluded: acted", reason="Mended.")
        assert not rows(gita.client.get("/inbox"))
        for group in ("concluded", "all"):
            (row,) = rows(gita.client.get(f"/inbox?show={group}"))
            assert "Concluded: acted" in row

    def test_a_reporter_who_wrote_last_waits_on_a_concluded_flag_too(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        sort(gita, told, status="concluded: acted", reason="Mended.", reply="Which night?")
        assert not rows(gita.client.get("/inbox?show=waits"))
        told.detail("Tuesday.")
        collect_now(instance)
        for group in ("waits", "open", "concluded", "all"):
            assert "Waits for you" in rows(gita.client.get(f"/inbox?show={group}"))[0]

    def test_an_acknowledgement_that_is_late_is_marked(self, gita: Desk, instance: Instance) -> None:
        tell(instance)
        instance.clock.pass_(days=9)
        gita.sign_in("gita")
        page = gita.client.get("/inbox")
        assert "Overdue" in rows(page)[0] and headings(page) == ["Due today or overdue"]

    def test_what_was_read_is_no_longer_marked(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        assert "Not read yet" in rows(gita.client.get("/inbox"))[0]
        gita.client.get(told.path)
        assert "Not read yet" not in rows(gita.client.get("/inbox"))[0]
        assert "Not read yet" in rows(gita.as_("gwen").client.get("/inbox"))[0]

    def test_a_second_reader_is_wanted_of_everybody_but_the_first(self, gita: Desk, instance: Instance) -> None:
        told, gwen = tell(instance), gita.as_("gwen")
        sort(gita, told)
        (row,) = rows(gita.client.get("/inbox"))
        assert "Second reader by 25 November" in row and not row.startswith("Second reader")
        assert not rows(gita.client.get("/inbox?second=yes"))
        assert len(rows(gwen.client.get("/inbox?second=yes"))) == 1
        sort(gwen, told)
        assert "Second reader" not in rows(gwen.client.get("/inbox"))[0]
        assert not rows(gwen.client.get("/inbox?second=yes"))

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script> & <b>bold</b>",
            "=HYPERLINK(1) +1 @x",
            "\u202eevil \u2066 turned \u200b round",
            "\U0001f600" * 400,
            "Mae'r lifft yn sownd. المصعد معطل",
            "x" * 11_900,
            "{{ 7 * 7 }} %s \\u0000",
        ],
        ids=["script", "formula", "bidi", "emoji", "languages", "long", "template"],
    )
    def test_a_hostile_text_is_text(self, gita: Desk, instance: Instance, text: str) -> None:
        tell(instance, text)
        tell(instance, "An ordinary one")
        page = gita.client.get("/inbox")
        assert len(rows(page)) == 2 and "An ordinary one" in page.text
        assert "<script>alert" not in page.html and "<b>bold" not in page.html and "49" not in page.text
        shown = next(one for one in page.with_class("desk-flag__words") if "ordinary" not in words(one))
        assert list(shown.iter("bdi")), "nothing beside it is turned round"
        hit = gita.client.submit(page, {"words": text.split(maxsplit=1)[0][:50]}, button="Search", status=200)
        assert len(rows(hit)) == 1 and len(hit.html.encode()) < 100_000


class TestOrder:
    def test_what_cannot_wait_comes_first(self, gita: Desk, instance: Instance) -> None:
        late = tell(instance, "Late")
        instance.clock.pass_(days=30)
        gita.sign_in("gita")
        waiting, bad = tell(instance, "Waiting"), tell(instance, "Badly treated")
        for told in (waiting, bad):
            sort(gita, told, reply="Tell me more.")
        waiting.detail("More.")
        bad.detail("They moved me.", about="detriment")
        tell(instance, "Dangerous", danger="yes")
        tell(instance, "A knife")
        tell(instance, "The rest")
        page = gita.client.get("/inbox")
        assert told_in(page) == ["Dangerous", "A knife", "Badly treated", "Late", "Waiting", "The rest"]
        assert headings(page) == [
            "Someone may be in danger",
            "Read first",
            "Treated badly for speaking up",
            "Due today or overdue",
            "Wait for an answer",
            "Week of 21 December 2026",
        ]
        assert late.path.removeprefix("/flags/") in page.html

    def test_the_rest_stands_by_week_and_within_it_by_random_ids(self, gita: Desk, instance: Instance) -> None:
        flags = []
        for _week in range(2):
            flags += [tell(instance, collected=False) for _flag in range(4)]
            instance.clock.pass_(days=5)
            collect_now(instance)
        gita.sign_in("gita")
        page = gita.client.get("/inbox")
        shown = [next(one.iter("a")).get("href").rpartition("/")[2] for one in page.with_class("desk-flag__words")]
        expected = [one.thread_id.hex() for one in flags]
        assert shown == [*sorted(expected[4:]), *sorted(expected[:4])]


class TestChoosing:
    def test_lists_and_choices_and_their_numbers(self, gita: Desk, instance: Instance) -> None:
        first, second = tell(instance, "First"), tell(instance, "Second", area="theatres")
        tell(instance, "Third", area="nowhere")
        sort(gita, first, primary="N02")
        sort(gita.as_("gwen"), second, primary="N03", status="concluded: acted", reason="Mended.")
        page = gita.client.get("/inbox")
        assert tabs(page) == {"Open": 2, "New": 1, "Waits for you": 0, "Concluded": 1, "All": 3}
        for query, expected in (
            ("show=all&theme=N02", ["First"]),
            ("status=received", ["Third"]),
            ("status=assessing", ["First"]),
            ("show=all&status=concluded", ["Second"]),
            ("status=assessing&theme=N03", []),
            ("status=odd", ["First", "Third"]),
            ("show=all&theme=N03", ["Second"]),
            ("theme=N03", []),
            ("show=all&theme=other", []),
            ("show=all&area=theatres", ["Second"]),
            ("show=all&mine=yes", ["First"]),
            ("show=all&mine=yes&area=theatres", []),
            ("show=new", ["Third"]),
            ("show=all&unread=yes", ["Second", "Third"]),
        ):
            assert sorted(told_in(gita.client.get(f"/inbox?{query}"))) == expected, query
        kept = gita.client.get("/inbox?show=all&mine=yes&theme=N02")
        assert tabs(kept) == {"Open": 1, "New": 0, "Waits for you": 0, "Concluded": 0, "All": 1}
        by_status = gita.client.get("/inbox?status=assessing")
        assert tabs(by_status) == {"Open": 1, "New": 0, "Waits for you": 0, "Concluded": 0, "All": 1}
        assert "status=assessing" in by_status.links()["All (1)"]
        assert "mine=yes" in kept.links()["New (0)"] and "theme=N02" in kept.links()["New (0)"]

    def test_the_choices_are_a_form_that_needs_no_script(self, gita: Desk, instance: Instance) -> None:
        sort(gita, tell(instance, "First"), primary="N02")
        tell(instance, "Other")
        page = gita.client.get("/inbox")
        found = gita.client.submit(page, {"theme": "N02"}, button="Show these", status=200)
        assert told_in(found) == ["First"]
        assert len(rows(gita.client.get(found.links()["Show all of them again"].removeprefix("/desk")))) == 2

    @pytest.mark.parametrize(
        "query",
        [
            "show=x",
            "page=0",
            "page=-1",
            "page=x",
            "page=99999999999",
            "page=²",
            "theme=" + "9" * 500,
            "area=%00",
            "mine=",
        ],
    )
    def test_an_odd_address_is_harmless(self, gita: Desk, instance: Instance, query: str) -> None:
        tell(instance)
        assert len(rows(gita.client.get(f"/inbox?{query}"))) == 1

    def test_pages_hold_twenty_and_lead_on_and_back(self, gita: Desk, instance: Instance) -> None:
        for number in range(PAGE + 1):
            tell(instance, f"Number {number}", collected=False)
        collect_now(instance)
        first = gita.client.get("/inbox?status=received")
        assert "status=received" in first.links()["Next"]
        second = gita.client.get(first.links()["Next"].removeprefix("/desk"))
        assert (len(rows(first)), len(rows(second))) == (PAGE, 1)
        assert "Page 2 of 2" in second.text
        assert rows(gita.client.get(second.links()["Previous"].removeprefix("/desk"))) == rows(first)
        assert len(set(told_in(first) + told_in(second))) == PAGE + 1
        assert rows(gita.client.get("/inbox?page=7")) == rows(second)


class TestGoingOn:
    """From one flag to the next, without the list between them."""

    def go_on(self, desk: Desk, page: Page, **fields: str) -> Page:
        data = {"primary": "N01", "status": "assessing", **fields}
        answer = desk.client.submit(page, data, button="Save and open the next one")
        return desk.client.get(answer.response.location.removeprefix("/desk"))

    def test_every_flag_comes_once_in_the_order_of_the_list(self, gita: Desk, instance: Instance) -> None:
        tell(instance, "In danger", danger="yes", collected=False)
        tell(instance, "A knife", collected=False)
        for number in range(3):
            tell(instance, f"Number {number}", collected=False)
        collect_now(instance)
        page = gita.client.get("/inbox")
        order = [link.get("href") for one in page.with_class("desk-flag__words") for link in one.iter("a")]
        page = gita.client.get(order[0].removeprefix("/desk"))
        for path in order[1:]:
            page = self.go_on(gita, page)
            assert page.response.request.path in path and "Saved. This is the next flag" in page.text
        page = self.go_on(gita, page, reply="Thank you.")
        assert page.h1 == "Inbox"
        assert "Saved. The reporter sees your reply and the status. That was the last flag on this list" in page.text
        assert not rows(gita.client.get("/inbox?show=new"))

    def test_it_stays_within_what_she_chose_to_see(self, gita: Desk, instance: Instance) -> None:
        for number in range(2):
            tell(instance, f"Number {number}", area="theatres", collected=False)
        tell(instance, "In danger elsewhere", danger="yes", collected=False)
        collect_now(instance)
        page = gita.client.get("/inbox?show=new&area=theatres")
        first = gita.client.get(
            next(page.with_class("desk-flag__words")[0].iter("a")).get("href").removeprefix("/desk")
        )
        assert "area=theatres" in first.links()["Inbox"] and "show=new" in first.links()["Inbox"]
        assert "theatres" not in first.response.request.url, "the address of a flag says nothing of what it is about"
        second = self.go_on(gita, first)
        assert "Number" in second.text and "In danger elsewhere" not in second.text
        end = self.go_on(gita, second)
        assert "That was the last flag on this list" in end.text
        assert end.response.request.args.to_dict() == {"show": "new", "area": "theatres"}

    def test_what_went_wrong_comes_back_and_goes_nowhere(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        data = {"status": "concluded: acted"}
        page = gita.client.submit(gita.client.get(told.path), data, button="Save and open the next one", status=422)
        assert "Give the reason" in page.text

    def test_the_keyboard_skips_to_the_first_flag(self, gita: Desk, instance: Instance) -> None:
        assert "Skip to the flags" not in gita.client.get("/inbox").text
        tell(instance, "First")
        tell(instance, "Second")
        page = gita.client.get("/inbox")
        assert page.links()["Skip to the flags"] == "#first-flag"
        assert page.html.count('id="first-flag"') == 1


class TestSearch:
    def test_every_word_must_occur_in_whatever_case_and_field(self, gita: Desk, instance: Instance) -> None:
        tell(instance, "The LIFT sticks.", cause="Nobody oils the cable.")
        other = tell(instance, "The lift is slow.")
        other.detail("It smells of Öl.")
        collect_now(instance)
        page = gita.client.get("/inbox")
        for wanted, number in (("lift", 2), ("Lift CABLE", 1), ("öl", 1), ("lift ramp", 0), ("ift is sl", 1)):
            found = gita.client.submit(page, {"words": wanted}, button="Search", status=200)
            assert len(rows(found)) == number, wanted
            assert (f"{number} found." if number else "Nothing found.") in found.text
            assert found.h1 == "Search" and f'value="{wanted}"' in found.html

    def test_it_asks_for_a_word(self, gita: Desk, instance: Instance) -> None:
        tell(instance)
        page = gita.client.get("/inbox")
        for wanted, said in (("", "Enter a word to search for"), ("x" * 201, "Search for at most 200 characters")):
            found = gita.client.submit(page, {"words": wanted}, button="Search", status=422)
            assert found.errors == [said] and len(rows(found)) == 1

    def test_it_shows_so_many_and_says_so(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "MOST_FOUND", 2)
        for number in range(3):
            tell(instance, f"Lift {number}", collected=False)
        collect_now(instance)
        found = gita.client.submit(gita.client.get("/inbox"), {"words": "lift"}, button="Search", status=200)
        assert len(rows(found)) == 2 and "More than 2 found." in found.text

    def test_s1_what_was_searched_for_is_in_no_log_no_address_and_no_byte_of_the_store(
        self, gita: Desk, instance: Instance, capfd: pytest.CaptureFixture[str]
    ) -> None:
        from tests.triage.test_at_rest import found as bytes_found

        tell(instance, "Der Hebelift ist kaputt.")
        page = gita.client.get("/inbox")
        found = gita.client.submit(page, {"words": "Hebelift Zwiebelturm"}, button="Search", status=200)
        assert "Hebelift" not in found.response.request.url
        assert not bytes_found(instance, "Hebelift", "Zwiebelturm")
        logged = capfd.readouterr()
        assert "Zwiebel" not in logged.out + logged.err

    def test_it_says_where_a_text_was_cut(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shards, "TEXTS_BASE", 200)
        monkeypatch.setattr(shards, "TEXTS_EACH", 100)
        tell(instance, "".join(chr(0x4E00 + number) for number in range(600)) + " lift")
        found = gita.client.submit(gita.client.get("/inbox"), {"words": "lift"}, button="Search", status=200)
        assert not rows(found) and "1 of your flags is so long that only its first part" in found.text
        tell(instance, "Short.")
        for one in range(2):
            tell(instance, "".join(chr(0x4E00 + number) for number in range(one, 900, 2)))
        found = gita.client.submit(gita.client.get("/inbox"), {"words": "lift"}, button="Search", status=200)
        assert "3 of your flags are so long" in found.text


class TestBounds:
    def test_a_page_takes_as_many_queries_for_twenty_flags_as_for_one(self, gita: Desk, instance: Instance) -> None:
        tell(instance)
        gita.client.get("/inbox")
        with counted(gita) as with_one:
            assert len(rows(gita.client.get("/inbox"))) == 1
        for _flag in range(PAGE - 1):
            tell(instance, collected=False)
        collect_now(instance)
        gita.client.get("/inbox")
        with counted(gita) as with_twenty:
            assert len(rows(gita.client.get("/inbox"))) == PAGE
        assert 0 < len(with_one) == len(with_twenty)

    def test_it_says_that_older_flags_are_still_to_come(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(refreshing, "MOST", 2)
        for _flag in range(5):
            tell(instance, collected=False)
        collect_now(instance)
        page = gita.client.get("/inbox")
        assert len(rows(page)) == 3 and "Older flags are still being opened for you" in page.text
        page = gita.client.get(page.links()["Go on"].removeprefix("/desk"))
        assert len(rows(page)) == 5 and "still being opened" not in page.text


class TestCollecting:
    def test_arrivals_wait_for_the_hour_and_are_collected_once_a_day(self, gita: Desk, instance: Instance) -> None:
        instance.clock.pass_(days=1, hours=-9)
        assert instance.clock().hour == 1
        gita.sign_in("gita")
        tell(instance, collected=False)
        assert not rows(gita.client.get("/inbox"))
        instance.clock.pass_(hours=3)
        gita.sign_in("gita")
        assert len(rows(gita.client.get("/inbox"))) == 1
        tell(instance, "A second one", collected=False)
        assert len(rows(gita.client.get("/inbox"))) == 1
        instance.clock.pass_(days=1)
        gita.sign_in("gita")
        assert len(rows(gita.client.get("/inbox"))) == 2

    def test_a_busy_store_is_tried_again_at_the_next_request(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy(*_args: object) -> None:
            raise StoreBusy

        told = tell(instance, collected=False)
        with monkeypatch.context() as patch:
            patch.setattr(collecting, "collect", busy)
            assert not rows(gita.client.get("/inbox"))
            gita.client.submit(gita.client.get("/inbox"), button="Collect now")
            assert "Wait a moment" in gita.client.get("/inbox").text
        assert len(rows(gita.client.get("/inbox"))) == 1
        gita.client.get(told.path)

    def test_a_rehearsal_need_not_wait(self, gita: Desk, instance: Instance) -> None:
        gita.client.get("/inbox")
        tell(instance, collected=False)
        page = gita.client.get("/inbox")
        assert not rows(page)
        gita.client.submit(page, button="Collect now")
        page = gita.client.get("/inbox")
        assert "What has arrived so far is in the inbox now" in page.text
        assert len(rows(page)) == 1


class TestTampering:
    def test_a_flag_whose_shred_key_is_gone_is_listed_nowhere(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        with instance.stores.write_live() as live:
            live.execute(delete(ShredKey).where(ShredKey.thread_id == told.thread_id))
        for group in ("open", "all"):
            assert not rows(gita.client.get(f"/inbox?show={group}"))
        gita.client.get(told.path, 404)

    def test_a_manifest_that_somebody_changed_shuts_the_desk_and_loses_nothing_typed(
        self, gita: Desk, instance: Instance
    ) -> None:
        told = tell(instance)
        page = gita.client.get("/inbox")
        (instance.directory / "manifest.pin").write_text("0" * 64)
        for path in ("/inbox", told.path):
            assert gita.client.get(path, 302).location == "/desk/keys"
        assert "The guardians’ charter is refused: the manifest is not the pinned one." in gita.client.get("/keys").text
        assert "hoist" in gita.client.submit(page, {"words": "hoist"}, button="Search", status=409).html

    @pytest.mark.parametrize("signed", [False, True])
    def test_a_record_that_no_guardian_signed_does_not_hide_a_flag(
        self, gita: Desk, instance: Instance, signed: bool
    ) -> None:
        told = tell(instance)
        header = Header(Kind.TRIAGE, instance.site_id, told.thread_id, new_id())
        payload = {"primary": "N01", "status": "concluded", "day": "2026-11-22", "turn": 0, "n": 0, "prev": None}
        publics = instance.charter.manifest.kem_publics
        assert deliver(instance.stores, [seal(header, payload, publics, new_seed() if signed else None)])
        for _collected in range(2):
            (row,) = rows(gita.client.get("/inbox?show=new"))
            assert "Record not signed by a guardian" in row and "Received" in row
            collect_now(instance)
        assert "that no guardian signed" in gita.client.get(told.path).text
        sort(gita, told)
        assert not rows(gita.client.get("/inbox?show=new"))
        assert "Record not signed" not in gita.client.get("/inbox?show=all").text

    def test_garbage_in_place_of_a_record_is_marked_and_hides_nothing(self, gita: Desk, instance: Instance) -> None:
        told = tell(instance)
        with instance.stores.write_main() as main:
            main.add(
                Envelope(
                    id=new_id(),
                    thread_id=told.thread_id,
                    kind=int(Kind.TRIAGE),
                    week=instance.clock().date(),
                    commit=bytes(32),
                    body=b"x",
                )
            )
        (row,) = rows(gita.client.get("/inbox?show=new"))
        assert "Something in it is missing or was changed" in row
