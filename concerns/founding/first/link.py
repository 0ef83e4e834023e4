"""The one-time address of the very first page: only its hash is kept, in a private file of the instance's folder."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

FILE = "set-up.link"
TOKEN_BYTES = 32


def renew(directory: Path) -> str:
    """The token of a new address; an earlier one no longer works."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    temporary = directory / f"{FILE}.{secrets.token_hex(4)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(_hash(token))
    temporary.replace(directory / FILE)
    return token


def fits(directory: Path, token: str) -> bool:
    """Whether this is the token of the address that stands; compared in constant time."""
    try:
        kept = (directory / FILE).read_text().strip()
    except FileNotFoundError:
        return False
    return hmac.compare_digest(kept.encode(), _hash(token).encode())


def forget(directory: Path) -> None:
    """From now on there is no such address."""
    (directory / FILE).unlink(missing_ok=True)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
