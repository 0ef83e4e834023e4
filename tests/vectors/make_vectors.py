"""Writes envelope-v1.json: envelopes that every later version, and every other implementation, must open alike.

Sealing draws at random, so the stored vectors are opened, never made again: run this only for a new version.
"""

import json
import secrets
from pathlib import Path
from typing import Any

from concerns.sealing import keys, receipt, signing
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.text import to_text

FILE = Path(__file__).parent / "envelope-v1.json"
TEXT = "Nobody answered the bell for an hour. Zażółć, “quoted”, 🙂."


def main() -> None:
    site, thread = secrets.token_bytes(16), secrets.token_bytes(16)
    guardians = [keys.new_seed() for _ in range(2)]
    sign_seed, entropy = keys.new_seed(), receipt.new_entropy()
    own = receipt.derive(entropy, site)
    publics = [keys.kem_public(seed) for seed in (*guardians, own.kem_seed)]

    def sealed(kind: Kind, payload: dict[str, Any], **options: Any) -> Sealed:
        return seal(Header(kind, site, thread, secrets.token_bytes(16)), payload, publics, **options)

    flag = {"text": TEXT, "kem": to_text(publics[2]), "sign": to_text(signing.sign_public(own.sign_seed))}
    reply = {"text": "Thank you.", "n": 0, "prev": None, "seen": None}
    excluded = frozenset({keys.kid_of(publics[1])})
    vectors: dict[str, tuple[Sealed, dict[str, Any], list[int]]] = {
        "flag": (sealed(Kind.FLAG, flag), flag, []),
        "signed reply": (sealed(Kind.REPLY, reply, sign_seed=sign_seed), reply, []),
        "one guardian excluded": (sealed(Kind.NOTE, {"text": ""}, excluded=excluded), {"text": ""}, [1]),
    }
    document = {
        "site": to_text(site),
        "thread": to_text(thread),
        "guardians": [to_text(seed) for seed in guardians],
        "sign_seed": to_text(sign_seed),
        "receipt": {
            "entropy": to_text(entropy),
            "words": list(receipt.words_of(entropy)),
            "digits": receipt.digits_of(entropy),
            "lookup": to_text(own.lookup),
            "kem_seed": to_text(own.kem_seed),
            "sign_seed": to_text(own.sign_seed),
            "kid": to_text(keys.kid_of(publics[2])),
        },
        "envelopes": [written(name, *vector) for name, vector in vectors.items()],
    }
    FILE.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def written(name: str, sealed: Sealed, payload: dict[str, Any], refused: list[int]) -> dict[str, Any]:
    return {
        "name": name,
        "kind": int(sealed.header.kind),
        "envelope": to_text(sealed.header.envelope_id),
        "commit": to_text(sealed.commit),
        "body": to_text(sealed.body),
        "wraps": {to_text(kid): to_text(wrap) for kid, wrap in sealed.wraps.items()},
        "payload": payload,
        "refused_to_guardians": refused,
    }


if __name__ == "__main__":
    main()
