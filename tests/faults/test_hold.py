"""A legal hold whose agreement is killed: no flag is kept longer than two guardians hold to, and none goes earlier."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import select

from concerns.people.access import Visitor
from concerns.sealing.model import Thread
from concerns.triage.acting import pairs
from concerns.triage.acts import proposals
from concerns.triage.index.service import cards
from concerns.triage.reading import open_desk
from concerns.triage.retaining import holds
from concerns.triage.retaining.holding import HOLD, hold_of
from tests.cast import Instance
from tests.faults.conftest import Stage
from tests.faults.killing import Ended
from tests.triage.acting.steps import flag_as
from tests.triage.telling import Told, tell

UNTIL = dt.date(2027, 11, 22)
TELLING = cast(Any, SimpleNamespace(item_bytes=b"i" * 16, reply=SimpleNamespace(data="It is kept by law.")))


def visitor(instance: Instance, name: str) -> Visitor:
    guardian = instance.guardian(name)
    return Visitor(guardian.person_id, name, f"{name}@example.org", frozenset({"guardian"}), guardian.secret)


def as_(instance: Instance, name: str, do: Callable[[], object]) -> None:
    """Do something that asks who is at the desk."""
    app = Flask(__name__)
    app.extensions["concerns"] = instance.house
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "visitor", lambda: visitor(instance, name))
        do()


def week(instance: Instance) -> dt.date | None:
    with instance.stores.read_main() as main:
        return main.scalar(select(Thread.purge_week))


def test_the_week_moves_only_with_the_agreement_and_then_for_certain(stage: Callable[..., Stage]) -> None:
    told: list[Told] = []
    promised: list[dt.date] = []

    def prepare(instance: Instance) -> None:
        told.append(tell(instance))
        promised.append(cast(dt.date, week(instance)))
        flag = flag_as(instance, told[0])
        content = holds.content(instance.house, flag, UNTIL, "The inquiry asked for it.")
        desk = open_desk(instance.house)
        as_(instance, "gita", lambda: pairs.propose(desk, flag, HOLD, b"g" * 16, content))

    scene = stage(prepare)

    def work(instance: Instance, _tell: Callable[[str], object]) -> None:
        flag, desk = flag_as(instance, told[0], "gwen"), open_desk(instance.house)
        (proposal,) = proposals(flag, HOLD)
        as_(instance, "gwen", lambda: holds.agree(desk, flag, proposal.link, TELLING))

    def check(instance: Instance, _ended: Ended) -> None:
        if hold_of(flag_as(instance, told[0])) is None:
            assert week(instance) == promised[0], "it is kept longer, and nobody agreed"
            work(instance, lambda _word: None)
        cards(instance.house, open_desk(instance.house), visitor(instance, "gita"))  # any guardian's next page
        hold = hold_of(flag_as(instance, told[0]))
        assert hold is not None and (hold.until, hold.ceiling) == (UNTIL, promised[0])
        assert week(instance) == UNTIL

    scene.kill(work, check, most=9)
