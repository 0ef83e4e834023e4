"""The hourly round of duties inside `concerns run`: reading days, letters, the daily collect, and what has expired.

Letters come before the collect, so that the moment at which one goes out tells nothing of how much had arrived.
"""

import datetime as dt
import fcntl
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.founding import traces
from concerns.founding.launching import launch
from concerns.people import sessions
from concerns.people.duties import notices, reading_days
from concerns.people.service import forget_expired_links
from concerns.store.house import House
from concerns.triage.acting import briefs
from concerns.triage.reading import open_desk
from concerns.triage.service import collect_if_due

EVERY = dt.timedelta(hours=1)
#: how long a stop waits for a round that is under way; what it does is safe to break off
PATIENCE = 10.0
LOCK, REPORT = "rounds.lock", "rounds.json"


def _collect(house: House) -> bool:
    with suppress(NotOpenYet, CharterRefused):
        collect_if_due(house, open_desk(house))
    return True


def _forget_expired(house: House) -> bool:
    with house.stores.write_live() as live:
        sessions.sweep(live, house.clock())
        forget_expired_links(live, house.clock())
    briefs.forget_expired(house.stores, house.today())
    traces.forget_trial(house, EVERY)
    return True


def _go_on_launching(house: House) -> bool:
    launch.go_on(house)
    return True


def _begin_day(house: House) -> bool:
    reading_days.begin(house)
    return True


#: name of a duty -> what does it, and says whether it worked
DUTIES: Mapping[str, Callable[[House], bool]] = {
    "launch": _go_on_launching,
    "reading days": _begin_day,
    "letters": notices.send_due,
    "collect": _collect,
    "what has expired": _forget_expired,
}


def go_round(house: House) -> list[str] | None:
    """Do every duty that is due; returns the names of those that failed. None where another process is at it.

    A failing duty stops no other one, and is tried again an hour later.
    """
    with _alone(house) as alone:
        if not alone:
            return None
        failed = [name for name, duty in DUTIES.items() if not _works(duty, house)]
        _report(house, failed)
    return failed


def last_round(house: House) -> tuple[dt.date, list[str]] | None:
    """The day of the last round and the duties that failed in it; None where there was none."""
    try:
        said = json.loads((house.directory / "run" / REPORT).read_text())
        return dt.date.fromisoformat(said["day"]), [str(name) for name in said["failed"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Rounds:
    """A thread that goes round at each full hour, so that nothing but the clock decides when a letter goes out."""

    def __init__(self, house: House, every: dt.timedelta = EVERY) -> None:
        self._house, self._every = house, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go, name="rounds", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits a little for a round that is under way."""
        self._stop.set()
        self._thread.join(PATIENCE)

    def _go(self) -> None:
        while not self._stop.wait(self._until_next()):
            with suppress(Exception):  # the folder is full or gone: the next round may work
                go_round(self._house)
            self._house.stores.close()  # no connection is held open for an hour

    def _until_next(self) -> float:
        """Seconds to the next full hour."""
        every = self._every.total_seconds()
        return every - self._house.clock().timestamp() % every


def _works(duty: Callable[[House], bool], house: House) -> bool:
    try:
        return duty(house)
    except Exception:  # noqa: BLE001 - its text may hold an address: `concerns verify` says which duty it was
        return False


def _report(house: House, failed: list[str]) -> None:
    new = house.directory / "run" / f"{REPORT}.new"
    new.write_text(json.dumps({"day": house.today().isoformat(), "failed": failed}))
    new.replace(house.directory / "run" / REPORT)


@contextmanager
def _alone(house: House) -> Iterator[bool]:
    folder = house.directory / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
