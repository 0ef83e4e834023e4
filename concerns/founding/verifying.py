"""The self-check of an instance: schema, charter, ledger, forbidden settings; one line for each."""

import datetime as dt
import os
from collections.abc import Callable, Iterator

from concerns.areas.queries import NoOrganisation, organisation
from concerns.charter.manifest import Manifest
from concerns.charter.service import PIN, Charter, CharterRefused, NotOpenYet, all_signed, current
from concerns.charter.versions import on
from concerns.disclosure.budget import OverBudget, check
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.periods import Kind
from concerns.disclosure.queries import ledger_problems, releases
from concerns.founding import (
    certificates_check,
    collecting_check,
    copies_check,
    disk_check,
    duties_check,
    forbidden,
    languages_check,
    leaders_check,
    log_check,
    rows,
    shares_check,
)
from concerns.founding.finding import Finding, as_findings, asks
from concerns.sealing.rewrapping import lacks
from concerns.store.house import House
from concerns.store.schema import StoresNewer, is_current

SHORTEST_SECRET = 32
__all__ = ["Finding", "verify"]
_IN_FRONT = (
    "What a proxy, a firewall or a load balancer in front writes down cannot be seen from here: see docs/hosting.md."
)


#: what a host that serves the report door alone can answer for; the rest is the desk's
AT_THE_REPORT_DOOR = frozenset({"settings", "schema", "charter", "disk", "languages", "rehearsal"})


def verify(house: House, environ_faults: list[str], *, report_alone: bool = False) -> list[Finding]:
    """Run every check; a check that raises something unforeseen is a fault too.

    With `report_alone` those of a host that has neither the desk's secret nor the ledger, and needs neither.
    """
    checks: dict[str, Callable[[], Iterator[Finding]]] = {
        "settings": lambda: _settings(house, environ_faults, report_alone=report_alone),
        "schema": lambda: _schema(house),
        "charter": lambda: _charter(house),
        "ledger": lambda: _ledger(house),
        "leaders": lambda: as_findings("leaders", leaders_check.problems(house)),
        "shares": lambda: shares_check.problems(house),
        "copies": lambda: copies_check.problems(house),
        "collecting": lambda: collecting_check.problems(house),
        "duties": lambda: duties_check.problems(house),
        "log": lambda: as_findings("log", log_check.problems(house)),
        "certificate": lambda: certificates_check.problems(house),
        "disk": lambda: disk_check.problems(house),
        "languages": lambda: languages_check.problems(house),
        "rehearsal": lambda: _rehearsal(house),
    }
    findings: list[Finding] = []
    for name, run in checks.items():
        if report_alone and name not in AT_THE_REPORT_DOOR:
            continue
        try:
            findings += list(run())
        except NoOrganisation:
            continue  # the last check says so, once
        except Exception as error:  # noqa: BLE001 - whatever it is, the check did not pass
            findings.append(Finding(name, False, f"The check could not be made: {type(error).__name__}."))
    return findings


def _settings(house: House, faults: list[str], *, report_alone: bool) -> Iterator[Finding]:
    for fault in faults:
        yield Finding("settings", False, fault)
    secret = house.directory / "desk.key"
    if report_alone:
        if secret.exists():
            words = "The desk’s secret file, desk.key, is here. A report door alone needs none: remove it."
            yield asks("settings", words)
        elif not faults:
            yield Finding("settings", True, "No forbidden setting; the desk’s secret is not here.")
    elif not secret.exists():
        yield Finding("settings", False, "The desk’s secret file is missing.")
    elif secret.stat().st_mode & 0o077:
        yield Finding("settings", False, "The desk’s secret file can be read by others: chmod 600 it.")
    elif len(secret.read_bytes().strip()) < SHORTEST_SECRET:
        yield Finding(
            "settings", False, "The desk’s secret file is empty or too short: remove it and run `concerns init`."
        )
    elif not faults:
        yield Finding("settings", True, "No forbidden setting; the secret file is private.")
    yield from (Finding("settings", False, fault) for fault in forbidden.faults())
    yield Finding("settings", None, _IN_FRONT)
    if os.environ.get("PYTHONMALLOC") != "malloc":
        yield Finding("settings", None, "Outside `concerns run` the allocator’s settings are not in force.")


def _schema(house: House) -> Iterator[Finding]:
    try:
        known = is_current(house.stores)
    except StoresNewer as error:
        yield Finding("schema", False, str(error))
        return
    if not known:
        yield Finding("schema", False, "The stores are not at the newest revision.")
    elif rows.differences(house.stores):
        yield Finding("schema", False, "The tables differ from what this version expects.")
    else:
        yield Finding("schema", True, "Both stores are at the newest revision.")


def _charter(house: House) -> Iterator[Finding]:
    try:
        with house.stores.read_main() as main:
            charter = current(main, house.directory)
        for version in charter.policies:
            check(version.policy.kinds)
    except NotOpenYet:
        with house.stores.read_main() as main:
            lost = all_signed(main)
        if lost:
            words = f"All guardians have signed, and {PIN} is missing: put it back, or copy it from the desk’s host."
            yield Finding("charter", False, words)
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
        yield from (Finding("policy", True, words) for words in _rules(charter, house.today()))
        yield from _wraps(house, charter.manifest)


def _rules(charter: Charter, today: dt.date) -> Iterator[str]:
    """The version of the policy in force, those to come, and who signed each."""
    everybody = (*charter.manifest.guardians, *(former.key for former in charter.manifest.former))
    names = {guardian.person_id: guardian.name for guardian in everybody}
    for version in (on(charter.policies, today), *charter.announced(today)):
        signed = ", ".join(sorted(names[person] for person in version.signed))
        since = f" from {version.first_day.isoformat()} on" if version.first_day else ""
        yield f"Version {version.number} of the policy{since}, signed by {signed}."


def _wraps(house: House, manifest: Manifest) -> Iterator[Finding]:
    """Whether every envelope is sealed to every guardian, as it must look from outside."""
    if manifest.version == 1:
        return
    with house.stores.read_main() as main:
        behind = lacks(main, manifest.kids.values())
    if behind:
        words = "Some envelopes have no wrap for a guardian: let any guardian open the page on guardians’ keys."
        yield Finding("wraps", False, words)


def _ledger(house: House) -> Iterator[Finding]:
    with house.stores.read_main() as main:
        problems = ledger_problems(main, Ledger(house.directory))
        frozen = [] if problems else releases(main, *Kind)
    for problem in problems:
        yield Finding("ledger", False, problem)
    if not problems:
        yield Finding("ledger", True, f"The chain is whole; {len(frozen)} releases equal their lines.")
        for one in frozen:
            # to be held against the print that somebody kept
            yield Finding("release", None, f"{one.period}: ledger line {one.line}, SHA-256 {one.checksum}")


def _rehearsal(house: House) -> Iterator[Finding]:
    try:
        with house.stores.read_main() as main:
            rehearsal = organisation(main).rehearsal
    except NoOrganisation as error:
        yield Finding("organisation", False, str(error))
        return
    if rehearsal:
        yield Finding("rehearsal", None, "This is a rehearsal: its secrets came from a file. It must not be launched.")
