"""What the log may say, how its entries are chained, and how long a permission to read them lasts."""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from concerns.sealing.text import canonical, to_text

#: every deed that is entered, in the order in which a day lists them; one sentence each
VERBS = {
    "in": "Signed in",
    "set-up": "Set up the account",
    "signed": "Signed the guardians’ keys and the rules",
    "invited": "Made a one-time link",
    "collected": "Collected by hand",
    "opened": "Opened a flag",
    "worked": "Worked on a flag",
    "imported": "Imported flags",
    "closed": "Did a part in closing a period",
    "wrote": "Proposed a text that leaves the desk",
    "released": "Agreed to a text that leaves the desk",
    "withdrew": "Withdrew a text that had left the desk",
    "asked": "Asked to read everybody’s entries",
    "agreed": "Agreed that everybody’s entries are read",
    "read-all": "Read everybody’s entries",
    "out": "Signed out",
}
#: these name a flag, sealed
ABOUT_A_FLAG = ("opened", "worked")

#: how long a request waits for the second person, and how long both may read then
DAYS_TO_AGREE, DAYS_TO_READ = 21, 7

NOTHING_BEFORE = bytes(32)


@dataclass(frozen=True)
class Entry:
    """One entry as it is chained."""

    n: int
    day: dt.date
    person_id: bytes
    verb: str
    about: str
    item: bytes
    detail: bytes
    previous: bytes

    def hash(self, site_id: bytes) -> bytes:
        """What the next entry carries: SHA-256 over everything in this one."""
        covered = {
            "n": self.n,
            "day": self.day.isoformat(),
            "person": to_text(self.person_id),
            "verb": self.verb,
            "about": self.about,
            "item": to_text(self.item),
            "detail": to_text(hashlib.sha256(self.detail).digest()),
            "previous": to_text(self.previous),
            "site": to_text(site_id),
        }
        return hashlib.sha256(b"concerns-audit/1" + canonical(covered)).digest()


@dataclass(frozen=True)
class Head:
    """What a guardian signs: the newest entry, and since when she has been signing."""

    person_id: bytes
    n: int
    hash: bytes
    day: dt.date
    since: dt.date

    def signed_bytes(self, site_id: bytes) -> bytes:
        covered = {
            "person": to_text(self.person_id),
            "n": self.n,
            "hash": to_text(self.hash),
            "day": self.day.isoformat(),
            "since": self.since.isoformat(),
            "site": to_text(site_id),
        }
        return b"concerns-audit-head/1" + canonical(covered)


def once(secret: bytes, *parts: bytes) -> bytes:
    """What keeps a deed from being entered twice: 32 bytes that tell nothing to whoever lacks the secret."""
    covered = b"".join(len(part).to_bytes(4) + part for part in parts)
    return hmac.digest(secret, b"concerns-audit-once/1" + covered, "sha256")


def in_words(day: dt.date) -> str:
    return f"{day.day} {day.strftime('%B %Y')}"


def last_day_to_agree(asked: dt.date) -> dt.date:
    return asked + dt.timedelta(days=DAYS_TO_AGREE)


def last_day_to_read(agreed: dt.date) -> dt.date:
    return agreed + dt.timedelta(days=DAYS_TO_READ)
