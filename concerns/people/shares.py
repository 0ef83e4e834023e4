"""A guardian's recovery shares: made, tried, and used with a one-time link when her passphrase is lost."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, update

from concerns.people import second_factor, sessions
from concerns.people.access import Visitor
from concerns.people.model import Invitation, Person, Recovery
from concerns.people.service import (
    AccountRefused,
    LinkGone,
    TooManyAtOnce,
    equip,
    new_link,
    token_hash,
)
from concerns.people.sessions import utc
from concerns.sealing import keys, passwords
from concerns.sealing.box import seal_box
from concerns.sealing.recovery import BadShares, make_shares, open_with_shares
from concerns.store.claiming import touched
from concerns.store.house import House

COLUMNS = ("salt", "verifier", "secret", "totp", "kem_public", "sign_public")


def make(house: House, visitor: Visitor, custodians: Sequence[str]) -> list[str]:
    """Three shares for three people, once: earlier ones open nothing from now on."""
    shares, box = make_shares(visitor.kem_seed, visitor.person_id)
    kid = keys.kid_of(keys.kem_public(visitor.kem_seed))
    row = Recovery(
        person_id=visitor.person_id, kid=kid, box=box, custodians=list(custodians), made_on=house.today(), tried_on=None
    )
    with house.stores.write_main() as main:
        main.merge(row)
    return shares


def kept(house: House, person_id: bytes) -> Recovery | None:
    """What is kept of a guardian's shares."""
    with house.stores.read_main() as main:
        return main.get(Recovery, person_id)


def try_out(house: House, visitor: Visitor, shares: Sequence[str]) -> dt.date:
    """Whether two shares would work: changes nothing but the day of the last drill. Raises BadShares."""
    row = kept(house, visitor.person_id)
    if row is None:
        raise BadShares("There are no shares yet")
    if open_with_shares(shares, row.box, visitor.person_id) != visitor.kem_seed:
        raise BadShares("These shares belong to older keys: make new ones")
    with house.stores.write_main() as main:
        main.execute(update(Recovery).where(Recovery.person_id == visitor.person_id).values(tried_on=house.today()))
    return house.today()


def invite(house: House, person_id: bytes) -> str:
    """The token of a one-time link that is good with two shares only. Raises AccountRefused where there are none."""
    if kept(house, person_id) is None:
        raise AccountRefused("There are no recovery shares for this person")
    return new_link(house, person_id)


def link_of(house: House, token: str) -> str:
    """The address to hand over."""
    return f"{house.desk_origin}{house.desk_path}recover/{token}"


def invited(house: House, token: str) -> Person:
    """Whose link this is. Raises LinkGone."""
    with house.stores.read_live() as live:
        link = live.get(Invitation, token_hash(token))
    if link is None or utc(link.expires_at) <= house.clock() or kept(house, link.person_id) is None:
        raise LinkGone
    with house.stores.read_main() as main:
        person = main.get(Person, link.person_id)
    if person is None or person.salt is None or person.shut_on is not None or "guardian" not in person.roles:
        raise LinkGone
    return person


def use(
    house: House, token: str, shares: Sequence[str], passphrase: str, totp_secret: str, code: str
) -> tuple[bytes, bytes]:
    """New keys and a new passphrase for the owner of a link; returns her id and her new 64-byte secret.

    Two other guardians sign for the new keys before they open anything. Until her flags are brought over the old seed
    is kept, sealed to the new key. Raises LinkGone, BadShares or AccountRefused.
    """
    person = invited(house, token)
    row = kept(house, person.id)
    if row is None:
        raise LinkGone
    old = open_with_shares(shares, row.box, person.id)
    if keys.kem_public(old) != person.kem_public:
        raise BadShares("These shares belong to older keys")
    step = second_factor.matching_step(totp_secret, code, house.clock(), used=0)
    if step is None:
        raise AccountRefused("The code is not the one your app should show now: wait for the next one and enter that")
    before = (person.verifier, person.kem_public)
    try:
        secret = equip(person, passphrase, totp_secret, house.directory / "run", passwords.AT_THE_DOOR)
    except passwords.Busy as busy:
        raise TooManyAtOnce("Too many people are signing in at this moment. Wait a minute and try again") from busy
    if secret is None:
        raise LinkGone
    values = {name: getattr(person, name) for name in COLUMNS} | {
        "totp_step": step,
        "carried": seal_box([keys.kem_public(secret[: keys.SEED_BYTES])], old, carried_by(person.id)),
        "recovered": True,
    }
    _store(house, person.id, before, values)
    return person.id, secret


def carried_by(person_id: bytes) -> str:
    """What the box with an old secret is for."""
    return f"old keys of {person_id.hex()}"


def _store(
    house: House, person_id: bytes, before: tuple[bytes | None, bytes | None], values: dict[str, object]
) -> None:
    """Everything of the account at once; of two who hold link and shares, the store lets one have it.

    `before` is the verifier and the public key that she had: an account that was shut meanwhile, or lost its keys,
    gets none.
    """
    same = (Person.verifier == before[0], Person.kem_public == before[1], Person.shut_on.is_(None))
    claim = update(Person).where(Person.id == person_id, *same).values(values)
    with house.stores.write_main() as main:
        if touched(main, claim) != 1:
            raise LinkGone
        main.execute(delete(Recovery).where(Recovery.person_id == person_id))
    with house.stores.write_live() as live:
        live.execute(delete(Invitation).where(Invitation.person_id == person_id))
        sessions.end_all(live, person_id)
