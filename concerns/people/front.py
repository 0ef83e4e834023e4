"""The sign-in page, which several ways of signing in come back to when they fail."""

from flask import render_template

from concerns.people.forms import SignInForm
from concerns.people.passkeys import ceremony
from concerns.store.house import house

REFUSED = (
    "The e-mail address, the passphrase or the code is wrong. A code works once: wait for the next one and try again"
)


def sign_in_page(form: SignInForm) -> str:
    """The form, and the ways that this instance offers beside it."""
    return render_template(
        "people/sign_in.html", form=form, passkeys=ceremony.host(house()) is not None, outside=house().outside
    )


def sign_in_anew(refused: str, wanted: str = "") -> str:
    """An empty form under what went wrong."""
    form = SignInForm(formdata=None, data={"wanted": wanted})
    form.form_errors.append(refused)
    return sign_in_page(form)
