"""The desk's own navigation: what each role finds there."""

from typing import Any

from flask import current_app, request, url_for

from concerns.people.access import signed_in

#: what belongs to the admin's page
SET_UP = (
    "people.set_up.",
    "people.newcomers.",
    "people.settings.",
    "previewing.",
    "people.leaving.",
    "people.policy.",
    "people.categories.",
    "launching.",
    "health.",
)
#: roles (none: everybody), text, endpoint, and the start of other endpoints that count as the same place
LINKS: tuple[tuple[frozenset[str], str, str, tuple[str, ...]], ...] = (
    (frozenset({"guardian"}), "Inbox", "triage.inbox", ("triage.flag", "acting.")),
    (frozenset({"guardian"}), "Signals", "triage.insight", ("triage.theme_change",)),
    (frozenset({"guardian"}), "Texts", "releasing.texts", ("releasing.",)),
    (frozenset({"guardian"}), "Close a period", "closing.periods", ("closing.",)),
    (frozenset({"leader", "peer", "guardian"}), "Report", "reports.newest", ("reports.",)),
    (frozenset({"overseer"}), "Duties", "triage.overseer", ()),
    (frozenset({"leader", "peer", "guardian", "overseer"}), "Promises", "promises.ledger", ("promises.",)),
    (frozenset({"leader", "peer"}), "Looking outward", "peers.notes", ("peers.",)),
    (frozenset({"guardian"}), "Guardians’ keys", "people.keys.show", ()),
    (frozenset({"admin"}), "Set-up", "people.set_up.show", SET_UP),
    (frozenset(), "What you did", "audit.mine", ("audit.",)),
    (frozenset(), "You", "people.me", ()),
    (frozenset(), "Help", "people.helping.first", ("people.helping.",)),
)


def desk_links() -> list[tuple[str, str, bool]]:
    """(text, address, current) of every page that the visitor may open from anywhere."""
    found = signed_in()
    if found is None:
        return []
    here = request.endpoint or ""
    return [
        (text, url_for(endpoint), here == endpoint or here.startswith(also))
        for roles, text, endpoint, also in LINKS
        if (not roles or roles & found.roles) and endpoint in current_app.view_functions
    ]


def furniture_of_desk() -> dict[str, Any]:
    """What the desk's layout is given on every page."""
    return {"visitor": signed_in(), "desk_links": desk_links()}
