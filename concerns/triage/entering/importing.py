"""Imports flags from a spreadsheet: all rows are checked, then sealed one by one, then stored, all or none."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from concerns.areas import queries as areas_queries
from concerns.areas.rules import NOT_SAID, standing
from concerns.audit.service import note
from concerns.charter import service as charter_service
from concerns.charter.manifest import Manifest
from concerns.people.signing_in import Unlocked
from concerns.sealing.collecting import StoreBusy, purge_week, rewrite
from concerns.sealing.model import ContactKey, ShredKey, Thread
from concerns.sealing.signing import sign_public
from concerns.sealing.threads import Bundle, store_threads
from concerns.store.house import House, week_of
from concerns.themes import queries as themes_queries
from concerns.themes.rules import OTHER
from concerns.triage.bundles import Sitting, Work, seal_flag_bundle
from concerns.triage.entering.csv_rows import Row, read_rows
from concerns.triage.rules import Step

CHUNK = 100


class ImportRefused(Exception):
    """This person cannot import here; the text says why."""


@dataclass(frozen=True)
class _Plan:
    """What every row is sealed with."""

    site_id: bytes
    guardians: Sequence[bytes]
    #: None where no row has a theme: then nobody signs anything
    sign_seed: bytes | None
    today: dt.date
    purge_week: dt.date


def check_file(house: House, data: bytes) -> list[Row]:
    """The rows of a CSV file, every one good. Raises BadFile, which names each bad line and its reason."""
    with house.stores.read_main() as main:
        areas, themes = _areas(main), _themes(main, house.today())
    return read_rows(data, areas, themes, house.today())


def import_rows(house: House, guardian: Unlocked | None, rows: Sequence[Row], progress: Callable[[int], None]) -> None:
    """Seal every row as a flag that nobody comes back to; one with a theme is sorted by this guardian.

    `progress` is told how many rows are sealed. Raises ImportRefused, NotOpenYet, and whatever the store raises; then
    nothing of the file is left.
    """
    if guardian is None and any(row.themes for row in rows):
        raise ImportRefused("Rows with a theme are sorted by a guardian: name her")
    plan = _plan(house, guardian)
    bundles = []
    for number, row in enumerate(rows, 1):
        bundles.append(_bundle(plan, row))
        progress(number)
    bundles.sort(key=lambda bundle: bundle.thread_id)  # the order of the file must not show in the store
    if guardian is not None:
        note(house, guardian.person_id, "imported")
    try:
        for start in range(0, len(bundles), CHUNK):
            store_threads(house.stores, bundles[start : start + CHUNK])
    except BaseException:
        _take_back(house, bundles)
        raise
    with suppress(StoreBusy):  # every row is stored; the next collect rewrites the tables
        rewrite(house.stores)


def _plan(house: House, guardian: Unlocked | None) -> _Plan:
    with house.stores.read_main() as main:
        site_id = areas_queries.organisation(main).site_id
        charter = charter_service.current(main, house.directory)
    seed = None if guardian is None else _sign_seed(guardian, charter.manifest)
    today = house.today()
    # the purge is reckoned from the import: an old date in the file must not throw the flag away at once
    purge = purge_week(week_of(today), charter.latest_months(today))
    return _Plan(site_id, charter.manifest.kem_publics, seed, today, purge)


def _sign_seed(guardian: Unlocked, manifest: Manifest) -> bytes:
    key = manifest.by_person(guardian.person_id)
    if guardian.secret is None or key is None or sign_public(guardian.secret[32:]) != key.sign:
        raise ImportRefused("Only a guardian whose key all guardians have signed can import flags")
    return guardian.secret[32:]


def _bundle(plan: _Plan, row: Row) -> Bundle:
    flag = {
        "text": row.text,
        "area": row.area or NOT_SAID,
        "worry": row.worry,
        "consent": "use",
        "danger": "",
        "language": "en",
        "channel": "imported",
        "mode": "anonymous",
        "harm": row.harm,  # what the file says of it, until a guardian sorts the flag
    }
    return seal_flag_bundle(
        plan.site_id,
        plan.guardians,
        flag,
        week=week_of(row.collected_on),
        purge_week=plan.purge_week,
        sittings=[Sitting(plan.sign_seed, _sorted(row), plan.today)] if row.themes and plan.sign_seed else [],
    )


def _sorted(row: Row) -> Work:
    return Work(step=Step("assessing"), primary=row.themes[0], themes=row.themes[1:], area=row.area, harm=row.harm)


def _take_back(house: House, bundles: Sequence[Bundle]) -> None:
    ids = [bundle.thread_id for bundle in bundles]
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        with house.stores.write_live() as live:
            for table in (ShredKey, ContactKey):
                live.execute(delete(table).where(table.thread_id.in_(some)))
        with house.stores.write_main() as main:
            main.execute(delete(Thread).where(Thread.id.in_(some)))


def _areas(main: Session) -> Mapping[str, str]:
    found = areas_queries.area_facts(main)
    return _by_name_or_code([(name, area.code) for area in found for name in area.names], standing(found))


def _themes(main: Session, today: dt.date) -> Mapping[str, str]:
    found = themes_queries.current_set(main, today)
    return {OTHER: OTHER, **_by_name_or_code([(theme.name, theme.code) for theme in found])}


def _by_name_or_code(pairs: Sequence[tuple[str, str]], former: Mapping[str, str] | None = None) -> dict[str, str]:
    """The code for each name and code; `former` gives it for codes that count as another one today."""
    names = {" ".join(name.split()).casefold(): code for name, code in pairs}
    return {**names, **(former or {}), **{code.casefold(): code for _name, code in pairs}}
