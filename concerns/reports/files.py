"""A frozen release as a file: JSON, CSV, a spreadsheet, or a PDF. Each is made of the same stored bytes."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jinja2

from concerns.disclosure.display import HIDDEN
from concerns.disclosure.document import Cell
from concerns.disclosure.queries import Frozen
from concerns.pages.furniture import template_folder

#: what every line of a CSV says of where it comes from, so that a line copied elsewhere still does
PROVENANCE = ("ledger_line", "ledger_head", "checksum")
#: what a spreadsheet would take for the beginning of a formula
_FORMULA = tuple("=+-@\t\r\n")


def as_json(frozen: Frozen, *, measured: bool = False) -> bytes:
    """The release as `docs/release.schema.json` describes it."""
    document = frozen.as_document(measured=measured)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(frozen: Frozen, *, measured: bool = False) -> bytes:
    """One line a node and one for the total; what is hidden is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([guarded(cell) for cell in row] for row in _with_provenance(frozen, measured=measured))
    return text.getvalue().encode()


def as_xlsx(frozen: Frozen, *, measured: bool = False) -> bytes:
    """A workbook of two sheets: the numbers, and what they are. Texts are written as texts, never as formulas."""
    from xlsxwriter import Workbook

    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    # the day of the freeze and no other: when somebody downloaded it is nobody's business
    day = dt.datetime.combine(frozen.stored.terms.frozen_on, dt.time())
    book.set_properties({"title": title_of(frozen), "author": frozen.stored.terms.organisation, "created": day})
    bold = book.add_format({"bold": True})
    _fill(book.add_worksheet("Numbers"), frozen.stored.rows(measured=measured), bold)
    _fill(book.add_worksheet("About"), ([name, value] for name, value in about(frozen).items()), None)
    book.close()
    return made.getvalue()


def as_pdf(frozen: Frozen, *, measured: bool = False) -> bytes:
    """A tagged PDF to print and keep. Raises OSError where the machine has no library to make one with."""
    from concerns.pages.printing import pdf_of

    head, *rows = _printed(frozen, measured=measured)
    template = _templates().get_template("reports/file.html")
    return pdf_of(
        template.render(
            title=title_of(frozen), about=about(frozen), head=head, rows=rows, hidden=HIDDEN, names=names_of(frozen)
        )
    )


FORMATS: Mapping[str, tuple[str, Callable[..., bytes]]] = {
    "json": ("application/json", as_json),
    "csv": ("text/csv", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "pdf": ("application/pdf", as_pdf),
}


def title_of(frozen: Frozen) -> str:
    return f"What staff raised: {frozen.period.in_words}"


def about(frozen: Frozen) -> dict[str, str]:
    """What a reader must know of a release, and what lets her compare it with the print that somebody kept."""
    terms = frozen.stored.terms
    said = {
        "Organisation": terms.organisation,
        "Period": frozen.period.text,
        "Kind": str(frozen.period.kind),
        "Counted by": str(frozen.stored.table.grain),
        "Frozen on": terms.frozen_on.isoformat(),
        "ε": str(terms.epsilon),
        "Ledger line": str(frozen.line),
        "Ledger head": frozen.head,
        "Checksum (SHA-256)": frozen.checksum,
    }
    return {**said, "Answered within, days": str(terms.days_to_answer)} if terms.days_to_answer else said


def names_of(frozen: Frozen) -> dict[str, str]:
    """What a theme's code is called."""
    return {theme.code: theme.name for theme in frozen.stored.table.themes}


def _with_provenance(frozen: Frozen, *, measured: bool) -> Iterator[list[Cell]]:
    head, *rows = frozen.stored.rows(measured=measured)
    yield [*head, *PROVENANCE]
    for row in rows:
        yield [*row, frozen.line, frozen.head, frozen.checksum]


def _printed(frozen: Frozen, *, measured: bool) -> list[list[Cell]]:
    """The table for paper, without the columns that this release has nothing to say in."""
    table = list(frozen.stored.rows(measured=measured))
    keys = table[0].index("value")
    told = [place for place in range(len(table[0])) if place >= keys or any(row[place] for row in table[1:])]
    return [[row[place] for place in told] for row in table]


def guarded(cell: Cell) -> Cell:
    """A spreadsheet must not take a name for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _fill(sheet: Any, rows: Iterator[list[Cell]], heading: Any) -> None:
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            style = [heading] if heading and number == 0 else []
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell is not None:
                sheet.write_string(number, place, cell, *style)
    sheet.autofit()
    if heading:
        sheet.freeze_panes(1, 0)


def _templates() -> jinja2.Environment:
    """Outside any request: the command makes the same file as the page."""
    return jinja2.Environment(loader=jinja2.FileSystemLoader(template_folder()), autoescape=True)
