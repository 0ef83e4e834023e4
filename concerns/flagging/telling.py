"""The pages on which a concern is told: the form, the check page and the receipt."""

import datetime as dt
import gc
import re

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from concerns.charter.service import NotOpenYet
from concerns.flagging import rules, service, wording
from concerns.flagging.forms import TellForm
from concerns.flagging.queries import Door
from concerns.flagging.showing import closed, facts, place, show
from concerns.sealing.receipt import BadReceipt, digits_of, new_entropy, read_receipt, words_of
from concerns.store.house import house


def tell() -> ResponseReturnValue:
    """One address for the form, the check page and Send.

    Which one it is stands in the button that was pressed, or, where a browser leaves that out, in the receipt that only
    the check page carries.
    """
    if request.method != "POST":
        asked = facts()
        return closed(asked) if asked.charter is None else _form(asked, TellForm(_places(asked)))
    door = _facts_if_any()
    form = TellForm(_places(door))
    step = request.form.get("step")
    if step == "change" or not form.validate():
        return _form(door, form)
    if step != "send" and "receipt" not in request.form:
        return _check(door, form, new_entropy())
    try:
        entropy = read_receipt(form.receipt.data or "")
    except BadReceipt:
        trouble = _("Something was missing from the page. Check it and press Send again.")
        return _check(door, form, new_entropy(), trouble), 400
    return _send(door, form, entropy)


def _send(door: Door | None, form: TellForm, entropy: bytes) -> ResponseReturnValue:
    told = service.Told(
        text=form.text.data,
        danger=form.danger.data or "",
        area=form.area.data or "",
        worry=form.worry.data or "",
        consent=form.consent.data or rules.USUAL_CONSENT,
        language=str(get_locale() or "en"),
    )
    try:
        service.tell(house(), told, entropy)
        return _receipt(door or facts(), form, entropy)
    except service.SentBefore:
        trouble = _("This page had already sent something else. Press Send again to send this.")
        return _check(door, form, new_entropy(), trouble), 409
    except NotOpenYet:
        trouble = _("This service is not open yet. Talk to a person, or copy your text and try again later.")
    except Exception:  # noqa: BLE001 - whatever it was, the text must come back, and nothing of it may reach a log
        trouble = _("We could not store it just now. Wait a minute, then press Send again.")
    gc.collect()  # what the failed attempt held in memory is let go now
    return _check(door, form, entropy, trouble), 503


def _form(door: Door | None, form: TellForm) -> str:
    hints = {value: said.meaning for value, said in wording.CONSENTS.items()}
    return show("tell.html", door, form=form, consent_hints=hints)


def _check(door: Door | None, form: TellForm, entropy: bytes, trouble: str | None = None) -> str:
    """What was told, with everything hidden in the page: the receipt too, so that a second tap stores nothing new."""
    answers = {
        "danger": wording.DANGER.get(form.danger.data or "", _("Not answered")),
        "area": place(door, form.area.data or ""),
        "worry": wording.WORRIES.get(form.worry.data or "", ""),
        "consent": wording.CONSENTS[form.consent.data or rules.USUAL_CONSENT].name,
    }
    return show(
        "check.html",
        door,
        form=form,
        answers=answers,
        receipt=digits_of(entropy),
        trouble=trouble,
        failed=trouble is not None,
    )


def _receipt(door: Door, form: TellForm, entropy: bytes) -> str:
    """The answer to Send. It is shown once; nobody can show it again."""
    clocks = door.charter.policy.clocks if door.charter else {}
    return show(
        "receipt.html",
        door,
        words=words_of(entropy),
        digits=re.findall("....", digits_of(entropy)),
        # it is collected tonight at the earliest
        dates=rules.dates(house().today() + dt.timedelta(days=1), clocks),
        in_danger=form.danger.data == "yes",
    )


def _places(door: Door | None) -> dict[str, list[SelectChoice]] | None:
    """The areas by division, each with how many work there; None where the list could not be read."""
    if door is None:
        return None
    places: dict[str, list[SelectChoice]] = {}
    for area in door.areas:
        label = _("%(area)s (about %(staff)s colleagues work there)", area=area.name, staff=rules.about(area.staff))
        places.setdefault(area.division.name, []).append(SelectChoice(area.code, label))
    return places


def _facts_if_any() -> Door | None:
    """The facts, or None when the store does not answer: a text that was typed must still come back."""
    try:
        return facts()
    except Exception:  # noqa: BLE001 - said on the page that follows
        return None
