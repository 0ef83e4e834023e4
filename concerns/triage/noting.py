"""Enters in the log that a guardian opened a flag or worked on one; which flag is sealed to those who may read it."""

from collections.abc import Iterable

from concerns.audit.rules import once
from concerns.audit.service import note
from concerns.charter.manifest import Manifest
from concerns.people.access import Visitor
from concerns.sealing.excluding import excluded_kids
from concerns.sealing.text import to_text
from concerns.store.house import House


def note_opened(
    house: House, manifest: Manifest, visitor: Visitor, thread_id: bytes, exclusions: Iterable[bytes]
) -> None:
    """She opens a flag: one entry for each guardian, flag and day. Raises NotNoted."""
    _note(house, manifest, visitor, "opened", thread_id, exclusions, house.today().isoformat().encode())


def note_worked(
    house: House, manifest: Manifest, visitor: Visitor, thread_id: bytes, exclusions: Iterable[bytes], deed: bytes
) -> None:
    """She does something in a flag; the entry is the same whatever it is, and made once for each `deed`.

    Raises NotNoted.
    """
    _note(house, manifest, visitor, "worked", thread_id, exclusions, deed)


def _note(
    house: House,
    manifest: Manifest,
    visitor: Visitor,
    verb: str,
    thread_id: bytes,
    exclusions: Iterable[bytes],
    deed: bytes,
) -> None:
    note(
        house,
        visitor.person_id,
        verb,
        detail={"thread": to_text(thread_id)},
        readers=manifest.kem_publics,
        excluded=excluded_kids(exclusions, manifest.kids),
        once=once(visitor.kem_seed, verb.encode(), thread_id, deed),
    )
