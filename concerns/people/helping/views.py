"""The desk's help: one page for each role. Everybody who is signed in may read all of them."""

from flask import Blueprint, abort, redirect, render_template, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from concerns.people.access import needs, visitor
from concerns.people.helping.rules import folder, guide_of
from concerns.people.rules import ROLE_NAMES

blueprint = Blueprint("helping", __name__)

#: pages of the documentation that are shown here, by the name of their file
PAGES = {**ROLE_NAMES, "reporter": "Who raises a concern"}


@blueprint.get("/guide")
@needs()
def first() -> ResponseReturnValue:
    """The page of her first role."""
    role = next(role for role in ROLE_NAMES if role in visitor().roles)
    return redirect(url_for("people.helping.show", role=role))


@blueprint.get("/guide/<role>")
@needs()
def show(role: str) -> ResponseReturnValue:
    if role not in PAGES:
        abort(404)
    guide = guide_of((folder() / f"{role}.md").read_text(), _where)
    # made from our own pages, with raw HTML switched off
    return render_template("people/guide.html", guide=guide, body=Markup(guide.html), pages=PAGES, here=role)  # noqa: S704


@blueprint.get("/guide/images/<name>")
@needs()
def image(name: str) -> ResponseReturnValue:
    return send_from_directory(folder() / "images", name, mimetype="image/png")


def _where(address: str) -> str | None:
    """Other guides and the pictures are here; what is about running a server stands in the documentation alone."""
    page, _hash, part = address.partition("#")
    if address.startswith("https://"):
        return address
    if page.startswith("images/"):
        return url_for("people.helping.image", name=page.removeprefix("images/"))
    if page.removesuffix(".md") in PAGES and page.endswith(".md"):
        return url_for("people.helping.show", role=page.removesuffix(".md"), _anchor=part or None)
    return None
