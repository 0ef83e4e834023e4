"""What the pages of this room share: the facts about the organisation, ids in addresses, and when the desk is shut."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from concerns.areas import queries as areas_queries
from concerns.areas.model import Organisation
from concerns.areas.rules import AreaFacts
from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.people import keeping
from concerns.store.house import house
from concerns.themes import queries as themes_queries
from concerns.themes.rules import ThemeFacts
from concerns.triage.reading import Desk, open_desk

#: nothing can be opened or sealed; the page on guardians' keys says why
SHUT = (NotOpenYet, CharterRefused)

Given = ParamSpec("Given")


def at_the_desk(view: Callable[Concatenate[Desk, Given], ResponseReturnValue]) -> Callable[Given, ResponseReturnValue]:
    """Hand a view the desk. Where it is shut the page on guardians' keys says why, and nothing typed is lost."""

    @wraps(view)
    def opened(*args: Given.args, **kwargs: Given.kwargs) -> ResponseReturnValue:
        try:
            desk = open_desk(house())
        except SHUT:
            if request.method == "POST":
                return keeping.bring_back(keeping.SHUT)
            return redirect(url_for("people.keys.show"))
        return view(desk, *args, **kwargs)

    return opened


class Facts(NamedTuple):
    """What the pages say about the organisation."""

    organisation: Organisation
    areas: list[AreaFacts]
    themes: list[ThemeFacts]


def facts() -> Facts:
    """They are read once a request: no guardian changes any."""
    if "desk_facts" not in g:
        with house().stores.read_main() as main:
            g.desk_facts = Facts(
                areas_queries.organisation(main),
                areas_queries.area_facts(main),
                themes_queries.current_set(main, house().today()),
            )
    found: Facts = g.desk_facts
    return found


def id_in(text: str) -> bytes:
    """The id in an address; the 404 page for anything else."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        abort(404)
    if len(found) != 16:
        abort(404)
    return found
