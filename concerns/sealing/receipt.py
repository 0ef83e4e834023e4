"""The receipt: nine words, or 28 digits, that let a reporter come back, and the keys they yield."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from shamir_mnemonic.wordlist import WORDLIST

ENTROPY_BYTES = 10
WORDS = 9
DIGITS = 28
ROUNDS = 20_000

# words of the list that would frighten somebody who is already afraid
FRIGHTENING = frozenset(
    "afraid armed cage criminal crisis custody damage destroy disaster disease dismiss enemy evidence evil failure "
    "fatal grief guard guilt hazard hunting identify injury inmate judicial jury lawsuit legal lying penalty pistol "
    "predator prisoner punish racism scandal scared secret shame slavery snake testify threaten trial uncover "
    "verdict victim violence weapon".split()
)

_PLACE = {word[:4]: index for index, word in enumerate(WORDLIST)}


class BadReceipt(ValueError):
    """These are not the words of any receipt: some are not on the list, or there are more or fewer than nine."""

    def __init__(self, unknown: tuple[str, ...] = (), count: int = 0) -> None:
        super().__init__("not a receipt")
        #: the typed words that are not on the list
        self.unknown = unknown
        #: how many words were typed; 0 for digits
        self.count = count


@dataclass(frozen=True)
class ReceiptKeys:
    """What a receipt yields: look-up token[16], KEM seed[32], signing seed[32]."""

    lookup: bytes
    kem_seed: bytes
    sign_seed: bytes

    @property
    def lookup_hash(self) -> bytes:
        """What the server keeps in place of the token."""
        return hashlib.sha256(self.lookup).digest()


def new_entropy() -> bytes:
    """Ten random bytes whose words frighten nobody."""
    while True:
        entropy = secrets.token_bytes(ENTROPY_BYTES)
        if not FRIGHTENING.intersection(words_of(entropy)):
            return entropy


def words_of(entropy: bytes) -> tuple[str, ...]:
    """Nine words of the SLIP-39 list: 80 bits, then ten bits of check."""
    number = _checked(entropy)
    return tuple(WORDLIST[(number >> (10 * place)) & 1023] for place in reversed(range(WORDS)))


def digits_of(entropy: bytes) -> str:
    """The same 90 bits as 28 digits."""
    return f"{_checked(entropy):0{DIGITS}d}"


def read_receipt(text: str) -> bytes:
    """The ten bytes behind typed words (any case, first four letters are enough) or digits. Raises BadReceipt."""
    compact = re.sub(r"[\s\-.,]", "", text)
    if re.fullmatch(rf"[0-9]{{{DIGITS}}}", compact):
        return _unchecked(int(compact))
    words = re.findall(r"[a-z]+", text.casefold())
    places = [_place(word) for word in words]
    unknown = tuple(word for word, place in zip(words, places, strict=True) if place is None)
    if unknown or len(words) != WORDS:
        raise BadReceipt(unknown, len(words))
    number = 0
    for place in places:
        number = number << 10 | (place or 0)
    return _unchecked(number, len(words))


def derive(entropy: bytes, site_id: bytes) -> ReceiptKeys:
    """The look-up token and the reporter's two seeds. Slow on purpose: about four milliseconds."""
    salt = b"concerns-receipt/1" + site_id
    stretched = PBKDF2HMAC(SHA256(), length=32, salt=salt, iterations=ROUNDS).derive(entropy)

    def part(name: bytes, length: int) -> bytes:
        return HKDFExpand(SHA256(), length=length, info=name).derive(stretched)

    return ReceiptKeys(part(b"lookup", 16), part(b"kem", 32), part(b"sign", 32))


def _place(word: str) -> int | None:
    place = _PLACE.get(word[:4])
    return place if place is not None and WORDLIST[place].startswith(word) else None


def _checked(entropy: bytes) -> int:
    if len(entropy) != ENTROPY_BYTES:
        raise BadReceipt
    return int.from_bytes(entropy) << 10 | _check(entropy)


def _unchecked(number: int, count: int = 0) -> bytes:
    if number >> 90:
        raise BadReceipt(count=count)
    entropy = (number >> 10).to_bytes(ENTROPY_BYTES)
    if number & 1023 != _check(entropy):
        raise BadReceipt(count=count)
    return entropy


def _check(entropy: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"concerns-words/1" + entropy).digest()[:2]) >> 6
