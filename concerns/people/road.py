"""What is better mended before the launch, and where: it stops nothing."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.model import Organisation
from concerns.areas.ringing import to_try
from concerns.people.guardianship import guardians_in
from concerns.people.model import Person, Recovery
from concerns.store.house import House

#: days after which a trial of recovery shares is due again
DRILL = 183


@dataclass(frozen=True)
class Advice:
    """One sentence, and a link to the page where it is done, or that says how."""

    words: str
    link: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shares:
    """Whether a guardian with keys has recovery shares, and when two of them were last tried."""

    name: str
    made_on: dt.date | None
    tried_on: dt.date | None

    def is_old(self, today: dt.date) -> bool:
        """Whether the last trial was too long ago."""
        return self.tried_on is not None and (today - self.tried_on).days > DRILL


def shares_of(main: Session) -> list[Shares]:
    """Each guardian with keys, by name. What the shares open is not looked at: they are on paper."""
    kept = {row.person_id: row for row in main.scalars(select(Recovery))}
    found = []
    for person in guardians_in(main):
        row = kept.get(person.id)
        if person.kem_public is not None:
            found.append(Shares(person.name, row.made_on if row else None, row.tried_on if row else None))
    return found


def advice(main: Session, house: House, organisation: Organisation) -> tuple[Advice, ...]:
    """Everything that should be seen to, in the order in which it helps."""
    return (
        *_people(main, organisation),
        *_shares(shares_of(main), house),
        *_numbers(organisation, house.today()),
        *_letters(house),
    )


def _people(main: Session, organisation: Organisation) -> Iterator[Advice]:
    if not any("overseer" in roles for roles in main.scalars(select(Person.roles).where(Person.shut_on.is_(None)))):
        yield Advice(
            "There is no overseer: nobody outside the guardians is told when reading days are missed.",
            "Add a person",
            "people.newcomers.add",
        )
    if not organisation.staff_side.strip():
        yield Advice(
            "Nobody is named for staff side: a union or staff representative who is told before rules are loosened.",
            "Name somebody",
            "people.settings.organisation",
        )


def _shares(all_shares: Sequence[Shares], house: House) -> Iterator[Advice]:
    """Only a guardian herself makes and tries them: her page is named, and the link leads to the page that says how."""
    without = [one.name for one in all_shares if one.made_on is None]
    untried = [one.name for one in all_shares if one.made_on is not None and one.tried_on is None]
    old = [one.name for one in all_shares if one.is_old(house.today())]
    her_page = f"{house.desk_origin}{house.desk_path}keys/shares"
    if without:
        yield _told(
            f"{_all(without)} made no recovery shares: a lost passphrase would cost the keys. "
            f"Shares are made at {her_page}."
        )
    if untried:
        yield _told(
            f"{_all(untried)} never tried the recovery shares: nobody knows that they would work. "
            f"Two are tried at {her_page}/try."
        )
    if old:
        yield _told(
            f"{_all(old)} did not try the recovery shares in the last six months. Two are tried at {her_page}/try."
        )


def _told(words: str) -> Advice:
    return Advice(words, "What a guardian does with them", "people.helping.show", {"role": "guardian"})


def _numbers(organisation: Organisation, today: dt.date) -> Iterator[Advice]:
    untried = to_try(organisation.signposts, today)
    if not untried:
        return
    danger = [str(post.get("name", "")) for post in untried if post.get("danger")]
    many = "A number to ring was" if len(untried) == 1 else f"{len(untried)} numbers to ring were"
    first = f" Begin with those for somebody in danger: {'; '.join(danger)}." if danger else ""
    yield Advice(
        f"{many} not tried in the last six months.{first}", "Ring each, and say so", "people.settings.signposts"
    )


def _letters(house: House) -> Iterator[Advice]:
    if house.mail is None:
        yield Advice(
            "No mail server is set: nobody is written to about reading days.",
            "How the server’s settings name one",
            "people.helping.show",
            {"role": "admin"},
        )


def _all(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
