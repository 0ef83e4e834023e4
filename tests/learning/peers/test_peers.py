"""Priya looks for a while: reports, promises and how far the organisation looks outward; she asks, and Lena answers."""

import datetime as dt

import pytest
from alembic import command
from sqlalchemy import delete, event, select

from concerns.disclosure.ledger import Ledger
from concerns.disclosure.periods import Period
from concerns.learning.peers.model import PeerNote
from concerns.learning.peers.rules import Outside, panel
from concerns.learning.peers.service import write
from concerns.people.model import PeerTerm, Person
from concerns.store import schema
from concerns.store.base import new_id
from tests.cast import Instance
from tests.learning.promises.promising import promise
from tests.learning.releasing import freeze
from tests.people.visiting import Desk
from tests.reports.releases import by_theme, put

QUESTION = {"kind": ["question"], "text": "Who covers nights until then?"}
SEEN = Outside(2, 1, 1, actions=4, structural=2, owed=3, overdue=0, answers=4, not_adopted=2, reports=4)


@pytest.fixture
def priya(instance: Instance) -> Desk:
    desk = Desk(instance)
    desk.sign_in("priya")
    return desk


def test_a_question_on_a_promise_and_a_report_is_answered_and_all_see_both(priya: Desk, instance: Instance) -> None:
    freeze(instance)
    lena = priya.as_("lena")
    address = promise(lena)
    for about in (f"promise:{address.rpartition('/')[2]}", "report:2026-Q1"):
        page = priya.client.get(f"/peers/write?about={about}")
        for _ in range(2):  # a double tap
            priya.client.submit(page, QUESTION, button="Write it")
    page = priya.client.get("/peers/")
    assert page.links()["January to March 2026"].endswith("/peers/write?about=report:2026-Q1")
    text = page.text
    assert "Question: a promise: Unsafe care or quality" in text
    assert "Question: the report of January to March 2026" in text and text.count("Who covers nights") == 2
    assert "Who covers nights" in lena.client.get(address).text
    with instance.stores.read_main() as main:
        first, other = main.scalars(select(PeerNote.id)).all()
    page = lena.client.get(f"/peers/{first.hex()}/answer")
    for _ in range(2):
        lena.client.submit(page, {"text": "The bank nurses."}, button="Answer")
    found = lena.client.submit(page, {"text": "Nobody."}, button="Answer", status=409)
    assert "Nobody." in found.html and other
    for name in ("priya", "gita"):
        text = priya.as_(name).client.get("/peers/").text
        assert "Lena answered, 22 November 2026 The bank nurses." in text and "Nobody." not in text


def test_the_work_does_not_grow_with_the_notes(priya: Desk, instance: Instance) -> None:
    quarters = [Period(2025, quarter) for quarter in (1, 2, 3, 4)]
    with instance.stores.write_main() as main:
        put(main, Ledger(instance.directory), *(by_theme(one, N01=40) for one in quarters))
    lena = priya.as_("lena")
    promised = [promise(lena).rpartition("/")[2] for _ in range(4)]
    about = [f"promise:{one}" for one in promised] + [f"report:{one}" for one in quarters]
    statements: list[str] = []
    released = priya.app.extensions["concerns"].stores.released
    event.listen(released, "before_cursor_execute", lambda *args: statements.append(args[2]))

    def needed(*wanted: str) -> int:
        """How many statements the page takes after notes on these."""
        with instance.stores.write_main() as main:
            for one in wanted:
                said = {"about": one, "kind": "question", "text": "Who covers nights?"}
                write(main, new_id(), (new_id(), "Priya"), said, instance.clock().date())
        statements.clear()
        text = priya.client.get("/peers/").text
        assert all(said in text for said in ("Question: a promise: Unsafe care", "Question: the report of"))
        return len(statements)

    few = needed(about[0], about[-1])
    assert needed(*about[1:-1]) == few > 0


def test_what_is_not_there_cannot_be_written_about_and_nothing_typed_is_lost(priya: Desk) -> None:
    for about in ("report:2026-Q1", "report:x", "promise:00", "flag:00", "x"):
        priya.client.get(f"/peers/write?about={about}", status=404)
    page = priya.client.get("/peers/write")
    found = priya.client.submit(page, {"text": "Who covers nights?"}, button="Write it", status=422)
    assert found.errors == ["Choose what it is"] and "Who covers nights?" in found.html


def test_after_her_last_day_everything_is_refused_until_it_is_moved(priya: Desk, instance: Instance) -> None:
    ada = priya.as_("ada")
    links = ada.client.get("/set-up").links()
    move = links["change Priya’s last day"].removeprefix("/desk")
    ada.client.submit(ada.client.get(move), {"until": "2026-11-20"}, button="Save", status=422)
    ada.client.submit(ada.client.get(move), {"until": "2026-11-22"}, button="Save")
    assert "May look until 22 November 2026" in ada.client.get("/set-up").text
    assert "You may look until 22 November 2026." in priya.client.get("/peers/").text
    instance.clock.pass_(days=1)
    priya.sign_in("priya")
    for path in ("/peers/", "/promises/", "/report/", "/peers/write"):
        assert "until the day that was agreed" in priya.client.get(path, status=403).text
    ada.sign_in("ada")
    ada.client.submit(ada.client.get(move), {"until": "2027-01-31"}, button="Save")
    priya.client.get("/promises/")


def test_a_peer_without_a_last_day_sees_nothing(priya: Desk, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        main.execute(delete(PeerTerm))
    priya.client.get("/promises/", status=403)


def test_ada_invites_a_peer_for_three_months(instance: Instance) -> None:
    ada = Desk(instance)
    ada.sign_in("ada")
    page = ada.client.get("/set-up/peer")
    assert 'value="2027-02-22"' in page.html
    filled = {"name": "Pia", "email": "pia@example.org"}
    ada.client.submit(page, {**filled, "until": "2028-11-22"}, button="Make the account", status=422)
    ada.client.submit(page, {**filled, "email": "priya@example.org"}, button="Make the account", status=422)
    ada.client.submit(page, filled, button="Make the account")
    assert "May look until 22 February 2027" in ada.client.get("/set-up").text
    with instance.stores.read_main() as main:
        pia = main.scalars(select(Person).where(Person.name == "Pia")).one()
        assert pia.roles == ["peer"] and main.get_one(PeerTerm, pia.id).last == dt.date(2027, 2, 22)
    ada.client.get(f"/set-up/peer/{instance.guardian().person_id.hex()}", status=404)


def test_the_panel_counts_facts_and_says_what_looks_inward() -> None:
    assert [fact.name for fact in panel(SEEN) if fact.inward] == []
    alone = Outside(2, 0, 0, actions=1, structural=1, owed=1, overdue=1, answers=1, not_adopted=1, reports=0)
    assert all(fact.inward for fact in panel(alone))
    assert [fact.value for fact in panel(SEEN)] == ["1 of 2", "1", "2 of 4", "0 of 3", "2 of 4", "4"]


def test_the_panel_is_made_of_what_is_there(priya: Desk, instance: Instance) -> None:
    freeze(instance)
    promise(priya.as_("lena"), type=["structural"])
    text = priya.client.get("/peers/").text
    for said in (
        "Guardians from outside 0 of 2",
        "Peers in the last 12 months 1",
        "change structures 1 of 1",
        "12 months 1",
    ):
        assert said in text


def test_peers_of_before_get_the_usual_time(instance: Instance) -> None:
    engine = schema.engines(instance.stores)["main"]
    settings = schema.alembic_config("main", engine)
    command.downgrade(settings, "0005")
    command.upgrade(settings, "head")
    with instance.stores.read_main() as main:
        priya = main.scalars(select(Person).where(Person.name == "Priya")).one()
        (term,) = main.scalars(select(PeerTerm)).all()
        assert term.person_id == priya.id and term.last - term.first == dt.timedelta(days=92)
