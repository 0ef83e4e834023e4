"""Under which site an entry was chained: a launch gives the instance another one, and the log goes on."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.audit.model import AuditRow

#: the entry of a launch is the last one of the site that it is about
MOVED = "launched"


@dataclass(frozen=True)
class Sites:
    """The sites of one log: each earlier one with its last entry, and the one of today."""

    earlier: tuple[tuple[int, bytes], ...]
    now: bytes

    def of(self, n: int) -> bytes:
        """The site under which this entry was chained."""
        return next((site for last, site in self.earlier if n <= last), self.now)

    @property
    def all(self) -> Collection[bytes]:
        """Every site that a guardian may have signed the log under."""
        return (self.now, *(site for _last, site in self.earlier))


def sites(main: Session, now: bytes) -> Sites:
    rows = main.execute(select(AuditRow.n, AuditRow.about).where(AuditRow.verb == MOVED).order_by(AuditRow.n))
    return Sites(tuple((n, _site(about)) for n, about in rows), now)


def _site(about: str) -> bytes:
    try:
        return bytes.fromhex(about)
    except ValueError:  # whoever changed it broke the chain, and the check says so
        return b""
