"""The `concerns` command: set up, serve, import, collect, close, release, verify."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

import config
from concerns import open_house
from concerns.charter.service import CharterRefused, NotOpenYet, current
from concerns.demo.seeding import Seeded, seed_demo
from concerns.demo.showing import introduction, recall, remember
from concerns.demo.story import SIZES
from concerns.disclosure.ledger import Ledger, LedgerRefused
from concerns.disclosure.periods import Period, WrongPeriod
from concerns.disclosure.queries import release_csv, release_document
from concerns.disclosure.turns import CloseRefused
from concerns.founding import serving
from concerns.founding.answers import AnswersRefused, answers_of, read_answers
from concerns.founding.asking import ask
from concerns.founding.service import AlreadyFounded, Newcomer, found
from concerns.founding.verifying import verify as run_checks
from concerns.people.service import AccountRefused
from concerns.people.signing_in import SignInRefused, Unlocked, unlock
from concerns.sealing.collecting import StoreBusy
from concerns.sealing.collecting import collect as collect_arrivals
from concerns.store.house import House, utc_now
from concerns.store.schema import is_current
from concerns.themes.packs import SECTORS
from concerns.triage.closing import close_part
from concerns.triage.csv_rows import BadFile
from concerns.triage.importing import ImportRefused, check_file, import_rows

_T = TypeVar("_T")
CHECK_FAILED, WRONG_USE = 1, 2
WRONG = (AnswersRefused, WrongPeriod, config.SettingsRefused)
FAILED = (
    AccountRefused,
    AlreadyFounded,
    BadFile,
    CharterRefused,
    CloseRefused,
    ImportRefused,
    LedgerRefused,
    NotOpenYet,
    OSError,
    SignInRefused,
    SQLAlchemyError,
    StoreBusy,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """Staff flag risks anonymously; guardians triage; leaders read releases that identify nobody."""


def command(function: Callable[..., None]) -> click.Command:
    """Make a command: it knows its instance's folder, and says every error in one clear line."""

    @wraps(function)
    def careful(**options: Any) -> None:
        try:
            function(**options)
        except WRONG as error:
            _fail(str(error), WRONG_USE)
        except FAILED as error:
            _fail(_in_words(error), CHECK_FAILED)

    directory = click.option(
        "--directory",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="CONCERNS_DIRECTORY",
        default=Path("instance"),
        show_default=True,
        help="Folder of the instance.",
    )
    made: click.Command = main.command(name=function.__name__.replace("_", "-").rstrip("-"))(directory(careful))
    return made


def _in_words(error: Exception) -> str:
    if isinstance(error, SQLAlchemyError):
        return "The store does not answer as it should. Look at DATABASE_URL and LIVE_URL, and try again."
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'}: {error.strerror or 'cannot be used'}."
    return str(error) or DEFAULT_WORDS.get(type(error), "This cannot be done.")


DEFAULT_WORDS: dict[type[Exception], str] = {
    AlreadyFounded: "This instance is set up already.",
    NotOpenYet: "The service is not open yet: its guardians have not all made and signed their keys.",
    SignInRefused: "The e-mail address, the passphrase or the code is wrong.",
    StoreBusy: "The store is in use all the time. Nothing is lost: try again later.",
}


def _fail(words: str, code: int) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(code)


def _house(directory: Path) -> House:
    """The house of an instance that is set up."""
    settings = config.load(directory)
    if not settings.secret_path.exists():
        _fail(f"There is no instance in {directory}: run `concerns init` first.", CHECK_FAILED)
    house = open_house(settings)
    if not is_current(house.stores):
        _fail("The stores are older than this version: run `concerns init` with the same folder.", CHECK_FAILED)
    return house


def _unlock(house: House, email: str) -> Unlocked:
    passphrase, code = os.environ.get("CONCERNS_PASSPHRASE"), None
    if passphrase is None:
        if not sys.stdin.isatty():
            _fail("There is no terminal to ask for the passphrase: set CONCERNS_PASSPHRASE.", WRONG_USE)
        passphrase = click.prompt("Passphrase", hide_input=True, err=True)
        code = click.prompt("Code (leave empty in a rehearsal)", default="", show_default=False, err=True) or None
    unlocked = unlock(house, email, passphrase, code)
    if unlocked.secret is None:
        _fail(f"{email} is not a guardian.", CHECK_FAILED)
    return unlocked


@command
@click.option("--answers", "file", type=click.Path(path_type=Path, dir_okay=False), help="Answers as TOML.")
def init(directory: Path, file: Path | None) -> None:
    """First-run set-up, asked at the prompt or read from a file (then a rehearsal instance)."""
    answers = read_answers(file) if file else answers_of(ask(), Path())
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = config.load(directory)
    config.write_secret(settings)
    newcomers = found(open_house(settings), answers, rehearsal=file is not None)
    click.echo(f"{answers.organisation.name} is set up in {directory}.")
    if file:
        click.echo("This is a rehearsal: its secrets came from a file, and a banner on every page says so.")
    for newcomer in newcomers:
        click.echo(_introduction(newcomer))


def _introduction(newcomer: Newcomer) -> str:
    lines = [f"\n{newcomer.name}, {', '.join(newcomer.roles)}: {newcomer.email}"]
    if newcomer.link:
        lines.append(f"  one-time link, good for 14 days: {newcomer.link}")
    else:
        lines += [f"  passphrase: {newcomer.passphrase}", f"  authenticator secret: {newcomer.totp_secret}"]
    return "\n".join(lines)


@command
@click.argument("door", type=click.Choice(["both", "report", "desk"]), default="both")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
def run(directory: Path, door: str, host: str | None, port: int | None) -> None:
    """Serve both doors, or one, under gunicorn."""
    _serve(directory, "app" if door == "both" else door, host, port)


def _serve(directory: Path, target: str, host: str | None, port: int | None) -> None:
    if host or port:
        known, _, number = config.load(directory).bind.rpartition(":")
        os.environ["CONCERNS_BIND"] = f"{host or known}:{port or number}"
    _house(directory).stores.close()
    os.environ["CONCERNS_DIRECTORY"] = str(directory.resolve())
    settings = config.load(directory)
    click.echo(f"Serving on {settings.report_origins[0]}/ (the desk is at {settings.desk_path}). Stop with Ctrl-C.")
    serving.serve(target, settings.bind, settings.workers)


@command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--guardian", help="E-mail address of the guardian who triages the rows with a theme.")
def import_flags(directory: Path, file: Path, guardian: str | None) -> None:
    """Seal flags from a spreadsheet: collected_on,area,theme,worry,harm,text."""
    house = _house(directory)
    rows = check_file(house, file.read_bytes())
    if guardian is None and any(row.themes for row in rows):
        if not sys.stdin.isatty():
            _fail("Rows with a theme are triaged by a guardian: name her with --guardian EMAIL.", WRONG_USE)
        guardian = click.prompt("Guardian’s e-mail address", err=True)
    unlocked = _unlock(house, guardian) if guardian else None
    with click.progressbar(length=len(rows), label="Sealing", file=sys.stderr) as bar:
        import_rows(house, unlocked, rows, lambda done: bar.update(done - bar.pos))
    click.echo(f"{len(rows)} flags were sealed and imported.")


@command
def collect(directory: Path) -> None:
    """Make newly arrived flags visible to guardians (daily job)."""
    house = _house(directory)
    with house.stores.read_main() as main:
        policy = current(main, house.directory).policy
    collect_arrivals(house.stores, house.today(), policy.latest_months)
    click.echo("Collected.")


@command
@click.argument("period")
@click.option("--guardian", required=True, help="E-mail address of the guardian who closes.")
def close(directory: Path, period: str, guardian: str) -> None:
    """One guardian's part in closing a period; the second one's freezes it. PERIOD is 2026-Q3 or 2026."""
    Period.parse(period)  # before anybody is asked for a passphrase
    house = _house(directory)
    unlocked = _unlock(house, guardian)
    click.echo(close_part(house, unlocked.person_id, unlocked.secret or b"", period).message)


@command
@click.argument("period")
@click.option("--kind", type=click.Choice(["quarter", "year", "handling"]))
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--measured", is_flag=True, help="Add each node’s stored signed value, for auditors.")
def release(directory: Path, period: str, kind: str | None, form: str, output: Path | None, measured: bool) -> None:
    """Print or write the frozen release of a period."""
    house = _house(directory)
    ledger = Ledger(house.directory)
    with house.stores.read_main() as main:
        if form == "json":
            document = release_document(main, ledger, kind, period, measured=measured)
            content = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        else:
            content = release_csv(main, ledger, kind, period, measured=measured)
    if output is None:
        click.echo(content, nl=not content.endswith("\n"))
    else:
        output.write_text(content, encoding="utf-8")


@command
def verify(directory: Path) -> None:
    """Self-check: schema, manifest, policy, ledger, forbidden settings."""
    faults: list[str] = []
    try:
        config.load(directory)
    except config.SettingsRefused as error:
        faults = str(error).splitlines()
    plain = {name: value for name, value in os.environ.items() if name not in config.FORBIDDEN}
    findings = run_checks(open_house(config.load(directory, plain)), faults)
    for finding in findings:
        mark = {True: "good", False: "FAULT", None: "note"}[finding.good]
        click.echo(f"{mark:>5}  {finding.name}: {finding.words}")
    sys.exit(CHECK_FAILED if any(finding.good is False for finding in findings) else 0)


@command
@click.option("--sector", type=click.Choice(SECTORS), default="nhs", show_default=True)
@click.option("--size", type=click.Choice(SIZES), default="medium", show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed tells another story.")
@click.option("--codes", is_flag=True, help="Only say how to sign in now.")
def demo_(directory: Path, sector: str, size: str, host: str, port: int, seed: int, codes: bool) -> None:
    """Seed an invented organisation with a two-year story and serve it on loopback."""
    seeded = recall(directory)
    if seeded is None and directory.exists() and any(directory.iterdir()):
        _fail(f"{directory} holds something that is not a demo: name another folder with --directory.", CHECK_FAILED)
    if seeded is None:
        seeded = _seed(directory, sector, size, seed)
    os.environ["CONCERNS_BIND"] = f"{host}:{port}"
    settings = config.load(directory)
    click.echo(introduction(seeded, settings.report_origins[0], settings.desk_path, utc_now()))
    if not codes:
        _serve(directory, "app", host, port)


def _seed(directory: Path, sector: str, size: str, seed: int) -> Seeded:
    """Seed beside the folder and move into place, so that a demo that was stopped half way leaves nothing behind."""
    half = directory.with_name(f"{directory.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True, mode=0o700)
    settings = config.load(half)
    config.write_secret(settings)
    house = open_house(settings)
    seeded = seed_demo(house, sector, size, seed, _progress)
    house.stores.close()
    remember(half, seeded)
    if directory.exists():
        directory.rmdir()
    half.rename(directory)
    return seeded


def _progress(work: Sequence[_T], name: str) -> Iterator[_T]:
    with click.progressbar(work, label=name, file=sys.stderr) as bar:
        yield from bar
