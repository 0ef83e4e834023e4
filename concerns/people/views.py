"""Signing in and out, the first session behind a one-time link, and the visitor's own page."""

from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from concerns.areas.queries import organisation
from concerns.audit.service import NotNoted, note
from concerns.charter.service import CharterRefused
from concerns.people import (
    access,
    guardianship,
    keeping,
    keys,
    newcomers,
    noting,
    peer_views,
    policy_views,
    second_factor,
    service,
    sessions,
    set_up,
    share_views,
    signing_in,
)
from concerns.people.access import needs, signed_in, visitor
from concerns.people.categories import views as categories
from concerns.people.entries.reading import asks_for_attention
from concerns.people.forms import SignInForm, WelcomeForm
from concerns.people.front import REFUSED, sign_in_page
from concerns.people.helping import views as helping
from concerns.people.leaving import views as leaving
from concerns.people.links import desk_links, furniture_of_desk
from concerns.people.model import Person
from concerns.people.outside import views as outside
from concerns.people.own import views as own_pages
from concerns.people.own.service import has_passphrase
from concerns.people.passkeys import views as passkeys
from concerns.people.rules import ROLE_NAMES
from concerns.people.settings import views as settings
from concerns.store.house import house

blueprint = Blueprint("people", __name__)
blueprint.register_blueprint(keys.blueprint)
blueprint.register_blueprint(set_up.blueprint)
blueprint.register_blueprint(newcomers.blueprint)
blueprint.register_blueprint(share_views.blueprint)
blueprint.register_blueprint(peer_views.blueprint)
blueprint.register_blueprint(policy_views.blueprint)
blueprint.register_blueprint(categories.blueprint)
blueprint.register_blueprint(helping.blueprint)
blueprint.register_blueprint(settings.blueprint)
for room in (passkeys, outside, leaving, own_pages):
    blueprint.register_blueprint(room.blueprint)
blueprint.app_context_processor(furniture_of_desk)

STALE = "This page was too old. Fill it in again"


@blueprint.get("/")
@needs()
def home() -> ResponseReturnValue:
    """Each role has its own first page; a guardian reads nothing before the service is open."""
    with house().stores.read_main() as main:
        is_open = guardianship.state(main, house().directory, visitor().person_id).open
    if "guardian" in visitor().roles and not is_open:
        return redirect(url_for("people.keys.show"))
    if asks_for_attention(house(), visitor()):
        return redirect(url_for("audit.mine"))
    return redirect(desk_links()[0][1])


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if signed_in() is not None and request.method == "GET":
        return redirect(url_for("people.home"))
    form = SignInForm(data={"wanted": access.local_path(request.args.get("wanted")) or ""})
    if not form.validate_on_submit():
        return sign_in_page(form), 422 if form.errors else 200
    try:
        if form.way.data == "passkey":
            return passkeys.begin(form)
        cookie = signing_in.sign_in(house(), form.email.data, form.passphrase.data, form.code.data)
    except signing_in.SignInRefused as refused:
        form.form_errors.append(str(refused) or REFUSED)
        busy = isinstance(refused, signing_in.TooManyAtOnce)
        return sign_in_page(form), 503 if busy else 403
    wanted = access.local_path(form.wanted.data)
    response = redirect(request.script_root + wanted if wanted else url_for("people.home"))
    _end_session()
    access.set_cookie(response, cookie)
    return response


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    left = signed_in()
    _end_session()
    if left is not None:
        with suppress(NotNoted):  # whatever the log can take, she is out
            note(house(), left.person_id, "out")
    session.clear()
    response = redirect(url_for("people.sign_in"))
    access.clear_cookie(response)
    return response


@blueprint.route("/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> ResponseReturnValue:
    try:
        person = service.invited(house(), token)
    except service.LinkGone:
        return render_template("people/link_gone.html"), 410
    form = WelcomeForm()
    if form.validate_on_submit():
        try:
            return _first_session(token, form)
        except service.LinkGone:
            return render_template("people/link_gone.html"), 410
        except service.TooManyAtOnce as busy:
            form.form_errors.append(str(busy))
            return _welcome(token, person, form), 503
        except service.AccountRefused as refused:
            form.code.errors = [str(refused)]
    return _welcome(token, person, form), 422 if form.errors else 200


@blueprint.errorhandler(CSRFError)
def too_old(error: CSRFError) -> ResponseReturnValue:
    """She signed out in another tab, which ends every open page: the two forms before a session start afresh."""
    if request.endpoint not in keeping.OWN_FORMS or not keeping.from_our_page():
        return keeping.answer_error(error)
    if request.endpoint != "people.welcome":
        form = SignInForm(formdata=None, data={name: request.form.get(name, "") for name in ("email", "wanted")})
        form.form_errors.append(STALE)
        return sign_in_page(form), 400
    token = str((request.view_args or {}).get("token", ""))
    try:
        person = service.invited(house(), token)
    except service.LinkGone:
        return render_template("people/link_gone.html"), 410
    fresh = WelcomeForm(formdata=None)
    fresh.form_errors.append(f"{STALE}, and scan the new square with your app")
    return _welcome(token, person, fresh), 400


def _welcome(token: str, person: Person, form: WelcomeForm) -> str:
    if not second_factor.is_totp_secret(form.totp.data or ""):
        form.totp.data = second_factor.new_totp_secret()
    with house().stores.read_main() as main:
        name = organisation(main).name
    address = second_factor.app_address(form.totp.data, person.email, name)
    return render_template(
        "people/welcome.html", form=form, person=person, token=token, picture=second_factor.picture(address)
    )


@blueprint.get("/me")
@needs()
def me() -> ResponseReturnValue:
    roles = [name for role, name in ROLE_NAMES.items() if role in visitor().roles]
    state = None
    if "guardian" in visitor().roles:
        with house().stores.read_main() as main:
            state = guardianship.state(main, house().directory, visitor().person_id)
    own = has_passphrase(house(), visitor().person_id)
    return render_template("people/me.html", roles=roles, state=state, has_passphrase=own)


def _first_session(token: str, form: WelcomeForm) -> ResponseReturnValue:
    person_id, secret = service.accept(house(), token, form.passphrase.data, form.totp.data, form.code.data)
    if secret is not None:
        # once version 1 is signed, a guardian who comes later waits for two who were there before
        with suppress(CharterRefused), house().stores.write_main() as main:
            guardianship.put_up_manifest(main)
    noting.signed_in(house(), person_id, secret, "set-up")
    response = redirect(url_for("people.home"))
    _end_session()
    access.set_cookie(response, sessions.start(house(), person_id, secret))
    return response


def _end_session() -> None:
    """The cookie changes at each sign-in, and what it opened before is deleted."""
    cookie = request.cookies.get(access.COOKIE)
    if cookie:
        sessions.end(house(), cookie)
