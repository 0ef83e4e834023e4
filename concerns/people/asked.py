"""The questions of the report form in words, for admins and guardians: what they are called, what changes, what is signed."""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import force_locale
from flask_babel import lazy_gettext as _

from concerns.areas.questions import Questions
from concerns.pages.languages import ENGLISH, LANGUAGES
from concerns.people.settings.languages import IN_ENGLISH

#: the questions that may be left out
ASKED = {
    "kind": "What kind of thing it is",
    "cause": "What made it more likely",
    "help": "What would help",
    "area": "Where it is",
    "worry": "How worried the reporter is",
    "why": "Why the reporter gives no name",
    "reach": "Whether the reporter wants to be reached",
    "photos": "Photos",
}
#: texts that may stand in the organisation’s own words
NAMES = {
    "text": "The first question",
    "text_hint": "What stands under it",
    "cause": "What made it likely, in own words",
    "help": "What would help",
}
#: the words that stand there otherwise, as the report door says them
USUAL = {
    "text": _("What happened, or what worries you?"),
    "text_hint": _(
        "A few sentences are enough. What happened, and what around it made it likely? You do not need to name anyone,"
        " or yourself. If someone’s behaviour is the concern, say what they did or said."
    ),
    "cause": _("More about what made it likely (optional)"),
    "help": _("What would help? (optional)"),
}


class Line(NamedTuple):
    """One thing about the form that changes, as both sides of it are written."""

    words: str
    before: str
    after: str


def changes(before: Questions, after: Questions) -> tuple[Line, ...]:
    """What is asked from then on, or no more, and which words change, the usual ones written out."""
    asked = [
        Line(f"The form asks: {words}", _yes(before.asks(name)), _yes(after.asks(name)))
        for name, words in ASKED.items()
        if before.asks(name) != after.asks(name)
    ]
    worded = [
        Line(_label(name, code), *(one.prompt(name, code) or _usual(name, code) for one in (before, after)))
        for code in _codes(before, after)
        for name in NAMES
        if before.prompt(name, code) != after.prompt(name, code)
    ]
    return (*asked, *worded)


def said(questions: Questions) -> tuple[tuple[str, str], ...]:
    """All of the form that may differ from the usual one, as names and values."""
    out = ", ".join(words for name, words in ASKED.items() if not questions.asks(name))
    worded = [
        (_label(name, code), words)
        for code in _codes(questions)
        for name in NAMES
        if (words := questions.prompt(name, code))
    ]
    return (("The form leaves out", out or "Nothing"), *(worded or [("Words of the form", "The usual ones")]))


def usual(code: str) -> Mapping[str, str]:
    """The words that stand on the form otherwise, in one of LANGUAGES."""
    with force_locale(code):
        return {name: str(words) for name, words in USUAL.items()}


def language_name(code: str) -> str:
    """A language on a page in English."""
    return "English" if code == ENGLISH.code else IN_ENGLISH.get(code, code)


def _codes(*forms: Questions) -> list[str]:
    """The languages that have words of their own, English first."""
    known = [language.code for language in LANGUAGES]
    found = {code for one in forms for code in one.words}
    return sorted(found, key=lambda code: (known.index(code) if code in known else len(known), code))


def _label(name: str, code: str) -> str:
    return f"{NAMES[name]}, in {language_name(code)}"


def _usual(name: str, code: str) -> str:
    return usual(code)[name] if code in {language.code for language in LANGUAGES} else "The usual words"


def _yes(asks: bool) -> str:
    return "Yes" if asks else "No"
