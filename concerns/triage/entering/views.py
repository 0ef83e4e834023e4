"""The guardian's page for what somebody told her, and the slip to hand over."""

import gc
import re

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from concerns.people.access import needs, visitor
from concerns.sealing.receipt import digits_of, words_of
from concerns.store.house import house
from concerns.triage.entering.forms import EnterForm
from concerns.triage.entering.service import SavedBefore, enter_told, others
from concerns.triage.reading import Desk
from concerns.triage.showing import at_the_desk, facts


@needs("guardian")
@at_the_desk
def enter(desk: Desk) -> ResponseReturnValue:
    """The form, and once it is stored the slip: the words are shown in that answer alone."""
    form = EnterForm(facts().areas, others(desk, visitor()))
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    entropy = form.entropy
    if entropy is None:
        form.renew()
        return _page(form, "Something was missing from the page. Check it and press Save again."), 400
    try:
        enter_told(house(), desk, visitor(), form.told, entropy)
    except SavedBefore:
        form.renew()
        return _page(form, "This page had already saved something else. Press Save again to save this too."), 409
    except Exception:  # whatever it was, what she typed must come back to her
        current_app.logger.exception("")
        gc.collect()  # what the failed attempt held in memory is let go now
        return _page(form, "We could not store it just now. Wait a minute, then press Save again."), 503
    return render_template(
        "triage/slip.html",
        words=words_of(entropy),
        digits=re.findall("....", digits_of(entropy)),
        address=next(iter(house().report_origins), ""),
    )


def _page(form: EnterForm, trouble: str = "") -> str:
    return render_template("triage/enter.html", form=form, trouble=trouble)
