"""The sentences that a page's script says, in the language of the page; `%s` stands for what it fills in."""

from babel.dates import get_day_names, get_month_names
from flask_babel import get_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from concerns.flagging import forms, spotted, wording
from concerns.flagging.queries import Door
from concerns.flagging.showing import listed, place
from concerns.sealing.text import to_text

TROUBLES = {
    "trouble:cannot-seal": lazy_gettext(
        "This browser cannot seal your text on this device, so nothing is sent. Copy your text if you have written one. "
        "Then use a newer browser."
    ),
    "trouble:page": lazy_gettext(
        "This page could not load all it needs to seal your text on this device, so nothing can be sent. Load the page "
        "again in a minute."
    ),
    "trouble:network": lazy_gettext(
        "There is no connection just now. Your text is still on this page. Send it again when you are connected: it is "
        "not stored twice."
    ),
    "trouble:broken": lazy_gettext(
        "We could not store it just now. Your text is still on this page. Wait a minute, then send it again: it is not "
        "stored twice."
    ),
    "trouble:closed": lazy_gettext(
        "This service is closed just now. Your text is still on this page. Copy it, and talk to a person."
    ),
    "trouble:too-many": lazy_gettext(
        "Very many people are writing just now. Your text is still on this page. Send it again at the next full hour, or "
        "talk to a person."
    ),
    "trouble:enough": lazy_gettext(
        "There is no room for more in this concern just now. Your text is still on this page. Try again tomorrow."
    ),
    "trouble:code": lazy_gettext(
        "We do not know this staff code, or it was used already. Take another slip from the box. Your text is still on "
        "this page."
    ),
    "trouble:code-needed": lazy_gettext("Enter your staff code. It stands on a slip from the box."),
    "trouble:envelope": lazy_gettext(
        "The server did not take what this page sent. Copy your text, load the page again, and send it once more."
    ),
    "trouble:photos": lazy_gettext(
        "We take no photos any more, so nothing was sent. Take them out, write down what they show, and send it again."
    ),
    "trouble:gone": lazy_gettext(
        "What your words belonged to is no longer here. Your text is still on this page: copy it if you want to keep it."
    ),
    "trouble:unsigned-keys": lazy_gettext(
        "The readers’ keys that this page was given are not all signed, so nothing is sealed for them. Do not write here: "
        "talk to a person."
    ),
    "trouble:keys": lazy_gettext(
        "The readers’ keys changed while you were writing. Nothing was sent. Look at the check code below, then send again."
    ),
}

BOTH = {
    "too-long": lazy_gettext("The text is %s characters too long. Take out at least that much; nothing is lost."),
    "photos": lazy_gettext("%s photos, drawn anew"),
    "photo-many": lazy_gettext("There are three photos already; more do not fit"),
    "photo:kind": wording.PHOTO_TROUBLES["kind"],
    "photo:pixels": wording.PHOTO_TROUBLES["pixels"],
    "photo:broken": wording.PHOTO_TROUBLES["broken"],
}

TELLING = {
    **BOTH,
    "empty": forms.ASK_FOR_TEXT,
    "contact-too-long": lazy_gettext("Take out %s characters of how you can be reached; nothing is lost."),
    "how-missing": lazy_gettext("Write how a reader can reach you, or choose “No”"),
    "how-alone": lazy_gettext("Say that a reader may reach you, or take out how"),
    "code-shape": lazy_gettext("A staff code has 16 letters and digits. Check it against the slip"),
    "sealing": lazy_gettext("Sealing on this device …"),
    "working": lazy_gettext("One moment: this device does a sum that keeps machines out …"),
    "sending": lazy_gettext("Sending …"),
    "photo-remove": lazy_gettext("Take out photo %s"),
    "found-one": lazy_gettext("One detail may point to somebody. Only the readers see it."),
    "found-many": lazy_gettext("%s details may point to somebody. Only the readers see them."),
    "found-change": lazy_gettext("Change to “%s”"),
    "found-keep": lazy_gettext("Keep"),
    "found-out": lazy_gettext("Take out"),
    "step": lazy_gettext("Step %s of %s"),
    "check-heading": lazy_gettext("Check what you are about to send"),
    "tell-heading": lazy_gettext("Raise a concern"),
    "back": lazy_gettext("Back"),
    "not-answered": lazy_gettext("Not answered"),
}

RETURNING = {
    **BOTH,
    "empty-detail": forms.ASK_FOR_DETAIL,
    "empty-detriment": lazy_gettext("Write what is happening to you"),
    "empty-closing": lazy_gettext("Answer one of the questions"),
    "empty-words": forms.ASK_FOR_WORDS,
    "opening": lazy_gettext("Opening on this device …"),
    "photo-none": lazy_gettext("Choose a photo first"),
    "thread-heading": lazy_gettext("Your concern"),
    "nothing": lazy_gettext("We cannot find anything with these words"),
    "nothing-advice": lazy_gettext(
        "Check each word and the order of the words. If they are right, what they belonged to is no longer here: its "
        "time was over."
    ),
    "unknown-words": lazy_gettext("These are not words of the list: %s. Check how they are written"),
    "trouble:altered": lazy_gettext(
        "Your words are right, but somebody has changed or removed what was stored under them. We do not show it. Please "
        "talk to a person, best to somebody outside."
    ),
    "you": lazy_gettext("You"),
    "somebody": lazy_gettext("Somebody"),
    "not-said": lazy_gettext("Prefer not to say"),
    "hear-by": lazy_gettext("You will hear from us here by %s at the latest."),
    "finished": lazy_gettext("We owe you no further answer. You can still add something."),
    "came-in": lazy_gettext("It came in the week of %s. We keep no closer date."),
    "unproven": wording.UNPROVEN[False],
    "unproven-mine": wording.UNPROVEN[True],
    "broken": wording.BROKEN,
    "detriment": wording.DETRIMENT,
}


def for_telling(door: Door | None) -> dict[str, str]:
    """What the script of the form says."""
    found = _said(TROUBLES, TELLING)
    if door is not None and door.charter is not None:
        guardians = door.charter.manifest.guardians
        for without in guardians:
            others = [one.name for one in guardians if one is not without]
            found[f"readers:{to_text(without.person_id)}"] = listed(others)
    return found | spotted.for_script()


def for_returning(door: Door | None) -> dict[str, str]:
    """What the script of a reporter's own page says: also every answer and status in words, since it alone reads them."""
    found = _said(TROUBLES, RETURNING)
    offered = {
        "kind": wording.KINDS,
        "factor": wording.FACTORS,
        "danger": wording.DANGER,
        "worry": wording.WORRIES,
        "why": wording.WHYS,
        "wish": wording.WISHES,
        "yes-no": wording.YES_NO,
        "again": wording.AGAIN,
        "outcome": wording.OUTCOMES,
        "consent": {value: said.name for value, said in wording.CONSENTS.items()},
        "status": {value: said.name for value, said in wording.STATUSES.items()},
        "meaning": {value: said.meaning for value, said in wording.STATUSES.items()},
    }
    found |= {f"{kind}:{value}": str(said) for kind, words in offered.items() for value, said in words.items()}
    found["closing"] = str(wording.CLOSING) % {"feedback": "%s", "again": "%s"}
    if door is not None:
        found |= {f"area:{code}": place(door, code) for code in door.names}
    locale = get_locale()
    found |= {f"day:{number}": name for number, name in get_day_names("wide", locale=locale).items()}
    found |= {f"month:{number}": name for number, name in get_month_names("wide", locale=locale).items()}
    return found


def _said(*sayings: dict[str, LazyString]) -> dict[str, str]:
    return {name: str(words) for said in sayings for name, words in said.items()}
