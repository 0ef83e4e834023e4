"""What an admin and a guardian do with the themes: each deed is entered in the log before it is done, if it can be."""

from collections.abc import Callable
from dataclasses import dataclass

from concerns.areas.model import Organisation
from concerns.areas.service import held
from concerns.areas.service import settle as settle_part
from concerns.audit.service import note
from concerns.charter import service as charter
from concerns.people.access import Visitor
from concerns.people.changes import own_key
from concerns.store.house import House
from concerns.themes import wordings
from concerns.themes.editing import plan as steps
from concerns.themes.editing import service as editing
from concerns.themes.editing.plan import Plan
from concerns.themes.editing.rules import clean_definition, clean_keywords
from concerns.themes.editing.service import Planned, PlanRefused
from concerns.themes.engine import Suggestion, cold_engine
from concerns.themes.queries import current_set
from concerns.themes.wordings import Earlier, Rewording, Words

#: earlier words on one page
EARLIER = 10

#: what a step makes of the plan, and the code of the theme that it is about
Step = Callable[[Planned], tuple[Plan, str]]


@dataclass(frozen=True)
class Tried:
    """Which theme a sentence gets now and after the change; None where no word of it speaks for any."""

    now: Suggestion | None
    later: Suggestion | None


def planned(house: House) -> Planned:
    with house.stores.read_main() as main:
        return editing.planned(main, house.today())


def waits(house: House) -> bool:
    """Whether a change of the themes waits for a guardian."""
    with house.stores.read_main() as main:
        return editing.waits(main, house.today())


def tried(found: Planned, sentence: str) -> Tried:
    """What the admin's own words alone make of a sentence. Nothing of it is kept."""
    best = [cold_engine(tuple(themes)).suggest(sentence, 1) for themes in (found.now, found.later)]
    now, later = (one[0] if one and one[0].because else None for one in best)
    return Tried(now, later)


def edit(house: House, visitor: Visitor, step: Step) -> str:
    """Change the plan; returns the code of the theme. Raises EditRefused."""
    _plan, code = step(planned(house))
    note(house, visitor.person_id, "planned", about=code)
    with house.stores.write_main() as main:
        found = editing.planned(main, house.today())
        plan, code = step(found)
        editing.keep_draft(main, found.version, plan, visitor.person_id)
    return code


def reword(house: House, visitor: Visitor, code: str, definition: str, keywords: str) -> bool:
    """Describe a theme anew; returns whether that works at once. Raises EditRefused."""
    found = planned(house)
    if code not in {theme.code for theme in found.now}:
        edit(house, visitor, lambda now: (steps.reword(now.plan, code, definition, keywords), code))
        return False
    _describe(house, visitor, found, code, Words(clean_definition(definition), clean_keywords(keywords)))
    return True


def earlier_words(house: House, code: str, under: int | None) -> list[Earlier]:
    """How a theme was described before, the newest first: a page of them, and one more where there are more."""
    with house.stores.read_main() as main:
        return wordings.earlier(main, code, EARLIER + 1, under)


def put_back(house: House, visitor: Visitor, code: str, n: int) -> bool:
    """Describe a theme in force as it was described before, at once; False where it was never described so."""
    found = planned(house)
    with house.stores.read_main() as main:
        before = wordings.earlier_one(main, code, n)
    if before is None or code not in {theme.code for theme in found.now}:
        return False
    _describe(house, visitor, found, code, before.words)
    return True


def newest_rewording(house: House) -> Rewording | None:
    """The newest change of the words of themes in force; None where there was none."""
    with house.stores.read_main() as main:
        return wordings.newest_rewording(main, current_set(main, house.today()))


def _describe(house: House, visitor: Visitor, found: Planned, code: str, words: Words) -> None:
    theme = next(one for one in found.now if one.code == code)
    if words == Words(theme.definition, theme.keywords):
        return
    note(house, visitor.person_id, "reworded", about=code)
    with house.stores.write_main() as main:
        wordings.reword_theme(main, code, words, found.version, house.today(), visitor.person_id)


def setting_up(house: House) -> bool:
    """Whether set-up lasts: nobody can have told anything, so that themes change at once and without a guardian.

    False before anybody founded the organisation: a page then says that there is none.
    """
    with house.stores.read_main() as main:
        organisation = main.get(Organisation, 1)
        return organisation is not None and organisation.stage == "setting-up"


def settle(house: House, visitor: Visitor) -> None:
    """Set-up's themes are as they are drafted from now on; without a draft, as they are. Raises PlanRefused."""
    found = planned(house)
    if not setting_up(house):
        raise PlanRefused("Set-up has ended: put the draft up for a guardian")
    if found.draft is not None:
        found.check_put_up()
    note(house, visitor.person_id, "settled", about="themes")
    with house.stores.write_main() as main:
        if held(main).stage != "setting-up":
            raise PlanRefused("Set-up has ended: put the draft up for a guardian")
        if editing.planned(main, house.today()).draft is not None:
            editing.settle(main, house.today())
        settle_part(main, "themes")


def put_up(house: House, visitor: Visitor) -> None:
    """Raises PlanRefused."""
    planned(house).check_put_up()
    note(house, visitor.person_id, "put-up")
    with house.stores.write_main() as main:
        editing.put_up(main, house.today(), visitor.person_id)


def drop(house: House, visitor: Visitor) -> None:
    """Throw the draft away."""
    note(house, visitor.person_id, "dropped")
    with house.stores.write_main() as main:
        editing.drop_draft(main)


def undo(house: House, visitor: Visitor) -> None:
    """Take back what a guardian agreed to. Raises PlanRefused."""
    planned(house).check_undo()
    note(house, visitor.person_id, "undid")
    with house.stores.write_main() as main:
        editing.undo(main, house.today(), visitor.person_id)


def agree(house: House, visitor: Visitor, document: str) -> None:
    """A guardian agrees to the change that she read. Raises PlanRefused, ChangeRefused, NotOpenYet or CharterRefused."""
    _check_read(house, visitor, document)
    note(house, visitor.person_id, "themed")
    with house.stores.write_main() as main:
        editing.agree(main, house.today(), document, visitor.person_id)


def send_back(house: House, visitor: Visitor, document: str, answer: str) -> None:
    """A guardian sends it back with a fixed sentence. Raises PlanRefused, NotOpenYet or CharterRefused."""
    _check_read(house, visitor, document)
    note(house, visitor.person_id, "sent-back")
    with house.stores.write_main() as main:
        editing.send_back(main, house.today(), document, answer, visitor.person_id)


def _check_read(house: House, visitor: Visitor, document: str) -> None:
    with house.stores.read_main() as main:
        own_key(charter.current(main, house.directory).manifest, visitor)
        editing.planned(main, house.today()).check_read(document, visitor.person_id)
