"""The leader's pages: the newest report, earlier ones, their files, and why there is no finer answer."""

import json

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from concerns.disclosure.periods import Period, WrongPeriod
from concerns.disclosure.queries import Frozen
from concerns.people.access import needs
from concerns.reports import queries, rules
from concerns.reports.queries import Shelf
from concerns.store.house import house

blueprint = Blueprint("reports", __name__, url_prefix="/report")


@blueprint.get("/")
@needs("leader", "guardian", "peer")
def newest() -> ResponseReturnValue:
    with house().stores.read_main() as main:
        shelf = queries.shelf(main)
        if not shelf.frozen:
            return render_template("reports/none.html", outlook=queries.outlook(main, house().directory))
    return _page(shelf, shelf.frozen[0])


@blueprint.get("/<period>")
@needs("leader", "guardian", "peer")
def release(period: str) -> ResponseReturnValue:
    shelf = _shelf()
    return _page(shelf, _find(shelf, period))


@blueprint.get("/<period>.json")
@needs("leader", "guardian", "peer")
def as_json(period: str) -> ResponseReturnValue:
    document = _find(_shelf(), period).stored.as_document()
    return _file(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "application/json", f"{period}.json")


@blueprint.get("/<period>.csv")
@needs("leader", "guardian", "peer")
def as_csv(period: str) -> ResponseReturnValue:
    return _file(_find(_shelf(), period).stored.as_csv(), "text/csv", f"{period}.csv")


@blueprint.get("/which-area")
@needs("leader", "guardian", "peer")
def which_area() -> ResponseReturnValue:
    """A finer answer is refused, with the reason and what is safe instead."""
    return render_template("reports/which_area.html")


def _page(shelf: Shelf, frozen: Frozen) -> str:
    earlier = [one.stored for one in shelf.before(frozen.period)]
    return render_template(
        "reports/release.html", report=rules.report(frozen.stored, earlier), frozen=frozen, shelf=shelf
    )


def _shelf() -> Shelf:
    with house().stores.read_main() as main:
        return queries.shelf(main)


def _find(shelf: Shelf, period: str) -> Frozen:
    try:
        found = shelf.find(Period.parse(period))
    except WrongPeriod:
        abort(404)
    if found is None:
        abort(404)
    return found


def _file(text: str, mimetype: str, name: str) -> Response:
    answer = Response(text, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="concerns-{name}"'
    return answer
