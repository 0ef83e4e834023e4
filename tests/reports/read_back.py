"""Reads the files of a release again, as somebody would who got them: text and numbers, without the code that wrote them."""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from pypdf import PdfReader

from concerns.disclosure.queries import Frozen
from concerns.reports.files import FORMATS

NUMBERS = ("value", "low", "high")
Numbers = list[list[int | None]]
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_back(frozen: Frozen, *, measured: bool = False) -> Mapping[str, str]:
    """All text of each file."""
    files = {form: made(frozen, measured=measured) for form, (_type, made) in FORMATS.items()}
    return {
        "json": files["json"].decode(),
        "csv": files["csv"].decode(),
        "xlsx": "\n".join(f"{name}\n{text}" for name, text in parts(files["xlsx"]).items()),
        "pdf": pdf_text(files["pdf"]),
    }


def numbers_in(frozen: Frozen) -> Mapping[str, Numbers]:
    """Value, low and high of each node and of the total, as each file says them; None for what is hidden."""
    files = {form: made(frozen) for form, (_type, made) in FORMATS.items()}
    document = json.loads(files["json"])
    shown = [*(node["shown"] for node in document["nodes"]), document["total"]]
    head, *rows = sheet(files["xlsx"], 1)
    return {
        "json": [[one[key] if one else None for key in NUMBERS] for one in shown],
        "csv": _numbers(csv.DictReader(io.StringIO(files["csv"].decode()))),
        "xlsx": _numbers(dict(zip(head, row, strict=True)) for row in rows),
        "pdf": [
            [None if cell == "–" else int(cell) for cell in found.split()]
            for found in re.findall(
                r"(?:–|-?\d+)\s+(?:–|-?\d+)\s+(?:–|-?\d+)$", _table(pdf_text(files["pdf"])), re.MULTILINE
            )
        ],
    }


def parts(workbook: bytes) -> Mapping[str, str]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def sheet(workbook: bytes, number: int) -> list[list[str]]:
    """The cells of a sheet, from column A on; an empty text for what is not there."""
    files = parts(workbook)
    texts = ["".join(one.itertext()) for one in ET.fromstring(files["xl/sharedStrings.xml"])]
    rows = []
    for row in ET.fromstring(files[f"xl/worksheets/sheet{number}.xml"]).iter(f"{_SHEET}row"):
        cells: dict[int, str] = {}
        for cell in row:
            value = cell.findtext(f"{_SHEET}v") or ""
            assert cell.find(f"{_SHEET}f") is None, "a formula"
            cells[ord(cell.attrib["r"][0]) - ord("A")] = texts[int(value)] if cell.get("t") == "s" else value
        rows.append([cells.get(place, "") for place in range(max(cells) + 1)])
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def figures(file: bytes) -> list[str]:
    """What each picture of a tagged PDF says to whoever does not see it; empty where it says nothing."""
    root: Any = PdfReader(io.BytesIO(file)).trailer["/Root"]
    found: list[str] = []

    def walk(element: Any) -> None:
        element = element.get_object()
        if isinstance(element, list):
            for one in element:
                walk(one)
        elif isinstance(element, dict):
            if element.get("/S") == "/Figure":
                found.append(str(element.get("/Alt", "")))
            walk(element.get("/K", []))

    walk(root["/StructTreeRoot"]["/K"])
    return found


def pdf_text(file: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)


def unpacked(pdf: bytes) -> bytes:
    """A PDF and behind it what its streams hold. Each tells itself where it ends; the line end behind it may be its own."""
    starts = (one.end() for one in re.finditer(rb"stream\r?\n(?=x)", pdf))
    return pdf + b"\n".join(zlib.decompressobj().decompress(pdf[start:]) for start in starts)


def _numbers(rows: Iterable[Mapping[str, str]]) -> Numbers:
    return [[int(row[key]) if row[key] else None for key in NUMBERS] for row in rows]


def _table(text: str) -> str:
    lines: Sequence[str] = text.splitlines()
    first = next(n for n, line in enumerate(lines) if line.split()[-3:] == ["Value", "Low", "High"])
    return "\n".join(lines[first + 1 :])
