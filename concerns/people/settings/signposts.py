"""The numbers to ring: added, changed, moved up, tried, taken out; in danger one of them answers day and night."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from concerns.areas.model import Organisation
from concerns.areas.ringing import LONGEST, always, key_of, to_try, tried_on, trouble
from concerns.areas.rules import AreaError
from concerns.pages.forms import DeskForm
from concerns.people.fields import line
from concerns.people.forms import PressForm
from concerns.people.settings.saving import OneLine, save, store, stored
from concerns.store.house import house

Posts = list[dict[str, Any]]


class SignpostForm(DeskForm):
    """One number to ring."""

    name = line("Who answers", "Say who answers", LONGEST["name"])
    number = line("Number, or what to do", "Enter the number", LONGEST["number"])
    hours = line("When it is answered", "Say when it is answered", LONGEST["hours"])
    danger = BooleanField("It is for somebody in danger")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        for field in (self.name, self.number, self.hours):
            try:
                OneLine()(self, field)
            except ValueError as error:
                field.errors, good = [str(error)], False
        return good

    @property
    def post(self) -> dict[str, Any]:
        """As the organisation's row holds it; a changed number has to be tried anew."""
        words = {name: " ".join(self[name].data.split()) for name in LONGEST}
        return {**words, "danger": self.danger.data}


def signposts() -> ResponseReturnValue:
    """The list, and a press for each thing that can be done with one of them."""
    form = PressForm()
    if not form.validate_on_submit():
        return _list(form)
    step, key = request.form.get("step", ""), request.form.get("key", "")
    if step == "settle":
        wrong = trouble(stored().signposts)
        if wrong:
            return _list(form, wrong), 422
        return save("signposts", "The numbers to ring are saved", lambda _row: None)
    changed = {"up": _up, "tried": _tried, "remove": _removed}.get(step)
    if changed is None or all(key != key_of(post) for post in stored().signposts):
        return redirect(url_for("people.settings.signposts"))
    try:
        _store(lambda posts: changed(posts, key))
    except AreaError as error:
        return _list(form, str(error)), 422
    flash({"up": "It stands one place higher", "tried": "It is noted that you rang it today"}.get(step, "It is gone"))
    return redirect(url_for("people.settings.signposts"))


def signpost() -> ResponseReturnValue:
    """A number to add, or the one that the address names to change."""
    key = request.args.get("key", "")
    before = next((post for post in stored().signposts if key_of(post) == key), None)
    if key and before is None:
        abort(404)
    form = SignpostForm(data=before or {})
    if form.validate_on_submit():
        try:
            _store(lambda posts: _put(posts, key, form.post))
        except AreaError as error:
            form.form_errors.append(str(error))
        else:
            flash("The number is saved")
            return redirect(url_for("people.settings.signposts"))
    page = render_template("people/settings/signpost.html", form=form, new=before is None, key=key)
    return page, 422 if form.errors or form.form_errors else 200


def _list(form: PressForm, wrong: str = "") -> str:
    posts, today = stored().signposts, house().today()
    untried = {key_of(post) for post in to_try(posts, today)}
    rows = [
        {
            **post,
            "key": key_of(post),
            "tried": tried_on(post),
            "always": always(post),
            "untried": key_of(post) in untried,
        }
        for post in posts
    ]
    return render_template(
        "people/settings/signposts.html", form=form, rows=rows, wrong=wrong, untried=len(untried), failed=bool(wrong)
    )


def _store(change: Callable[[Posts], Posts]) -> None:
    """Raises AreaError where the list could not be the organisation's: then nothing is changed."""

    def changed(row: Organisation) -> None:
        row.signposts = change([dict(post) for post in row.signposts])
        wrong = trouble(row.signposts)
        if wrong:
            raise AreaError(wrong)

    wrong = trouble(change([dict(post) for post in stored().signposts]))
    if wrong:
        raise AreaError(wrong)  # before anything is logged
    store("signposts", changed)


def _place(posts: Posts, key: str) -> int:
    """Where a number stands; the end of the list where somebody took it out meanwhile."""
    return next((place for place, post in enumerate(posts) if key_of(post) == key), len(posts))


def _up(posts: Posts, key: str) -> Posts:
    place = _place(posts, key)
    if 0 < place < len(posts):
        posts[place - 1 : place + 1] = [posts[place], posts[place - 1]]
    return posts


def _tried(posts: Posts, key: str) -> Posts:
    today = house().today().isoformat()
    return [{**post, "checked_on": today} if key_of(post) == key else post for post in posts]


def _removed(posts: Posts, key: str) -> Posts:
    return [post for post in posts if key_of(post) != key]


def _put(posts: Posts, key: str, new: dict[str, Any]) -> Posts:
    place = _place(posts, key)
    before = posts[place] if place < len(posts) else {}
    if before.get("number") == new["number"] and "checked_on" in before:
        new = {**new, "checked_on": before["checked_on"]}
    return [*posts[:place], new, *posts[place + 1 :]]
