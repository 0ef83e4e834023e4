"""The very first page, behind the address that the terminal shows."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from concerns.founding.first import link, service
from concerns.founding.first.forms import BeginForm
from concerns.founding.service import AlreadyFounded
from concerns.people import access, keeping, noting, second_factor, sessions
from concerns.people.rules import normal_email
from concerns.people.service import AccountRefused, TooManyAtOnce
from concerns.store.house import house

blueprint = Blueprint("first", __name__)

KEPT = ("organisation", "sector", "name", "email")
STALE = "This page was too old. Choose the passphrase again, and scan the new square with your app"


@blueprint.route("/begin/<token>", methods=["GET", "POST"])
def begin(token: str) -> ResponseReturnValue:
    """Whoever has the address founds the instance, once, and is signed in as its admin."""
    if service.founded(house()):
        return render_template("founding/begun.html"), 410
    if not link.fits(house().directory, token):
        abort(404)
    form = BeginForm()
    if form.validate_on_submit():
        try:
            return _founded(form)
        except AlreadyFounded:
            return render_template("founding/begun.html"), 410
        except TooManyAtOnce as busy:
            form.form_errors.append(str(busy))
            return _page(token, form), 503
        except AccountRefused as refused:
            form.code.errors = [str(refused)]
    return _page(token, form), 422 if form.errors else 200


@blueprint.errorhandler(CSRFError)
def too_old(error: CSRFError) -> ResponseReturnValue:
    """The page lay open for too long: everything but the secrets stands in a new one."""
    token = str((request.view_args or {}).get("token", ""))
    if not link.fits(house().directory, token) or not keeping.from_our_page():
        return keeping.answer_error(error)
    form = BeginForm(formdata=None, data={name: request.form.get(name, "") for name in KEPT})
    form.form_errors.append(STALE)
    return _page(token, form), 400


def _founded(form: BeginForm) -> ResponseReturnValue:
    first = service.First(
        organisation=form.organisation.data,
        sector=form.sector.data,
        name=form.name.data,
        email=form.email.data,
        passphrase=form.passphrase.data,
        totp_secret=form.totp.data,
        code=form.code.data,
    )
    person_id = service.begin(house(), first)
    noting.signed_in(house(), person_id, None, "set-up")
    response = redirect(url_for("people.set_up.show"))
    flash("You are the admin. Settle the parts below in any order; you can come back to each of them")
    access.set_cookie(response, sessions.start(house(), person_id, None))
    return response


def _page(token: str, form: BeginForm) -> str:
    if not second_factor.is_totp_secret(form.totp.data or ""):
        form.totp.data = second_factor.new_totp_secret()
    account = normal_email(form.email.data or "") or "admin"
    app_address = second_factor.app_address(form.totp.data, account, form.organisation.data or "Staff feedback")
    return render_template("founding/begin.html", form=form, token=token, picture=second_factor.picture(app_address))
