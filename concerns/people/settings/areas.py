"""The table of areas: pasted or changed, looked at, and saved only as it was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from concerns.areas.changing import MERGED, RENAMED, Change, merging
from concerns.areas.rules import LEAST_STAFF, AreaError, AreaFacts, too_small, total_staff, warnings
from concerns.areas.table import starting_table, write_table
from concerns.pages.forms import DeskForm
from concerns.people.settings import tables as service
from concerns.people.settings.saving import saved
from concerns.people.settings.tables import Known, looked_at
from concerns.themes.packs import load_pack

CHANGED_MEANWHILE = (
    "Look at what would change before you save it: the table, or what is stored, is not what you looked at"
)
TICK_TWO = "Tick at least two areas of one division, to merge them"


class TableForm(DeskForm):
    """The table as it was typed: its tabs mean something, so nothing is tidied."""

    table = TextAreaField("Areas")


@dataclass(frozen=True)
class Small:
    """The areas of one division that are too small to be counted alone; `place` names their fields."""

    place: int
    division: str
    areas: tuple[AreaFacts, ...]
    #: what they are called together
    name: str


def areas() -> ResponseReturnValue:
    """The page: the table; once it was looked at, what it would change, and a button to save that."""
    known, form = service.known(), TableForm()
    if not form.validate_on_submit():
        if request.method == "GET":
            form.table.data = _beginning(known)
        return _page(known, form, None, {}), 422 if form.errors else 200
    fates = _fates()
    found = known.change(form.table.data or "", fates)
    step = request.form.get("step", "look")
    if found.troubles:
        form.table.errors = list(found.troubles)
        return _page(known, form, None, fates), 422
    if step in ("merge", "merge-all"):
        return _merge(known, form, found, fates, every=step == "merge-all")
    if step != "save":
        return _page(known, form, found, fates)
    if found.unsettled or request.form.get("looked") != looked_at(known, found):
        form.form_errors.append(CHANGED_MEANWHILE)
        return _page(known, form, found, fates), 422
    return _save(known, form, found, fates)


def _save(known: Known, form: TableForm, found: Change, fates: Mapping[str, str]) -> ResponseReturnValue:
    try:
        service.save(form.table.data, fates, looked_at(known, found))
    except AreaError:
        form.form_errors.append(CHANGED_MEANWHILE)
        now = service.known()
        return _page(now, form, now.change(form.table.data, fates), fates), 409
    return saved("The areas are saved")


def _merge(
    known: Known, form: TableForm, found: Change, fates: Mapping[str, str], *, every: bool
) -> ResponseReturnValue:
    """Write the table anew with small areas merged; it is looked at once more before anything is saved."""
    table, settled = list(found.table), dict(fates)
    ticked = set(request.form.getlist("small"))
    done = False
    for small in _small(found):
        going = [area for area in small.areas if every or area.name in ticked]
        if len(going) < 2:
            continue
        names = {area.name for area in going}
        table, more = merging(table, [area for area in table if area.name in names], small.name)
        settled |= more
        done = True
    if not done:
        form.form_errors.append(TICK_TWO)
        return _page(known, form, found, fates), 422
    form.table.data = write_table(table)
    again = known.change(form.table.data, settled)
    if again.troubles:
        form.table.errors = list(again.troubles)
        return _page(known, form, None, settled), 422
    return _page(known, form, again, settled)


def _page(known: Known, form: TableForm, found: Change | None, fates: Mapping[str, str]) -> str:
    standing = found.areas if found else ()
    return render_template(
        "people/settings/areas.html",
        form=form,
        free=known.free,
        found=found,
        staff=total_staff(standing),
        warnings=warnings(standing, LEAST_STAFF),
        small=_small(found) if found else [],
        missing=[(area, _offered(area, found), fates.get(area.code, "")) for area in _asked(known, found)],
        looked=looked_at(known, found) if found else "",
        least=LEAST_STAFF,
    )


def _asked(known: Known, found: Change | None) -> list[AreaFacts]:
    """The stored areas that no line of the table is by its code or its name: what became of each is asked."""
    if found is None or known.free:
        return []
    named = {step.before.code for step in found.steps if step.before}
    said = {code for code, fate in _fates().items() if fate.startswith(RENAMED)}
    return [area for area in known.now if area.code not in named or area.code in said]


def _offered(area: AreaFacts, found: Change | None) -> list[tuple[str, str]]:
    """What may have become of an area: a line that is new is its new name; any line may hold it now."""
    steps = found.steps if found else ()
    new = [step.after.name for step in steps if step.before is None or step.before.code == area.code]
    renamed = [(RENAMED + name, f"It is called {name} now") for name in new]
    merged = [(MERGED + step.after.name, f"It became a part of {step.after.name}") for step in steps]
    return [("", "Choose what became of it"), *renamed, *merged]


def _fates() -> dict[str, str]:
    start = "fate-"
    return {name.removeprefix(start): said for name, said in request.form.items() if name.startswith(start) and said}


def _small(found: Change) -> list[Small]:
    by_division: dict[str, list[AreaFacts]] = {}
    for area in too_small(found.areas, LEAST_STAFF):
        by_division.setdefault(area.division, []).append(area)
    return [
        Small(place, division, tuple(own), _name(place, division))
        for place, (division, own) in enumerate(by_division.items())
    ]


def _name(place: int, division: str) -> str:
    typed = " ".join(request.form.get(f"name-{place}", "").split())
    return typed if request.form.get(f"of-{place}") == division and typed else f"{division}: other areas"


def _beginning(known: Known) -> str:
    """The table as it stands; while set-up lasts and there is none, the sector's typical areas."""
    if known.now or not known.free:
        return write_table(known.now)
    return starting_table(list(load_pack(known.organisation.sector).divisions.items()))
