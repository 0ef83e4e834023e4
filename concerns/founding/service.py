"""Founds an instance: makes its folder and stores, its organisation, people and charter."""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shamir_mnemonic.wordlist import WORDLIST
from sqlalchemy import delete
from sqlalchemy.orm import Session

from concerns.areas.model import Organisation
from concerns.areas.rules import total_staff
from concerns.areas.service import found_organisation
from concerns.charter import service as charter
from concerns.charter.policy import Policy
from concerns.disclosure.budget import MOST_FOR_HANDLING, kinds_for
from concerns.disclosure.following import found_ledger
from concerns.disclosure.ledger import Ledger
from concerns.founding.answers import Answers, PersonAnswer
from concerns.learning.service import set_answer
from concerns.pages.theme import DEFAULT_COLOUR
from concerns.people import terms
from concerns.people.guardianship import guardian_key
from concerns.people.model import Person
from concerns.people.second_factor import new_totp_secret
from concerns.people.service import add_person, invite, link_of, set_up_from_file
from concerns.reports import model as _those_of_reports_too  # noqa: F401 - as the next one
from concerns.sealing import model as _every_table_must_be_known  # noqa: F401 - or none could be compared or taken back
from concerns.store.base import MainBase
from concerns.store.house import House
from concerns.store.schema import migrate
from concerns.themes.packs import Pack
from concerns.themes.rules import ThemeFacts
from concerns.themes.service import store_theme_set
from concerns.triage.returning import model as _and_those_of_returns  # noqa: F401 - as above

PASSPHRASE_WORDS = 6
#: the parts of set-up that answers can settle
ASKED = ("organisation", "areas", "people", "reading", "instead", "look")


class AlreadyFounded(Exception):
    """This folder or these stores hold an organisation already."""


@dataclass(frozen=True)
class Newcomer:
    """What to hand to one person: in a rehearsal both secrets, otherwise a one-time link."""

    name: str
    email: str
    roles: tuple[str, ...]
    passphrase: str | None = None
    totp_secret: str | None = None
    link: str | None = None

    def __repr__(self) -> str:
        return f"Newcomer({self.email})"

    def introduction(self) -> str:
        """What set-up says of her, for the one who hands it over."""
        lines = [f"\n{self.name}, {', '.join(self.roles)}: {self.email}"]
        if self.link:
            lines.append(f"  one-time link, good for 14 days: {self.link}")
        else:
            lines += [f"  passphrase: {self.passphrase}", f"  authenticator secret: {self.totp_secret}"]
        return "\n".join(lines)


def found(house: House, answers: Answers, *, rehearsal: bool) -> list[Newcomer]:
    """Found the instance of this house, whole or not at all. Raises AlreadyFounded.

    In a rehearsal everybody's secrets are made here and the guardians' charter is signed; otherwise each person gets
    a one-time link, and the admin goes on setting up in the browser: nothing can be signed before she has ended that.
    """
    migrate(house.stores)
    with leaving_no_file_behind() as ours, house.stores.write_main() as main:
        if main.get(Organisation, 1) is not None:
            raise AlreadyFounded
        organisation = _public_facts(main, house, answers, rehearsal)
        # only now: with the organisation's row in hand nobody else can be founding, and the files would be theirs
        begin_ledger(main, house.directory, organisation.site_id, ours)
        people = [
            add_person(main, one.name, one.email, list(one.roles), stand_in=one.stand_in) for one in answers.people
        ]
        for person in people:
            if "peer" in person.roles:
                terms.start(main, person, house.today())
        if rehearsal:
            return _rehearse(main, house, organisation, answers, people)
        main.commit()  # links stand in the other store, and only for people who are there
        with _taking_back(house):
            return [_invited(house, person) for person in people]


def begin_ledger(main: Session, directory: Path, site_id: bytes, ours: list[Path]) -> None:
    """Start the ledger of an instance whose row is in hand; what a killed founding left of one is begun anew."""
    ledger = Ledger(directory)
    if len(ledger.lines()) == 1:  # nothing was ever drawn by it, and no database knows it
        ledger.path.unlink()
    ours += _files_to_come(directory)
    found_ledger(main, ledger, site_id)


@contextmanager
def leaving_no_file_behind() -> Iterator[list[Path]]:
    """The ledger and the pin stand outside the database: where founding fails, those put on the list go too."""
    ours: list[Path] = []
    try:
        yield ours
    except BaseException:
        for path in ours:
            path.unlink(missing_ok=True)
        raise


def _files_to_come(directory: Path) -> list[Path]:
    return [path for path in (Ledger(directory).path, directory / charter.PIN) if not path.exists()]


@contextmanager
def _taking_back(house: House) -> Iterator[None]:
    """Without their links nobody could ever come in: then nothing is founded."""
    try:
        yield
    except BaseException:
        with house.stores.write_main() as main:
            for table in reversed(MainBase.metadata.sorted_tables):
                main.execute(delete(table))
        raise


def new_passphrase() -> str:
    """Six words of a list of 1,024, drawn by the operating system: 60 bits, behind Argon2id."""
    return " ".join(secrets.choice(WORDLIST) for _ in range(PASSPHRASE_WORDS))


def first_policy(answers: Answers) -> Policy:
    """Policy version 1: the declared kinds follow from the head-count, the estimate and one answer alone."""
    return policy_for(answers.organisation.flags_per_year, total_staff(answers.areas), handling=answers.handling)


def policy_for(flags_per_year: int, staff: int, *, handling: bool = False) -> Policy:
    """The first rules of an organisation of this size."""
    kinds = kinds_for(flags_per_year, staff)
    if handling and kinds:
        kinds["handling"] = MOST_FOR_HANDLING
    return Policy(kinds=kinds)


def standing_answers(main: Session, pack: Pack, themes: Iterable[ThemeFacts], today: dt.date) -> None:
    """Store the sector's first answer to each of these themes that has one."""
    codes = {theme.code for theme in themes}
    for code, text in pack.answers.items():
        if code in codes:
            set_answer(main, code, text.known, text.doing, today)


def _public_facts(main: Session, house: House, answers: Answers, rehearsal: bool) -> Organisation:
    today = house.today()
    organisation = found_organisation(main, answers.organisation, answers.areas, launched_on=today, rehearsal=rehearsal)
    store_theme_set(main, answers.themes, today)
    standing_answers(main, answers.pack, answers.themes, today)
    if rehearsal:
        charter.draft_policy(main, organisation.site_id, first_policy(answers))
    else:  # the first rules are put up when the admin ends set-up
        organisation.stage, organisation.settled = "setting-up", settled_by(answers)
        organisation.rules_wanted = {"handling": True} if answers.handling else {}
    return organisation


def settled_by(answers: Answers) -> list[str]:
    """The parts of set-up that these answers settle; what was not asked is left to the admin."""
    facts = answers.organisation
    left = {
        "reading": not facts.reading_days,
        "instead": not facts.read_instead,
        # the usual colour stands until somebody chooses another one, or a logo
        "look": facts.colour.lower() == DEFAULT_COLOUR,
    }
    return [name for name in ASKED if not left.get(name)]


def _rehearse(
    main: Session, house: House, organisation: Organisation, answers: Answers, people: list[Person]
) -> list[Newcomer]:
    made, secrets_of = [], {}
    for person, answer in zip(people, answers.people, strict=True):
        newcomer = _with_secrets(answer)
        secret = set_up_from_file(person, str(newcomer.passphrase), str(newcomer.totp_secret), house.directory / "run")
        if secret is not None:
            secrets_of[person.id] = secret
        made.append(newcomer)
    main.flush()
    keys = [guardian_key(person) for person in people if person.id in secrets_of]
    charter.draft_manifest(main, organisation.site_id, keys)
    drafts = charter.drafts(main)
    document = drafts.hash if drafts else ""
    for key in keys:
        charter.sign(main, house.directory, document, key, secrets_of[key.person_id][32:])
    return made


def _with_secrets(answer: PersonAnswer) -> Newcomer:
    return Newcomer(
        answer.name,
        answer.email,
        answer.roles,
        passphrase=answer.passphrase or new_passphrase(),
        totp_secret=answer.totp_secret or new_totp_secret(),
    )


def _invited(house: House, person: Person) -> Newcomer:
    return Newcomer(person.name, person.email, tuple(person.roles), link=link_of(house, invite(house, person.id)))
