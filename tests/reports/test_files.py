"""The files of a release: all of them say the same, none takes a name for a formula, and each says where it comes from."""

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.history import Terms
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.nodes import Grain, Handling, Node, Table, ThemePart
from concerns.disclosure.periods import Period
from concerns.disclosure.queries import Frozen
from concerns.reports import files
from tests.people.visiting import Desk
from tests.reports.read_back import figures, numbers_in, pdf_text, read_back, sheet
from tests.reports.releases import body, by_theme, put

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "release.schema.json").read_text())
HEAD = "ab" * 32
HANDLED = Period(2026, handling=True)


def frozen(bytes_: bytes) -> Frozen:
    return Frozen(Stored.read(bytes_), 3, HEAD, bytes_)


def handling(values: Mapping[Handling, int]) -> bytes:
    table = Table(Grain.HANDLING, (), (), 1027)
    day = HANDLED.cut_off(21)
    terms = Terms("Wendle Vale Trust", Fraction(1, 4), 1, table, 10, day, day, 7)
    return freeze(HANDLED, terms, [values.get(node.handling, 0) for node in table.nodes if node.handling])


LATE = Handling(severe=True, in_time=False, discouraged=False)
RELEASES = {
    "themes": by_theme(N01=90, N02=20, N03=3),
    "areas": body({Node(theme="N01", area="Ward 1"): 60}, grain=Grain.THEMES_BY_AREA),
    "hidden": by_theme(N01=3),
    "handling": handling({LATE: 40}),
}


@pytest.mark.parametrize("name", RELEASES)
def test_d15_json_csv_xlsx_and_pdf_say_the_same(name: str) -> None:
    one = frozen(RELEASES[name])
    found = numbers_in(one)
    nodes = [one.stored.node(node).shown for node in one.stored.values]
    expected = [[n.value, n.low, n.high] if n else [None] * 3 for n in (*nodes, one.stored.total.shown)]
    assert found == dict.fromkeys(files.FORMATS, expected)


@pytest.mark.parametrize("name", RELEASES)
@pytest.mark.parametrize("measured", [False, True])
def test_a_release_follows_its_published_schema(name: str, *, measured: bool) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    check = Draft202012Validator(SCHEMA)
    document = json.loads(files.as_json(frozen(RELEASES[name]), measured=measured))
    check.validate(document)
    for wrong in ({"day": "2026-02-03"}, {"kind": "year" if name == "handling" else "handling"}, {"checksum": "x"}):
        assert not check.is_valid({**document, **wrong}), wrong
    assert not check.is_valid({**document, "nodes": [{**document["nodes"][0], "thread": "x"}]})


@pytest.mark.parametrize("name", RELEASES)
def test_no_picture_of_a_printed_release_is_without_words(name: str) -> None:
    assert all(figures(files.as_pdf(frozen(RELEASES[name]))))


def test_every_file_says_where_it_comes_from() -> None:
    one = frozen(RELEASES["handling"])
    for form, text in read_back(one).items():
        # paper breaks a long line
        joined = "".join(text.split())
        assert one.checksum in joined and HEAD in joined, form
        assert ("2026" in joined and "1/4" in joined) or form == "csv", form
    assert replace(one, body=one.body + b" ").checksum != one.checksum


def test_a_spreadsheet_takes_no_name_for_a_formula() -> None:
    names = ("=1+1", "@SUM(A1)", "+2", "-2", "\tx", "<b>&amp;")
    table = Table(Grain.THEMES, tuple(ThemePart(name, "=cmd|' /C calc'!A0", None) for name in names), (), 400)
    day = Period(2026, 1).cut_off(21)
    bytes_ = freeze(Period(2026, 1), Terms("=2+2", Fraction(1, 2), 1, table, 10, day, day), [40] * len(table.nodes))
    one = frozen(bytes_)
    first = [line.split(",")[0] for line in files.as_csv(one).decode().splitlines()[1:]]
    assert first == ["'=1+1", "'@SUM(A1)", "'+2", "'-2", "'\tx", "<b>&amp;", "other", "total"]
    # in a workbook a text is a text: it stands there as it is, and `sheet` fails on any formula
    assert [row[0] for row in sheet(files.as_xlsx(one), 1)[1:]] == [*names, "other", "total"]
    assert ["Organisation", "=2+2"] in sheet(files.as_xlsx(one), 2)
    assert "<b>&amp;" in pdf_text(files.as_pdf(one))


def test_the_same_release_makes_the_same_workbook() -> None:
    one = frozen(RELEASES["themes"])
    assert files.as_xlsx(one) == files.as_xlsx(one)


def test_lena_downloads_each_of_them(lena: Desk) -> None:
    with lena.instance.stores.write_main() as main:
        put(main, Ledger(lena.instance.directory), RELEASES["themes"], RELEASES["handling"])
    page = lena.client.get("/report/2026-Q1")
    for form, (mimetype, _made) in files.FORMATS.items():
        for period in ("2026-Q1", "2026-handling"):
            answer = lena.client.get(f"/report/{period}.{form}").response
            assert answer.mimetype == mimetype
            assert answer.headers["Content-Disposition"] == f'attachment; filename="concerns-{period}.{form}"'
        assert f"/desk/report/2026-Q1.{form}" in page.html
    lena.client.get("/report/2026.csv", status=404)
    lena.client.get("/report/2026-Q1.exe", status=404)


def test_where_no_pdf_can_be_made_the_page_says_what_else_there_is(lena: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_frozen: Frozen) -> bytes:
        raise OSError

    with lena.instance.stores.write_main() as main:
        put(main, Ledger(lena.instance.directory), RELEASES["themes"])
    monkeypatch.setattr(files, "FORMATS", {"pdf": ("application/pdf", missing)})
    monkeypatch.setattr("concerns.reports.file_views.FORMATS", files.FORMATS)
    assert "no library to make a PDF with" in lena.client.get("/report/2026-Q1.pdf", status=503).text
