import datetime as dt
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from concerns.disclosure import following, ledger, service
from concerns.disclosure.following import bring_back, follow, found_ledger, missing_releases, read_history
from concerns.disclosure.history import History
from concerns.disclosure.ledger import LedgerRefused
from concerns.disclosure.model import LedgerMark, Release
from concerns.disclosure.periods import Period
from concerns.disclosure.turns import AlreadyFrozen
from concerns.store.session import Stores, open_stores
from tests.disclosure import checks
from tests.disclosure.gate import Q1, SITE, Gate, flag

Q2 = Period(2026, 2)
#: killed here or one thing later, the first part has all of its line on the disk but the end
ENDLESS = 3


def test_a_new_instance_has_a_ledger_of_one_line(gate: Gate) -> None:
    with gate.stores.write_main() as main:
        assert read_history(main, gate.ledger, SITE) is not None
        found_ledger(main, gate.ledger, SITE)
    assert len(gate.ledger.lines()) == 1


def test_d3_an_empty_ledger_is_refused(gate: Gate) -> None:
    gate.close(Q1)
    gate.ledger.path.unlink()
    with pytest.raises(LedgerRefused, match="missing or empty"):
        gate.part(Q2, "gita")


def test_d3_a_shorter_ledger_is_refused(gate: Gate) -> None:
    gate.close(Q1)
    lines = gate.ledger.path.read_bytes().splitlines(keepends=True)
    gate.ledger.path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(LedgerRefused, match="has 2 lines; the database knows 3"):
        gate.part(Q1, "gwen")


def test_d3_one_draw_is_all_there_ever_is(gate: Gate) -> None:
    checks.d3_one_draw_is_all_there_ever_is(gate)


def test_d3_nothing_is_released_before_its_line_is_on_the_disk(gate: Gate) -> None:
    checks.d3_nothing_is_released_before_its_line_is_on_the_disk(gate)


def test_d3_every_tampering_is_named(gate: Gate) -> None:
    checks.d3_every_tampering_is_named(gate)


def test_d3_a_draw_that_lacks_the_end_of_its_line_is_the_draw(gate: Gate) -> None:
    checks.d3_a_draw_that_lacks_the_end_of_its_line_is_the_draw(gate)


def test_d3_a_cut_ledger_is_refused(gate: Gate) -> None:
    checks.d3_a_cut_ledger_is_refused(gate)


def test_d3_another_ledger_is_refused(gate: Gate, tmp_path: Path) -> None:
    gate.close(Q1)
    ours = gate.ledger.path.read_bytes()
    gate.ledger.path.unlink()
    gate.ledger.append({"ledger": "00" * 16, "site": SITE.hex()})
    with pytest.raises(LedgerRefused, match="another instance"):
        gate.part(Q1, "gita")
    gate.ledger.path.write_bytes(ours)
    with pytest.raises(AlreadyFrozen):
        gate.part(Q1, "gita")


def test_d3_a_rewritten_ledger_is_refused(gate: Gate) -> None:
    gate.part(Q1, "gita")
    first, second = gate.ledger.lines()
    gate.ledger.path.unlink()
    gate.ledger.append(first.entry)
    gate.ledger.append({**second.entry, "vector": "{}"})
    with pytest.raises(LedgerRefused, match="rewritten"):
        gate.part(Q1, "gwen")


def test_d3_a_ledger_of_another_site_is_never_adopted(gate: Gate) -> None:
    gate.ledger.path.unlink()
    gate.ledger.append({"ledger": "00" * 16, "site": "11" * 16})
    with pytest.raises(LedgerRefused, match="another instance"):
        gate.part(Q1, "gita")


def test_d3_a_database_that_lost_its_releases_gets_the_same_bytes_back(gate: Gate) -> None:
    gate.flags = [flag()]
    first = gate.close(Q1)
    with gate.stores.write_main() as main:
        main.execute(delete(Release))
    with pytest.raises(AlreadyFrozen):
        gate.part(Q1, "gita")
    assert gate.stored(Q1) == first


def test_d3_a_cut_ledger_is_not_followed_by_a_database_that_forgot_how_long_it_was(gate: Gate) -> None:
    gate.close(Q1)
    lines = gate.ledger.path.read_bytes().splitlines(keepends=True)
    gate.ledger.path.write_bytes(b"".join(lines[:-1]))
    with gate.stores.write_main() as main:
        main.execute(delete(Release))
        main.execute(delete(LedgerMark))
    with pytest.raises(LedgerRefused, match="no longer says"):
        gate.part(Q1, "gwen")


@pytest.mark.parametrize("change", [{"period": "2024-Q1"}, {"frozen_on": dt.date(2020, 1, 1)}, {"kind": "year"}])
def test_d3_a_release_row_under_another_name_is_noticed(gate: Gate, change: dict[str, Any]) -> None:
    gate.close(Q1)
    with gate.stores.write_main() as main:
        main.execute(update(Release).values(**change))
    with pytest.raises(LedgerRefused, match="not the one in the ledger"):
        gate.part(Q2, "gita")


def test_d3_an_older_database_draws_no_second_time(gate: Gate) -> None:
    gate.part(Q1, "gita")
    with gate.stores.write_main() as main:
        mark = main.get(LedgerMark, 1)
        assert mark is not None
        mark.lines, mark.head = 1, gate.ledger.lines()[0].head
    gate.part(Q1, "gwen")
    assert [line.entry.get("step") for line in gate.ledger.lines()] == [None, "begun", "frozen"]


def test_d3_a_changed_release_row_is_noticed(gate: Gate) -> None:
    checks.d3_a_changed_release_row_is_noticed(gate)


def test_lines_that_do_not_follow_are_refused(gate: Gate) -> None:
    gate.part(Q1, "gita")
    entry = dict(gate.ledger.lines()[-1].entry)
    gate.ledger.append({**entry, "by": "22" * 16})
    with pytest.raises(LedgerRefused, match="does not follow"):
        gate.part(Q1, "gwen")


def test_lines_of_another_program_are_refused(gate: Gate) -> None:
    gate.part(Q1, "gita")
    gate.ledger.append({"step": "dance"})
    with pytest.raises(LedgerRefused, match="did not write"):
        gate.part(Q1, "gwen")


def test_a_close_between_two_readings_is_no_broken_ledger(gate: Gate) -> None:
    class Overtaken(ledger.Ledger):
        """Somebody closes at the very moment after its file was read."""

        def lines(self) -> tuple[ledger.Line, ...]:
            found = super().lines()
            gate.part(Q1, "gwen")
            return found

    gate.part(Q1, "gita")
    with gate.stores.read_main() as main:
        history = read_history(main, Overtaken(gate.directory), SITE)
    assert history is not None
    assert Q1 not in history.frozen
    with gate.stores.read_main() as main:
        assert read_history(main, gate.ledger, SITE) == gate.history()


def test_a_deleted_row_is_missed_and_brought_back(gate: Gate) -> None:
    first = gate.close(Q1)
    with gate.stores.write_main() as main:
        main.execute(delete(Release))
    with gate.stores.read_main() as main:
        assert missing_releases(main, gate_history(main, gate)) == [Q1]
    bring_back(gate.stores, gate.ledger, SITE)
    assert gate.stored(Q1) == first
    with gate.stores.read_main() as main:
        assert missing_releases(main, gate_history(main, gate)) == []


def gate_history(main: Session, gate: Gate) -> History:
    history = read_history(main, gate.ledger, SITE)
    assert history is not None
    return history


class TestKilled:
    """A process that is killed at the n-th thing it does to disk or database, on a real SIGKILL."""

    points = range(10)

    @pytest.fixture
    def sqlite(self, tmp_path: Path, empty_sqlite: Path) -> Callable[[], Stores]:
        for name in ("main.db", "live.db"):
            (tmp_path / name).write_bytes((empty_sqlite / name).read_bytes())
        return lambda: open_stores(f"sqlite:///{tmp_path}/main.db", f"sqlite:///{tmp_path}/live.db")

    @pytest.mark.parametrize("point", points)
    def test_d3_a_kill_at_any_point_leaves_no_draw_or_one(
        self, sqlite: Callable[[], Stores], tmp_path: Path, point: int
    ) -> None:
        with_one_flag = [flag()]
        Gate(sqlite(), tmp_path).stores.close()
        died = dies(lambda: Gate(sqlite(), tmp_path, flags=with_one_flag).part(Q1, "gita"), point)
        # what a copy of the file made now gives away, its line's end or not: a draw, and no other may be made
        kept = [line for line in ledger.parse((tmp_path / ledger.FILE_NAME).read_bytes()) if "vector" in line.entry]
        left = [line for line in ledger.Ledger(tmp_path).lines() if line.entry.get("step") == "begun"]
        assert left == kept
        gate = Gate(sqlite(), tmp_path, flags=with_one_flag)
        if not left:
            gate.part(Q1, "gita")
        died |= dies(lambda: Gate(sqlite(), tmp_path, flags=with_one_flag).part(Q1, "gwen"), point)
        assert died == (point < 9)
        if Q1 not in gate.history().frozen:
            gate.part(Q1, "gwen")
        begun = [line for line in gate.ledger.lines() if line.entry.get("step") == "begun"]
        assert len(begun) == 1
        assert not left or begun == left
        assert point not in (ENDLESS, ENDLESS + 1) or left  # the sealed draw was on the disk without the line's end
        drawn = gate.closer("gwen").unseal(str(begun[0].entry["vector"]).encode())
        assert list(gate.stored(Q1).values.values()) == json.loads(drawn)["measured"]
        gate.stores.close()


def dies(work: Callable[[], object], point: int) -> bool:
    """Run in a child that kills itself at its n-th write, sync or commit; whether it came to that."""
    child = os.fork()
    if child == 0:
        try:
            _arm(point)
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _arm(point: int) -> None:
    done = iter(range(1000))

    def deadly(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def one(*args: Any, **options: Any) -> Any:
            if next(done) == point:
                if name == "write":
                    real(args[0], args[1][: len(args[1]) // 2])  # half of it reached the disk
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **options)

        return one

    for name in ("write", "fsync"):
        setattr(os, name, deadly(name, getattr(os, name)))
    service.follow = deadly("follow", follow)  # type: ignore[attr-defined]
    following._compare = deadly("compare", following._compare)
