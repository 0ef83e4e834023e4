"""The report page: the release's headline and themes, then the parts that a board paper has too."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from concerns.learning.promises.queries import promises
from concerns.learning.queries import LearningPoint, public
from concerns.learning.standing import authority
from concerns.people.duties.reading_days import tally
from concerns.people.duties.rules import Tally
from concerns.reports import flag_parts, handling_parts, promise_parts, word_parts
from concerns.reports.gathering import Material
from concerns.reports.parts import ABOUT_HIDDEN, Part
from concerns.store.house import House
from concerns.themes.queries import current_set


@dataclass(frozen=True)
class Page:
    """What stands on a report's page, in its order."""

    themes: Part
    learnt: Part
    parts: tuple[Part, ...]
    #: said once, where any number is hidden
    about_hidden: str


@dataclass(frozen=True)
class WordsOnly:
    """What there is in an organisation so small that any number could point to somebody."""

    points: tuple[LearningPoint, ...]
    promised: Part
    actions: Part
    reading_days: Tally


def page_of(made: Material) -> Page:
    """The parts of a report's page."""
    themes = flag_parts.themes_part(made.report, made.promises)
    declared = made.handling_declared
    # on one page the same reason is said once; a paper has a part for each of the three
    handled = (
        handling_parts.handled_parts(made.handled, declared=declared)
        if made.handled
        else (handling_parts.unhandled_part("Severity, detriment and timeliness", declared=declared),)
    )
    found = (
        flag_parts.volume_part(made.guide),
        flag_parts.heard_part(made.report),
        *handled,
        promise_parts.actions_part(made.promises, made.frozen.period),
        promise_parts.between_part(made.promises, made.reading_days, made.today),
    )
    hidden = any(row and not row.shown for part in (themes, *found) for row in (*part.bars, part.total))
    hidden = hidden or made.guide.volume.hides
    return Page(themes, word_parts.learnt_part(made.learnt), found, ABOUT_HIDDEN if hidden else "")


def words_only(reader: Session, house: House) -> WordsOnly:
    """Learning points, promises and reading days: no number made of flags stands on this page."""
    today = house.today()
    found = public(reader, current_set(reader, today), authority(reader, house.directory), today)
    promised = promises(reader, today)
    # there is no report before this page that anything could have changed since
    part = replace(promise_parts.promises_part(promised), name="What was promised")
    return WordsOnly(found.points, part, promise_parts.actions_part(promised), tally(reader, today))
