"""D1 by the database itself: what leaders’ pages are given opens no table that may tell of a flag, on either database."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import delete, event, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from concerns.audit.model import AuditRow
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import Release
from concerns.founding.verifying import Finding, verify
from concerns.learning import queries as learning
from concerns.learning.peers.model import PeerNote
from concerns.people.model import Person
from concerns.reports import queries
from concerns.reports.queries import Shelf
from concerns.sealing.model import Envelope, Thread, ThreadMark, Wrap
from concerns.store.rights import RELEASED, WRITTEN, grants, rights
from concerns.store.schema import METADATA
from tests.architecture.test_access import PARTS
from tests.cast import Instance
from tests.cluster import Databases
from tests.conftest import instance_on
from tests.learning.promises.promising import promise_answer
from tests.people.visiting import Desk
from tests.reports.releases import Q1, by_theme, put

LEADERS_SQL = Path(__file__).parents[2] / "docs" / "deploy" / "leaders.sql"


@contextmanager
def leaders_login(postgres: Databases) -> Iterator[str]:
    """A login of PostgreSQL with the rights that the documentation gives it, and nothing else; yields its address."""
    role = f"concerns_leaders_{os.getpid()}"
    with psycopg.connect(postgres.main, autocommit=True) as admin:
        try:
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'bees'").format(sql.Identifier(role)))
        except psycopg.errors.InsufficientPrivilege:
            pytest.skip("NO RIGHT TO CREATE ROLES: that leaders’ login is kept to its tables was not tested.")
        try:
            admin.execute(grants(role).encode())
            url = make_url(postgres.main).set(username=role, password="bees")
            yield url.render_as_string(hide_password=False)
        finally:
            admin.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.fixture(params=["sqlite", "postgres"])
def instance(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
) -> Iterator[Instance]:
    """In place of the usual one: on PostgreSQL leaders' pages have a login of their own."""
    if request.param == "sqlite" or postgres is None:
        with instance_on(request.param, tmp_path, founded, postgres) as opened:
            yield opened
        return
    with (
        leaders_login(postgres) as url,
        instance_on(request.param, tmp_path, founded, postgres, {"RELEASED_URL": url}) as opened,
    ):
        yield opened


def denied() -> set[str]:
    return set(METADATA["main"].tables) - RELEASED


def refused(released: Session, statement: Any) -> bool:
    try:
        released.execute(text(statement) if isinstance(statement, str) else statement).all()
    except DBAPIError as error:
        released.rollback()
        said = str(error.orig)
        return any(word in said for word in ("not authorized", "prohibited", "permission denied", "read-only"))
    return False


def test_d1_leaders_sessions_read_the_released_tables_and_no_other(instance: Instance) -> None:
    with instance.stores.read_released() as released:
        for table in sorted(RELEASED):
            assert released.scalar(text(f"SELECT count(*) FROM {table}")) is not None
        assert {"thread", "envelope", "wrap", "thread_mark", "person", "recovery", "audit_row"} <= denied()
        assert [table for table in sorted(denied()) if not refused(released, f"SELECT count(*) FROM {table}")] == []


WRITES = (
    "DELETE FROM release",
    "UPDATE ledger_mark SET lines = 0",
    "INSERT INTO answer VALUES ('x', 'x', 'x', '2026-01-01')",
    "DROP TABLE release",
)
ROUNDABOUT = (
    "SELECT r.kind FROM release r WHERE EXISTS (SELECT 1 FROM thread)",
    "WITH flags AS (SELECT id FROM thread) SELECT count(*) FROM flags",
    "SELECT kind FROM release UNION ALL SELECT email FROM person",
    "SELECT count(*) FROM release, wrap",
    "SELECT (SELECT count(*) FROM envelope) FROM organisation",
)
OWN_ROADS = {
    "sqlite": (
        "SELECT sql FROM sqlite_master",
        "PRAGMA writable_schema=ON",
        "PRAGMA query_only=OFF",
        "ATTACH DATABASE ':memory:' AS other",
        "CREATE TEMP VIEW v AS SELECT * FROM thread",
    ),
    "postgresql": (
        "SET ROLE postgres",
        "COPY thread TO STDOUT",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT passwd FROM pg_shadow",
        "CREATE TABLE thread_too AS SELECT * FROM thread",
    ),
}


def test_d1_no_roundabout_question_and_no_change_is_let_through(instance: Instance) -> None:
    with instance.stores.read_released() as released:
        own = OWN_ROADS[released.get_bind().dialect.name]
        assert [one for one in (*WRITES, *ROUNDABOUT, *own) if not refused(released, one)] == []
        # the same session goes on as before
        assert released.scalar(select(Release.kind)) is None


def test_d1_leaders_write_their_own_tables_and_no_other(instance: Instance) -> None:
    tables = METADATA["main"].tables
    with instance.stores.write_released() as released:
        for table in sorted(tables):
            key = next(iter(tables[table].primary_key)).name
            # a change of no row needs the right as well
            assert refused(released, f"UPDATE {table} SET {key} = {key} WHERE 1 = 0 RETURNING 1") is (
                table not in WRITTEN
            )
            assert refused(released, f"DELETE FROM {table} RETURNING 1")
    if instance.stores.main.dialect.name == "postgresql":
        with instance.stores.read_released() as released:
            assert refused(released, "UPDATE annotation SET period = period RETURNING 1")


def with_a_release(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        put(main, Ledger(instance.directory), by_theme(N01=90))


def test_d1_the_answers_of_the_report_door_work_over_it(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    usual = learning.public

    def prying(main: Session, *rest: Any) -> learning.Public:
        seen.append(refused(main, select(Thread)))
        return usual(main, *rest)

    monkeypatch.setattr(learning, "public", prying)
    assert instance.report_app.test_client().get("/answers").status_code == 200
    assert seen == [True]


@pytest.mark.parametrize(("who", "role"), [("lena", "leader"), ("priya", "peer")])
def test_d1_every_page_of_theirs_works_over_it_and_touches_nothing_else(
    instance: Instance, who: str, role: str
) -> None:
    desk = Desk(instance)
    desk.sign_in(who)
    there = with_something_to_read(instance, desk)
    asked: list[str] = []
    main = desk.app.extensions["concerns"].stores.main
    event.listen(main, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: asked.append(statement))
    paths = list(pages_for(desk.app, role, there))
    assert {"/report/", f"/report/{Q1}", f"/report/{Q1}/board/1.pdf", f"/promises/{there['<promise>']}"} <= set(paths)
    for path in paths:
        answer = desk.client.client.get(path)
        assert answer.status_code in {200, 302} and "sign-in" not in answer.headers.get("Location", ""), path
    # who asks and until when, and the organisation's name and colour: nothing else came by the other road
    tables = {table for table in METADATA["main"].tables for one in asked if re.search(rf"(FROM|JOIN) {table}\b", one)}
    assert {"person"} <= tables <= {"person", "peer_term", "organisation"}


def with_something_to_read(instance: Instance, desk: Desk) -> dict[str, str]:
    """A release with its paper, a promise and a peer's question: what stands for them in an address."""
    with_a_release(instance)
    lena, priya = desk.as_("lena"), desk.as_("priya")
    address = promise_answer(lena)
    question = {"kind": ["question"], "text": "Who covers nights?"}
    priya.client.submit(priya.client.get("/peers/write"), question, button="Write it")
    paper = {"message": "More people tell us.", "decision": "Fund two posts a ward."}
    lena.client.submit(lena.client.get(f"/report/{Q1}/board/write"), paper)
    lena.client.submit(lena.client.get(f"/report/{Q1}/board/draft"), button="Freeze this paper")
    lena.client.submit(lena.client.get(f"/report/{Q1}/board/write"), paper)
    with instance.stores.read_main() as main:
        note = main.scalars(select(PeerNote.id)).one()
    return {"<period>": str(Q1), "<promise>": address.rpartition("/")[2], "<note>": note.hex()}


def pages_for(app: Flask, role: str, there: Mapping[str, str]) -> Iterator[str]:
    """Every page of reports and of what is learnt that this role may open."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        theirs = view.__module__.startswith(("concerns.reports", "concerns.learning"))
        if theirs and "GET" in (rule.methods or ()) and role in getattr(view, "needed_roles", ()):
            path = rule.rule
            for part, value in {**PARTS, **there}.items():
                path = path.replace(part, value)
            yield path


def test_d1_a_prying_query_in_a_leaders_view_is_refused(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_release(instance)
    lena = Desk(instance)
    lena.sign_in("lena")
    usual = queries.shelf
    outcomes: list[bool] = []

    def prying(main: Session) -> Shelf:
        outcomes.extend(refused(main, select(row)) for row in (Thread, Envelope, Wrap, ThreadMark, Person, AuditRow))
        outcomes.append(refused(main, delete(Release).returning(Release.kind)))
        return usual(main)

    monkeypatch.setattr(queries, "shelf", prying)
    assert lena.client.get("/report/").h1 == "What staff raised: January to March 2026"
    assert outcomes == [True] * 7


def leaders(instance: Instance) -> list[Finding]:
    return [finding for finding in verify(instance.house, []) if finding.name == "leaders"]


def test_d1_verify_says_that_leaders_are_kept_apart(instance: Instance) -> None:
    (finding,) = leaders(instance)
    assert finding.good is True and f"{len(RELEASED)} tables" in finding.words


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("GRANT SELECT ON thread TO {}", "could reach thread: "),
        ("GRANT SELECT (id) ON envelope TO {}", "could reach envelope: "),
        ("GRANT SELECT ON wrap TO PUBLIC", "could reach wrap: "),
        ("GRANT DELETE ON release TO {}", "could reach release: "),
        ("GRANT UPDATE ON release TO {}", "could reach release: "),
        ("REVOKE INSERT ON board_paper FROM {}", "cannot use board_paper: "),
        ("REVOKE SELECT ON answer FROM {}", "cannot use answer: "),
    ],
)
def test_d1_verify_says_where_the_login_has_other_rights(
    tmp_path: Path,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
    change: str,
    says: str,
) -> None:
    if postgres is None:
        pytest.skip("NO POSTGRESQL: the rights of leaders’ login were not tested. Set TEST_DATABASE_URL.")
    with (
        leaders_login(postgres) as url,
        instance_on("postgres", tmp_path, founded, postgres, {"RELEASED_URL": url}) as opened,
    ):
        with opened.stores.main.begin() as main:
            main.execute(text(change.format(make_url(url).username)))
        try:
            (finding,) = leaders(opened)
        finally:
            with opened.stores.main.begin() as main:
                main.execute(text("REVOKE ALL ON wrap FROM PUBLIC"))
        assert finding.good is False and says in finding.words


def test_verify_tells_where_postgresql_has_one_login_for_all(stores: Any) -> None:
    found = rights(stores)
    assert found.apart is (stores.main.dialect.name == "sqlite")
    if found.apart:
        assert (found.lacking, found.beyond) == ((), ())
    else:
        assert "thread" in found.beyond
        with stores.read_released() as released:  # at least it changes nothing
            assert refused(released, "DELETE FROM release RETURNING kind")


def test_the_grants_of_the_documentation_are_those_of_the_code() -> None:
    head = LEADERS_SQL.read_text().partition("REVOKE")[0]
    wanted = head + grants("concerns_leaders")
    assert LEADERS_SQL.read_text() == wanted, f"{LEADERS_SQL} should end with what store/rights.py says"
    assert set(METADATA["main"].tables) >= RELEASED
