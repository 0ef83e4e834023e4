"""Keeps floods out without knowing anybody: proof of work, form stamps, staff codes, and budgets that all share."""

import datetime as dt
import hashlib
import hmac
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from concerns.flagging import codes, rules, work
from concerns.flagging.model import DoorKey, Spent
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Envelope, ShredKey
from concerns.sealing.text import from_text, to_text
from concerns.store.house import House
from concerns.store.inserting import insert_new

HOUR, SLOT = dt.timedelta(hours=1), dt.timedelta(minutes=10)
STAMP_LIFE = dt.timedelta(days=1)
_NONCE, _TIME, _TAG = 9, 4, 16
#: what a reporter may add to one concern before it is collected
MOST_WAITING = 40


class Refused(Exception):
    """The door does not take this now; `until` is when to try again, where waiting helps."""

    def __init__(self, until: dt.datetime | None = None) -> None:
        super().__init__()
        self.until = until


class TooSoon(Refused):
    """The form was fetched less than a minute ago, or its stamp is new."""


class TooMany(Refused):
    """Everybody together sent too much. Never says how much."""


class Full(Refused):
    """One concern holds as much as it may."""


class StampOver(Refused):
    """The stamp is unknown, older than a day, or used."""


class WorkRefused(Refused):
    """The proof of work is wrong, too old, or used: the device makes another."""


class CodeRefused(Refused):
    """No such code: mistyped, or used."""


class CodeNeeded(Refused):
    """This organisation takes concerns with a staff code only."""


@dataclass(frozen=True)
class Budgets:
    """What everybody together may send. The only limits there are: never one per person or per address."""

    #: seconds that a form must be old before it is sent without script
    stamp_age: int = 60
    #: concerns without script and without a code, in an hour of the clock, beyond which only free room decides
    stamps_an_hour: int = 20
    #: proofs of work in ten minutes, beyond which each doubling doubles the work
    works_a_slot: int = 20
    #: concerns that may wait to be collected when an hourly budget is used up
    flags_waiting: int = 2000
    #: photos that may wait, half a megabyte each
    files_waiting: int = 200
    #: details that may wait to be collected
    details_waiting: int = 2000
    #: look-ups with a receipt, a minute and a worker
    looks_a_minute: int = 60


@dataclass(frozen=True)
class Admission:
    """Leave to store one concern: `admit` uses it up, within the transaction that stores it."""

    tier: str
    admit: Callable[[Session], None]


class Gate:
    """The gate of one report door."""

    def __init__(self, house: House, budgets: Budgets) -> None:
        self.house, self.budgets = house, budgets
        self._key: bytes | None = None
        self._looks: deque[dt.datetime] = deque()
        self._lock = threading.Lock()

    def stamp(self) -> str:
        """A stamp for a form that is fetched now: nonce[9] ‖ seconds[4] ‖ HMAC[16]. It says nothing about anybody."""
        seconds = int(self.house.clock().timestamp()).to_bytes(_TIME)
        content = secrets.token_bytes(_NONCE) + seconds
        return to_text(content + self._tag(content))

    def challenge(self) -> dict[str, Any]:
        """A fresh proof of work, harder while many are being sent."""
        now = self.house.clock()
        with self.house.stores.read_live() as live:
            used = _count(live, _slot_end(now))
        return work.challenge(self._door_key(), now, used // max(1, self.budgets.works_a_slot))

    def by_stamp(self, stamp: str, code: str, codes_only: bool) -> Admission:
        """Leave for a form without script. Raises TooSoon, StampOver, CodeRefused or CodeNeeded."""
        if code or codes_only:
            return self._by_code(code)
        now = self.house.clock()
        issued = self._issued(stamp)
        if issued is None or now - issued > STAMP_LIFE:
            raise StampOver
        if now - issued < (age := dt.timedelta(seconds=self.budgets.stamp_age)):
            raise TooSoon(issued + age)
        spent = hashlib.sha256(b"stamp" + stamp.encode()).digest()

        def admit(live: Session) -> None:
            # a second past the hour: never taken for the end of a slot of works, in which they are counted
            end = _hour(now) + HOUR + STAMP_LIFE + dt.timedelta(seconds=1)
            used = _count(live, end)
            if used >= self.budgets.stamps_an_hour and _waiting(live, Kind.FLAG) > self.budgets.flags_waiting:
                raise TooMany(_hour(now) + HOUR)
            _spend(live, spent, now, end, StampOver)

        return Admission("open", admit)

    def by_work(self, done: object, code: str, codes_only: bool) -> Admission:
        """Leave for a device that sealed by itself. Raises WorkRefused, CodeRefused or CodeNeeded."""
        if code or codes_only:
            return self._by_code(code)
        now = self.house.clock()
        spent = work.verified(done, self._door_key(), now)
        if spent is None:
            raise WorkRefused

        def admit(live: Session) -> None:
            self._room(live, Kind.FLAG, self.budgets.flags_waiting)
            _spend(live, spent, now, _slot_end(now), WorkRefused)

        return Admission("open", admit)

    def room_in(self, thread_id: bytes, kind: Kind) -> Callable[[Session], None]:
        """Leave to add a detail or a photo to a concern: raises Full where it holds enough, TooMany where all together do."""
        most = self.budgets.files_waiting if kind is Kind.FILE else self.budgets.details_waiting

        def admit(live: Session) -> None:
            # one at a time for each concern, or each of many would find the last free place
            live.execute(select(ShredKey.thread_id).where(ShredKey.thread_id == thread_id).with_for_update())
            waiting = live.execute(select(Arrival.id, Arrival.kind).where(Arrival.thread_id == thread_id)).all()
            photos = {row.id for row in waiting if row.kind == Kind.FILE} if kind is Kind.FILE else set()
            if len(waiting) > MOST_WAITING or (photos and len(photos | self._photos(thread_id)) > rules.MOST_PHOTOS):
                raise Full
            self._room(live, kind, most)

        return admit

    def look(self) -> None:
        """Count one look-up. Raises TooMany in a minute that has had its share: guessing is hopeless anyway."""
        now = self.house.clock()
        with self._lock:
            while self._looks and now - self._looks[0] >= dt.timedelta(minutes=1):
                self._looks.popleft()
            if len(self._looks) >= self.budgets.looks_a_minute:
                # from now on: when the others looked is nobody's business
                raise TooMany(now + dt.timedelta(minutes=1))
            self._looks.append(now)

    def _room(self, live: Session, kind: Kind, most: int) -> None:
        if _waiting(live, kind) > most:
            raise TooMany(_hour(self.house.clock()) + HOUR)

    def _photos(self, thread_id: bytes) -> set[bytes]:
        file = int(Kind.FILE)
        with self.house.stores.read_main() as main:
            return set(main.scalars(select(Envelope.id).where(Envelope.thread_id == thread_id, Envelope.kind == file)))

    def _by_code(self, code: str) -> Admission:
        if not code:
            raise CodeNeeded

        def admit(live: Session) -> None:
            if not codes.use_code(live, code):
                raise CodeRefused

        return Admission("code", admit)

    def _issued(self, stamp: str) -> dt.datetime | None:
        try:
            data = from_text(stamp)
        except ValueError:
            return None
        content = data[: _NONCE + _TIME]
        if len(data) != _NONCE + _TIME + _TAG or not hmac.compare_digest(data[len(content) :], self._tag(content)):
            return None
        return dt.datetime.fromtimestamp(int.from_bytes(content[_NONCE:]), dt.UTC)

    def _tag(self, content: bytes) -> bytes:
        return hmac.digest(self._door_key(), b"concerns-stamp/1" + content, "sha256")[:_TAG]

    def _door_key(self) -> bytes:
        """One for all workers, made by the first that needs it."""
        if self._key is None:
            with self.house.stores.write_live() as live:
                insert_new(live, DoorKey, {"only_one": 1, "key": secrets.token_bytes(32)})
                key = live.scalars(select(DoorKey.key)).one()
            self._key = key  # only now that it is stored
        return self._key


def gate() -> Gate:
    """The gate of the application that is answering this request."""
    found: Gate = current_app.extensions["concerns.gate"]
    return found


def forget_expired(live: Session, now: dt.datetime) -> None:
    """Take out what could not be used again anyway."""
    live.execute(delete(Spent).where(Spent.expires < now))


def _spend(live: Session, spent: bytes, now: dt.datetime, expires: dt.datetime, refused: type[Refused]) -> None:
    forget_expired(live, now)
    if not insert_new(live, Spent, {"hash": spent, "expires": expires}):
        raise refused


def _count(live: Session, expires: dt.datetime) -> int:
    return live.scalar(select(func.count()).where(Spent.expires == expires)) or 0


def _waiting(live: Session, kind: Kind) -> int:
    return live.scalar(select(func.count()).select_from(Arrival).where(Arrival.kind == int(kind))) or 0


def _hour(now: dt.datetime) -> dt.datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _slot_end(now: dt.datetime) -> dt.datetime:
    """When a proof of work that is used now can be forgotten: at the end of a slot, so that no exact time is kept."""
    return now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0) + 2 * SLOT
