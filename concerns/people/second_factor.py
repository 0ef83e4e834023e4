"""The second factor: a six-digit code from an authenticator app, good for one use."""

import base64
import binascii
import datetime as dt
import hmac
from urllib.parse import quote

import pyotp
import segno
from markupsafe import Markup

STEP = 30  # seconds
WINDOW = 1  # steps a clock may be wrong, either way
LONGEST_NAME = 300


def new_totp_secret() -> str:
    """160 random bits in base 32, as authenticator apps take them."""
    return pyotp.random_base32()


def is_totp_secret(text: str) -> bool:
    """Whether a text is a secret of at least 128 bits that an app can take."""
    try:
        return len(base64.b32decode(text)) >= 16
    except (binascii.Error, ValueError):
        return False


def step_of(now: dt.datetime) -> int:
    """The number of the time step that holds this moment."""
    return int(now.timestamp()) // STEP


def code_at(secret: str, now: dt.datetime) -> str:
    """The code an app shows at this moment."""
    return pyotp.TOTP(secret).at(now)


def matching_step(secret: str, code: str, now: dt.datetime, used: int) -> int | None:
    """The step whose code this is, if it is within the window and later than the last one used.

    A step once used is refused, and so is every earlier one: somebody who looks over a shoulder
    has nothing. What is no secret has no code.
    """
    if not is_totp_secret(secret):
        return None
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret)
    found = None
    for step in range(step_of(now) - WINDOW, step_of(now) + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()) and step > used:
            found = step
    return found


def app_address(secret: str, email: str, service: str) -> str:
    """The otpauth address that an authenticator app reads from the picture; long names are cut, or it would not fit."""
    return pyotp.TOTP(secret).provisioning_uri(name=_cut(email), issuer_name=_cut(service))


def _cut(name: str) -> str:
    """A name that takes at most LONGEST_NAME signs in an address, where a letter may take up to twelve."""
    while len(quote(name, errors="replace")) > LONGEST_NAME:
        name = name[:-1]
    return name


def picture(address: str) -> Markup:
    """The address as a QR code: inline SVG with presentation attributes only, as the CSP allows no style."""
    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(scale=4, border=4, dark="#000000", light="#ffffff", svgclass="desk-qr", lineclass=None)
    svg = svg.replace("<svg ", '<svg role="img" aria-label="Square code for your authenticator app" ', 1)
    return Markup(svg)  # noqa: S704  segno writes no text of ours into it: only modules of the code
