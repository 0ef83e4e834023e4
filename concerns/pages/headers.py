"""Security headers of both doors, on every response, errors included."""

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: everything a browser would let a page ask for, refused
CLOSED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in CLOSED),
}
#: what a browser may keep: its address changes with it
KEPT = ("static", "logo")
#: the same for the one page on which a device is asked for a passkey
WITH_PASSKEYS = HEADERS["Permissions-Policy"].replace(
    "publickey-credentials-get=()", "publickey-credentials-get=(self)"
)
TWO_YEARS = 2 * 365 * 24 * 3600
TRACES = ("Set-Cookie", "ETag", "Last-Modified")


def add_headers(answer: Response) -> Response:
    """The headers of the design. A page is never kept by the browser; a built file and the logo are."""
    answer.headers.update(HEADERS)
    if g.get("asks_for_passkey"):
        answer.headers["Permissions-Policy"] = WITH_PASSKEYS
    if request.endpoint not in KEPT or answer.status_code != 200:
        answer.headers["Cache-Control"] = "no-store"
    if not is_onion(request.host):
        answer.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}"
    return answer


def allow_passkeys() -> None:
    """Let the page that answers this request ask the device for a passkey."""
    g.asks_for_passkey = True


def leave_no_trace(answer: Response) -> Response:
    """The report door never sets a cookie nor lets a browser tell one visit from the next, whatever a library adds."""
    for name in TRACES:
        answer.headers.pop(name, None)
    varies = [name for name in answer.vary if name.lower() != "cookie"]
    answer.headers.pop("Vary", None)
    if varies:
        answer.headers["Vary"] = ", ".join(varies)
    return answer


def is_onion(host: str) -> bool:
    """Whether an address (with or without port) is an onion service, which has no certificate to insist on."""
    return host.partition(":")[0].lower().endswith(".onion")


def open_headers(app: Flask, *, traceless: bool) -> None:
    if traceless:
        app.after_request(leave_no_trace)
    app.after_request(add_headers)
