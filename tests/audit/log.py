"""Reads the log as somebody with the database does, forges it, and checks it as `concerns verify` does."""

import dataclasses
from collections.abc import Sequence

from sqlalchemy import delete, select, update

from concerns.audit.model import AuditRow
from concerns.audit.rules import NOTHING_BEFORE, Entry
from concerns.founding.verifying import Finding, verify
from concerns.people import noting
from tests.cast import Instance

COLUMNS = tuple(Entry.__dataclass_fields__)


def rows(instance: Instance) -> list[AuditRow]:
    """Every row, in the order of its number."""
    with instance.stores.read_main() as main:
        return list(main.scalars(select(AuditRow).order_by(AuditRow.n)))


def deeds(instance: Instance, name: str | None = None) -> list[str]:
    """The verbs of the log, or of one guardian's entries."""
    who = None if name is None else instance.secrets[name][0]
    return [row.verb for row in rows(instance) if who in (None, row.person_id)]


def faults(instance: Instance) -> list[str]:
    """What the self-check finds wrong with the log."""
    found = findings(instance)
    assert found, "the log was not checked at all"
    return [finding.words for finding in found if finding.good is False]


def findings(instance: Instance) -> list[Finding]:
    return [finding for finding in verify(instance.house, []) if finding.name == "log"]


def sign_in(instance: Instance, name: str) -> None:
    """A sign-in, without the slow stretch of a passphrase."""
    person_id, secret = instance.secrets[name]
    noting.signed_in(instance.house, person_id, secret)


def entries(instance: Instance) -> list[Entry]:
    return [Entry(**{name: getattr(row, name) for name in COLUMNS}) for row in rows(instance)]


def chained(instance: Instance, wanted: Sequence[Entry]) -> list[AuditRow]:
    """A forger's rows: numbered and chained as an honest log is. She needs no key for that."""
    forged, before = [], NOTHING_BEFORE
    for n, entry in enumerate(wanted, 1):
        entry = dataclasses.replace(entry, n=n, previous=before)
        before = entry.hash(instance.site_id)
        forged.append(AuditRow(**vars(entry), hash=before))
    return forged


def replace_all(instance: Instance, wanted: Sequence[AuditRow]) -> None:
    with instance.stores.write_main() as main:
        main.execute(delete(AuditRow))
        main.add_all(wanted)


def change(instance: Instance, n: int, /, **values: object) -> None:
    with instance.stores.write_main() as main:
        main.execute(update(AuditRow).where(AuditRow.n == n).values(**values))


def cut(instance: Instance, *numbers: int) -> None:
    with instance.stores.write_main() as main:
        main.execute(delete(AuditRow).where(AuditRow.n.in_(numbers)))


def numbers_run_on(instance: Instance) -> bool:
    """What a plain table of entries, without hashes, could check of itself."""
    found = [row.n for row in rows(instance)]
    return found == list(range(1, len(found) + 1))


def chain_holds(instance: Instance) -> bool:
    """What a chain of hashes that nobody signs could check of itself."""
    before = NOTHING_BEFORE
    for n, row in enumerate(rows(instance), 1):
        entry = Entry(**{name: getattr(row, name) for name in COLUMNS})
        if row.n != n or row.previous != before or entry.hash(instance.site_id) != row.hash:
            return False
        before = row.hash
    return True
