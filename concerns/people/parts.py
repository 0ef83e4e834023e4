"""The parts of set-up: which there are, how far each is, and what stands between them and a pilot. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concerns.areas.ringing import always

#: how often a pilot may be filled with invented concerns
MOST_FILLS = 2
FEWEST_GUARDIANS = 2
#: whom a concern may be about, so that somebody else has to read it: key -> in a sentence
INSTEAD = {
    "guardian": "a guardian",
    "head": "the head or chief executive",
    "chair": "the chair",
    "admin": "the admin",
}


@dataclass(frozen=True)
class Part:
    """One part of set-up: a row of the task list."""

    name: str
    title: str
    endpoint: str
    #: whether the admin has to say something before anything can begin; otherwise what is usual stands
    needed: bool = False


PARTS = (
    Part("organisation", "Organisation", "people.settings.organisation", needed=True),
    Part("areas", "Areas and head-counts", "people.settings.areas", needed=True),
    Part("people", "People", "people.newcomers.add", needed=True),
    Part("reading", "Reading days", "people.settings.reading", needed=True),
    Part("signposts", "Numbers to ring", "people.settings.signposts", needed=True),
    Part("instead", "Who reads instead", "people.settings.instead", needed=True),
    Part("themes", "Themes", "people.categories.show"),
    Part("access", "Who may tell", "people.settings.access"),
    Part("look", "Colour and logo", "people.settings.look"),
    Part("languages", "Languages", "people.settings.languages"),
    Part("form", "The report form", "people.settings.form"),
    Part("rules", "Retention, clocks and releases", "people.settings.rules"),
)


@dataclass(frozen=True)
class Known:
    """What the task list is worked out from."""

    settled: Collection[str]
    signposts: Sequence[Mapping[str, Any]]
    reading_days: Sequence[str]
    read_instead: Mapping[str, str]
    #: how many areas there are
    areas: int
    #: of each account with the guardian's role, whether she is a stand-in
    stand_ins: Sequence[bool]


@dataclass(frozen=True)
class Task:
    """A row of the task list as it is shown."""

    part: Part
    done: bool
    #: one sentence on what is wrong; empty where nothing is
    problem: str


def tasks(known: Known, *, running: bool) -> tuple[Task, ...]:
    """Every part and how far it is. Where the service is `running` already, what was never touched stands as it is."""
    wrong = dict(reversed(list(problems(known))))  # of two problems with a part the first is told
    found = []
    for part in PARTS:
        touched = running or part.name in known.settled
        found.append(Task(part, touched, wrong.get(part.name, "") if touched else ""))
    return tuple(found)


def blocking(known: Known) -> tuple[str, ...]:
    """One sentence for each thing without which nothing can begin."""
    unsettled = [part for part in PARTS if part.needed and part.name not in known.settled]
    names = {part.name for part in unsettled}
    return (
        *(f"Settle “{part.title}”." for part in unsettled),
        *(sentence for name, sentence in problems(known) if name not in names),
    )


def problems(known: Known) -> Iterator[tuple[str, str]]:
    """(name of a part, what is wrong with it)."""
    if known.areas == 0:
        yield "areas", "There are no areas."
    if len(known.stand_ins) < FEWEST_GUARDIANS:
        yield "people", "There must be at least two guardians."
    elif all(known.stand_ins):
        yield "people", "At least one guardian must be no stand-in."
    if not known.reading_days:
        yield "reading", "There are no reading days."
    if not any(always(post) for post in known.signposts):
        yield "signposts", "No number to ring in danger is answered day and night."
    unsaid = [words for key, words in INSTEAD.items() if not known.read_instead.get(key, "").strip()]
    if unsaid:
        yield "instead", f"Say who reads a concern about {_listed(unsaid)}."


def _listed(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
