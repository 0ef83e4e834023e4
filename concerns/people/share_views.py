"""The pages of recovery shares: make them, try them, use them, and bring the flags over to the new keys."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.areas.queries import organisation
from concerns.audit.service import note
from concerns.people import access, bringing, noting, second_factor, sessions, shares
from concerns.people.access import needs, visitor
from concerns.people.model import Person
from concerns.people.service import AccountRefused, LinkGone, TooManyAtOnce
from concerns.people.share_forms import CustodiansForm, PlaceForm, RecoverForm, SharesForm
from concerns.sealing.box import BoxRefused
from concerns.sealing.recovery import BadShares
from concerns.store.handing import NotHanded
from concerns.store.house import house

blueprint = Blueprint("shares", __name__)


@blueprint.route("/keys/shares", methods=["GET", "POST"])
@needs("guardian")
def make() -> ResponseReturnValue:
    """Three shares are made and shown in this one answer, each for its custodian; nobody keeps them here."""
    form = CustodiansForm()
    if form.validate_on_submit():
        note(house(), visitor().person_id, "shares")
        made = shares.make(house(), visitor(), form.names)
        parts = list(zip(form.names, made, strict=True))
        return render_template("people/shares_made.html", parts=parts, today=house().today())
    page = render_template("people/shares.html", form=form, kept=shares.kept(house(), visitor().person_id))
    return page, 422 if form.errors else 200


@blueprint.route("/keys/shares/try", methods=["GET", "POST"])
@needs("guardian")
def try_out() -> ResponseReturnValue:
    """A drill: whether two shares would work, and nothing changes."""
    form = SharesForm()
    if form.validate_on_submit():
        try:
            shares.try_out(house(), visitor(), form.shares)
        except BadShares as bad:
            form.one_share.errors = [str(bad)]
        else:
            note(house(), visitor().person_id, "drill")
            flash("These two shares would work. Nothing was changed; the day of this drill is noted")
            return redirect(url_for("people.shares.make"))
    return render_template("people/shares_try.html", form=form), 422 if form.errors else 200


@blueprint.route("/keys/bring-over", methods=["GET", "POST"])
@needs("guardian")
def bring_over() -> ResponseReturnValue:
    """Some threads in each request, until the new key opens what the old one did."""
    if not bringing.waits(house(), visitor()):
        return redirect(url_for("people.keys.show"))
    form = PlaceForm()
    if not form.validate_on_submit():
        return render_template("people/bring_over.html", form=form, begun=False)
    try:
        after = bringing.bring_over(house(), visitor(), bytes.fromhex(form.after.data or ""))
    except (BoxRefused, ValueError):
        abort(409)
    except NotHanded as refused:
        flash(f"Your old key is kept for now. {refused}")
        return redirect(url_for("people.keys.show"))
    if after is None:
        note(house(), visitor().person_id, "carried")
        flash("Your flags are brought over. Your old key opens nothing any more")
        return redirect(url_for("people.keys.show"))
    form.after.data = after.hex()
    return render_template("people/bring_over.html", form=form, begun=True)


@blueprint.route("/recover/<token>", methods=["GET", "POST"])
def use(token: str) -> ResponseReturnValue:
    """A guardian who lost her passphrase comes back with a link and two shares."""
    try:
        person = shares.invited(house(), token)
        form = RecoverForm()
        if form.validate_on_submit():
            return _come_back(token, form)
    except LinkGone:
        return render_template("people/link_gone.html"), 410
    except TooManyAtOnce as busy:
        form.form_errors.append(str(busy))
        return _page(token, person, form), 503
    except BadShares as bad:
        form.one_share.errors = [str(bad)]
    except AccountRefused as refused:
        form.code.errors = [str(refused)]
    return _page(token, person, form), 422 if form.errors else 200


def _come_back(token: str, form: RecoverForm) -> ResponseReturnValue:
    person_id, secret = shares.use(house(), token, form.shares, form.passphrase.data, form.totp.data, form.code.data)
    noting.signed_in(house(), person_id, secret, "set-up")
    cookie = request.cookies.get(access.COOKIE)
    if cookie:
        sessions.end(house(), cookie)
    response = redirect(url_for("people.keys.show"))
    access.set_cookie(response, sessions.start(house(), person_id, secret))
    return response


def _page(token: str, person: Person, form: RecoverForm) -> str:
    if not second_factor.is_totp_secret(form.totp.data or ""):
        form.totp.data = second_factor.new_totp_secret()
    with house().stores.read_main() as main:
        address = second_factor.app_address(form.totp.data, person.email, organisation(main).name)
    picture = second_factor.picture(address)
    return render_template("people/recover.html", form=form, person=person, token=token, picture=picture)
