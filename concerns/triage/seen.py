"""What a guardian had seen of a thread when she opened a form, so that nobody writes over what she has not read.

The form carries how many proven entries each other signer had in the thread then. Her own are hers to overtake.
"""

import re
from collections import Counter

from concerns.triage.reading import Entry, Flag

#: of a signer's public key, in bytes: enough to tell a handful of signers apart
SHORT = 4


def seen(flag: Flag, own: bytes) -> str:
    """What there is to see now, as one word of a form. `own` is the guardian's own signing key."""
    counted = Counter(_short(one) for one in _others(flag, own))
    return ".".join(f"{signer}-{number}" for signer, number in sorted(counted.items()))


def newer(flag: Flag, own: bytes, before: str) -> list[Entry]:
    """What others wrote since a form was opened, in its order. A form that lost its mark has seen nothing."""
    left = dict(_counts(before))
    found = []
    for entry in _others(flag, own):
        signer = _short(entry)
        if left.get(signer, 0) > 0:
            left[signer] -= 1
        else:
            found.append(entry)
    return found


def _others(flag: Flag, own: bytes) -> list[Entry]:
    return [one for one in flag.entries if one.proven and one.signer is not None and one.signer != own]


def _short(entry: Entry) -> str:
    return (entry.signer or b"")[:SHORT].hex()


def _counts(before: str) -> list[tuple[str, int]]:
    pairs = [part.partition("-") for part in before.split(".")]
    return [(signer, int(number)) for signer, _dash, number in pairs if re.fullmatch("[0-9]{1,6}", number)]
