import datetime as dt
from typing import Any

import pytest

from concerns.sealing import envelope
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.keys import kid_of, new_seed
from concerns.sealing.threads import Bundle, deliver
from concerns.store.base import new_id
from concerns.triage.closing.service import preview
from tests.cast import Instance
from tests.triage.closing_bench import blind, bundle, close, counted, on, part, sitting, store

FEBRUARY = dt.date(2026, 2, 10)
CUT_OFF = dt.date(2026, 4, 21)
GOOD: dict[str, Any] = {"primary": "N01", "area": "ward-1", "day": "2026-02-11", "turn": 1, "n": 0}
ODD: tuple[Any, ...] = (
    [],
    ["N01"],
    [[["N01"], {}]],
    {},
    {"day": {"day": "2026-02-11"}},
    10**4000,
    -(10**4000),
    True,
    1.5,
    20260211,
    1e308,
    "",
    "\x00",
    "9999-12-31",
    "0000-00-00",
    "2026-02-30",
    None,
)


pytestmark = pytest.mark.usefixtures("silent")


def write(instance: Instance, thread: Bundle, payload: dict[str, Any], seed: bytes | None = None) -> None:
    """Another triage record in a stored thread, not collected yet; by Gita where nobody else is named."""
    header = Header(Kind.TRIAGE, instance.site_id, thread.thread_id, new_id())
    publics = instance.charter.manifest.kem_publics
    assert deliver(instance.stores, [seal(header, payload, publics, seed or instance.guardian().sign_seed)])


def unsorted(instance: Instance, count: int) -> list[Bundle]:
    bundles = [bundle(instance, FEBRUARY) for _ in range(count)]
    store(instance, *bundles)
    return bundles


def waiting(instance: Instance, name: str = "gita") -> int:
    guardian = instance.guardian(name)
    return preview(instance.house, guardian.person_id, guardian.secret, "2026-Q1").untriaged


class TestTheCutOffDay:
    def test_d2_the_hour_of_the_close_changes_nothing(self, spring: Instance) -> None:
        in_time, on_the_day = unsorted(spring, 2)
        write(spring, in_time, {**GOOD, "day": "2026-04-20"})
        assert part(spring, "gita", "2026-Q1").waiting
        write(spring, on_the_day, {**GOOD, "day": "2026-04-21"})
        assert part(spring, "gwen", "2026-Q1").frozen
        on(spring, dt.date(2026, 7, 21))
        close(spring, "2026-Q2")
        assert (counted(spring, "2026-Q1"), counted(spring, "2026-Q2")) == ({"N01": 1}, {"N01": 1})

    def test_d2_pressed_in_the_evening_it_counts_the_same(self, spring: Instance) -> None:
        in_time, on_the_day = unsorted(spring, 2)
        write(spring, in_time, {**GOOD, "day": "2026-04-20"})
        write(spring, on_the_day, {**GOOD, "day": "2026-04-21"})
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {"N01": 1}

    def test_before_launch_the_first_part_is_the_limit(self, instance: Instance) -> None:
        today = instance.clock().date()
        readable, late = (bundle(instance, FEBRUARY, *some) for some in ([sitting(instance, today)], []))
        gita = kid_of(instance.guardian("gita").key.kem)
        hidden, hidden_late = (
            blind(bundle(instance, FEBRUARY, *some), gita) for some in ([sitting(instance, today)], [])
        )
        store(instance, readable, late, hidden, hidden_late)
        assert part(instance, "gita", "2026-Q1").waiting
        for thread in (late, hidden_late):
            write(instance, thread, {**GOOD, "day": today.isoformat()}, instance.guardian("gwen").sign_seed)
        assert part(instance, "gwen", "2026-Q1").frozen
        assert counted(instance, "2026-Q1") == {"N01": 2}


class TestWhatIsNoRecord:
    @pytest.mark.parametrize("field", list(GOOD))
    def test_any_json_in_a_field_stops_no_close(self, spring: Instance, field: str) -> None:
        threads = unsorted(spring, len(ODD))
        for thread, odd in zip(threads, ODD, strict=True):
            write(spring, thread, {**GOOD, field: odd})
            if field in ("turn", "n"):
                write(spring, thread, {**GOOD, "primary": "N02"})
        assert waiting(spring) == (len(ODD) if field == "day" else 0)  # one of them is too far ahead to be a day
        close(spring, "2026-Q1")
        expected = {"primary": {"other": len(ODD)}, "day": {}}.get(field)
        found = counted(spring, "2026-Q1")
        assert found == expected if expected is not None else sum(found.values()) == len(ODD)

    @pytest.mark.parametrize(
        "raw",
        [
            b'{"day":' + b"[" * 7000 + b"]" * 7000 + b"}",
            b'{"day":NaN,"n":1e999}',
            b'{"day":"2026-02-11","primary":"\\ud800"}',
            b'{"n":' + b"9" * 5000 + b"}",
            b"[]",
        ],
        ids=["nested", "no-number", "half-a-character", "long-number", "list"],
    )
    def test_what_is_hardly_json_stops_no_close(
        self, spring: Instance, raw: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        odd, good = unsorted(spring, 2)
        with monkeypatch.context() as patched:
            patched.setattr(envelope, "canonical", lambda _value: raw)
            write(spring, odd, {})
        write(spring, good, GOOD)
        assert waiting(spring) == 1
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {"N01": 1}

    def test_a_row_that_does_not_open_or_that_no_guardian_signed_sorts_nothing(self, spring: Instance) -> None:
        garbled, forged, good = unsorted(spring, 3)
        header = Header(Kind.TRIAGE, spring.site_id, garbled.thread_id, new_id())
        wraps = {guardian.kid: bytes(1168) for guardian in spring.charter.manifest.guardians}
        assert deliver(spring.stores, [Sealed(header, bytes(32), bytes(4112), wraps)])
        write(spring, forged, GOOD, new_seed())
        write(spring, good, GOOD)
        assert waiting(spring) == 2
        assert waiting(spring, "gwen") == 2
        close(spring, "2026-Q1")
        assert counted(spring, "2026-Q1") == {"N01": 1}
