"""The addresses of the guardian's desk, and the daily collect at the first request after its hour."""

from contextlib import suppress

from flask import Blueprint

from concerns.people.access import signed_in
from concerns.store.house import house
from concerns.triage import service
from concerns.triage.case import views as case
from concerns.triage.entering import views as entering
from concerns.triage.events import views as events
from concerns.triage.inbox import views as inbox
from concerns.triage.insight import themes
from concerns.triage.insight import views as insight
from concerns.triage.leave import views as leave
from concerns.triage.overseeing import views as overseeing
from concerns.triage.readers import views as readers
from concerns.triage.reading import open_desk
from concerns.triage.showing import SHUT

blueprint = Blueprint("triage", __name__)

for rule, name, view, methods in (
    ("/inbox", "inbox", inbox.inbox, ["GET", "POST"]),
    ("/collect", "collect", inbox.collect, ["POST"]),
    ("/flags/enter", "enter", entering.enter, ["GET", "POST"]),
    ("/flags/<thread>", "flag", case.flag, ["GET", "POST"]),
    ("/flags/<thread>/photo/<envelope>", "photo", case.photo, ["GET"]),
    ("/flags/<thread>/events", "events", events.events, ["GET", "POST"]),
    ("/flags/<thread>/like", "like", insight.like, ["GET"]),
    ("/flags/<thread>/conflict", "conflict", readers.conflict, ["GET", "POST"]),
    ("/readers/<person>", "newcomer", readers.newcomer, ["GET", "POST"]),
    ("/insight", "insight", insight.signals, ["GET", "POST"]),
    ("/insight/themes", "theme_change", themes.theme_change, ["GET", "POST"]),
    ("/leave", "leave", leave.leave, ["GET", "POST"]),
    ("/leave/flags", "hand_over", leave.hand_over, ["GET", "POST"]),
    ("/overseer", "overseer", overseeing.overseer, ["GET"]),
):
    blueprint.add_url_rule(rule, name, view, methods=methods)
blueprint.app_context_processor(lambda: {"who_is_away": leave.who_is_away, "themes_wait": themes.themes_wait})


@blueprint.before_app_request
def new_locks() -> None:
    """After a removal each page of a guardian brings some threads under their new keys."""
    found = signed_in()
    if found is not None and found.secret is not None:
        service.renew_keys(house())


@blueprint.before_app_request
def daily_collect() -> None:
    """Arrivals become visible at the first request of a guardian after the policy's hour."""
    found = signed_in()
    if found is None or found.secret is None or service.collected_today(house()):
        return
    with suppress(*SHUT):
        service.collect_if_due(house(), open_desk(house()))
