"""Founding is whole or not at all."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import func, select

import config
from concerns import open_house
from concerns.charter import service as charter
from concerns.founding import service
from concerns.founding.answers import Answers
from concerns.founding.upkeep import bring_up_to_date, is_founded
from concerns.founding.verifying import verify
from concerns.people.model import Person
from concerns.store.house import House
from concerns.store.schema import alembic_config, is_current, migrate
from concerns.store.session import Stores


def test_founding_that_failed_half_way_can_be_done_again(
    tmp_path: Path, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = config.load(tmp_path, {})
    config.write_secret(settings)
    house = open_house(settings)

    def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(charter, "sign", fail)
        with pytest.raises(RuntimeError):
            service.found(house, answers, rehearsal=True)
    service.found(house, answers, rehearsal=True)
    assert [finding for finding in verify(house, []) if finding.good is False] == []
    with pytest.raises(service.AlreadyFounded):
        service.found(house, answers, rehearsal=True)
    house.stores.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    settings = config.load(tmp_path, {})
    config.write_secret(settings)
    opened = open_house(settings)
    yield opened
    opened.stores.close()


def faults(house: House) -> list[object]:
    return [finding for finding in verify(house, []) if finding.good is False]


@pytest.mark.parametrize("error", [OverflowError, KeyboardInterrupt, OSError])
def test_links_that_cannot_be_made_leave_nothing_founded(
    house: House, answers: Answers, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(service, "invite", fail)
        with pytest.raises(error):
            service.found(house, answers, rehearsal=False)
    assert not is_founded(house) and not (house.directory / "ledger.jsonl").exists()
    with house.stores.read_main() as main:
        assert main.scalar(select(func.count()).select_from(Person)) == 0
    made = service.found(house, answers, rehearsal=False)
    assert len(made) == len(answers.people) and all("/welcome/" in one.introduction() for one in made)
    assert faults(house) == []


def test_a_fact_that_the_store_does_not_take_leaves_nothing_founded(house: House, answers: Answers) -> None:
    """The rules refuse such numbers; whatever slips through them must not spoil the folder."""
    too_many = dataclasses.replace(answers.areas[0], staff=2**70)
    with pytest.raises(OverflowError):
        service.found(house, dataclasses.replace(answers, areas=(too_many, *answers.areas[1:])), rehearsal=True)
    assert not is_founded(house)
    service.found(house, answers, rehearsal=True)
    assert faults(house) == []


def test_founding_twice_leaves_the_first_ones_files(
    house: House, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the second began before the first one's files were there."""

    def be_overtaken(stores: Stores) -> None:
        migrate(stores)
        monkeypatch.setattr(service, "migrate", migrate)
        service.found(house, answers, rehearsal=True)

    monkeypatch.setattr(service, "migrate", be_overtaken)
    with pytest.raises(service.AlreadyFounded):
        service.found(house, answers, rehearsal=True)
    assert faults(house) == []


def test_older_stores_are_brought_up_to_date(house: House, answers: Answers) -> None:
    assert not is_founded(house)
    service.found(house, answers, rehearsal=True)
    assert is_founded(house) and not bring_up_to_date(house)
    command.downgrade(alembic_config("live", house.stores.live), "base")
    assert not is_current(house.stores)
    assert bring_up_to_date(house) and is_current(house.stores)
