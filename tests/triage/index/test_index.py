"""The index: what a card says, kept up to date in bounded steps, of a public size, and gone with its thread."""

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import event, select, update

from concerns.people.access import Visitor
from concerns.sealing import envelope, marks, shelf
from concerns.sealing.envelope import WRAP_BYTES, Header, Kind, Sealed, data_key, seal
from concerns.sealing.keys import Holder, kem_public, new_seed
from concerns.sealing.model import Envelope, ShelfRow, ShredKey, Wrap
from concerns.sealing.shelf import ALWAYS, READ, TEXTS, Owner
from concerns.sealing.shredding import cover
from concerns.sealing.threads import deliver, take_back
from concerns.store.base import new_id
from concerns.triage import reading, service
from concerns.triage.bundles import Work
from concerns.triage.index import refreshing, seeing
from concerns.triage.index import service as index
from concerns.triage.index.card import Card, short
from concerns.triage.index.reads import mark_read
from concerns.triage.index.service import Index
from concerns.triage.queries import ThreadFacts
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.triage.telling import Told, collect_now, tell
from tests.triage.test_at_rest import found

SECRET = "Der Hebelift in Zimmer vier lässt Leute fallen, und ein Knife lag daneben; niemand räumt auf."
WEEK = dt.date(2026, 11, 16)
NOTE = "Dieselbe Station wie im Frühjahr; bitte mit dem Rota-Team sprechen."


def visitor(instance: Instance, name: str = "gita") -> Visitor:
    who = instance.guardian(name)
    return Visitor(who.person_id, name, f"{name}@example.org", frozenset({"guardian"}), who.secret)


def desk(instance: Instance) -> reading.Desk:
    return reading.open_desk(instance.house)


def cards(instance: Instance, name: str = "gita") -> Index:
    return index.cards(instance.house, desk(instance), visitor(instance, name))


def texts(instance: Instance, name: str = "gita") -> dict[str, str]:
    return index.texts(instance.house, desk(instance), visitor(instance, name))


def card(instance: Instance, told: Told, name: str = "gita") -> Card:
    return next(one for one in cards(instance, name).cards if one.thread_id == told.thread_id)


def opened(instance: Instance, told: Told, name: str = "gita") -> reading.Flag:
    flag = seeing.read_flag(instance.house, desk(instance), visitor(instance, name), told.thread_id)
    assert flag is not None
    return flag


def sat(instance: Instance, told: Told, work: Work, name: str = "gita") -> None:
    flag = opened(instance, told, name)
    service.record(instance.house, desk(instance), visitor(instance, name), flag, work, new_id())


def in_order(known: Index) -> list[Card]:
    return sorted(known.cards, key=lambda one: one.thread)


def body(instance: Instance, told: Told, changed: bytes, kind: Kind = Kind.FLAG) -> None:
    """Change what is stored, as somebody with the database may; the week is compared again at the next look."""
    with instance.stores.write_main() as main:
        one = (Envelope.thread_id == told.thread_id, Envelope.kind == int(kind))
        main.execute(update(Envelope).where(*one).values(body=changed))
        if kind is Kind.FLAG:
            marks.renew_for(main, [told.thread_id])


def put_in(instance: Instance, sealed: Sealed) -> None:
    """Put an envelope into a collected thread, as somebody with both databases may."""
    header = sealed.header
    with instance.stores.read_live() as live:
        key = live.get_one(ShredKey, header.thread_id).key
    wraps = [
        Wrap(envelope_id=header.envelope_id, kid=kid, w=cover(key, header.envelope_id, kid, wrap))
        for kid, wrap in sealed.wraps.items()
    ]
    ids = {"id": header.envelope_id, "thread_id": header.thread_id, "kind": int(header.kind), "week": WEEK}
    with instance.stores.write_main() as main:
        main.add(Envelope(**ids, commit=sealed.commit, body=sealed.body))
        main.flush()
        main.add_all(wraps)


def sizes(instance: Instance, name: str) -> list[tuple[str, dt.date, int]]:
    person = instance.guardian(name).person_id
    with instance.stores.read_live() as live:
        rows = live.scalars(select(ShelfRow).where(ShelfRow.person_id == person)).all()
    return sorted((row.part, row.week, len(row.body)) for row in rows)


@contextmanager
def counted(instance: Instance) -> Iterator[list[str]]:
    """The statements sent while the block runs."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    for engine in (instance.stores.main, instance.stores.live):
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in (instance.stores.main, instance.stores.live):
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The threads that were loaded and tried, in their order."""
    noted: list[bytes] = []
    whole = reading.read_flags_and_damage

    def reads(house: object, at: object, who: object, facts: Sequence[ThreadFacts]) -> reading.LookedInto:
        noted.extend(one.thread_id for one in facts)
        return whole(house, at, who, facts)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(refreshing, "read_flags_and_damage", reads)
    return noted


class TestCards:
    def test_a_card_says_what_was_told(self, instance: Instance) -> None:
        told = tell(instance, SECRET, danger="yes", language="cy", area="theatres")
        found = card(instance, told)
        assert (found.danger, found.sorted, found.waits, found.damaged, found.doubted) == (True, *[False] * 4)
        assert (found.area, found.language, found.consent, found.worry) == ("theatres", "cy", "use", "very")
        assert found.words.startswith("Der Hebelift") and found.serious == ["knife"]
        assert found.owed == "Acknowledge" and found.step == Step("received")
        assert cards(instance).unread(found)
        assert texts(instance) == {told.thread_id.hex(): SECRET}

    def test_and_how_it_was_sorted_at_once_and_after_collecting(self, instance: Instance) -> None:
        told = tell(instance)
        card(instance, told)
        work = Work(Step("assessing"), primary="N01", themes=("N02",), area="ward-2", reply="Thank you.")
        sat(instance, told, work, "gwen")
        for _collected in range(2):
            found = card(instance, told)
            assert (found.sorted, found.primary, list(found.themes), found.area) == (True, "N01", ["N02"], "ward-2")
            assert (found.status, found.messages, found.waits) == ("assessing", 1, False)
            gwen = short(instance.guardian("gwen").person_id)
            assert (list(found.sorters), found.holder) == ([gwen], gwen)
            assert dt.date.fromordinal(found.first_day) == instance.clock().date() < dt.date.fromordinal(found.second)
            collect_now(instance)

    def test_two_readers_are_enough(self, instance: Instance) -> None:
        told = tell(instance)
        for name in ("gita", "gwen"):
            sat(instance, told, Work(Step("assessing"), primary="N01"), name)
        found = card(instance, told)
        assert len(found.sorters) == 2 and found.second == 0
        alone = tell(instance, exclude=["gwen"])
        sat(instance, alone, Work(Step("assessing"), primary="N01"))
        assert card(instance, alone).second == 0, "there is nobody else who may read it"

    def test_what_the_reporter_adds_shows_once_it_is_collected(self, instance: Instance) -> None:
        told = tell(instance)
        sat(instance, told, Work(Step("assessing"), reply="Which night?"))
        before = card(instance, told)
        told.detail("They took me off the rota.", about="detriment", agree="no")
        assert card(instance, told) == before
        collect_now(instance)
        found = card(instance, told)
        assert found.waits and found.detriment and not found.detriment_answered
        assert "off the rota" in texts(instance)[found.thread]
        sat(instance, told, Work(Step("assessing"), reply="I am sorry."))
        assert card(instance, told).detriment_answered

    @pytest.mark.parametrize("signed", [False, True])
    def test_a_record_that_no_guardian_signed_sorts_nothing(self, instance: Instance, signed: bool) -> None:
        told = tell(instance)
        header = Header(Kind.TRIAGE, instance.site_id, told.thread_id, new_id())
        payload = {"primary": "N01", "status": "concluded", "day": "2026-11-22", "turn": 0, "n": 0, "prev": None}
        publics = instance.charter.manifest.kem_publics
        deliver(instance.stores, [seal(header, payload, publics, new_seed() if signed else None)])
        for _collected in range(2):
            found = card(instance, told)
            assert (found.sorted, found.doubted, found.status) == (False, True, "received")
            collect_now(instance)

    @pytest.mark.parametrize("kind", [Kind.REPLY, Kind.DETAIL, Kind.TRIAGE])
    def test_a_damaged_envelope_is_marked_and_breaks_nothing(self, instance: Instance, kind: Kind) -> None:
        told, other = tell(instance), tell(instance, "Another one")
        sat(instance, told, Work(Step("assessing"), primary="N01", reply="Thank you."))
        told.detail("It happened again.")
        collect_now(instance)
        assert not card(instance, told, "gwen").damaged
        with instance.stores.write_main() as main:
            one = (Envelope.thread_id == told.thread_id, Envelope.kind == int(kind))
            main.execute(update(Envelope).where(*one).values(body=os.urandom(4112)))
        assert card(instance, told).damaged and not card(instance, other).damaged

    @pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
    def test_a_damaged_flag_is_told_of_and_breaks_nothing(self, instance: Instance, known: bool) -> None:
        told, other = tell(instance), tell(instance, "Another one")
        hidden = tell(instance, "Hidden", exclude=["gwen"])
        assert not known or card(instance, told)
        for one in (told, hidden):
            body(instance, one, os.urandom(16400))
        for name, number in (("gita", 2), ("gwen", 1)):
            for _again in range(2):
                found = cards(instance, name)
                assert [one.thread_id for one in found.cards] == [other.thread_id]
                assert found.damaged == {WEEK: number}, "of what excludes her she is told nothing"
                assert set(texts(instance, name)) == {other.thread_id.hex()}

    @pytest.mark.parametrize("odd", [b"{", b"[]", b'{"text": "no keys"}'])
    def test_a_flag_whose_content_is_none_under_a_good_key_is_damaged(self, instance: Instance, odd: bytes) -> None:
        told, who = tell(instance), instance.guardian()
        (row,) = [one for one in told.rows() if one.header.kind is Kind.FLAG]
        key, nonce, _commit = envelope._schedule(row.header, data_key(row, Holder(who.kem_seed)))
        padded = len(odd).to_bytes(4, "big") + odd + bytes(16380 - len(odd))
        body(instance, told, AESGCM(key).encrypt(nonce, padded, row.header.context + row.commit))
        assert not cards(instance).cards and cards(instance).damaged == {WEEK: 1}

    @pytest.mark.parametrize("part", ["commit", "wrap"])
    def test_a_changed_commitment_or_wrap_looks_like_an_exclusion(self, instance: Instance, part: str) -> None:
        told = tell(instance)
        flags = select(Envelope.id).where(Envelope.thread_id == told.thread_id, Envelope.kind == int(Kind.FLAG))
        with instance.stores.write_main() as main:
            if part == "commit":
                main.execute(update(Envelope).where(Envelope.id.in_(flags)).values(commit=os.urandom(32)))
            else:
                noise = update(Wrap).where(Wrap.envelope_id.in_(flags)).values(w=os.urandom(WRAP_BYTES + 28))
                main.execute(noise.execution_options(synchronize_session=False))
        found = cards(instance)
        assert (found.cards, found.damaged) == ((), {})

    def test_a_second_flag_in_a_thread_hides_neither_of_them_unseen(self, instance: Instance) -> None:
        told = tell(instance)
        header = Header(Kind.FLAG, instance.site_id, told.thread_id, new_id())
        flag = {**told.opened().flag, "text": "Nothing happened."}
        publics = [*instance.charter.manifest.kem_publics, kem_public(told.keys.kem_seed)]
        put_in(instance, seal(header, flag, publics))
        assert cards(instance).damaged == {WEEK: 1} and not cards(instance).cards

    def test_a_proposal_waits_for_the_other_one(self, instance: Instance) -> None:
        told = tell(instance)
        sat(instance, told, Work(Step("received"), looked=True, act={"do": "propose", "what": "refer"}), "gwen")
        assert card(instance, told, "gita").asked_until == (instance.clock().date() + dt.timedelta(days=21)).toordinal()
        assert card(instance, told, "gwen").asked_until == 0


class TestReading:
    def test_what_she_has_read_stays_read_until_something_is_added(self, instance: Instance) -> None:
        told, other = tell(instance), tell(instance, "Another one")

        def unread(name: str = "gita") -> set[bytes]:
            known = cards(instance, name)
            return {one.thread_id for one in known.cards if known.unread(one)}

        assert unread() == {told.thread_id, other.thread_id}
        mark_read(instance.house, desk(instance), visitor(instance), opened(instance, told))
        assert unread() == {other.thread_id}
        assert unread("gwen") == {told.thread_id, other.thread_id}
        told.detail("It happened again.")
        assert unread() == {other.thread_id}, "before it is collected nobody knows"
        collect_now(instance)
        assert unread() == {told.thread_id, other.thread_id}
        mark_read(instance.house, desk(instance), visitor(instance), opened(instance, told))
        sat(instance, told, Work(Step("assessing"), note="Mine."))
        assert unread() == {other.thread_id}, "what she wrote herself is no news to her"
        sat(instance, told, Work(Step("assessing"), note="Hers."), "gwen")
        assert told.thread_id in unread()

    def test_what_came_while_she_read_is_still_news(self, instance: Instance) -> None:
        told = tell(instance)
        before = opened(instance, told)
        sat(instance, told, Work(Step("assessing"), note="Meanwhile."), "gwen")
        mark_read(instance.house, desk(instance), visitor(instance), before)
        known = cards(instance)
        assert known.unread(known.cards[0])

    def test_s16_which_threads_were_read_is_sealed(self, instance: Instance) -> None:
        told, other = tell(instance), tell(instance, "Another one")
        shapes = []
        for one in (told, other):
            mark_read(instance.house, desk(instance), visitor(instance), opened(instance, one))
            with instance.stores.read_live() as live:
                (row,) = live.scalars(select(ShelfRow).where(ShelfRow.part == READ)).all()
            assert one.thread_id[:8] not in row.body
            shapes.append((row.week, len(row.body)))
        assert shapes[0] == shapes[1] and shapes[0][0] == ALWAYS


class TestBounds:
    def test_nothing_is_opened_twice_while_nothing_changes(self, instance: Instance, tried: list[bytes]) -> None:
        flags = [tell(instance, collected=False) for _flag in range(4)]
        hidden = tell(instance, collected=False, exclude=["gwen"])
        collect_now(instance)
        first = cards(instance, "gwen")
        assert sorted(tried) == sorted(one.thread_id for one in (*flags, hidden))
        tried.clear()
        collect_now(instance)
        assert cards(instance, "gwen").cards == first.cards
        assert tried == [], "what she cannot open is not tried again either"
        sat(instance, flags[0], Work(Step("assessing"), primary="N01"))
        cards(instance, "gwen")
        assert tried == [flags[0].thread_id]

    def test_one_request_opens_so_many_newest_first_and_says_that_it_is_behind(
        self, instance: Instance, tried: list[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(refreshing, "MOST", 3)
        monkeypatch.setattr(refreshing, "CHUNK", 2)
        for _week in range(4):
            for _flag in range(2):
                tell(instance, collected=False)
            instance.clock.pass_(days=7)
            collect_now(instance)
        found = []
        for _request in range(4):
            tried.clear()
            known = cards(instance)
            found.append((len(known.cards), known.behind))
            assert len(tried) <= 6
        assert found == [(4, True), (8, True), (8, False), (8, False)]
        assert len(texts(instance)) == 8

    def test_the_number_of_queries_does_not_grow(self, instance: Instance) -> None:
        first = tell(instance)
        cards(instance)
        sat(instance, first, Work(Step("assessing")))
        cards(instance)
        with counted(instance) as with_one:
            cards(instance)
        for _flag in range(12):
            sat(instance, tell(instance), Work(Step("assessing")))
        cards(instance)
        with counted(instance) as with_many:
            assert len(cards(instance).cards) == 13
        assert 0 < len(with_one) == len(with_many) < 25

    def test_two_requests_at_once_do_not_get_in_each_other_s_way(self, instance: Instance) -> None:
        flags = [tell(instance, f"Number {number}", collected=False) for number in range(8)]
        collect_now(instance)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _number: cards(instance), range(6)))
        assert {len(one.cards) for one in answers} == {8}
        assert set(texts(instance)) == {one.thread_id.hex() for one in flags}

    def test_a_store_that_is_busy_keeps_nobody_from_her_list(
        self, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from sqlalchemy.exc import OperationalError

        told = tell(instance)

        def busy(*_args: object) -> bool:
            raise OperationalError("", {}, Exception("database is locked"))

        with monkeypatch.context() as patch:
            patch.setattr(shelf, "keep", busy)
            assert card(instance, told).words and texts(instance)
            assert sizes(instance, "gita") == []
        assert card(instance, told).words and texts(instance)
        assert sizes(instance, "gita")


class TestPrivacy:
    def test_s1_nothing_of_a_flag_is_in_any_byte_with_the_index_in_use(self, instance: Instance) -> None:
        told = tell(instance, SECRET)
        sat(instance, told, Work(Step("concluded", "acted"), primary="N01", note=NOTE))
        assert card(instance, told).words and texts(instance)
        mark_read(instance.house, desk(instance), visitor(instance), opened(instance, told))
        assert not found(instance, SECRET, NOTE, "concluded")
        collect_now(instance)
        assert card(instance, told).words
        assert not found(instance, SECRET, NOTE)

    def test_s3_another_guardian_s_secret_opens_none_of_it(self, instance: Instance) -> None:
        tell(instance, SECRET)
        assert cards(instance).cards
        gita, gwen = instance.guardian("gita"), instance.guardian("gwen")
        wrong = Owner(instance.site_id, gita.person_id, gwen.kem_seed)
        assert shelf.read(instance.stores, wrong, TEXTS) == {}
        assert shelf.read(instance.stores, Owner(instance.site_id, gita.person_id, gita.kem_seed), TEXTS)

    def test_s7_an_excluded_guardian_s_rows_have_the_sizes_of_any_other_s(self, instance: Instance) -> None:
        tell(instance, "Shown", collected=False)
        for number in range(5):
            tell(instance, f"Hidden {number} " + "and more " * 200, collected=False, exclude=["gwen"])
        collect_now(instance)
        assert (len(cards(instance, "gita").cards), len(cards(instance, "gwen").cards)) == (6, 1)
        assert sizes(instance, "gita") == sizes(instance, "gwen")
        assert len(texts(instance, "gwen")) == 1

    def test_s7_what_she_is_told_is_what_it_would_be_without_the_thread(
        self, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(refreshing, "MOST", 2)
        for number in range(3):
            tell(instance, f"Shown {number}")
        alone = [cards(instance, "gwen") for _request in range(2)]
        assert [one.behind for one in alone] == [True, False]
        hidden = [tell(instance, "Hidden", exclude=["gwen"]) for _flag in range(6)]
        again = cards(instance, "gwen")
        assert (in_order(again), again.behind) == (in_order(alone[1]), False)
        sat(instance, hidden[0], Work(Step("assessing"), note="Hidden from her."))
        take_back(instance.stores, hidden[1].thread_id)
        collect_now(instance)
        again = [cards(instance, "gwen") for _request in range(2)][1]
        assert (in_order(again), again.behind) == (in_order(alone[1]), False)

    def test_s7_a_thread_leaves_her_index_when_her_wraps_become_noise(self, instance: Instance) -> None:
        told = tell(instance, SECRET)
        assert card(instance, told, "gwen").words and texts(instance, "gwen")
        kid = instance.guardian("gwen").key.kid
        envelopes = select(Envelope.id).where(Envelope.thread_id == told.thread_id)
        with instance.stores.write_main() as main:
            main.execute(
                update(Wrap)
                .where(Wrap.kid == kid, Wrap.envelope_id.in_(envelopes))
                .values(w=os.urandom(WRAP_BYTES + 28))
                .execution_options(synchronize_session=False)
            )
            marks.renew_for(main, [told.thread_id])
        assert not cards(instance, "gwen").cards and not texts(instance, "gwen")
        assert card(instance, told, "gita").words

    @pytest.mark.parametrize("how", ["purged", "taken back"])
    def test_s15_a_thread_that_is_gone_is_gone_from_every_shelf(self, instance: Instance, how: str) -> None:
        told, other = tell(instance, SECRET), tell(instance, "Another one", collected=False)
        for name in ("gita", "gwen"):
            assert cards(instance, name).cards and texts(instance, name)
        mark_read(instance.house, desk(instance), visitor(instance), opened(instance, told))
        if how == "taken back":
            take_back(instance.stores, told.thread_id)
        else:
            instance.clock.pass_(days=400)
        assert texts(instance, "gwen")[told.thread_id.hex()] == SECRET, "until then the cache tells it"
        collect_now(instance)
        # before she comes again, and after
        for name in ("gita", "gwen"):
            assert SECRET not in str(texts(instance, name))
        for name in ("gita", "gwen"):
            assert {one.thread_id for one in cards(instance, name).cards} == {other.thread_id}
            assert set(texts(instance, name)) == {other.thread_id.hex()}
        assert not found(instance, SECRET)
