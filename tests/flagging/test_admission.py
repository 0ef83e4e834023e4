"""Who is let in: stamps, proofs of work, staff codes, and budgets that everybody shares; S14 for each of them."""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

import altcha.v2 as altcha
import pytest
from flask import Flask
from sqlalchemy import func, select

from concerns import create_report_app
from concerns.areas.queries import organisation
from concerns.flagging import work
from concerns.flagging.admission import Budgets, Gate
from concerns.flagging.codes import make_codes, shown
from concerns.flagging.model import DoorKey, Spent, StaffCode
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Thread
from concerns.sealing.receipt import derive, new_entropy, read_receipt
from concerns.sealing.text import to_text
from tests.cast import Instance
from tests.flagging.conftest import TEXT, Rosa, thread_of, words_on
from tests.flagging.devices import Device, solved
from tests.flagging.test_traces import everything_stored, found, runs
from tests.police import SAME_ORIGIN, Page, PoliceClient, filled_in

EVERYTHING = {
    "text": TEXT, "cause": "The rota.", "help": "A third nurse.", "kind": "risk", "area": "ward-1", "worry": "very",
    "consent": "ask", "why": "career", "danger": "no", "wish": "reach", "how": "Ring me at home.",
}  # fmt: skip


def stored(instance: Instance) -> int:
    with instance.stores.read_live() as live:
        return live.scalar(select(func.count()).where(Arrival.kind == int(Kind.FLAG))) or 0


def spent(instance: Instance) -> list[Spent]:
    with instance.stores.read_live() as live:
        return list(live.scalars(select(Spent)))


def hidden(page: Page) -> dict[str, Any]:
    return filled_in(page.form())


def door(instance: Instance, budgets: Budgets | None = None) -> Flask:
    """One more worker of the report door."""
    return instance._keep(create_report_app(instance.settings, instance.clock, budgets))


def rosa_at(instance: Instance, app: Flask) -> Rosa:
    return Rosa(PoliceClient(app.test_client(), traceless=True), instance)


@pytest.fixture
def device(instance: Instance) -> Device:
    return Device(instance.report_app, instance)


class TestStamps:
    @pytest.mark.parametrize("seconds", [0, 59])
    def test_younger_than_a_minute_everything_comes_back_and_a_minute_later_it_is_sent(
        self, rosa: Rosa, instance: Instance, seconds: int
    ) -> None:
        form = rosa.client.get("/tell")
        check = rosa.client.submit(form, EVERYTHING, button="Continue", status=200)
        instance.clock.pass_(seconds=seconds)
        page = rosa.send(check, status=429)
        assert "Wait a minute, then press Send again" in page.text
        assert hidden(page) == hidden(check)
        assert {name: hidden(page)[name] for name in EVERYTHING} == EVERYTHING
        assert stored(instance) == 0
        instance.clock.pass_(seconds=60 - seconds)
        words = words_on(rosa.send(page))
        assert read_receipt(words) == read_receipt(hidden(check)["receipt"])
        assert thread_of(instance, words).flag["help"] == "A third nurse."

    @pytest.mark.parametrize("hours", [24, 25, 24 * 365])
    def test_older_than_a_day_it_comes_back_with_a_new_one(self, rosa: Rosa, instance: Instance, hours: int) -> None:
        check = rosa.check()
        instance.clock.pass_(hours=hours)
        page = rosa.send(check, status=429)
        assert "This page was open for too long" in page.text
        kept = hidden(check) | {"stamp": hidden(page)["stamp"]}
        assert hidden(page) == kept
        assert kept["stamp"] != hidden(check)["stamp"]
        assert stored(instance) == 0
        rosa.send(page, status=429)
        rosa.wait()
        words_on(rosa.send(page))

    def odd(self, instance: Instance, good: str) -> dict[str, str]:
        other = Gate(instance.house, Budgets())
        other._key = secrets.token_bytes(32)
        return {
            "of another instance": other.stamp(),
            "forged": ("A" if good[0] != "A" else "B") + good[1:],
            "its end changed": good[:-1] + ("A" if good[-1] != "A" else "Q"),
            "cut": good[:-2],
            "longer": good + "AA",
            "missing": "",
            "no letters of ours": "é" * 39,
            "very long": "A" * 50_000,
            "no text": "\0\ud7ff",
            "zeros": to_text(bytes(29)),
        }

    def test_forged_foreign_and_garbled_ones_bring_everything_back(self, rosa: Rosa, instance: Instance) -> None:
        check = rosa.check()
        for what, stamp in self.odd(instance, hidden(check)["stamp"]).items():
            rosa.wait()
            page = rosa.client.post("/tell", {**hidden(check), "stamp": stamp, "step": "send"}, status=429)
            assert hidden(page) == {**hidden(check), "stamp": hidden(page)["stamp"]}, what
        assert stored(instance) == 0
        rosa.send(check)

    def test_s14_one_stamp_sends_one_concern_and_the_second_comes_back(self, rosa: Rosa, instance: Instance) -> None:
        check = rosa.check("First")
        other = {**hidden(rosa.check("Second")), "stamp": hidden(check)["stamp"], "step": "send"}
        rosa.send(check)
        page = rosa.client.post("/tell", other, status=429)
        assert hidden(page)["text"] == "Second"
        assert hidden(page)["receipt"] == other["receipt"]
        assert stored(instance) == 1
        rosa.wait()
        assert thread_of(instance, words_on(rosa.send(page))).flag["text"] == "Second"

    @pytest.mark.parametrize("later", [{"minutes": 1}, {"days": 2}])
    @pytest.mark.parametrize("collecting", [False, True])
    def test_s14_a_second_tap_shows_the_same_words_also_much_later(
        self, rosa: Rosa, instance: Instance, later: dict[str, float], collecting: bool
    ) -> None:
        check = rosa.check()
        first = rosa.send(check)
        if collecting:
            collect(instance.stores, instance.clock().date(), 12)
        assert rosa.send(check).html == first.html
        instance.clock.pass_(**later)
        assert words_on(rosa.send(check)) == words_on(first)
        collect(instance.stores, instance.clock().date(), 12)
        with instance.stores.read_main() as main:
            assert len(main.scalars(select(Thread)).all()) == 1

    def test_two_workers_know_each_others_stamps(self, instance: Instance) -> None:
        first, second = (rosa_at(instance, door(instance)) for _worker in range(2))
        check = first.check()
        assert "call bells" in first.open(words_on(second.send(check))).text
        assert first.client.post(
            "/tell", {**hidden(first.check("Other")), "stamp": hidden(check)["stamp"], "step": "send"}, status=429
        )
        with instance.stores.read_live() as live:
            assert len(live.scalars(select(DoorKey)).all()) == 1

    def test_a_key_that_was_not_stored_signs_nothing(self, instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
        """Or the stamps of this worker would be worth nothing at the others', and after its end."""
        gate, other = Gate(instance.house, Budgets()), Gate(instance.house, Budgets())

        def fail(self: object) -> None:
            raise RuntimeError

        with monkeypatch.context() as broken:
            broken.setattr("sqlalchemy.orm.Session.commit", fail)
            with pytest.raises(RuntimeError):
                gate.stamp()
        assert other._issued(gate.stamp()) is not None


class TestBudgets:
    def test_a_used_up_hour_still_takes_what_there_is_room_for(self, instance: Instance) -> None:
        rosa = rosa_at(instance, door(instance, Budgets(stamps_an_hour=1, flags_waiting=2)))
        checks = [rosa.check(f"Flag {number}") for number in range(3)]
        for check in checks[:2]:
            words_on(rosa.send(check))
        page = rosa.send(checks[2], status=429)
        assert "Press Send again at the next full hour" in page.text
        assert hidden(page) == hidden(checks[2])
        assert stored(instance) == 2
        # nothing was used up: the same page is sent in the next hour
        instance.clock.pass_(hours=1)
        assert thread_of(instance, words_on(rosa.send(page))).flag["text"] == "Flag 2"

    def test_what_was_collected_makes_room(self, instance: Instance) -> None:
        rosa = rosa_at(instance, door(instance, Budgets(stamps_an_hour=0, flags_waiting=0)))
        page = rosa.send(rosa.check(), status=429)
        assert stored(instance) == 0
        roomy = rosa_at(instance, door(instance, Budgets(stamps_an_hour=0, flags_waiting=1)))
        words_on(roomy.send(page))
        page = roomy.send(roomy.check(), status=429)
        collect(instance.stores, instance.clock().date(), 12)
        words_on(roomy.send(page))

    def test_a_device_is_told_when_there_is_no_room_and_its_work_stays_good(self, instance: Instance) -> None:
        device = Device(door(instance, Budgets(flags_waiting=1)), instance)
        device.tell()
        parcel, proof = device.seal(), device.work()
        assert device.deliver(parcel, proof, 429) == {"refused": "too-many", "until": "2026-11-22T11:00:00+00:00"}
        collect(instance.stores, instance.clock().date(), 12)
        assert device.deliver(parcel, proof) == {"stored": True}

    def test_what_is_added_has_budgets_too_and_the_text_comes_back(self, instance: Instance) -> None:
        app = door(instance, Budgets(details_waiting=1, files_waiting=0))
        rosa, device = rosa_at(instance, app), Device(app, instance)
        parcel = device.tell()
        thread = rosa.open(parcel.words)
        rosa.press(thread, "Send", text="First")
        page = rosa.press(thread, "Send", status=429, text="Second")
        assert filled_in(page.form())["text"].strip() == "Second"
        assert device.add(parcel, device.detail(parcel, "Third"), 429)["refused"] == "too-many"
        assert device.add(parcel, device.photo(parcel, b"x"), 429)["refused"] == "too-many"
        collect(instance.stores, instance.clock().date(), 12)
        assert "Second" in rosa.press(page, "Send").text

    def test_one_concern_cannot_grow_without_end(self, device: Device, instance: Instance) -> None:
        from concerns.flagging.admission import MOST_WAITING

        parcel = device.tell()
        detail = device.detail(parcel, "More")
        for _ in range(MOST_WAITING - 2):
            instance.clock.pass_(minutes=1)
            device.add(parcel, device._more(parcel, Kind.DETAIL, {"text": "More"}))
        instance.clock.pass_(minutes=1)
        assert device.add(parcel, detail, 429)["refused"] == "enough"
        other = device.tell()
        device.add(other, device.detail(other, "Another concern has room"))
        collect(instance.stores, instance.clock().date(), 12)
        device.add(parcel, detail)


class TestLookUps:
    def test_too_many_in_a_minute_keep_the_words(self, instance: Instance) -> None:
        app = door(instance, Budgets(looks_a_minute=2))
        rosa, device = rosa_at(instance, app), Device(app, instance)
        words = rosa.tell()
        thread = rosa.open(words)
        rosa.open("some words of mine")  # not on the list: counted too, or guessing would be free
        page = rosa.open(words, status=429)
        assert "Wait a minute and try the same words again" in page.text
        assert filled_in(page.form(button="Open"))["receipt"] == words
        added = rosa.press(thread, "Send", status=429, text="It happened again")
        assert filled_in(added.form())["text"].strip() == "It happened again"
        parcel = device.tell()
        instance.clock.pass_(seconds=30)
        # when the others looked is not told: a minute from now, whoever asks
        until = (instance.clock() + dt.timedelta(minutes=1)).isoformat()
        assert device.look(parcel, 429) == {"refused": "too-many", "until": until}
        instance.clock.pass_(seconds=31)
        assert rosa.open(words).h1 == "Your concern"
        assert "It happened again" in rosa.press(added, "Send").text


class TestCodesOnly:
    @pytest.fixture(autouse=True)
    def codes_only(self, instance: Instance) -> None:
        with instance.stores.write_main() as main:
            organisation(main).access = "codes"

    def filled(self, page: Page) -> dict[str, str]:
        kept = filled_in(page.form())
        kept = {name: value[0] if isinstance(value, list) else value for name, value in kept.items()}
        return {name: kept.get(name, "").strip().replace("\r\n", "\n") for name in EVERYTHING}

    def test_without_a_code_the_form_comes_back_from_check_and_from_send(self, rosa: Rosa, instance: Instance) -> None:
        page = rosa.client.submit(rosa.client.get("/tell"), EVERYTHING, button="Continue", status=200)
        assert page.errors == ["Enter your staff code. It stands on a slip from the box"]
        assert self.filled(page) == EVERYTHING
        (code,) = make_codes(instance.stores, 1)
        check = rosa.client.submit(page, {"code": shown(code)}, button="Continue", status=200)
        page = rosa.client.post("/tell", {**hidden(check), "code": "", "step": "send"})
        assert page.errors == ["Enter your staff code. It stands on a slip from the box"]
        assert stored(instance) == 0

    @pytest.mark.parametrize(
        ("typed", "error"),
        [
            ("7K3M", "A staff code has 16 letters and digits. Check it against the slip"),
            ("7K3M-9QRT-0V5X-B2HD", "We do not know this code, or it was used already. Take another slip from the box"),
        ],
    )
    def test_a_wrong_code_says_so_and_keeps_everything(
        self, rosa: Rosa, instance: Instance, typed: str, error: str
    ) -> None:
        page = rosa.client.submit(
            rosa.client.get("/tell"), {**EVERYTHING, "code": typed}, button="Continue", status=200
        )
        if not page.errors:
            page = rosa.send(page)
        assert page.errors == [error]
        assert self.filled(page) == EVERYTHING
        assert filled_in(page.form())["code"] == typed
        assert stored(instance) == 0
        (code,) = make_codes(instance.stores, 1)
        check = rosa.client.submit(page, {"code": code}, button="Continue", status=200)
        words_on(rosa.send(check))

    def test_a_code_needs_no_minute_and_no_work_and_is_the_tier(
        self, rosa: Rosa, device: Device, instance: Instance
    ) -> None:
        first, second = make_codes(instance.stores, 2)
        form = rosa.client.get("/tell")
        check = rosa.client.submit(form, {"text": TEXT, "code": shown(first)}, button="Continue", status=200)
        words = words_on(rosa.send(check))
        parcel = device.tell(code=second)
        with instance.stores.read_live() as live:
            assert live.scalars(select(Arrival.tier).where(Arrival.kind == int(Kind.FLAG))).all() == ["code"] * 2
            assert live.scalars(select(StaffCode)).all() == []
        assert spent(instance) == []
        collect(instance.stores, instance.clock().date(), 12)
        with instance.stores.read_main() as main:
            assert main.scalars(select(Thread.tier)).all() == ["code"] * 2
        for told in (words, parcel.words):
            assert rosa.open(told).h1 == "Your concern"

    def test_a_device_is_told_which_code_it_lacks(self, device: Device, instance: Instance) -> None:
        parcel = device.seal()
        assert device.deliver(parcel, status=403)["refused"] == "code-needed"
        for code in ("7K3M", "7K3M9QRT0V5XB2HD"):
            body = {**parcel.body(device.work()), "code": code}
            assert device.post("/device/tell", body, 403)["refused"] == "code"
        assert stored(instance) == 0

    def test_a_code_is_optional_elsewhere(self, rosa: Rosa, instance: Instance) -> None:
        with instance.stores.write_main() as main:
            organisation(main).access = "open"
        (code,) = make_codes(instance.stores, 1)
        check = rosa.client.submit(
            rosa.client.get("/tell"), {"text": TEXT, "code": code}, button="Continue", status=200
        )
        words_on(rosa.send(check))
        rosa.tell()
        with instance.stores.read_live() as live:
            tiers = live.scalars(select(Arrival.tier).where(Arrival.kind == int(Kind.FLAG))).all()
        assert sorted(map(str, tiers)) == ["code", "open"]


class TestWhatIsKept:
    def test_only_a_hash_and_a_coarse_end_and_both_are_deleted(
        self, rosa: Rosa, device: Device, instance: Instance
    ) -> None:
        instance.clock.now = dt.datetime(2026, 11, 22, 10, 17, 43, 210, dt.UTC)
        check = rosa.check()
        rosa.send(check)
        device.tell()
        rows = spent(instance)
        assert set(Spent.__table__.columns.keys()) == {"hash", "expires"}
        assert {len(row.hash) for row in rows} == {32}
        now = instance.clock()
        for row in rows:
            end = row.expires.replace(tzinfo=dt.UTC)
            assert (end.minute % 10, end.second in {0, 1}, end.microsecond) == (0, True, 0)
            assert dt.timedelta(minutes=10) <= end - now <= dt.timedelta(hours=26)
        instance.clock.pass_(hours=27)
        device.tell()
        hashes = {row.hash for row in rows}
        assert [row.hash in hashes for row in spent(instance)] == [False]

    def test_the_daily_collecting_forgets_what_is_over_also_where_nobody_sends(
        self, rosa: Rosa, instance: Instance
    ) -> None:
        rosa.tell()
        for hours, left in ((20, 1), (28, 0)):
            instance.clock.pass_(hours=hours)
            collect(instance.stores, instance.clock().date(), 12)
            assert len(spent(instance)) == left

    @pytest.mark.parametrize("minute", range(0, 60, 7))
    def test_s14_nothing_is_forgotten_before_it_is_over(self, device: Device, instance: Instance, minute: int) -> None:
        instance.clock.now = instance.clock.now.replace(minute=minute, second=59)
        proof = device.work()
        device.deliver(device.seal(), proof)
        instance.clock.pass_(minutes=9, seconds=59)
        device.tell()  # whoever sends sweeps
        assert device.deliver(device.seal(), proof, 403)["refused"] == "work"
        assert stored(instance) == 2

    def test_no_table_and_no_file_names_an_address_or_a_browser(
        self, instance: Instance, device: Device, capfd: pytest.CaptureFixture[str]
    ) -> None:
        address, browser = "203.0.113.77", "QuokkaBrowser/7.3 (Wombat)"
        environ = {
            "REMOTE_ADDR": address,
            "HTTP_X_FORWARDED_FOR": address,
            "HTTP_USER_AGENT": browser,
            "HTTP_FORWARDED": f"for={address}",
        }
        client = instance.report_app.test_client()
        client.environ_base.update(environ)
        rosa = Rosa(PoliceClient(client, traceless=True), instance)
        entropy = read_receipt(words := rosa.tell())
        rosa.add(rosa.open(words), "More")
        parcel = device.seal()
        body = parcel.body(device.work())
        assert client.post("/device/tell", json=body, headers=SAME_ORIGIN).status_code == 200
        rosa.client.post("/tell", {"text": TEXT, "step": "send"}, status=400)
        needles = {run for said in (address, browser) for run in runs(said.encode())} | {bytes([203, 0, 113, 77])}
        # the search sees what there is
        assert found(needles, [address.encode()])
        lookups = {derive(entropy, instance.site_id).lookup_hash, parcel.own.lookup_hash}
        for _when in range(2):
            assert found(lookups, everything_stored(instance)) == lookups
            # four bytes may come up by chance among millions of random ones: eight may not
            assert not {one for one in found(needles, everything_stored(instance)) if len(one) > 4}
            collect(instance.stores, instance.clock().date(), 12)
        assert capfd.readouterr() == ("", "")


def lowered(proof: dict[str, Any], **changed: object) -> dict[str, Any]:
    """A challenge made easier, and then honestly solved."""
    challenge = proof["challenge"]
    parameters = {**challenge["parameters"], **changed}
    made = altcha.Challenge.from_dict({**challenge, "parameters": parameters})
    return solved(made)


BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "none": lambda _proof: None,
    "a list": lambda proof: [proof],
    "empty": lambda _proof: {},
    "a wrong counter": lambda proof: {**proof, "counter": str(int(proof["counter"]) + 1)},
    "an endless counter": lambda proof: {**proof, "counter": "9" * 5000},
    "no number": lambda proof: {**proof, "counter": "seven"},
    "infinity": lambda proof: {**proof, "counter": float("inf")},
    "below zero": lambda proof: {**proof, "counter": -1},
    "beyond 32 bits": lambda proof: {**proof, "counter": 2**32 + int(proof["counter"])},
    "another key": lambda proof: {**proof, "key": "00" * 32},
    "no challenge": lambda proof: {name: value for name, value in proof.items() if name != "challenge"},
    "unsigned": lambda proof: {**proof, "challenge": {"parameters": proof["challenge"]["parameters"]}},
    "another signature": lambda proof: {**proof, "challenge": {**proof["challenge"], "signature": "0" * 64}},
    "its signature in capitals": lambda proof: {
        **proof,
        "challenge": {**proof["challenge"], "signature": proof["challenge"]["signature"].upper()},
    },
    "an easier start": lambda proof: lowered(proof, keyPrefix=""),
    "no algorithm": lambda proof: lowered(proof, algorithm="SHA-256"),
    "a cost of one": lambda proof: lowered(proof, cost=1, keyPrefix="0"),
    "a cost that keeps the server busy": lambda proof: {
        **proof,
        "challenge": {
            **proof["challenge"],
            "parameters": {**proof["challenge"]["parameters"], "cost": work.COST << 40},
        },
    },
    "a later end": lambda proof: lowered(proof, data={"until": 4_000_000_000}),
}


class TestWork:
    def test_s14_the_doors_own_challenge_is_good_once(self, device: Device, instance: Instance) -> None:
        _site, _readers, challenge = device.keys()
        parameters = challenge["parameters"]
        assert (parameters["algorithm"], parameters["cost"]) == ("PBKDF2/SHA-256", work.COST)
        proof = solved(altcha.Challenge.from_dict(challenge))
        assert device.deliver(device.seal(), proof) == {"stored": True}
        assert device.deliver(device.seal(), proof, 403) == {"refused": "work", "until": ""}
        assert stored(instance) == 1

    def test_s14_another_solution_of_a_used_challenge_is_used_too(self, device: Device) -> None:
        proof = device.work()
        challenge = altcha.Challenge.from_dict(proof["challenge"])
        other = altcha.solve_challenge(challenge, counter_start=int(proof["counter"]) + 1)
        assert other is not None
        device.deliver(device.seal(), proof)
        second = {**proof, "counter": str(other.counter), "key": other.derived_key}
        assert device.deliver(device.seal(), second, 403)["refused"] == "work"
        assert device.deliver(device.seal(), {**device.work()}) == {"stored": True}

    def test_whatever_is_wrong_with_it_is_refused(
        self, instance: Instance, device: Device, capfd: pytest.CaptureFixture[str]
    ) -> None:
        key, now = device.gate._door_key(), instance.clock()
        until = int((now + work.LIFE).timestamp())
        made = altcha.create_challenge(work.ALGORITHM, 3, key_prefix="0", data={"until": until}, hmac_secret=key)
        good = solved(made)
        assert work.verified(good, key, now)
        for what, broken in BROKEN.items():
            assert work.verified(broken(good), key, now) is None, what
        assert work.verified(good, secrets.token_bytes(32), now) is None
        for body in (BROKEN["a wrong counter"](good), BROKEN["a cost of one"](good)):
            assert device.deliver(device.seal(), body, 403)["refused"] == "work"
        assert stored(instance) == 0
        assert capfd.readouterr() == ("", "")

    def test_our_clock_says_when_it_is_over(self, device: Device, instance: Instance) -> None:
        """The clock of this test is years from the machine's, in one direction or the other."""
        for year in (2001, 2026, 2090):
            instance.clock.now = dt.datetime(year, 11, 22, 10, 0, tzinfo=dt.UTC)
            proofs = [device.work() for _ in range(2)]
            instance.clock.pass_(minutes=10)
            assert device.deliver(device.seal(), proofs[0]) == {"stored": True}
            instance.clock.pass_(seconds=1)
            assert device.deliver(device.seal(), proofs[1], 403)["refused"] == "work"

    def cost(self, device: Device) -> int:
        return int(device.keys()[2]["parameters"]["cost"])

    def test_each_doubling_of_the_flood_doubles_it_up_to_a_cap(self, instance: Instance) -> None:
        device = Device(door(instance, Budgets(works_a_slot=2)), instance)
        costs = {}
        for used in range(34):
            costs[used] = self.cost(device) // work.COST
            device.tell("x")
        assert {used: costs[used] for used in (0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33)} == {
            0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 7: 4, 8: 8, 15: 8, 16: 16, 31: 16, 32: 16, 33: 16,
        }  # fmt: skip
        instance.clock.pass_(minutes=10)
        assert self.cost(device) == work.COST

    def test_all_workers_count_together(self, instance: Instance) -> None:
        first, second = (Device(door(instance, Budgets(works_a_slot=1)), instance) for _worker in range(2))
        proof = first.work()
        assert second.deliver(second.seal(), proof) == {"stored": True}
        assert first.deliver(first.seal(), proof, 403)["refused"] == "work"
        assert self.cost(first) == self.cost(second) == 2 * work.COST

    def test_yesterdays_stamps_make_nobody_work_harder(self, rosa: Rosa, instance: Instance) -> None:
        """Both are remembered in one table, until the end of an hour or of ten minutes."""
        instance.clock.now = dt.datetime(2026, 11, 22, 10, 5, tzinfo=dt.UTC)
        rosa.tell()
        device = Device(door(instance, Budgets(works_a_slot=1)), instance)
        instance.clock.now = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
        for _ in range(12):
            assert self.cost(device) == work.COST
            instance.clock.pass_(minutes=10)

    def test_without_any_challenge_the_receipt_is_no_way_in(self, device: Device, instance: Instance) -> None:
        entropy = new_entropy()
        for proof in (None, {"challenge": None}, True):
            assert device.deliver(device.seal(entropy=entropy), proof, 403)["refused"] == "work"
        assert stored(instance) == 0
