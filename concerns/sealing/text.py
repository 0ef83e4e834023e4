"""Text before it is sealed, bytes as text, and objects as bytes: tidying, base64url, canonical JSON."""

import base64
import json
from typing import Any


def to_text(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes of unpadded base64url. Raises ValueError for anything that `to_text` would not have written."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, TypeError) as error:
        raise ValueError("not base64url") from error
    if to_text(data) != text:
        raise ValueError("not canonical base64url")
    return data


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def bytes_over(text: str, limit: int) -> int:
    """By how many bytes of UTF-8 a text is too long; zero where it fits."""
    return max(0, len(text.encode(errors="surrogatepass")) - limit)


def tidy(text: str) -> str:
    """What is kept of a typed text: one kind of line end, no empty edges, nothing that cannot be seen."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(letter for letter in lines if letter == "\n" or letter >= " ").strip()
