"""What is owed in one flag's thread, from its sealed records. Only what a guardian signed makes a clock run or stop."""

import datetime as dt
from collections.abc import Mapping, Sequence

from concerns.sealing.envelope import Kind
from concerns.sealing.saying import listed, pair_said, said
from concerns.triage.clocks import Course, duties
from concerns.triage.reading import Entry, Flag
from concerns.triage.rules import CONSEQUENCES, FINISHED, Due, band, score_of


def owed(flag: Flag, readers: int, clocks: Mapping[str, int]) -> list[Due]:
    """All duties of a flag that so many guardians can read, the earliest first."""
    return duties(course(flag, readers), clocks)


def sortings(flag: Flag) -> list[Entry]:
    """The proven records that sort it, oldest first."""
    return [one for one in flag.entries if one.kind is Kind.TRIAGE and one.proven and not one.looked and one.guardian]


def decides(record: Entry) -> bool:
    """Whether a record says more than that somebody was here: a status past the first one, or a theme."""
    return record.step.status != "received" or bool(said(record.payload, "primary") or listed(record.payload, "themes"))


def decided(flag: Flag) -> bool:
    """Whether it is sorted: a note, a score or a reply alone leave it among the new ones."""
    return flag.record is not None and decides(flag.record)


def course(flag: Flag, readers: int) -> Course:
    """What its clocks run from."""
    records = sortings(flag)
    # who only left a note has read nothing for anybody else
    deciding = [one for one in records if decides(one)]
    detriments = [at for at, one in enumerate(flag.entries) if one.about == "detriment" and one.signer is not None]
    replies = [at for at, one in enumerate(flag.entries) if one.kind is Kind.REPLY and one.text and one.guardian]
    return Course(
        step=flag.step,
        week=flag.facts.week,
        last_day=records[-1].day if records else None,
        first_sorted=deciding[0].day if deciding else None,
        sorters=len({one.signer for one in deciding}),
        # what came from a spreadsheet had its readers before it came here
        readers=1 if flag.facts.tier == "imported" else readers,
        score=score_in(records[-1]) if records else 0,
        extreme_since=_since([band(score_in(one)) == "extreme" for one in records], records),
        reopened=_since([one.step.status == "reopened" for one in records], records, lasting=False),
        finished=_since([one.step.status in FINISHED for one in records], records),
        detriment=flag.entries[detriments[-1]].week if detriments else None,
        detriment_answered=bool(detriments and replies and replies[-1] > detriments[-1]),
        last_reply=max((day for at in replies if (day := flag.entries[at].day)), default=None),
    )


def score_in(record: Entry) -> int:
    """The 5×5 score of a record; 0 where it has none."""
    pair = pair_said(record.payload, "score", max(CONSEQUENCES))
    return score_of(*pair) if pair else 0


def _since(true: Sequence[bool], records: Sequence[Entry], *, lasting: bool = True) -> dt.date | None:
    """The day on which something last became true; with `lasting`, only where it still is."""
    if lasting and not (true and true[-1]):
        return None
    began = [at for at, now in enumerate(true) if now and not (at and true[at - 1])]
    return records[began[-1]].day if began else None
