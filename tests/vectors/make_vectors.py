"""Adds to envelope-v1.json what is missing: envelopes that every later version and every other implementation open alike.

Sealing draws at random, so what is stored is opened, never made again: nothing in the file is replaced.
"""

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from concerns.sealing import envelope, keys, receipt, signing
from concerns.sealing.chain import judge, link_hash, missing_seen, next_link
from concerns.sealing.envelope import Header, Kind, Sealed, open_sealed, seal
from concerns.sealing.text import canonical, from_text, to_text

FILE = Path(__file__).parent / "envelope-v1.json"
TEXT = "Nobody answered the bell for an hour. Zażółć, “quoted”, 🙂."
Document = dict[str, Any]

#: values whose canonical bytes both sides must agree on, as JSON
VALUES = (
    '{"b":1,"a":[true,false,null,-7],"":{"z":{},"é":[]}}',
    '{"\uffff":1,"😀":2,"\ue000":3,"z":4,"10":5,"9":6,"__proto__":7,"constructor":8}',
    '["quote \\" backslash \\\\ slash /","\\u0000\\u001f\\u007f\\b\\f\\n\\r\\t","\u2028\u2029","Zażółć 🙂 e\u0301"]',
    "[0,9007199254740991,-9007199254740991,0.5,-0.25,0.1,0.00012,0.000099,1.5e-7,-2.5e-10,5e-324,123456.789]",
    '"only a text"',
    "null",
)
#: JSON that neither side makes canonical bytes of
REFUSED = ('["\\ud800"]', '{"\\udc00":1}', "[1e400]", '["\\ude00\\ud83d"]')
TYPED = (
    "{words}", "{UPPER}", "{first}", "{dashed}", "{digits}", "{spaced}", "  {words} . ", "", "one two", "{eight}",
    "{words} academic", "{wrong}", "{check}", "0" * 28, "9" * 28, "1" * 27, "{mistyped}", "académie {eight}",
)  # fmt: skip


def main() -> None:
    document: Document = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else _secrets()
    known = {vector["name"]: sealed_of(document, vector) for vector in document["envelopes"] if "body" in vector}
    _envelopes(document, known)
    for name, facts in (
        ("chains", lambda: _chains(document, known)),
        ("receipts", lambda: _receipts(document)),
        ("typed", lambda: _typed(document)),
        ("signatures", _signatures),
        ("canonical", _canonical),
    ):
        if name not in document:
            document[name] = facts()
    FILE.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _secrets() -> Document:
    site, entropy = secrets.token_bytes(16), receipt.new_entropy()
    return {
        "site": to_text(site),
        "thread": to_text(secrets.token_bytes(16)),
        "guardians": [to_text(keys.new_seed()) for _ in range(2)],
        "sign_seed": to_text(keys.new_seed()),
        "receipt": _receipt(entropy, site),
        "envelopes": [],
    }


def _envelopes(document: Document, known: dict[str, Sealed]) -> None:
    """A flag with everything that may follow it, by one guardian and the reporter."""
    own, guardian = (from_text(seed) for seed in (document["receipt"]["sign_seed"], document["sign_seed"]))
    reporter_kem = keys.kem_public(from_text(document["receipt"]["kem_seed"]))
    second = frozenset({keys.kid_of(keys.kem_public(from_text(document["guardians"][1])))})

    def pair(name: str) -> tuple[Sealed, dict[str, Any]]:
        return known[name], open_sealed(known[name], from_text(document["guardians"][0]))

    def add(name: str, kind: Kind, payload: dict[str, Any], refused: tuple[int, ...] = (), **options: Any) -> None:
        if name in {vector["name"] for vector in document["envelopes"]}:
            return
        sealed, dek = _seal(document, kind, payload, **options)
        known[name] = sealed
        document["envelopes"].append(written(name, sealed, payload, list(refused), dek))

    kept = {"kem": to_text(reporter_kem), "sign": to_text(signing.sign_public(own))}
    add("flag", Kind.FLAG, {"text": TEXT, **kept})
    add("signed reply", Kind.REPLY, {"text": "Thank you.", **next_link([], None)}, sign_seed=guardian)
    add("one guardian excluded", Kind.NOTE, {"text": ""}, (1,), excluded=second)
    link = next_link([pair("signed reply")], known["flag"])
    add("second reply", Kind.REPLY, {"text": TEXT, **link}, sign_seed=guardian)
    add("detail", Kind.DETAIL, {"text": "é" * 6000, **next_link([], known["second reply"])}, sign_seed=own)
    link = next_link([pair("signed reply"), pair("second reply")], known["detail"])
    excluding = {"status": "read", "excluded": ["somebody"], **link}
    add("status, one guardian excluded", Kind.STATUS, excluding, (1,), sign_seed=guardian, excluded=second)
    add("empty contact", Kind.CONTACT, {})
    add("photo", Kind.FILE, {"type": "image/jpeg", "data": "AAECAwQFBgcICQ", "alt": TEXT})
    add("reply of a stranger", Kind.REPLY, {"text": "forged", **next_link([], None)}, sign_seed=keys.new_seed())
    add("first place again", Kind.REPLY, {"text": "again", **next_link([], None)}, sign_seed=guardian)


def _seal(document: Document, kind: Kind, payload: dict[str, Any], **options: Any) -> tuple[Sealed, bytes]:
    seeds = [*document["guardians"], document["receipt"]["kem_seed"]]
    header = Header(kind, from_text(document["site"]), from_text(document["thread"]), secrets.token_bytes(16))
    sealed = seal(header, payload, [keys.kem_public(from_text(seed)) for seed in seeds], **options)
    return sealed, envelope.data_key(sealed, keys.Holder(from_text(seeds[0])))


def written(name: str, sealed: Sealed, payload: dict[str, Any], refused: list[int], dek: bytes) -> dict[str, Any]:
    """A vector. A photo's half megabyte is stored as its hash: the data key makes it again."""
    large = sealed.header.kind is Kind.FILE
    body = {"dek": to_text(dek), "body_sha256": hashlib.sha256(sealed.body).hexdigest()} if large else {}
    return {
        "name": name,
        "kind": int(sealed.header.kind),
        "envelope": to_text(sealed.header.envelope_id),
        "commit": to_text(sealed.commit),
        **(body or {"body": to_text(sealed.body)}),
        "wraps": {to_text(kid): to_text(wrap) for kid, wrap in sealed.wraps.items()},
        "payload": payload,
        "refused_to_guardians": refused,
    }


def sealed_of(document: Document, vector: dict[str, Any]) -> Sealed:
    """The stored envelope; a body that was stored as its hash is made again."""
    ids = from_text(document["site"]), from_text(document["thread"]), from_text(vector["envelope"])
    wraps = {from_text(kid): from_text(wrap) for kid, wrap in vector["wraps"].items()}
    header, commit = Header(Kind(vector["kind"]), *ids), from_text(vector["commit"])
    body = from_text(vector["body"]) if "body" in vector else _body(header, commit, vector)
    return Sealed(header, commit, body, wraps)


def _body(header: Header, commit: bytes, vector: dict[str, Any]) -> bytes:
    key, nonce, _commit = envelope._schedule(header, from_text(vector["dek"]))
    padded = envelope._pad(header.kind, canonical(vector["payload"]))
    body = AESGCM(key).encrypt(nonce, padded, header.context + commit)
    assert hashlib.sha256(body).hexdigest() == vector["body_sha256"]
    return body


def _chains(document: Document, known: dict[str, Sealed]) -> list[dict[str, Any]]:
    whole = ["flag", "signed reply", "second reply", "detail", "status, one guardian excluded", "empty contact"]
    signers = [signing.sign_public(from_text(document["sign_seed"]))]
    reporter = signing.sign_public(from_text(document["receipt"]["sign_seed"]))
    cases = {
        "whole": (whole, whole),
        "a reply dropped": ([name for name in whole if name != "second reply"],) * 2,
        "a reply that this reader cannot open": ([name for name in whole if name != "second reply"], whole),
        "a stranger writes": ([*whole, "reply of a stranger"],) * 2,
        "a place taken twice": ([*whole, "first place again"],) * 2,
        "nothing left but the last": (["status, one guardian excluded"],) * 2,
    }
    found = []
    for name, (opened, rows) in cases.items():
        pairs = [(known[one], open_sealed(known[one], from_text(document["guardians"][0]))) for one in opened]
        all_rows = [known[one] for one in rows]
        judged = judge(pairs, all_rows, signers, reporter)
        names = {link_hash(known[one]): one for one in opened}
        standings = [[names[link_hash(item.sealed)], str(item.standing)] for item in judged]
        gap = missing_seen(judged, all_rows)
        found.append({"name": name, "opened": opened, "rows": rows, "standings": standings, "gap": gap})
    return found


def _receipt(entropy: bytes, site: bytes) -> dict[str, Any]:
    own = receipt.derive(entropy, site)
    return {
        "entropy": to_text(entropy),
        "words": list(receipt.words_of(entropy)),
        "digits": receipt.digits_of(entropy),
        "lookup": to_text(own.lookup),
        "kem_seed": to_text(own.kem_seed),
        "sign_seed": to_text(own.sign_seed),
        "kid": to_text(keys.kid_of(keys.kem_public(own.kem_seed))),
    }


def _receipts(document: Document) -> list[dict[str, Any]]:
    several = (bytes(10), b"\xff" * 10, bytes(range(10)), receipt.new_entropy(), receipt.new_entropy())
    sites = (bytes(16), b"\xff" * 16, from_text(document["site"]))
    return [
        {"site": to_text(site), **_receipt(one, site)} for one, site in zip(several, (*sites, *sites), strict=False)
    ]


def _typed(document: Document) -> list[dict[str, Any]]:
    """What somebody may type, with the receipt that is read from it, or with what is wrong with it."""
    words, digits = document["receipt"]["words"], document["receipt"]["digits"]
    other = "academic" if words[4] != "academic" else "acid"
    forms = {
        "words": " ".join(words),
        "UPPER": "\n".join(words).upper(),
        "first": " ".join(word[:4] for word in words),
        "dashed": "-".join(words),
        "digits": digits,
        "spaced": " ".join(digits[start : start + 4] for start in range(0, 28, 4)),
        "eight": " ".join(words[:8]),
        "wrong": " ".join([*words[:4], other, *words[5:]]),
        "check": " ".join([*words[:8], "academic" if words[8] != "academic" else "acid"]),
        "mistyped": " ".join([*words[:3], "zzzz", words[4][:3], *words[5:]]),
    }
    found = []
    for typed in (one.format(**forms) for one in TYPED):
        try:
            read = {"entropy": to_text(receipt.read_receipt(typed))}
        except receipt.BadReceipt as bad:
            found.append({"typed": typed, "entropy": None, "unknown": list(bad.unknown), "count": bad.count})
        else:
            found.append({"typed": typed, **read})
    return found


def _signatures() -> list[dict[str, Any]]:
    order = 2**252 + 27742317777372353535851937790883648493
    seed = keys.new_seed()
    public, message = signing.sign_public(seed), "Zażółć 🙂".encode()
    good = signing.sign(seed, message)
    larger = good[:32] + (int.from_bytes(good[32:], "little") + order).to_bytes(32, "little")
    one_more = (2**255 - 18).to_bytes(32, "little")
    cases = {
        "good": (public, message, good),
        "another message": (public, message + b".", good),
        "another key": (signing.sign_public(keys.new_seed()), message, good),
        "s beyond the order": (public, message, larger),
        "r beyond the field": (public, message, one_more + good[32:]),
        "too short": (public, message, good[:63]),
        "nothing": (public, message, b""),
        "half a key": (public[:16], message, good),
        "no point": (b"\x02" + bytes(31), message, good),
    }
    return [
        {
            "name": name, "public": to_text(key), "message": to_text(said), "signature": to_text(signature),
            "valid": signing.verify(key, said, signature),
        }
        for name, (key, said, signature) in cases.items()
    ]  # fmt: skip


def _canonical() -> dict[str, Any]:
    samples = [{"json": value, "bytes": to_text(canonical(json.loads(value)))} for value in VALUES]
    return {"samples": samples, "refused": list(REFUSED)}


if __name__ == "__main__":
    main()
