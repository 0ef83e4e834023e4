"""The story's peer: how long she may look, what she asks and notes, and what a leader answers."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from concerns.audit.service import note
from concerns.demo.agenda import Deed, Player, day_of
from concerns.disclosure.periods import Period
from concerns.learning.peers import service
from concerns.learning.promises.queries import promises
from concerns.people import terms
from concerns.store.base import new_id
from concerns.store.house import House


def visited(
    script: Mapping[str, Any], peer: Player, leader: Player, newest: Period | None, today: dt.date
) -> Iterator[Deed]:
    """What the peer wrote of the newest report and of promises, each with the answer where there is one."""
    yield Deed(today, lambda house: _stay(house, peer))
    for row in script["notes"]:
        if row["about"] != "report" or newest is not None:
            yield from _note(row, peer, leader, newest, today)


def _note(
    row: Mapping[str, Any], peer: Player, leader: Player, newest: Period | None, today: dt.date
) -> Iterator[Deed]:
    note_id = new_id()

    def write(house: House) -> None:
        note(house, peer.person_id, "peer")
        said = {"about": _about(house, row["about"], newest), "kind": row["kind"], "text": row["text"]}
        with house.stores.write_released() as main:
            service.write(main, note_id, (peer.person_id, peer.name), said, house.today())

    def answer(house: House) -> None:
        note(house, leader.person_id, "peer")
        with house.stores.write_released() as main:
            service.answer(main, note_id, leader.name, row["answer"], house.today())

    yield Deed(day_of(row["day"], today), write)
    if "answered" in row:
        yield Deed(day_of(row["answered"], today), answer)


def _about(house: House, said: str, newest: Period | None) -> str:
    """The newest report, or the first action on a theme; the whole where there is none."""
    if said == "report":
        return f"report:{newest}"
    with house.stores.read_released() as reader:
        found = promises(reader, house.today()).of_theme(said)
    return f"promise:{found[0].id.hex()}" if found else ""


def _stay(house: House, peer: Player) -> None:
    """Her visit was moved again and again, and lasts while the demo is looked at."""
    with house.stores.write_main() as main:
        terms.move(main, peer.person_id, house.today() + terms.USUAL)
