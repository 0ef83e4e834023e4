"""The parts of a report that numbers made of flags stand in: volume, themes, who is heard, other figures beside them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from concerns.disclosure.display import HIDDEN
from concerns.disclosure.nodes import Grain
from concerns.learning.promises.queries import Promises
from concerns.learning.promises.rules import DROPPED
from concerns.reports.parts import Count, Grid, Part
from concerns.reports.promise_parts import owed_on
from concerns.reports.reading.guide import Guide
from concerns.reports.reading.lines import Line
from concerns.reports.rows import Row, bar
from concerns.reports.rules import TOO_EARLY, Report
from concerns.reports.shapes import Chart


def volume_part(guide: Guide) -> Part:
    """Volume over time: a picture from about 200 flags a year on, a table always."""
    volume = guide.volume
    rows = tuple(
        (one.period.in_words, ". ".join(filter(None, (one.text, one.remark.capitalize())))) for one in volume.readings
    )
    notes = tuple(
        f"{number}: {note.text}. Expected {'more' if note.expected == 'up' else 'fewer'} flags. Written {note.written}."
        for number, note in guide.notes
    )
    said = (_legend(volume.chart) if volume.chart else volume.without, *notes)
    return Part(
        "Volume over time", volume.message, said, volume.chart, grid=Grid("All flags", ("Period", "Flags"), rows)
    )


def _legend(chart: Chart) -> str:
    """What a picture's signs mean, those that stand in it."""
    signs = ["A line through a point is its range."]
    if chart.band:
        signs.append("The shaded band is where chance and noise alone would put a total.")
    if any(point.signal for point in chart.points):
        signs.append("A square lies outside what chance and noise explain.")
    return " ".join(signs)


def themes_part(report: Report, promises: Promises) -> Part:
    """What flags were about, each theme with what is owed on it."""
    rows = tuple(_with_answer(report, row, promises) for row in report.rows)
    of = "Group of themes" if report.stored.table.grain is Grain.GROUPS else "Theme"
    gone = ", ".join(report.not_compared)
    changed = (
        (f"The set of themes has changed. Nothing here can be compared with the earlier: {gone}.",) if gone else ()
    )
    return Part("Themes", _themes_message(report), changed, of=of, bars=rows, total=Count.of(report.total))


def _themes_message(report: Report) -> str:
    if not report.rows:
        return "Too few flags are expected here to tell themes apart"
    if report.all_hidden and not any(row.silent for row in report.rows):
        return f"Every number is {HIDDEN}"
    signals = ", ".join(row.name for row in report.rows if row.signal)
    silent = ", ".join(row.name for row in report.rows if row.silent)
    found = (
        f"A signal in: {signals}" if signals else "",
        f"Silence where flags came before: {silent}" if silent else "",
    )
    if any(found):
        return ". ".join(filter(None, found))
    shown = [row for row in report.rows if row.shown]
    if not shown:
        return "No theme can be shown safely"
    if all(row.remark == TOO_EARLY for row in shown):
        return "Too early to tell a signal from chance and noise"
    return "No theme stands out from chance and noise"


def _with_answer(report: Report, row: Row, promises: Promises) -> Count:
    """A row with its sentences, and whether its signal or its silence still waits for somebody to promise an answer."""
    themes = _themes_of(report, row.key)
    found = answered(row, promises, themes)
    if row.beside:
        found = replace(found, answer=". ".join(filter(None, (_sentence(row.beside), found.answer))))
    return replace(
        found, owes=(row.signal or row.silent) and not _answers(promises, themes, report.stored.terms.frozen_on)
    )


def _answers(promises: Promises, themes: Sequence[str], frozen_on: dt.date) -> bool:
    """Whether an answer to one of these themes is promised, or was given since the numbers were frozen.

    One that was given before cannot answer what they say; one that was dropped answers nothing.
    """
    mine = [one for one in promises.responses if one.theme_code in themes and one.state != DROPPED]
    return any(one.standing.closed is None or one.standing.closed >= frozen_on for one in mine)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def answered(row: Row, promises: Promises, themes: Sequence[str]) -> Count:
    """A row with one more sentence: signal or noise, and whether an answer is owed to one of its themes."""
    responses = [found for code in themes if (found := promises.response_to(code))]
    first = next((one for one in responses if one.owed), responses[0] if responses else None)
    owed = owed_on(first) or ("No answer is promised yet" if row.shown else "")
    remark = row.remark if row.shown else ""  # the remark of a hidden row is its text
    return Count.of(row, ". ".join(one[0].upper() + one[1:] for one in (remark, owed) if one))


def _themes_of(report: Report, key: str) -> list[str]:
    """The codes behind a row: a theme's own, or those of its group, and those of earlier sets that they come from.

    What is owed to a theme that was merged, split or replaced is owed to whatever took its place.
    """
    table = report.stored.table
    grouped = table.grain is Grain.GROUPS
    own = [theme for theme in table.themes if (theme.group if grouped else theme.code) == key]
    return [*(theme.code for theme in own), *(code for theme in own for code in (*theme.whole, *theme.partly))]


def heard_part(report: Report) -> Part:
    """Who is heard and who is silent, by part of the organisation, as far as the grain has them."""
    if report.stored.table.grain not in (Grain.THEMES_BY_DIVISION, Grain.THEMES_BY_AREA):
        words = "The numbers are too small to be told apart by part of the organisation. Silence can be anywhere."
        return Part("Who is heard and who is silent", "Not told apart here", (words,))
    widest = max((row.shown.high for row, _staff in report.heard if row.shown), default=0)
    bars = tuple(
        Count.of(
            row,
            ". ".join(filter(None, (f"{staff:,} staff" if staff else "", row.beside.capitalize()))),
            bar(row.shown, widest),
        )
        for row, staff in report.heard
    )
    silent = [row.name for row, _staff in report.heard if row.silent]
    message = f"Silence where flags came before: {', '.join(silent)}" if silent else "No silence that numbers can show"
    return Part(
        "Who is heard and who is silent",
        message,
        ("Few flags from a place can mean that all is well, or that nobody dares to say so.",),
        of="Part of the organisation",
        bars=bars,
    )


def reading_part(guide: Guide) -> Part:
    """Flags beside other figures of the organisation."""
    words = tuple(filter(None, (guide.expected,)))
    return Part("Flags beside other figures", guide.sentence, words, grid=figures_grid(guide.lines))


def figures_grid(lines: Sequence[Line]) -> Grid | None:
    """The typed-in figures of a period beside those of the one before; None where there are none."""
    rows = tuple((line.name, line.now, line.before, line.remark.capitalize()) for line in lines)
    typed = any(line.figures for line in lines)
    return Grid("Typed-in figures", ("Figure", "This period", "Before", "Direction"), rows) if typed else None
