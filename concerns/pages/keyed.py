"""A Flask application whose secret key stands outside its configuration, for the desk's form tokens."""

from flask import Flask


class KeyedFlask(Flask):
    """The key is an attribute of its own: printing or rendering `app.config` cannot show it."""

    secret_key: str | bytes | None = None


def open_form_cookie(app: Flask, path: str) -> None:
    """The cookie that a form's token is checked against. It does not say who signed in.

    For the minutes between a passphrase and a passkey it also holds the key to what the browser was asked: signed, not
    sealed, so it is kept as closely as the session's own cookie.
    """
    app.config.update(
        SESSION_COOKIE_NAME="__Secure-concerns-form",
        SESSION_COOKIE_PATH=path,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,  # a long reply must not be lost; the token dies with the browser's session
    )
