"""Proof of work in the manner of ALTCHA, version 2: a device shows that it spent a second, and nothing else."""

import datetime as dt
import hashlib
from typing import Any

ALGORITHM = "PBKDF2/SHA-256"
COST = 5000
#: the derived key begins with so many zero bits, in hex digits: about 256 tries
PREFIX = "00"
LIFE = dt.timedelta(minutes=10)
#: doublings beyond which checking the work would cost the server too much
MOST_DOUBLINGS = 4


def challenge(key: bytes, now: dt.datetime, times_over: int) -> dict[str, Any]:
    """A signed challenge, as long as any other at the same cost. `times_over` is how often the shared budget is used up already."""
    import altcha.v2 as altcha  # ten megabytes that a worker needs only when somebody sends with script

    cost = COST << min(times_over.bit_length(), MOST_DOUBLINGS)
    # our own clock decides about its end; the library would ask the machine's
    until = int((now + LIFE).timestamp())
    made = altcha.create_challenge(ALGORITHM, cost, key_prefix=PREFIX, data={"until": until}, hmac_secret=key)
    found: dict[str, Any] = made.to_dict()
    return found


def verified(done: object, key: bytes, now: dt.datetime) -> bytes | None:
    """The hash under which a good proof is remembered as used; None for a wrong, foreign or old one."""
    import altcha.v2 as altcha

    try:
        challenge = altcha.Challenge.from_dict(done["challenge"])  # type: ignore[index]  # whatever was sent
        solution = altcha.Solution(int(done["counter"]), str(done["key"]))  # type: ignore[index]
        until = int((challenge.parameters.data or {})["until"])
        if not now.timestamp() <= until or challenge.parameters.cost > COST << MOST_DOUBLINGS:
            return None
        if not altcha.verify_solution(altcha.Payload(challenge, solution), key).verified:
            return None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError):
        return None
    return hashlib.sha256(b"work" + str(challenge.signature).encode()).digest()
