"""The pages of the board paper: its frozen versions, read by all who may read reports."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from concerns.people.access import needs
from concerns.reports.board import service
from concerns.reports.board.service import Changed, Paper
from concerns.reports.board.subject import subject
from concerns.reports.board.writing import blueprint as writing
from concerns.reports.board.writing import words_of
from concerns.reports.showing import period_named
from concerns.store.house import house

blueprint = Blueprint("board", __name__, url_prefix="/<period>/board")
blueprint.register_blueprint(writing)
CHANGED = "The bytes of this paper in the database are not those that were frozen."


@blueprint.get("")
@needs("leader", "guardian", "peer")
def newest(period: str) -> ResponseReturnValue:
    """The newest frozen paper; before there is one, that there is none."""
    found = subject(period)
    papers = _papers(period)
    if papers:
        return _page(papers, papers[0])
    return render_template("reports/board_none.html", subject=found)


@blueprint.get("/<int:version>")
@needs("leader", "guardian", "peer")
def paper(period: str, version: int) -> ResponseReturnValue:
    papers = _papers(period)
    return _page(papers, _version(papers, version))


@blueprint.get("/<int:version>.json")
@needs("leader", "guardian", "peer")
def as_json(period: str, version: int) -> ResponseReturnValue:
    """The frozen bytes themselves: whoever has them can work out the checksum."""
    found = _version(_papers(period), version)
    return _file(found.data, "application/json", f"board-{found.document['period']}-v{found.version}.json")


@blueprint.get("/<int:version>.pdf")
@needs("leader", "guardian", "peer")
def as_pdf(period: str, version: int) -> ResponseReturnValue:
    found = _version(_papers(period), version)
    try:
        from concerns.pages.printing import pdf_of
    except OSError:
        return render_template("reports/no_printer.html"), 503
    html = render_template("reports/board_print.html", paper=found, words=words_of(found.document["parts"]))
    return _file(pdf_of(html), "application/pdf", f"board-{found.document['period']}-v{found.version}.pdf")


def _papers(period: str) -> list[Paper]:
    found = subject(period)
    with house().stores.read_released() as reader:
        try:
            return service.versions(reader, found.period)
        except Changed:
            abort(_refused())


def _refused() -> Response:
    return Response(render_template("reports/refused.html", reason=CHANGED), 409)


def _version(papers: Sequence[Paper], version: int) -> Paper:
    found = next((one for one in papers if one.version == version), None)
    if found is None:
        abort(404)
    return found


def _page(papers: Sequence[Paper], found: Paper) -> str:
    period = period_named(found.document["period"])
    words = words_of(found.document["parts"])
    return render_template("reports/board.html", paper=found, papers=papers, words=words, period=period)


def _file(data: bytes, mimetype: str, name: str) -> Response:
    return Response(data, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="concerns-{name}"'})
