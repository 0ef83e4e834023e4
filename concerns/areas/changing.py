"""What a new table of areas would change: added, renamed, moved, counted anew, merged, removed. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from concerns.areas.rules import AreaFacts, code_of, folded
from concerns.areas.table import Row

#: what becomes of an area that is not in the table: it is called so now, or became a part of that area
RENAMED, MERGED = "is:", "into:"


@dataclass(frozen=True)
class Step:
    """One area after the change; `before` is None for a new one."""

    before: AreaFacts | None
    after: AreaFacts


@dataclass(frozen=True)
class Change:
    """The whole change. It can be made where nothing is `unsettled`."""

    steps: tuple[Step, ...]
    #: areas that become a part of another one, with that one's code
    merges: tuple[tuple[AreaFacts, str], ...] = ()
    #: while nothing was told yet an area may go
    removed: tuple[AreaFacts, ...] = ()
    #: missing from the table, and nobody said what becomes of them
    unsettled: tuple[AreaFacts, ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def areas(self) -> tuple[AreaFacts, ...]:
        """The areas as they would stand."""
        return tuple(step.after for step in self.steps)

    @property
    def table(self) -> tuple[AreaFacts, ...]:
        """The same as a table writes them: a new area has no code yet."""
        return tuple(step.after if step.before else replace(step.after, code="") for step in self.steps)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What would change, one sentence each; none where nothing would."""
        names = {step.after.code: step.after.name for step in self.steps}
        return (
            *(sentence for step in self.steps for sentence in _of(step)),
            *(f"{area.name} becomes a part of {names[code]}." for area, code in self.merges),
            *(_within_a_year(step.after.name) for step in self.steps if step.before is None and self._made(step)),
            *(f"{area.name} goes." for area in self.removed),
        )

    def _made(self, step: Step) -> bool:
        """Whether an area is made of others."""
        return any(code == step.after.code for _area, code in self.merges)


def change(
    now: Sequence[AreaFacts],
    rows: Sequence[Row],
    fates: Mapping[str, str],
    *,
    taken: Collection[str] = (),
    may_remove: bool = False,
) -> Change:
    """What these rows would change. `fates` says by code what becomes of an area that is in no row.

    `taken` are the codes that were ever given: a new area gets another one.
    """
    known = {area.code: area for area in now}
    matched, troubles = _matched(now, rows)
    missing = [area for area in now if area.code not in matched.values()]
    for area in missing:
        fate = fates.get(area.code, "")
        row = next((row for row in rows if fate == RENAMED + row.name and row not in matched), None)
        if row is not None:
            matched[row] = area.code
    steps = _steps(rows, matched, known, {*taken, *known})
    gone = [area for area in missing if area.code not in matched.values()]
    by_name = {folded(step.after.name): step.after.code for step in steps}
    into = {area.code: by_name.get(folded(fates.get(area.code, "").removeprefix(MERGED))) for area in gone}
    merges = [(area, code) for area in gone if (code := _end(area, into, fates)) is not None]
    left = tuple(area for area in gone if area.code not in {area.code for area, _code in merges})
    # what goes for good leaves its names, and those that went into it
    kept = [area for area in now if area not in gone] if may_remove else now
    troubles += _names_of_merged(kept, () if may_remove else merges, steps)
    return Change(
        steps=tuple(steps),
        # while nothing was told yet there is nothing to be kept of it
        merges=() if may_remove else tuple(merges),
        removed=tuple(gone) if may_remove else (),
        unsettled=() if may_remove else left,
        troubles=tuple(troubles),
    )


def merging(
    table: Sequence[AreaFacts], going: Collection[AreaFacts], name: str
) -> tuple[list[AreaFacts], dict[str, str]]:
    """The table in which these areas of one division are one of this name, and the fates that go with it.

    A new area has no code. Where an area of this name stands already, they become a part of it.
    """
    going = [area for area in going if folded(area.name) != folded(name)]
    left = [area for area in table if area not in going]
    staff = sum(area.staff for area in going)
    same = next((area for area in left if folded(area.name) == folded(name)), None)
    if same is not None:
        left = [replace(area, staff=area.staff + staff) if area is same else area for area in left]
    elif going:
        left.append(AreaFacts("", name, going[0].division, staff))
    return left, {area.code: MERGED + name for area in going if area.code}


def _matched(now: Sequence[AreaFacts], rows: Sequence[Row]) -> tuple[dict[Row, str], list[str]]:
    """Which area each row is: by its code, else by its name."""
    codes = {area.code for area in now}
    matched = {row: row.code for row in rows if row.code in codes}
    troubles = [
        f"Line {row.line}: there is no area with the code “{row.code}”. Leave the code of a new area empty."
        for row in rows
        if row.code and row.code not in codes
    ]
    names = {folded(area.name): area.code for area in now}
    for row in rows:
        code = names.get(folded(row.name))
        if not row.code and code is not None and code not in matched.values():
            matched[row] = code
    return matched, troubles


def _steps(
    rows: Sequence[Row], matched: Mapping[Row, str], known: Mapping[str, AreaFacts], taken: Collection[str]
) -> list[Step]:
    steps: list[Step] = []
    used = set(taken)
    for row in rows:
        before = known.get(matched.get(row, ""))
        code = before.code if before else code_of(row.name, used)
        used.add(code)
        merged = before.merged if before else ()
        steps.append(Step(before, AreaFacts(code, row.name, row.division, row.staff, merged)))
    return steps


def _names_of_merged(
    now: Sequence[AreaFacts], merges: Sequence[tuple[AreaFacts, str]], steps: Sequence[Step]
) -> list[str]:
    """A name that an area had when it was merged stays with that area: old flags are read under it."""
    called = {step.after.code: step.after.name for step in steps}
    earlier = {folded(name): called.get(area.code, area.name) for area in now for _code, name in area.merged}
    earlier |= {folded(area.name): called[code] for area, code in merges}
    return [
        f"“{step.after.name}” became a part of “{earlier[folded(step.after.name)]}”. Give the area another name."
        for step in steps
        if folded(step.after.name) in earlier
    ]


def _end(area: AreaFacts, into: Mapping[str, str | None], fates: Mapping[str, str]) -> str | None:
    return into[area.code] if fates.get(area.code, "").startswith(MERGED) else None


def _within_a_year(name: str) -> str:
    return (
        f"In a year whose table is fixed already, what is told of {name} counts where the table has all that it was made "
        "of in one place; where it has that in several places, it counts as “not said” until the next year."
    )


def _of(step: Step) -> Iterable[str]:
    before, after = step.before, step.after
    if before is None:
        yield f"{after.name} is new, in {after.division}, with {after.staff} staff."
        return
    if before.name != after.name:
        yield f"{before.name} is called {after.name}."
    if before.division != after.division:
        yield f"{after.name} moves from {before.division} to {after.division}."
    if before.staff != after.staff:
        yield f"{after.name} has {after.staff} staff, {before.staff} before."
