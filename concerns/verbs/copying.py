"""The verbs of copies: make one, and put one back."""

from pathlib import Path

import click

import config
from concerns.command import command, house_of, opened
from concerns.founding.copies.backing_up import back_up
from concerns.founding.copies.restoring import KEYS_DAYS, Restored, restore
from concerns.founding.copies.trying import try_out

FILE = click.Path(path_type=Path, dir_okay=False)


@command
@click.argument("file", type=FILE)
@click.option("--check", is_flag=True, help="Make no copy: put this one back for a trial, beside its instance.")
def backup(directory: Path, file: Path, check: bool) -> None:
    """Copy an instance: FILE holds the main store, FILE.keys its shred keys, FILE.ledger the ledger.

    With --check: show that FILE can be read and put back. Nothing is opened, and nothing of the trial stays.
    """
    house = house_of(directory)
    if check:
        _say_tried(try_out(house, file))
        return
    made = back_up(house, file)
    click.echo(f"{made.main} holds the main store.")
    click.echo(
        f"{made.keys} holds the shred keys. Keep it apart from the other, and destroy it after {KEYS_DAYS} days: "
        "it is not put back later."
    )
    if made.ledger:
        click.echo(f"{made.ledger} holds the ledger. Keep every one of them, apart from the store.")


def _say_tried(done: Restored) -> None:
    click.echo(f"The copy of {done.made_on.isoformat()} was put back for a trial, with {done.flags} flags. It is good.")
    if done.left_out:
        click.echo(f"{done.left_out} flags of the copy would be left out: their time is over, or they have no key.")
    click.echo("Nothing of it was opened, and the trial is removed again. The health page names the day.")


@command
@click.argument("file", type=FILE)
@click.option("--without-flags", is_flag=True, help="Leave every flag out: for a copy whose keys are lost or too old.")
@click.option("--without-ledger", is_flag=True, help="Go on though FILE.ledger is lost: no period can be closed then.")
def restore_(directory: Path, file: Path, without_flags: bool, without_ledger: bool) -> None:
    """Put a copy back into an empty folder, or an empty database. FILE.keys and FILE.ledger must lie beside FILE.

    What was taken back or purged stays gone where the live store is still there. Elsewhere two guardians have to agree.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = config.load(directory)
    done = restore(opened(settings), file, without_flags=without_flags, without_ledger=without_ledger)
    config.write_secret(settings)
    click.echo(f"The copy of {done.made_on.isoformat()} is put back in {directory}, with {done.flags} flags.")
    if done.left_out:
        click.echo(f"{done.left_out} flags of the copy are left out: taken back or purged, or without a key.")
    if not settings.ledger_path.exists():
        click.echo(f"The ledger is not there: no period can be closed until its newest file is {settings.ledger_path}.")
    click.echo(
        "Accounts are as they were on that day: shut those again that were shut since, and have removed passkeys and changed "
        "passphrases removed and changed again."
    )
    if done.waits:
        click.echo("The service stays shut until two guardians have signed in and agreed on their page of keys.")
