"""The verbs of releases: close a period, hand a release out, check that all of it holds."""

import os
import sys
from pathlib import Path

import click

import config
from concerns.command import CHECK_FAILED, WRONG_USE, command, fail, house_of, opened, unlocked_by
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.periods import Kind
from concerns.disclosure.queries import frozen_release, period_of
from concerns.founding.upkeep import examine, is_founded
from concerns.reports.files import FORMATS
from concerns.store.house import House
from concerns.triage.closing.service import close_part, last_freeze

KINDS = click.Choice([str(kind) for kind in Kind])
#: what no terminal can show
_BINARY = ("xlsx", "pdf")


@command
@click.argument("period")
@click.option("--kind", type=KINDS, help="For a year: of what flags were about, or of how they were handled.")
@click.option("--guardian", required=True, help="E-mail address of the guardian who closes.")
@click.option("--compared", is_flag=True, help="Do not ask whether the last freeze was compared with its print.")
def close(directory: Path, period: str, kind: str | None, guardian: str, *, compared: bool) -> None:
    """One guardian's part in closing a period; the second one's freezes it. PERIOD is 2026-Q3 or 2026."""
    wanted = period_of(period, kind)  # before anybody is asked for a passphrase
    house = house_of(directory)
    unlocked = unlocked_by(house, guardian)
    _confirm_print(house, compared=compared)
    click.echo(close_part(house, unlocked.person_id, unlocked.secret or b"", str(wanted)).message)


def _confirm_print(house: House, *, compared: bool) -> None:
    """Show the last freeze, and at a terminal ask whether it is the one of the print: only people notice a set-back machine."""
    previous = last_freeze(house)
    if previous is None:
        return
    click.echo(
        f"The last freeze was {previous.period}: ledger line {previous.line.number}, {previous.line.head.hex()}."
    )
    if compared or not _is_terminal():
        return
    if not click.confirm("Did you compare this with the print of it, and is it the same?", err=True):
        fail(
            "Nothing was done. If they differ, talk to the other guardians: the machine may have been set back.",
            CHECK_FAILED,
        )


def _is_terminal() -> bool:
    return sys.stdin.isatty()


@command
@click.argument("period")
@click.option("--kind", type=KINDS)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="json", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--measured", is_flag=True, help="Add each node’s stored signed value, for auditors.")
def release(directory: Path, period: str, kind: str | None, form: str, output: Path | None, measured: bool) -> None:
    """Print or write the frozen release of a period."""
    wanted = period_of(period, kind)
    if form in _BINARY and output is None and sys.stdout.isatty():
        fail("A terminal cannot show this format: name a file with --output FILE.", WRONG_USE)
    house = house_of(directory)
    with house.stores.read_main() as main:
        frozen = frozen_release(main, Ledger(house.directory), wanted)
    _mimetype, made = FORMATS[form]
    content = made(frozen, measured=measured)
    if output is None:
        click.echo(content, nl=False)
        return
    output.write_bytes(content)
    click.echo(f"{output} holds {wanted}: ledger line {frozen.line}, SHA-256 of the frozen bytes {frozen.checksum}.")


@command
@click.option(
    "--report", is_flag=True, help="Of a host that serves the report door alone: no ledger, no desk’s secret."
)
def verify(directory: Path, report: bool) -> None:
    """Self-check: settings, schema, keys and rules, ledger, log, rights, copies, jobs, disk, certificates, languages."""
    faults: list[str] = []
    try:
        config.load(directory)
    except config.SettingsRefused as error:
        faults = str(error).splitlines()
    plain = {name: value for name, value in os.environ.items() if name not in config.FORBIDDEN}
    settings = config.load(directory, plain)
    house = opened(settings)
    there = any((settings.directory / name).exists() for name in (config.SECRET_FILE, "main.db", "ledger.jsonl"))
    if not there and not (report and is_founded(house)):
        fail(f"There is no instance in {directory}: run `concerns init` first.", CHECK_FAILED)
    if not report and settings.secret_path.exists() and (fault := config.secret_fault(settings)):
        faults.append(fault)
    findings = examine(house, faults, report_alone=report)
    for finding in findings:
        mark = "look" if finding.asks else {True: "good", False: "FAULT", None: "note"}[finding.good]
        click.echo(f"{mark:>5}  {finding.name}: {finding.words}")
    sys.exit(CHECK_FAILED if any(finding.good is False for finding in findings) else 0)
