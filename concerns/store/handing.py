"""What the closes of periods leave sealed for the guardians, as those see it who change the guardians' keys.

The ledger lies in a room above theirs: the house carries it down to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from concerns.store.house import House


class NotHanded(Exception):
    """The ledger cannot be read or written now; the message is one plain sentence."""


@dataclass(frozen=True)
class Left:
    """One sealed thing without which no guardian could go on."""

    #: in words: "with closing periods", "with 2026-Q1"
    what: str
    #: the ids of the keys that open it
    kids: frozenset[bytes]
    #: a guardian who may not read it, whatever her key: she did the first part. Empty where there is none
    but: bytes = b""


class Handing(Protocol):
    """How it is handed on from key to key."""

    def left(self, main: Session, house: "House") -> Sequence[Left]:
        """All that is to be handed on; nothing where no ledger is kept. Raises NotHanded."""

    def on(self, house: "House", person_id: bytes, kem_seed: bytes) -> None:
        """Seal whatever this seed opens to the guardians in force who cannot open it yet. Raises NotHanded.

        Where nothing is missing nothing is written.
        """
