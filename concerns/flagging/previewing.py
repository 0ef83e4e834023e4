"""The admin's preview of the report form: drawn as a reporter sees it, from what was typed and not saved; nothing can be sent."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup

from concerns.areas.questions import Questions
from concerns.flagging import queries
from concerns.flagging.forms import TellForm
from concerns.flagging.showing import furniture
from concerns.flagging.telling import asked, places
from concerns.pages.languages import ENGLISH, LANGUAGES
from concerns.people.access import needs
from concerns.people.asked import language_name
from concerns.people.settings.form import QuestionsForm, form_for, page, standing
from concerns.sealing.text import to_text
from concerns.store.house import house

blueprint = Blueprint("previewing", __name__, url_prefix="/set-up/form")


@blueprint.post("/preview/<code>")
@needs("admin")
def preview(code: str) -> ResponseReturnValue:
    """The form in one of the organisation's languages; with an error, back where it was typed."""
    door, now = queries.door(house()), standing()
    filled = form_for(now)
    if code not in filled.languages:
        return redirect(url_for("people.settings.form"))
    if not filled.validate_on_submit():
        return page(now, filled), 422
    language = next(one for one in LANGUAGES if one.code == code)
    with force_locale(code):
        drawn = _drawn(door, filled.questions, code)
    return render_template(
        "flagging/preview.html",
        form=filled,
        now=now,
        drawn=drawn,
        language=language,
        language_name=language_name(code),
        codes=[(one, language_name(one)) for one in filled.languages],
        readers=len(door.guardians),
        photos=filled.questions.asks("photos"),
        hidden=_hidden(filled),
    )


def _drawn(door: queries.Door, questions: Questions, code: str) -> Markup:
    """The questions as the report door draws them, without a form round them."""
    manifest = door.charter.manifest if door.charter else None
    readers = {to_text(guardian.person_id): guardian.name for guardian in manifest.guardians} if manifest else {}
    form = TellForm(places(door), readers, questions, formdata=None)
    origin = house().report_origins[0] + ("" if code == ENGLISH.code else f"/{code}")
    language = next(one for one in LANGUAGES if one.code == code)
    given = furniture(door) | asked(door, form)
    given |= {"questions": questions, "prompt": lambda name: questions.prompt(name, code)}
    # links lead where they lead a reporter
    given |= {"plain": True, "page_language": language, "door_url": lambda path: origin + path}
    return Markup(render_template("flagging/tell_fields.html", **given))  # noqa: S704  our own template, escaped


def _hidden(filled: QuestionsForm) -> list[tuple[str, str]]:
    """What was typed, to be sent on unchanged."""
    typed = [(field.name, field.data or "") for field in filled if field.name not in ("csrf_token", "asked")]
    return [*typed, *(("asked", one) for one in filled.asked.data)]
