"""The overseer's page: which duties were missed."""

from flask import render_template
from flask.typing import ResponseReturnValue

from concerns.disclosure.ledger import LedgerRefused
from concerns.people.access import needs, visitor
from concerns.store.house import house
from concerns.triage.overseeing.service import oversight
from concerns.triage.showing import SHUT


@needs("overseer")
def overseer() -> ResponseReturnValue:
    """Reading days by month, periods that were not closed in time, and one sentence on unanswered flags."""
    try:
        found = oversight(house(), leads="leader" in visitor().roles)
    except (*SHUT, LedgerRefused):
        return render_template("triage/overseer.html", found=None), 409
    return render_template("triage/overseer.html", found=found)
