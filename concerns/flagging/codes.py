"""Staff codes: printed on slips, drawn from a box, good for one use. The store keeps their hashes alone."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from concerns.flagging.model import StaffCode
from concerns.store.session import Stores

#: Crockford's 32 signs: of letters that look alike, one is never printed, and what is typed for it is understood
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans("OILU", "011V")
#: 80 bits: nobody guesses one, and from the hash nobody finds one
LENGTH, GROUP = 16, 4
MOST_CODES = 5000
#: far more than a code with every space and dash that anybody puts into it
_LONGEST_TYPED = 100


class Chance(Protocol):
    """Where codes come from; `secrets` is one."""

    def choice(self, seq: Sequence[str], /) -> str:
        """One of them."""


def new_codes(count: int, rng: Chance = secrets) -> list[str]:
    """So many different codes."""
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(rng.choice(ALPHABET) for _place in range(LENGTH))] = None
    return list(made)


def shown(code: str) -> str:
    """A code as it is printed: "7K3M-9QRT-0V5X-B2HD"."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str | None:
    """The code somebody means, in any case, with spaces and dashes anywhere; None where it cannot be one."""
    if len(typed) > _LONGEST_TYPED:
        return None
    folded = unicodedata.normalize("NFKC", typed).upper()
    signs = "".join(sign for sign in folded if unicodedata.category(sign) not in {"Pd", "Zs", "Cc", "Cf"})
    code = signs.replace("\N{MINUS SIGN}", "").translate(LOOK_ALIKES)
    return code if re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", code) else None


def hash_of(code: str) -> bytes:
    """What the store keeps of a code."""
    return hashlib.sha256(b"concerns-code/1" + code.encode()).digest()


def make_codes(stores: Stores, count: int) -> list[str]:
    """Make codes that open the form once each. They are returned, shuffled, and are nowhere else."""
    codes = new_codes(count)
    # by hash: neither the rows nor their order on disk say which of them stand together on a sheet
    rows = [{"hash": hashed} for hashed in sorted(map(hash_of, codes))]
    with stores.write_live() as live:
        live.execute(insert(StaffCode), rows)
    secrets.SystemRandom().shuffle(codes)
    return codes


def use_code(live: Session, code: str) -> bool:
    """Use a code up, in the caller's transaction; True for exactly one of all who try."""
    used = delete(StaffCode).where(StaffCode.hash == hash_of(code)).returning(StaffCode.hash)
    return live.execute(used, execution_options={"synchronize_session": False}).first() is not None
