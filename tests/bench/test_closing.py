"""Closing a quarter of 3,000 flags, and opening the desk's pages over them."""

import datetime as dt
import random

import pytest

from concerns.areas.queries import area_facts, organisation
from concerns.charter.service import current
from concerns.people.second_factor import code_at
from concerns.sealing.collecting import rewrite
from concerns.sealing.threads import store_threads
from concerns.store.house import utc_now
from concerns.themes.queries import current_set
from concerns.triage.bundles import Sitting, Work, seal_flag_bundle
from concerns.triage.closing.service import close_part
from concerns.triage.rules import Step
from tests.bench.conftest import Trio, hidden
from tests.bench.measure import calibration, say, spent
from tests.bench.server import Visitor, served
from tests.cast import TOTP

pytestmark = pytest.mark.bench
FLAGS, PAGES = 3000, 60
QUARTER = "2026-Q3"


def test_closing_a_quarter_of_3000_flags(trio: Trio) -> None:
    calibration()
    with spent() as sealing:
        fill(trio)
    say("Sealing a flag with one sitting of a guardian", sealing.seconds, FLAGS)
    for part, (person_id, secret) in enumerate(trio.secrets[:2], 1):
        with spent() as closing:
            outcome = close_part(trio.house, person_id, secret, QUARTER)
        say(f"Closing a quarter of {FLAGS} flags, part {part}", closing.seconds)
    assert outcome.frozen


def test_memory_of_the_desk(trio: Trio) -> None:
    fill(trio)
    with served(trio.house.directory, "desk") as desk, Visitor(desk.port) as gita:
        _status, page = gita.get("/sign-in")
        code = code_at(TOTP, utc_now())
        fields = {"email": "gita@example.org", "passphrase": "Gita keeps bees on the roof", "code": code}
        assert gita.post("/sign-in", {**hidden(page), **fields})[0] in (302, 303)
        before = desk.cpu()
        for number in range(1, PAGES + 1):
            status, page = gita.get(f"/inbox?show=all&page={number}")
            assert status == 200
        say("A page of the inbox, while the first ones open every flag", (desk.cpu() - before) / PAGES)
        print(f"Desk’s worker: {desk.memory():.0f} MB after {PAGES} pages of the inbox")


def fill(trio: Trio) -> None:
    """3,000 flags of the third quarter, each triaged in the week it came."""
    house, pick = trio.house, random.Random(1)
    with house.stores.read_main() as main:
        charter = current(main, house.directory)
        site_id, themes, areas = organisation(main).site_id, current_set(main, house.today()), area_facts(main)
    bundles = []
    for number in range(FLAGS):
        week = dt.date(2026, 7, 6) + dt.timedelta(weeks=number % 12)
        theme, area = pick.choice(themes).code, pick.choice(areas).code
        work = Work(Step("acknowledged"), primary=theme, area=area)
        bundles.append(
            seal_flag_bundle(
                site_id,
                charter.manifest.kem_publics,
                {"text": f"Something worries me, {number}.", "area": area, "worry": "fairly", "danger": "no"},
                week=week,
                purge_week=dt.date(2030, 1, 7),
                sittings=[Sitting(trio.secrets[0][1][32:], work, week)],
            )
        )
    for start in range(0, FLAGS, 500):
        store_threads(house.stores, bundles[start : start + 500])
    rewrite(house.stores)
