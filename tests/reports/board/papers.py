"""Board papers for tests: five quarters to report on, and a leader who writes and freezes a paper."""

from sqlalchemy import select

from concerns.disclosure.ledger import Ledger
from concerns.disclosure.periods import Period
from concerns.reports.model import BoardPaper
from tests.people.visiting import Desk
from tests.police import Page
from tests.reports.releases import by_theme, put

TYPED = {
    "message": "More people are telling us about staffing.",
    "decision": "Fund two posts a ward.",
    "changed": "We opened a night desk.\nWe ended the pilot early.",
    "learning": "From the trust next door: a daily huddle.",
}
BOARD = "/report/2026-Q1/board"


def with_quarters(lena: Desk) -> Desk:
    quarter, bodies = Period(2025, 1), []
    for total in (80, 84, 79, 82, 160):
        bodies.append(by_theme(quarter, N01=total, N03=30 if total < 160 else 2))
        quarter = quarter.next()
    with lena.instance.stores.write_main() as main:
        put(main, Ledger(lena.instance.directory), *bodies)
    return lena


def write(desk: Desk, **changed: str) -> Page:
    page = desk.client.get(f"{BOARD}/write")
    desk.client.submit(page, {**TYPED, **changed})
    return desk.client.get(f"{BOARD}/draft")


def freeze(desk: Desk, **changed: str) -> Page:
    done = desk.client.submit(write(desk, **changed), button="Freeze this paper")
    return desk.client.get(done.location.removeprefix("/desk"))


def stored(desk: Desk) -> list[BoardPaper]:
    with desk.instance.stores.read_main() as main:
        return list(main.scalars(select(BoardPaper).order_by(BoardPaper.version)))
