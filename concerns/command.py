"""The frame of the `concerns` command: its group, how a command is made, and what most commands begin with."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

import config
from concerns import open_house
from concerns.demo.placing import DemoRefused
from concerns.founding import refusals
from concerns.founding.upkeep import PIN_LACKS, is_founded, pin_lacks, refuse_missing
from concerns.people.signing_in import Unlocked, unlock
from concerns.store.house import House
from concerns.store.schema import is_current

CHECK_FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """Staff flag risks anonymously; guardians triage; leaders read releases that identify nobody."""


def command(function: Callable[..., None]) -> click.Command:
    """Make a command: it knows its instance's folder, and says every error in one clear line."""

    @wraps(function)
    def careful(**options: Any) -> None:
        try:
            function(**options)
        except BrokenPipeError:
            raise  # click ends quietly: `concerns release 2026 | head`
        except (*refusals.WRONG, config.SettingsRefused) as error:
            fail(refusals.in_words(error), WRONG_USE)
        except (*refusals.FAILED, DemoRefused) as error:
            fail(refusals.in_words(error), CHECK_FAILED)
        except (KeyboardInterrupt, click.Abort) as stopped:
            if isinstance(stopped, click.Abort) and not isinstance(stopped.__context__, KeyboardInterrupt):
                raise  # nobody to answer a prompt
            sys.exit(INTERRUPTED)

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


def fail(words: str, code: int) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(code)


def opened(settings: config.Settings) -> House:
    """The house of these settings; its connections end with the command."""
    house = open_house(settings)
    click.get_current_context().call_on_close(house.stores.close)
    return house


def house_of(directory: Path, door: str = "desk") -> House:
    """The house of an instance that is set up. The report door alone needs its stores, and not the desk's secret."""
    settings = config.load(directory)
    house, here = opened(settings), settings.secret_path.exists()
    if not here and not (door == "report" and is_founded(house)):
        fail(f"There is no instance in {directory}: run `concerns init` first.", CHECK_FAILED)
    refuse_missing(house)
    if not is_current(house.stores):
        fail("The stores are not of this version: run `concerns init` with the same folder.", CHECK_FAILED)
    if not here and pin_lacks(house):
        click.echo(PIN_LACKS, err=True)
    return house


def unlocked_by(house: House, email: str) -> Unlocked:
    passphrase, code = os.environ.get("CONCERNS_PASSPHRASE"), None
    if passphrase is None:
        if not sys.stdin.isatty():
            fail("There is no terminal to ask for the passphrase: set CONCERNS_PASSPHRASE.", WRONG_USE)
        passphrase = click.prompt("Passphrase", hide_input=True, err=True)
        code = click.prompt("Code (leave empty in a rehearsal)", default="", show_default=False, err=True) or None
    unlocked = unlock(house, email, passphrase, code)
    if unlocked.secret is None:
        fail(f"{email} is not a guardian.", CHECK_FAILED)
    return unlocked
