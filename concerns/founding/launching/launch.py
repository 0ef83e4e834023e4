"""The launch: everything that came of the pilot is destroyed, and the service begins anew under another site.

Each step may be done again: a launch that was killed goes on where it was.
"""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, MetaData, delete, func, select, text, update
from sqlalchemy.orm import Session

from concerns.areas.model import Organisation
from concerns.areas.service import held
from concerns.audit.model import AuditRow
from concerns.audit.service import note, note_within
from concerns.charter import pins
from concerns.disclosure import following
from concerns.disclosure.history import History
from concerns.disclosure.ledger import Ledger, LedgerRefused, Line
from concerns.disclosure.model import LedgerMark, Release
from concerns.founding import rows
from concerns.founding.launching.ready import NotNow, draft, refuse_blocked
from concerns.founding.launching.rules import DESTROYED, DESTROYED_LIVE
from concerns.founding.service import standing_answers
from concerns.learning.model import ReleasedText
from concerns.people import guardianship
from concerns.people.model import Person
from concerns.sealing.collecting import rewrite
from concerns.sealing.model import Thread
from concerns.sealing.rewriting import LIVE_SIDE, MAIN_SIDE, one_at_a_time
from concerns.store.base import LiveBase, MainBase, new_id
from concerns.store.house import House
from concerns.themes.packs import load_pack
from concerns.themes.queries import current_set

#: the pilot's ledger, kept aside: it belongs to no database any more
LEDGER_ASIDE = "ledger.pilot"
#: the order in which everybody takes the tables of the reporter's side, or two would wait for each other
TURN = (*MAIN_SIDE, *LIVE_SIDE)
PINNED = (pins.PIN, pins.NEWEST, pins.NEWEST_POLICY, pins.SHUT)


@dataclass(frozen=True)
class Losses:
    """What a launch destroys, and who has to sign again."""

    threads: int
    releases: int
    texts: int
    signers: tuple[str, ...]


def losses(house: House) -> Losses:
    with house.stores.read_main() as main:
        threads, releases, texts = (
            main.scalar(select(func.count()).select_from(table)) or 0 for table in (Thread, Release, ReleasedText)
        )
        signers = tuple(person.name for person in guardianship.guardians_in(main))
    return Losses(threads, releases, texts, signers)


def begin(house: House, person_id: bytes) -> None:
    """The admin launches: from this moment the pilot is over, whatever happens. Raises NotNow."""
    with house.stores.read_main() as main:
        _check(main, main.get_one(Organisation, 1))
    note(house, person_id, "launching")
    with house.stores.write_main() as main:
        organisation = held(main)
        _check(main, organisation)
        organisation.stage = "launching"
        main.flush()  # where the store takes no more, that is said before the pilot is shut
        # before the stage stands: once it does, nobody can tell anything, whenever this process is killed
        _shut(house)
    go_on(house)


def go_on(house: House) -> bool:
    """Finish a launch that has begun; False where none has. Raises StoreBusy where somebody uses a store all the time."""
    if not _under_way(house):
        return False
    with one_at_a_time(house.stores):
        if _under_way(house):  # another process may have finished it meanwhile
            for step in STEPS:
                step(house)
    return True


def _check(main: Session, organisation: Organisation) -> None:
    if organisation.stage != "pilot":
        raise NotNow("Only a pilot can be launched")
    refuse_blocked(main)  # what stood when the pilot began may have been lost since


def _under_way(house: House) -> bool:
    with house.stores.read_main() as main:
        return main.scalar(select(Organisation.stage)) == "launching"


def _shut(house: House) -> None:
    """Without the pin nothing can be sealed, at either door, by any process."""
    for name in PINNED:
        (house.directory / name).unlink(missing_ok=True)


def _destroy_keys(house: House) -> None:
    """The live store first: without the keys there, no copy of the main one can be opened."""
    with house.stores.write_live() as live:
        _empty(live, LiveBase.metadata, DESTROYED_LIVE)


def _destroy(house: House) -> None:
    """Everything else, and another site: what was sealed for the old one is refused from now on, and found by no receipt."""
    today = house.today()
    with house.stores.write_main() as main:
        organisation = held(main)
        began, done = _newest(main, "launching"), _newest(main, "launched")
        if done is not None and (began is None or done.n > began.n):
            return
        # still under the old site, which this entry names: the log's chain goes on from here
        note_within(main, today, began.person_id if began else bytes(16), "launched", bytes(organisation.site_id).hex())
        _empty(main, MainBase.metadata, DESTROYED)
        _forget(main)
        standing_answers(main, load_pack(organisation.sector), current_set(main, today), today)
        organisation.site_id = new_id()


def _forget(main: Session) -> None:
    """What guardians noted of the old site's charter would refuse the new one."""
    main.execute(update(Person).values(seen_manifest=None, carried=None, recovered=False))


def _newest(main: Session, verb: str) -> AuditRow | None:
    return main.scalars(select(AuditRow).where(AuditRow.verb == verb).order_by(AuditRow.n.desc()).limit(1)).first()


def _begin_ledger(house: House) -> None:
    with house.stores.read_main() as main:
        site_id, mark = bytes(main.scalars(select(Organisation.site_id)).one()), main.get(LedgerMark, 1)
    ledger = Ledger(house.directory)
    if mark is None:
        with ledger.locked():
            if _is_of(ledger, site_id):
                ledger.path.unlink()  # begun by a launch that was killed before the database knew
            elif ledger.path.exists():
                _put_aside(ledger.path)
    with house.stores.write_main() as main:
        following.found_ledger(main, ledger, site_id)


def _is_of(ledger: Ledger, site_id: bytes) -> bool:
    try:
        lines: tuple[Line, ...] = ledger.lines()
        return bool(lines) and History.read(lines).site_id == site_id
    except LedgerRefused:
        return False


def _put_aside(path: Path) -> None:
    number, aside = 1, path.with_name(LEDGER_ASIDE)
    while aside.exists():
        number += 1
        aside = path.with_name(f"{LEDGER_ASIDE}.{number}")
    os.rename(path, aside)  # noqa: PTH104 - as the line above: never over another file


def _free(house: House) -> None:
    """No byte of the pilot stays in the stores' files."""
    rewrite(house.stores)


def _open(house: House) -> None:
    """The guardians can sign; what somebody pinned, sent, imported or noted while the launch went on is gone too."""
    _shut(house)
    _destroy_keys(house)
    with house.stores.write_main() as main:
        organisation = held(main)
        _empty(main, MainBase.metadata, MAIN_SIDE)
        _forget(main)
        organisation.stage, organisation.launched_on = "real", house.today()
        draft(main, house.today())


#: in this order; each leaves what the next one needs, however often it is done
STEPS: tuple[Callable[[House], None], ...] = (_shut, _destroy_keys, _destroy, _begin_ledger, _free, _open)


def _empty(session: Session, metadata: MetaData, names: Collection[str]) -> None:
    rows.main_tables()  # every room's tables are known from here on
    tables = [table for table in reversed(metadata.sorted_tables) if table.name in names]
    engine = session.get_bind()
    if isinstance(engine, Engine) and engine.dialect.name == "postgresql":
        # a deleted row would stand in the file until the server comes round; a table cut to nothing is a new file
        in_turn = sorted(names, key=lambda name: (TURN.index(name) if name in TURN else len(TURN), name))
        session.execute(text(f"TRUNCATE {', '.join(in_turn)}"))
        return
    for table in tables:
        session.execute(delete(table))
