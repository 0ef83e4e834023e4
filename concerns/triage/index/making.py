"""Makes a flag's card, for one guardian and by the rules in force."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concerns.charter.manifest import Manifest
from concerns.sealing.saying import listed, said
from concerns.triage.acting.ours import not_ours
from concerns.triage.events.rules import event_in
from concerns.triage.index.card import Card, State, short
from concerns.triage.index.serious import Serious
from concerns.triage.index.standing import (
    answered,
    asked_until,
    concluded_on,
    counts_since,
    damaged,
    held_until,
    holder_of,
    owed_in,
    sorters_of,
    unanswered_text,
)
from concerns.triage.owed import decided, sortings
from concerns.triage.reading import Desk, Flag
from concerns.triage.rules import first_words

#: a code, a status or the like has at most so many letters; anything longer was put there by somebody else
LONGEST_CODE = 20
MOST_THEMES, MOST_SERIOUS, MOST_SORTERS, MOST_KEPT_OUT = 6, 3, 6, 4
#: duties of other lists: who reads it second, and themes that come back
SECOND_READER, WATCH = "Second reader", "Look whether it came back"
#: somebody who was treated badly is asked again after one month, three and six
CHECK = "Ask again how they are treated"


@dataclass(frozen=True)
class Reader:
    """For whom a card is made, and by which rules."""

    desk: Desk
    person_id: bytes
    sign_public: bytes
    serious: Serious

    def clocks(self, week: dt.date) -> Mapping[str, int]:
        """What is owed to a flag is what was promised in its week."""
        return self.desk.charter.policy_on(week).clocks


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
        sorted=decided(flag),
        status=_code(flag.step.status),
        outcome=_code(flag.step.outcome or ""),
        primary=_code(said(standing, "primary")),
        themes=[code for one in listed(standing, "themes") if (code := _code(one))][:MOST_THEMES],
        **_who_and_when(flag, reader),
        messages=len(messages),
        waits=bool(messages) and messages[-1].guardian is None,
        mine_last=bool(flag.entries) and flag.entries[-1].signer == reader.sign_public,
        doubted=flag.doubted,
        damaged=damaged(flag),
        serious=reader.serious.found(unanswered_text(flag))[:MOST_SERIOUS],
        asked_until=asked_until(flag, reader.sign_public),
        event=event.id if (event := event_in(entry.act for entry in flag.entries if entry.proven)) else "",
        ours=not_ours(flag) is None,
        kept_out=_kept_out(flag, reader.desk.charter.manifest),
        concluded=_ordinal(concluded_on(flag)),
        counts_since=_ordinal(counts_since(flag)),
        held_until=held_until(flag),
    )


def _who_and_when(flag: Flag, reader: Reader) -> dict[str, Any]:
    """Who sorted it on which days, who has it, and what is owed next."""
    manifest, records = reader.desk.charter.manifest, sortings(flag)
    sorters = sorters_of(flag, manifest)
    duties = owed_in(flag, manifest, reader.clocks(flag.facts.week))
    owed, owed_day = next(((what, day) for what, day in duties if what not in (SECOND_READER, WATCH)), ("", 0))
    return {
        "last_day": _ordinal(records[-1].day if records else None),
        "first_day": _ordinal(records[0].day if records else None),
        "sorters": sorters[-MOST_SORTERS:],
        "holder": holder_of(flag, sorters),
        "owed": owed,
        "owed_day": owed_day,
        "check": next((day for what, day in duties if what == CHECK), 0),
        "second": next((day for what, day in duties if what == SECOND_READER and flag.facts.tier != "imported"), 0),
    }


def _kept_out(flag: Flag, manifest: Manifest) -> list[str]:
    """Of the guardians who read every day; whatever else stands there as an id is nobody's."""
    kept_out = (one.person_id for one in manifest.first_readers if one.person_id in flag.thread.exclusions)
    return sorted(map(short, kept_out))[:MOST_KEPT_OUT]


def _code(text: str) -> str:
    return text if len(text) <= LONGEST_CODE else ""


def _ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else 0
