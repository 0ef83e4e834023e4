"""A pilot is filled twice at most, with invented concerns that guardians open and that fit the organisation."""

import random
import threading
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from concerns.areas.model import Area, Organisation
from concerns.areas.rules import NOT_SAID
from concerns.audit.model import AuditRow
from concerns.charter.service import NotOpenYet
from concerns.demo.pilot import filling
from concerns.demo.pilot.filling import NotFilled, fill, invented
from concerns.founding.launching import launch, ready
from concerns.sealing.keys import kem_public, new_seed
from concerns.sealing.model import Thread
from concerns.sealing.opening import open_threads
from concerns.sealing.threads import Bundle
from concerns.store.house import week_of
from concerns.themes.packs import SECTORS
from concerns.triage import bundles
from tests.cast import Instance
from tests.founding.setting_up import piloting, settled, signed_by_all


def threads(instance: Instance) -> int:
    with instance.stores.read_main() as main:
        return main.scalar(select(func.count()).select_from(Thread)) or 0


def filled(instance: Instance) -> int:
    """How often the log says so."""
    with instance.stores.read_main() as main:
        return main.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.verb == "filled")) or 0


def test_guardians_see_thirty_at_once_in_every_area(unfounded: Instance) -> None:
    ada = piloting(unfounded)
    assert fill(unfounded.house, ada, random.Random(1)) == threads(unfounded) == 30
    with unfounded.stores.read_main() as main:
        ids, weeks = list(main.scalars(select(Thread.id))), set(main.scalars(select(Thread.week)))
        areas = set(main.scalars(select(Area.code)))
    signers = unfounded.charter.manifest.signers
    for name in ("gita", "gwen"):
        opened = open_threads(unfounded.stores, unfounded.site_id, ids, unfounded.guardian(name).kem_seed, signers)
        assert {one.flag["area"] for one in opened.values()} == areas | {NOT_SAID}
        assert len({one.flag["text"] for one in opened.values()}) == 30
    assert len(weeks) > 1 and max(weeks) <= week_of(unfounded.clock().date())


def test_it_is_filled_twice_at_most(unfounded: Instance) -> None:
    ada = piloting(unfounded)
    refused: list[Exception] = []

    def press() -> None:
        try:
            fill(unfounded.house, ada, random.Random(1))
        except NotFilled as error:
            refused.append(error)

    presses = [threading.Thread(target=press) for _ in range(3)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert len(refused) == 1 and threads(unfounded) == 60


def test_a_filling_that_broke_off_does_not_count(unfounded: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = piloting(unfounded)

    def full(*_given: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(filling, "store_threads", full)
        for _time in range(2):
            with pytest.raises(OperationalError):
                fill(unfounded.house, ada, random.Random(1))
    assert threads(unfounded) == 0 and filled(unfounded) == 0
    for time in (1, 2):
        fill(unfounded.house, ada, random.Random(1))
        assert threads(unfounded) == time * 30 and filled(unfounded) == time
    with pytest.raises(NotFilled):
        fill(unfounded.house, ada, random.Random(1))
    assert threads(unfounded) == 60 and filled(unfounded) == 2


def test_a_second_pilot_is_filled_as_the_first_was(unfounded: Instance) -> None:
    ada = piloting(unfounded)
    for _time in range(2):
        fill(unfounded.house, ada, random.Random(1))
    launch.begin(unfounded.house, ada)
    ready.set_back(unfounded.house, ada)
    ready.begin(unfounded.house, "pilot", ada)
    signed_by_all(unfounded)
    for _time in range(2):
        fill(unfounded.house, ada, random.Random(1))
    assert threads(unfounded) == 60 and filled(unfounded) == 4
    with pytest.raises(NotFilled):
        fill(unfounded.house, ada, random.Random(1))


def test_nothing_but_a_pilot_that_is_open_is_filled(unfounded: Instance) -> None:
    ada = settled(unfounded)
    with pytest.raises(NotFilled):
        fill(unfounded.house, ada, random.Random(1))
    ready.begin(unfounded.house, "pilot", ada)
    with pytest.raises(NotOpenYet):
        fill(unfounded.house, ada, random.Random(1))
    signed_by_all(unfounded)
    launch.begin(unfounded.house, ada)
    signed_by_all(unfounded)
    with pytest.raises(NotFilled):
        fill(unfounded.house, ada, random.Random(1))
    assert threads(unfounded) == 0


@pytest.mark.parametrize("sector", SECTORS)
def test_every_sector_has_its_own(instance: Instance, sector: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    seal = bundles.seal_flag_bundle

    def noted(*given: Any, **named: Any) -> Bundle:
        told.append(given[2]["text"])
        return seal(*given, **named)

    monkeypatch.setattr(bundles, "seal_flag_bundle", noted)
    organisation = Organisation(sector=sector, site_id=bytes(16))
    this_week = week_of(instance.clock().date())
    publics = [kem_public(new_seed()), kem_public(new_seed())]
    assert len(invented(organisation, ["a"], publics, 36, this_week, random.Random(2))) == len(set(told)) == 30
