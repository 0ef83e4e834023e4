"""Counts what an organisation lets in from outside: facts that were never made of flags."""

import datetime as dt
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.charter import service as charter
from concerns.disclosure.queries import releases
from concerns.learning.peers.rules import Fact, Outside, a_year_before, panel
from concerns.learning.promises.queries import Promises
from concerns.learning.promises.rules import AGREED, STRUCTURAL
from concerns.people.model import PeerTerm


def insularity(reader: Session, directory: Path, found: Promises, today: dt.date) -> tuple[Fact, ...]:
    """The panel as it stands today; `found` are the promises of that day."""
    since = a_year_before(today)
    guardians = _guardians(reader, directory)
    answers = [one for one in found.responses if one.stage == AGREED]
    peers = select(func.count()).where(PeerTerm.first <= today, PeerTerm.last >= since)
    return panel(
        Outside(
            guardians=len(guardians),
            stand_ins=sum(guardians),
            peers=reader.scalar(peers) or 0,
            actions=len(found.actions),
            structural=found.by_type[STRUCTURAL],
            owed=sum(one.owed for one in found.all),
            overdue=len(found.overdue),
            answers=len(answers),
            not_adopted=sum(one.adopts_nothing for one in answers),
            reports=sum(one.stored.terms.frozen_on >= since for one in releases(reader)),
        )
    )


def _guardians(reader: Session, directory: Path) -> list[bool]:
    """Of each guardian of the signed manifest, whether she is from outside."""
    try:
        manifest = charter.current(reader, directory).manifest
    except (charter.NotOpenYet, charter.CharterRefused):
        return []
    return [one.stand_in for one in manifest.guardians]
