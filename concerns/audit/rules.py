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
    "unsigned": "Withdrew a change of the guardians’ keys",
    "shares": "Made recovery shares",
    "drill": "Tried recovery shares",
    "carried": "Brought flags over to new keys",
    "handed": "Handed flags from before to a guardian who came later",
    "drafted": "Drafted a change of the rules",
    "ruled": "Signed a change of the rules",
    "stopped": "Withdrew a change of the rules",
    "reworded": "Changed the words of a theme",
    "planned": "Drafted a change of the themes",
    "put-up": "Put up a change of the themes",
    "dropped": "Threw away a draft of the themes",
    "undid": "Took back a change of the themes",
    "themed": "Agreed to a change of the themes",
    "sent-back": "Sent back a change of the themes",
    "reopened": "Agreed that the service opens again after a copy was put back",
    "account": "Made an account",
    "by-terminal": "Was given an admin’s account at the server’s terminal",
    "unmade": "Removed an account that was never set up",
    "settled": "Saved a part of set-up",
    "begun": "Ended set-up, and put the rules up for the guardians to sign",
    "set-back": "Took set-up up again",
    "filled": "Filled the pilot with invented concerns",
    "launching": "Began the launch",
    "launched": "The pilot was destroyed, and the service launched",
    "invited": "Made a one-time link",
    "collected": "Collected by hand",
    "opened": "Opened a flag",
    "worked": "Worked on a flag",
    "imported": "Imported flags",
    "deleted": "Deleted what was due",
    "closed": "Did a part in closing a period",
    "returned": "Did a part in making a statutory return",
    "fetched": "Downloaded a statutory return",
    "wrote": "Proposed a text that leaves the desk",
    "released": "Agreed to a text that leaves the desk",
    "withdrew": "Withdrew a text that had left the desk",
    "promised": "Recorded or changed what leaders promise",
    "typed": "Typed in figures or an annotation beside a report",
    "froze": "Froze a board paper",
    "peer": "Asked, noted or answered as a peer or with one",
    "term": "Said until when a peer may look",
    "asked": "Asked to read everybody’s entries",
    "agreed": "Agreed that everybody’s entries are read",
    "read-all": "Read everybody’s entries",
    "in-outside": "Signed in through the organisation’s directory",
    "own": "Changed the own passphrase, authenticator app or passkeys",
    "ended": "Ended somebody’s sessions",
    "leaving": "Said that somebody leaves, or took it back",
    "unbound": "Took somebody’s account apart from the organisation’s directory",
    "out": "Signed out",
}
#: these name a flag, sealed
ABOUT_A_FLAG = ("opened", "worked")
#: these name a person, by her id in hex
ABOUT_A_PERSON = ("invited", "ended", "leaving", "unbound", "handed")

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
