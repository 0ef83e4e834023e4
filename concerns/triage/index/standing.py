"""Where a flag stands, from what guardians signed in its thread: who sorted it, who has it, what is owed, what waits."""

import datetime as dt
from collections.abc import Mapping, Sequence

from concerns.charter.manifest import Manifest
from concerns.sealing.envelope import Kind, Sealed
from concerns.sealing.saying import said
from concerns.sealing.text import from_text
from concerns.triage.acting.ours import counts_again
from concerns.triage.acts import DAYS_TO_AGREE, acts
from concerns.triage.index.card import short, told_text
from concerns.triage.owed import course, decided, decides, owed, sortings
from concerns.triage.reading import Flag
from concerns.triage.retaining.holding import hold_of


def sorters_of(flag: Flag, manifest: Manifest) -> list[str]:
    """Who sorted it: each once, in the order of the first time, the last one to sort it at the end."""
    found: list[str] = []
    for entry in filter(decides, sortings(flag)):
        key = manifest.by_signer(entry.signer)
        person = short(key.person_id if key else entry.signer or b"")
        if person in found:
            found.remove(person)
        found.append(person)
    return found


def holder_of(flag: Flag, sorters: Sequence[str]) -> str:
    """Who has it: to whom it was handed over last, or who sorted it last."""
    for act in reversed(acts(flag, "hold")):
        try:
            return short(from_text(said(act.act, "person")))
        except ValueError:
            continue
    return sorters[-1] if sorters else ""


def owed_in(flag: Flag, manifest: Manifest, clocks: Mapping[str, int]) -> list[tuple[str, int]]:
    """What is owed with its day, as an ordinal, the earliest first."""
    return [(one.what, one.day.toordinal()) for one in owed(flag, readers_of(flag, manifest), clocks)]


def readers_of(flag: Flag, manifest: Manifest) -> int:
    """How many guardians read it as their daily work: a stand-in reads second only where she is asked."""
    return sum(guardian.person_id not in flag.thread.exclusions for guardian in manifest.first_readers)


def answered(flag: Flag) -> bool:
    """Whether a guardian wrote to the reporter since she last said that she is treated badly."""
    for entry in reversed(flag.entries):
        if entry.about == "detriment" and entry.signer is not None:
            return False
        if entry.kind is Kind.REPLY and entry.text and entry.guardian:
            return True
    return False


def unanswered_text(flag: Flag) -> str:
    """What no record of a guardian answers yet: all that was told until it is sorted, then what was added since.

    A record answers what its guardian had before her: an addition that was collected after it is news even where its
    week began before that day.
    """
    if not decided(flag):
        return told_text(flag)
    places = {entry.link: place for place, entry in enumerate(flag.entries)}
    records = sortings(flag)
    seen = max((places.get(said(one.payload, "seen"), -1) for one in records), default=-1)
    newest = max((places[one.link] for one in records), default=-1)
    added = [
        entry.text
        for place, entry in enumerate(flag.entries)
        # what is not proven to be the reporter's is nobody's to have seen: there the order says which came first
        if entry.kind is Kind.DETAIL and place > (seen if entry.proven else newest)
    ]
    return "\n".join(text for text in added if text)


def damaged(flag: Flag) -> bool:
    """Whether something of what a guardian sees is missing, or does not open."""
    return flag.thread.gap or bool(shut_in(flag))


def shut_in(flag: Flag) -> list[Sealed]:
    """The envelopes that a guardian should see in it and cannot open: what a reporter adds once it is collected."""
    opened = {item.sealed.header.envelope_id for item in flag.thread.items}
    return [row for row in flag.thread.rows if row.header.envelope_id in flag.visible - opened]


def asked_until(flag: Flag, sign_public: bytes) -> int:
    """The last day, as an ordinal, on which she may agree to what another guardian proposed; 0 for none."""
    answered_by = [(said(entry.act, "to"), entry.signer) for entry in acts(flag, "agree")]
    withdrawn = {said(entry.act, "to") for entry in acts(flag, "withdraw")}
    days = [
        (entry.day or entry.week).toordinal() + DAYS_TO_AGREE
        for entry in acts(flag, "propose")
        if entry.signer != sign_public and entry.link not in withdrawn
        # nobody agrees with herself
        if not any(to == entry.link and signer != entry.signer for to, signer in answered_by)
    ]
    return max(days, default=0)


def concluded_on(flag: Flag) -> dt.date | None:
    """The day since which nothing more is to be done; None for a flag that is not concluded."""
    return course(flag, 0).finished


def counts_since(flag: Flag) -> dt.date | None:
    """The day from which a close counts it: that of its first sorting, or a later one on which it counted again."""
    days = [day for one in sortings(flag) if (day := one.day)]
    return max([min(days), *counts_again(flag)]) if days else None


def held_until(flag: Flag) -> int:
    """Until when a legal hold keeps it, or a proposal that waits for another guardian; as an ordinal, 0 for neither."""
    hold = hold_of(flag)
    return max(hold.until.toordinal() if hold else 0, asked_until(flag, b""))
