"""The `concerns` command: set up, serve, import, collect, suggest; more of its verbs stand in `verbs`."""

import dataclasses
import os
import sys
from contextlib import closing, suppress
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
from concerns.flagging.codes import MOST_CODES
from concerns.flagging.slips import write_slips
from concerns.founding import forbidden, serving, traces
from concerns.founding.answers import answers_of, read_answers
from concerns.founding.asking import ask
from concerns.founding.first import link
from concerns.founding.first import service as first
from concerns.founding.handing import founded, in_a_rehearsal
from concerns.founding.launching import launch
from concerns.founding.service import AlreadyFounded, found
from concerns.founding.upkeep import bring_up_to_date, is_founded, make_private, refuse_missing, refuse_unusable
from concerns.pages.languages import LANGUAGES
from concerns.sealing.collecting import StoreBusy
from concerns.sealing.collecting import collect as collect_arrivals
from concerns.store.house import utc_now
from concerns.store.schema import migrate
from concerns.themes.evaluating import evaluated
from concerns.themes.labelled import BadInput, read_themes
from concerns.themes.packs import SECTORS, load_pack
from concerns.themes.queries import current_set
from concerns.themes.rules import ThemeFacts
from concerns.themes.suggesting import suggested
from concerns.triage.entering.importing import check_file, import_rows
from concerns.verbs import accounts, copying, releasing
from concerns.words.inspecting import BadLine, inspected

#: what the imports above added verbs to
__all__ = ["accounts", "copying", "main", "releasing"]


@command
@click.option("--answers", "file", type=click.Path(path_type=Path, dir_okay=False), help="Answers as TOML.")
def init(directory: Path, file: Path | None) -> None:
    """First-run set-up, asked at the prompt or read from a file (then a rehearsal instance).

    What is asked at the prompt is a beginning: the admin goes on in the browser. With the folder of an instance that is
    set up already: bring its stores to this version, and ask nothing.
    """
    if _keep_up(directory):
        return
    if file is None:
        refuse_unusable(directory)  # rather than after the last question
    answers = read_answers(file) if file else answers_of(ask(), Path())
    make_private(directory)
    settings = config.load(directory)
    config.write_secret(settings)
    house = opened(settings)
    made = found(house, answers, rehearsal=file is not None)
    click.echo(in_a_rehearsal(answers, made, directory) if file else founded(house, answers, made, directory))


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
    """Serve both doors, or one, under gunicorn. An empty folder is set up in the browser, at an address shown once."""
    target = "app" if door == "both" else door
    bind = serving.bind_of(config.load(directory).bind, host, port)
    if target == "report":
        house_of(directory, target).stores.close()
        serving.try_listening(bind)
    elif not _to_begin(directory):
        house = house_of(directory)
        with suppress(StoreBusy):  # the hourly round tries again
            launch.go_on(house)  # where a launch was killed half way
        link.forget(directory)
        house.stores.close()
        serving.try_listening(bind)
    else:
        serving.try_listening(bind)
        _say_where_to_begin(directory, bind)
    _serve(directory, target, bind)


def _to_begin(directory: Path) -> bool:
    """Whether this folder holds no instance, and nothing of one: then whoever has the address may found it."""
    settings = config.load(directory)
    house = opened(settings)
    if is_founded(house):
        return False
    if settings.secret_path.exists():
        refuse_missing(house)
    return True


def _say_where_to_begin(directory: Path, bind: str) -> None:
    os.environ["CONCERNS_BIND"] = bind
    make_private(directory)
    settings = config.load(directory)
    house = opened(settings)
    if is_founded(house) and not settings.secret_path.exists():
        fail(f"There is no instance in {directory}, and the stores hold one: put its folder back.", CHECK_FAILED)
    migrate(house.stores)
    config.write_secret(settings)
    address = first.address(house, link.renew(directory))
    house.stores.close()
    click.echo(f"Nothing is set up yet. Open this address to begin: {address}")


def _serve(directory: Path, target: str, bind: str) -> None:
    os.environ |= {"CONCERNS_BIND": bind, "CONCERNS_DIRECTORY": str(directory.resolve())}
    settings = config.load(directory)
    if target != "report" and (fault := config.secret_fault(settings)):
        fail(fault, CHECK_FAILED)
    if faults := forbidden.option_faults():
        fail("\n".join(faults), WRONG_USE)
    if target != "report":
        settings.outside_of_desk()  # raises here, in one line, and not in each worker
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
        months = current(main, house.directory).latest_months(house.today())
    collect_arrivals(house.stores, house.today(), months)
    traces.note(house, "collected")
    click.echo("Collected.")


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
