"""Makes a demo beside its folder and moves it into place whole, so that one that was stopped leaves nothing behind."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".concerns-demo-"


class DemoRefused(Exception):
    """This folder cannot be made, or used, as the demo that is asked for; the text says why."""


@contextmanager
def beside(directory: Path) -> Iterator[Path]:
    """A new folder that nobody else has, moved to `directory` at the end of the block. Raises DemoRefused."""
    directory = directory.resolve()
    directory.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=directory.parent))
    try:
        yield made
        _move(made, directory)
    finally:
        shutil.rmtree(made, ignore_errors=True)  # where it was moved there is nothing any more


def _move(made: Path, directory: Path) -> None:
    try:
        made.rename(directory)  # takes the place of an empty folder, and of nothing else
    except OSError as error:
        if directory.exists():
            raise DemoRefused(f"{directory} was filled by another program meanwhile: start again to use it.") from error
        raise
