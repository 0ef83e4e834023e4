"""What set-up at the terminal says at its end: what to hand to whom, and how it goes on."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from concerns.founding.answers import Answers
from concerns.founding.service import Newcomer, settled_by
from concerns.people.parts import PARTS
from concerns.store.house import House

REHEARSAL = "This is a rehearsal: its secrets came from a file, and a banner on every page says so."
GOES_ON = (
    "\nSet-up is not finished: it goes on in the browser. Each link works once. Hand it over by a way that only its owner "
    "reads, since whoever opens it first becomes that person here. In this order:"
)


def in_a_rehearsal(answers: Answers, made: Sequence[Newcomer], directory: Path) -> str:
    """Everybody's secrets."""
    said = [newcomer.introduction() for newcomer in made]
    return "\n".join([f"{answers.organisation.name} is set up in {directory}.", REHEARSAL, *said])


def founded(house: House, answers: Answers, made: Sequence[Newcomer], directory: Path) -> str:
    """Everybody's links, and what has to be done with them, by whom and in which order: an admin has to come first."""
    ordered = sorted(made, key=lambda newcomer: "admin" not in newcomer.roles)
    said = [newcomer.introduction() for newcomer in ordered]
    steps = [f"{number}. {step}" for number, step in enumerate(_steps(house, answers, ordered, directory), 1)]
    return "\n".join([f"\n{answers.organisation.name} is founded in {directory}.", *said, GOES_ON, *steps])


def _steps(house: House, answers: Answers, made: Sequence[Newcomer], directory: Path) -> Iterator[str]:
    admins = [one.name for one in made if "admin" in one.roles]
    others = [one.name for one in made if "admin" not in one.roles]
    settled = settled_by(answers)
    still = [f"“{part.title}”" for part in PARTS if part.needed and part.name not in settled]
    yield (
        f"Start the service: `concerns run --directory {directory}`, or as docs/hosting.md says. "
        f"The links work when {house.desk_origin} answers."
    )
    yield f"{' or '.join(admins)} opens the link of that name, and sets up the account."
    yield (
        f"The same person then goes on at “Set-up”, {house.desk_origin}{house.desk_path}set-up: "
        f"{' and '.join(still)} have to be settled there; of what is optional the usual stands. "
        "A pilot begins there too, or the service itself."
    )
    yield (
        f"These open their own links meanwhile: {', '.join(others)}. A guardian’s keys are made then. The guardians "
        "sign when set-up has ended, and nobody can raise a concern before all of them have."
    )
