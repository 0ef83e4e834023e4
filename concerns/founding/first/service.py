"""Founds an instance from the very first page: whole or not at all, in the stage of setting up."""

from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from concerns.areas.model import Organisation
from concerns.areas.rules import OrganisationFacts
from concerns.areas.service import found_organisation
from concerns.founding.first import link
from concerns.founding.service import AlreadyFounded, begin_ledger, leaving_no_file_behind, standing_answers
from concerns.pages.theme import DEFAULT_COLOUR
from concerns.people import second_factor
from concerns.people.model import Person
from concerns.people.rules import normal_email
from concerns.people.service import AccountRefused, TooManyAtOnce, equip
from concerns.sealing import passwords
from concerns.store.base import new_id
from concerns.store.house import House
from concerns.themes.packs import load_pack
from concerns.themes.service import store_theme_set

#: until the admin says how many flags a year are expected
UNSETTLED_FLAGS = 1


@dataclass(frozen=True)
class First:
    """What the first page asks."""

    organisation: str
    sector: str
    name: str
    email: str
    passphrase: str = field(repr=False)
    totp_secret: str = field(repr=False)
    code: str = field(repr=False)


def address(house: House, token: str) -> str:
    """Where the very first page stands."""
    return f"{house.desk_origin}{house.desk_path}begin/{token}"


def founded(house: House) -> bool:
    """Whether there is an organisation."""
    with house.stores.read_main() as main:
        return main.get(Organisation, 1) is not None


def begin(house: House, first: First) -> bytes:
    """Found the instance with one admin; returns her id. Nobody can tell anything yet, since no charter is signed.

    Raises AlreadyFounded, AccountRefused where the passphrase or the code is no good, TooManyAtOnce.
    """
    admin = _admin(house, first)
    try:
        with leaving_no_file_behind() as ours, house.stores.write_main() as main:
            if main.get(Organisation, 1) is not None:
                raise AlreadyFounded
            organisation = _organisation(main, house, first)
            # with the organisation's row in hand nobody else can be founding
            begin_ledger(main, house.directory, organisation.site_id, ours)
            main.add(admin)
    except IntegrityError as error:  # of two people who hold the address, the store lets one found
        raise AlreadyFounded from error
    link.forget(house.directory)
    return admin.id


def _admin(house: House, first: First) -> Person:
    step = second_factor.matching_step(first.totp_secret, first.code, house.clock(), used=0)
    if step is None:
        raise AccountRefused("The code is not the one your app should show now: wait for the next one and enter that")
    admin = Person(
        id=new_id(), name=first.name, email=normal_email(first.email), roles=["admin"], totp_step=step, stand_in=False
    )
    try:
        equip(admin, first.passphrase, first.totp_secret, house.directory / "run", passwords.AT_THE_DOOR)
    except passwords.Busy as busy:
        raise TooManyAtOnce("Too many people are signing in at this moment. Wait a minute and try again") from busy
    return admin


def _organisation(main: Session, house: House, first: First) -> Organisation:
    pack, today = load_pack(first.sector), house.today()
    facts = OrganisationFacts(
        name=first.organisation,
        sector=first.sector,
        colour=DEFAULT_COLOUR,
        flags_per_year=UNSETTLED_FLAGS,
        reading_days=(),
        signposts=tuple(vars(post) for post in pack.signposts),
        wording=dict(pack.wording),
    )
    organisation = found_organisation(main, facts, (), launched_on=today, rehearsal=False)
    organisation.stage = "setting-up"
    store_theme_set(main, pack.themes, today)
    standing_answers(main, pack, pack.themes, today)
    main.flush()
    return organisation
