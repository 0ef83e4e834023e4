"""A6 and A8 on the real thing: sealed flags, two guardians' keys, the ledger's file, and a database's own backup."""

import datetime as dt
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url, select

from concerns.areas.queries import organisation
from concerns.disclosure import service
from concerns.disclosure.document import Stored
from concerns.disclosure.ledger import Ledger, LedgerRefused
from concerns.disclosure.model import Release
from concerns.disclosure.nodes import Node
from concerns.disclosure.sampler import discrete_laplace
from concerns.disclosure.turns import AlreadyFrozen, SameGuardian
from concerns.people.signing_in import Unlocked
from concerns.themes.queries import current_set
from concerns.triage.entering.importing import check_file, import_rows
from tests.attacks.games import HALF, Score, best_guess
from tests.attacks.naive import Cell, exact_report
from tests.cast import Instance
from tests.cluster import Databases
from tests.triage.closing_bench import close, launch, on, part

pytestmark = pytest.mark.attack

QUARTER, TOLD = "2026-Q1", dt.date(2026, 2, 10)
#: the areas and the places that they count in
AREAS = {
    "ward-1": "Ward 1",
    "ward-2": "Ward 2",
    "emergency-department": "Emergency department",
    "theatres": "Surgery: other areas",
    "estates": "Estates",
    "payroll": "Payroll",
}


@pytest.fixture
def spring(instance: Instance) -> Instance:
    """Launched at the start of the year, expecting so many flags that every area has its own nodes."""
    launch(instance, dt.date(2026, 1, 1))
    with instance.stores.write_main() as main:
        organisation(main).flags_per_year = 40_000
    on(instance, dt.date(2026, 3, 2))
    return instance


def told(instance: Instance, cells: list[Cell]) -> None:
    """Told on paper, typed into a spreadsheet, imported and sorted by Gita; then the quarter is over."""
    lines = [f"{TOLD},{area},{theme},,,Something worries me" for theme, area in cells]
    rows = check_file(instance.house, "\n".join(["collected_on,area,theme,worry,harm,text", *lines]).encode())
    gita = instance.guardian("gita")
    import_rows(instance.house, Unlocked(gita.person_id, gita.secret), rows, lambda _done: None)
    on(instance, dt.date(2026, 4, 22))


def frozen(instance: Instance) -> Stored:
    return Stored.read(frozen_bytes(instance))


def frozen_bytes(instance: Instance) -> bytes:
    with instance.stores.read_main() as main:
        return main.scalars(select(Release)).one().body


def test_a06_planted_flags_in_sealed_envelopes_tell_as_much_as_the_bound_allows(spring: Instance) -> None:
    """Otto knows what he planted in every cell; of a suspected flag there, by lot, he knows nothing."""
    with spring.stores.read_main() as main:
        themes = [theme.code for theme in current_set(main, spring.house.today())]
    rng = random.Random(26)
    planted = {(theme, area): rng.randrange(3) for theme in themes for area in AREAS}
    there = {cell: rng.random() < 0.5 for cell in planted}
    flags = [cell for cell, count in planted.items() for _ in range(count + there[cell])]
    exact = exact_report(flags, themes, AREAS)
    by_exact = Score.of(((exact.cells[cell] or 0) > planted[cell]) == there[cell] for cell in planted)
    assert by_exact.right == by_exact.played >= 60
    assert not by_exact.keeps(best_guess(HALF))

    told(spring, flags)
    close(spring, QUARTER)
    stored = frozen(spring)
    values = {cell: stored.values[Node(theme=cell[0], area=AREAS[cell[1]])] for cell in planted}
    score = Score.of((values[cell] > planted[cell]) == there[cell] for cell in planted)
    assert score.keeps(best_guess(HALF))
    assert score.reaches(best_guess(HALF))  # they were really counted: noise alone would guess like a coin


@pytest.fixture
def put_back(
    spring: Instance, postgres: Databases | None, tmp_path: Path
) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """The database's own way to back the main store up, and to put it back."""
    if spring.stores.main.dialect.name == "sqlite":
        path, kept = Path(str(spring.stores.main.url.database)), tmp_path / "backup.db"

        def restore() -> None:
            spring.stores.close()
            for beside in ("-wal", "-shm"):
                Path(f"{path}{beside}").unlink(missing_ok=True)
            shutil.copy(kept, path)

        yield lambda: copied(path, kept), restore
        return
    assert postgres is not None
    name = str(make_url(postgres.main).database)
    server = make_url(postgres.main).set(database="postgres").render_as_string(hide_password=False)

    def anew(made: str, template: str) -> None:
        spring.stores.close()
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(made)))
            made_of = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            admin.execute(made_of.format(sql.Identifier(made), sql.Identifier(template)))
            quick = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(made))
            admin.execute(quick)

    yield lambda: anew(f"{name}_backup", name), lambda: anew(name, f"{name}_backup")
    with psycopg.connect(server, autocommit=True) as admin:
        backup = sql.Identifier(f"{name}_backup")
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(backup))


def copied(path: Path, kept: Path) -> None:
    source, target = sqlite3.connect(path), sqlite3.connect(kept)
    with target:
        source.backup(target)
    source.close()
    target.close()


def test_a08_a_restored_database_draws_no_second_time(
    spring: Instance,
    put_back: tuple[Callable[[], None], Callable[[], None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A backup from before the close, put back between its parts and after it."""
    back_up, restore = put_back
    draws: Counter[str] = Counter()
    monkeypatch.setattr(service, "discrete_laplace", lambda one: draws.update(["drawn"]) or discrete_laplace(one))
    told(spring, [("N01", "ward-1")] * 5)
    back_up()
    assert part(spring, "gita", QUARTER).waiting
    restore()
    with pytest.raises(SameGuardian):
        part(spring, "gita", QUARTER)
    assert part(spring, "gwen", QUARTER).frozen
    body = frozen_bytes(spring)
    restore()
    for who in ("gita", "gwen"):
        with pytest.raises(AlreadyFrozen):
            part(spring, who, QUARTER)
    assert frozen_bytes(spring) == body  # the ledger's bytes, brought back
    # and whoever loses the ledger with it, or begins a new one, closes nothing
    ledger = Ledger(spring.directory).path
    whole = ledger.read_bytes()
    for instead in (b"", whole.splitlines(keepends=True)[0]):
        ledger.write_bytes(instead)
        with pytest.raises(LedgerRefused):
            part(spring, "gita", "2026-Q2")
    assert draws["drawn"] == len(Stored.read(body).table.nodes)
