"""A guardian whom a reporter excluded finds nothing, and no sign that there is anything to find (S7)."""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping, Sequence

import pytest

from concerns.disclosure import service as gate
from concerns.people.access import Visitor
from concerns.sealing.chain import Opened, Standing
from concerns.sealing.envelope import Header, Kind, NotForThisKey, Sealed, open_for, rewrap, seal
from concerns.sealing.excluding import MOST_IN_FLAG, excluded_kids, exclusions_in, exclusions_of
from concerns.sealing.keys import Holder
from concerns.sealing.model import ShredKey, Wrap
from concerns.sealing.shredding import cover
from concerns.sealing.text import to_text
from concerns.sealing.threads import Bundle, deliver
from concerns.store.base import new_id
from concerns.store.house import week_of
from concerns.triage.bundles import Sitting, seal_flag_bundle
from concerns.triage.closing.records import count_untriaged
from concerns.triage.closing.service import preview
from concerns.triage.inbox.sifting import PAGE
from concerns.triage.index import refreshing
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page
from tests.triage.closing_bench import FLAG, close, counted, launch, on, part, sitting, store
from tests.triage.telling import Told, collect_now, tell

WORK = {"primary": "N01", "status": "acknowledged", "reply": "Thank you.", "note": "Third one about nights."}
FEBRUARY, CUT_OFF = dt.date(2026, 2, 10), dt.date(2026, 4, 21)


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def whole(gita: Desk, instance: Instance, exclude: Sequence[str]) -> Told:
    """A thread with an envelope of each kind, collected."""
    told = tell(instance, exclude=exclude, contact=("reach", "Ring me at home."))
    gita.client.submit(gita.client.get(told.path), WORK, button="Save")
    told.detail("It happened again.")
    told.photo()
    collect_now(instance)
    return told


def shape(instance: Instance, told: Told) -> list[tuple[int, int, list[str], list[int]]]:
    """What somebody with the database sees of each envelope: kind, length, for whom, and how long the wraps are."""
    rows = told.rows(list(Kind))
    own = Holder(told.keys.kem_seed).kid
    with instance.stores.read_main() as main:
        stored = {
            row.header.envelope_id: main.query(Wrap).filter_by(envelope_id=row.header.envelope_id).all() for row in rows
        }
    return sorted(
        (
            int(row.header.kind),
            len(row.body),
            sorted("reporter" if wrap.kid == own else wrap.kid.hex() for wrap in stored[row.header.envelope_id]),
            [len(wrap.w) for wrap in stored[row.header.envelope_id]],
        )
        for row in rows
    )


def opens(row: Sealed, seed: bytes) -> bool:
    try:
        open_for(row, Holder(seed))
    except NotForThisKey:
        return False
    return True


def visitor(instance: Instance, name: str) -> Visitor:
    found = instance.guardian(name)
    return Visitor(found.person_id, name, f"{name}@example.org", frozenset({"guardian"}), found.secret)


def bare(page: Page) -> str:
    """A page without its tokens against forged posts, which are never the same twice."""
    return re.sub(r'name="csrf_token"[^>]* value="[^"]+"', "", page.html)


def inbox(desk: Desk) -> list[str]:
    """Every page of every list, and of a search, as they come over the wire."""
    found = []
    for path in ("/inbox", "/inbox?show=all", "/inbox?show=concluded", "/inbox?unread=yes&second=yes"):
        page = desk.client.get(path)
        found.append(bare(page))
        while "Next" in page.links():
            page = desk.client.get(page.links()["Next"].removeprefix("/desk"))
            found.append(bare(page))
    searched = desk.client.submit(desk.client.get("/inbox"), {"words": "number"}, button="Search", status=200)
    return [*found, bare(searched)]


class TestTheStore:
    def test_s7_rows_lengths_and_key_ids_equal_those_of_a_thread_that_excludes_nobody(
        self, gita: Desk, instance: Instance
    ) -> None:
        excluding, other = whole(gita, instance, ["gwen"]), whole(gita, instance, [])
        shapes = shape(instance, excluding)
        assert shapes == shape(instance, other)
        assert [kind for kind, *_rest in shapes] == sorted(Kind)
        assert instance.guardian("gwen").key.kid.hex() in shapes[0][2]

    def test_s7_her_key_opens_nothing_in_the_thread(self, gita: Desk, instance: Instance) -> None:
        gwen, gitas = instance.guardian("gwen"), instance.guardian("gita")
        for told, openable in ((whole(gita, instance, []), True), (whole(gita, instance, ["gwen"]), False)):
            rows = told.rows(list(Kind))
            assert {row.header.kind for row in rows} == set(Kind)
            assert all(opens(row, gitas.kem_seed) for row in rows)
            assert {opens(row, gwen.kem_seed) for row in rows} == {openable}

    def test_s7_a_new_wrap_for_her_opens_nothing_either(self, gita: Desk, instance: Instance) -> None:
        gwen, holder = instance.guardian("gwen"), Holder(instance.guardian("gita").kem_seed)
        manifest = instance.charter.manifest
        told = whole(gita, instance, ["gwen"])
        excluded = gwen.key.kid in excluded_kids(told.opened().exclusions, manifest.kids)
        assert excluded
        for row in told.rows(list(Kind)):
            for noise, openable in ((excluded, False), (False, True)):
                wrap = rewrap(row, holder, gwen.key.kem, excluded=noise)
                assert opens(dataclasses.replace(row, wraps={gwen.key.kid: wrap}), gwen.kem_seed) == openable

    def test_s7_every_status_carries_the_list_and_a_stranger_in_it_is_harmless(
        self, gita: Desk, instance: Instance
    ) -> None:
        listed = [to_text(one) for one in sorted([b"s" * 16, instance.guardian("gwen").person_id])]
        told = tell(instance, exclusions=[*listed, "no id", 7, to_text(b"short")])
        for note in ("One.", "Two."):
            gita.client.submit(gita.client.get(told.path), {"note": note}, button="Save")
        statuses = told.opened().of_kind(Kind.STATUS)
        assert [status.payload["exclusions"] for status in statuses] == [listed] * 2
        shown = gita.client.get(told.path).text
        assert "Gwen" in shown and "Somebody who is no guardian now" in shown


class TestWhatSheSees:
    def test_s7_her_pages_are_what_they_would_be_without_the_thread(self, gita: Desk, instance: Instance) -> None:
        sorted_one = tell(instance, "Sorted already")
        gita.client.submit(gita.client.get(sorted_one.path), WORK, button="Save")
        for number in range(PAGE + 3):
            tell(instance, f"Number {number}", collected=False, danger="yes" if number % 5 == 0 else "no")
        instance.clock.pass_(days=7)
        collect_now(instance)
        gwen = gita.as_("gwen")
        alone = inbox(gwen)
        assert len(alone) == 7
        hidden = [tell(instance, f"Hidden number {number}", exclude=["gwen"], danger="yes") for number in range(3)]
        gita.sign_in("gita")
        page = gita.client.get(hidden[0].path)
        gita.client.submit(page, {**WORK, "status": "assessing"}, button="Save")
        assert inbox(gwen) == alone
        assert "Hidden number 1" in "".join(inbox(gita))
        tell(instance, "Shown to both")
        assert inbox(gwen) != alone

    def test_s7_what_nobody_signed_in_a_hidden_thread_changes_nothing_for_her(
        self, gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The few flags that one request opens are hers: a hidden one takes no other's place, and no notice tells of it."""
        monkeypatch.setattr(refreshing, "MOST", 2)
        monkeypatch.setattr(refreshing, "CHUNK", 2)
        put_in(instance, tell(instance, "Doubtful number"))
        tell(instance, "Another number")
        gwen = gita.as_("gwen")
        alone = inbox(gwen)
        assert "Record not signed by a guardian" in alone[0] and "still being opened" not in alone[0]
        for _hidden in range(5):
            put_in(instance, tell(instance, exclude=["gwen"]))
        assert inbox(gwen) == alone
        assert "still being opened" in gita.client.get("/inbox").text

    def test_s7_its_address_is_that_of_no_thread(self, gita: Desk, instance: Instance) -> None:
        told = whole(gita, instance, ["gwen"])
        (photo,) = told.rows([Kind.FILE])
        gwen = gita.as_("gwen")
        for tail in ("", f"/photo/{photo.header.envelope_id.hex()}"):
            gita.client.get(told.path + tail)
            missing = gwen.client.get(f"/flags/{'0' * 32}{tail}", 404)
            assert bare(gwen.client.get(told.path + tail, 404)) == bare(missing)
        page = gita.client.get(told.path)
        for data in ({"contact": "open"}, {"reply": "x"}):
            token = page.tree.find(".//input[@name='csrf_token']").get("value")
            answers = [
                gwen.client.client.post(path, data={"csrf_token": token, **data}, base_url="https://localhost/")
                for path in (told.path, f"/flags/{'0' * 32}")
            ]
            assert answers[0].status_code == answers[1].status_code != 200
        assert len(told.rows()) == 6

    def test_a_flag_that_is_wrapped_for_whom_it_excludes_is_not_for_her(self, gita: Desk, instance: Instance) -> None:
        """Somebody wrote a program of her own: what the flag says counts, on every page."""
        tell(instance, "Shown")
        gwen = gita.as_("gwen")
        alone, before = inbox(gwen), untriaged(instance, "gwen")
        odd = tell(instance, "Odd", exclude=["gwen"])
        opened = odd.opened()
        holder, key = Holder(instance.guardian("gita").kem_seed), instance.guardian("gwen").key
        (flag,) = opened.of_kind(Kind.FLAG)
        with instance.stores.write_main() as main, instance.stores.read_live() as live:
            shred = live.get(ShredKey, odd.thread_id)
            assert shred is not None
            row = main.get(Wrap, (flag.sealed.header.envelope_id, key.kid))
            assert row is not None
            new = rewrap(flag.sealed, holder, key.kem)
            row.w = cover(shred.key, flag.sealed.header.envelope_id, key.kid, new)
        assert opens(odd.rows([Kind.FLAG])[0], instance.guardian("gwen").kem_seed)
        assert inbox(gwen) == alone
        assert untriaged(instance, "gwen") == before
        gwen.client.get(odd.path, 404)


class TestCounts:
    @pytest.fixture(autouse=True)
    def silent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without noise, so that a test can see what was counted."""
        monkeypatch.setattr(gate, "discrete_laplace", lambda _epsilon: 0)

    @pytest.fixture
    def spring(self, instance: Instance) -> Instance:
        launch(instance, dt.date(2026, 1, 1))
        on(instance, CUT_OFF)
        return instance

    def test_s7_her_number_of_unsorted_flags_is_what_it_would_be_without_the_thread(self, spring: Instance) -> None:
        store(spring, thread(spring, []))
        alone = untriaged(spring, "gwen", "2026-Q1")
        assert alone == 1
        store(spring, thread(spring, ["gwen"]))
        assert (untriaged(spring, "gwen", "2026-Q1"), untriaged(spring, "gita", "2026-Q1")) == (1, 2)

    @pytest.mark.parametrize("closers", [("gwen", "gita"), ("gita", "gwen")])
    def test_s7_a_close_counts_the_thread_once_whichever_part_is_hers(
        self, spring: Instance, closers: tuple[str, str]
    ) -> None:
        sat = sitting(spring, FEBRUARY, "N01")
        store(spring, thread(spring, ["gwen"], sat), thread(spring, [], sat), thread(spring, ["gwen"]))
        first, second = closers
        assert part(spring, first, "2026-Q1").waiting
        assert part(spring, second, "2026-Q1").frozen
        assert counted(spring, "2026-Q1") == {"N01": 2}

    def test_one_who_only_looked_has_sorted_nothing(self, spring: Instance) -> None:
        told = sitting(spring, FEBRUARY, "N01")
        looked = Sitting(told.sign_seed, dataclasses.replace(told.work, looked=True), told.day)
        store(spring, thread(spring, [], looked), thread(spring, ["gwen"], looked))
        assert (untriaged(spring, "gwen", "2026-Q1"), untriaged(spring, "gita", "2026-Q1")) == (1, 2)
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {}


class TestTheRule:
    def test_exclusions_are_never_lifted(self) -> None:
        told, since = b"a" * 16, b"b" * 16
        flag = {"exclusions": [to_text(told)]}
        signed = status({"exclusions": [to_text(since)]}, b"g")
        lifted = status({"exclusions": []}, b"g")
        assert exclusions_of(Thread(flag, (signed, lifted))) == {told, since}

    def test_only_a_guardian_of_the_manifest_excludes_and_a_broken_chain_lifts_nothing(self) -> None:
        stated = {"exclusions": [to_text(b"b" * 16)]}
        assert not exclusions_of(Thread({}, (status(stated, None, Standing.UNPROVEN),)))
        assert exclusions_of(Thread({}, (status(stated, b"g", Standing.BROKEN),)))

    @pytest.mark.parametrize("odd", [None, 7, "x", {}, [None], ["x"], [["x"]], ["A" * 21], ["A" * 23], [to_text(b"x")]])
    def test_what_is_no_id_is_passed_over(self, odd: object) -> None:
        assert exclusions_in({"exclusions": odd}) == frozenset()

    def test_nobody_can_fill_a_thread_with_exclusions(self) -> None:
        many = {"exclusions": [to_text(bytes([number]) * 16) for number in range(200)]}
        assert len(exclusions_in(many)) == MOST_IN_FLAG

    def test_a_stranger_has_no_key(self) -> None:
        assert excluded_kids({b"a" * 16, b"z" * 16}, {b"a" * 16: b"k" * 16}) == {b"k" * 16}


@dataclasses.dataclass(frozen=True)
class Thread:
    flag: Mapping[str, object]
    items: tuple[Opened, ...]


def status(payload: Mapping[str, object], signer: bytes | None, standing: Standing = Standing.PROVEN) -> Opened:
    header = Header(Kind.STATUS, bytes(16), bytes(16), bytes(16))
    return Opened(Sealed(header, b"", b"", {}), dict(payload), signer, standing)


def thread(instance: Instance, exclude: Sequence[str], *sittings: Sitting) -> Bundle:
    manifest, week = instance.charter.manifest, week_of(FEBRUARY)
    flag = {**FLAG, "exclusions": [to_text(instance.guardian(name).person_id) for name in exclude]}
    return seal_flag_bundle(
        instance.site_id,
        manifest.kem_publics,
        flag,
        week=week,
        purge_week=week + dt.timedelta(days=730),
        sittings=sittings,
        kids=manifest.kids,
    )


def untriaged(instance: Instance, name: str, period: str = "") -> int:
    found = instance.guardian(name)
    if period:
        return preview(instance.house, found.person_id, found.secret, period).untriaged
    signers = instance.charter.manifest.signers
    last = dt.date(2999, 1, 1)
    return count_untriaged(
        instance.stores, instance.site_id, found.kem_seed, signers, last, frozenset(), found.person_id
    )


def put_in(instance: Instance, told: Told) -> None:
    """A triage record from somebody with the database: the guardians' public keys are there."""
    header = Header(Kind.TRIAGE, instance.site_id, told.thread_id, new_id())
    payload = {"primary": "N01", "status": "concluded", "day": "2026-11-22", "turn": 0, "n": 0, "prev": None}
    assert deliver(instance.stores, [seal(header, payload, instance.charter.manifest.kem_publics)])
