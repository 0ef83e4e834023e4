"""`concerns inspect-text`: JSON lines in, JSON lines out, and one clear line where a line is bad."""

import json

import pytest
from click.testing import CliRunner, Result

from concerns.cli import main


def inspect(given: bytes | str) -> Result:
    return CliRunner().invoke(main, ["inspect-text"], input=given)


def test_spans_come_out_in_the_order_of_the_lines() -> None:
    result = inspect('{"text": "Ring Dave on 07700 900123"}\n{"text": "The lift is broken."}\n')
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"spans": [[5, 9, "name"], [13, 25, "phone"]]},
        {"spans": []},
    ]


def test_offsets_are_code_points_and_odd_signs_are_welcome() -> None:
    result = inspect('{"text": "\\ud83d\\ude00 told Raj \\ud800 \\u0000"}\n\n')
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"spans": [[7, 10, "name"]]}


def test_nothing_in_nothing_out() -> None:
    assert (inspect("").exit_code, inspect("").output) == (0, "")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "Line 2 is not JSON."),
        (b"[" * 100_000, "Line 2 is not JSON."),
        (b"\xff", "Line 2 is not text in UTF-8."),
        (b"[]", 'Line 2 holds no {"text": "…"}.'),
        (b'{"text": 3}', 'Line 2 holds no {"text": "…"}.'),
    ],
)
def test_a_bad_line_is_named(line: bytes, says: str) -> None:
    result = inspect(b'{"text": "good"}\n' + line + b"\n")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [says]
