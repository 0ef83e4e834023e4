"""Keeps what leaders type for a board paper, and freezes versions of it: bytes with a checksum that the log keeps too."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.audit.service import note as log
from concerns.disclosure.periods import Period
from concerns.learning.released import Passage, passages
from concerns.learning.rules import LEARNING, NARRATIVE, VIEW
from concerns.learning.standing import Authority
from concerns.reports.board.composing import Typed, body, checksum, without_version
from concerns.reports.board.uncounted import content_of
from concerns.reports.gathering import Material, Uncounted, text_mark
from concerns.reports.model import BoardDraft, BoardPaper
from concerns.store.house import House
from concerns.store.inserting import insert_new, insert_or_replace


class NotFrozen(Exception):
    """A paper was not frozen; the message is a sentence for the page."""


class Changed(Exception):
    """The stored bytes of a paper are not those that were frozen."""


@dataclass(frozen=True)
class Paper:
    """One frozen version, as it is shown."""

    document: Mapping[str, Any]
    data: bytes
    checksum: str

    @property
    def version(self) -> int:
        return int(self.document["version"])


def draft(reader: Session, period: Period) -> Typed:
    row = reader.get(BoardDraft, str(period))
    return Typed(row.message, row.decision, row.changed, row.learning) if row else Typed()


def save_draft(house: House, period: Period, typed: Typed) -> None:
    with house.stores.write_released() as main:
        insert_or_replace(main, BoardDraft, [{"period": str(period), **asdict(typed)}])


def freeze(house: House, person: tuple[bytes, str], made: Material | Uncounted, typed: Typed) -> int:
    """Freeze the paper as it stands and return its version; one that says the same as the newest is that one.

    Raises NotFrozen. The log takes the checksum first: what cannot be noted is not done.
    """
    if not typed.whole:
        raise NotFrozen("Write the message and the decision first.")
    period, today = str(made.period), house.today()
    found = content_of(made, typed)
    with house.stores.read_released() as main:
        newest = _newest(main, period)
    if newest is not None and without_version(newest.document) == json.loads(json.dumps(found)):
        return newest.version
    version = newest.version + 1 if newest else 1
    data = body(found, version, today, person[1])
    mark = checksum(data)
    log(house, person[0], "froze", about=f"{period} v{version}", once=mark)
    row = {"period": period, "version": version, "frozen_on": today, "frozen_by": person[0]}
    with house.stores.write_released() as main:
        if not insert_new(main, BoardPaper, {**row, "body": data, "checksum": mark}):
            raise NotFrozen("Somebody froze this paper a moment ago. Look at that version first.")
    return version


def versions(reader: Session, period: Period) -> list[Paper]:
    """All frozen versions of a period's paper, the newest first. Raises Changed."""
    rows = reader.scalars(
        select(BoardPaper).where(BoardPaper.period == str(period)).order_by(BoardPaper.version.desc())
    )
    return [_paper(row) for row in rows]


def periods(reader: Session) -> tuple[Period, ...]:
    """The periods that a paper is frozen of."""
    return tuple(Period.parse(text) for text in reader.scalars(select(BoardPaper.period).distinct()))


def words_of(reader: Session, quoted: Iterable[Mapping[str, str]], trusted: Authority | None) -> dict[str, Passage]:
    """The released texts that a paper quotes, by id; one that was withdrawn has no words, and one that changed is missing."""
    if trusted is None:
        return {}
    known = {one.id.hex(): one for one in passages(reader, [VIEW, NARRATIVE, LEARNING], trusted)}
    wanted = {one["id"]: one["hash"] for one in quoted}
    return {
        own: known[own]
        for own, mark in wanted.items()
        if own in known and (known[own].withdrawn or text_mark(known[own].text) == mark)
    }


def _newest(main: Session, period: str) -> Paper | None:
    row = main.scalars(
        select(BoardPaper).where(BoardPaper.period == period).order_by(BoardPaper.version.desc()).limit(1)
    ).first()
    return _paper(row) if row else None


def _paper(row: BoardPaper) -> Paper:
    if checksum(row.body) != row.checksum:
        raise Changed
    document = json.loads(row.body)
    if (document["period"], document["version"]) != (row.period, row.version):
        raise Changed
    return Paper(document, row.body, row.checksum.hex())
