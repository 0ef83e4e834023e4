"""The pages on which a reporter comes back with her words, reads, and adds something."""

import datetime as dt
import gc
import secrets

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from concerns.flagging import rules, service, wording
from concerns.flagging.forms import DetailForm, ReturnForm
from concerns.flagging.queries import Door
from concerns.flagging.reading import Altered, NothingFound, Reading, open_with_receipt
from concerns.flagging.showing import closed, facts, place, show
from concerns.sealing.receipt import BadReceipt, digits_of, read_receipt
from concerns.sealing.text import to_text
from concerns.store.house import house


def come_back() -> ResponseReturnValue:
    """One address for the words, the thread and what is added to it: nothing of a receipt is ever in an address."""
    if request.method != "POST":
        door = facts()
        return closed(door) if door.charter is None else _ask(ReturnForm())
    return _add(DetailForm()) if "text" in request.form else _open(ReturnForm())


def _open(form: ReturnForm) -> ResponseReturnValue:
    if not form.validate():
        return _ask(form)
    try:
        door = facts()
        if door.charter is None:
            return closed(door)
        return _thread(door, open_with_receipt(house(), read_receipt(form.receipt.data)))
    except (BadReceipt, NothingFound):
        return _nothing(form)
    except Altered:
        return show("altered.html", door)
    except Exception:  # noqa: BLE001 - the words must come back to be tried again, and nothing of them may reach a log
        gc.collect()
        return _ask(form, _("We could not look just now. Wait a minute and try again with the same words.")), 503


def _add(form: DetailForm) -> ResponseReturnValue:
    valid = form.validate()
    try:
        door = facts()
        entropy = read_receipt(form.receipt.data or "")
        reading = open_with_receipt(house(), entropy)
        if not valid:
            return _thread(door, reading, form)
        service.add_detail(house(), reading, form.text.data, form.item.data or "")
        return _thread(door, open_with_receipt(house(), entropy), added=True)
    except (BadReceipt, NothingFound):
        return _nothing(ReturnForm(formdata=None), form.text.data)
    except Exception:  # noqa: BLE001 - the text must come back, and nothing of it may reach a log
        gc.collect()
        return show("again.html", None, form=form, failed=True), 503


def _thread(door: Door, reading: Reading, detail: DetailForm | None = None, added: bool = False) -> str:
    """The reporter's page. It depends on her own thread and on the policy, on nothing else."""
    clocks = door.charter.policy.clocks if door.charter else {}
    # what still waits is collected tonight at the earliest
    collected = reading.week or house().today() + dt.timedelta(days=1)
    return show(
        "thread.html",
        door,
        thread=reading,
        status=wording.STATUSES[reading.status],
        outcome=wording.OUTCOMES.get(reading.step.said("outcome")) if reading.step else None,
        next_date=rules.next_date(reading.status, collected, reading.last_heard, clocks),
        area=place(door, reading.told("area")),
        worry=wording.WORRIES.get(reading.told("worry"), ""),
        consent=wording.CONSENTS.get(reading.told("consent")),
        form=detail or DetailForm(formdata=None),
        receipt=digits_of(reading.entropy),
        item=detail.item.data if detail else to_text(secrets.token_bytes(16)),
        added=added,
    )


def _nothing(form: ReturnForm, unsent: str = "") -> str:
    """The one answer to unknown, mistyped, taken back and purged words.

    Mistyped ones could be told apart by their check bits alone, but then "your words are right" would say that
    something had been here. The advice to check each word stands in all of them instead.
    """
    form.receipt.errors = [_("We cannot find anything with these words")]
    return show("return.html", None, form=form, unsent=unsent, trouble=None, nothing=True)


def _ask(form: ReturnForm, trouble: str | None = None) -> str:
    return show("return.html", None, form=form, unsent="", trouble=trouble, nothing=False, failed=trouble is not None)
