"""What happens in the story happens on days that have come, in their order."""

import datetime as dt

from concerns.demo.agenda import Deed, day_of, in_order
from concerns.demo.plot import BEGINS

TODAY = dt.date(2026, 11, 22)


def test_a_day_is_a_date_or_counted_from_today_and_never_before_the_story() -> None:
    assert day_of(dt.date(2025, 9, 8), TODAY) == dt.date(2025, 9, 8)
    assert (day_of(-40, TODAY), day_of(35, TODAY)) == (dt.date(2026, 10, 13), dt.date(2026, 12, 27))
    assert day_of(-170, BEGINS + dt.timedelta(days=3)) == BEGINS


def test_what_is_still_to_come_is_left_out_and_the_rest_is_in_order() -> None:
    done: list[str] = []
    deeds = [
        Deed(TODAY + dt.timedelta(days=days), lambda _house, name=name: done.append(name))  # type: ignore[misc]
        for days, name in ((0, "second"), (1, "never"), (-9, "first"), (0, "third"))
    ]
    for deed in in_order(deeds, TODAY):
        deed.do(None)  # type: ignore[arg-type]
    assert done == ["first", "second", "third"]
