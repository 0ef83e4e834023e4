"""The way to the organisation's directory and back."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as WerkzeugResponse

from concerns.people import access, asking
from concerns.people.front import sign_in_anew
from concerns.people.outside import service
from concerns.store.house import OutsideDirectory, house

blueprint = Blueprint("outside", __name__)

#: “Lax”, since it must come along when the directory sends the browser back; it opens the question and nothing else
COOKIE = "__Secure-concerns-outside"


@blueprint.get("/outside")
def begin() -> ResponseReturnValue:
    """A link and no form: a form may not lead to another host (`form-action`)."""
    wanted, anew = access.local_path(request.args.get("wanted")) or "", "anew" in request.args
    try:
        address, cookie = service.begin(house(), _directory(), wanted, cookie=access.own_cookie(), anew=anew)
    except service.OutsideRefused as refused:
        return sign_in_anew(str(refused), wanted), 503
    answer = redirect(address)
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=asking.LASTS[asking.OUTSIDE],
        path=url_for("people.outside.back"),
        secure=True,
        httponly=True,
        samesite="Lax",
    )
    return answer


@blueprint.get("/outside/back")
def back() -> ResponseReturnValue:
    """The session's cookie goes along only from a page of ours: so she is shown one, which leads on by itself."""
    outside = _directory()
    try:
        came = service.come_back(house(), outside, request.cookies.get(COOKIE, ""), request.args.to_dict())
    except service.OutsideRefused as refused:
        status = 503 if str(refused) in (service.AWAY, service.CROWDED) else 403
        return _without_question(make_response(sign_in_anew(str(refused)), status))
    wanted = access.local_path(came.wanted)
    onward = request.script_root + wanted if wanted else url_for("people.home")
    answer = make_response(render_template("people/outside_back.html", onward=onward))
    access.set_cookie(answer, came.cookie)
    return _without_question(answer)


def _without_question(answer: Response) -> Response | WerkzeugResponse:
    answer.delete_cookie(COOKIE, path=url_for("people.outside.back"), secure=True, httponly=True, samesite="Lax")
    return answer


def _directory() -> OutsideDirectory:
    found = house().outside
    if found is None:
        abort(404)
    return found
