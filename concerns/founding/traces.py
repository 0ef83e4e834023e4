"""What the instance's folder remembers of the care that is taken of it: the days of the last copy, of trials, of jobs.

Days alone, and nothing that comes from a flag. The files stand beside the stores, since no copy should hold them.
"""

import datetime as dt
import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from concerns.store.house import House

FILE_NAME = "care.json"
Deed = Literal["copied", "tried", "collected"]


def note(house: House, deed: Deed) -> None:
    """Note down that this was done today. Where the folder is full it is done all the same, and is asked for again."""
    with suppress(OSError):
        keep(house, deed, house.today().isoformat())


def last(house: House, deed: Deed) -> dt.date | None:
    """The day on which this was last done; None where nobody knows of one."""
    try:
        return dt.date.fromisoformat(str(kept(house).get(deed, "")))
    except ValueError:
        return None


def keep(house: House, name: str, value: Any) -> None:
    """Remember a value under a name; it must be what JSON can hold."""
    path = house.directory / "run" / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{FILE_NAME}.new")
    new.write_text(json.dumps(kept(house) | {name: value}))
    new.replace(path)


def kept(house: House) -> dict[str, Any]:
    """All that is remembered; nothing where the file is not there or is not ours."""
    try:
        found = json.loads((house.directory / "run" / FILE_NAME).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def trial_of(house: House) -> Path:
    """Where a copy is put back for a trial."""
    return house.directory / "run" / "trial"


def forget_trial(house: House, older_than: dt.timedelta | None = None) -> None:
    """Remove what a trial left; with an age, only what a kill left there, never one that is under way."""
    folder = trial_of(house)
    if not folder.exists():
        return
    age = house.clock().timestamp() - folder.stat().st_mtime
    if older_than is None or age >= older_than.total_seconds():
        shutil.rmtree(folder, ignore_errors=True)
