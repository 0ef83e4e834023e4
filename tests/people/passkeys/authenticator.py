"""A device with passkeys, as a browser would speak to it: ES256 keys, no attestation, answers as our script writes them."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from concerns.sealing.text import to_text

HOST = "desk.example.org"
ORIGIN = f"https://{HOST}"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey; what is wrong about an answer is said where it is asked for."""

    count: int = 0
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    #: base64url, as the page said
    owner: str = ""

    def make(self, options: str, *, origin: str = ORIGIN, flags: int = PRESENT | VERIFIED) -> str:
        """The answer to `navigator.credentials.create`."""
        asked = json.loads(options)
        assert asked["authenticatorSelection"]["userVerification"] == "required"
        assert asked["authenticatorSelection"]["residentKey"] == "required"
        self.owner = asked["user"]["id"]
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32), -3: public.y.to_bytes(32)}
        known = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(cose)
        data = self._data(asked["rp"]["id"], flags | WITH_KEY) + known
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._client("webauthn.create", asked["challenge"], origin)
        return self._answer({"clientDataJSON": to_text(said), "attestationObject": to_text(attested)})

    def use(self, options: str, *, origin: str = ORIGIN, host: str = HOST, flags: int = PRESENT | VERIFIED) -> str:
        """The answer to `navigator.credentials.get`."""
        asked = json.loads(options)
        assert asked["userVerification"] == "required" and asked["rpId"] == HOST
        assert "allowCredentials" not in asked
        self.count += self.counts
        data, said = self._data(host, flags), self._client("webauthn.get", asked["challenge"], origin)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": to_text(said),
                "authenticatorData": to_text(data),
                "signature": to_text(signature),
                "userHandle": self.owner or None,
            }
        )

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    @staticmethod
    def _client(kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {"id": to_text(self.id), "rawId": to_text(self.id), "type": "public-key", "response": response}
        )
