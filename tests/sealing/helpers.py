"""Seals small threads for the tests of this room."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from concerns.sealing import keys, receipt, signing
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.text import to_text

SITE = bytes(range(16))


@dataclass
class Told:
    """A flag told to some guardians, with every secret that a test may want."""

    text: str = "The alarm on bay four has not worked since spring."
    guardians: list[bytes] = field(default_factory=lambda: [keys.new_seed() for _ in range(3)])
    signers: list[bytes] = field(default_factory=lambda: [keys.new_seed() for _ in range(3)])
    entropy: bytes = field(default_factory=receipt.new_entropy)
    thread_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def __post_init__(self) -> None:
        self.receipt = receipt.derive(self.entropy, SITE)
        self.reporter = keys.kem_public(self.receipt.kem_seed)
        self.publics = [keys.kem_public(seed) for seed in self.guardians]
        self.sign_publics = [signing.sign_public(seed) for seed in self.signers]
        self.flag = self.seal(Kind.FLAG, {"text": self.text, **self.reporter_keys()})

    def reporter_keys(self) -> dict[str, str]:
        return {"kem": to_text(self.reporter), "sign": to_text(signing.sign_public(self.receipt.sign_seed))}

    def seal(self, kind: Kind, payload: dict[str, Any], sign_seed: bytes | None = None, **options: Any) -> Sealed:
        header = Header(kind, SITE, self.thread_id, secrets.token_bytes(16))
        return seal(header, payload, [*self.publics, self.reporter], sign_seed, **options)
