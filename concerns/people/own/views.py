"""The pages of a person's own account: her passphrase, her authenticator app, her open sessions."""

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from concerns.areas.queries import organisation
from concerns.people import second_factor, sessions
from concerns.people.access import needs, own_cookie, visitor
from concerns.people.forms import WelcomeForm
from concerns.people.own import service
from concerns.people.own.forms import AppForm, PassphraseForm, SessionForm
from concerns.people.signing_in import TooManyAtOnce
from concerns.store.house import house

blueprint = Blueprint("own", __name__)


@blueprint.route("/me/passphrase", methods=["GET", "POST"])
@needs()
def passphrase() -> ResponseReturnValue:
    """Another passphrase; whatever was open elsewhere ends."""
    if not service.has_passphrase(house(), visitor().person_id):
        return redirect(url_for("people.own.first"))
    form = PassphraseForm()
    if not form.validate_on_submit():
        return _passphrase(form), 422 if form.errors else 200
    typed = (form.old_passphrase.data, form.passphrase.data)
    if status := _refused(service.change_passphrase, typed, form, form.passphrase):
        return _passphrase(form), status
    flash("You have a new passphrase. Every other session of yours has ended")
    return redirect(url_for("people.me"))


@blueprint.route("/me/first", methods=["GET", "POST"])
@needs()
def first() -> ResponseReturnValue:
    """The first passphrase of somebody who came in through the organisation's directory."""
    if service.has_passphrase(house(), visitor().person_id):
        return redirect(url_for("people.own.passphrase"))
    form = WelcomeForm()
    if not form.validate_on_submit():
        return _first(form), 422 if form.errors else 200
    typed = (form.passphrase.data, form.totp.data or "", form.code.data)
    try:
        service.first_passphrase(house(), visitor().person_id, *typed, own_cookie())
    except service.NotChanged as refused:
        form.form_errors.append(str(refused))
        return _first(form), 422
    flash("You can sign in with your passphrase and a code too")
    return redirect(url_for("people.me"))


@blueprint.route("/me/app", methods=["GET", "POST"])
@needs()
def app() -> ResponseReturnValue:
    """Another authenticator app; the one before shows nothing that is good any more."""
    form = AppForm()
    if not form.validate_on_submit():
        return _app(form), 422 if form.errors else 200
    typed = (form.old_passphrase.data, form.totp.data or "", form.code.data)
    if status := _refused(service.change_app, typed, form, form.code):
        return _app(form), status
    flash("Your codes come from the new app now. Every other session of yours has ended")
    return redirect(url_for("people.me"))


@blueprint.route("/me/sessions", methods=["GET", "POST"])
@needs()
def open_sessions() -> ResponseReturnValue:
    """Her open sessions: each is ended at once, or all others together."""
    form = SessionForm()
    if form.validate_on_submit():
        if form.mark.data:
            ended = sessions.end_one(house(), visitor().person_id, form.mark.data)
            flash("That session has ended" if ended else "That session had ended already")
        else:
            count = sessions.end_others(house(), visitor().person_id, own_cookie())
            flash("There was no other session" if not count else "Every other session of yours has ended")
        return redirect(url_for("people.own.open_sessions"))
    found = sessions.open_ones(house(), visitor().person_id, own_cookie())
    return render_template("people/own_sessions.html", sessions=found)


def _refused(
    change: Callable[..., None], typed: Sequence[str], form: PassphraseForm | AppForm, new: Field
) -> int | None:
    """Make a change of hers; the status under which the form comes back with what was wrong, None where it is made."""
    try:
        change(house(), visitor().person_id, *typed, own_cookie())
    except service.WrongPassphrase as wrong:
        form.old_passphrase.errors = [str(wrong)]
    except service.NotChanged as refused:
        new.errors = [str(refused)]
    except TooManyAtOnce as busy:
        form.form_errors.append(str(busy))
        return 503
    else:
        return None
    return 422


def _passphrase(form: PassphraseForm) -> str:
    return render_template("people/own_passphrase.html", form=form)


def _app(form: AppForm) -> str:
    return _with_picture("people/own_app.html", form)


def _first(form: WelcomeForm) -> str:
    """The form for ten minutes after she signed in at the directory anew; before and after that, the way there."""
    if sessions.is_proven(house(), visitor().person_id, own_cookie()):
        return _with_picture("people/own_first.html", form)
    return render_template("people/own_anew.html", form=form, directory=house().outside)


def _with_picture(template: str, form: AppForm | WelcomeForm) -> str:
    """The secret of an app stands in the form from page to page, and as a square beside it."""
    if not second_factor.is_totp_secret(form.totp.data or ""):
        form.totp.data = second_factor.new_totp_secret()
    with house().stores.read_main() as main:
        name = organisation(main).name
    address = second_factor.app_address(form.totp.data, visitor().email, name)
    return render_template(template, form=form, picture=second_factor.picture(address))
