"""The command: what scripts and outside checks rely on."""

import csv
import json
import shutil
import socket
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import click
import pytest
from alembic import command
from click.testing import CliRunner, Result
from sqlalchemy import select

from concerns import cli
from concerns.areas.model import Organisation
from concerns.cli import main
from concerns.demo.seeding import Seeded
from concerns.demo.showing import Demo, remember
from concerns.disclosure import service as disclosing
from concerns.disclosure.sampler import discrete_laplace
from concerns.founding import serving
from concerns.founding.service import Newcomer
from concerns.people.model import Person
from concerns.store.schema import alembic_config, is_current
from concerns.store.session import open_stores
from tests.browser.ports import free_port
from tests.cluster import Databases, emptied

pytestmark = pytest.mark.usefixtures("environ_as_before")

PASSPHRASE = "a roof full of quiet bees"
ANSWERS = f"""
[organisation]
name = "Trial Trust"
sector = "nhs"
colour = "#005eb8"
flags_per_year = 900
handling = true

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

    def __init__(self, folder: Path, databases: Databases | None = None) -> None:
        self.folder = folder
        self.stores = {"DATABASE_URL": databases.main, "LIVE_URL": databases.live} if databases else {}

    def __call__(self, *words: str, passphrase: str = PASSPHRASE) -> Result:
        environ = {"CONCERNS_PASSPHRASE": passphrase, "CONCERNS_DIRECTORY": str(self.folder / "instance")}
        return CliRunner().invoke(main, words, env={**environ, **self.stores})

    def table(self, *rows: list[str]) -> str:
        path = self.folder / "flags.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([COLUMNS, *rows])
        return str(path)


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an instance that was set up from answers, to copy from."""
    folder = tmp_path_factory.mktemp("set-up")
    (folder / "answers.toml").write_text(ANSWERS)
    assert Command(folder)("init", "--answers", str(folder / "answers.toml")).exit_code == 0
    return folder


@pytest.fixture
def concerns(tmp_path: Path, set_up: Path) -> Command:
    shutil.copytree(set_up, tmp_path, dirs_exist_ok=True)
    return Command(tmp_path)


def one_line(result: Result, code: int, says: str) -> None:
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1), result.output
    assert says in result.stderr and not result.stdout


def test_from_answers_to_a_release_on_postgresql(
    tmp_path: Path, postgres: Databases | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if postgres is None:
        pytest.skip("NO POSTGRESQL: the command was tested on SQLite alone. Set TEST_DATABASE_URL.")
    emptied(postgres).close()
    (tmp_path / "answers.toml").write_text(ANSWERS)
    command = Command(tmp_path, postgres)
    assert command("init", "--answers", str(tmp_path / "answers.toml")).exit_code == 0
    test_from_answers_to_a_release(command, monkeypatch)
    assert not list((tmp_path / "instance").glob("*.db"))


def test_from_answers_to_a_release(concerns: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def draw(epsilon: Fraction) -> int:
        drawn.append(discrete_laplace(epsilon))
        return drawn[-1]

    monkeypatch.setattr(disclosing, "discrete_laplace", draw)
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
    agreed = ["organisation", "period", "epsilon", "grain", "frozen_on", "kind", "nodes", "total"]
    assert list(release) == [*agreed, "ledger", "checksum"]
    assert (release["epsilon"], release["kind"], release["frozen_on"]) == ("1/2", "quarter", "2025-04-21")
    # 70 counted, and the noise that was drawn, one number for each node: what it adds up to has no bound
    assert len(drawn) == len(release["nodes"])
    assert sum(node["measured"] for node in release["nodes"]) == 70 + sum(drawn)
    plain = json.loads(concerns("release", "2025-Q1").stdout)
    assert all("measured" not in node for node in plain["nodes"])
    output = concerns.folder / "out.csv"
    written = concerns("release", "2025-Q1", "--format", "csv", "--output", str(output))
    assert f"ledger line 3, SHA-256 of the frozen bytes {release['checksum']}." in written.output
    assert concerns("release", "2025-Q1", "--format", "xlsx").stdout_bytes.startswith(b"PK")
    assert output.read_text().startswith("theme,group,division,area,value,low,high")
    nowhere = concerns.folder / "none" / "out.json"
    one_line(concerns("release", "2025-Q1", "--output", str(nowhere)), 1, f"{nowhere}: No such file or directory.")
    for name in ("gita", "gwen"):
        assert not concerns("close", "2025", "--kind", "handling", "--guardian", f"{name}@example.org").exit_code
    handled = json.loads(concerns("release", "2025", "--kind", "handling").stdout)
    assert (handled["kind"], handled["period"], handled["epsilon"]) == ("handling", "2025", "1/4")
    assert len({(node["severe"], node["in_time"], node["discouraged"]) for node in handled["nodes"]}) == 8
    one_line(concerns("release", "2025"), 1, "2025 is not frozen yet.")
    one_line(concerns("release", "2025-Q1", "--kind", "handling"), 2, "There is no release of the kind “handling”")
    checked = concerns("verify")
    assert f"2025-Q1: ledger line 3, SHA-256 {release['checksum']}" in checked.output
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


def test_set_up_at_the_prompt_founds_what_the_admin_goes_on_with(tmp_path: Path) -> None:
    typed = ["Prompt Trust", "school", "", "30"]
    from concerns.themes.packs import load_pack

    typed += ["20" for areas in load_pack("school").divisions.values() for _ in areas]
    typed += ["", "Gita", "gita@example.org", "guardian", "", "Gwen", "gwen@example.org", "guardian", "y"]
    typed += ["Ada", "ada@example.org", "admin", ""]
    typed += ["The other one", "Both guardians", "Both, who ring the regulator", "Both"]
    environ = {"CONCERNS_DIRECTORY": str(tmp_path / "instance")}
    result = CliRunner().invoke(main, ["init"], input="\n".join(typed) + "\n", env=environ)
    assert result.exit_code == 0, result.output
    assert result.output.count("/desk/welcome/") == 3 and "passphrase" not in result.output
    assert result.output.index("Ada, admin") < result.output.index("Gita, guardian")
    assert "Set-up is not finished" in result.output and "/desk/set-up" in result.output
    stores = open_stores(*(f"sqlite:///{tmp_path}/instance/{name}.db" for name in ("main", "live")))
    with stores.read_main() as reader:
        assert reader.scalars(select(Person.stand_in).order_by(Person.name)).all() == [False, False, True]
        organisation = reader.scalars(select(Organisation)).one()
        assert (organisation.stage, organisation.rehearsal) == ("setting-up", False)
        said = {"guardian": "The other one", "head": "Both guardians"}
        assert said.items() <= organisation.read_instead.items()
    stores.close()
    checked = CliRunner().invoke(main, ["verify"], env=environ)
    assert checked.exit_code == 0 and "Not open yet" in checked.output
    closed = CliRunner().invoke(main, ["collect"], env=environ)
    assert (closed.exit_code, "not open yet" in closed.stderr) == (1, True)


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environ = {"CONCERNS_DIRECTORY": str(tmp_path / "file" / "instance")}
    one_line(CliRunner().invoke(main, ["init"], env=environ), 1, "Not a directory")


def test_set_up_that_is_broken_off_founds_nothing(tmp_path: Path) -> None:
    environ = {"CONCERNS_DIRECTORY": str(tmp_path / "instance")}
    assert CliRunner().invoke(main, ["init"], input="Prompt Trust\nschool\n", env=environ).exit_code == 1
    assert not (tmp_path / "instance").exists()


def test_set_up_again_brings_older_stores_to_this_version(concerns: Command) -> None:
    stores = open_stores(*(f"sqlite:///{concerns.folder}/instance/{name}.db" for name in ("main", "live")))
    command.downgrade(alembic_config("live", stores.live), "base")
    one_line(concerns("collect"), 1, "run `concerns init` with the same folder")
    result = concerns("init")
    assert (result.exit_code, "in order now" in result.stdout) == (0, True), result.output
    assert is_current(stores)
    stores.close()
    assert concerns("collect").exit_code == 0
    one_line(concerns("init"), 1, "set up already")


def test_a_lost_secret_file_is_made_again_by_set_up(concerns: Command) -> None:
    secret = concerns.folder / "instance" / "desk.key"
    secret.write_text("")
    one_line(concerns("run", "--port", "1"), 1, "desk.key is empty or too short: remove it")
    assert "FAULT  settings" in concerns("verify").stdout
    secret.unlink()
    assert concerns("init").exit_code == 0
    assert len(secret.read_text()) == 64


def test_bad_answers_write_nothing(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text(ANSWERS.replace("staff = 400", "staff = 400.5"))
    one_line(Command(tmp_path)("init", "--answers", str(tmp_path / "answers.toml")), 2, "[[areas]] 1: staff must be")
    assert [path.name for path in tmp_path.iterdir()] == ["answers.toml"]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_text(ANSWERS)
    environ = {"CONCERNS_DIRECTORY": str(answers / "instance")}
    one_line(CliRunner().invoke(main, ["init", "--answers", str(answers)], env=environ), 1, "Not a directory")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    environ = {"CONCERNS_DIRECTORY": str(tmp_path / "circle" / "instance")}
    one_line(CliRunner().invoke(main, ["collect"], env=environ), 2, "is not a folder that can be used")


def test_stores_that_do_not_answer_are_one_line(concerns: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
        for words in (["collect"], ["init"], ["run"]):
            one_line(concerns(*words), 1, "The store does not answer")
    for file in (concerns.folder / "instance").glob("main.db*"):
        file.unlink()
    (concerns.folder / "instance" / "main.db").write_bytes(b"not a database at all" * 100)
    one_line(concerns("collect"), 1, "The store does not answer")


def test_a_ledger_that_cannot_be_read_is_one_line(concerns: Command) -> None:
    ledger = concerns.folder / "instance" / "ledger.jsonl"
    ledger.unlink()
    ledger.mkdir()
    result = concerns("close", "2025-Q1", "--guardian", "gita@example.org")
    one_line(result, 1, "ledger.jsonl")
    checked = concerns("verify")
    assert checked.exit_code == 1 and "FAULT  ledger" in checked.stdout and "Traceback" not in checked.output


@pytest.mark.parametrize(
    ("words", "passphrase"),
    [
        (["close", "2025-Q1", "--guardian", "gita@example.org"], "\udcff" * 20),
        (["close", "2025-Q1", "--guardian", "g\udcff@example.org"], PASSPHRASE),
    ],
)
def test_what_is_not_text_is_one_line(concerns: Command, words: list[str], passphrase: str) -> None:
    result = concerns(*words, passphrase=passphrase)
    assert (result.exit_code in {1, 2}, result.stderr.count("\n"), result.stdout) == (True, 1, ""), result.output


def test_an_interrupted_command_says_nothing(concerns: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def interrupt_a_prompt() -> None:
        try:
            interrupt()
        except KeyboardInterrupt:
            raise click.Abort from None

    monkeypatch.setattr(cli, "collect_arrivals", interrupt)
    monkeypatch.setattr(cli, "ask", interrupt_a_prompt)
    for result in (concerns("collect"), Command(concerns.folder / "other")("init")):
        assert (result.exit_code, result.output) == (130, "")


def test_the_self_check_writes_nothing(concerns: Command, tmp_path: Path) -> None:
    one_line(Command(tmp_path / "none")("verify"), 1, "There is no instance")
    assert not (tmp_path / "none").exists()
    live = concerns.folder / "instance" / "live.db"
    live.unlink()
    checked = concerns("verify")
    assert checked.exit_code == 1 and f"FAULT  stores: The store {live} is missing." in checked.stdout
    for words in (["collect"], ["init"], ["run"]):
        one_line(concerns(*words), 1, f"The store {live} is missing.")
    assert not live.exists()


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_an_address_that_cannot_be_had_is_one_line_before_anything_else(concerns: Command, taken: int) -> None:
    one_line(concerns("run", "--port", str(taken)), 1, f"127.0.0.1:{taken} is in use")
    one_line(concerns("run", "--host", "203.0.113.7"), 1, "203.0.113.7:8000 is not an address of this machine.")
    one_line(Command(concerns.folder / "new")("demo", "--port", str(taken)), 1, f"127.0.0.1:{taken} is in use")
    assert not (concerns.folder / "new").exists()


def test_serving_tells_its_address_with_brackets(concerns: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    served = []
    monkeypatch.setattr(serving, "try_listening", lambda _bind: None)
    monkeypatch.setattr(serving, "serve", lambda *words: served.append(words))
    result = concerns("run", "desk", "--host", "::1", "--port", "8123")
    assert (result.exit_code, served) == (0, [("desk", "[::1]:8123", 2)])
    assert "http://[::1]:8123/" in result.stdout
    monkeypatch.setenv("CONCERNS_DESK_PATH", "/")
    one_line(concerns("run"), 2, "serve the doors one by one")


def test_a_desk_without_the_secret_of_the_organisation_s_accounts_says_so_in_one_line(
    concerns: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "try_listening", lambda _bind: None)
    monkeypatch.setattr(serving, "serve", lambda *words: click.echo(words[0]))
    settings = concerns.folder / "instance" / "settings.toml"
    settings.write_text("[oidc]\nissuer = 'https://login.example.org'\nclient_id = 'desk'\n")
    for door in ("desk", "both"):
        one_line(concerns("run", door), 2, "[oidc] needs a secret: set CONCERNS_OIDC_SECRET")
    assert "report" in concerns("run", "report").output.splitlines()


def test_a_demo_is_served_and_its_codes_told(concerns: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = [Newcomer("Gita", "gita@example.org", ("guardian",), PASSPHRASE, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    remember(concerns.folder / "instance", Demo(Seeded(cast, "nine words", "2026-Q3"), "nhs", "small", 1))
    monkeypatch.setattr(serving, "serve", lambda *_words: None)
    assert "http://127.0.0.1:8000/" in concerns("demo", "--codes").stdout
    port = free_port()
    assert concerns("demo", "--port", str(port)).exit_code == 0
    said = concerns("demo", "--codes").stdout
    assert f"http://127.0.0.1:{port}/desk/" in said and "code now" in said and PASSPHRASE in said
    assert "http://127.0.0.1:9001/desk/" in concerns("demo", "--codes", "--port", "9001").stdout
    for words in (["--sector", "school"], ["--size", "large"], ["--seed", "7"], ["--sector", "school", "--codes"]):
        one_line(concerns("demo", *words), 1, "holds a demo of sector nhs, size small, seed 1: for another one name")


def test_codes_make_no_demo(tmp_path: Path) -> None:
    one_line(Command(tmp_path)("demo", "--codes"), 1, "There is no demo")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("full"), RuntimeError()])
def test_a_demo_that_is_stopped_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def stop(*_: object) -> None:
        raise error

    (tmp_path / "instance.half").mkdir()
    (tmp_path / "instance.half" / "kept.txt").write_text("not ours")
    monkeypatch.setattr(cli, "seed_demo", stop)
    monkeypatch.setattr(serving, "try_listening", lambda _bind: None)
    result = Command(tmp_path)("demo")
    assert result.exit_code == (130 if isinstance(error, KeyboardInterrupt) else 1)
    assert [path.name for path in tmp_path.rglob("*")] == ["instance.half", "kept.txt"]
