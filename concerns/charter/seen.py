"""What each guardian remembers of the manifest: the newest one she saw, signed by herself."""

import json

from concerns.charter.walking import Place
from concerns.sealing import signing
from concerns.sealing.text import canonical, from_text, to_text

_PURPOSE = b"concerns-seen/1"


def write_seen(sign_seed: bytes, place: Place) -> bytes:
    """Her note of a manifest, to be stored in her row: nobody else can write one."""
    content = canonical([place.version, place.hash])
    return canonical({"seen": content.decode(), "sig": to_text(signing.sign(sign_seed, _PURPOSE + content))})


def read_seen(note: bytes | None, sign_seed: bytes) -> Place | None:
    """What she noted; None where there is no note, or none of hers."""
    try:
        parts = json.loads(note or b"")
        content = str(parts["seen"]).encode()
        if not signing.verify(signing.sign_public(sign_seed), _PURPOSE + content, from_text(str(parts["sig"]))):
            return None
        version, pinned = json.loads(content)
        return Place(int(version), str(pinned))
    except (ValueError, KeyError, TypeError):
        return None
