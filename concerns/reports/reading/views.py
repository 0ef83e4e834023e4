"""The pages of reading help: flags beside other figures, and where leaders type those in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.disclosure.queries import Frozen
from concerns.people.access import needs, visitor
from concerns.reports.flag_parts import volume_part
from concerns.reports.parts import ABOUT_HIDDEN
from concerns.reports.queries import Shelf
from concerns.reports.reading import forms, service
from concerns.reports.reading.figures import MEASURES
from concerns.reports.reading.guide import guide
from concerns.reports.reading.lines import newest_lines
from concerns.reports.reading.offered import chosen, open_periods
from concerns.reports.reading.rules import EVENTS, QUADRANTS
from concerns.reports.reading.service import NotAnnotated
from concerns.reports.showing import check, find, the_shelf, words_alone
from concerns.store.house import house

blueprint = Blueprint("reading", __name__, url_prefix="/reading")


@blueprint.get("")
@needs("leader", "guardian", "peer")
def newest() -> ResponseReturnValue:
    """Of the newest report; before there is one, what can be prepared for it; where none will come, the other figures alone."""
    shelf = the_shelf()
    if shelf.frozen:
        check(shelf, shelf.frozen[0].period)
        return _page(shelf, shelf.frozen[0])
    with house().stores.read_released() as reader:
        found, typed = service.notes(reader), service.figures(reader)
    if words_alone():
        return render_template("reports/reading_words.html", newest=newest_lines(typed))
    return render_template("reports/reading_before.html", notes=found, events=EVENTS)


@blueprint.get("/<period>")
@needs("leader", "guardian", "peer")
def of_period(period: str) -> ResponseReturnValue:
    shelf = the_shelf()
    return _page(shelf, find(shelf, period))


@blueprint.route("/figures", methods=["GET", "POST"])
@needs("leader")
def figures() -> ResponseReturnValue:
    """Type in what is known of a period from elsewhere."""
    form = forms.FiguresForm(house().today())
    with house().stores.read_released() as reader:
        typed = sorted(service.figures(reader), key=lambda one: (one.period, one.measure), reverse=True)
    if not form.validate_on_submit():
        page = render_template("reports/reading_figures.html", form=form, measures=MEASURES, typed=typed)
        return page, 422 if form.errors else 200
    period = chosen(form.period.data)
    if period is not None:
        service.type_in(house(), visitor().person_id, period, form.tenths)
        flash(f"Kept for {period.in_words}.")
    return redirect(url_for("reports.reading.figures"))


@blueprint.route("/annotations", methods=["GET", "POST"])
@needs("leader")
def annotations() -> ResponseReturnValue:
    """Write down what is expected of a period before anybody knows its numbers."""
    with house().stores.read_released() as reader:
        found, frozen = service.notes(reader), service.frozen_periods(reader)
    periods = [one for one in open_periods(house().today()) if not service.is_known(one, frozen)]
    form = forms.AnnotationForm(periods, periods)
    refused = ""
    if form.validate_on_submit():
        try:
            service.annotate(house(), visitor().person_id, form.item_bytes, form.note)
        except NotAnnotated as refusal:
            refused = str(refusal)
            form.period.errors = [refused]
        else:
            flash("Kept. It cannot be changed any more.")
            return redirect(url_for("reports.reading.annotations"))
    page = render_template("reports/reading_annotations.html", form=form, notes=found, events=EVENTS)
    return page, 409 if refused else 422 if form.errors else 200


def _page(shelf: Shelf, frozen: Frozen) -> str:
    with house().stores.read_released() as reader:
        typed, found = service.figures(reader), service.notes(reader)
    year = shelf.year_before(frozen.period)
    releases = [*(one.stored for one in shelf.before(frozen.period)), frozen.stored]
    own = guide(releases, typed, found, year.stored if year else None)
    return render_template(
        "reports/reading.html",
        guide=own,
        volume=volume_part(own),
        about_hidden=ABOUT_HIDDEN if own.volume.hides else "",
        frozen=frozen,
        shelf=shelf,
        quadrants=QUADRANTS,
    )
