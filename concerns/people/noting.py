"""What the log says of people: their sign-ins, and each guardian's signature under the log at hers."""

from contextlib import suppress

from concerns.audit import heads
from concerns.audit.service import note
from concerns.charter import service as charter
from concerns.store.house import House


def signed_in(house: House, person_id: bytes, secret: bytes | None, verb: str = "in") -> None:
    """Enter a sign-in, and put a guardian's signature under the log; `secret` is her 64 bytes. Raises NotNoted.

    A log that lost what she signed last is not signed again: her page on the log and `concerns verify` say so.
    """
    note(house, person_id, verb)
    if secret is not None:
        heads.sign(house, person_id, secret[32:], earlier_keys(house, person_id))


def earlier_keys(house: House, person_id: bytes) -> list[bytes]:
    """The public signing keys that a guardian had before the ones she has now."""
    with suppress(charter.NotOpenYet, charter.CharterRefused), house.stores.read_main() as main:
        former = charter.current(main, house.directory).manifest.former
        return [one.key.sign for one in former if one.key.person_id == person_id]
    return []
