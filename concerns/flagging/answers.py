"""What staff read without a code: answers, promises and learning points by month, as a page, a sheet and a feed."""

import datetime as dt
import math
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from concerns.flagging import queries
from concerns.flagging.posters import breakable, picture
from concerns.flagging.reported import newest_report
from concerns.flagging.showing import facts, show
from concerns.flagging.slips import short
from concerns.learning.promises.telling import Told
from concerns.learning.queries import AnswerEntry, LearningPoint, Public
from concerns.learning.rules import first_working_day
from concerns.store.house import house

#: lines that one sheet holds beside its band and its foot, and how many a heading takes with the space round it
ROOM, HEADING = 34, 3
#: letters on a line, of the words before a text, and of one text, so that a sheet holds more than one
LINE, LABEL, LONGEST = 90, 30, 420
#: one thing that staff read
Said = AnswerEntry | Told | LearningPoint
#: what no XML may hold
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Month:
    """What staff may read since one month, by its first day."""

    first: dt.date
    entries: tuple[AnswerEntry, ...]
    promises: tuple[Told, ...]
    points: tuple[LearningPoint, ...]

    @property
    def address(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def read_from(self) -> dt.date:
        """The first working day of the month."""
        return first_working_day(self.first)

    @property
    def standing(self) -> tuple[Said, ...]:
        """Everything that was not taken out again."""
        said: tuple[Said, ...] = (*self.promises, *self.entries, *self.points)
        return tuple(one for one in said if one.withdrawn is None)


def index() -> ResponseReturnValue:
    """The answer to each theme, what was promised and what may be learnt, newest month first."""
    door = facts()
    return show(
        "answers.html", door, months=months(queries.public(house())), report=newest_report(house(), door.charter)
    )


def sheet(month: str) -> ResponseReturnValue:
    """“We heard, we did”: what is new since one month on a page of A4, for the staff room."""
    found = next((one for one in months(queries.public(house())) if one.address == month and one.standing), None)
    if found is None:
        abort(404)
    shown = fitting(found.standing)
    origin = house().report_origins[0]
    return show(
        "answers_sheet.html",
        facts(),
        first=found.first,
        shown=shown,
        rest=names_of(found.standing[len(shown) :]),
        longest=LONGEST,
        qr=picture(f"{origin}/"),
        address=breakable(short(f"{origin}/answers")),
    )


def names_of(left: Sequence[Said]) -> list[str]:
    """The themes of what has no room on the sheet; what was promised to everybody has none to name."""
    return list(dict.fromkeys(one.theme_name for one in left if one.theme_name))


def feed() -> ResponseReturnValue:
    """The same as an Atom feed. No time in it is finer than a month's first working day."""
    found, door = months(queries.public(house())), facts()
    language = str(get_locale() or "en")
    ours = uuid.UUID(bytes=bytes(door.organisation.site_id))
    text = show(
        "answers.atom",
        door,
        months=[one for one in found if one.standing],
        updated=max((one.read_from for one in found), default=door.organisation.launched_on.replace(day=1)),
        urn=lambda *parts: uuid.uuid5(ours, "/".join(("answers", language, *parts))).urn,
        root=house().report_origins[0] + request.script_root,
        language=language,
    )
    return Response(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text), mimetype="application/atom+xml")


def months(found: Public) -> list[Month]:
    """What staff read, by the month in which it last changed, the newest first."""
    said: tuple[Said, ...] = (*found.entries, *found.promises, *found.points)
    firsts = {one.month for one in said}
    return [
        Month(
            first,
            tuple(one for one in found.entries if one.month == first),
            tuple(one for one in found.promises if one.month == first),
            tuple(one for one in found.points if one.month == first),
        )
        for first in sorted(firsts, reverse=True)
    ]


def fitting(
    standing: Sequence[Said],
) -> tuple[Said, ...]:
    """Those that one sheet holds, from the first one on; at least one."""
    left = ROOM
    shown: list[Said] = []
    for one in standing:
        left -= HEADING + sum(math.ceil(min(len(text) + LABEL, LONGEST) / LINE) for text in _texts(one) if text)
        if shown and left < 0:
            break
        shown.append(one)
    return tuple(shown)


def _texts(one: Said) -> tuple[str, ...]:
    if isinstance(one, AnswerEntry):
        return one.heard, one.known, one.doing, one.declined
    if isinstance(one, Told):
        return one.what, one.until, one.because
    return (one.text,)
