"""Fills a pilot: flags are invented, sealed with the guardians' public keys alone, and stored as collected."""

import datetime as dt
import random
from collections.abc import Sequence
from contextlib import suppress

from concerns.areas import queries as areas_queries
from concerns.areas.model import Organisation
from concerns.areas.rules import NOT_SAID
from concerns.audit.service import note
from concerns.charter import service as charter
from concerns.demo.phrasebook import phrasebook
from concerns.demo.wording import Writer
from concerns.people.overview import fills
from concerns.people.parts import MOST_FILLS
from concerns.sealing.collecting import StoreBusy, purge_week, rewrite
from concerns.sealing.rewriting import one_at_a_time
from concerns.sealing.threads import Bundle, store_threads
from concerns.store.house import House, week_of
from concerns.themes.rules import OTHER
from concerns.triage import bundles as sealing

FLAGS = 30
#: as if told in the last weeks
WEEKS = 5
SHARE_WITHOUT_AREA, SHARE_OF_TWO_THEMES = 0.12, 0.2
WORRIES = ("very", "very", "fairly", "fairly", "fairly", "not very", "not at all", "")
CONSENTS = ("count", "use", "use", "use", "use", "tell", "ask")


class NotFilled(Exception):
    """The pilot cannot be filled now; the text says why."""


def fill(house: House, person_id: bytes, rng: random.Random) -> int:
    """Fill the pilot; returns with how many flags. Raises NotFilled, NotOpenYet, CharterRefused or NotNoted."""
    # the turn that a launch takes too: it destroys all of a filling, or comes first and is seen here
    with one_at_a_time(house.stores):
        with house.stores.read_main() as main:
            organisation = areas_queries.organisation(main)
            areas = [area.code for area in areas_queries.area_facts(main)]
            _check(organisation.stage, fills(main))
            rules = charter.current(main, house.directory)
        today = house.today()
        bundles = invented(
            organisation, areas, rules.manifest.kem_publics, rules.latest_months(today), week_of(today), rng
        )
        store_threads(house.stores, bundles)
        # afterwards, since the log says how often it was filled: a filling that broke off is none
        note(house, person_id, "filled")
        with suppress(StoreBusy):  # every flag is stored; the next collect rewrites the tables
            rewrite(house.stores)
    return len(bundles)


def _check(stage: str, filled: int) -> None:
    if stage != "pilot":
        raise NotFilled("Only a pilot is filled with invented concerns")
    if filled >= MOST_FILLS:
        raise NotFilled("The pilot was filled twice already: tell more at the report door")


def invented(
    organisation: Organisation,
    areas: Sequence[str],
    guardians: Sequence[bytes],
    latest_months: int,
    this_week: dt.date,
    rng: random.Random,
) -> list[Bundle]:
    """Flags of this sector, sealed; every area has one before any has two."""
    writer, book = Writer(organisation.sector, rng), phrasebook(organisation.sector)
    themes, settings = [code for code in book.themes if code != OTHER], sorted(book.settings)
    where: list[str] = []
    bundles = []
    for _ in range(FLAGS):
        where = where or rng.sample(areas, len(areas))
        area = NOT_SAID if rng.random() < SHARE_WITHOUT_AREA else where.pop()
        setting = settings[sum(area.encode()) % len(settings)]  # one area talks in one way
        chosen = [code for code in themes if book.cores(code, setting)]
        told = rng.sample(chosen, 2 if rng.random() < SHARE_OF_TWO_THEMES else 1)
        week = this_week - dt.timedelta(weeks=rng.randrange(WEEKS))
        flag = {
            "text": writer.flag(tuple(told), setting),
            "area": area,
            "worry": rng.choice(WORRIES),
            "consent": rng.choice(CONSENTS),
            "danger": "no",
            "language": "en",
            "channel": "online",
            "mode": "anonymous",
        }
        purge = purge_week(this_week, latest_months)
        bundles.append(
            sealing.seal_flag_bundle(organisation.site_id, guardians, flag, week=week, purge_week=purge, tier="open")
        )
    return bundles
