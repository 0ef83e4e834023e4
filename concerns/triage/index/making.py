"""Makes a flag's card, for one guardian and by the rules in force."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concerns.sealing.saying import listed, said
from concerns.triage.acting.ours import not_ours
from concerns.triage.events.rules import event_in
from concerns.triage.index.card import Card, State, told_text
from concerns.triage.index.serious import Serious
from concerns.triage.index.standing import answered, asked_until, damaged, holder_of, owed_in, sorters_of
from concerns.triage.owed import sortings
from concerns.triage.reading import Desk, Flag
from concerns.triage.rules import first_words

#: a code, a status or the like has at most so many letters; anything longer was put there by somebody else
LONGEST_CODE = 20
MOST_THEMES, MOST_SERIOUS, MOST_SORTERS = 6, 3, 6
#: duties of other lists: who reads it second, and themes that come back
SECOND_READER, WATCH = "Second reader", "Look whether it came back"


@dataclass(frozen=True)
class Reader:
    """For whom a card is made, and by which rules."""

    desk: Desk
    person_id: bytes
    sign_public: bytes
    serious: Serious

    @property
    def clocks(self) -> Mapping[str, int]:
        return self.desk.charter.policy.clocks


def card_of(flag: Flag, state: State, reader: Reader) -> Card:
    """The card of an opened flag."""
    record, messages = flag.record, flag.messages
    standing = record.payload if record else {}
    return Card(
        week=flag.facts.week,
        thread=flag.facts.thread_id.hex(),
        token=state.token,
        news=state.news,
        tier=flag.facts.tier,
        words=first_words(flag.told("text")),
        area=_code(said(standing, "area") or flag.told("area")),
        worry=_code(flag.told("worry")),
        consent=_code(flag.told("consent")),
        language=_code(flag.told("language")),
        channel=_code(flag.told("channel")),
        danger=flag.told("danger") == "yes",
        detriment=flag.badly_treated,
        detriment_answered=answered(flag),
        sorted=record is not None,
        status=_code(flag.step.status),
        outcome=_code(flag.step.outcome or ""),
        primary=_code(said(standing, "primary")),
        themes=[code for one in listed(standing, "themes") if (code := _code(one))][:MOST_THEMES],
        **_who_and_when(flag, reader),
        messages=len(messages),
        waits=bool(messages) and messages[-1].guardian is None,
        mine_last=bool(flag.entries) and flag.entries[-1].signer == reader.sign_public,
        doubted=flag.doubted,
        damaged=damaged(flag, state.visible),
        serious=reader.serious.found(told_text(flag))[:MOST_SERIOUS],
        asked_until=asked_until(flag, reader.sign_public),
        event=event.id if (event := event_in(entry.act for entry in flag.entries if entry.proven)) else "",
        ours=not_ours(flag) is None,
    )


def _who_and_when(flag: Flag, reader: Reader) -> dict[str, Any]:
    """Who sorted it on which days, who has it, and what is owed next."""
    manifest, records = reader.desk.charter.manifest, sortings(flag)
    sorters = sorters_of(flag, manifest)
    duties = owed_in(flag, manifest, reader.clocks)
    owed, owed_day = next(((what, day) for what, day in duties if what not in (SECOND_READER, WATCH)), ("", 0))
    return {
        "last_day": _ordinal(records[-1].day if records else None),
        "first_day": _ordinal(records[0].day if records else None),
        "sorters": sorters[-MOST_SORTERS:],
        "holder": holder_of(flag, sorters),
        "owed": owed,
        "owed_day": owed_day,
        "second": next((day for what, day in duties if what == SECOND_READER and flag.facts.tier != "imported"), 0),
    }


def _code(text: str) -> str:
    return text if len(text) <= LONGEST_CODE else ""


def _ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else 0
