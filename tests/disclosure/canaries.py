"""Flags full of words that stand nowhere else, and everything that is released of them."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import Release
from concerns.disclosure.periods import Period
from concerns.disclosure.queries import frozen_release
from concerns.store.house import week_of
from concerns.triage.bundles import Sitting, Work, seal_flag_bundle
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.reports.read_back import read_back
from tests.triage.closing_bench import FLAG, close, launch, on, store

TEXT = "Zephyrine Quillfeather left the marmoset unbuckled beside our periwinkle centrifuge at 04:17 on Thornsday night"
NOTE = "Probably Ondine Brackwater from the walrus rota told this after the tombola incident of last Michaelmas"
REPLY = "Thank you for the halibut drawing we are asking Peverell Nightjar to mend the gangway this fortnight"
REASON = "The gazebo committee tightened every sprocket and wrote to the lighthouse about it"
WRITTEN = (TEXT, NOTE, REPLY, REASON)
DAY = dt.date(2026, 2, 10)


@dataclass(frozen=True)
class Told:
    """What nobody may find in a release."""

    thread_ids: list[bytes]
    days: list[dt.date]


def tell_and_close(instance: Instance, count: int = 40) -> Told:
    """Flags told in February, sorted with notes, replies and reasons, in a quarter that is then closed."""
    launch(instance, dt.date(2026, 1, 1))
    on(instance, dt.date(2026, 4, 22))
    publics, seed = instance.charter.manifest.kem_publics, instance.guardian("gita").sign_seed
    work = Work(Step("acknowledged"), primary="N01", area="ward-1", reason=REASON, reply=REPLY, note=NOTE)
    days = [DAY + dt.timedelta(days=n) for n in range(count)]
    bundles = [
        seal_flag_bundle(
            instance.site_id,
            publics,
            {**FLAG, "text": TEXT, "area": "ward-1"},
            week=week_of(day),
            purge_week=week_of(day) + dt.timedelta(days=730),
            sittings=[Sitting(seed, work, day + dt.timedelta(days=3))],
        )
        for day in days
    ]
    store(instance, *bundles)
    close(instance, "2026-Q1")
    return Told([bundle.thread_id for bundle in bundles], days)


def released(instance: Instance) -> Mapping[str, str]:
    """Page and files as a leader gets them, what the command writes, and the frozen bytes."""
    lena = Desk(instance)
    lena.sign_in("lena")
    paths = ("/report/", "/report/2026-Q1", "/report/2026-Q1.csv", "/report/2026-Q1.json")
    answers = {path: lena.client.get(path) for path in paths}
    assert not any(name in answer.response.headers for answer in answers.values() for name in ("Last-Modified", "ETag"))
    texts = {path: answer.html for path, answer in answers.items()}
    ledger = Ledger(instance.directory)
    with instance.stores.read_main() as main:
        frozen = frozen_release(main, ledger, Period(2026, 1))
        row = main.get_one(Release, ("quarter", "2026-Q1"))
        texts["frozen"] = row.body.decode()
    texts |= {f"{form} of the command": text for form, text in read_back(frozen, measured=True).items()}
    return texts


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9:]+", text.lower())


def runs(text: str, length: int = 6) -> set[tuple[str, ...]]:
    """Every run of so many words."""
    said = words(text)
    return {tuple(said[n : n + length]) for n in range(len(said) - length + 1)}
