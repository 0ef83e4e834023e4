"""Counts what was tried in vain: a stolen passphrase must not let its thief guess the second factor, nor anybody a passphrase.

Codes are counted for the person whose passphrase was right. Wrong passphrases are counted for the address that was
typed, whether anybody has it or not, so that nothing is told. Either count makes the next try wait and never shuts
anybody out for good; a passkey (see `passkeys`) and a session that is open work meanwhile.
"""

import datetime as dt
import hashlib

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from concerns.people.model import CodeTries
from concerns.people.sessions import utc
from concerns.store.house import House

FREE = 5
LONGEST = 60  # minutes
#: passphrases are long: the count slows a machine down, and a person who mistypes hers hardly ever meets it
FREE_PASSPHRASES = 10
LONGEST_FOR_PASSPHRASES = 15  # minutes: whoever keeps somebody out by wrong ones has to go on and on
FORGOTTEN_AFTER = dt.timedelta(days=1)


def claim(house: House, whose: bytes) -> dt.timedelta | None:
    """Count one code before it is looked at; None, or how long no code of hers is looked at any more.

    Counting first makes many tries at the same time as good as one after the other.
    """
    try:
        return _claim(house, whose)
    except IntegrityError:  # two first tries at the same time: the second one finds the row of the first
        return _claim(house, whose)


def forget(house: House, whose: bytes) -> None:
    """It was right. Where nothing was counted, which is nearly always, nothing is written."""
    with house.stores.read_live() as live:
        if live.get(CodeTries, whose) is None:
            return
    with house.stores.write_live() as live:
        live.execute(delete(CodeTries).where(CodeTries.whose == whose))


def at_the_door(email: str) -> bytes:
    """What stands for a normalised address in the count of wrong passphrases."""
    return hashlib.sha256(b"concerns-door/1 " + email.encode(errors="surrogatepass")).digest()[:16]


def pause_of(house: House, whose: bytes) -> dt.timedelta | None:
    """How long nothing is looked at any more; None where it may be tried."""
    with house.stores.read_live() as live:
        row = live.get(CodeTries, whose)
    left = utc(row.until) - house.clock() if row is not None else dt.timedelta(0)
    return left if left > dt.timedelta(0) else None


def failed(house: House, whose: bytes) -> None:
    """Count a wrong passphrase. At most two are looked at at once, so that counting afterwards is soon enough."""
    try:
        _failed(house, whose)
    except IntegrityError:  # as above
        _failed(house, whose)


def pause_after(count: int, free: int = FREE, longest: int = LONGEST) -> dt.timedelta:
    """The first wrong ones cost nothing; then each costs twice the minutes of the one before, up to the longest."""
    if count < free:
        return dt.timedelta(0)
    return dt.timedelta(minutes=min(longest, 2 ** min(count - free, 10)))


def _claim(house: House, whose: bytes) -> dt.timedelta | None:
    now = house.clock()
    with house.stores.write_live() as live:
        row = _row(live, whose, now)
        if utc(row.until) > now:
            return utc(row.until) - now
        row.count = min(row.count + 1, 1000)
        row.until = now + pause_after(row.count)
    return None


def _failed(house: House, whose: bytes) -> None:
    now = house.clock()
    with house.stores.write_live() as live:
        # addresses that nobody has would stay for ever
        live.execute(delete(CodeTries).where(CodeTries.until <= now - FORGOTTEN_AFTER))
        row = _row(live, whose, now)
        row.count = min(row.count + 1, 1000)
        row.until = now + pause_after(row.count, FREE_PASSPHRASES, LONGEST_FOR_PASSPHRASES)


def _row(live: Session, whose: bytes, now: dt.datetime) -> CodeTries:
    row = live.get(CodeTries, whose, with_for_update=True)
    if row is None:
        row = CodeTries(whose=whose, count=0, until=now)
        live.add(row)
        live.flush()
    return row
