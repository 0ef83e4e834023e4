"""The rows of every room. Whoever copies or compares whole stores imports this, or a table that nobody needed yet is forgotten."""

from sqlalchemy import Table

from concerns.areas import model as areas
from concerns.audit import model as audit
from concerns.charter import model as charter
from concerns.disclosure import model as disclosure
from concerns.flagging import model as flagging
from concerns.learning import model as learning
from concerns.learning.peers import model as peers
from concerns.learning.promises import model as promises
from concerns.people import model as people
from concerns.people.duties import model as duties
from concerns.reports import model as reports
from concerns.sealing import model as sealing
from concerns.store import schema
from concerns.store.base import MainBase
from concerns.store.session import Stores
from concerns.themes import model as themes
from concerns.triage import model as triage
from concerns.triage.returning import model as returns

ROOMS = (
    areas, audit, charter, disclosure, duties, flagging, learning, peers, people, promises, reports, returns, sealing, themes, triage
)  # fmt: skip


def main_tables() -> list[Table]:
    """Every table of the main store, those that others point to first."""
    return MainBase.metadata.sorted_tables


def differences(stores: Stores) -> list[object]:
    """What a migration would still change, with every room's tables known."""
    return schema.differences(stores)
