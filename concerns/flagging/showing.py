"""What all pages of the door share: the facts, days and lists in the reader's language, and how a page is rendered."""

import datetime as dt
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from babel import Locale
from babel.lists import format_list
from flask import render_template, request
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from concerns.areas.questions import Questions
from concerns.areas.rules import NOT_SAID
from concerns.flagging import queries, rules, wording
from concerns.flagging.queries import Door
from concerns.store.house import house


def facts() -> Door:
    """What this request's pages say about the organisation."""
    return queries.door(house())


def facts_if_any() -> Door | None:
    """The facts, or None when the store does not answer: what was typed must still come back."""
    try:
        return facts()
    except Exception:  # noqa: BLE001 - said on the page that follows
        return None


def show(template: str, door_facts: Door | None, **values: Any) -> str:
    """One page of this room. `door_facts` may be missing only on the pages that keep a reporter's text after a failure."""
    return render_template(f"flagging/{template}", **(furniture(door_facts) | values))


def furniture(door_facts: Door | None) -> dict[str, Any]:
    """What every template of this room is given."""
    return {
        "facts": door_facts,
        "questions": questions(door_facts),
        "prompt": partial(questions(door_facts).prompt, language=language()),
        "word": words(door_facts),
        "today": house().today(),
        "listed": listed,
        "day": day,
        "month": month,
        "reading": reading,
        "english": english,
        "lang_en": lang_en(),
        "limits": {"text": rules.TEXT_LIMIT, "written": rules.WRITTEN_LIMIT, "contact": rules.CONTACT_LIMIT},
        # whoever chose to have her text sealed by the server stays on pages without script
        "plain": request.args.get("sealed-by") == "server",
    }


def questions(door_facts: Door | None) -> Questions:
    """Which questions are asked; all of them where that could not be read, so that nothing typed is lost."""
    return door_facts.questions if door_facts else Questions()


def language() -> str:
    """The code of the page's language."""
    return str(get_locale() or "en")


def words(door_facts: Door | None) -> dict[str, str]:
    """The sector's own names for things; the organisation may have chosen others."""
    usual = {
        "guardian": str(_("guardian")),
        "guardians": str(_("guardians")),
        "organisation": str(_("organisation")),
        "place": str(_("team or place")),
        "people": str(_("people")),
    }
    if door_facts is None:
        return usual
    return usual | {name: english(said) for name, said in door_facts.organisation.wording.items()}


def place(door_facts: Door | None, code: str) -> str:
    """The name of an area, or its code where there is none any more."""
    if code in {"", NOT_SAID}:
        return str(_("Prefer not to say"))
    return english(door_facts.names.get(code, code) if door_facts else code)


def lang_en() -> Markup:
    """The attribute for an element that holds the organisation's own words, which are English, on another page."""
    return Markup("") if _locale().language == "en" else Markup(' lang="en"')


def english(said: str) -> str:
    """The organisation's own words inside a sentence of the page's language."""
    return Markup("<span{}>{}</span>").format(lang_en(), said) if lang_en() else said


def closed(door_facts: Door) -> tuple[str, int]:
    """The page shown instead of anything that would have to seal or open."""
    return show("closed.html", door_facts), 503


def listed(names: Sequence[object], joined_by: Literal["and", "or"] = "and") -> str:
    """Names as the language lists them: "Gita, Gwen and Ada"."""
    style: Literal["standard", "or"] = "standard" if joined_by == "and" else "or"
    found = format_list([str(name) for name in names], style, locale=_locale())
    # Welsh says "ac" before a vowel and "a" elsewhere; its list pattern leaves the choice to us
    return re.sub(r"\ba\(c\)", "a", re.sub(r"\ba\(c\)(?= [aeiouwyâêîôûŵŷ])", "ac", found, flags=re.IGNORECASE))


def day(date: dt.date) -> str:
    """A day in words, with its year where that is not this one: "Thursday 26 November", "Monday 4 January 2027"."""
    return str(format_date(date, "EEEE d MMMM" if date.year == house().today().year else "EEEE d MMMM y"))


def month(date: dt.date) -> str:
    """A month in words: "November 2026"."""
    return str(format_date(date, "MMMM y"))


def reading(door_facts: Door, named: bool = True) -> str:
    """Who reads on which days, and when next."""
    days = [wording.ON_DAYS[name] for name in door_facts.organisation.reading_days if name in wording.ON_DAYS]
    if not days or door_facts.next_reading is None or not door_facts.guardians:
        return str(_("We cannot name the days on which we read yet."))
    facts = {"days": listed(days), "next": day(door_facts.next_reading)}
    if named:
        return str(_("%(who)s read on %(days)s. Next: %(next)s.", who=listed(door_facts.guardians), **facts))
    return str(_("They read on %(days)s. Next: %(next)s.", **facts))


def _locale() -> Locale:
    """The page's language; English as in Britain, where "Gita, Gwen and Ada" has one comma."""
    locale = get_locale()
    return Locale("en", "GB") if locale is None or locale.language == "en" else locale
