"""What the self-check says of the log of what staff users did."""

from collections.abc import Iterator
from contextlib import suppress

from concerns.areas.queries import organisation
from concerns.audit.checking import Signer, check
from concerns.charter.manifest import Manifest
from concerns.charter.service import CharterRefused, NotOpenYet, current
from concerns.store.house import House


def problems(house: House) -> Iterator[tuple[bool, str]]:
    """(False for a fault, True where all is well; one plain sentence)."""
    with house.stores.read_main() as main:
        instance, signers = organisation(main), {}
        with suppress(NotOpenYet, CharterRefused):  # a line of its own speaks of the charter
            signers = _signers(current(main, house.directory).manifest, instance.rehearsal)
        checked = check(main, instance.site_id, signers)
    for problem in checked.problems:
        yield False, problem
    if not checked.problems:
        signed = " and holds what each guardian signed last" if signers else ""
        # not how many: an admin reads this, and would learn how much guardians had to do
        yield True, f"The log is whole{signed}."


def _signers(manifest: Manifest, rehearsal: bool) -> dict[bytes, Signer]:
    """The guardians of today, and those who were: each with all the signing keys she ever had."""
    everybody = {one.key.person_id: one.key for one in manifest.former}
    everybody |= {one.person_id: one for one in manifest.guardians}
    known = [*manifest.guardians, *(one.key for one in manifest.former)]
    return {
        person_id: Signer(
            name=key.name,
            keys=[one.sign for one in known if one.person_id == person_id],
            # a rehearsal's guardian may never have signed in: her keys came from a file
            must_sign=not rehearsal,
        )
        for person_id, key in everybody.items()
    }
