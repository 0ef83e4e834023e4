"""The pages on which a concern is told: the form, the check page and the receipt."""

import datetime as dt
import gc
import hashlib
import re
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from concerns.charter.service import NotOpenYet
from concerns.flagging import admission, codes, rules, service, wording
from concerns.flagging.admission import CodeNeeded, CodeRefused, Refused, gate
from concerns.flagging.forms import TellForm
from concerns.flagging.queries import Door
from concerns.flagging.script_texts import for_telling
from concerns.flagging.showing import closed, facts, facts_if_any, listed, place, questions, show
from concerns.flagging.spotted import spotted
from concerns.sealing.receipt import BadReceipt, digits_of, new_entropy, read_receipt, words_of
from concerns.sealing.text import to_text
from concerns.store.house import house
from concerns.themes.packs import load_pack

#: the fields of the questions that may be left out, as the check page names them
ASKED = {
    "kind": lazy_gettext("What kind of thing"),
    "factors": lazy_gettext("What made it more likely"),
    "cause": lazy_gettext("More about that"),
    "help": lazy_gettext("What would help"),
    "area": lazy_gettext("Where"),
    "worry": lazy_gettext("How worried"),
    "why": lazy_gettext("Why no name"),
    "wish": lazy_gettext("May a reader reach you"),
    "how": lazy_gettext("How to reach you"),
}


def tell() -> ResponseReturnValue:
    """One address for the form, the check page and Send.

    Which one it is stands in the button that was pressed, or, where a browser leaves that out, in the receipt that only
    the check page carries.
    """
    if request.method != "POST":
        found = facts()
        return closed(found) if found.charter is None else _form(found, form_for(found))
    door = facts_if_any()
    form = form_for(door)
    step = request.form.get("step")
    if not (form.validate() and _code_stands(form, door)) or step == "change":
        return _form(door, form)
    if step != "send" and "receipt" not in request.form:
        return _check(door, form, new_entropy())
    try:
        entropy = read_receipt(form.receipt.data or "")
    except BadReceipt:
        trouble = _("Something was missing from the page. Check it and press Send again.")
        return _check(door, form, new_entropy(), trouble), 400
    if form.not_kept:  # she has not read yet that it would not arrive
        return _check(door, form, entropy, _not_kept(form)), 409
    return _send(door, form, entropy)


def form_for(door: Door | None) -> TellForm:
    """The form with the places and the readers of this organisation, and a stamp."""
    readers = (
        None
        if door is None or door.charter is None
        else {to_text(guardian.person_id): guardian.name for guardian in door.charter.manifest.guardians}
    )
    form = TellForm(places(door), readers, questions(door), door.standing if door else None)
    if not form.stamp.data:
        form.stamp.data = _stamp_if_any()
    return form


def _code_stands(form: TellForm, door: Door | None) -> bool:
    """Whether the staff code can be one; a missing one is asked for where the organisation takes nothing without."""
    typed = form.code.data or ""
    if typed and codes.read_code(typed) is None:
        form.code.errors = [_("A staff code has 16 letters and digits. Check it against the slip")]
    elif not typed and door is not None and door.codes_only:
        form.code.errors = [_("Enter your staff code. It stands on a slip from the box")]
    else:
        return True
    return False


def _send(door: Door | None, form: TellForm, entropy: bytes) -> ResponseReturnValue:
    code = codes.read_code(form.code.data or "") or ""
    status = 503
    try:
        leave = gate().by_stamp(form.stamp.data or "", code, door is not None and door.codes_only)
        service.tell(house(), _told(form), entropy, leave)
        return _receipt(door or facts(), form, entropy)
    except service.SentBefore:
        trouble = _("This page had already sent something else. Wait a minute, then press Send again to send this.")
        form.stamp.data = _stamp_if_any()
        return _check(door, form, new_entropy(), trouble), 409
    except (CodeRefused, CodeNeeded):
        form.code.errors = [_("We do not know this code, or it was used already. Take another slip from the box")]
        return _form(door, form)
    except Refused as refused:
        if _stored_already(form, entropy):
            return _receipt(door or facts(), form, entropy)
        trouble, status = _refusal(form, refused), 429
    except NotOpenYet:
        trouble = _("This service is not open yet. Talk to a person, or copy your text and try again later.")
    except Exception:  # noqa: BLE001 - whatever it was, the text must come back, and nothing of it may reach a log
        trouble = _("We could not store it just now. Wait a minute, then press Send again.")
    gc.collect()  # what the failed attempt held in memory is let go now
    return _check(door, form, entropy, trouble), status


def _stored_already(form: TellForm, entropy: bytes) -> bool:
    """Whether this is the second tap of something that was stored: its stamp is used, by itself."""
    try:
        return service.stands(house(), _told(form), entropy)
    except Exception:  # noqa: BLE001 - then nothing is known, and the page comes back
        return False


def _refusal(form: TellForm, refused: Refused) -> str:
    """What to do, in words. A stamp that is over is replaced; it is good after a minute."""
    if isinstance(refused, admission.TooSoon):
        return str(_("Wait a minute, then press Send again. The pause keeps machines out."))
    if isinstance(refused, admission.TooMany):
        return str(
            _("Very many people are writing just now. Press Send again at the next full hour, or talk to a person.")
        )
    form.stamp.data = _stamp_if_any()
    return str(_("This page was open for too long. Wait a minute, then press Send again."))


def _told(form: TellForm) -> service.Told:
    return service.Told(
        text=form.text.data,
        cause=form.cause.data or "",
        factors=tuple(form.factors.data or ()),
        help=form.help.data or "",
        kind=form.kind.data or "",
        danger=form.danger.data or "",
        area=form.area.data or "",
        worry=form.worry.data or "",
        consent=form.consent.data or rules.USUAL_CONSENT,
        why=form.why.data or "",
        exclude=form.exclude.data or "",
        wish=form.wish.data or "",
        how=form.how.data or "",
        language=str(get_locale() or "en"),
    )


def _form(door: Door | None, form: TellForm) -> str:
    return show(
        "tell.html",
        door,
        **asked(door, form),
        answers=_answers(door, form),
        not_kept=_not_kept(form),
        dates=_dates(door),
        script_texts=for_telling(door),
    )


def asked(door: Door | None, form: TellForm) -> dict[str, Any]:
    """What the questions of the form are drawn from."""
    return {
        "form": form,
        "consent_hints": {value: said.meaning for value, said in wording.CONSENTS.items()},
        # what must not wait for a reading day: to whom to go now
        "routes": load_pack(door.organisation.sector).routes if door else (),
    }


def _check(door: Door | None, form: TellForm, entropy: bytes, trouble: str | None = None) -> str:
    """What was told, with everything hidden in the page: the receipt too, so that a second tap stores nothing new."""
    return show(
        "check.html",
        door,
        form=form,
        answers=_answers(door, form),
        receipt=digits_of(entropy),
        trouble=trouble,
        not_kept=_not_kept(form),
        found=spotted([form.text.data, form.cause.data or "", form.help.data or ""]),
        failed=trouble is not None,
    )


def _not_kept(form: TellForm) -> str:
    """What is said where an answer came to a question that was left out meanwhile; empty where none did."""
    asked = [said for name, said in ASKED.items() if name in form.not_kept]
    if not asked:
        return ""
    return str(
        _(
            "We do not ask this any more, so your answer was not kept: %(questions)s. You can write it into your text.",
            questions="; ".join(map(str, asked)),
        )
    )


def _answers(door: Door | None, form: TellForm) -> dict[str, str]:
    """Every answer in the words in which it was offered; empty where it was not given."""
    return {
        "text": form.text.data or "",
        "kind": wording.KINDS.get(form.kind.data or "", ""),
        "factors": "\n".join(str(wording.FACTORS[one]) for one in form.factors.data or () if one in wording.FACTORS),
        "cause": form.cause.data or "",
        "help": form.help.data or "",
        "danger": wording.DANGER.get(form.danger.data or "", _("Not answered")),
        "area": place(door, form.area.data or "") if form.questions.asks("area") and form.area_stands else "",
        "worry": wording.WORRIES.get(form.worry.data or "", "") if form.questions.asks("worry") else "",
        "consent": wording.CONSENTS[form.consent.data or rules.USUAL_CONSENT].name
        if (form.consent.data or rules.USUAL_CONSENT) in wording.CONSENTS
        else "",
        "why": wording.WHYS.get(form.why.data or "", ""),
        "exclude": form.readers.get(form.exclude.data or "", ""),
        "readers": listed([name for own, name in form.readers.items() if own != form.exclude.data]),
        "wish": wording.WISHES.get(form.wish.data or "", "") if form.wish.data else "",
        "how": form.how.data or "",
    }


def _receipt(door: Door, form: TellForm, entropy: bytes) -> str:
    """The answer to Send. It is shown once; nobody can show it again."""
    return show(
        "receipt.html",
        door,
        words=words_of(entropy),
        digits=re.findall("....", digits_of(entropy)),
        receipt=digits_of(entropy),
        # a second tap shows the very same page
        item=to_text(hashlib.sha256(b"concerns-item/1" + entropy).digest()[:16]),
        dates=_dates(door),
        in_danger=form.danger.data == "yes",
    )


def _dates(door: Door | None) -> rules.Dates:
    """By when what is sent today is read and answered: it is collected tonight at the earliest."""
    tomorrow = house().today() + dt.timedelta(days=1)
    clocks = door.charter.policy_on(tomorrow).clocks if door and door.charter else {}
    return rules.dates(tomorrow, clocks)


def places(door: Door | None) -> dict[str, list[SelectChoice]] | None:
    """The areas by division, each with how many work there; None where the list could not be read."""
    if door is None:
        return None
    found: dict[str, list[SelectChoice]] = {}
    for area in door.areas:
        label = _("%(area)s (about %(staff)s colleagues work there)", area=area.name, staff=rules.about(area.staff))
        found.setdefault(area.division.name, []).append(SelectChoice(area.code, label))
    return found


def _stamp_if_any() -> str:
    """A fresh stamp; none where the store does not answer: then the page that comes back has to wait its minute later."""
    try:
        return gate().stamp()
    except Exception:  # noqa: BLE001 - the text matters more
        return ""
