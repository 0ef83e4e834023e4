"""Brings both stores to the newest revision, and says whether they are there."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData

from concerns.store.base import LiveBase, MainBase
from concerns.store.session import Stores

METADATA: dict[str, MetaData] = {"main": MainBase.metadata, "live": LiveBase.metadata}


class StoresNewer(Exception):
    """A store is at a revision that this program does not know; the text says what to do."""

    def __init__(self) -> None:
        super().__init__("The stores were made by a newer version of this program: update this program first.")


def migrations_folder() -> Path:
    """Inside the package where it is installed, beside it in a working copy."""
    package = Path(__file__).parent.parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def alembic_config(name: str, engine: Engine) -> Config:
    """Alembic's configuration for one store; it talks to the engine it is given and reads no file."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder() / name))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    config.attributes["metadata"] = METADATA[name]
    return config


def engines(stores: Stores) -> dict[str, Engine]:
    return {"main": stores.main, "live": stores.live}


def migrate(stores: Stores, revision: str = "head") -> None:
    """Upgrade both stores. Do this before workers are forked. Raises StoresNewer, and then neither was changed."""
    refuse_newer(stores)
    for name, engine in engines(stores).items():
        command.upgrade(alembic_config(name, engine), revision)


def is_current(stores: Stores) -> bool:
    """Whether both stores are at the newest revision. Raises StoresNewer where one is at a revision beyond it."""
    refuse_newer(stores)
    return all(
        _revisions(engine) == {_script(name, engine).get_current_head()} for name, engine in engines(stores).items()
    )


def refuse_newer(stores: Stores) -> None:
    """Raise StoresNewer where a store is at a revision that stands in no file of this program's migrations."""
    for name, engine in engines(stores).items():
        if _revisions(engine) - {one.revision for one in _script(name, engine).walk_revisions()}:
            raise StoresNewer


def _script(name: str, engine: Engine) -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(name, engine))


def _revisions(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def differences(stores: Stores) -> list[object]:
    """What autogenerate would still change: nothing, where models equal migrations."""
    found: list[object] = []
    for name, engine in engines(stores).items():
        with engine.connect() as connection:
            found += compare_metadata(MigrationContext.configure(connection), METADATA[name])
    return found
