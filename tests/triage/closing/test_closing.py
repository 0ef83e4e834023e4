import datetime as dt
import random
from collections import Counter
from collections.abc import Mapping

import pytest
from sqlalchemy import delete, event

from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import Release
from concerns.disclosure.periods import Period, WrongPeriod
from concerns.disclosure.turns import CloseRefused
from concerns.sealing.envelope import Header, Kind, seal
from concerns.sealing.keys import kid_of, new_seed
from concerns.sealing.model import ShredKey
from concerns.sealing.threads import Bundle, deliver
from concerns.store.base import new_id
from concerns.triage.bundles import Sitting, Work
from concerns.triage.closing.service import close_part, closing_page, preview
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.closing_bench import blind, bundle, close, counted, on, part, sitting, store

FEBRUARY, MARCH = dt.date(2026, 2, 10), dt.date(2026, 3, 10)
CUT_OFF = dt.date(2026, 4, 21)


def again(instance: Instance, thread: Bundle, record: Mapping[str, object], seed: bytes) -> None:
    """Another triage record in a stored thread, not collected yet."""
    header = Header(Kind.TRIAGE, instance.site_id, thread.thread_id, new_id())
    assert deliver(instance.stores, [seal(header, record, instance.charter.manifest.kem_publics, seed)])


@pytest.mark.usefixtures("silent")
class TestWhichFlagCountsWhere:
    def test_two_guardians_close_a_quarter(self, spring: Instance) -> None:
        store(
            spring,
            bundle(spring, FEBRUARY, sitting(spring, FEBRUARY, "N01")),
            bundle(spring, MARCH, sitting(spring, MARCH, "N01")),
            bundle(spring, MARCH, sitting(spring, MARCH, None)),
            bundle(spring, MARCH),
        )
        first, second = part(spring, "gita", "2026-Q1"), part(spring, "gwen", "2026-Q1")
        assert first.message == "Your part of 2026-Q1 is done. It is waiting for a second guardian."
        assert second.message.startswith("2026-Q1 is frozen. Keep this print: ledger line 3, ")
        assert counted(spring, "2026-Q1") == {"N01": 2, "other": 1}

    def test_d5_every_flag_counts_where_the_rule_says_and_once(self, spring: Instance) -> None:
        rng = random.Random(7)
        quarters = [Period(2026, n) for n in (1, 2, 3)]
        expected: Counter[str] = Counter()
        bundles = []
        for _ in range(60):
            told = dt.date(2026, 1, 5) + dt.timedelta(days=rng.randrange(230))
            first = told + dt.timedelta(days=rng.choice([0, 3, 20, 40, 120]))
            bundles.append(bundle(spring, told, sitting(spring, first)))
            week = bundles[-1].week
            home = next((q for q in quarters if week <= q.end and first < q.cut_off(21)), None)
            expected[str(home)] += 1
        store(spring, *bundles)
        for quarter in quarters:
            on(spring, quarter.cut_off(21) + dt.timedelta(days=rng.randrange(60)))
            close(spring, str(quarter))
        found = {str(quarter): sum(counted(spring, str(quarter)).values()) for quarter in quarters}
        assert found == {str(quarter): expected[str(quarter)] for quarter in quarters}

    def test_sorting_again_before_the_freeze_moves_a_flag(self, spring: Instance) -> None:
        moved = bundle(
            spring, FEBRUARY, sitting(spring, FEBRUARY, "N01"), sitting(spring, dt.date(2026, 4, 30), "N02", who="gwen")
        )
        store(spring, moved)
        on(spring, dt.date(2026, 5, 2))
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {"N02": 1}

    def test_sorting_again_after_the_freeze_changes_nothing_frozen(self, spring: Instance) -> None:
        flag = bundle(spring, FEBRUARY, sitting(spring, FEBRUARY, "N01"))
        store(spring, flag)
        close(spring, "2026-Q1")
        later = {"primary": "N02", "area": None, "day": "2026-07-01", "turn": 1, "n": 4}
        again(spring, flag, later, spring.guardian().sign_seed)
        on(spring, dt.date(2026, 7, 21))
        close(spring, "2026-Q2")
        assert (counted(spring, "2026-Q1"), counted(spring, "2026-Q2")) == ({"N01": 1}, {})

    def test_a_record_that_waits_for_collect_counts(self, spring: Instance) -> None:
        flag = bundle(spring, FEBRUARY)
        store(spring, flag)
        again(spring, flag, {"primary": "N01", "day": "2026-04-20"}, spring.guardian().sign_seed)
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {"N01": 1}

    def test_a_record_that_no_guardian_signed_counts_for_nothing(self, spring: Instance) -> None:
        store(
            spring,
            bundle(spring, FEBRUARY, Sitting(new_seed(), Work(Step("acknowledged"), "N01"), FEBRUARY)),
            bundle(
                spring,
                FEBRUARY,
                sitting(spring, FEBRUARY, "N02"),
                Sitting(new_seed(), Work(Step("acknowledged"), "N01"), MARCH),
            ),
        )
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {"N02": 1}

    def test_d4_a_flag_that_excludes_one_closer_is_counted(self, spring: Instance) -> None:
        bundles = [bundle(spring, FEBRUARY, sitting(spring, FEBRUARY)) for _ in range(3)]
        without_gita = [blind(one, kid_of(spring.guardian("gita").key.kem)) for one in bundles[:1]]
        without_gwen = [blind(one, kid_of(spring.guardian("gwen").key.kem)) for one in bundles[1:2]]
        store(spring, *without_gita, *without_gwen, bundles[2])
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {"N01": 3}

    def test_a_flag_taken_back_before_the_first_part_does_not_count(self, spring: Instance) -> None:
        gone, kept = (bundle(spring, FEBRUARY, sitting(spring, FEBRUARY)) for _ in range(2))
        store(spring, gone, kept)
        with spring.stores.write_live() as live:
            live.execute(delete(ShredKey).where(ShredKey.thread_id == gone.thread_id))
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {"N01": 1}

    def test_before_launch_what_is_sorted_when_the_close_begins_counts(self, instance: Instance) -> None:
        today = instance.clock().date()
        store(instance, bundle(instance, FEBRUARY, sitting(instance, today)))
        close(instance, "2026-Q1")
        assert counted(instance, "2026-Q1") == {"N01": 1}


def test_the_number_of_queries_does_not_grow_with_the_flags(spring: Instance) -> None:
    said: list[str] = []
    for engine in (spring.stores.main, spring.stores.live):
        event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    store(spring, bundle(spring, FEBRUARY, sitting(spring, FEBRUARY)))
    said.clear()
    part(spring, "gita", "2026-Q1")
    with_one = len(said)
    store(spring, *(bundle(spring, FEBRUARY, sitting(spring, FEBRUARY)) for _ in range(20)))
    said.clear()
    part(spring, "gwen", "2026-Q1")
    assert len(said) <= with_one + 2  # the frozen row


class TestRefusals:
    def test_a_leader_closes_nothing(self, spring: Instance) -> None:
        with pytest.raises(CloseRefused, match="Only a guardian"):
            close_part(spring.house, new_id(), b"", "2026-Q1")

    def test_a_key_that_is_not_in_the_manifest_closes_nothing(self, spring: Instance) -> None:
        with pytest.raises(CloseRefused, match="Only a guardian"):
            close_part(spring.house, spring.guardian().person_id, bytes(64), "2026-Q1")

    def test_a_wrong_period_is_wrong_use(self, spring: Instance) -> None:
        with pytest.raises(WrongPeriod):
            part(spring, "gita", "2026-Q7")

    def test_nothing_is_closed_before_the_keys_are_signed(self, spring: Instance) -> None:
        gita = spring.guardian()
        (spring.directory / "manifest.pin").unlink()
        with pytest.raises(CloseRefused, match="made and signed their keys"):
            close_part(spring.house, gita.person_id, gita.secret, "2026-Q1")


def test_the_preview_names_no_count_but_what_waits(spring: Instance) -> None:
    store(
        spring, bundle(spring, FEBRUARY), bundle(spring, FEBRUARY, sitting(spring, FEBRUARY)), bundle(spring, CUT_OFF)
    )
    gita = spring.guardian()
    seen = preview(spring.house, gita.person_id, gita.secret, "2026-Q1")
    assert (seen.untriaged, seen.second, str(seen.epsilon)) == (1, False, "1/2")
    assert [str(item.period) for item in closing_page(spring.house).items] == ["2026", "2026-Q2", "2026-Q1"]


def test_an_unsorted_flag_that_excludes_her_is_not_in_her_preview(spring: Instance) -> None:
    store(spring, blind(bundle(spring, FEBRUARY), kid_of(spring.guardian("gita").key.kem)))
    for name, waiting in (("gita", 0), ("gwen", 1)):
        guardian = spring.guardian(name)
        assert preview(spring.house, guardian.person_id, guardian.secret, "2026-Q1").untriaged == waiting


class TestPages:
    def test_gita_and_gwen_close_a_quarter_and_lena_reads_it(self, spring: Instance) -> None:
        store(spring, *(bundle(spring, FEBRUARY, sitting(spring, FEBRUARY)) for _ in range(2)), bundle(spring, MARCH))
        desk = Desk(spring)
        desk.sign_in("gita")
        assert "Close 2026-Q1" in desk.client.get("/close/").text
        page = desk.client.get("/close/2026-Q1")
        assert "1 flag waits for a first sorting" in page.text
        assert "Yours is the first part" in page.text
        assert "What was first sorted before 21 April 2026." in page.text
        desk.client.submit(page, {}, button="Do the first part of 2026-Q1")
        listed = desk.client.get("/close/").text
        assert "Your part of 2026-Q1 is done. It is waiting for a second guardian." in listed
        assert "Half closed" in listed
        gwen = desk.as_("gwen")
        page = gwen.client.get("/close/2026-Q1")
        assert "freezes the period" in page.text
        gwen.client.submit(page, {}, button="Freeze 2026-Q1")
        listed = gwen.client.get("/close/").text
        assert "2026-Q1 is frozen. Keep this print: ledger line 3" in listed
        lena = desk.as_("lena")
        assert "What staff raised: January to March 2026" in lena.client.get("/report/").text

    def test_the_last_freeze_is_compared_with_its_print_before_the_next_part(self, spring: Instance) -> None:
        desk = Desk(spring)
        desk.sign_in("gita")
        assert "I compared" not in desk.client.get("/close/2026-Q1").text  # nothing was frozen yet
        close(spring, "2026-Q1")
        on(spring, dt.date(2027, 1, 22))
        desk.sign_in("gita")
        line = Ledger(spring.directory).lines()[-1]
        page = desk.client.get("/close/2026-Q2")
        assert f"I compared this with the print of 2026-Q1: line 3, {line.head.hex()[:8]}…" in page.text
        assert line.head.hex() in page.text
        refused = desk.client.submit(page, {}, button="Do the first part of 2026-Q2", status=422)
        assert "Compare the last freeze with your print, then tick that you did" in refused.text
        assert len(Ledger(spring.directory).lines()) == 3
        close(spring, "2026")  # by others, while the page is open
        ticked = {"compared": ["y"]}
        other = desk.client.submit(refused, ticked, button="Do the first part of 2026-Q2", status=422)
        assert "Another period was frozen since this page was shown." in other.text
        assert "print of 2026: line 5" in other.text and "checked" not in other.html
        assert len(Ledger(spring.directory).lines()) == 5
        desk.client.submit(other, ticked, button="Do the first part of 2026-Q2")
        assert len(Ledger(spring.directory).lines()) == 6

    def test_what_cannot_be_closed_is_said(self, spring: Instance) -> None:
        desk = Desk(spring)
        desk.sign_in("gita")
        early = desk.client.get("/close/2026-Q2", status=409)
        assert "2026-Q2 can be closed from 21 July 2026." in early.text
        desk.client.get("/close/2026-Q9", status=404)
        desk.client.submit(desk.client.get("/close/2026-Q1"), {}, button="Do the first part of 2026-Q1")
        same = desk.client.get("/close/2026-Q1", status=409)
        assert "It is waiting for a second guardian." in same.text

    def test_a_missing_ledger_is_said(self, spring: Instance) -> None:
        desk = Desk(spring)
        desk.sign_in("gita")
        (spring.directory / "ledger.jsonl").unlink()
        assert "ledger is missing or empty" in desk.client.get("/close/", status=409).text

    def test_a_deleted_release_comes_back_when_a_guardian_looks(self, spring: Instance) -> None:
        close(spring, "2026-Q1")
        with spring.stores.write_main() as main:
            main.execute(delete(Release))
        desk = Desk(spring)
        desk.sign_in("lena")
        desk.client.get("/report/2026-Q1", status=404)
        desk.as_("gita").client.get("/close/")
        desk.as_("lena").client.get("/report/2026-Q1")

    def test_before_launch_the_page_says_another_limit(self, instance: Instance) -> None:
        store(instance, bundle(instance, FEBRUARY))
        desk = Desk(instance)
        desk.sign_in("gita")
        page = desk.client.get("/close/2026-Q1")
        assert "What is sorted when you do this part." in page.text
        desk.client.submit(page, {}, button="Do the first part of 2026-Q1")
        page = desk.as_("gwen").client.get("/close/2026-Q1")
        assert "What was sorted when the first part was done." in page.text
