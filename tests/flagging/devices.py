"""A device with script, played in Python: it seals by itself and posts what the page's script would, field for field."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altcha.v2 as altcha
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from concerns.flagging.admission import Gate
from concerns.flagging.work import ALGORITHM, LIFE
from concerns.sealing.chain import next_link, position
from concerns.sealing.envelope import Header, Kind, Sealed, open_for, seal
from concerns.sealing.keys import Holder, kem_public, kid_of
from concerns.sealing.receipt import ReceiptKeys, derive, new_entropy, words_of
from concerns.sealing.signing import sign_public
from concerns.sealing.text import from_text, to_text
from concerns.sealing.threads import load, open_all
from concerns.sealing.wire import from_wire, to_wire
from concerns.store.base import new_id
from tests.cast import Instance
from tests.police import SAME_ORIGIN, check_headers

#: the names, in the order in which the script writes them
ANSWERS: Mapping[str, Any] = {
    "text": "Two of us cover thirty beds at night.",
    "cause": "",
    "factors": [],
    "help": "",
    "kind": "",
    "area": "ward-1",
    "worry": "very",
    "consent": "use",
    "danger": "no",
    "why": "",
    "exclusions": [],
    "language": "en",
    "channel": "online",
    "mode": "anonymous",
}
CODE_LENGTH, COUNTER_LENGTH = 16, 10
Payloads = dict[Kind, list[dict[str, Any]]]


@dataclass(frozen=True)
class Parcel:
    """One concern as it is sent, with the secrets that stay on the device."""

    entropy: bytes
    own: ReceiptKeys
    sealed: tuple[Sealed, ...]
    code: str = ""

    @property
    def thread_id(self) -> bytes:
        return self.sealed[0].header.thread_id

    @property
    def words(self) -> str:
        return " ".join(words_of(self.entropy))

    def body(self, work: object) -> dict[str, Any]:
        """What one Send posts."""
        return {
            "sealed": [to_wire(one) for one in self.sealed],
            "lookup": to_text(self.own.lookup_hash),
            "code": self.code.ljust(CODE_LENGTH),
            "work": work,
        }


@dataclass(frozen=True)
class Reader:
    """A guardian, as the signed document names her."""

    person_id: bytes
    name: str
    kem: bytes


@dataclass
class Device:
    """Rosa's own telephone, at one report door."""

    app: Flask
    instance: Instance

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    @property
    def gate(self) -> Gate:
        found: Gate = self.app.extensions["concerns.gate"]
        return found

    def send(self, path: str, body: object) -> TestResponse:
        """Post as the script does."""
        data = body if isinstance(body, bytes) else as_script(body)
        return self.client.post(path, data=data, content_type="application/json", headers=SAME_ORIGIN)

    def post(self, path: str, body: object, status: int = 200) -> Any:
        """The parsed answer, after a look at its headers."""
        answer = self.send(path, body)
        assert answer.status_code == status, answer.text
        check_headers(answer, traceless=True)
        return answer.get_json()

    def keys(self) -> tuple[bytes, list[Reader], dict[str, Any]]:
        """The site, whom to seal for, and a challenge."""
        answer = self.client.get("/device/keys").get_json()
        guardians = json.loads(answer["manifests"][-1]["document"])["guardians"]
        readers = [Reader(from_text(one["person"]), one["name"], from_text(one["kem"])) for one in guardians]
        return from_text(answer["site"]), readers, answer["challenge"]

    def work(self) -> dict[str, Any]:
        """A proof of work on a cheap challenge, signed with the door's own key."""
        until = int((self.instance.clock() + LIFE).timestamp())
        key = self.gate._door_key()
        return solved(altcha.create_challenge(ALGORITHM, 1, key_prefix="0", data={"until": until}, hmac_secret=key))

    def seal(
        self,
        text: str = ANSWERS["text"],
        *,
        exclude: Sequence[str] = (),
        contact: tuple[str, str] = ("", ""),
        photos: Iterable[bytes] = (),
        entropy: bytes = b"",
        code: str = "",
        **answers: Any,
    ) -> Parcel:
        """A concern with its contact and photos; `exclude` names guardians."""
        site, readers, _challenge = self.keys()
        entropy = entropy or new_entropy()
        own = derive(entropy, site)
        out = [one for one in readers if one.name in exclude]
        flag = {
            **ANSWERS,
            "text": text,
            "exclusions": [to_text(one.person_id) for one in out],
            "mode": "confidential" if contact[0] else "anonymous",
            **answers,
            "kem": to_text(kem_public(own.kem_seed)),
            "sign": to_text(sign_public(own.sign_seed)),
        }
        contents: list[tuple[Kind, Mapping[str, Any]]] = [
            (Kind.FLAG, flag),
            (Kind.CONTACT, dict(zip(("wish", "how"), contact, strict=True))),
            *((Kind.FILE, picture(photo)) for photo in photos),
        ]
        publics = [*(one.kem for one in readers), kem_public(own.kem_seed)]
        thread_id, kids = new_id(), frozenset(kid_of(one.kem) for one in out)
        sealed = [
            seal(Header(kind, site, thread_id, new_id()), content, publics, excluded=kids) for kind, content in contents
        ]
        return Parcel(entropy, own, tuple(sealed), code)

    def deliver(self, parcel: Parcel, work: object = ..., status: int = 200) -> Any:
        """Send a parcel, with a proof of work unless another one is given."""
        if work is ...:
            work = None if parcel.code else self.work()
        return self.post("/device/tell", parcel.body(work), status)

    def tell(self, text: str = ANSWERS["text"], **how: Any) -> Parcel:
        """The whole way."""
        parcel = self.seal(text, **how)
        assert self.deliver(parcel) == {"stored": True}
        return parcel

    def look(self, parcel: Parcel, status: int = 200) -> Any:
        """What the door answers to the receipt."""
        return self.post("/device/open", {"lookup": to_text(parcel.own.lookup)}, status)

    def open(self, parcel: Parcel) -> list[tuple[Sealed, dict[str, Any]]]:
        """The reporter's own thread, opened here."""
        holder = Holder(parcel.own.kem_seed)
        rows = [from_wire(one, site_id=self.instance.site_id, kinds=tuple(Kind)) for one in self.look(parcel)["sealed"]]
        return [(row, open_for(row, holder)) for row in rows]

    def detail(self, parcel: Parcel, text: str, about: str = "detail", **said: str) -> Sealed:
        """Something to add, sealed and signed as the next in her chain."""
        opened = self.open(parcel)
        own = [(row, payload) for row, payload in opened if row.header.kind is Kind.DETAIL]
        theirs = [pair for pair in opened if pair[0].header.kind in (Kind.REPLY, Kind.STATUS)]
        newest = max(theirs, key=lambda pair: position(pair[1]), default=(None, {}))[0]
        payload = {"text": text, "about": about, "agree": "", "feedback": "", "again": "", **said}
        return self._more(parcel, Kind.DETAIL, {**payload, **next_link(own, newest)}, parcel.own.sign_seed)

    def photo(self, parcel: Parcel, data: bytes) -> Sealed:
        """A photo to add, sealed."""
        return self._more(parcel, Kind.FILE, picture(data))

    def add(self, parcel: Parcel, sealed: Sealed, status: int = 200) -> Any:
        """Post something sealed to her own thread."""
        body = {"lookup": to_text(parcel.own.lookup), "sealed": [to_wire(sealed)]}
        return self.post("/device/add", body, status)

    def take_back(self, parcel: Parcel) -> Any:
        return self.post("/device/take-back", {"lookup": to_text(parcel.own.lookup)})

    def _more(self, parcel: Parcel, kind: Kind, payload: Mapping[str, Any], sign_seed: bytes | None = None) -> Sealed:
        site, readers, _challenge = self.keys()
        flag = next(payload for row, payload in self.open(parcel) if row.header.kind is Kind.FLAG)
        kids = frozenset(kid_of(one.kem) for one in readers if to_text(one.person_id) in flag["exclusions"])
        publics = [*(one.kem for one in readers), kem_public(parcel.own.kem_seed)]
        return seal(Header(kind, site, parcel.thread_id, new_id()), payload, publics, sign_seed, kids)


def as_script(value: object) -> bytes:
    """As JSON.stringify writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def solved(challenge: altcha.Challenge) -> dict[str, Any]:
    """A proof as the script posts it: the counter as long as any other."""
    found = altcha.solve_challenge(challenge)
    assert found is not None
    counter = str(found.counter).rjust(COUNTER_LENGTH, "0")
    return {"challenge": challenge.to_dict(), "counter": counter, "key": found.derived_key}


def picture(data: bytes) -> dict[str, str]:
    return {"type": "image/jpeg", "data": to_text(data)}


def opened_by(instance: Instance, thread_id: bytes, name: str = "gita") -> Payloads:
    """All that a guardian's key opens of a thread, by kind."""
    return opened_with(instance, thread_id, instance.guardian(name).kem_seed)


def opened_with(instance: Instance, thread_id: bytes, kem_seed: bytes) -> Payloads:
    """All that one key opens of a thread, by kind."""
    rows = load(instance.stores, instance.site_id, [thread_id], tuple(Kind))[thread_id]
    found: Payloads = {}
    for row, payload in open_all(rows, Holder(kem_seed)):
        found.setdefault(row.header.kind, []).append(payload)
    return found


def noise(length: int = 2000) -> bytes:
    """What stands for a photo where nobody looks at it."""
    return b"\xff\xd8\xff" + secrets.token_bytes(length)
