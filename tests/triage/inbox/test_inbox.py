"""The inbox: what a row says, its pages, its queries, and when arrivals become visible."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from concerns.people.access import Visitor
from concerns.sealing import collecting
from concerns.sealing.collecting import StoreBusy
from concerns.sealing.envelope import Header, Kind, seal
from concerns.sealing.keys import new_seed
from concerns.sealing.model import Envelope, Wrap
from concerns.sealing.threads import deliver
from concerns.store.base import new_id
from concerns.triage import reading
from concerns.triage.inbox.paging import PAGE, unproven
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, words
from tests.triage.telling import Told, collect_now, tell


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    """The statements that the desk sends while the block runs."""
    statements: list[str] = []
    stores = desk.app.extensions["concerns"].stores

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    for engine in (stores.main, stores.live):
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in (stores.main, stores.live):
        event.remove(engine, "before_cursor_execute", note)


def rows(page: Page) -> list[str]:
    return [words(item) for item in page.with_class("desk-flag")]


def test_a_row_says_what_a_guardian_needs_to_choose(gita: Desk, instance: Instance) -> None:
    tell(instance, danger="yes", worry="fairly")
    page = gita.client.get("/inbox")
    assert "Week of 16 November 2026" in page.text
    (row,) = rows(page)
    for said in (
        "Danger",
        "Two of us cover",
        "Ward 1",
        "Fairly worried",
        "Received",
    ):
        assert said in row
    assert "Acknowledge by 30 November" in row


def test_a_sorted_flag_leaves_new_and_stays_in_all(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    gita.client.submit(
        gita.client.get(told.path), {"primary": "N01", "status": "assessing", "reply": "Thank you."}, button="Save"
    )
    for _collected in range(2):
        assert not rows(gita.client.get("/inbox"))
        (row,) = rows(gita.client.get("/inbox?show=all"))
        assert "Assessing" in row
        assert "1 message" in row
        assert "Write again by" in row
        collect_now(instance)


def test_a_reporter_who_wrote_last_waits(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    gita.client.submit(gita.client.get(told.path), {"reply": "Which night?"}, button="Save")
    assert "Waits for you" not in rows(gita.client.get("/inbox?show=all"))[0]
    told.detail("Tuesday.")
    collect_now(instance)
    assert "Waits for you" in rows(gita.client.get("/inbox?show=all"))[0]


def test_an_acknowledgement_that_is_late_is_marked(gita: Desk, instance: Instance) -> None:
    tell(instance)
    instance.clock.pass_(days=9)
    gita.sign_in("gita")
    assert "Overdue" in rows(gita.client.get("/inbox"))[0]


def test_the_newest_week_comes_first_and_danger_first_within_it(gita: Desk, instance: Instance) -> None:
    tell(instance, "An old one")
    instance.clock.pass_(days=7)
    tell(instance, "A new one")
    tell(instance, "A dangerous one", danger="yes")
    gita.sign_in("gita")
    found = rows(gita.client.get("/inbox"))
    assert ["dangerous" in found[0], "A new one" in found[1], "An old one" in found[2]] == [True] * 3


def test_a_page_takes_as_many_queries_for_twenty_flags_as_for_one(gita: Desk, instance: Instance) -> None:
    tell(instance)
    gita.client.get("/inbox")
    with counted(gita) as with_one:
        assert len(rows(gita.client.get("/inbox"))) == 1
    for _flag in range(PAGE - 1):
        tell(instance, collected=False)
    collect_now(instance)
    with counted(gita) as with_twenty:
        assert len(rows(gita.client.get("/inbox"))) == PAGE
    assert with_one
    assert len(with_one) == len(with_twenty)


def test_older_flags_stand_on_the_next_page(gita: Desk, instance: Instance) -> None:
    for number in range(PAGE + 1):
        tell(instance, f"Number {number}", collected=False)
    collect_now(instance)
    first = gita.client.get("/inbox")
    second = gita.client.get(first.links()["Older"].removeprefix("/desk"))
    assert len(rows(first)) == PAGE
    assert len(rows(second)) == 1
    assert rows(gita.client.get(second.links()["Newest"].removeprefix("/desk"))) == rows(first)
    assert len(set(rows(first) + rows(second))) == PAGE + 1


def test_no_count_of_flags_is_shown(gita: Desk, instance: Instance) -> None:
    """A count would tell an excluded guardian that there is something she cannot see."""
    tell(instance)
    assert set(gita.client.get("/inbox").links()) >= {"New", "All"}


def test_arrivals_wait_for_the_hour_and_are_collected_once_a_day(gita: Desk, instance: Instance) -> None:
    instance.clock.pass_(days=1, hours=-9)
    assert instance.clock().hour == 1
    gita.sign_in("gita")
    tell(instance, collected=False)
    assert not rows(gita.client.get("/inbox"))
    instance.clock.pass_(hours=3)
    gita.sign_in("gita")
    assert len(rows(gita.client.get("/inbox"))) == 1
    tell(instance, "A second one", collected=False)
    assert len(rows(gita.client.get("/inbox"))) == 1
    instance.clock.pass_(days=1)
    gita.sign_in("gita")
    assert len(rows(gita.client.get("/inbox"))) == 2


def test_a_busy_store_is_tried_again_at_the_next_request(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: object) -> None:
        raise StoreBusy

    told = tell(instance, collected=False)
    with monkeypatch.context() as patch:
        patch.setattr(collecting, "collect", busy)
        assert not rows(gita.client.get("/inbox"))
        gita.client.submit(gita.client.get("/inbox"), button="Collect now")
        assert "Wait a moment" in gita.client.get("/inbox").text
    assert len(rows(gita.client.get("/inbox"))) == 1
    gita.client.get(told.path)


def test_a_rehearsal_need_not_wait(gita: Desk, instance: Instance) -> None:
    gita.client.get("/inbox")
    tell(instance, collected=False)
    page = gita.client.get("/inbox")
    assert not rows(page)
    gita.client.submit(page, button="Collect now")
    page = gita.client.get("/inbox")
    assert "What has arrived so far is in the inbox now" in page.text
    assert len(rows(page)) == 1


def test_a_flag_whose_shred_key_is_gone_is_listed_nowhere(gita: Desk, instance: Instance) -> None:
    from sqlalchemy import delete

    from concerns.sealing.model import ShredKey

    told = tell(instance)
    with instance.stores.write_live() as live:
        live.execute(delete(ShredKey).where(ShredKey.thread_id == told.thread_id))
    assert not rows(gita.client.get("/inbox"))
    assert not rows(gita.client.get("/inbox?show=all"))
    gita.client.get(told.path, 404)


def test_a_manifest_that_somebody_changed_shuts_the_desk_and_says_so(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    (instance.directory / "manifest.pin").write_text("0" * 64)
    for path in ("/inbox", told.path):
        assert gita.client.get(path, 302).location == "/desk/keys"
    assert "The guardians’ charter is refused: the manifest is not the pinned one." in gita.client.get("/keys").text


@pytest.mark.parametrize(
    "after",
    [
        "",
        "x",
        "2026-11-16",
        f"2026-11-16.{'g' * 32}",
        f"2026-02-30.{'0' * 32}",
        f"0000-00-00.{'0' * 32}",
        f"2026-11-16.{'0' * 32}x",
        f"9999-12-31.{'f' * 32}",
        "9" * 5000,
    ],
)
def test_an_odd_address_is_harmless(gita: Desk, instance: Instance, after: str) -> None:
    tell(instance)
    assert len(rows(gita.client.get(f"/inbox?after={after}"))) == 1
    assert len(rows(gita.client.get(f"/inbox?show=all&after={after}"))) == 1


def test_a_place_in_the_past_of_the_service_shows_an_empty_page(gita: Desk, instance: Instance) -> None:
    tell(instance)
    page = gita.client.get(f"/inbox?after=0001-01-01.{'0' * 32}")
    assert "There is nothing on this page" in page.text
    assert "Newest" in page.links()


def put_in(instance: Instance, told: Told, sign_seed: bytes | None) -> None:
    """A triage record from somebody with the database: the guardians' public keys are there."""
    header = Header(Kind.TRIAGE, instance.site_id, told.thread_id, new_id())
    payload = {"primary": "N01", "status": "concluded", "day": "2026-11-22", "turn": 0, "n": 0, "prev": None}
    assert deliver(instance.stores, [seal(header, payload, instance.charter.manifest.kem_publics, sign_seed)])


@pytest.mark.parametrize("signed", [False, True])
def test_a_record_that_no_guardian_signed_does_not_hide_a_flag(gita: Desk, instance: Instance, signed: bool) -> None:
    told = tell(instance)
    put_in(instance, told, new_seed() if signed else None)
    for _collected in range(2):
        (row,) = rows(gita.client.get("/inbox"))
        assert "Record not signed by a guardian" in row
        assert "Received" in row
        collect_now(instance)
    assert "that no guardian signed" in gita.client.get(told.path).text
    gita.client.submit(gita.client.get(told.path), {"primary": "N01", "status": "acknowledged"}, button="Save")
    assert not rows(gita.client.get("/inbox"))
    assert "Record not signed" not in gita.client.get("/inbox?show=all").text


def test_garbage_in_place_of_a_record_does_not_hide_a_flag(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    with instance.stores.write_main() as main:
        main.add(
            Envelope(
                id=new_id(),
                thread_id=told.thread_id,
                kind=int(Kind.TRIAGE),
                week=instance.clock().date(),
                commit=bytes(32),
                body=b"x",
            )
        )
    assert len(rows(gita.client.get("/inbox"))) == 1


def test_a_doubtful_thread_that_is_not_for_her_takes_no_place_on_her_page(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    put_in(instance, told, None)
    kid = instance.guardian("gita").key.kid
    with instance.stores.write_main() as main:
        flag = main.query(Envelope).filter_by(thread_id=told.thread_id, kind=int(Kind.FLAG)).one()
        main.query(Wrap).filter_by(envelope_id=flag.id, kid=kid).one().w = bytes(1168)
    charter = instance.charter
    guardian = instance.guardian("gita")
    visitor = Visitor(guardian.person_id, "Gita", "gita@example.org", frozenset({"guardian"}), guardian.secret)
    assert unproven(instance.house, reading.Desk(instance.site_id, charter), visitor) == frozenset()


def test_doubtful_records_cost_the_page_no_further_query(gita: Desk, instance: Instance) -> None:
    put_in(instance, tell(instance), None)
    gita.client.get("/inbox")
    with counted(gita) as with_one:
        assert len(rows(gita.client.get("/inbox"))) == 1
    for _flag in range(5):
        put_in(instance, tell(instance), None)
    tell(instance)
    with counted(gita) as with_seven:
        assert len(rows(gita.client.get("/inbox"))) == 7
    assert len(with_one) == len(with_seven)
