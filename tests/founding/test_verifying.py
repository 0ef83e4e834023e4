import datetime as dt

import pytest
from sqlalchemy import delete, text

from concerns.disclosure.model import Release
from concerns.founding.verifying import Finding, verify
from concerns.triage.closing.service import close_part, closing_page
from tests.cast import Instance
from tests.charter.test_amending import amend


def ledger(instance: Instance) -> list[Finding]:
    return [finding for finding in verify(instance.house, []) if finding.name == "ledger"]


def close_first_quarter(instance: Instance) -> None:
    """An empty one: the instance was founded in November."""
    instance.clock.now = dt.datetime(2027, 1, 21, 9, tzinfo=dt.UTC)
    for name in ("gita", "gwen"):
        guardian = instance.guardian(name)
        close_part(instance.house, guardian.person_id, guardian.secret, "2026-Q4")


def test_a_new_instance_has_a_whole_ledger_and_no_release(instance: Instance) -> None:
    assert ledger(instance) == [Finding("ledger", True, "The chain is whole; 0 releases equal their lines.")]


def test_a_missing_release_row_is_a_fault_until_a_guardian_looks(instance: Instance) -> None:
    close_first_quarter(instance)
    assert ledger(instance) == [Finding("ledger", True, "The chain is whole; 1 releases equal their lines.")]
    with instance.stores.write_main() as main:
        main.execute(delete(Release))
    (finding,) = ledger(instance)
    assert finding.good is False
    assert finding.words.startswith("The release of 2026-Q4 stands in the ledger only.")
    closing_page(instance.house)
    assert [finding.good for finding in ledger(instance)] == [True]


def test_a_changed_or_missing_ledger_is_a_fault(instance: Instance) -> None:
    path = instance.directory / "ledger.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"line":1', b'"line":2'))
    assert [finding.good for finding in ledger(instance)] == [False]
    path.unlink()
    assert [finding.good for finding in ledger(instance)] == [False]


def test_every_check_of_a_sound_instance_passes(instance: Instance) -> None:
    findings = verify(instance.house, [])
    assert [finding for finding in findings if finding.good is False] == []
    good = {finding.name for finding in findings if finding.good}
    # on PostgreSQL a login of its own for leaders' pages is a choice
    assert good - {"leaders"} == {"settings", "schema", "charter", "policy", "ledger", "log", "disk", "languages"}
    assert [finding.good for finding in findings if finding.name == "leaders"] in ([True], [None])


def test_the_versions_of_the_policy_are_named_with_their_signers(instance: Instance) -> None:
    amend(instance, retention_months=24)
    assert [finding.words for finding in verify(instance.house, []) if finding.name == "policy"] == [
        "Version 1 of the policy, signed by Gita, Gwen.",
        "Version 2 of the policy from 2026-12-27 on, signed by Gita, Gwen.",
    ]


def test_a_forbidden_setting_is_a_fault(instance: Instance) -> None:
    assert Finding("settings", False, "DEBUG is set.") in verify(instance.house, ["DEBUG is set."])


def test_a_missing_pin_of_a_signed_charter_is_a_fault(instance: Instance) -> None:
    (instance.directory / "manifest.pin").unlink()
    (finding,) = [one for one in verify(instance.house, []) if one.name == "charter"]
    assert finding.good is False and "manifest.pin is missing" in finding.words


def test_a_short_secret_is_a_fault(instance: Instance) -> None:
    (instance.directory / "desk.key").write_text("")
    assert "too short" in " ".join(one.words for one in verify(instance.house, []) if one.good is False)


@pytest.mark.parametrize("value", ["'[]'", "'5'", "'{\"a\": []}'"])
def test_odd_signatures_are_a_refused_charter_and_no_crash(instance: Instance, value: str) -> None:
    with instance.stores.write_main() as main:
        main.execute(text(f"UPDATE charter_page SET signatures = {value} WHERE chain = 'policy'"))
    (finding,) = [one for one in verify(instance.house, []) if one.name == "charter"]
    assert finding.good is False and "not signed by two guardians" in finding.words
