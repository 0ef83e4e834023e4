"""The leader's pages: the newest report, earlier ones, their files, and why there is no finer answer."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from concerns.disclosure.queries import Frozen
from concerns.learning import released
from concerns.learning.standing import authority
from concerns.people.access import needs
from concerns.reports import queries
from concerns.reports.board.subject import offered
from concerns.reports.board.views import blueprint as board
from concerns.reports.file_views import blueprint as files
from concerns.reports.page import page_of, words_only
from concerns.reports.queries import Shelf
from concerns.reports.reading.views import blueprint as reading
from concerns.reports.showing import check, find, gathered, the_shelf
from concerns.store.house import house

blueprint = Blueprint("reports", __name__, url_prefix="/report")
blueprint.register_blueprint(reading)
blueprint.register_blueprint(board)
blueprint.register_blueprint(files)


@blueprint.get("/")
@needs("leader", "guardian", "peer")
def newest() -> ResponseReturnValue:
    """The newest report; before the first one, and where no kind is declared, what there is instead."""
    shelf = the_shelf()
    if shelf.frozen:
        check(shelf, shelf.frozen[0].period)
        return _page(shelf, shelf.frozen[0])
    with house().stores.read_released() as reader:
        found = queries.outlook(reader, house().directory, house().today())
        said = words_only(reader, house()) if found.declared is False else None
    if said:
        return render_template("reports/words_only.html", said=said, papers=offered())
    return render_template("reports/none.html", outlook=found)


@blueprint.get("/<period>")
@needs("leader", "guardian", "peer")
def release(period: str) -> ResponseReturnValue:
    shelf = the_shelf()
    return _page(shelf, find(shelf, period))


@blueprint.get("/which-area")
@needs("leader", "guardian", "peer")
def which_area() -> ResponseReturnValue:
    """A finer answer is refused, with the reason and what is safe instead."""
    return render_template("reports/which_area.html")


@blueprint.get("/words")
@needs("leader", "guardian")
def words() -> ResponseReturnValue:
    """What guardians tell leaders of something severe, in words that two of them released."""
    with house().stores.read_released() as main:
        found = released.escalations(main, authority(main, house().directory))
    return render_template("reports/words.html", escalations=found)


def _page(shelf: Shelf, frozen: Frozen) -> str:
    made = gathered(shelf, frozen)
    return render_template("reports/release.html", page=page_of(made), made=made, frozen=frozen, shelf=shelf)
