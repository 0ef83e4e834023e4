"""The bytes of a week on the shelf: cards and texts, packed into sizes that depend only on how many threads the week has."""

import datetime as dt
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from concerns.sealing.shelf import CARDS, LENGTH_BYTES, TEXTS, Row, fits
from concerns.triage.index.card import Card
from concerns.triage.index.week import Week
from concerns.triage.rules import first_words

#: bytes of a row, whatever the threads are: so many for the week, and so many more for each of its threads
CARDS_BASE, CARDS_EACH = 1024, 448
TEXTS_BASE, TEXTS_EACH = 8192, 1024
#: where cards do not fit, which only somebody brings about who tries to, their first words are shortened to this
SHORTER = (90, 40, 15, 0)
#: stands at the end of a text that was cut, because the texts of its week do not fit
CUT = " […]"
_FAST = 1  # zlib's level: twice as fast as its usual one, and a few per cent larger


def pack_cards(held: Week, threads: int) -> Row:
    """The row for a week of so many threads, hers or not."""
    size = CARDS_BASE + CARDS_EACH * threads
    for longest in SHORTER:
        head = _packed([held.stamp, held.shut, len(held.closed), sorted(held.damaged), held.waiting])
        cards = [_packed(_columns(some.values(), longest)) for some in (held.open, held.closed)]
        payload = _measured(head) + _measured(cards[0]) + cards[1]
        if fits(payload, size):
            break
    return Row(CARDS, held.week, payload, size)


def unpack_cards(week: dt.date, payload: bytes) -> Week:
    """The week again; an empty one where the bytes are of another version."""
    head, rest = _first_part(payload)
    still_open, closed = _first_part(rest)
    try:
        stamp, shut, number, damaged, waiting = _unpacked(head)
    except (ValueError, TypeError, zlib.error):
        return Week(week)
    found = Week(week, stamp, shut)
    found.damaged, found.waiting = set(damaged), waiting
    found.leave(lambda: _cards(week, still_open), number, lambda: _cards(week, closed))
    return found


def _cards(week: dt.date, packed: bytes) -> dict[str, Card]:
    """The cards by thread; none where the bytes are of another version, which the week's stamp shows too."""
    try:
        return {card[0]: Card(week, *card) for card in zip(*_unpacked(packed), strict=True)}
    except (ValueError, TypeError, LookupError, zlib.error):
        return {}


def _measured(part: bytes) -> bytes:
    """A part with its length before it."""
    return len(part).to_bytes(LENGTH_BYTES, "big") + part


def _first_part(payload: bytes) -> tuple[bytes, bytes]:
    """The first part of what was put together so, and all that follows."""
    end = LENGTH_BYTES + int.from_bytes(payload[:LENGTH_BYTES], "big")
    return payload[LENGTH_BYTES:end], payload[end:]


def pack_texts(week: dt.date, texts: Mapping[str, str], threads: int) -> Row:
    """The row of a week's texts. Where they do not fit, the longest are cut until they do."""
    size = TEXTS_BASE + TEXTS_EACH * threads
    payload = _packed(dict(texts))
    if not fits(payload, size):
        payload = _fitting(texts, size)
    return Row(TEXTS, week, payload, size)


def unpack_texts(payload: bytes) -> dict[str, str]:
    """The texts by thread, in hex; none where the bytes are of another version."""
    try:
        texts = _unpacked(payload)
    except (ValueError, zlib.error):
        return {}
    return texts if isinstance(texts, dict) else {}


def _fitting(texts: Mapping[str, str], size: int) -> bytes:
    """The largest of the tried lengths to which all texts can be cut, halving what is left to try."""
    low, high = 0, max(map(len, texts.values()), default=0)
    best = _packed({})
    while high - low > 20:
        middle = (low + high) // 2
        payload = _packed({thread: _cut(text, middle) for thread, text in texts.items()})
        if fits(payload, size):
            low, best = middle, payload
        else:
            high = middle
    return best


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + CUT


def _columns(cards: Iterable[Card], longest: int) -> list[tuple[Any, ...]]:
    """All of one field together: shorter when packed, and faster to read, than card by card."""
    return list(zip(*(_shortened(card, longest)[1:] for card in cards), strict=True))


def _shortened(card: Card, longest: int) -> Card:
    if len(card.words) <= longest + 2:
        return card
    return card._replace(words=first_words(card.words, longest) if longest else "")


def _packed(value: Sequence[Any] | Mapping[str, str]) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), _FAST)


def _unpacked(payload: bytes) -> Any:
    return json.loads(zlib.decompress(payload))
