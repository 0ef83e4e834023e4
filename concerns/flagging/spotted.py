"""Details that may point to somebody, in words: what was found on the check page, and the wordings for the script."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from concerns.words.rules import spot
from concerns.words.widening import Wider, wider

KINDS: dict[str, LazyString] = {
    "name": _("a name"),
    "email": _("an e-mail address"),
    "phone": _("a telephone number"),
    "nhs": _("an NHS number"),
    "ni": _("a National Insurance number"),
    "vehicle": _("a number plate"),
    "reference": _("a reference or staff number"),
    "postcode": _("a postcode"),
    "address": _("an address"),
    "date": _("a date"),
    "time": _("a time"),
    "role": _("a job that few people have"),
    "self": _("something that only you could say"),
    "place": _("a place"),
    "handle": _("a user name"),
    "url": _("a web address"),
    "other": _("a number"),
}

#: the wider wordings by their codes; each must fit in place of what it stands for
WIDER: dict[str, LazyString] = {
    "a-doctor": _("a doctor"),
    "a-nurse": _("a nurse"),
    "a-councillor": _("a councillor"),
    "a-police-officer": _("a police officer"),
    "somebody": _("somebody"),
    "a-colleague": _("a colleague"),
    "an-address": _("an address"),
    "a-recent-day": _("a recent day"),
    "recently": _("recently"),
    "at-night": _("at night"),
    "in-the-morning": _("in the morning"),
    "in-the-afternoon": _("in the afternoon"),
    "in-the-evening": _("in the evening"),
    "at-some-point": _("at some point"),
    "a-certain-time": _("a certain time"),
    "a-senior-nurse": _("a senior nurse"),
    "a-senior-colleague": _("a senior colleague"),
    "few-of-us": _("there were few of us"),
    "somebody-was-alone": _("somebody was alone"),
    "a-ward": _("a ward"),
    "a-school": _("a school"),
    "a-hospital": _("a hospital"),
    "a-room": _("a room"),
    "a-building": _("a building"),
    "the-area": _("the area"),
    "a-child": _("a child"),
    "an-older-person": _("an older person"),
    "other": _("[number]"),
    "email": _("[e-mail address]"),
    "phone": _("[phone number]"),
    "nhs": _("[NHS number]"),
    "ni": _("[National Insurance number]"),
    "vehicle": _("[number plate]"),
    "reference": _("[reference]"),
    "postcode": _("[postcode]"),
    "handle": _("[user name]"),
    "url": _("[web address]"),
    "january": _("January"),
    "in-january": _("in January"),
    "february": _("February"),
    "in-february": _("in February"),
    "march": _("March"),
    "in-march": _("in March"),
    "april": _("April"),
    "in-april": _("in April"),
    "may": _("May"),
    "in-may": _("in May"),
    "june": _("June"),
    "in-june": _("in June"),
    "july": _("July"),
    "in-july": _("in July"),
    "august": _("August"),
    "in-august": _("in August"),
    "september": _("September"),
    "in-september": _("in September"),
    "october": _("October"),
    "in-october": _("in October"),
    "november": _("November"),
    "in-november": _("in November"),
    "december": _("December"),
    "in-december": _("in December"),
}


@dataclass(frozen=True)
class Spotted:
    """One detail as the check page shows it."""

    words: str
    kind: str
    #: empty where only taking it out helps
    wider: str


def spotted(texts: Iterable[str]) -> list[Spotted]:
    """What was found in these texts, each once. It helps where it can, and never claims to be complete."""
    found = []
    for text in texts:
        for span in spot(text):
            other = wider(text, span)
            found.append(Spotted(text[span.start : span.end], str(KINDS[span.kind]), _said(other) if other else ""))
    return list(dict.fromkeys(found))


def _said(other: Wider) -> str:
    """The wider wording in the page's language, with a capital where the English has one for its place."""
    if _english():
        return other.text
    words = str(WIDER[other.code])
    return words[0].upper() + words[1:] if other.text[0].isupper() else words


def for_script() -> dict[str, str]:
    """The names of the kinds; the wordings too where the page is not English, which the script speaks by itself."""
    said = {f"found:{kind}": str(name) for kind, name in KINDS.items()}
    if not _english():
        said |= {f"wider:{code}": str(words) for code, words in WIDER.items()}
    return said


def _english() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "en"
