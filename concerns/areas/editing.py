"""Changes the table of areas. A code never changes, and an area that a flag may name never goes: it becomes a part of another."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from concerns.areas.changing import Change
from concerns.areas.model import Area, Division
from concerns.areas.queries import end_of
from concerns.areas.rules import AreaError


def apply(main: Session, change: Change) -> None:
    """Make a change of the areas. Raises AreaError where something about it is not settled."""
    if change.troubles or change.unsettled:
        raise AreaError("The change of the areas is not settled.")
    rows = {area.code: area for area in main.scalars(select(Area))}
    for code in _going(change, rows):
        main.delete(rows.pop(code))
    _free_names(main, change, rows)
    divisions = _divisions(main, change)
    for step in change.steps:
        row = rows.get(step.after.code) if step.before else None
        if row is None:
            row = Area(code=step.after.code)
            main.add(row)
        row.name, row.staff, row.division = step.after.name, step.after.staff, divisions[step.after.division]
    main.flush()
    for area, code in change.merges:
        rows[area.code].merged_into = code
    main.flush()
    main.execute(delete(Division).where(Division.id.not_in(select(Area.division_id))))
    main.expire_all()


def _going(change: Change, rows: Mapping[str, Area]) -> list[str]:
    """The codes of what is removed, and of all that had become a part of it: a hidden row would keep its name."""
    removed = {area.code for area in change.removed}
    into = {code: area.merged_into for code, area in rows.items() if area.merged_into is not None}
    return [code for code in rows if end_of(code, into) in removed]


def _free_names(main: Session, change: Change, rows: dict[str, Area]) -> None:
    """Names are unique at every moment: where two areas swap theirs, both let go of them first."""
    for step in change.steps:
        if step.before is not None and step.before.name != step.after.name:
            rows[step.before.code].name = rows[step.before.code].id.hex()
    main.flush()


def _divisions(main: Session, change: Change) -> dict[str, Division]:
    found = {division.name: division for division in main.scalars(select(Division))}
    for name in dict.fromkeys(step.after.division for step in change.steps):
        if name not in found:
            found[name] = Division(name=name)
            main.add(found[name])
    return found
