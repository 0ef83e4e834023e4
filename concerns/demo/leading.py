"""What the story's leaders type in beside the reports: figures, what they expected, and papers for the board."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from concerns.demo.agenda import Deed, Player
from concerns.demo.releasing import Press
from concerns.disclosure.periods import Kind, Period
from concerns.learning.rules import VIEW, Words
from concerns.reports.board import service as board
from concerns.reports.board.composing import Typed
from concerns.reports.gathering import gather
from concerns.reports.queries import shelf
from concerns.reports.reading import service as reading
from concerns.reports.reading.figures import MEASURES
from concerns.reports.reading.service import NewNote
from concerns.store.base import new_id
from concerns.store.house import House

#: after the end of a period its figures are typed in; after the close of a year the guardians release their view of it,
#: and then leaders freeze their paper
TYPED_AFTER, VIEW_AFTER, PAPER_AFTER = (dt.timedelta(days=days) for days in (25, 7, 21))


def typed(script: Mapping[str, Any], leader: Player) -> Iterator[Deed]:
    """The figures of each quarter and year of the story, and what was expected of some before their numbers were known."""
    for name in ("figures", "figures_of_years"):
        series = script[name]
        period = Period.parse(series["first"])
        for values in zip(*(series[code] for code in MEASURES), strict=True):
            yield _figures(leader, period, dict(zip(MEASURES, values, strict=True)))
            period = period.next()
    for row in script["annotations"]:
        said = NewNote(
            row["event"], row["text"], Period.parse(row["period"]), row["expected"], Period.parse(row["settles"])
        )
        yield _annotation(leader, row["written"], said)


def papers(
    script: Mapping[str, Any], leader: Player, press: Press, closes: Sequence[tuple[Period, dt.date]], today: dt.date
) -> Iterator[Deed]:
    """The paper of the newest year whose paper is frozen by today, and a draft for the newest quarter that is closed."""
    years = [one for one in closes if one[0].kind is Kind.YEAR and one[1] + PAPER_AFTER <= today]
    if years:
        year, closed = years[-1]
        view = Words(VIEW, str(year), "", {"text": script["year"]["view"]})
        yield Deed(closed + VIEW_AFTER, lambda house: press.release(house, view, house.today()))
        yield Deed(closed + PAPER_AFTER, lambda house: _freeze(house, leader, year, _typed(script["year"])))
    quarters = [period for period, _closed in closes if period.kind is Kind.QUARTER]
    if quarters:
        yield Deed(today, lambda house: board.save_draft(house, quarters[-1], _typed(script["quarter"])))


def _figures(leader: Player, period: Period, values: Mapping[str, float]) -> Deed:
    tenths = {code: round(10 * value) for code, value in values.items()}
    day = period.end + TYPED_AFTER
    return Deed(day, lambda house: reading.type_in(house, leader.person_id, period, tenths))


def _annotation(leader: Player, written: dt.date, said: NewNote) -> Deed:
    return Deed(written, lambda house: reading.annotate(house, leader.person_id, new_id(), said))


def _typed(words: Mapping[str, str]) -> Typed:
    return Typed(words["message"], words["decision"], words["changed"], words["learning"])


def _freeze(house: House, leader: Player, year: Period, words: Typed) -> None:
    board.save_draft(house, year, words)
    with house.stores.read_released() as reader:
        reports = shelf(reader)
        frozen = reports.find(year)
        if frozen is None:
            return
        made = gather(reader, house, reports, frozen)
    board.freeze(house, (leader.person_id, leader.name), made, words)
