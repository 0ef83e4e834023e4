"""Remembers how to sign in as each of the demo's cast, and says it at every start."""

import dataclasses
import datetime as dt
import json
from pathlib import Path

from concerns.demo.seeding import Seeded
from concerns.founding.service import Newcomer
from concerns.people.second_factor import code_at

FILE = "demo.json"


def remember(folder: Path, seeded: Seeded) -> None:
    """Write the cast's secrets beside the stores: this is a rehearsal, and everybody may know them."""
    (folder / FILE).write_text(json.dumps(dataclasses.asdict(seeded), indent=2, ensure_ascii=False))


def recall(folder: Path) -> Seeded | None:
    """What `remember` wrote; None where there is no demo."""
    try:
        kept = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        return None
    cast = [Newcomer(**{**one, "roles": tuple(one["roles"])}) for one in kept["cast"]]
    return Seeded(cast, kept["receipt"], kept["left"])


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
