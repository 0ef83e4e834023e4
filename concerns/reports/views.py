"""The leader's pages: the newest report, earlier ones, their files, and why there is no finer answer."""

import json

from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from concerns.disclosure.ledger import LedgerRefused
from concerns.disclosure.periods import Period, WrongPeriod
from concerns.disclosure.queries import Frozen
from concerns.learning import released
from concerns.learning.standing import authority
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


@blueprint.get("/words")
@needs("leader", "guardian")
def words() -> ResponseReturnValue:
    """What guardians tell leaders of something severe, in words that two of them released."""
    with house().stores.read_main() as main:
        found = released.escalations(main, authority(main, house().directory))
    return render_template("reports/words.html", escalations=found)


def _page(shelf: Shelf, frozen: Frozen) -> str:
    _check(shelf, frozen.period)
    earlier = [one.stored for one in shelf.before(frozen.period)]
    with house().stores.read_main() as main:
        said = released.spoken(main, frozen.stored, authority(main, house().directory))
    report = rules.report(frozen.stored, earlier)
    return render_template("reports/release.html", report=report, frozen=frozen, shelf=shelf, said=said)


def _shelf() -> Shelf:
    with house().stores.read_main() as main:
        return queries.shelf(main)


def _check(shelf: Shelf, period: Period) -> None:
    """Show no number that the ledger does not hold: somebody changed the database."""
    try:
        queries.check(shelf, period, house().directory)
    except LedgerRefused as refusal:
        abort(make_response(render_template("reports/refused.html", reason=str(refusal)), 409))


def _find(shelf: Shelf, period: str) -> Frozen:
    try:
        found = shelf.find(Period.parse(period))
    except WrongPeriod:
        abort(404)
    if found is None:
        abort(404)
    _check(shelf, found.period)
    return found


def _file(text: str, mimetype: str, name: str) -> Response:
    answer = Response(text, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="concerns-{name}"'
    return answer
