"""Flags already told and sorted, put straight into the stores, for the tests of closing."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from concerns.areas.queries import organisation
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.queries import release_document
from concerns.sealing.envelope import Sealed
from concerns.sealing.threads import Bundle, store_threads
from concerns.store.house import week_of
from concerns.triage.bundles import Sitting, Work, seal_flag_bundle
from concerns.triage.closing.service import CloseOutcome, close_part
from concerns.triage.rules import Step
from tests.cast import Instance

FLAG = {
    "text": "The lift sticks between floors.",
    "area": "ward-1",
    "worry": "fairly",
    "consent": "use",
    "danger": "no",
}


def launch(instance: Instance, day: dt.date) -> None:
    """Let the instance have been launched on another day."""
    with instance.stores.write_main() as main:
        organisation(main).launched_on = day


def sitting(
    instance: Instance, day: dt.date, theme: str | None = "N01", area: str | None = "ward-1", *, who: str = "gita"
) -> Sitting:
    work = Work(Step("acknowledged"), primary=theme, area=area)
    return Sitting(instance.guardian(who).sign_seed, work, day)


def bundle(instance: Instance, told: dt.date, *sittings: Sitting, guardians: Sequence[bytes] = ()) -> Bundle:
    publics = guardians or instance.charter.manifest.kem_publics
    week = week_of(told)
    return seal_flag_bundle(
        instance.site_id, publics, FLAG, week=week, purge_week=week + dt.timedelta(days=730), sittings=sittings
    )


def store(instance: Instance, *bundles: Bundle) -> None:
    store_threads(instance.stores, bundles)


def on(instance: Instance, day: dt.date) -> None:
    """Move the clock to the morning of a day."""
    instance.clock.now = dt.datetime.combine(day, dt.time(9), dt.UTC)


def part(instance: Instance, who: str, period: str) -> CloseOutcome:
    guardian = instance.guardian(who)
    return close_part(instance.house, guardian.person_id, guardian.secret, period)


def close(instance: Instance, period: str) -> None:
    assert part(instance, "gita", period).waiting
    assert part(instance, "gwen", period).frozen


def counted(instance: Instance, period: str) -> dict[str, int]:
    """Measured values of a release by theme or group, without the zeros."""
    with instance.stores.read_main() as main:
        document = release_document(main, Ledger(instance.directory), None, period, measured=True)
    found: Counter[str] = Counter()
    for node in document["nodes"]:
        found[node["theme"] or node["group"] or "all"] += node["measured"]
    return {key: value for key, value in found.items() if value}


def blind(whole: Bundle, kid: bytes) -> Bundle:
    """The thread as it would be had it excluded one guardian: her wraps are noise of the same length."""
    noise = bytes(1168)
    sealed = [Sealed(one.header, one.commit, one.body, {**one.wraps, kid: noise}) for one in whole.sealed]
    return Bundle(whole.thread_id, whole.lookup_hash, whole.tier, whole.week, whole.purge_week, sealed)
