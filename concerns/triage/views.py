"""The addresses of the guardian's desk, and the daily collect at the first request after its hour."""

from contextlib import suppress

from flask import Blueprint

from concerns.people.access import signed_in
from concerns.store.house import house
from concerns.triage import service
from concerns.triage.case import views as case
from concerns.triage.entering import views as entering
from concerns.triage.inbox import views as inbox
from concerns.triage.reading import open_desk
from concerns.triage.showing import SHUT

blueprint = Blueprint("triage", __name__)

for rule, name, view, methods in (
    ("/inbox", "inbox", inbox.inbox, ["GET"]),
    ("/collect", "collect", inbox.collect, ["POST"]),
    ("/flags/enter", "enter", entering.enter, ["GET", "POST"]),
    ("/flags/<thread>", "flag", case.flag, ["GET", "POST"]),
    ("/flags/<thread>/photo/<envelope>", "photo", case.photo, ["GET"]),
):
    blueprint.add_url_rule(rule, name, view, methods=methods)


@blueprint.before_app_request
def daily_collect() -> None:
    """Arrivals become visible at the first request of a guardian after the policy's hour."""
    found = signed_in()
    if found is None or found.secret is None or service.collected_today(house()):
        return
    with suppress(*SHUT):
        service.collect_if_due(house(), open_desk(house()))
