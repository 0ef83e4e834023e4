"""S11 and S14 at this door: posts come from our own pages, and every flag is stored, none twice."""

import threading
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from concerns.flagging.admission import Budgets, Gate
from concerns.flagging.codes import make_codes
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival
from concerns.sealing.receipt import digits_of, new_entropy, read_receipt, words_of
from tests.cast import Instance
from tests.flagging.conftest import TEXT, Rosa, thread_of
from tests.police import SAME_ORIGIN

ENTROPIES = [new_entropy() for _ in range(60)]


def post_routes(app: Flask) -> list[str]:
    return [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]


class TestForeignPosts:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {},
        ],
        ids=str,
    )
    def test_s11_they_get_403_on_every_route(self, instance: Instance, headers: dict[str, str]) -> None:
        app = instance.report_app
        assert set(post_routes(app)) == {
            *("/tell", "/return", "/return/photo"),
            *("/device/tell", "/device/open", "/device/add", "/device/take-back"),
        }
        sent = {"text": TEXT, "step": "send", "receipt": digits_of(new_entropy())}
        for path in post_routes(app):
            for step in ("check", "send", "change", "add", "open"):
                response = app.test_client().post(path, data={**sent, "step": step}, headers=headers)
                assert response.status_code == 403
        with instance.stores.read_live() as live:
            assert live.scalars(select(Arrival)).all() == []

    @pytest.mark.parametrize("headers", [SAME_ORIGIN, {"Origin": "http://127.0.0.1:8000"}], ids=str)
    def test_our_own_pages_may_post(self, instance: Instance, headers: dict[str, str]) -> None:
        sent = {"text": TEXT, "step": "send", "receipt": digits_of(new_entropy())}
        # past the gate: it is the missing stamp that is said
        assert instance.report_app.test_client().post("/tell", data=sent, headers=headers).status_code == 429


def at_once(calls: Sequence[Callable[[], None]]) -> None:
    """Run these at the same moment, each on a thread of its own."""
    barrier = threading.Barrier(len(calls))
    faults: list[BaseException] = []

    def run(call: Callable[[], None]) -> None:
        barrier.wait()
        try:
            call()
        except BaseException as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


@pytest.fixture
def stamps(instance: Instance) -> dict[bytes, str]:
    """A stamp for each receipt, old enough."""
    gate = Gate(instance.house, Budgets())
    found = {entropy: gate.stamp() for entropy in ENTROPIES}
    instance.clock.pass_(seconds=61)
    return found


class TestAtOnce:
    stamps: dict[bytes, str]

    @pytest.fixture(autouse=True)
    def with_stamps(self, stamps: dict[bytes, str]) -> None:
        self.stamps = stamps

    def send(self, app: Flask, entropy: bytes, text: str) -> None:
        sent = {"text": text, "step": "send", "receipt": digits_of(entropy), "stamp": self.stamps[entropy]}
        response = app.test_client().post("/tell", data=sent, headers=SAME_ORIGIN)
        assert response.status_code == 200, response.text
        assert all(f"<li>{word}</li>" in response.text for word in words_of(entropy))

    def check(self, instance: Instance, told: dict[bytes, str]) -> None:
        with instance.stores.read_live() as live:
            rows = live.scalars(select(Arrival)).all()
        assert len(rows) == 2 * len(told)  # each with its contact
        assert len({row.thread_id for row in rows}) == len(told)
        for entropy, text in told.items():
            assert thread_of(instance, " ".join(words_of(entropy))).flag["text"] == text

    def test_s14_thirty_double_taps_store_thirty_flags(self, instance: Instance) -> None:
        app = instance.report_app
        told = {ENTROPIES[number]: f"Flag {number}" for number in range(30)}
        for entropy, text in told.items():
            at_once([lambda e=entropy, t=text: self.send(app, e, t)] * 2)  # type: ignore[misc]
        self.check(instance, told)

    def test_s14_thirty_pairs_of_different_flags_are_all_stored(self, instance: Instance) -> None:
        app = instance.report_app
        told = {ENTROPIES[number]: f"Flag {number}" for number in range(60)}
        pairs = list(told.items())
        for number in range(0, 60, 2):
            at_once([lambda e=e, t=t: self.send(app, e, t) for e, t in pairs[number : number + 2]])  # type: ignore[misc]
        self.check(instance, told)

    def test_s14_sixteen_at_once_are_all_stored(self, instance: Instance) -> None:
        app = instance.report_app
        told = {ENTROPIES[number]: f"Flag {number}" for number in range(16)}
        at_once([lambda e=e, t=t: self.send(app, e, t) for e, t in told.items()])  # type: ignore[misc]
        self.check(instance, told)

    def test_s14_a_detail_tapped_four_times_at_once_is_stored_once(self, rosa: Rosa, instance: Instance) -> None:
        words = rosa.tell()
        sent = {"text": "More", "step": "add", "receipt": digits_of(read_receipt(words)), "item": "abc"}

        def add() -> None:
            response = rosa.client.client.application.test_client().post("/return", data=sent, headers=SAME_ORIGIN)
            assert response.status_code == 200
            assert "What you added is sealed" in response.text

        at_once([add] * 4)
        assert [m.payload["text"] for m in thread_of(instance, words).items] == [TEXT, "More"]


class TestOnce:
    """S14: a stamp and a code work exactly once, also under twenty parallel posts."""

    def many(self, instance: Instance, **how: str) -> list[int]:
        app, statuses = instance.report_app, []

        def send(number: int) -> None:
            sent = {"text": f"Flag {number}", "step": "send", "receipt": digits_of(ENTROPIES[number]), **how}
            response = app.test_client().post("/tell", data=sent, headers=SAME_ORIGIN)
            statuses.append(response.status_code)
            # whoever came late has her text back
            if "Sent. These are your nine words" not in response.text:
                assert f"Flag {number}" in response.text

        at_once([lambda n=n: send(n) for n in range(20)])  # type: ignore[misc]
        return statuses

    def flags(self, instance: Instance) -> list[str | None]:
        with instance.stores.read_live() as live:
            return list(live.scalars(select(Arrival.tier).where(Arrival.kind == int(Kind.FLAG))))

    def test_s14_a_stamp_works_once(self, instance: Instance) -> None:
        stamp = Gate(instance.house, Budgets()).stamp()
        instance.clock.pass_(seconds=61)
        statuses = self.many(instance, stamp=stamp)
        assert sorted(statuses) == [200] + [429] * 19
        assert self.flags(instance) == ["open"]

    def test_s14_a_code_works_once(self, instance: Instance) -> None:
        (code,) = make_codes(instance.stores, 1)
        self.many(instance, code=code)
        assert self.flags(instance) == ["code"]
