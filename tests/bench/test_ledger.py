"""A ledger that is ten years old: each of its lines holds the marks of all that was ever counted."""

from pathlib import Path

import pytest

from concerns.disclosure.counted import Counted
from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.history import History, entry_of
from concerns.disclosure.ledger import Ledger, Line, _written, follow
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.queries import Frozen, check_held
from concerns.sealing.box import seal_box
from concerns.sealing.keys import kem_public, new_seed
from concerns.sealing.text import canonical
from tests.bench.measure import calibration, say, spent
from tests.bench.test_scale import HALF, terms

pytestmark = pytest.mark.bench
YEARS, A_YEAR = 10, 3000


def old_ledger(directory: Path) -> list[Frozen]:
    """Ten years of 3,000 flags, closed by quarter and by year; the releases as the database would hold them."""
    guardians, held, counted = [kem_public(new_seed()) for _ in range(3)], terms(15, 12), Counted()
    last: Line = follow(None, {"ledger": "00" * 16, "site": "11" * 16})
    releases, written = [], [_written(last)]
    for n in range(YEARS * 4):
        year, quarter = 2026 + n // 4, n % 4 + 1
        for period in [Period(year, quarter), *([Period(year)] if quarter == 4 else [])]:
            first = n * A_YEAR // 4 if period.kind is Kind.QUARTER else (n - 3) * A_YEAR // 4
            for flag in range(first, (n + 1) * A_YEAR // 4):
                counted.add(period.kind, HALF, flag.to_bytes(16))
            box = seal_box(guardians, canonical(counted.as_json()), "closing a period")
            body = freeze(period, held, [20] * len(held.table.nodes))
            for outcome in ((held, box[:6000]), body):
                last = follow(last, entry_of(period, b"g" * 16 if outcome is not body else b"h" * 16, box, outcome))
                written.append(_written(last))
            releases.append(Frozen(Stored.read(body), last.number, last.head.hex(), body))
    (directory / "ledger.jsonl").write_bytes(b"".join(written))
    return releases


def test_a_ledger_of_ten_years(tmp_path: Path) -> None:
    calibration()
    releases, ledger = old_ledger(tmp_path), Ledger(tmp_path)
    print(f"\nA ledger of ten years of 3,000 flags: {ledger.path.stat().st_size / 1e6:.0f} MB")
    with spent() as page:
        check_held([*releases[-16:]], ledger)
    say("Holding the sixteen releases of a report page against it", page.seconds)
    with spent() as every:
        check_held(releases, ledger)
    say(f"Holding all {len(releases)} releases against it", every.seconds)
    with spent() as step, ledger.locked():
        found = History.read(ledger.lines())
        ledger.append(follow(None, {"step": "handed", "by": "11" * 16, "vectors": {}}).entry)
        History.read(ledger.lines())
    assert len(found.frozen) == len(releases)
    say("Reading all of it, and adding a line, as one step of a close does", step.seconds)
    assert page.seconds < 0.5 and every.seconds < 1 and step.seconds < 2
