"""Founding is whole or not at all."""

from pathlib import Path

import pytest

import config
from concerns import open_house
from concerns.charter import service as charter
from concerns.founding import service
from concerns.founding.answers import Answers
from concerns.founding.verifying import verify


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
