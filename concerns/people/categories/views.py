"""The admin’s pages on the themes."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.people.access import needs, visitor
from concerns.people.categories import service
from concerns.people.categories.forms import (
    LARGEST,
    MERGED,
    ON,
    RETIRED,
    SPLIT,
    AddForm,
    CategoryForm,
    FutureForm,
    LookForm,
    PutBackForm,
    TryForm,
    WordsForm,
)
from concerns.people.forms import PressForm
from concerns.store.house import house
from concerns.themes.editing import plan as steps
from concerns.themes.editing.plan import Plan
from concerns.themes.editing.rules import ANSWERS, EditRefused, shared_keywords, telling_names
from concerns.themes.editing.service import Planned, PlanRefused
from concerns.themes.editing.summary import changes
from concerns.themes.rules import SPINE, ThemeFacts
from concerns.themes.wordings import Words

blueprint = Blueprint("categories", __name__, url_prefix="/set-up/themes")

PRESSES = {
    "put-up": (service.put_up, "The change is put up. It waits for a guardian"),
    "drop": (service.drop, "The draft is gone"),
    "settle": (service.settle, "These are the themes now"),
    "undo": (service.undo, "The change is taken back. The themes stay as they are"),
}


@blueprint.context_processor
def in_time() -> dict[str, object]:
    """From when on what is drafted is in force."""
    soon = service.setting_up(house())
    when = "as soon as you save the draft" if soon else "on 1 January, when a guardian has agreed"
    return {"setting_up": soon, "when": when}


@blueprint.route("", methods=["GET", "POST"])
@needs("admin")
def show() -> ResponseReturnValue:
    """The themes now and from 1 January; a sentence that is sent is tried on both."""
    form, found = TryForm(), service.planned(house())
    tried = None
    if form.validate_on_submit():
        tried = service.tried(found, form.sentence.data)
    return _page(found, form, tried), 422 if form.errors else 200


@blueprint.post("/press")
@needs("admin")
def press() -> ResponseReturnValue:
    """Put the draft up, throw it away, or take back what was agreed to."""
    wanted = PRESSES.get(request.form.get("press", ""))
    if not PressForm().validate_on_submit() or wanted is None:
        return redirect(url_for("people.categories.show"))
    deed, said = wanted
    try:
        deed(house(), visitor())
    except PlanRefused as refused:
        return _page(service.planned(house()), TryForm(formdata=None), None, str(refused)), 409
    flash(said)
    return redirect(url_for("people.set_up.show" if deed is service.settle else "people.categories.show"))


@blueprint.route("/add", methods=["GET", "POST"])
@needs("admin")
def add() -> ResponseReturnValue:
    """A theme more, from 1 January."""
    form, found = AddForm(), service.planned(house())

    def step(now: Planned) -> tuple[Plan, str]:
        return steps.add(now.now, now.plan, now.used, form.look, form.definition.data, form.keywords.data)

    if form.validate_on_submit() and _done(form, step):
        flash("The theme is in the draft")
        return redirect(url_for("people.categories.show"))
    return render_template("people/theme_add.html", form=form, groups=_groups(found)), 422 if form.errors else 200


@blueprint.route("/words", methods=["GET", "POST"])
@needs("admin")
def words() -> ResponseReturnValue:
    """The definition and the keywords of a theme, which work at once."""
    found, theme = _theme()
    form = WordsForm(data={"definition": theme.definition, "keywords": "\n".join(theme.keywords)})
    if form.validate_on_submit():
        try:
            at_once = service.reword(house(), visitor(), theme.code, form.definition.data, form.keywords.data)
        except EditRefused as refused:
            form.refuse(refused)
        else:
            flash("The words work from now on" if at_once else "The words are in the draft")
            return redirect(url_for("people.categories.show"))
    in_force = theme.code in {one.code for one in found.now}
    before = bool(service.earlier_words(house(), theme.code, None))
    page = render_template("people/theme_words.html", form=form, theme=theme, in_force=in_force, before=before)
    return page, 422 if form.errors else 200


@blueprint.route("/earlier", methods=["GET", "POST"])
@needs("admin")
def earlier() -> ResponseReturnValue:
    """How a theme was described before, some at a time; a press puts one of them back at once."""
    _found, theme = _theme()
    if request.method == "POST":
        form = PutBackForm()
        if form.validate_on_submit() and service.put_back(house(), visitor(), theme.code, form.n.data):
            flash("The earlier words work from now on")
        return redirect(url_for("people.categories.earlier", theme=theme.code))
    under = request.args.get("under", type=int)
    some = service.earlier_words(house(), theme.code, under if under and 0 < under < LARGEST else None)
    shown = some[: service.EARLIER]
    return render_template(
        "people/theme_earlier.html",
        theme=theme,
        now=Words(theme.definition, theme.keywords),
        earlier=shown,
        further=shown[-1].n if len(some) > len(shown) else None,
        me=visitor().person_id,
    )


@blueprint.route("/name", methods=["GET", "POST"])
@needs("admin")
def name() -> ResponseReturnValue:
    """What a theme is called from 1 January, and where it stands."""
    found, theme = _theme()
    if theme not in found.later:
        return redirect(url_for("people.categories.future", theme=theme.code))
    form = LookForm(data={"name": theme.name, "group": theme.group, "spine": theme.spine or ""})

    def step(now: Planned) -> tuple[Plan, str]:
        return steps.look(now.now, now.plan, theme.code, form.look), theme.code

    if form.validate_on_submit() and _done(form, step):
        flash("The name is in the draft")
        return redirect(url_for("people.categories.show"))
    page = render_template("people/theme_name.html", form=form, theme=theme, groups=_groups(found))
    return page, 422 if form.errors else 200


@blueprint.route("/future", methods=["GET", "POST"])
@needs("admin")
def future() -> ResponseReturnValue:
    """Whether a theme goes on, is merged, is split or ends on 1 January."""
    found, theme = _theme()
    heirs = found.plan.moved.get(theme.code)
    names = {one.code: one.name for one in found.plan.added}
    many = heirs is not None and len(heirs) > 1
    others = [one for one in found.later if one.code != theme.code]
    form = FutureForm(
        others,
        new=theme.code not in {one.code for one in found.now},
        future=ON if heirs is None else SPLIT if many else MERGED if heirs else RETIRED,
        into=heirs[0] if heirs and not many else "",
        parts="\n".join(names[code] for code in heirs or ()) if many else "",
    )

    if service.setting_up(house()):
        form.future.label.text = "What becomes of it"

    def step(now: Planned) -> tuple[Plan, str]:
        return _future_of(now, theme.code, form), theme.code

    if form.validate_on_submit() and _done(form, step):
        flash("What becomes of the theme is in the draft")
        return redirect(url_for("people.categories.show"))
    return render_template("people/theme_future.html", form=form, theme=theme), 422 if form.errors else 200


def _future_of(now: Planned, code: str, form: FutureForm) -> Plan:
    new = code not in {theme.code for theme in now.now}
    if form.future.data == MERGED:
        return steps.merge(now.now, now.plan, code, form.into.data or "")
    if form.future.data == SPLIT:
        return steps.split(now.now, now.plan, now.used, code, form.parts.data or "")
    if form.future.data == RETIRED:
        return steps.retire(now.now, now.plan, code)
    return now.plan if new else steps.go_on(now.now, now.plan, code)


def _done(form: CategoryForm, step: service.Step) -> bool:
    """Whether the step could be made; the form says why where it could not."""
    try:
        service.edit(house(), visitor(), step)
    except EditRefused as refused:
        form.refuse(refused)
        return False
    return True


def _theme() -> tuple[Planned, ThemeFacts]:
    """The theme in the address, as it would be; the 404 page for any other."""
    found, code = service.planned(house()), request.args.get("theme", "")
    theme = next((one for one in (*found.later, *found.now) if one.code == code), None)
    if theme is None:
        abort(404)
    return found, theme


def _groups(found: Planned) -> list[str]:
    return list(dict.fromkeys(theme.group for theme in found.later if theme.group))


def _page(found: Planned, form: TryForm, tried: service.Tried | None, refused: str = "") -> str:
    return render_template(
        "people/themes.html",
        found=found,
        form=form,
        tried=tried,
        refused=refused,
        before=changes(found.now, found.agreed) if found.agreed and found.draft else [],
        answer=ANSWERS.get(found.answer, ""),
        shared=shared_keywords(found.later),
        telling=telling_names(found.later),
        spine=SPINE,
        going_on={theme.code for theme in found.later},
    )
