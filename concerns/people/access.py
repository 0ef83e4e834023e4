"""Who may see a page of the desk: the visitor of this request, and the roles that a view needs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from flask import Flask, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from concerns.people import keeping, sessions, terms
from concerns.people.model import Person
from concerns.store.house import house

COOKIE = "__Secure-concerns"

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


@dataclass(frozen=True)
class Visitor:
    """A signed-in person; `secret` is KEM seed[32] ‖ Ed25519 seed[32], guardians only, for this request alone."""

    person_id: bytes
    name: str
    email: str
    roles: frozenset[str]
    secret: bytes | None

    @property
    def kem_seed(self) -> bytes:
        return self._secret()[:32]

    @property
    def sign_seed(self) -> bytes:
        return self._secret()[32:]

    def _secret(self) -> bytes:
        if self.secret is None:
            raise LookupError("only a guardian holds a secret")
        return self.secret

    def __repr__(self) -> str:
        return f"Visitor({self.email})"  # a secret must not reach a traceback


def open_access(app: Flask) -> None:
    """Know who asks, before every request of the desk, and lose nothing that was typed when one fails."""
    app.before_request(load_visitor)
    app.register_error_handler(HTTPException, keeping.answer_error)


def load_visitor() -> None:
    """Before each request: open the session that the cookie holds the key to."""
    g.visitor = None
    cookie = request.cookies.get(COOKIE)
    if not cookie or request.endpoint in (None, "static"):
        return
    resumed = sessions.resume(house(), cookie)
    if resumed is None:
        return
    with house().stores.read_main() as main:
        person = main.get(Person, resumed.person_id)
        roles = terms.roles_on(main, person, house().today()) if person else frozenset()
    if person is not None and person.shut_on is None:
        g.visitor = Visitor(person.id, person.name, person.email, roles, resumed.secret)


def signed_in() -> Visitor | None:
    """The visitor, or None for a stranger."""
    found: Visitor | None = g.get("visitor")
    return found


def visitor() -> Visitor:
    """The visitor of a view that needs one."""
    found = signed_in()
    if found is None:
        abort(403)
    return found


def needs(*roles: str) -> Callable[[View], View]:
    """Let only people with one of these roles in; without roles, everybody who is signed in.

    A stranger is sent to sign in and back; somebody else gets the 403 page. A stranger who sends something, because
    her session ended while she was writing, gets it back in a page from which she can send it again.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
            found = signed_in()
            if found is None and request.method == "POST":
                return keeping.bring_back(keeping.SIGNED_OUT)
            if found is None:
                return redirect(url_for("people.sign_in", wanted=_wanted()))
            if roles and not found.roles & set(roles):
                return render_template("people/forbidden.html"), 403
            return view(*args, **kwargs)

        guarded.needed_roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return wrap


def set_cookie(response: Response, value: str) -> None:
    """The one cookie that holds a session's key. It never accompanies a report: its path is the desk's."""
    response.set_cookie(COOKIE, value, path=house().desk_path, secure=True, httponly=True, samesite="Strict")


def clear_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path=house().desk_path, secure=True, httponly=True, samesite="Strict")


def own_cookie() -> str:
    """What this browser sent; empty for a stranger."""
    return request.cookies.get(COOKIE, "")


def local_path(wanted: str | None) -> str | None:
    """A path within the desk to go back to after signing in; None for anything that could lead elsewhere."""
    if not wanted or len(wanted) > 500 or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    if "\\" in wanted or any(ord(character) < 33 for character in wanted):
        return None
    return wanted


def _wanted() -> str | None:
    if request.path == "/":
        return None
    query = request.query_string.decode("ascii", "replace")
    return f"{request.path}?{query}" if query else request.path
