"""How the organisation presents itself on every page, read once a request."""

import hashlib

from flask import g
from sqlalchemy.exc import SQLAlchemyError

from concerns.areas.model import Organisation
from concerns.pages.furniture import Brand
from concerns.pages.languages import ENGLISH, LANGUAGES
from concerns.store.house import House


def brand_of(house: House) -> Brand:
    """Name, colour and whether this is a rehearsal. Before set-up, a page says so by its name."""
    found: Brand | None = g.get("brand")
    if found is None:
        try:
            with house.stores.read_main() as main:
                organisation = main.get(Organisation, 1)
        except SQLAlchemyError:
            return Brand(
                name=Brand.service_name
            )  # a page that gives a reporter her text back must be drawn without the store
        found = (
            Brand(name="Not set up yet")
            if organisation is None
            else Brand(
                name=organisation.name,
                colour=organisation.colour,
                rehearsal=organisation.rehearsal,
                pilot=organisation.stage in {"pilot", "launching"},
                logo=hashlib.sha256(organisation.logo).hexdigest()[:16] if organisation.logo else "",
                languages_off=frozenset(language.code for language in LANGUAGES)
                - {ENGLISH.code, *organisation.languages},
            )
        )
        g.brand = found
    return found


def logo_of(house: House) -> bytes | None:
    """The organisation's picture, a PNG; None without one."""
    with house.stores.read_main() as main:
        organisation = main.get(Organisation, 1)
        return organisation.logo if organisation else None
