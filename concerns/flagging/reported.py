"""What staff read of the newest report: the themes that could be shown, and their numbers where the policy says so."""

import datetime as dt
from dataclasses import dataclass

from concerns.charter.service import Charter
from concerns.charter.versions import between
from concerns.disclosure.display import Shown
from concerns.disclosure.ledger import Ledger, LedgerRefused
from concerns.disclosure.queries import check_held, releases
from concerns.learning.standing import shown_keys
from concerns.store.house import House


@dataclass(frozen=True)
class Reported:
    """The newest report; nothing but its period where it is `refused`, since the ledger does not hold it."""

    period: str
    refused: bool
    #: names of themes or groups, with their number where staff may read it
    shown: tuple[tuple[str, Shown | None], ...] = ()
    total: Shown | None = None
    numbers: bool = False


def newest_report(house: House, charter: Charter | None) -> Reported | None:
    """What staff may read of it; None before the first one, or where no signed policy says how much."""
    if charter is None:
        return None
    with house.stores.read_released() as reader:
        frozen = releases(reader)[:1]
    if not frozen:
        return None
    stored, name = frozen[0].stored, frozen[0].period.in_words
    try:
        check_held(frozen, Ledger(house.directory))
    except LedgerRefused:
        return Reported(name, refused=True)
    # what was told while they were not to stand here does not: it would be shown beyond what was promised. What was told
    # before the year under such rules is in no table of it (`versions.of_year`)
    standing = between(charter.policies, dt.date(frozen[0].period.year, 1, 1), house.today())
    numbers = all(one.policy.answers_show_releases for one in standing)
    shown = []
    for key, theme in shown_keys(stored).items():
        nodes = [node for node in stored.values if key in (node.group, node.theme)]
        shown.append((theme, stored.sum_of(nodes, stored.table.staff).shown if numbers else None))
    return Reported(name, False, tuple(shown), stored.total.shown if numbers else None, numbers)
