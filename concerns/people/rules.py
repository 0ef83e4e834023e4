"""What an account must be: roles kept apart, an address that can be written to, a passphrase that is hard to guess."""

import re
import unicodedata
from collections.abc import Collection

ROLE_NAMES = {
    "guardian": "Guardian",
    "leader": "Leader",
    "admin": "Admin",
    "peer": "Peer",
    "overseer": "Overseer",
}

#: a guardian reads flags; these roles hold power over the people who write them
KEPT_APART = ("leader", "admin")

SHORTEST = 14
FEWEST_WORDS = 4
LONGEST = 500
FEWEST_DIFFERENT = 6

_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def normal_email(text: str) -> str:
    """The one spelling of an address under which an account is kept."""
    return unicodedata.normalize("NFC", text).strip().lower()


def normal_passphrase(text: str) -> str:
    """The one spelling that is stretched: two keyboards write the same accent differently."""
    return unicodedata.normalize("NFKC", text)


def email_problem(email: str) -> str | None:
    """What is wrong with a normalised address, in plain words; None when nothing is."""
    if not email:
        return "Enter an e-mail address"
    if len(email) > 254 or not _ADDRESS.fullmatch(email):
        return "Enter an e-mail address in the right form, like name@example.org"
    return None


def roles_problem(roles: Collection[str]) -> str | None:
    """What is wrong with a set of roles; None when nothing is."""
    if not roles:
        return "Give at least one role"
    for role in roles:
        if role not in ROLE_NAMES:
            return f"There is no role “{role}”: choose from {', '.join(ROLE_NAMES)}"
    if "guardian" in roles:
        for other in KEPT_APART:
            if other in roles:
                return f"A guardian cannot also be {'an' if other == 'admin' else 'a'} {other}: give the roles to two people"
    return None


def stand_in_problem(roles: Collection[str], *, stand_in: bool) -> str | None:
    """What is wrong with somebody who is to stand in for guardians; None when nothing is."""
    return "Only a guardian can be a stand-in" if stand_in and "guardian" not in roles else None


def passphrase_problem(passphrase: str) -> str | None:
    """What is wrong with a new passphrase; None when nothing is. Long beats clever: no rule about symbols."""
    if not passphrase.strip():
        return "Choose a passphrase"
    if len(passphrase) > LONGEST:
        return f"Your passphrase must be {LONGEST} characters or fewer"
    if len(passphrase) < SHORTEST and len(_WORD.findall(passphrase)) < FEWEST_WORDS:
        return f"Your passphrase must have at least {SHORTEST} characters, or at least {FEWEST_WORDS} words"
    if len(set(passphrase.lower())) < FEWEST_DIFFERENT:
        return "Your passphrase repeats too few characters: use several unconnected words"
    return None
