"""Set-up ends: a pilot or the real service begins with rules for the guardians to sign; and it can be taken up again."""

import dataclasses
import datetime as dt
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from concerns.areas import queries as areas_queries
from concerns.areas.questions import Questions
from concerns.areas.rules import total_staff
from concerns.areas.service import held
from concerns.audit.service import note
from concerns.charter import service as charter
from concerns.charter.model import CharterPage
from concerns.charter.wanted import with_wishes
from concerns.founding.service import policy_for
from concerns.learning.model import Answer
from concerns.people import guardianship, parts
from concerns.people.overview import known
from concerns.store.house import House
from concerns.themes.packs import load_pack
from concerns.themes.queries import current_set

WAYS = ("pilot", "real")


class NotNow(Exception):
    """This step of set-up cannot be done now; the text says why, in one sentence."""


def begin(house: House, stage: str, person_id: bytes) -> None:
    """End set-up: from now on the guardians can sign. Raises NotNow."""
    with house.stores.read_main() as main:
        _check_ready(main)
    note(house, person_id, "begun", about=stage)
    with house.stores.write_main() as main:
        organisation = held(main)
        _check_ready(main)
        organisation.stage, organisation.launched_on = stage, house.today()
        draft(main, house.today())


def draft(main: Session, today: dt.date) -> None:
    """Put up the first rules, and the manifest as soon as every guardian has keys."""
    organisation = areas_queries.organisation(main)
    main.flush()
    staff = total_staff(areas_queries.area_facts(main))
    usual = dataclasses.replace(
        policy_for(organisation.flags_per_year, staff),
        clocks=dict(load_pack(organisation.sector).clocks),
        questions=Questions.read(organisation.questions),
    )
    # a theme that the admin ended while setting up has no answer
    main.execute(delete(Answer).where(Answer.theme_code.not_in({theme.code for theme in current_set(main, today)})))
    charter.draft_policy(main, organisation.site_id, with_wishes(usual, organisation.rules_wanted))
    guardianship.put_up_manifest(main)


def set_back(house: House, person_id: bytes) -> None:
    """Take set-up up again, as long as not every guardian has signed. Raises NotNow."""
    with house.stores.read_main() as main:
        _check_unsigned(main, house.directory)
    note(house, person_id, "set-back")
    with house.stores.write_main() as main:
        organisation = held(main)
        charter.first_rows(main, lock=True)  # a guardian who signs at this moment waits, or was first
        _check_unsigned(main, house.directory)
        main.execute(delete(CharterPage))
        organisation.stage = "setting-up"


def _check_ready(main: Session) -> None:
    if areas_queries.organisation(main).stage != "setting-up":
        raise NotNow("Set-up has ended already")
    refuse_blocked(main)


def refuse_blocked(main: Session) -> None:
    """Raise NotNow while something is missing without which neither a pilot nor the service can begin."""
    blocking = parts.blocking(known(main))
    if blocking:
        raise NotNow(f"Something is missing still. {blocking[0]}")


def _check_unsigned(main: Session, directory: Path) -> None:
    organisation = areas_queries.organisation(main)
    if organisation.stage not in WAYS or organisation.rehearsal:
        raise NotNow("Set-up cannot be taken up again now")
    if charter.read_pin(directory) is not None or charter.all_signed(main):
        raise NotNow("Every guardian has signed: what you want to change has pages of its own")
