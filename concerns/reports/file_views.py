"""The files of a release, for whoever may read its page; of a table of how flags were handled too."""

from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from concerns.disclosure.periods import Kind
from concerns.people.access import needs
from concerns.reports import queries
from concerns.reports.files import FORMATS
from concerns.reports.showing import find
from concerns.store.house import house

#: a part of the reports' blueprint
blueprint = Blueprint("files", __name__)


@blueprint.get("/<period>.<any(json, csv, xlsx, pdf):form>")
@needs("leader", "guardian", "peer")
def file(period: str, form: str) -> ResponseReturnValue:
    with house().stores.read_released() as reader:
        shelf = queries.shelf(reader, *Kind)
    frozen = find(shelf, period)
    mimetype, made = FORMATS[form]
    try:
        content = made(frozen)
    except OSError:
        abort(make_response(render_template("reports/no_file.html", frozen=frozen), 503))
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="concerns-{frozen.period}.{form}"'
    return answer
