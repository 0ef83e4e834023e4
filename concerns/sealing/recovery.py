"""Recovery shares: a guardian's KEM seed, sealed to a key that is split into three shares of words, two of which are enough."""

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from concerns.sealing.box import BoxRefused, open_box, seal_box
from concerns.sealing.keys import kem_public, new_seed

SHARES, ENOUGH = 3, 2
WORDS = 33  # in a share of 32 bytes

# each word of the list is known by its first four letters
_WORD = {word[:4]: word for word in WORDLIST}


class BadShares(ValueError):
    """These shares open nothing; the text says why, in plain words."""


def make_shares(kem_seed: bytes, owner: bytes) -> tuple[list[str], bytes]:
    """Three shares of 33 words each, and the seed sealed to the key that they make. The key is kept by nobody."""
    key = new_seed()
    (shares,) = generate_mnemonics(1, [(ENOUGH, SHARES)], key, iteration_exponent=0)
    return list(shares), seal_box([kem_public(key)], kem_seed, _purpose(owner))


def open_with_shares(shares: Sequence[str], box: bytes, owner: bytes) -> bytes:
    """The 32-byte KEM seed in a box, for two of its three shares. Raises BadShares."""
    try:
        key = combine_mnemonics([_written_out(share) for share in shares])
        return open_box(key, box, _purpose(owner))
    except MnemonicError as error:
        raise BadShares("These two shares do not belong together, or a word in them is wrong") from error
    except (BoxRefused, ValueError) as error:
        if isinstance(error, BadShares):
            raise
        raise BadShares("These shares belong to somebody else, or to older keys") from error


def _written_out(typed: str) -> str:
    """The words as they stand in the list, however they were typed. Raises BadShares."""
    typed_words = typed.lower().split()
    unknown = [word for word in typed_words if word[:4] not in _WORD or not _WORD[word[:4]].startswith(word)]
    if unknown:
        raise BadShares(f"These are not words of any share: {', '.join(unknown[:5])}")
    if len(typed_words) != WORDS:
        raise BadShares(f"A share has {WORDS} words; one of these has {len(typed_words)}")
    return " ".join(_WORD[word[:4]] for word in typed_words)


def _purpose(owner: bytes) -> str:
    return f"recovery of {owner.hex()}"
