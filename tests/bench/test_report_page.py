"""A leader's report with three years of quarters over fourteen themes and twelve divisions, and its board paper as a PDF."""

import gzip
from fractions import Fraction

import pytest

from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.history import Terms
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.nodes import Grain, Table, ThemePart
from concerns.disclosure.periods import Period
from concerns.disclosure.places import Place
from concerns.disclosure.queries import Frozen
from concerns.reports.files import as_xlsx
from tests.bench.measure import calibration, say, spent
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.reports.releases import put

pytestmark = pytest.mark.bench
TIMES, QUARTERS, NEWEST = 10, 12, Period(2026, 3)
#: the targets: CPU seconds of a page, bytes of it compressed, CPU seconds of a PDF made by a warm process and of a spreadsheet
PAGE, COMPRESSED, PDF, XLSX = 0.150, 60_000, 2.0, 3.0


def bodies(grain: Grain, places: int) -> list[bytes]:
    """Quarters in which every node is shown."""
    themes = tuple(ThemePart(f"N{n:02}", f"Theme number {n}", f"Group {n % 4}") for n in range(1, 15))
    parts = tuple(Place(f"Place {n}", f"Division {n % 12}", 1500, ()) for n in range(places))
    table = Table(grain, themes, parts, 1500 * places)
    periods = [NEWEST]
    while len(periods) < QUARTERS:
        periods.append(periods[-1].previous())
    found = []
    for period in reversed(periods):
        day = period.cut_off(21)
        terms = Terms("Wendle Vale Trust", Fraction(1, 2), 1, table, 10, day, day)
        found.append(freeze(period, terms, [20 + (n * 7 + period.quarter) % 30 for n in range(len(table.nodes))]))
    return found


@pytest.mark.parametrize(
    ("grain", "places"), [(Grain.THEMES, 1), (Grain.THEMES_BY_DIVISION, 12), (Grain.THEMES_BY_AREA, 40)]
)
def test_the_report_page_and_its_paper(instance: Instance, grain: Grain, places: int) -> None:
    calibration()
    with instance.stores.write_main() as main:
        put(main, Ledger(instance.directory), *bodies(grain, places))
    where = f"{grain}, {places} places, {instance.stores.main.dialect.name}"
    desk = Desk(instance)
    desk.sign_in("lena")
    client = desk.client.client
    for what, path in (
        ("The report", "/report/"),
        ("How to read it", "/report/reading"),
    ):
        shown = client.get(path).data  # templates are compiled, laws of the noise known
        with spent() as asked:
            for _time in range(TIMES):
                assert client.get(path).data
        say(f"{what} ({where})", asked.seconds, TIMES)
        size = len(gzip.compress(shown, 9))
        print(f"{len(shown) / 1000:.0f} kB, {size / 1000:.1f} kB compressed")
        assert asked.seconds / TIMES < PAGE
        assert size < COMPRESSED
    page = desk.client.get(f"/report/{NEWEST}/board/write")
    desk.client.submit(page, {"message": "More people tell us.", "decision": "Fund two posts a ward."})
    desk.client.submit(desk.client.get(f"/report/{NEWEST}/board/draft"), button="Freeze this paper")
    pdf = client.get(f"/report/{NEWEST}/board/1.pdf").data
    with spent() as made:
        assert client.get(f"/report/{NEWEST}/board/1.pdf").data
    say(f"The board paper as PDF ({where})", made.seconds)
    print(f"{len(pdf) / 1000:.0f} kB")
    assert made.seconds < PDF


def test_a_spreadsheet_of_twenty_thousand_rows() -> None:
    """Far more rows than any grain has: what a file costs grows with its rows and no faster."""
    calibration()
    for places in (133, 1_333):
        body = bodies(Grain.THEMES_BY_AREA, places)[-1]
        frozen = Frozen(Stored.read(body), 1, "00" * 32, body)
        with spent() as asked:
            made = as_xlsx(frozen)
        rows = len(frozen.stored.values)
        say(f"A spreadsheet of {rows} rows", asked.seconds)
        print(f"{len(made) / 1000:.0f} kB")
    assert rows >= 20_000 and asked.seconds < XLSX
