"""The command: what scripts and outside checks rely on."""

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from concerns.cli import main

PASSPHRASE = "a roof full of quiet bees"
ANSWERS = f"""
[organisation]
name = "Trial Trust"
sector = "nhs"
colour = "#005eb8"
flags_per_year = 900

[[areas]]
name = "Ward A"
division = "North"
staff = 400

[[areas]]
name = "Ward B"
division = "South"
staff = 500

[[people]]
name = "Gita"
email = "gita@example.org"
roles = ["guardian"]
passphrase = "{PASSPHRASE}"

[[people]]
name = "Gwen"
email = "gwen@example.org"
roles = ["guardian"]
passphrase = "{PASSPHRASE}"

[[people]]
name = "Lena"
email = "lena@example.org"
roles = ["leader"]
passphrase = "{PASSPHRASE}"
"""
COLUMNS = ["collected_on", "area", "theme", "worry", "harm", "text"]


class Command:
    """Runs `concerns` on one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, passphrase: str = PASSPHRASE) -> Result:
        environ = {"CONCERNS_PASSPHRASE": passphrase, "CONCERNS_DIRECTORY": str(self.folder / "instance")}
        return CliRunner().invoke(main, words, env=environ)

    def table(self, *rows: list[str]) -> str:
        path = self.folder / "flags.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([COLUMNS, *rows])
        return str(path)


@pytest.fixture
def concerns(tmp_path: Path) -> Iterator[Command]:
    (tmp_path / "answers.toml").write_text(ANSWERS)
    command = Command(tmp_path)
    assert command("init", "--answers", str(tmp_path / "answers.toml")).exit_code == 0
    yield command
    os.environ.pop("CONCERNS_BIND", None)


def test_from_answers_to_a_release(concerns: Command) -> None:
    rows = [["2025-02-03", "Ward A", "N03|N01", "very", "low", f"Too few on shift, {n}."] for n in range(40)]
    rows += [["2025-03-04", "ward b", "Medicines", "", "", "Doses are late."] for _ in range(30)]
    rows += [["2025-03-05", "", "", "", "", "Left for triage."]]
    imported = concerns("import-flags", concerns.table(*rows), "--guardian", "gita@example.org")
    assert imported.exit_code == 0, imported.output
    assert "71 flags were sealed and imported" in imported.output
    first = concerns("close", "2025-Q1", "--guardian", "gita@example.org")
    assert (first.exit_code, "waiting for a second guardian" in first.output) == (0, True)
    again = concerns("close", "2025-Q1", "--guardian", "gita@example.org")
    assert again.exit_code == 1
    assert concerns("release", "2025-Q1").exit_code == 1
    assert concerns("close", "2025-Q1", "--guardian", "gwen@example.org").exit_code == 0
    release = json.loads(concerns("release", "2025-Q1", "--measured").stdout)
    assert list(release) == ["organisation", "period", "epsilon", "grain", "frozen_on", "kind", "nodes", "total"]
    assert (release["epsilon"], release["kind"], release["frozen_on"]) == ("1/2", "quarter", "2025-04-21")
    # 70 counted, each node's noise has a standard deviation below 2.9
    assert abs(sum(node["measured"] for node in release["nodes"]) - 70) < 60
    plain = json.loads(concerns("release", "2025-Q1").stdout)
    assert all("measured" not in node for node in plain["nodes"])
    output = concerns.folder / "out.csv"
    assert concerns("release", "2025-Q1", "--format", "csv", "--output", str(output)).exit_code == 0
    assert output.read_text().startswith("theme,group,division,area,value,low,high")
    checked = concerns("verify")
    assert checked.exit_code == 0 and "FAULT" not in checked.output and "rehearsal" in checked.output


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["close", "2025-Q5", "--guardian", "gita@example.org"], 2, "2025-Q5"),
        (["close", "2099-Q1", "--guardian", "gita@example.org"], 1, "can be closed from"),
        (["close", "2025-Q1", "--guardian", "lena@example.org"], 1, "not a guardian"),
        (["close", "2025-Q1", "--guardian", "nobody@example.org"], 1, "is wrong"),
        (["close", "2025-Q1"], 2, "--guardian"),
        (["release", "2025-Q1"], 1, "not frozen"),
        (["release", "2025", "--kind", "quarter"], 2, "2025"),
        (["release", "soon"], 2, "soon"),
        (["release", "2025", "--kind", "month"], 2, "month"),
        (["import-flags", "missing.csv"], 2, "missing.csv"),
        (["unknown"], 2, "unknown"),
    ],
)
def test_wrong_use_gets_one_clear_line(concerns: Command, words: list[str], code: int, says: str) -> None:
    result = concerns(*words)
    assert result.exit_code == code, result.output
    assert says in result.stderr and "Traceback" not in result.output
    assert not result.stdout


def test_a_wrong_passphrase_is_refused(concerns: Command) -> None:
    result = concerns("close", "2025-Q1", "--guardian", "gita@example.org", passphrase="not this one at all")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_a_bad_row_is_named_with_line_and_reason_and_nothing_is_imported(concerns: Command) -> None:
    good = ["2025-02-03", "Ward A", "N03", "", "", "Fine."]
    table = concerns.table(good, ["2025-02-30", "Ward A", "", "", "", "x"], ["2025-02-03", "Ward Z", "", "", "", "x"])
    result = concerns("import-flags", table, "--guardian", "gita@example.org")
    assert result.exit_code == 1
    assert "line 3" in result.stderr and "line 4" in result.stderr and "Ward Z" in result.stderr
    assert concerns("close", "2025-Q1", "--guardian", "gita@example.org").exit_code == 1  # no week was collected


def test_rows_without_a_theme_need_no_guardian(concerns: Command) -> None:
    untriaged = concerns.table(["2025-02-03", "Ward A", "", "very", "low", "Left for triage."])
    assert concerns("import-flags", untriaged).exit_code == 0
    themed = concerns.table(["2025-02-03", "Ward A", "N03", "", "", "Needs a guardian."])
    result = concerns("import-flags", themed)
    assert result.exit_code == 2 and "--guardian" in result.stderr


def test_an_instance_is_set_up_once(concerns: Command) -> None:
    result = concerns("init", "--answers", str(concerns.folder / "answers.toml"))
    assert (result.exit_code, result.stderr) == (1, "This instance is set up already.\n")


def test_without_an_instance_every_command_says_so(tmp_path: Path) -> None:
    command = Command(tmp_path)
    for words in (["collect"], ["release", "2025-Q1"], ["close", "2025-Q1", "--guardian", "x@example.org"]):
        result = command(*words)
        assert (result.exit_code, "concerns init" in result.stderr) == (1, True)


def test_bad_answers_are_told_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text(ANSWERS.replace('"nhs"', '"navy"'))
    result = Command(tmp_path)("init", "--answers", str(tmp_path / "answers.toml"))
    assert result.exit_code == 2 and "navy" in result.stderr
    assert not (tmp_path / "instance" / "main.db").exists()


def test_verify_finds_a_changed_ledger_and_a_forbidden_setting(
    concerns: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = concerns.folder / "instance" / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"site", b"sight"))
    result = concerns("verify")
    assert result.exit_code == 1 and "FAULT  ledger" in result.output
    monkeypatch.setenv("FLASK_DEBUG", "1")
    result = concerns("verify")
    assert "FAULT  settings: FLASK_DEBUG" in result.output


def test_set_up_at_the_prompt_gives_one_time_links(tmp_path: Path) -> None:
    typed = ["Prompt Trust", "school", "", "30"]
    from concerns.themes.packs import load_pack

    typed += ["20" for areas in load_pack("school").divisions.values() for _ in areas]
    typed += ["", "Gita", "gita@example.org", "guardian", "Gwen", "gwen@example.org", "guardian", ""]
    environ = {"CONCERNS_DIRECTORY": str(tmp_path / "instance")}
    result = CliRunner().invoke(main, ["init"], input="\n".join(typed) + "\n", env=environ)
    assert result.exit_code == 0, result.output
    assert result.output.count("/desk/welcome/") == 2 and "passphrase" not in result.output
    checked = CliRunner().invoke(main, ["verify"], env=environ)
    assert checked.exit_code == 0 and "Not open yet" in checked.output
    closed = CliRunner().invoke(main, ["collect"], env=environ)
    assert (closed.exit_code, "not open yet" in closed.stderr) == (1, True)
