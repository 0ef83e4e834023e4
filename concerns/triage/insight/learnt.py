"""The engine that knows what guardians confirmed in the flags that one of them can open, kept on her own shelf.

Newest confirmations first, at most so many, and in one request no more than about half a second's worth of reading.
"""

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from concerns.sealing import shelf
from concerns.store.session import Stores
from concerns.themes.engine import Engine, cold_engine
from concerns.themes.rules import ThemeFacts

#: confirmed flags that are learnt from; when so many more have come, it begins anew with the newest ones
NEWEST, MORE = 2000, 200
#: learnt flags whose themes were changed since: more than these, and it begins anew
CHANGED = 20
#: letters read in one request at most: half a second
LETTERS = 250_000
#: the row's size in bytes: at least, and for each collected thread, whoever may open it, up to NEWEST + MORE of them
LEAST_BYTES, THREAD_BYTES = 65_536, 192

#: where the note stands that all is taken in, as a week of its own, and its bytes
NOTED, NOTE_BYTES = shelf.ALWAYS + dt.timedelta(days=1), 128

#: of the form of what is kept: another one is not read
FORM = "1"

#: what was told in the flags of these weeks, by thread id in hex
Texts = Callable[[set[dt.date]], Mapping[str, str]]


class Lesson(NamedTuple):
    """A flag whose themes are confirmed."""

    #: the thread's id, in hex
    thread: str
    week: dt.date
    codes: tuple[str, ...]


@dataclass
class Learnt:
    """What stands on the shelf: the engine's sums, and which flags they are made of."""

    #: the digest of the themes as they were described then
    themes: str
    #: codes by thread id, in hex
    flags: dict[str, list[str]] = field(default_factory=dict)
    engine: Mapping[str, Any] | None = None

    @property
    def threads(self) -> list[bytes]:
        return [bytes.fromhex(one) for one in self.flags]


def engine_of(
    stores: Stores, owner: shelf.Owner, themes: Sequence[ThemeFacts], openable: Collection[str] | None
) -> Engine:
    """The engine for one request: with what was learnt, where that was for these themes and from flags that she opens.

    `openable` are the ids in hex of the threads that she can open; None where nothing changed since it was learnt.
    """
    cold, kept = cold_engine(tuple(themes)), _kept(stores, owner, themes)
    if kept.engine is None or (openable is not None and not kept.flags.keys() <= set(openable)):
        return cold
    return copy(cold).know(kept.engine)


def learn(
    stores: Stores, owner: shelf.Owner, themes: Sequence[ThemeFacts], lessons: Sequence[Lesson], texts: Texts, size: int
) -> bool:
    """Take in what was confirmed since, as much as one request may; whether all of it is in now.

    `lessons` are all confirmed flags that she can open, newest first. What she cannot open any more, or nobody
    confirms any more, is forgotten at once.
    """
    before = _kept(stores, owner, themes)
    kept = Learnt(before.themes) if _outdated(before, lessons) else before
    missing = [one for one in lessons[:NEWEST] if one.thread not in kept.flags]
    if not missing and kept is before:
        return True
    taken = _taken(missing, texts)
    engine = Engine(themes) if kept.engine is None else copy(cold_engine(tuple(themes))).know(kept.engine)
    for lesson, text in taken:
        engine.add(text, lesson.codes)
        kept.flags[lesson.thread] = list(lesson.codes)
    row = shelf.Row(shelf.LEARNT, shelf.ALWAYS, _packed(kept, engine, size), size)
    return shelf.keep(stores, owner, [row], kept.threads) and len(taken) == len(missing)


def up_to(stores: Stores, owner: shelf.Owner, state: bytes) -> bool:
    """Whether all was taken in when her flags were in this state: one small row tells, and the large one stays shut."""
    return shelf.read(stores, owner, shelf.LEARNT, [NOTED]).get(NOTED) == state


def note(stores: Stores, owner: shelf.Owner, state: bytes) -> bool:
    """Note that all of this state is taken in. The note goes with what was learnt, at every purge."""
    return shelf.keep(stores, owner, [shelf.Row(shelf.LEARNT, NOTED, state, NOTE_BYTES)], ())


def row_size(threads: int) -> int:
    """The bytes of the row, by how many threads are collected: a public count."""
    return LEAST_BYTES + THREAD_BYTES * min(threads, NEWEST + MORE)


def digest_of(themes: Sequence[ThemeFacts]) -> str:
    """Changes with the themes, as they are described."""
    return hashlib.sha256(repr((FORM, *themes)).encode()).hexdigest()


def _kept(stores: Stores, owner: shelf.Owner, themes: Sequence[ThemeFacts]) -> Learnt:
    digest = digest_of(themes)
    row = shelf.read(stores, owner, shelf.LEARNT, [shelf.ALWAYS]).get(shelf.ALWAYS)
    if row is not None:
        plain = json.loads(zlib.decompress(row))
        if plain["themes"] == digest:
            return Learnt(**plain)
    return Learnt(digest)


def _outdated(kept: Learnt, lessons: Sequence[Lesson]) -> bool:
    now = {one.thread: list(one.codes) for one in lessons}
    if any(one not in now for one in kept.flags):
        return True
    changed = sum(now[one] != codes for one, codes in kept.flags.items())
    return changed > CHANGED or len(kept.flags) > NEWEST + MORE


def _taken(missing: Iterable[Lesson], texts: Texts) -> list[tuple[Lesson, str]]:
    """The first of these, with their texts, as many as one request may read."""
    found: list[tuple[Lesson, str]] = []
    letters, read = 0, dict[str, str]()
    weeks = set[dt.date]()
    for lesson in missing:
        if lesson.week not in weeks:
            weeks.add(lesson.week)
            read.update(texts({lesson.week}))
        text = read.get(lesson.thread, "")
        letters += len(text)
        if letters > LETTERS and found:
            break
        found.append((lesson, text))
    return found


def _packed(kept: Learnt, engine: Engine, size: int) -> bytes:
    """What is written: where it does not fit, without the words that the fewest flags have."""
    least = 1
    while True:
        plain = {"themes": kept.themes, "flags": kept.flags, "engine": engine.plain(least)}
        packed = zlib.compress(json.dumps(plain, separators=(",", ":")).encode())
        if shelf.fits(packed, size):
            return packed
        least *= 2
