"""Shows that a copy can be read and put back: into an empty place that is gone afterwards. Nothing is opened for it."""

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from concerns.areas.queries import organisation
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.queries import ledger_problems
from concerns.founding import rows, traces
from concerns.founding.copies.restoring import Restored, restore
from concerns.founding.copies.shape import CopyRefused, about, opened
from concerns.founding.upkeep import refuse_missing
from concerns.sealing.model import Envelope
from concerns.store.house import House
from concerns.store.session import Stores, open_stores

#: envelopes that are compared at once: one may hold half a megabyte
AT_ONCE = 100


def try_out(house: House, file: Path) -> Restored:
    """Put a copy of this instance back beside it, look it over, and remove it again. Raises CopyRefused.

    The keys go into memory alone, never to the disk: what is taken back tomorrow must not be found there. What is in the
    copy and in the instance has to be the same, byte by byte.
    """
    refuse_missing(house)
    _check_own(house, file)
    folder = traces.trial_of(house)
    traces.forget_trial(house)
    folder.mkdir(parents=True, mode=0o700)
    try:
        with closing(open_stores(f"sqlite:///{folder / 'main.db'}", "sqlite://")) as stores:
            done = restore(dataclasses.replace(house, stores=stores, directory=folder), file)
            for problem in _problems(house.stores, stores, folder):
                raise CopyRefused(f"{file} was read, and is not good: {problem}")
    finally:
        traces.forget_trial(house)
    traces.note(house, "tried")
    return done


def _check_own(house: House, file: Path) -> None:
    with house.stores.read_main() as main:
        site = organisation(main).site_id.hex()
    with opened(file) as copy:
        if about(copy).get("site") != site:
            raise CopyRefused(f"{file} is a copy of another instance.")


def _problems(here: Stores, trial: Stores, folder: Path) -> Iterator[str]:
    """What is wrong with what was put back, one sentence each."""
    if rows.differences(trial):
        yield "its tables are not those of this version."
    with trial.read_main() as main:
        yield from ledger_problems(main, Ledger(folder))
        asked = select(Envelope.id, Envelope.commit, Envelope.body).order_by(Envelope.id)
        restored = iter(main.execute(asked.execution_options(yield_per=AT_ONCE)))
        while some := {row.id: (row.commit, row.body) for row in islice(restored, AT_ONCE)}:
            with here.read_main() as own:
                found = own.execute(select(Envelope.id, Envelope.commit, Envelope.body).where(Envelope.id.in_(some)))
                if any(some[row.id] != (row.commit, row.body) for row in found):
                    yield "an envelope in it differs from the one that is stored."
