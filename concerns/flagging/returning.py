"""The pages on which a reporter comes back with her words, reads, adds something, or takes it back."""

import datetime as dt
import gc
import secrets
from collections.abc import Callable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from concerns.flagging import photos, rules, service, wording
from concerns.flagging.admission import Full, Refused, gate
from concerns.flagging.forms import ClosingForm, DetailForm, DetrimentForm, ReturnForm, ThreadForm
from concerns.flagging.queries import Door
from concerns.flagging.queries import photos as count_photos
from concerns.flagging.reading import Altered, Message, NothingFound, Reading, open_with_receipt
from concerns.flagging.script_texts import for_returning
from concerns.flagging.service import Added
from concerns.flagging.showing import closed, day, facts, facts_if_any, place, show
from concerns.pages.requests import load_photo
from concerns.sealing.chain import Standing
from concerns.sealing.envelope import Kind
from concerns.sealing.receipt import BadReceipt, digits_of, read_receipt
from concerns.sealing.saying import said
from concerns.sealing.text import to_text
from concerns.store.house import house

#: what the button of each form is called, and the form that it belongs to
FORMS: dict[str, type[ThreadForm]] = {"add": DetailForm, "detriment": DetrimentForm, "closing": ClosingForm}
#: a photo as a telephone takes it
PHOTO_LIMIT = 8 * 1024 * 1024


def come_back() -> ResponseReturnValue:
    """One address for the words, the thread and what is added to it: nothing of a receipt is ever in an address."""
    if request.method != "POST":
        door = facts()
        return closed(door) if door.charter is None else _ask(ReturnForm())
    step = request.form.get("step", "")
    if step in FORMS or "text" in request.form:  # whatever else it says, a text that came is kept
        step = step if step in FORMS else "add"
        return _add(step, FORMS[step]())
    if step in ("take-back", "really-take-back"):
        return _take_back(ThreadForm(), really=step == "really-take-back")
    return _open(ReturnForm())


def add_photo() -> ResponseReturnValue:
    """A photo, without script: read, written anew and sealed in memory. A page of its own, since its body is large."""
    load_photo(PHOTO_LIMIT)
    form = ThreadForm()
    file = request.files.get("photo")
    data = file.stream.read() if file else b""

    def add(door: Door, reading: Reading) -> ResponseReturnValue:
        if not door.questions.asks("photos"):
            return _thread(door, reading, photo_error=str(_("We take no photos here. Write down what it shows")))
        if not data:
            return _thread(door, reading, photo_error=str(_("Choose a photo first")))
        try:
            image = photos.written_anew(data)
            room = gate().room_in(reading.thread.thread_id, Kind.FILE)
            service.add_photo(house(), reading, image, form.item.data or "", room)
        except photos.BadPhoto as error:
            return _thread(door, reading, photo_error=str(wording.PHOTO_TROUBLES[error.why]))
        except Full:
            return _thread(door, reading, photo_error=str(_("There are three photos already; more do not fit")))
        return _thread(door, open_with_receipt(house(), reading.entropy), done="photo")

    return _with_thread(form, add, lambda _error: _ask(ReturnForm(formdata=None), str(wording.PHOTO_LOST)))


def _open(form: ReturnForm) -> ResponseReturnValue:
    if not form.validate():
        return _ask(form)
    try:
        door = facts()
        if door.charter is None:
            return closed(door)
        gate().look()
        return _thread(door, open_with_receipt(house(), read_receipt(form.receipt.data)))
    except Exception as error:  # noqa: BLE001 - the words must come back to be tried again, and nothing may reach a log
        return _not_opened(form, error)


def _not_opened(form: ReturnForm, error: Exception) -> ResponseReturnValue:
    if isinstance(error, BadReceipt) and error.unknown:
        return _unknown_words(form, error)
    if isinstance(error, BadReceipt | NothingFound):
        return _nothing(form)
    if isinstance(error, Altered):
        return show("altered.html", None)
    gc.collect()
    if isinstance(error, Refused):
        return _ask(
            form, str(_("Very many people are looking just now. Wait a minute and try the same words again."))
        ), 429
    return _ask(form, str(_("We could not look just now. Wait a minute and try again with the same words."))), 503


def _add(step: str, form: ThreadForm) -> ResponseReturnValue:
    valid = form.validate()

    def add(door: Door, reading: Reading) -> ResponseReturnValue:
        if not valid:
            return _thread(door, reading, {step: form})
        room = gate().room_in(reading.thread.thread_id, Kind.DETAIL)
        service.add_detail(house(), reading, _added(step, form), form.item.data or "", room)
        return _thread(door, open_with_receipt(house(), reading.entropy), done=step)

    def again(error: Exception) -> str:
        trouble = wording.FULL if isinstance(error, Full) else wording.TRY_AGAIN
        return show("again.html", None, form=form, step=step, trouble=trouble, failed=True)

    return _with_thread(form, add, again)


def _added(step: str, form: ThreadForm) -> Added:
    values = {name: form[name].data or "" for name in ("text", "agree", "feedback", "again") if name in form}
    return Added(about="detail" if step == "add" else step, **values)


def _take_back(form: ThreadForm, *, really: bool) -> ResponseReturnValue:
    def ask_or_do(door: Door, reading: Reading) -> ResponseReturnValue:
        if not really:
            return show("take_back.html", door, receipt=digits_of(reading.entropy))
        service.take_back(house(), reading)
        return show("taken_back.html", door)

    failed = _("We could not do that just now. Enter your words again in a minute, and try once more.")
    return _with_thread(form, ask_or_do, lambda _error: _ask(ReturnForm(formdata=None), str(failed)))


def _with_thread(
    form: ThreadForm,
    act: Callable[[Door, Reading], ResponseReturnValue],
    again: Callable[[Exception], str],
) -> ResponseReturnValue:
    """Open the thread of a form's receipt and act on it; whatever fails, what was typed comes back."""
    text = form["text"].data if "text" in form else ""
    try:
        gate().look()
        return act(facts(), open_with_receipt(house(), read_receipt(form.receipt.data or "")))
    except (BadReceipt, NothingFound):
        return _nothing(ReturnForm(formdata=None), text or "")
    except Exception as error:  # noqa: BLE001 - the text must come back, and nothing of it may reach a log
        gc.collect()
        return again(error), 429 if isinstance(error, Refused) else 503


def _thread(
    door: Door,
    reading: Reading,
    forms: dict[str, ThreadForm] | None = None,
    done: str = "",
    photo_error: str = "",
) -> str:
    """The reporter's page. It depends on her own thread and on the policy, on nothing else."""
    today = house().today()
    # what still waits is collected tonight at the earliest
    collected = reading.week or today + dt.timedelta(days=1)
    clocks = door.charter.policy_on(collected).clocks if door.charter else {}
    checks = rules.checks_due(reading.detriment, today) if reading.detriment else []
    shown = {step: kind(formdata=None) for step, kind in FORMS.items()} | (forms or {})
    return show(
        "thread.html",
        door,
        thread=reading,
        status=wording.STATUSES[reading.status],
        outcome=wording.OUTCOMES.get(reading.step.said("outcome")) if reading.step else None,
        next_date=rules.next_date(reading.status, collected, reading.last_heard, clocks),
        told=_told(door, reading),
        messages=[_message(one) for one in reading.messages if _says(one)],
        proof=_proof(door, reading),
        ask_again=bool(checks),
        forms=shown,
        failed_step=next(iter(forms or {}), ""),
        receipt=digits_of(reading.entropy),
        item=_item(forms),
        done=done,
        photos=count_photos(house(), reading.thread.thread_id),
        photo_error=photo_error,
        closing_asked=reading.status in rules.ANSWERED and not reading.closed,
    )


def _says(message: Message) -> bool:
    return bool(message.said("text")) or (message.mine and message.said("about") in ("detriment", "closing"))


def _message(message: Message) -> dict[str, Any]:
    """One message in words."""
    about = ""
    if message.mine and message.said("about") == "detriment":
        about = str(wording.DETRIMENT)
    elif message.mine and message.said("about") == "closing":
        feedback = wording.YES_NO.get(message.said("feedback"), "–")
        again = wording.AGAIN.get(message.said("again"), "–")
        about = str(wording.CLOSING) % {"feedback": feedback, "again": again}
    doubts = {Standing.UNPROVEN: wording.UNPROVEN[message.mine], Standing.BROKEN: wording.BROKEN}
    return {
        "by": _("You") if message.mine else message.guardian or _("Somebody"),
        "about": about,
        "doubt": str(doubts.get(message.standing, "")),
        "text": message.said("text"),
        "mine": message.mine,
    }


def _proof(door: Door, reading: Reading) -> dict[str, str] | None:
    """Everything that somebody needs who checks a guardian's signature later."""
    if reading.proof is None or door.charter is None:
        return None
    message, proof = reading.proof
    return {
        "guardian": message.guardian or "",
        # a print is looked at in another year, and the signature is over the bare dates
        "week": f"{day(proof.week)} ({proof.week.isoformat()})",
        "day": f"{day(proof.day)} ({proof.day.isoformat()})",
        "code": door.charter.check_code,
        "content": proof.content,
        "own": to_text(reading.thread.reporter_sign),
        "site": to_text(reading.site_id),
        "key": to_text(message.item.signer or b""),
        "sig": said(message.item.payload["proof"], "sig"),
    }


def _told(door: Door, reading: Reading) -> dict[str, Any]:
    """What she told, in the words in which it was offered."""
    contact = reading.contact(house())
    excluded = {to_text(own) for own in reading.thread.exclusions}
    names = {to_text(g.person_id): g.name for g in door.charter.manifest.guardians} if door.charter else {}
    return {
        "text": reading.told("text"),
        "kind": wording.KINDS.get(reading.told("kind"), ""),
        "factors": "\n".join(str(wording.FACTORS[one]) for one in reading.factors if one in wording.FACTORS),
        "cause": reading.told("cause"),
        "help": reading.told("help"),
        "danger": wording.DANGER.get(reading.told("danger"), ""),
        "area": place(door, reading.told("area")),
        "worry": wording.WORRIES.get(reading.told("worry"), "") if reading.told("worry") else "",
        "consent": consent.name if (consent := wording.CONSENTS.get(reading.told("consent"))) else "",
        "why": wording.WHYS.get(reading.told("why"), ""),
        "exclude": ", ".join(names[own] for own in sorted(excluded) if own in names),
        "wish": wording.WISHES.get(contact.get("wish", ""), "") if contact.get("wish") else "",
        "how": contact.get("how", ""),
    }


def _item(forms: dict[str, ThreadForm] | None) -> str:
    kept = next((form.item.data for form in (forms or {}).values()), None)
    return kept or to_text(secrets.token_bytes(16))


def _unknown_words(form: ReturnForm, error: BadReceipt) -> str:
    """Which words are not on the list is said, and nothing else: the list is public."""
    words = ", ".join(f"“{word[:20]}”" for word in error.unknown[:9])
    form.receipt.errors = [_("These are not words of the list: %(words)s. Check how they are written", words=words)]
    return _ask(form)


def _nothing(form: ReturnForm, unsent: str = "") -> str:
    """The one answer to unknown, mistyped, taken back and purged words.

    Mistyped ones could be told apart by their check bits alone, but then "your words are right" would say that
    something had been here. The advice to check each word stands in all of them instead.
    """
    form.receipt.errors = [_("We cannot find anything with these words")]
    return _page(form, unsent=unsent, trouble=None, nothing=True)


def _ask(form: ReturnForm, trouble: str | None = None) -> str:
    return _page(form, unsent="", trouble=trouble, nothing=False, failed=trouble is not None)


def _page(form: ReturnForm, **values: Any) -> str:
    """The page for the words; with script it opens the thread by itself. It must be there when the store is not."""
    door = facts_if_any()
    blank = {step: kind(formdata=None) for step, kind in FORMS.items()}
    return show("return.html", door, form=form, forms=blank, script_texts=for_returning(door), **values)
