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
#: one flag more teaches an engine of so many nothing that is seen: new ones wait until there is one for each so many
PATIENCE = 100
#: letters read in one request at most: half a second
LETTERS = 250_000
#: the row's size in bytes: at least, and for each collected thread, whoever may open it, up to NEWEST + MORE of them
LEAST_BYTES, THREAD_BYTES = 65_536, 192

#: where it is noted what was looked through, as a week of its own
NOTED = shelf.ALWAYS + dt.timedelta(days=1)

#: of the form of what is kept: another one is not read
FORM = "2"

#: what was told in the flags of these weeks, by thread id in hex
Texts = Callable[[set[dt.date]], Mapping[str, str]]


class Lesson(NamedTuple):
    """A flag whose themes are confirmed."""

    #: the thread's id, in hex
    thread: str
    week: dt.date
    codes: tuple[str, ...]


class Known(NamedTuple):
    """An engine, and which sorted flags it was taught by: their codes by thread id, in hex."""

    engine: Engine
    flags: Mapping[str, Sequence[str]]


@dataclass
class Learnt:
    """What stands on the shelf: the engine's sums, and which flags they are made of."""

    #: the digest of the themes as they were described then
    themes: str
    #: by thread id, in hex: the week, and the codes
    flags: dict[str, list[str]] = field(default_factory=dict)
    engine: Mapping[str, Any] | None = None

    @property
    def threads(self) -> list[bytes]:
        return [bytes.fromhex(one) for one in self.flags]

    def of_weeks(self, weeks: Collection[dt.date] | None) -> dict[str, list[str]]:
        """The codes of the flags of these weeks, or of all, by thread."""
        wanted = None if weeks is None else {str(week) for week in weeks}
        return {one: codes for one, (week, *codes) in self.flags.items() if wanted is None or week in wanted}


class More(NamedTuple):
    """How far what was confirmed since is taken in."""

    #: nothing more is to be read now
    done: bool
    #: the weeks whose flags wait: too few are new, or were sorted anew
    left: frozenset[dt.date] = frozenset()


def engine_of(
    stores: Stores, owner: shelf.Owner, themes: Sequence[ThemeFacts], openable: Collection[str],
    weeks: Collection[dt.date] | None = None,
) -> Engine:  # fmt: skip
    """The engine for one request: with what was learnt, where that was for these themes and from flags that she opens.

    `openable` are the ids in hex of the threads that she can open; with `weeks`, of those weeks alone: nothing changed
    in the others since it was learnt.
    """
    cold, kept = cold_engine(tuple(themes)), _kept(stores, owner, themes)
    if kept.engine is None or not kept.of_weeks(weeks).keys() <= set(openable):
        return cold
    return copy(cold).know(kept.engine)


def known_of(
    stores: Stores, owner: shelf.Owner, sets: Sequence[Sequence[ThemeFacts]], openable: Collection[str]
) -> Known:
    """What she was taught, where that was for one of these sets of themes: the first where it was for none.

    Sets that differ in few themes may be told from it by `Engine.among`. Nothing is written.
    """
    for themes in sets:
        kept = _kept(stores, owner, themes)
        if kept.engine is not None and kept.flags.keys() <= set(openable):
            return Known(copy(cold_engine(tuple(themes))).know(kept.engine), kept.of_weeks(None))
    return Known(cold_engine(tuple(sets[0])), {})


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
    return _take_in(stores, owner, themes, kept, missing, texts, size)


def learn_more(
    stores: Stores, owner: shelf.Owner, themes: Sequence[ThemeFacts], weeks: Collection[dt.date],
    lessons: Sequence[Lesson], texts: Texts, size: int,
) -> More | None:  # fmt: skip
    """The same where only some weeks changed, and `lessons` are those of these weeks; None where it must begin anew."""
    kept, now = _kept(stores, owner, themes), {one.thread: one for one in lessons}
    before = kept.of_weeks(weeks)
    anew = {one for one, codes in before.items() if one in now and [*now[one].codes] != codes}
    missing = [one for one in lessons if one.thread not in kept.flags and one.week >= _oldest(kept)]
    too_many = len(anew) > CHANGED or len(kept.flags) + len(missing) > NEWEST + MORE
    if kept.engine is None or not before.keys() <= now.keys() or too_many:
        return None
    waiting = {now[one].week for one in anew}
    if len(missing) * PATIENCE < len(kept.flags):
        return More(done=True, left=frozenset(waiting | {one.week for one in missing}))
    done = not missing or _take_in(stores, owner, themes, kept, missing, texts, size)
    return More(done, frozenset(waiting))


def _oldest(kept: Learnt) -> dt.date:
    """What came before this week is too old to be learnt from: there are enough that are newer."""
    weeks = sorted((week for week, *_codes in kept.flags.values()), reverse=True)
    return dt.date.min if len(weeks) < NEWEST else dt.date.fromisoformat(weeks[NEWEST - 1])


def _take_in(
    stores: Stores, owner: shelf.Owner, themes: Sequence[ThemeFacts], kept: Learnt, missing: Sequence[Lesson],
    texts: Texts, size: int,
) -> bool:  # fmt: skip
    """Learn these, as many as one request may, and keep it; whether all of them are in."""
    taken = _taken(missing, texts)
    engine = Engine(themes) if kept.engine is None else copy(cold_engine(tuple(themes))).know(kept.engine)
    for lesson, text in taken:
        engine.add(text, lesson.codes)
        kept.flags[lesson.thread] = [str(lesson.week), *lesson.codes]
    row = shelf.Row(shelf.LEARNT, shelf.ALWAYS, _packed(kept, engine, size), size)
    return shelf.keep(stores, owner, [row], kept.threads) and len(taken) == len(missing)


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
    changed = sum(now[one] != codes for one, codes in kept.of_weeks(None).items())
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
