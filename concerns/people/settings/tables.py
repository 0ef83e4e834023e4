"""Stores a new table of areas, and only the change that the admin looked at."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from concerns.areas import queries
from concerns.areas.changing import Change, change
from concerns.areas.editing import apply
from concerns.areas.model import Organisation
from concerns.areas.rules import AreaError, AreaFacts
from concerns.areas.table import read_table
from concerns.people.settings.saving import store_with
from concerns.sealing.text import canonical
from concerns.store.house import house


@dataclass(frozen=True)
class Known:
    """What is stored, and what was typed about it."""

    now: Sequence[AreaFacts]
    taken: frozenset[str]
    organisation: Organisation

    @property
    def free(self) -> bool:
        """Whether areas may still go: while set-up lasts, nobody can have told anything."""
        return self.organisation.stage == "setting-up"

    def change(self, table: str, fates: Mapping[str, str]) -> Change:
        """What the table would change; its troubles are those of its lines first."""
        sheet = read_table(table)
        if sheet.troubles:
            return Change((), troubles=sheet.troubles)
        return change(self.now, sheet.rows, fates, taken=self.taken, may_remove=self.free)


def known() -> Known:
    """What is stored now."""
    with house().stores.read_main() as main:
        return _known(main)


def save(table: str, fates: Mapping[str, str], looked: str) -> None:
    """Store what a table changes. Raises AreaError where that is not what was looked at: then nothing is changed."""

    def store(main: Session, _row: Organisation) -> None:
        now = _known(main)
        again = now.change(table, fates)
        if looked_at(now, again) != looked:  # somebody else saved meanwhile
            raise AreaError("The areas were changed meanwhile.")
        apply(main, again)

    store_with("areas", store)


def looked_at(known: Known, found: Change) -> str:
    """What was looked at: the same only where both what is stored and what would change are the same."""
    before = [(area.code, area.name, area.division, area.staff, area.codes) for area in known.now]
    after = [(area.code, area.name, area.division, area.staff) for area in found.areas]
    merges = [(area.code, code) for area, code in found.merges]
    gone = [area.code for area in (*found.removed, *found.unsettled)]
    return hashlib.sha256(canonical([before, after, merges, gone])).hexdigest()


def _known(main: Session) -> Known:
    codes = frozenset(area.code for area in queries.every_area(main))
    return Known(queries.area_facts(main), codes, queries.organisation(main))
