"""Checks the whole log: its chain, and that it still holds what each guardian signed at her last sign-in."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from concerns.audit.heads import is_signed
from concerns.audit.model import AuditHead, AuditRow
from concerns.audit.rules import NOTHING_BEFORE, Entry, in_words
from concerns.audit.sites import sites

#: entries that are in memory at one time
AT_ONCE = 200
#: deeds of a guardian that end with her signature under the log
SIGNING = ("in", "set-up")


@dataclass(frozen=True)
class Signer:
    """A guardian whose signature is looked for; all her public signing keys, earlier ones included."""

    name: str
    keys: Collection[bytes]
    #: she made her keys in a session of her own, so that there must be a signature
    must_sign: bool


@dataclass(frozen=True)
class Checked:
    """How many entries there are, and one sentence for each thing that is wrong."""

    count: int
    problems: tuple[str, ...]


def check(main: Session, site_id: bytes, signers: Mapping[bytes, Signer]) -> Checked:
    """Read the whole log; `signers` are the guardians by their person ids."""
    heads = {row.person_id: row for row in main.scalars(select(AuditHead).where(AuditHead.person_id.in_(signers)))}
    wanted = {row.n for row in heads.values()}
    chained = sites(main, site_id)
    count, before, found = 0, NOTHING_BEFORE, {0: NOTHING_BEFORE}
    for entry, stored in _entries(main):
        count += 1
        if entry.n != count or entry.previous != before or entry.hash(chained.of(count)) != stored:
            return Checked(count, (f"Entry {count} of the log has been changed, moved or taken out.",))
        before = stored
        if count in wanted:
            found[count] = stored
    problems = [
        problem
        for person_id, signer in signers.items()
        if (problem := _problem(main, chained.all, person_id, signer, heads.get(person_id), found))
    ]
    return Checked(count, tuple(problems))


def _entries(main: Session) -> Iterator[tuple[Entry, bytes]]:
    rows = select(*(getattr(AuditRow, name) for name in (*Entry.__dataclass_fields__, "hash"))).order_by(AuditRow.n)
    last: int | None = None
    while some := main.execute(rows.where(AuditRow.n > last if last is not None else true()).limit(AT_ONCE)).all():
        for *parts, stored in some:
            yield Entry(*parts), stored
        last = some[-1][0]


def _problem(
    main: Session,
    site_ids: Collection[bytes],
    person_id: bytes,
    signer: Signer,
    row: AuditHead | None,
    found: Mapping[int, bytes],
) -> str | None:
    if row is None:
        if signer.must_sign or _signed_in(main, person_id):
            return f"{signer.name} has signed in, and her signature under the log is missing."
        return None
    if not is_signed(row, site_ids, signer.keys):
        return f"The signature of {signer.name} under the log is not hers."
    if found.get(row.n) != row.hash:
        return f"The log no longer holds what {signer.name} signed on {in_words(row.day)}: it was cut or rewritten."
    return None


def _signed_in(main: Session, person_id: bytes) -> bool:
    rows = select(AuditRow.n).where(AuditRow.person_id == person_id, AuditRow.verb.in_(SIGNING)).limit(1)
    return main.scalar(rows) is not None
