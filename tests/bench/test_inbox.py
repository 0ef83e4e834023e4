"""The inbox over a thousand and ten thousand flags, on both databases: one page of it, a search, and the first time."""

import datetime as dt
import gc
import random
import re
import time
from itertools import pairwise

import pytest

from concerns.people.access import Visitor
from concerns.sealing.collecting import rewrite
from concerns.sealing.threads import store_threads
from concerns.store.house import House
from concerns.triage.bundles import Sitting, Work, seal_flag_bundle
from concerns.triage.index import service
from concerns.triage.index.service import Index
from concerns.triage.reading import Desk, open_desk
from concerns.triage.rules import Step
from tests.bench.measure import Spent, calibration, say, spent
from tests.cast import Instance
from tests.people.visiting import Desk as SignedIn

pytestmark = pytest.mark.bench
LATEST = dt.date(2026, 11, 16)
WEEKS, STEP, TIMES, WARM = 150, 250, 10, 15
WORDS = (
    "the night shift had two nurses for thirty beds and the call bells were not answered so a patient fell near the "
    "lift which sticks between floors while the rota was changed again without asking anybody and the medicine trolley "
    "stood open in the corridor because nobody knows who has the key since the manager left in spring"
).split()


@pytest.mark.parametrize("flags", [1_000, 10_000])
def test_the_inbox(instance: Instance, flags: int) -> None:
    calibration()
    where = f"{flags} flags, {instance.stores.main.dialect.name}"
    fill(instance, flags)
    desk, gita = open_desk(instance.house), visitor(instance)
    with spent() as first:
        rounds, index = until_done(instance.house, desk, gita)
    say(f"Opening a flag for the index the first time ({where})", first.seconds, flags)
    print(f"{flags / first.seconds:.0f} flags a second, in {rounds} requests")
    assert len(index.cards) == flags
    started = time.perf_counter()
    rewrite(instance.stores)
    print(f"Rewriting both stores after it ({where}): {time.perf_counter() - started:.1f} s")
    page(instance, where)


def page(instance: Instance, where: str) -> None:
    """A page, a search and a flag, as one who is signed in asks for them."""
    desk = SignedIn(instance)
    desk.sign_in("gita")
    client = desk.client.client

    def ask(path: str, **fields: str) -> str:
        method = "POST" if fields else "GET"
        answer = client.open(path, method=method, data=fields, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 200, answer.status
        return answer.text

    for _time in range(WARM):  # what suggests themes is learnt meanwhile
        shown = ask("/inbox")
    gc.collect()
    gc.freeze()  # as a worker does once it is loaded
    for what, path in (("A page of the inbox", "/inbox?page=3"), ("A page of all of them", "/inbox?show=all&page=9")):
        with spent() as asked:
            for _time in range(TIMES):
                shown = ask(path)
        say(f"{what} ({where})", asked.seconds, TIMES)
        print(f"{len(shown.encode()) / 1000:.0f} kB")
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', shown)
    assert token
    with spent() as asked:
        found = ask("/inbox", words="corridor lift", csrf_token=token[1])
    say(f"A search ({where})", asked.seconds)
    print(f"{len(found.encode()) / 1000:.0f} kB")
    flag = re.search(r"/flags/[0-9a-f]{32}", shown)
    assert flag
    ask(flag[0])
    with spent() as asked:
        for _time in range(TIMES):
            ask(flag[0])
    say(f"The page of a flag ({where})", asked.seconds, TIMES)
    after_saving(desk, where)


def after_saving(desk: SignedIn, where: str) -> None:
    """A reading day: a flag is saved, the next one opened, the inbox looked at; new and old, open and closed ones."""
    client = desk.client.client
    lists = [client.get(f"/inbox?show={name}&page={number}").text for name, number in (("new", 1), ("all", 90))]
    paths = [path for shown in lists for path in re.findall(r"/flags/[0-9a-f]{32}", shown)[: TIMES // 2 + 1]]
    flag, inbox = Spent(), Spent()
    for saved, following in pairwise(paths):
        page = desk.client.get(saved)
        desk.client.submit(page, {"primary": "N03", "note": "Seen."}, button="Save", status=302)
        for path, total in ((following, flag), ("/inbox", inbox)):
            with spent() as asked:
                assert client.get(path).status_code == 200
            total.seconds += asked.seconds
    say(f"The page of the next flag after a save ({where})", flag.seconds, len(paths) - 1)
    say(f"The inbox after that ({where})", inbox.seconds, len(paths) - 1)


def until_done(house: House, desk: Desk, gita: Visitor) -> tuple[int, Index]:
    for rounds in range(1, 100):
        index = service.cards(house, desk, gita)
        if not index.behind:
            return rounds, index
    raise AssertionError("it never ends")


def visitor(instance: Instance) -> Visitor:
    person_id, secret = instance.secrets["gita"]
    return Visitor(person_id, "Gita", "gita@example.org", frozenset({"guardian"}), secret)


def fill(instance: Instance, flags: int) -> None:
    """Flags of three years, most of them sorted."""
    pick, publics, site_id = random.Random(1), instance.charter.manifest.kem_publics, instance.site_id
    signer = instance.guardian("gwen").sign_seed
    for start in range(0, flags, STEP):
        bundles = []
        for number in range(start, min(start + STEP, flags)):
            week = LATEST - dt.timedelta(weeks=number % WEEKS)
            step = Step("concluded", "acted") if number % 3 else Step("assessing")
            work = Work(step, primary=f"N{number % 14 + 1:02}", area="ward-1", reply="Thank you.", reason="Mended.")
            text = " ".join(pick.choices(WORDS, k=pick.randint(20, 160)))
            told = {"text": text, "area": "ward-1", "worry": "fairly", "consent": "use", "danger": "no"}
            bundles.append(
                seal_flag_bundle(
                    site_id,
                    publics,
                    told,
                    week=week,
                    purge_week=dt.date(2030, 1, 7),
                    sittings=[Sitting(signer, work, week + dt.timedelta(days=8))] if number % 20 else [],
                )
            )
        store_threads(instance.stores, bundles)
