"""Remembers which demo is in a folder and how to sign in as each of its cast, and says it at every start."""

import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from concerns.demo.placing import DemoRefused
from concerns.demo.seeding import Seeded
from concerns.founding.service import Newcomer
from concerns.people.second_factor import code_at

FILE = "demo.json"

_T = TypeVar("_T")


@dataclass(frozen=True)
class Demo:
    """A demo as its folder remembers it. What an earlier version did not write is None."""

    seeded: Seeded
    sector: str | None = None
    size: str | None = None
    seed: int | None = None
    #: where it was served the last time
    bind: str | None = None


def remember(folder: Path, demo: Demo) -> None:
    """Write the cast's secrets beside the stores: this is a rehearsal, and everybody may know them."""
    facts = dataclasses.asdict(demo)
    content = json.dumps({**facts.pop("seeded"), **facts}, indent=2, ensure_ascii=False)
    new = folder / f"{FILE}.new"
    new.write_text(content, encoding="utf-8")
    new.replace(folder / FILE)  # whole at every moment: another terminal may be reading it


def recall(folder: Path) -> Demo | None:
    """What `remember` wrote; None where there is no demo. Raises DemoRefused for a file that says something else."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        cast = [Newcomer(**{**one, "roles": tuple(one["roles"])}) for one in kept["cast"]]
        facts = {name: kept.get(name) for name in ("sector", "size", "seed", "bind")}
        return Demo(Seeded(cast, kept["receipt"], kept["left"]), **facts)
    except FileNotFoundError:
        return None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DemoRefused(f"{folder / FILE} is damaged: name another folder with --directory.") from error


def the_one_there(folder: Path, **asked: str | int | None) -> Demo | None:
    """The demo in this folder, None where one can be made.

    Raises DemoRefused where the folder holds something else: no demo, or one of another sector, size or seed.
    """
    demo = recall(folder)
    if demo is None:
        if folder.exists() and any(folder.iterdir()):
            raise DemoRefused(f"{folder} holds something that is not a demo: name another folder with --directory.")
        return None
    there = {name: getattr(demo, name) for name in asked}
    if any(there[name] != wanted and None not in (there[name], wanted) for name, wanted in asked.items()):
        what = f"{folder} holds a demo of sector {demo.sector}, size {demo.size}, seed {demo.seed}"
        raise DemoRefused(f"{what}: for another one name another folder with --directory.")
    return demo


def introduction(seeded: Seeded, origin: str, desk_path: str, now: dt.datetime) -> str:
    """Where to go, and how to sign in as each of the cast at this moment."""
    lines = [
        "",
        f"Report door   {origin}/",
        f"Desk          {origin}{desk_path}",
        "",
        "Sign in at the desk. A code lasts half a minute; the secret goes into an authenticator app.",
    ]
    for person in seeded.cast:
        code = code_at(str(person.totp_secret), now)
        lines += [
            f"  {person.name}, {', '.join(person.roles)}",
            f"    e-mail      {person.email}",
            f"    passphrase  {person.passphrase}",
            f"    code now    {code}     secret {person.totp_secret}",
        ]
    lines += ["", "Come back as a reporter with this receipt:", f"  {seeded.receipt}"]
    if seeded.left:
        names = [person.name for person in seeded.cast if "guardian" in person.roles][:2]
        lines += ["", f"Left for you: {seeded.left} can be closed, as {' and then '.join(names)}."]
    lines += ["", "For codes of another moment, in a second terminal: concerns demo --codes", ""]
    return "\n".join(lines)


def progress(work: Sequence[_T], name: str) -> Iterator[_T]:
    """Go through the work with a bar on a terminal."""
    with click.progressbar(work, label=name, file=sys.stderr) as bar:
        yield from bar
