"""Hands on what closes left for the guardians, whenever others read: else the last who could open it might leave with it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.charter import service as charter
from concerns.charter.manifest import Manifest
from concerns.disclosure.following import follow, read_ledger
from concerns.disclosure.history import History, handed_entry
from concerns.disclosure.ledger import Ledger, LedgerRefused
from concerns.disclosure.periods import Period
from concerns.disclosure.service import Closer
from concerns.sealing.box import BoxRefused, open_box, readers_of, seal_box
from concerns.store.handing import Left, NotHanded
from concerns.store.house import House
from concerns.store.session import Stores

_PURPOSE = "closing a period"
_NOBODY = b""


def closer_for(manifest: Manifest, person_id: bytes, kem_seed: bytes) -> Closer:
    """What seals to the guardians in force and opens with a seed; whose part it is now is not asked here."""
    kems = {guardian.person_id: guardian.kem for guardian in manifest.guardians}

    def but(left_out: bytes) -> list[bytes]:
        return [kem for one, kem in kems.items() if one != left_out]

    def reaches(box: bytes, left_out: bytes) -> bool:
        kids = readers_of(box)
        return all(kid in kids for one, kid in manifest.kids.items() if one != left_out)

    return Closer(
        person_id=person_id,
        seal_to_all=lambda payload: seal_box(but(_NOBODY), payload, _PURPOSE),
        seal_to_all_but=lambda payload, left_out: seal_box(but(left_out), payload, _PURPOSE),
        unseal=lambda box: _unseal(kem_seed, box),
        reaches=reaches,
    )


def hand_on(stores: Stores, ledger: Ledger, site_id: bytes, closer: Closer) -> bool:
    """Seal what the newest closes left to the guardians in force; returns whether there was anything to do.

    Nothing is drawn, counted or opened to be looked at: the same bytes go into another box, in a line of their own.
    Stopped at any point it leaves the line, or none, and is done again. Raises LedgerRefused.
    """
    with ledger.locked():
        with stores.write_main() as main:
            history = follow(main, ledger, site_id)
        counted, vectors = _sealed_anew(history, closer)
        if counted is None and not vectors:
            return False
        ledger.append(handed_entry(closer.person_id, counted, vectors))
        with stores.write_main() as main:
            follow(main, ledger, site_id)
    return True


def lacking(history: History, closer: Closer) -> bool:
    """Whether a guardian in force could not go on with what the closes left. Asks nothing of a key."""
    if not history.counted:
        return False
    boxes = [(history.counted, _NOBODY), *((history.vector_of(one.period), one.by) for one in history.waiting)]
    return not all(closer.reaches(box, left_out) for box, left_out in boxes)


def _sealed_anew(history: History, closer: Closer) -> tuple[bytes | None, dict[Period, bytes]]:
    """What somebody lacks and this key opens, in boxes for all in force; a vector for all but who drew it."""
    counted, vectors = None, {}
    if history.counted and not closer.reaches(history.counted, _NOBODY):
        opened = _opened(history.counted, closer)
        counted = None if opened is None else closer.seal_to_all(opened)
    for one in history.waiting:
        vector = history.vector_of(one.period)
        if not closer.reaches(vector, one.by) and (opened := _opened(vector, closer)) is not None:
            vectors[one.period] = closer.seal_to_all_but(opened, one.by)
    return counted, vectors


def _opened(box: bytes, closer: Closer) -> bytes | None:
    try:
        return closer.unseal(box)
    except ValueError:
        return None


def _unseal(kem_seed: bytes, box: bytes) -> bytes:
    try:
        return open_box(kem_seed, box, _PURPOSE)
    except BoxRefused as error:
        raise ValueError("not for this key") from error


class LedgerBoxes:
    """The same for the rooms below, where guardians' keys are changed: they know no ledger, only the house."""

    def left(self, main: Session, house: House) -> Sequence[Left]:
        """All that is to be handed on; nothing where no ledger is kept here. Raises NotHanded.

        Without the file nothing can be closed at all: guardians must be able to change even so.
        """
        ledger = Ledger(house.directory)
        if not ledger.path.exists():
            return ()
        try:
            history = read_ledger(main, ledger, organisation(main).site_id)
            if history is None or not history.counted:
                return ()
            waiting = [
                Left(f"finish {one.period}", readers_of(history.vector_of(one.period)), one.by)
                for one in history.waiting
            ]
            return (*waiting, Left("close another period", readers_of(history.counted)))
        except (LedgerRefused, BoxRefused) as error:
            raise NotHanded(str(error)) from error

    def on(self, house: House, person_id: bytes, kem_seed: bytes) -> None:
        """Seal whatever this seed opens to the guardians in force who cannot open it yet. Raises NotHanded."""
        ledger = Ledger(house.directory)
        try:
            with house.stores.read_main() as main:
                site_id = organisation(main).site_id
                manifest = charter.current(main, house.directory).manifest
                history = read_ledger(main, ledger, site_id)
            closer = closer_for(manifest, person_id, kem_seed)
            if manifest.by_person(person_id) and history is not None and lacking(history, closer):
                hand_on(house.stores, ledger, site_id, closer)
        except (LedgerRefused, BoxRefused, charter.NotOpenYet, charter.CharterRefused) as error:
            raise NotHanded(str(error)) from error
