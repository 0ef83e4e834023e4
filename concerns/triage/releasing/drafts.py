"""Texts that wait for a second guardian: sealed, of one size, and gone after their last day."""

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select

from concerns.charter.manifest import Manifest
from concerns.learning.rules import KINDS, Words
from concerns.sealing.box import BoxRefused, open_fixed, seal_fixed
from concerns.sealing.excluding import excluded_kids
from concerns.sealing.keys import Holder
from concerns.sealing.passwords import WrongKey, open_secret, seal_secret
from concerns.sealing.saying import day_said, listed, said
from concerns.sealing.text import canonical, from_text, to_text
from concerns.store.inserting import insert_or_replace
from concerns.store.session import Stores
from concerns.triage.acts import DAYS_TO_AGREE
from concerns.triage.model import TextDraft

_PURPOSE = "text that waits"
#: every draft has this size before it is sealed: JSON may end in spaces
_SIZE = 32_768
_KEY_BYTES = 32


@dataclass(frozen=True)
class Draft:
    """A text that waits, with the signature of the guardian who proposed it."""

    id: bytes
    words: Words
    day: dt.date
    #: the guardian who proposed it, in hex, and her signature under the words' statement
    by: str
    signature: bytes
    #: the threads that a learning point rests on, in hex
    flags: tuple[str, ...] = ()
    #: the promise whose words leaders ask to release, in hex; empty for guardians' own texts
    source: str = ""
    #: the persons who must not read one of those flags, and so not this
    excluded: frozenset[bytes] = frozenset()
    #: who declined it, and why
    declined_by: str = ""
    reason: str = ""

    @property
    def until(self) -> dt.date:
        """The last day on which somebody may agree."""
        return self.day + dt.timedelta(days=DAYS_TO_AGREE)


def put(stores: Stores, manifest: Manifest, draft: Draft) -> None:
    """Store a draft, in place of the one with its id."""
    key = secrets.token_bytes(_KEY_BYTES)
    box = seal_fixed(manifest.kem_publics, key, _PURPOSE, _KEY_BYTES, excluded_kids(draft.excluded, manifest.kids))
    payload = canonical(_content(draft))
    if len(payload) > _SIZE:
        raise ValueError("the draft does not fit")
    row = {
        "id": draft.id,
        "key": box,
        "sealed": seal_secret(key, payload.ljust(_SIZE), _PURPOSE, draft.id),
        "expires_on": draft.until + dt.timedelta(days=6 - draft.until.weekday()),
    }
    with stores.write_live() as live:
        insert_or_replace(live, TextDraft, [row])


def opened(stores: Stores, kem_seed: bytes, today: dt.date) -> list[Draft]:
    """The drafts that this guardian can open and that are not over, by their last day. What is over is deleted."""
    with stores.write_live() as live:
        live.execute(delete(TextDraft).where(TextDraft.expires_on < today))
        rows = live.execute(select(TextDraft.id, TextDraft.key, TextDraft.sealed)).all()
    holder = Holder(kem_seed)
    drafts = [draft for row in rows if (draft := _opened(holder, *row)) is not None]
    return sorted((one for one in drafts if today <= one.until), key=lambda one: (one.until, one.id))


def forget(stores: Stores, draft_id: bytes) -> None:
    """The draft is gone."""
    with stores.write_live() as live:
        live.execute(delete(TextDraft).where(TextDraft.id == draft_id))


def declined(draft: Draft, by: str, reason: str) -> Draft:
    """The same draft with a no."""
    return replace(draft, declined_by=by, reason=reason)


def _content(draft: Draft) -> dict[str, Any]:
    words = draft.words
    return {
        "kind": words.kind,
        "period": words.period,
        "about": words.about,
        "rules": words.rules,
        "parts": dict(words.parts),
        "day": draft.day.isoformat(),
        "by": draft.by,
        "signature": to_text(draft.signature),
        "flags": list(draft.flags),
        "source": draft.source,
        "excluded": sorted(person.hex() for person in draft.excluded),
        "declined_by": draft.declined_by,
        "reason": draft.reason,
    }


def _opened(holder: Holder, draft_id: bytes, box: bytes, sealed: bytes) -> Draft | None:
    """A draft as it was sealed; None for one that is not for this guardian, or that is none."""
    try:
        key = open_fixed(holder, box, _PURPOSE)
        content = json.loads(open_secret(key, sealed, _PURPOSE, draft_id))
        return _draft(draft_id, content)
    except (BoxRefused, WrongKey, ValueError):
        return None


def _draft(draft_id: bytes, content: Mapping[str, Any]) -> Draft | None:
    day, parts, rules = day_said(content), content.get("parts"), content.get("rules")
    if day is None or said(content, "kind") not in KINDS or not isinstance(parts, dict) or not isinstance(rules, int):
        return None
    for one in (said(content, "by"), said(content, "source"), *listed(content, "flags")):
        bytes.fromhex(one)  # raises ValueError: none of ours has another form
    texts = {name: said(parts, name) for name in KINDS[said(content, "kind")]}
    return Draft(
        id=draft_id,
        words=Words(said(content, "kind"), said(content, "period"), said(content, "about"), texts, rules),
        day=day,
        by=said(content, "by"),
        signature=from_text(said(content, "signature")),
        flags=tuple(listed(content, "flags")),
        source=said(content, "source"),
        excluded=frozenset(bytes.fromhex(one) for one in listed(content, "excluded")),
        declined_by=said(content, "declined_by"),
        reason=said(content, "reason"),
    )
