"""Where a page of the desk fails, what was typed comes back in a page from which it can be sent again."""

import gc
from dataclasses import dataclass

from flask import Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from concerns.pages.errors import show_error, store_trouble
from concerns.pages.forms import comes_from_us, legible

#: never sent back, whatever happens
SECRETS = frozenset(
    {"csrf_token", "passphrase", "old_passphrase", "again", "code", "totp", "one_share", "other_share", "credential"}
)
#: these bring their own forms back, empty
OWN_FORMS = frozenset({"people.sign_in", "people.passkeys.sign_in", "people.welcome"})


@dataclass(frozen=True)
class Trouble:
    """What a page says that brings back what was typed."""

    status: int
    heading: str
    why: str
    saved: str = "What you wrote is not lost, and not saved yet."
    #: she must sign in before she sends it again
    sign_in: bool = False


SIGNED_OUT = Trouble(
    401, "You were signed out", "A session ends after 15 minutes without a page, or after 8 hours.", sign_in=True
)
STALE = Trouble(
    400, "You were signed out", "This page is from before you signed out, or in again, in another tab.", sign_in=True
)
GONE = Trouble(
    404,
    "It could not be saved",
    "What this belongs to is no longer here. It may have been deleted, as promised, when its time was over.",
    "What you wrote stands below. Copy it if you still need it.",
)
SHUT = Trouble(
    409,
    "It could not be saved",
    "Nothing can be sealed just now. The page on guardians’ keys says why. Tell the other guardians.",
)
FAILED = Trouble(
    503,
    "It may not have been saved",
    "Something did not work just now. Wait a minute, look in another tab whether it was saved, and send it again if not.",
    "What you wrote is not lost.",
)

FULL = Trouble(
    507,
    "It could not be saved",
    "There is no room left where this service stores things. Tell whoever looks after the server, and try again after that.",
    "What you wrote is not lost.",
)
BUSY = Trouble(
    503,
    "It may not have been saved",
    "The store is in use. Wait a minute, look in another tab whether it was saved, and send it again if not.",
    "What you wrote is not lost.",
)
#: what a store cannot do now -> what to say
STORE = {"full": FULL, "busy": BUSY, "gone": FAILED}

#: for when the store or the templates themselves fail
LAST_RESORT = Markup(
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{heading}</title></head><body><h1>{heading}</h1>'
    '<p>{why} {saved}</p><form method="post" action="{action}">{fields}<button type="submit">Send it again</button>'
    "</form>{texts}</body></html>\n"
)
LAST_FIELD = Markup('<input type="hidden" name="{name}" value="{value}">')
LAST_TEXT = Markup('<pre translate="no">{value}</pre>')


def typed() -> list[tuple[str, str]]:
    """The fields of the failed request, in their order, without what is secret. Nothing of a body that was refused."""
    try:
        fields = request.form.items(multi=True)
        return [(legible(name), legible(value)) for name, value in fields if name not in SECRETS]
    except HTTPException:
        return []


def bring_back(trouble: Trouble) -> Response:
    """The page with everything typed, and a button to send it again."""
    kept = typed()
    # what was chosen is a word or a code of ours; what was written is read more easily than a hidden field
    texts = [(name, value) for name, value in kept if len(value) > 40 or len(value.split()) > 1]
    try:
        page = render_template("people/kept.html", trouble=trouble, kept=kept, texts=texts)
    except Exception:  # noqa: BLE001 - whatever broke the first page may break this one as well
        page = LAST_RESORT.format(
            heading=trouble.heading,
            why=trouble.why,
            saved=trouble.saved,
            action=request.script_root + request.path,
            fields=Markup().join(
                LAST_FIELD.format(name=name, value=value) for name, value in [("csrf_token", generate_csrf()), *kept]
            ),
            texts=Markup().join(LAST_TEXT.format(value=value) for _name, value in texts),
        )
    answer = make_response(page, trouble.status)
    if trouble.status >= 500:
        answer.call_on_close(gc.collect)
    return answer


def answer_error(error: HTTPException) -> Response | WerkzeugResponse:
    """The page for an error of the desk: with what was typed, where our own page sent something."""
    trouble = _trouble_of(error)
    if trouble is None or request.method != "POST" or request.endpoint in OWN_FORMS or not from_our_page():
        return show_error(error)
    return bring_back(trouble) if any(value.strip() for _name, value in typed()) else show_error(error)


def from_our_page() -> bool:
    """Otherwise another website could put its own words into a page of ours, above our button."""
    return comes_from_us(request, current_app.extensions["concerns.pages"].origins)


def _trouble_of(error: HTTPException) -> Trouble | None:
    if isinstance(error, CSRFError):
        return STALE
    if trouble := store_trouble(error):
        return STORE[trouble]
    code = error.code or 0
    return FAILED if code >= 500 else {404: GONE, 409: SHUT}.get(code)
