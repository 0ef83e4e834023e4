"""What a guardian's desk learns from 10,000 flags: learning, loading, suggesting, comparing, and the page of signals."""

import datetime as dt
import secrets
from random import Random
from typing import NamedTuple

import pytest
from sqlalchemy import insert

from concerns.areas.queries import organisation
from concerns.demo.phrasebook import phrasebook
from concerns.demo.wording import Writer
from concerns.sealing.model import ShredKey
from concerns.sealing.shelf import Owner
from concerns.themes.engine import cold_engine
from concerns.themes.likeness import more_like, similar
from concerns.themes.packs import load_pack
from concerns.triage.insight.alike import MOST_NEAR, MOST_NEWEST
from concerns.triage.insight.learnt import MORE, NEWEST, Lesson, engine_of, learn, row_size
from concerns.triage.insight.service import MOST_NEW, MOST_OLD
from concerns.triage.insight.signals import signals
from concerns.triage.insight.topics import topics
from tests.bench.conftest import Trio
from tests.bench.measure import calibration, say, spent

pytestmark = pytest.mark.bench
FLAGS, WEEKS = 10_000, 104
THEMES = load_pack("nhs").themes
TODAY = dt.date(2026, 11, 23)


class Told(NamedTuple):
    """A flag as signals and lessons see it."""

    thread: str
    week: dt.date
    primary: str
    text: str
    event: str = ""


@pytest.fixture(scope="module")
def flags() -> list[Told]:
    rng = Random(1)
    writer, settings = Writer("nhs", rng), sorted(phrasebook("nhs").settings)
    cores = phrasebook("nhs").cores
    found = []
    for number in range(FLAGS):
        code = rng.choice(THEMES).code
        setting = rng.choice([one for one in settings if cores(code, one)])
        # words that no other flag has: real comments have one in thirty words or so, among 1,200 of them
        rare = " ".join("".join(rng.choices("aeioulmnrst", k=7)) for _ in range(2))
        week = TODAY - dt.timedelta(weeks=1 + number * WEEKS // FLAGS)
        found.append(Told(secrets.token_hex(16), week, code, f"{writer.flag((code,), setting)} {rare}"))
    return found


def test_learning_loading_and_suggesting(trio: Trio, flags: list[Told]) -> None:
    calibration()
    cold_engine(THEMES)
    person_id, secret = trio.secrets[0]
    with trio.house.stores.read_main() as main:
        owner = Owner(organisation(main).site_id, person_id, secret[:32])
    with trio.house.stores.write_live() as live:
        live.execute(insert(ShredKey), [{"thread_id": bytes.fromhex(one.thread), "key": bytes(32)} for one in flags])
    lessons = [Lesson(one.thread, one.week, (one.primary,)) for one in flags]
    by_week: dict[dt.date, dict[str, str]] = {}
    for one in flags:
        by_week.setdefault(one.week, {})[one.thread] = one.text
    stores, size, requests, slowest = trio.house.stores, row_size(FLAGS), 0, 0.0

    def learnt(known: list[Lesson]) -> bool:
        return learn(
            stores, owner, THEMES, known, lambda weeks: {k: v for w in weeks for k, v in by_week[w].items()}, size
        )

    done = False
    while not done:
        with spent() as learning:
            done = learnt(lessons[200:])
        requests, slowest = requests + 1, max(slowest, learning.seconds)
    with spent() as adding:
        assert learnt(lessons[199:])
    openable = [one.thread for one in flags]
    with spent() as loading:
        for _ in range(10):
            engine = engine_of(stores, owner, THEMES, openable)
    with spent() as suggesting:
        for one in flags[:200]:
            engine.suggest(one.text)
    print(f"\n{NEWEST} confirmed flags are learnt in {requests} requests; the row takes {size / 1000:.0f} kB", end="")
    say("The longest of these requests", slowest)
    say("Learning from one flag more", adding.seconds)
    say("Loading what was learnt", loading.seconds, 10)
    say("Suggesting", suggesting.seconds, 200)
    assert MORE < NEWEST
    assert slowest <= 1.5
    assert loading.seconds / 10 + suggesting.seconds / 200 <= 0.05


def test_comparing_and_looking(flags: list[Told]) -> None:
    calibration()
    texts = [one.text for one in flags]
    with spent() as near:
        similar(texts[0], texts[1 : 1 + MOST_NEAR])
    with spent() as more:
        more_like(texts[:1], texts[1 : 1 + MOST_NEWEST])
    with spent() as rising:
        topics(texts[:MOST_NEW], texts[MOST_NEW : MOST_NEW + MOST_OLD])
    with spent() as judging:
        found = signals(flags, THEMES, TODAY)
    say(f"Flags like one among the {MOST_NEAR} nearest", near.seconds)
    say(f"More like one among the newest {MOST_NEWEST}", more.seconds)
    say(f"Rising words of {MOST_NEW} flags against {MOST_OLD}", rising.seconds)
    say(f"Signals over {FLAGS} flags", judging.seconds)
    assert len(found) == len(THEMES)
