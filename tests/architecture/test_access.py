"""Every route of both doors, and who may have it. A route that is not listed here fails."""

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from concerns.people import sessions
from concerns.people.access import COOKIE
from concerns.people.model import Person
from tests.cast import Instance

ANYBODY: frozenset[str] = frozenset()
SIGNED_IN = frozenset({"guardian", "leader", "admin", "peer"})
GUARDIAN, ADMIN, LEADER = frozenset({"guardian"}), frozenset({"admin"}), frozenset({"leader"})
READERS = frozenset({"guardian", "leader", "peer"})

REPORT = {
    "GET /": ANYBODY,
    "GET /accessibility": ANYBODY,
    "GET /answers": ANYBODY,
    "GET /answers/<month>": ANYBODY,
    "GET /answers.atom": ANYBODY,
    "GET /help": ANYBODY,
    "GET /posters": ANYBODY,
    "GET /posters/a4": ANYBODY,
    "GET /posters/card": ANYBODY,
    "GET /posters/paper": ANYBODY,
    "GET /privacy": ANYBODY,
    "GET /promise": ANYBODY,
    "GET /return": ANYBODY,
    "POST /return": ANYBODY,
    "GET /tell": ANYBODY,
    "POST /tell": ANYBODY,
    "POST /return/photo": ANYBODY,
    "GET /device/keys": ANYBODY,
    "POST /device/tell": ANYBODY,
    "POST /device/open": ANYBODY,
    "POST /device/add": ANYBODY,
    "POST /device/take-back": ANYBODY,
    "GET /static/<filename>": ANYBODY,
    "GET /theme.css": ANYBODY,
    "GET /logo.png": ANYBODY,
}
DESK = {
    "GET /": ANYBODY,  # sends a stranger to the sign-in page, and everybody else to her first page
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "GET /sign-in/passkey": ANYBODY,
    "POST /sign-in/passkey": ANYBODY,
    "GET /outside": ANYBODY,  # the way to the organisation's directory, where there is one
    "GET /outside/back": ANYBODY,
    "POST /sign-out": ANYBODY,
    "GET /welcome/<token>": ANYBODY,
    "POST /welcome/<token>": ANYBODY,
    "GET /begin/<token>": ANYBODY,  # whoever holds the address of an instance that is not founded yet
    "POST /begin/<token>": ANYBODY,
    "GET /recover/<token>": ANYBODY,
    "POST /recover/<token>": ANYBODY,
    "GET /static/<filename>": ANYBODY,
    "GET /theme.css": ANYBODY,
    "GET /logo.png": ANYBODY,
    "GET /set-up/organisation": ADMIN,
    "POST /set-up/organisation": ADMIN,
    "GET /set-up/areas": ADMIN,
    "POST /set-up/areas": ADMIN,
    "GET /set-up/reading": ADMIN,
    "POST /set-up/reading": ADMIN,
    "GET /set-up/signposts": ADMIN,
    "POST /set-up/signposts": ADMIN,
    "GET /set-up/signposts/one": ADMIN,
    "POST /set-up/signposts/one": ADMIN,
    "GET /set-up/instead": ADMIN,
    "POST /set-up/instead": ADMIN,
    "GET /set-up/access": ADMIN,
    "POST /set-up/access": ADMIN,
    "GET /set-up/look": ADMIN,
    "POST /set-up/look": ADMIN,
    "GET /set-up/languages": ADMIN,
    "POST /set-up/languages": ADMIN,
    "GET /set-up/form": ADMIN,
    "POST /set-up/form": ADMIN,
    "GET /set-up/rules": ADMIN,
    "POST /set-up/rules": ADMIN,
    "POST /set-up/form/preview/<code>": ADMIN,
    "GET /me": SIGNED_IN,
    **{
        f"{method} /me/{page}": SIGNED_IN
        for method in ("GET", "POST")
        for page in (
            *("passphrase", "first", "app", "sessions", "passkeys/add", "passkeys/new"),
            *("passkeys/<passkey>/name", "passkeys/<passkey>/remove"),
        )
    },
    "GET /me/passkeys": SIGNED_IN,
    "GET /set-up/people/<person>/leave": ADMIN,
    "POST /set-up/people/<person>/leave": ADMIN,
    "GET /guide": SIGNED_IN,
    "GET /guide/<role>": SIGNED_IN,
    "GET /guide/images/<name>": SIGNED_IN,
    "GET /audit/": SIGNED_IN,
    "GET /audit/everybody": frozenset({"guardian", "overseer"}),
    "POST /audit/everybody": frozenset({"guardian", "overseer"}),
    "POST /audit/requests/<request_id>": GUARDIAN,
    "GET /keys": GUARDIAN,
    "POST /keys": GUARDIAN,
    "GET /keys/shares": GUARDIAN,
    "POST /keys/shares": GUARDIAN,
    "GET /keys/shares/try": GUARDIAN,
    "POST /keys/shares/try": GUARDIAN,
    "GET /keys/bring-over": GUARDIAN,
    "POST /keys/bring-over": GUARDIAN,
    "POST /keys/propose": GUARDIAN,
    "POST /keys/agree": GUARDIAN,
    "POST /keys/withdraw": GUARDIAN,
    "POST /keys/reopen": GUARDIAN,
    "POST /keys/policy/agree": GUARDIAN,
    "POST /keys/policy/withdraw": GUARDIAN,
    "GET /inbox": GUARDIAN,
    "POST /inbox": GUARDIAN,
    "POST /collect": GUARDIAN,
    "GET /flags/<thread>": GUARDIAN,
    "POST /flags/<thread>": GUARDIAN,
    "GET /flags/<thread>/photo/<envelope>": GUARDIAN,
    "GET /flags/<thread>/events": GUARDIAN,
    "POST /flags/<thread>/events": GUARDIAN,
    "GET /flags/<thread>/like": GUARDIAN,
    "GET /insight": GUARDIAN,
    "POST /insight": GUARDIAN,
    "GET /insight/themes": GUARDIAN,
    "POST /insight/themes": GUARDIAN,
    **{
        f"{method} /flags/<thread>/{step}": GUARDIAN
        for method in ("GET", "POST")
        for step in ("gate", "just-culture", "refer", "escalate", "hand-over", "hold", "not-ours")
    },
    "POST /flags/<thread>/hand-over/copy": GUARDIAN,
    "GET /waiting": GUARDIAN,
    "GET /due": GUARDIAN,
    "POST /due": GUARDIAN,
    **{
        f"{method} /texts/{page}": GUARDIAN
        for method in ("GET", "POST")
        for page in ("", "write/<kind>", "<draft>", "asked/<promise>")
    },
    "GET /briefs/<token>": ANYBODY,  # an owner reads a brief in general words by a link, without an account
    "GET /flags/<thread>/conflict": GUARDIAN,
    "POST /flags/<thread>/conflict": GUARDIAN,
    "GET /readers/<person>": GUARDIAN,
    "POST /readers/<person>": GUARDIAN,
    "GET /flags/enter": GUARDIAN,
    "POST /flags/enter": GUARDIAN,
    "GET /leave": GUARDIAN,
    "POST /leave": GUARDIAN,
    "GET /leave/flags": GUARDIAN,
    "POST /leave/flags": GUARDIAN,
    "GET /overseer": frozenset({"overseer"}),
    "GET /close/": GUARDIAN,
    "GET /returns/": GUARDIAN,
    "GET /returns/<period>": GUARDIAN,
    "POST /returns/<period>": GUARDIAN,
    "GET /returns/<period>.csv": GUARDIAN,
    "GET /close/<period>": GUARDIAN,
    "POST /close/<period>": GUARDIAN,
    "GET /report/": READERS,
    "GET /report/<period>": READERS,
    "GET /report/<period>.<any(json, csv, xlsx, pdf):form>": READERS,
    "GET /report/which-area": READERS,
    "GET /report/words": frozenset({"leader", "guardian"}),
    "GET /report/reading": READERS,
    "GET /report/reading/<period>": READERS,
    **{f"{method} /report/reading/{page}": LEADER for method in ("GET", "POST") for page in ("figures", "annotations")},
    **{
        f"GET /report/<period>/board{part}": READERS
        for part in ("", *(f"/<int:version>{end}" for end in ("", ".json", ".pdf")))
    },
    **{f"{method} /report/<period>/board/{page}": LEADER for method in ("GET", "POST") for page in ("write", "draft")},
    **{
        f"{method} /promises/{page}": LEADER
        for method in ("GET", "POST")
        for page in ("action", "response", "<promise>/words", "<promise>/dates", "<promise>/end", "<promise>/review")
    },
    "GET /promises/": READERS | {"overseer"},
    "GET /promises/<promise>": READERS | {"overseer"},
    "GET /peers/": READERS,
    "GET /peers/write": frozenset({"peer"}),
    "POST /peers/write": frozenset({"peer"}),
    "GET /peers/<note>/answer": LEADER,
    "POST /peers/<note>/answer": LEADER,
    "GET /set-up": ADMIN,
    "GET /set-up/numbers": ADMIN,
    "GET /set-up/health": ADMIN,
    "POST /set-up/health": ADMIN,
    "GET /set-up/policy": ADMIN,
    "POST /set-up/policy": ADMIN,
    "POST /set-up/themes/press": ADMIN,
    **{
        f"{method} /set-up/themes{page}": ADMIN
        for method in ("GET", "POST")
        for page in ("", "/add", "/words", "/earlier", "/name", "/future")
    },
    "GET /set-up/peer": ADMIN,
    "POST /set-up/peer": ADMIN,
    "GET /set-up/peer/<person>": ADMIN,
    "POST /set-up/peer/<person>": ADMIN,
    "POST /set-up/recover/<person>": ADMIN,
    "GET /set-up/guardian": ADMIN,
    "POST /set-up/guardian": ADMIN,
    "POST /set-up/link/<person>": ADMIN,
    "POST /set-up/links": ADMIN,
    "GET /set-up/people/add": ADMIN,
    "POST /set-up/people/add": ADMIN,
    "GET /set-up/people/paste": ADMIN,
    "POST /set-up/people/paste": ADMIN,
    "POST /set-up/people/<person>/remove": ADMIN,
    "POST /set-up/begin": ADMIN,
    "POST /set-up/back": ADMIN,
    "GET /set-up/launch": ADMIN,
    "POST /set-up/launch": ADMIN,
    "POST /set-up/pilot/fill": ADMIN,
}
PARTS = {
    "<token>": "x",
    "<filename>": "x.css",
    "<request_id>": "x",
    "<thread>": "x",
    "<kind>": "answer",
    "<draft>": "x",
    "<envelope>": "x",
    "<period>": "2025-Q1",
    "<int:version>": "1",
    "<any(json, csv, xlsx, pdf):form>": "csv",
    "<person>": "x",
    "<passkey>": "x",
    "<promise>": "x",
    "<note>": "x",
}
CAST = {"gita": "guardian", "lena": "leader", "ada": "admin", "priya": "peer"}


def routes(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_listed(instance: Instance) -> None:
    assert routes(instance.report_app) == set(REPORT)
    assert routes(instance.desk_app) == set(DESK)


@pytest.mark.parametrize("name", [*CAST, None])
def test_each_of_the_cast_has_the_routes_of_her_role_only(instance: Instance, name: str | None) -> None:
    app = instance.desk_app
    app.config["WTF_CSRF_ENABLED"] = False  # this test asks about roles; protection of forms has tests of its own
    cookie = None if name is None else signed_in(instance, name)
    for route, roles in DESK.items():
        if roles is ANYBODY:
            continue
        answer = ask(app, route, cookie)
        turned_away = answer.status_code == 403
        if name is None:
            sent = "/sign-in" in answer.headers.get("Location", "")
            # what somebody was writing when her session ended comes back to her in a page
            assert sent if route.startswith("GET") else answer.status_code == 401, route
        else:
            assert answer.status_code != 302 or "/sign-in" not in answer.headers["Location"], route
            assert turned_away == (CAST[name] not in roles), (
                f"{route} as {name}: {answer.status_code} {answer.headers.get('Location')}"
            )


def test_an_outsider_with_a_made_up_cookie_is_a_stranger(instance: Instance) -> None:
    cookie = signed_in(instance, "gita")
    for wrong in ("", "x", cookie[:-4] + "AAAA", cookie[::-1], "A" * len(cookie)):
        answer = ask(instance.desk_app, "GET /inbox", wrong)
        assert answer.status_code in (302, 303)


def signed_in(instance: Instance, name: str) -> str:
    with instance.stores.read_main() as main:
        person = main.scalars(select(Person).where(Person.email == f"{name}@example.org")).one()
    secret = instance.secrets[name][1] if name in instance.secrets else None
    return sessions.start(instance.house, person.id, secret)


def ask(app: Flask, route: str, cookie: str | None) -> TestResponse:
    method, _, path = route.partition(" ")
    for part, value in PARTS.items():
        path = path.replace(part, value)
    client = app.test_client()
    if cookie is not None:
        client.set_cookie(COOKIE, cookie, secure=True)
    return client.open(path, method=method, base_url="https://localhost/")
