"""A stand-in from outside sees only what the others must not read, cannot read now, or ask of her; her key opens all."""

import datetime as dt
import re
from pathlib import Path

import pytest

from concerns import triage
from concerns.charter.service import CharterRefused, current
from concerns.people import changes
from concerns.people.duties.absences import set_leave
from concerns.people.model import Person
from concerns.sealing.keys import kem_public, new_seed
from concerns.sealing.signing import sign_public
from concerns.triage.index.service import cards
from concerns.triage.reading import open_desk
from tests.cast import Instance
from tests.joining import at_desk, change, join, visitor
from tests.people.visiting import Desk
from tests.triage.leave.sorting import sort_as
from tests.triage.readers.test_newcomers import opened
from tests.triage.telling import Told, collect_now, tell
from tests.triage.test_excluding import bare


@pytest.fixture
def otto(instance: Instance) -> Desk:
    """Otto of the neighbour's stands in for Gita and Gwen; they read on this reading day."""
    join(instance, "otto", stand_in=True)
    return at_desk(instance, "otto")


def listed(desk: Desk) -> set[str]:
    html = desk.client.get("/inbox?show=all").html
    return set(re.findall(r"/flags/([0-9a-f]{32})", html))


def ids(*told: Told) -> set[str]:
    return {one.thread_id.hex() for one in told}


def away(instance: Instance, *names: str) -> None:
    for name in names:
        set_leave(instance.house, instance.secrets[name][0], instance.clock().date(), dt.date(2027, 1, 1))


def test_her_desk_is_empty_while_the_others_read_and_a_flag_s_address_is_that_of_no_flag(
    otto: Desk, instance: Instance
) -> None:
    told = tell(instance, collected=False)
    photo = told.photo()
    collect_now(instance)
    assert opened(instance, "otto", told), "a rule of the program: her key opens it"
    assert listed(otto) == set()
    assert "You stand in for the other guardians." in otto.client.get("/inbox").text
    tails = ("", f"/photo/{photo.header.envelope_id.hex()}", "/events", "/like", "/conflict", "/gate", "/refer")
    for tail in tails:
        hidden, missing = (
            bare(otto.client.get(f"/flags/{one}{tail}", 404)) for one in (told.thread_id.hex(), "0" * 32)
        )
        assert hidden == missing, tail
    searched = otto.client.submit(otto.client.get("/inbox"), {"words": "beds"}, button="Search", status=200)
    assert "Nothing found." in searched.text and told.thread_id.hex() not in searched.html


def test_she_sees_what_excludes_the_others_and_what_is_late_and_what_the_absent_had(
    otto: Desk, instance: Instance
) -> None:
    both = tell(instance, "Both of them knew", exclude=["gita", "gwen"])
    of_gita, new = tell(instance, "Gita has it"), tell(instance, "Nobody has it")
    sort_as(instance, "gita", of_gita)
    sort_as(instance, "gwen", of_gita)
    away_first = listed(otto)
    assert away_first == ids(both)
    away(instance, "gwen")
    assert listed(otto) == ids(both, of_gita)
    away(instance, "gita")
    assert listed(otto) == ids(both, of_gita, new)
    assert "Nobody has it" in otto.client.get(new.path).text


def test_what_runs_late_comes_to_her_and_what_she_takes_over_stays_hers(otto: Desk, instance: Instance) -> None:
    told = tell(instance)
    instance.clock.pass_(days=9)
    otto = at_desk(instance, "otto")
    assert listed(otto) == ids(told)
    otto.client.submit(otto.client.get(told.path), {"primary": "N01", "status": "acknowledged"}, button="Save")
    assert listed(otto) == ids(told)
    assert "N01" in str(cards(instance.house, open_desk(instance.house), visitor(instance, "gita")).cards)


def test_s7_what_she_does_with_a_flag_that_excludes_another_guardian_changes_nothing_for_that_one(
    otto: Desk, instance: Instance
) -> None:
    gwen = at_desk(instance, "gwen")

    def pages() -> list[str]:
        return [bare(gwen.client.get(path)) for path in ("/inbox", "/inbox?show=all", "/keys", "/waiting")]

    alone = pages()
    told = tell(instance, exclude=["gita", "gwen"])
    otto.client.submit(otto.client.get(told.path), {"primary": "N01", "note": "I act on it."}, button="Save")
    assert pages() == alone


def test_the_log_names_her_no_flag_that_her_desk_does_not_show(otto: Desk, instance: Instance) -> None:
    told = tell(instance, "My manager hits them at night.")
    gita, gwen = at_desk(instance, "gita"), at_desk(instance, "gwen")
    gita.client.get(told.path)
    otto.client.submit(otto.client.get("/audit/everybody"), {"reason": "A routine look."}, button="Ask")
    gwen.client.submit(gwen.client.get("/audit/everybody"), button="Agree to what Otto asks")
    assert "My manager hits them" in gwen.client.get("/audit/everybody").text, "whoever is no stand-in reads it there"
    page = otto.client.get("/audit/everybody")
    assert "Asked to read" in page.text
    assert "My manager" not in page.html and told.thread_id.hex() not in page.html and "Opened a flag" not in page.text


def test_no_page_goes_round_the_rule() -> None:
    """`index.seeing` is the one way to an opened flag. The others filter what they open, or show no flag: they check, or count."""
    root = Path(triage.__file__).parent
    found = {str(path.relative_to(root)) for path in root.rglob("*.py") if "read_flags" in path.read_text()}
    quiet = {"index/refreshing.py", "releasing/consent.py", "returning/counting.py"}
    assert found <= {"reading.py", "index/seeing.py", *quiet}


class TestTheManifest:
    def test_it_names_her_and_the_database_does_not(self, otto: Desk, instance: Instance) -> None:
        tell(instance)
        with instance.stores.write_main() as main:
            main.get_one(Person, instance.secrets["otto"][0]).stand_in = False
            main.get_one(Person, instance.secrets["gita"][0]).stand_in = True
        assert [one.name for one in instance.charter.manifest.first_readers] == ["Gita", "Gwen"]
        assert listed(otto) == set() and len(listed(at_desk(instance, "gita"))) == 1
        assert "Otto, stand-in" in at_desk(instance, "gita").client.get("/keys").text

    def test_new_keys_of_hers_leave_her_what_she_is(self, otto: Desk, instance: Instance) -> None:
        person_id = instance.secrets["otto"][0]
        with instance.stores.write_main() as main:
            person = main.get_one(Person, person_id)
            person.stand_in = False
            person.kem_public, person.sign_public = kem_public(new_seed()), sign_public(new_seed())
        change(instance, changes.ADD, person_id)
        key = instance.charter.manifest.by_person(person_id)
        assert key is not None and key.stand_in and instance.charter.manifest.version == 3

    def test_one_guardian_who_is_no_stand_in_stays(self, otto: Desk, instance: Instance) -> None:
        gita = instance.secrets["gita"][0]
        join(instance, "gus", stand_in=True)
        changes.propose(instance.house, visitor(instance, "gita"), changes.REMOVE, instance.secrets["gwen"][0])
        with instance.stores.read_main() as main:
            step = changes.changes(main, instance.house, gita).step
        assert step is not None
        changes.agree(instance.house, visitor(instance, "otto"), step.hash)
        with pytest.raises(CharterRefused, match="no stand-in"):
            changes.propose(instance.house, visitor(instance, "otto"), changes.REMOVE, gita)
        with instance.stores.read_main() as main:
            found = changes.changes(main, instance.house, gita)
            assert gita not in [one.person_id for one in found.removable] and len(found.removable) == 2
            assert current(main, instance.directory).manifest.version == 4
