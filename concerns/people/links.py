"""The desk's own navigation: what each role finds there."""

from typing import Any

from flask import current_app, request, url_for

from concerns.people.access import signed_in

#: roles (none: everybody), text, endpoint, and the start of other endpoints that count as the same place
LINKS: tuple[tuple[frozenset[str], str, str, tuple[str, ...]], ...] = (
    (frozenset({"guardian"}), "Inbox", "triage.inbox", ("triage.flag", "acting.")),
    (frozenset({"guardian"}), "Signals", "triage.insight", ()),
    (frozenset({"guardian"}), "Texts", "releasing.texts", ("releasing.",)),
    (frozenset({"guardian"}), "Close a period", "closing.periods", ("closing.",)),
    (frozenset({"leader", "peer", "guardian"}), "Report", "reports.newest", ("reports.",)),
    (frozenset({"guardian"}), "Guardians’ keys", "people.keys.show", ()),
    (frozenset({"admin"}), "Set-up", "people.set_up.show", ("people.set_up.",)),
    (frozenset({"overseer"}), "Duties", "triage.overseer", ()),
    (frozenset(), "What you did", "audit.mine", ("audit.",)),
    (frozenset(), "You", "people.me", ()),
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
