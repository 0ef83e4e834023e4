"""What a close reads of how flags were handled: severity, the first answer, and what their reporters said of it."""

import datetime as dt
from dataclasses import replace

import pytest

from concerns.disclosure.nodes import Handling
from concerns.disclosure.service import CountedFlag, Window
from concerns.sealing.chain import next_link
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.keys import new_seed
from concerns.sealing.receipt import ReceiptKeys
from concerns.sealing.threads import Bundle, deliver
from concerns.store.base import new_id
from concerns.triage.bundles import Sitting, Work, seal_flag_bundle
from concerns.triage.closing import handling
from concerns.triage.closing.records import reader_for
from concerns.triage.queries import facts_of
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.triage.closing_bench import FLAG, store

MONDAY = dt.date(2026, 2, 9)
IN_TIME, LATE = dt.date(2026, 2, 23), dt.date(2026, 2, 24)
CUT_OFF = dt.date(2027, 1, 21)
WINDOW = Window(dt.date(2026, 12, 31), CUT_OFF - dt.timedelta(days=1), frozenset(), days_to_answer=7)
FINE = Handling(severe=False, in_time=True, discouraged=False)


def told(instance: Instance, *works: tuple[dt.date, Work]) -> tuple[Bundle, ReceiptKeys]:
    keys = ReceiptKeys(new_id(), new_seed(), new_seed())
    sittings = [Sitting(instance.guardian().sign_seed, work, day) for day, work in works]
    publics = instance.charter.manifest.kem_publics
    purge = MONDAY + dt.timedelta(days=730)
    return seal_flag_bundle(
        instance.site_id, publics, FLAG, week=MONDAY, purge_week=purge, sittings=sittings, receipt=keys
    ), keys


def addition(instance: Instance, bundle: Bundle, seed: bytes, **said: str) -> Sealed:
    header = Header(Kind.DETAIL, instance.site_id, bundle.thread_id, new_id())
    payload = {"text": "", **said, **next_link([], None)}
    return seal(header, payload, instance.charter.manifest.kem_publics, seed)


def handled(instance: Instance, *bundles: Bundle, window: Window = WINDOW) -> list[Handling | None]:
    gita = instance.guardian()
    read = reader_for(instance.stores, instance.site_id, gita.secret[:32], instance.charter.manifest.signers)
    found = {one.thread_id: one.handling for one in read(window) if isinstance(one, CountedFlag)}
    return [found[bundle.thread_id] for bundle in bundles]


def sorted_(**known: object) -> Work:
    return replace(Work(Step("acknowledged"), primary="N01"), **known)  # type: ignore[arg-type]  # its own fields


def test_severe_in_time_and_discouraged_each_have_their_rule(instance: Instance) -> None:
    late_record = (CUT_OFF, sorted_(harm="fatal"))
    cases = {
        "sorted in time": ([(IN_TIME, sorted_())], {}, FINE),
        "a day late": ([(LATE, sorted_())], {}, replace(FINE, in_time=False)),
        "severe": ([(IN_TIME, sorted_(harm="severe"))], {}, replace(FINE, severe=True)),
        "severe to the mind": ([(IN_TIME, sorted_(psychological="severe"))], {}, replace(FINE, severe=True)),
        "extreme": ([(IN_TIME, sorted_(score=(5, 3)))], {}, replace(FINE, severe=True)),
        "not severe after all": ([(IN_TIME, sorted_(harm="fatal")), (LATE, sorted_(harm="low"))], {}, FINE),
        "severe from the cut-off on": ([(IN_TIME, sorted_()), late_record], {}, FINE),
        "treated badly": ([(IN_TIME, sorted_())], {"about": "detriment"}, replace(FINE, discouraged=True)),
        "never again": ([(IN_TIME, sorted_())], {"about": "closing", "again": "no"}, replace(FINE, discouraged=True)),
        "unsure": ([(IN_TIME, sorted_())], {"about": "closing", "again": "unsure"}, FINE),
    }
    bundles = []
    for works, said, _expected in cases.values():
        bundle, keys = told(instance, *works)
        added = [addition(instance, bundle, keys.sign_seed, **said)] if said else []
        bundles.append(replace(bundle, sealed=[*bundle.sealed, *added]))
    store(instance, *bundles)
    assert dict(zip(cases, handled(instance, *bundles), strict=True)) == {
        name: expected for name, (_works, _said, expected) in cases.items()
    }
    # where nobody asks, nothing is opened for it
    assert set(handled(instance, *bundles, window=replace(WINDOW, days_to_answer=0))) == {None}


def test_what_is_destroyed_while_it_is_read_counts_no_more(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    (gone, _), (kept, _) = told(instance, (IN_TIME, sorted_())), told(instance, (IN_TIME, sorted_()))
    store(instance, gone, kept)
    monkeypatch.setattr(
        handling, "facts_of", lambda main, ids: [one for one in facts_of(main, ids) if one.thread_id == kept.thread_id]
    )
    gita = instance.guardian()
    read = reader_for(instance.stores, instance.site_id, gita.secret[:32], instance.charter.manifest.signers)
    assert [one.thread_id for one in read(WINDOW)] == [kept.thread_id]


@pytest.mark.parametrize("case", ["forged", "not collected", "after the cut-off", "in time"])
def test_only_what_the_reporter_said_in_time_counts(instance: Instance, case: str) -> None:
    bundle, keys = told(instance, (IN_TIME, sorted_()))
    store(instance, bundle)
    seed = new_seed() if case == "forged" else keys.sign_seed
    assert deliver(instance.stores, [addition(instance, bundle, seed, about="detriment")])
    if case != "not collected":
        # the week of the cut-off is not over by then
        collect(instance.stores, CUT_OFF - dt.timedelta(days=1 if case == "after the cut-off" else 7), 36)
    assert handled(instance, bundle) == [replace(FINE, discouraged=case == "in time")]
