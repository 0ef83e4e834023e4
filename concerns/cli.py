"""The `concerns` command: set up, serve, import, collect, close, release, suggest, verify."""

import dataclasses
import json
import os
import sys
from contextlib import closing
from pathlib import Path

import click

import config
from concerns import open_house
from concerns.charter.service import current
from concerns.command import CHECK_FAILED, WRONG_USE, command, fail, house_of, main, opened, unlocked_by
from concerns.demo.placing import beside
from concerns.demo.seeding import seed_demo
from concerns.demo.showing import Demo, introduction, progress, remember, the_one_there
from concerns.demo.story import SIZES
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.periods import Period
from concerns.disclosure.queries import release_csv, release_document
from concerns.flagging.codes import MOST_CODES
from concerns.flagging.slips import write_slips
from concerns.founding import serving
from concerns.founding.answers import answers_of, read_answers
from concerns.founding.asking import ask
from concerns.founding.service import AlreadyFounded, found
from concerns.founding.upkeep import bring_up_to_date, examine, is_founded
from concerns.pages.languages import LANGUAGES
from concerns.sealing.collecting import collect as collect_arrivals
from concerns.store.house import utc_now
from concerns.themes.evaluating import evaluated
from concerns.themes.labelled import BadInput, read_themes
from concerns.themes.packs import SECTORS, load_pack
from concerns.themes.queries import current_set
from concerns.themes.rules import ThemeFacts
from concerns.themes.suggesting import suggested
from concerns.triage.closing.service import close_part
from concerns.triage.entering.importing import check_file, import_rows
from concerns.words.inspecting import BadLine, inspected

__all__ = ["main"]


@command
@click.option("--answers", "file", type=click.Path(path_type=Path, dir_okay=False), help="Answers as TOML.")
def init(directory: Path, file: Path | None) -> None:
    """First-run set-up, asked at the prompt or read from a file (then a rehearsal instance).

    With the folder of an instance that is set up already: bring its stores to this version, and ask nothing.
    """
    if _keep_up(directory):
        return
    answers = read_answers(file) if file else answers_of(ask(), Path())
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = config.load(directory)
    config.write_secret(settings)
    newcomers = found(opened(settings), answers, rehearsal=file is not None)
    click.echo(f"{answers.organisation.name} is set up in {directory}.")
    if file:
        click.echo("This is a rehearsal: its secrets came from a file, and a banner on every page says so.")
    for newcomer in newcomers:
        click.echo(newcomer.introduction())


def _keep_up(directory: Path) -> bool:
    """Where an instance is set up already, bring its stores to this version; raises AlreadyFounded if they are."""
    settings = config.load(directory)
    house = opened(settings)
    if not is_founded(house):
        return False
    if not (bring_up_to_date(house) | config.write_secret(settings)):
        raise AlreadyFounded
    click.echo(f"The instance in {directory} was set up already. Its stores and its secret file are in order now.")
    return True


@command
@click.argument("door", type=click.Choice(["both", "report", "desk"]), default="both")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
def run(directory: Path, door: str, host: str | None, port: int | None) -> None:
    """Serve both doors, or one, under gunicorn."""
    target = "app" if door == "both" else door
    house_of(directory).stores.close()
    bind = serving.bind_of(config.load(directory).bind, host, port)
    serving.try_listening(bind)
    _serve(directory, target, bind)


def _serve(directory: Path, target: str, bind: str) -> None:
    os.environ |= {"CONCERNS_BIND": bind, "CONCERNS_DIRECTORY": str(directory.resolve())}
    settings = config.load(directory)
    if fault := config.secret_fault(settings):
        fail(fault, CHECK_FAILED)
    if target == "app" and settings.desk_path == "/":
        fail("desk_path is “/”, for a desk on a host of its own: serve the doors one by one.", WRONG_USE)
    click.echo(f"Serving on {settings.report_origins[0]}/ (the desk is at {settings.desk_path}). Stop with Ctrl-C.")
    serving.serve(target, settings.bind, settings.workers)


@command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--guardian", help="E-mail address of the guardian who triages the rows with a theme.")
def import_flags(directory: Path, file: Path, guardian: str | None) -> None:
    """Seal flags from a spreadsheet: collected_on,area,theme,worry,harm,text."""
    house = house_of(directory)
    rows = check_file(house, file.read_bytes())
    if guardian is None and any(row.themes for row in rows):
        if not sys.stdin.isatty():
            fail("Rows with a theme are triaged by a guardian: name her with --guardian EMAIL.", WRONG_USE)
        guardian = click.prompt("Guardian’s e-mail address", err=True)
    unlocked = unlocked_by(house, guardian) if guardian else None
    with click.progressbar(length=len(rows), label="Sealing", file=sys.stderr) as bar:
        import_rows(house, unlocked, rows, lambda done: bar.update(done - bar.pos))
    click.echo(f"{len(rows)} flags were sealed and imported.")


@command
def collect(directory: Path) -> None:
    """Make newly arrived flags visible to guardians (daily job)."""
    house = house_of(directory)
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
    house = house_of(directory)
    unlocked = unlocked_by(house, guardian)
    click.echo(close_part(house, unlocked.person_id, unlocked.secret or b"", period).message)


@command
@click.argument("period")
@click.option("--kind", type=click.Choice(["quarter", "year", "handling"]))
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--measured", is_flag=True, help="Add each node’s stored signed value, for auditors.")
def release(directory: Path, period: str, kind: str | None, form: str, output: Path | None, measured: bool) -> None:
    """Print or write the frozen release of a period."""
    house = house_of(directory)
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
@click.argument("count", type=click.IntRange(1, MOST_CODES))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("codes.html"),
    show_default=True,
    help="Write to this new file.",
)
@click.option(
    "--language", type=click.Choice([language.code for language in LANGUAGES]), default="en", show_default=True
)
def codes(directory: Path, count: int, output: Path, language: str) -> None:
    """Make staff codes, on a sheet of slips to print, cut up and draw from a box."""
    write_slips(house_of(directory), count, output, language)
    click.echo(f"{output} holds {count} codes. Print it, do what its first page says, and destroy it.")


@command
def verify(directory: Path) -> None:
    """Self-check: schema, manifest, policy, ledger, forbidden settings."""
    faults: list[str] = []
    try:
        config.load(directory)
    except config.SettingsRefused as error:
        faults = str(error).splitlines()
    plain = {name: value for name, value in os.environ.items() if name not in config.FORBIDDEN}
    settings = config.load(directory, plain)
    if not any((settings.directory / name).exists() for name in (config.SECRET_FILE, "main.db", "ledger.jsonl")):
        fail(f"There is no instance in {directory}: run `concerns init` first.", CHECK_FAILED)
    if settings.secret_path.exists() and (fault := config.secret_fault(settings)):
        faults.append(fault)
    findings = examine(opened(settings), faults)
    for finding in findings:
        mark = {True: "good", False: "FAULT", None: "note"}[finding.good]
        click.echo(f"{mark:>5}  {finding.name}: {finding.words}")
    sys.exit(CHECK_FAILED if any(finding.good is False for finding in findings) else 0)


@command
def inspect_text(directory: Path) -> None:
    """JSON lines {"text"} in, {"spans": [[start, end, kind], …]} out: identifying details."""
    del directory  # it asks no instance
    try:
        for answer in inspected(sys.stdin.buffer):
            click.echo(answer)
    except BadLine as error:
        fail(str(error), WRONG_USE)


@command
@click.option("--themes", "file", type=click.Path(path_type=Path), help="A TOML of themes, not the instance’s own.")
@click.option("--sector", type=click.Choice(SECTORS), help="The themes of this sector’s pack.")
@click.option("--labelled", type=click.Path(path_type=Path), help="Learn from this CSV: text,themes.")
def suggest(directory: Path, file: Path | None, sector: str | None, labelled: Path | None) -> None:
    """JSON lines {"text"} in, {"themes": [[code, score], …]} out, best first."""
    try:
        for answer in suggested(sys.stdin.buffer, _themes(directory, file, sector), labelled):
            click.echo(answer)
    except BadInput as error:
        fail(str(error), WRONG_USE)


@command
@click.argument("rows", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--themes", "file", type=click.Path(path_type=Path), help="A TOML of themes, not the instance’s own.")
@click.option("--train", type=click.IntRange(min=0), default=0, show_default=True, help="Learn from so many rows.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed splits the rows otherwise.")
def evaluate(directory: Path, rows: Path, file: Path | None, train: int, seed: int) -> None:
    """Accuracy of suggestions on rows text,themes: learns from some of a random half, scores the other half."""
    try:
        measures, remark = evaluated(rows, _themes(directory, file, None), train, seed)
    except BadInput as error:
        fail(str(error), WRONG_USE)
    if remark:
        click.echo(remark, err=True)
    click.echo(measures)


def _themes(directory: Path, file: Path | None, sector: str | None) -> tuple[ThemeFacts, ...]:
    if file and sector:
        fail("Give --themes or --sector, not both.", WRONG_USE)
    if file:
        return read_themes(file)
    if sector:
        return load_pack(sector).themes
    house = house_of(directory)
    with house.stores.read_main() as main:
        return tuple(current_set(main, house.today()))


@command
@click.option("--sector", type=click.Choice(SECTORS), show_default="nhs")
@click.option("--size", type=click.Choice(SIZES), show_default="medium")
@click.option("--host", show_default="127.0.0.1")
@click.option("--port", type=click.IntRange(1, 65535), show_default="8000")
@click.option("--seed", type=int, show_default="1", help="Another seed tells another story.")
@click.option("--codes", is_flag=True, help="Only say how to sign in now.")
def demo_(
    directory: Path,
    sector: str | None,
    size: str | None,
    host: str | None,
    port: int | None,
    seed: int | None,
    codes: bool,
) -> None:
    """Seed an invented organisation with a two-year story and serve it on loopback."""
    demo = the_one_there(directory, sector=sector, size=size, seed=seed)
    if demo is None and codes:
        fail(f"There is no demo in {directory}: run `concerns demo` first.", CHECK_FAILED)
    bind = serving.bind_of((codes and demo and demo.bind) or config.DEFAULT_BIND, host, port)
    if not codes:
        serving.try_listening(bind)
    if demo is None:
        demo = _seed(directory, sector or "nhs", size or "medium", 1 if seed is None else seed)
    os.environ["CONCERNS_BIND"] = bind
    settings = config.load(directory)
    said = introduction(demo.seeded, settings.report_origins[0], settings.desk_path, utc_now())
    if codes:
        click.echo(said)
        return
    house_of(directory).stores.close()
    remember(directory, dataclasses.replace(demo, bind=bind))
    click.echo(said)
    _serve(directory, "app", bind)


def _seed(directory: Path, sector: str, size: str, seed: int) -> Demo:
    with beside(directory) as folder:
        settings = config.load(folder)
        config.write_secret(settings)
        house = open_house(settings)
        with closing(house.stores):
            demo = Demo(seed_demo(house, sector, size, seed, progress), sector, size, seed)
        remember(folder, demo)
    return demo
