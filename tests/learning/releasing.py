"""Texts that Gita and Gwen released, put straight into the store, and what a naive reader of the store would show."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.disclosure.ledger import Ledger
from concerns.disclosure.nodes import Node
from concerns.learning.model import ReleasedText
from concerns.learning.rules import Words, parts_in
from concerns.learning.service import Approval, release
from concerns.learning.standing import Authority, authority
from concerns.sealing.signing import sign
from concerns.store.base import new_id
from tests.cast import Guardian, Instance
from tests.reports.releases import body, put

GENERAL = "People say that nights are thinly staffed. We will look at how shifts are planned."
NARRATIVE = Words("narrative", "2026-Q1", "N01", {"text": GENERAL})
VIEW = Words("view", "2026-Q1", "", {"text": GENERAL})
POINT = Words("learning", "", "N01", {"text": GENERAL})
ESCALATION = Words("escalation", "", "severe", {"text": GENERAL})
ANSWER = Words("answer", "", "N01", {"known": "Nights are hard to staff.", "doing": GENERAL, "heard": ""})


def freeze(instance: Instance, **values: int) -> None:
    """The first quarter is frozen; a theme that is not named here measured 0."""
    with instance.stores.write_main() as main:
        put(
            main,
            Ledger(instance.directory),
            body({Node(theme=code): measured for code, measured in (values or {"N01": 40}).items()}),
        )


def approval(instance: Instance, name: str, words: Words) -> Approval:
    one: Guardian = instance.guardian(name)
    return Approval(one.person_id, sign(one.sign_seed, words.statement(instance.site_id)))


def released(instance: Instance, words: Words, today: dt.date | None = None, **changed: Any) -> bytes:
    """A text as both guardians released it; `changed` columns are written over it afterwards, as an intruder would."""
    text_id = new_id()
    both = (approval(instance, "gita", words), approval(instance, "gwen", words))
    with instance.stores.write_main() as main:
        release(main, text_id, words, both, trusted(instance, main), today or instance.clock().date())
        for name, value in changed.items():
            setattr(main.get_one(ReleasedText, text_id), name, value)
    return text_id


def trusted(instance: Instance, main: Session) -> Authority:
    found = authority(main, instance.directory)
    assert found is not None
    return found


def naive(main: Session) -> list[str]:
    """What a page would show that trusts the store."""
    rows = main.scalars(select(ReleasedText))
    return ["\n\n".join(filter(None, parts_in(row.kind, row.body).values())) for row in rows]
