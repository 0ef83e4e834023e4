"""Several tellings of one thing: linked by a person, counted once, and taken apart again."""

import datetime as dt

import pytest
from sqlalchemy import delete

from concerns.disclosure import service as gate
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Header, Kind, seal
from concerns.sealing.keys import new_seed
from concerns.sealing.model import ShredKey
from concerns.sealing.threads import Bundle, deliver, take_back
from concerns.store.base import new_id
from concerns.triage.acting.ours import NOT_OURS
from concerns.triage.acts import agreed_to, proposed
from concerns.triage.bundles import Sitting, Work
from concerns.triage.case.contact import looked
from concerns.triage.events.rules import Event, linked
from concerns.triage.events.service import CannotLink
from concerns.triage.rules import Step
from concerns.triage.service import record
from tests.cast import Instance
from tests.triage.closing_bench import bundle, close, counted, launch, on, part, sitting, store
from tests.triage.events.linking import Linker, ids
from tests.triage.telling import tell

FEBRUARY, MARCH, MAY = dt.date(2026, 2, 10), dt.date(2026, 3, 10), dt.date(2026, 5, 12)
CUT_OFF = dt.date(2026, 4, 21)


@pytest.fixture
def spring(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Instance:
    """Launched at the start of the year; it is the day before the first quarter's cut-off, and there is no noise."""
    monkeypatch.setattr(gate, "discrete_laplace", lambda _epsilon: 0)
    launch(instance, dt.date(2026, 1, 1))
    on(instance, CUT_OFF - dt.timedelta(days=1))
    return instance


@pytest.fixture
def gita(spring: Instance) -> Linker:
    return Linker(spring)


def told(instance: Instance, day: dt.date, theme: str | None = "N01", first: dt.date | None = None) -> Bundle:
    return bundle(instance, day, sitting(instance, first or day, theme))


def three(instance: Instance) -> list[bytes]:
    """Told in March, in February, and once more in May."""
    bundles = told(instance, MARCH, "N02"), told(instance, FEBRUARY), told(instance, MAY, "N03")
    store(instance, *bundles)
    return ids(*bundles)


def closed(instance: Instance, period: str, day: dt.date) -> dict[str, int]:
    on(instance, day)
    close(instance, period)
    return counted(instance, period)


class TestLinking:
    def test_two_tellings_are_one_event_in_the_place_of_the_one_sorted_first(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        gita.link(march, february)
        event = gita.event(march)
        assert event is not None and (event.primary, event.area) == ("N01", "ward-1")
        assert gita.event(february) == event
        assert gita.others(march) == {february} and gita.others(february) == {march}

    def test_which_of_the_two_is_linked_with_the_other_makes_no_difference(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        gita.link(february, march)
        event = gita.event(march)
        assert event is not None and event.primary == "N01"

    def test_a_third_telling_joins_and_moves_nothing(self, gita: Linker) -> None:
        march, february, may = three(gita.instance)
        gita.link(march, february)
        event = gita.event(march)
        gita.link(march, may)
        assert gita.event(may) == gita.event(march) == event
        assert gita.others(may) == {march, february}

    def test_d14_sorting_one_of_them_again_leaves_the_event_where_it_is(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        gita.link(march, february)
        flag, desk = gita.flag(february), gita.desk
        record(gita.house, desk, gita.visitor, flag, Work(Step("acknowledged"), "N03"), b"x" * 16)
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1}

    def test_a_press_that_comes_twice_links_once(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        before = len(gita.flag(march).thread.rows)
        gita.link(march, february)
        with pytest.raises(CannotLink, match="linked already"):
            gita.link(march, february)
        assert len(gita.flag(march).thread.rows) == before + 4

    def test_of_two_guardians_who_link_the_same_two_at_once_one_is_told_and_there_is_one_event(
        self, gita: Linker
    ) -> None:
        march, february, _may = three(gita.instance)
        gwen = Linker(gita.instance, "gwen")
        pairs = [(one, one.flag(march), one.flag(february)) for one in (gita, gwen)]
        from concerns.triage.events import service

        service.link(gita.house, gita.desk, gita.visitor, *pairs[0][1:], b"i" * 16)
        with pytest.raises(CannotLink, match="at this moment"):
            service.link(gita.house, gita.desk, gwen.visitor, pairs[1][2], pairs[1][1], b"i" * 16)
        assert gita.event(march) == gita.event(february) == gwen.event(march) is not None
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1}

    def test_two_events_are_not_joined(self, gita: Linker) -> None:
        bundles = [told(gita.instance, FEBRUARY) for _ in range(4)]
        store(gita.instance, *bundles)
        one, two, three, four = ids(*bundles)
        gita.link(one, two)
        gita.link(three, four)
        with pytest.raises(CannotLink, match="another event"):
            gita.link(two, three)

    def test_it_is_not_linked_with_itself_and_not_before_one_is_sorted(self, gita: Linker) -> None:
        bundles = [bundle(gita.instance, FEBRUARY) for _ in range(2)]
        store(gita.instance, *bundles)
        one, two = ids(*bundles)
        with pytest.raises(CannotLink, match="itself"):
            gita.link(one, one)
        with pytest.raises(CannotLink, match="Sort at least one"):
            gita.link(one, two)

    def test_an_unsorted_telling_may_be_linked_and_still_waits_to_be_sorted(self, gita: Linker) -> None:
        waiting, known = bundle(gita.instance, FEBRUARY), told(gita.instance, FEBRUARY)
        store(gita.instance, waiting, known)
        gita.link(waiting.thread_id, known.thread_id)
        flag = gita.flag(waiting.thread_id)
        assert flag.record is None and not flag.doubted
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1}

    def test_s7_flags_that_not_the_same_guardians_may_read_are_not_linked(self, gita: Linker) -> None:
        """A link would tell Gwen, in the flag that she reads, of the other one."""
        gita.instance.clock.pass_(days=-30)
        hidden, open_one = tell(gita.instance, exclude=["gwen"]), tell(gita.instance)
        for thread in (hidden.thread_id, open_one.thread_id):
            work = Work(Step("acknowledged"), "N01")
            record(gita.house, gita.desk, gita.visitor, gita.flag(thread), work, b"s" * 16)
        for pair in ((hidden, open_one), (open_one, hidden)):
            with pytest.raises(CannotLink, match="not the same guardians"):
                gita.link(*(one.thread_id for one in pair))
        assert Linker(gita.instance, "gwen").event(open_one.thread_id) is None


class TestTakingApart:
    def test_taken_out_of_two_both_stand_for_themselves(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        gita.link(march, february)
        gita.unlink(february)
        assert gita.event(march) is None and gita.event(february) is None
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1, "N02": 1}

    def test_taken_out_of_three_the_others_stay(self, gita: Linker) -> None:
        march, february, may = three(gita.instance)
        gita.link(march, february)
        gita.link(march, may)
        gita.unlink(march)
        assert gita.others(may) == {february} and gita.event(march) is None
        gita.unlink(march, b"v" * 16)  # nothing to take it out of
        gita.link(march, may, b"j" * 16)
        assert gita.others(march) == {february, may}

    def test_d5_taken_apart_after_the_freeze_adds_nothing(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        gita.link(march, february)
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1}
        gita.unlink(march)
        assert closed(gita.instance, "2026-Q2", dt.date(2026, 7, 21)) == {"N03": 1}

    def test_one_left_alone_by_a_purge_keeps_its_place_and_can_be_linked_anew(self, gita: Linker) -> None:
        march, february, may = three(gita.instance)
        gita.link(march, february)
        take_back(gita.instance.stores, february)
        collect(gita.instance.stores, gita.instance.clock().date(), 12)
        assert gita.others(march) == set()
        event = gita.event(march)
        gita.link(may, march)
        assert gita.others(march) == {may}
        assert gita.event(march) != event


class TestCounting:
    def test_not_linked_they_count_as_two(self, gita: Linker) -> None:
        three(gita.instance)
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1, "N02": 1}

    def test_d5_an_event_counts_once_in_a_period_and_a_later_telling_there(self, gita: Linker) -> None:
        march, february, may = three(gita.instance)
        gita.link(march, february)
        gita.link(march, may)
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1}
        assert closed(gita.instance, "2026-Q2", dt.date(2026, 7, 21)) == {"N01": 1}
        for period, day in (("2026-Q3", dt.date(2026, 10, 21)), ("2026-Q4", dt.date(2027, 1, 21))):
            assert closed(gita.instance, period, day) == {}
        assert closed(gita.instance, "2026", dt.date(2027, 1, 21)) == {"N01": 1}

    def test_d5_a_telling_that_only_the_second_closer_opens_counts_no_second_time(self, gita: Linker) -> None:
        """Gita stepped back from one of the two after they were linked: her key opens it no more."""
        march, february, _may = three(gita.instance)
        gita.link(march, february)
        make_blind(gita.instance, march, "gita")
        on(gita.instance, CUT_OFF)
        close(gita.instance, "2026-Q1")
        assert counted(gita.instance, "2026-Q1") == {"N01": 1}

    def test_d5_whoever_does_the_first_part(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        gita.link(march, february)
        make_blind(gita.instance, march, "gita")
        on(gita.instance, CUT_OFF)
        assert part(gita.instance, "gwen", "2026-Q1").waiting
        assert part(gita.instance, "gita", "2026-Q1").frozen
        assert counted(gita.instance, "2026-Q1") == {"N01": 1}

    def test_linked_after_the_freeze_neither_counts_again(self, gita: Linker) -> None:
        march, february, may = three(gita.instance)
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1, "N02": 1}
        gita.link(march, february)
        gita.link(may, march)
        assert closed(gita.instance, "2026-Q2", dt.date(2026, 7, 21)) == {"N01": 1}

    def test_a_link_that_no_guardian_signed_links_nothing(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        event = Event("ab" * 16, "N03", None)
        for thread in (march, february):
            header = Header(Kind.TRIAGE, gita.instance.site_id, thread, new_id())
            payload = {"day": "2026-04-01", "turn": 1, "n": 0, "looked": True, "act": linked(event)}
            assert deliver(
                gita.instance.stores, [seal(header, payload, gita.instance.charter.manifest.kem_publics, new_seed())]
            )
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1, "N02": 1}

    @pytest.mark.parametrize(
        "act",
        [{"event": "x"}, {"event": ["ab" * 16]}, {"event": "ab" * 16, "primary": {"a": 1}, "area": 3}, {}],
        ids=["short", "list", "odd place", "empty"],
    )
    def test_any_json_in_an_act_stops_no_close(self, gita: Linker, act: dict[str, object]) -> None:
        work = Work(Step("acknowledged"), looked=True, act={"do": "link", **act})
        seed = gita.instance.guardian().sign_seed
        odd = bundle(gita.instance, FEBRUARY, sitting(gita.instance, FEBRUARY), Sitting(seed, work, FEBRUARY))
        store(gita.instance, odd)
        assert sum(closed(gita.instance, "2026-Q1", CUT_OFF).values()) == 1


class TestLeftOut:
    def agree(self, gita: Linker, thread: bytes, *, second: str = "gwen") -> None:
        house, desk = gita.house, gita.desk
        flag = gita.flag(thread)
        work = Work(**{**vars(looked(flag, "")), "act": proposed(NOT_OURS)})
        record(house, desk, gita.visitor, flag, work, b"p" * 16)
        other = Linker(gita.instance, second)
        flag = other.flag(thread)
        link = flag.entries[-4].link
        work = Work(**{**vars(looked(flag, "")), "act": agreed_to(link)})
        record(house, desk, other.visitor, flag, work, b"a" * 16)

    def test_what_two_guardians_say_is_not_from_our_staff_is_left_out(self, gita: Linker) -> None:
        march, _february, _may = three(gita.instance)
        self.agree(gita, march)
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1}

    def test_one_guardian_twice_is_not_two(self, gita: Linker) -> None:
        march, _february, _may = three(gita.instance)
        self.agree(gita, march, second="gita")
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1, "N02": 1}

    def test_a_telling_of_an_event_that_is_left_out_leaves_the_others(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        gita.link(march, february)
        self.agree(gita, february)
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1}

    def test_what_was_taken_back_and_waits_for_collect_does_not_count(self, gita: Linker) -> None:
        march, _february, _may = three(gita.instance)
        take_back(gita.instance.stores, march)
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1}

    def test_of_an_event_one_of_which_was_taken_back_the_other_counts(self, gita: Linker) -> None:
        march, february, _may = three(gita.instance)
        gita.link(march, february)
        take_back(gita.instance.stores, february)
        assert closed(gita.instance, "2026-Q1", CUT_OFF) == {"N01": 1}
        with gita.instance.stores.write_live() as live:
            live.execute(delete(ShredKey).where(ShredKey.thread_id == february))


def make_blind(instance: Instance, thread: bytes, who: str) -> None:
    """Overwrite one guardian's wraps of a thread, as a declared conflict does."""
    from sqlalchemy import select, update

    from concerns.sealing.model import Arrival, Envelope, Wrap

    kid = instance.guardian(who).key.kid
    collect(instance.stores, instance.clock().date(), 12)
    with instance.stores.read_live() as live:
        assert live.scalars(select(Arrival.id)).all() == []
    with instance.stores.write_main() as main:
        own = select(Envelope.id).where(Envelope.thread_id == thread)
        main.execute(update(Wrap).where(Wrap.envelope_id.in_(own), Wrap.kid == kid).values(w=bytes(1168)))
