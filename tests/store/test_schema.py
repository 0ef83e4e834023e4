"""Models equal migrations, and each revision goes up, down and up again with its rows."""

import importlib
import pkgutil

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import concerns
from concerns.store import schema
from concerns.store.session import PAGE_SIZE, Stores
from tests.cast import Instance

for module in pkgutil.walk_packages(concerns.__path__, "concerns."):
    if module.name.endswith(".model"):
        importlib.import_module(module.name)

UNORDERED = {
    *("thread", "envelope", "wrap", "arrival", "shred_key", "contact_key", "taken_back", "spent", "staff_code"),
    *("shelf", "thread_mark"),
    *("desk_session", "invitation", "code_tries", "asked", "notice", "brief"),
    *("text_draft", "released_text"),
    *("response", "action", "promise_change", "peer_note"),
    "annotation",
}


def test_models_equal_migrations(stores: Stores) -> None:
    assert schema.differences(stores) == []
    assert schema.is_current(stores)


@pytest.mark.parametrize("name", ["main", "live"])
def test_every_revision_goes_up_down_up(stores: Stores, name: str) -> None:
    engine = schema.engines(stores)[name]
    settings = schema.alembic_config(name, engine)
    tables = set(inspect(engine).get_table_names())
    for revision in ScriptDirectory.from_config(settings).walk_revisions():
        command.downgrade(settings, f"{revision.revision}-1" if revision.down_revision else "base")
        command.upgrade(settings, revision.revision)
    command.upgrade(settings, "head")
    assert set(inspect(engine).get_table_names()) == tables
    assert schema.differences(stores) == []


def test_the_rows_of_a_founded_instance_live_through_a_migration_run(instance: Instance) -> None:
    before = _counts(instance.stores.main)
    assert before["organisation"] == 1 and before["person"] == 5
    schema.migrate(instance.stores)
    assert _counts(instance.stores.main) == before


def test_checks_and_rowid_less_tables_are_in_the_sqlite_schema(stores: Stores) -> None:
    """Autogenerate compares neither CHECKs nor WITHOUT ROWID, so they are read from the schema itself."""
    if stores.main.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no rowid; its CHECKs are tested below")
    found: dict[str, str] = {}
    for engine in (stores.main, stores.live):
        with engine.connect() as connection:
            tables = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type='table'"))
            found |= {row[0]: row[1] for row in tables}
            assert connection.execute(text("PRAGMA page_size")).scalar() == PAGE_SIZE
            assert connection.execute(text("PRAGMA secure_delete")).scalar() == 1
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    assert {name for name, sql in found.items() if "WITHOUT ROWID" in sql} == UNORDERED
    assert "ck_thread_tier" in found["thread"]


def test_checks_hold_on_both_stores(stores: Stores) -> None:
    for engine, metadata in ((stores.main, schema.METADATA["main"]), (stores.live, schema.METADATA["live"])):
        for table in metadata.sorted_tables:
            declared = {check["name"] for check in inspect(engine).get_check_constraints(table.name)}
            assert declared == {
                constraint.name for constraint in table.constraints if type(constraint).__name__ == "CheckConstraint"
            }, table.name


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in schema.METADATA["main"].tables
        }
