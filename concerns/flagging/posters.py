"""Sheets to print and hang up: a poster, cards to cut, and a paper form. They hold nothing that is not public."""

from functools import partial
from itertools import count

import segno
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape

from concerns.flagging import wording
from concerns.flagging.queries import Door
from concerns.flagging.showing import closed, facts, listed, show
from concerns.flagging.slips import short
from concerns.store.house import house

CARDS = 4
#: areas to tick on the paper form; beyond that there is a line to write on
MOST_TICKS = 18
#: letters of names and numbers beyond which a sheet is set smaller, and smaller still
CROWDED, FULL = 330, 470
#: the line that says so stands on each sheet
REHEARSAL = 80


def index() -> ResponseReturnValue:
    """What each sheet is for, and how to print it."""
    return _sheet("index.html")


def a4() -> ResponseReturnValue:
    """The poster."""
    return _sheet("a4.html")


def card() -> ResponseReturnValue:
    """Cards to cut, several on one page."""
    return _sheet("card.html", cards=range(CARDS))


def paper() -> ResponseReturnValue:
    """The same questions as on the website, for people who would rather write by hand."""
    return _sheet(
        "paper.html",
        number=partial(next, count(1)),
        most_ticks=MOST_TICKS,
        factors=wording.FACTORS.values(),
        worries=wording.WORRIES.values(),
        consents=wording.CONSENTS.values(),
    )


def picture(address: str) -> Markup:
    """An address as a square code: SVG with presentation attributes only, as wide as the page lets it be."""
    drawn = segno.make(address, error="q", micro=False)
    # four modules of white belong to the code: without them a telephone may not find it
    svg = drawn.svg_inline(
        border=4, omitsize=True, dark="#000000", light="#ffffff", svgclass="sheet-qr", lineclass=None
    )
    named = (
        f'<svg role="img" aria-label="{escape(_("Square code that leads to %(address)s", address=short(address)))}" '
    )
    svg = svg.replace("<svg ", f'{named}shape-rendering="crispEdges" ', 1)
    return Markup(svg)  # noqa: S704  segno writes only modules of the code into it, and the label is escaped


def _sheet(template: str, **values: object) -> ResponseReturnValue:
    """One sheet, where there is somebody who reads; otherwise it would send people to a door that is shut."""
    door = facts()
    if door.charter is None:
        return closed(door)
    origin = house().report_origins[0]
    return show(
        f"posters/{template}",
        door,
        # one code for all sheets and languages: the first page offers the others
        qr=picture(f"{origin}/"),
        address=breakable(short(origin)),
        read_on=_read_on(door),
        size=_size(door),
        **values,
    )


def breakable(address: str) -> Markup:
    """An address that a narrow sheet breaks before a dot, never within a word."""
    return Markup("<wbr>.").join(address.split("."))


def _read_on(door: Door) -> str:
    """The reading days without the next one: a poster hangs for months."""
    days = [wording.ON_DAYS[name] for name in door.organisation.reading_days if name in wording.ON_DAYS]
    return str(_("They read on %(days)s.", days=listed(days))) if days else ""


def _size(door: Door) -> str:
    """How small the letters must be, so that long names and many numbers fit."""
    words = [door.organisation.name, *door.guardians, *door.guardians]  # guardians are named twice
    words += [signpost.name + signpost.number + signpost.hours for signpost in door.danger_numbers]
    letters = sum(map(len, words)) + (
        REHEARSAL if door.organisation.rehearsal or door.organisation.stage == "pilot" else 0
    )
    return "full" if letters > FULL else "crowded" if letters > CROWDED else "usual"
