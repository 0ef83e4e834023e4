"""The self-check of an instance: schema, charter, ledger, forbidden settings; one line for each."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from concerns.areas.queries import NoOrganisation, organisation
from concerns.charter.manifest import Manifest
from concerns.charter.service import PIN, CharterRefused, NotOpenYet, all_signed, current
from concerns.disclosure.budget import OverBudget, check
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.queries import ledger_problems, releases
from concerns.founding import duties_check, log_check
from concerns.sealing.rewrapping import lacks
from concerns.store.house import House
from concerns.store.schema import differences, is_current

SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Finding:
    """What one check found; `good` is None for something to know that is not a fault."""

    name: str
    good: bool | None
    words: str


def verify(house: House, environ_faults: list[str]) -> list[Finding]:
    """Run every check; a check that raises something unforeseen is a fault too."""
    checks: dict[str, Callable[[], Iterator[Finding]]] = {
        "settings": lambda: _settings(house, environ_faults),
        "schema": lambda: _schema(house),
        "charter": lambda: _charter(house),
        "ledger": lambda: _ledger(house),
        "duties": lambda: (Finding("duties", good, words) for good, words in duties_check.problems(house)),
        "log": lambda: (Finding("log", good, words) for good, words in log_check.problems(house)),
        "rehearsal": lambda: _rehearsal(house),
    }
    findings: list[Finding] = []
    for name, run in checks.items():
        try:
            findings += list(run())
        except Exception as error:  # noqa: BLE001 - whatever it is, the check did not pass
            findings.append(Finding(name, False, f"The check could not be made: {type(error).__name__}."))
    return findings


def _settings(house: House, faults: list[str]) -> Iterator[Finding]:
    for fault in faults:
        yield Finding("settings", False, fault)
    secret = house.directory / "desk.key"
    if not secret.exists():
        yield Finding("settings", False, "The desk’s secret file is missing.")
    elif secret.stat().st_mode & 0o077:
        yield Finding("settings", False, "The desk’s secret file can be read by others: chmod 600 it.")
    elif len(secret.read_bytes().strip()) < SHORTEST_SECRET:
        yield Finding(
            "settings", False, "The desk’s secret file is empty or too short: remove it and run `concerns init`."
        )
    elif not faults:
        yield Finding("settings", True, "No forbidden setting; the secret file is private.")
    if os.environ.get("PYTHONMALLOC") != "malloc":
        yield Finding("settings", None, "Outside `concerns run` the allocator’s settings are not in force.")


def _schema(house: House) -> Iterator[Finding]:
    if not is_current(house.stores):
        yield Finding("schema", False, "The stores are not at the newest revision.")
    elif differences(house.stores):
        yield Finding("schema", False, "The tables differ from what this version expects.")
    else:
        yield Finding("schema", True, "Both stores are at the newest revision.")


def _charter(house: House) -> Iterator[Finding]:
    try:
        with house.stores.read_main() as main:
            charter = current(main, house.directory)
        check(charter.policy.kinds)
    except NotOpenYet:
        with house.stores.read_main() as main:
            lost = all_signed(main)
        if lost:
            yield Finding("charter", False, f"All guardians have signed, and {PIN} is missing: put it back.")
        else:
            yield Finding("charter", None, "Not open yet: the guardians have not all made and signed their keys.")
    except CharterRefused as error:
        yield Finding("charter", False, f"The charter is refused: {error}.")
    except OverBudget as error:
        yield Finding("charter", False, str(error))
    else:
        count = len(charter.manifest.guardians)
        words = f"Manifest signed by all {count} guardians, policy by two; check code {charter.check_code}."
        if charter.manifest.version > 1:
            words = (
                f"Manifest version {charter.manifest.version} with {count} guardians: each version is signed by two "
                f"guardians of the one before; check code {charter.check_code}."
            )
        yield Finding("charter", True, words)
        yield from _wraps(house, charter.manifest)


def _wraps(house: House, manifest: Manifest) -> Iterator[Finding]:
    """Whether every envelope is sealed to every guardian, as it must look from outside."""
    if manifest.version == 1:
        return
    with house.stores.read_main() as main:
        behind = lacks(main, manifest.kids.values())
    if behind:
        words = "Some envelopes have no wrap for a guardian: let any guardian open the page on guardians’ keys."
        yield Finding("charter", False, words)


def _ledger(house: House) -> Iterator[Finding]:
    with house.stores.read_main() as main:
        problems = ledger_problems(main, Ledger(house.directory))
        count = len(releases(main)) if not problems else 0
    for problem in problems:
        yield Finding("ledger", False, problem)
    if not problems:
        yield Finding("ledger", True, f"The chain is whole; {count} releases equal their lines.")


def _rehearsal(house: House) -> Iterator[Finding]:
    try:
        with house.stores.read_main() as main:
            rehearsal = organisation(main).rehearsal
    except NoOrganisation as error:
        yield Finding("organisation", False, str(error))
        return
    if rehearsal:
        yield Finding("rehearsal", None, "This is a rehearsal: its secrets came from a file. It must not be launched.")
