"""The pages of passkeys: one's own, and the second step of signing in with one."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from concerns.pages.headers import allow_passkeys
from concerns.people import access, sessions, signing_in
from concerns.people.access import needs, visitor
from concerns.people.forms import SignInForm
from concerns.people.front import sign_in_anew
from concerns.people.model import Passkey
from concerns.people.own.service import WrongPassphrase, confirm
from concerns.people.passkeys import ceremony, door, service
from concerns.people.passkeys.forms import AddForm, AnswerForm, NameForm, RemoveForm
from concerns.people.passkeys.service import NotAdded
from concerns.store.house import house

blueprint = Blueprint("passkeys", __name__)

#: where the browser keeps what opens its question
ASKED = "asked"
REFUSED = "The e-mail address, the passphrase or the passkey is wrong, or you took longer than five minutes"


def begin(form: SignInForm) -> ResponseReturnValue:
    """The first step, from the form of the sign-in page. Raises TooManyAtOnce."""
    wanted = access.local_path(form.wanted.data) or ""
    session[ASKED] = door.begin(house(), form.email.data, form.passphrase.data, wanted)
    return redirect(url_for("people.passkeys.sign_in"))


@blueprint.route("/sign-in/passkey", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The second step: it looks the same for everybody, and is answered once."""
    cookie = str(session.get(ASKED, ""))
    asked = door.question(house(), cookie)
    form = AnswerForm()
    if asked is None and request.method == "GET":
        return redirect(url_for("people.sign_in"))
    if asked is not None and not form.validate_on_submit():
        allow_passkeys()
        page = render_template("people/passkey_sign_in.html", form=form, options=asked.options)
        return page, 422 if form.errors else 200
    session.pop(ASKED, None)
    try:
        opened = door.finish(house(), cookie, form.credential.data or "")
    except signing_in.SignInRefused as refused:
        return sign_in_anew(str(refused) or REFUSED, asked.wanted if asked else ""), 403
    response = redirect(request.script_root + asked.wanted if asked and asked.wanted else url_for("people.home"))
    sessions.end(house(), access.own_cookie())
    access.set_cookie(response, opened)
    return response


@blueprint.get("/me/passkeys")
@needs()
def show() -> ResponseReturnValue:
    found = service.of(house(), visitor().person_id)
    return render_template("people/passkeys.html", passkeys=found, host=ceremony.host(house()))


@blueprint.route("/me/passkeys/add", methods=["GET", "POST"])
@needs()
def add() -> ResponseReturnValue:
    """Name and passphrase; the device is asked on the next page."""
    form = AddForm()
    if form.validate_on_submit():
        try:
            cookie = service.begin(house(), visitor().person_id, form.old_passphrase.data, form.name.data)
        except WrongPassphrase as wrong:
            form.old_passphrase.errors = [str(wrong)]
        except (NotAdded, signing_in.TooManyAtOnce) as refused:
            form.form_errors.append(str(refused))
        else:
            session[ASKED] = cookie
            return redirect(url_for("people.passkeys.make"))
    return render_template("people/passkey_add.html", form=form), 422 if form.errors else 200


@blueprint.route("/me/passkeys/new", methods=["GET", "POST"])
@needs()
def make() -> ResponseReturnValue:
    """The device makes the passkey, and its answer is looked at once."""
    cookie = str(session.get(ASKED, ""))
    asked = service.question(house(), visitor().person_id, cookie)
    if asked is None:
        return redirect(url_for("people.passkeys.show"))
    form = AnswerForm()
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("people/passkey_new.html", form=form, asked=asked), status
    session.pop(ASKED, None)
    try:
        name = service.add(house(), visitor().person_id, cookie, form.credential.data)
    except NotAdded as refused:
        again = AddForm(formdata=None, data={"name": asked.name})
        again.form_errors.append(str(refused))
        return render_template("people/passkey_add.html", form=again), 422
    flash(f"“{name}” is added. You can sign in with it, after your passphrase")
    return redirect(url_for("people.passkeys.show"))


@blueprint.route("/me/passkeys/<passkey>/name", methods=["GET", "POST"])
@needs()
def name(passkey: str) -> ResponseReturnValue:
    found = _hers(passkey)
    form = NameForm(data={"name": found.name})
    if form.validate_on_submit():
        service.rename(house(), visitor().person_id, found.id, form.name.data)
        flash(f"The passkey is called “{form.name.data}” now")
        return redirect(url_for("people.passkeys.show"))
    return render_template("people/passkey_name.html", form=form, passkey=found), 422 if form.errors else 200


@blueprint.route("/me/passkeys/<passkey>/remove", methods=["GET", "POST"])
@needs()
def remove(passkey: str) -> ResponseReturnValue:
    found = _hers(passkey)
    form = RemoveForm()
    if form.validate_on_submit():
        try:
            confirm(house(), visitor().person_id, form.old_passphrase.data)
        except WrongPassphrase as wrong:
            form.old_passphrase.errors = [str(wrong)]
        except signing_in.TooManyAtOnce as busy:
            form.form_errors.append(str(busy))
        else:
            service.remove(house(), visitor().person_id, found.id)
            sessions.end_others(house(), visitor().person_id, access.own_cookie())
            flash(
                f"“{found.name}” is removed: nobody signs in with it any more. Every other session of yours has ended"
            )
            return redirect(url_for("people.passkeys.show"))
    return render_template("people/passkey_remove.html", form=form, passkey=found), 422 if form.errors else 200


def _hers(passkey: str) -> Passkey:
    found = next((one for one in service.of(house(), visitor().person_id) if one.id.hex() == passkey), None)
    if found is None:
        abort(404)
    return found
