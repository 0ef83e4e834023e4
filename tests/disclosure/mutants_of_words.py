"""Leaders' rights, the rules of texts, the reader of sealed flags and the auditor, with one thing broken at a time."""

from dataclasses import dataclass

import pytest

from tests.disclosure import checks_of_words as checks
from tests.disclosure.mutants import Change, Edit

RIGHTS, TEXTS, CONSENT = (
    "concerns.store.rights",
    "concerns.triage.releasing.service",
    "concerns.triage.releasing.consent",
)
LEARNING, RELEASED, STANDING = "concerns.learning.service", "concerns.learning.released", "concerns.learning.standing"
CLOSING, AUDITOR = "concerns.triage.closing.service", "tests.attacks.auditor"


@dataclass(frozen=True)
class Mutant:
    """Something broken, and the check that must fail it."""

    name: str
    killed_by: checks.Check
    changes: tuple[Change, ...]

    def apply(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for change in self.changes:
            change.apply(monkeypatch)

    def __str__(self) -> str:
        return self.name


def mutant(name: str, killed_by: checks.Check, module: str, function: str, old: str, new: str) -> Mutant:
    return Mutant(name, killed_by, (Edit(module, function, ((old, new),)),))


_RELEASE = checks.d13_a_narrative_stands_on_a_shown_number
_SIGNED = checks.d13_two_different_guardians_signed_these_very_words
_CHECKED = checks.d13_both_guardians_run_the_check_among_the_flags_that_they_can_open

MUTANTS = (
    # leaders' session
    mutant(
        "leaders’ session reads every table",
        checks.d1_leaders_session_reads_released_tables_alone,
        *(RIGHTS, "_authorize", "sqlite3.SQLITE_READ and first in RELEASED", "sqlite3.SQLITE_READ"),
    ),
    mutant(
        "leaders’ session writes what was released",
        checks.d1_leaders_session_reads_released_tables_alone,
        *(RIGHTS, "_authorize", "and first in WRITTEN", "and first in RELEASED"),
    ),
    mutant(
        "what leaders’ session may not do is done",
        checks.d1_leaders_session_reads_released_tables_alone,
        *(RIGHTS, "_authorize", "else sqlite3.SQLITE_DENY", "else sqlite3.SQLITE_OK"),
    ),
    # sealed flags
    mutant(
        "a flag that does not open lost to both closers",
        checks.d4_a_sealed_flag_that_excludes_one_closer_is_counted,
        *(CLOSING, "reader_for", "yield Unopened(thread_id)", "pass"),
    ),
    # who signed which words
    mutant(
        "one guardian twice",
        _SIGNED,
        *(STANDING, "holds", "row.kind not in KINDS or row.first_id == row.second_id", "row.kind not in KINDS"),
    ),
    mutant("one signature of two", _SIGNED, *(STANDING, "holds", "return all(", "return any(")),
    mutant(
        "a text that is not the one of its hash",
        _SIGNED,
        *(STANDING, "holds", "words.body != row.body or words.hash != row.hash", "words.body != row.body"),
    ),
    mutant(
        "the same signature under both names",
        _SIGNED,
        *(STANDING, "Authority.signed", "self.keys.get(person_id, ())", "sum(self.keys.values(), ())"),
    ),
    # what it stands on
    mutant(
        "a narrative on a hidden number",
        _RELEASE,
        *(LEARNING, "_on_a_release", "words.about not in shown_keys(frozen.stored)", "False"),
    ),
    mutant(
        "words on a period that is not frozen",
        _RELEASE,
        *(LEARNING, "_on_a_release", "if frozen is None:", "if frozen is None and words.kind == NARRATIVE:"),
    ),
    mutant(
        "a narrative shown beside a number that is hidden now",
        _RELEASE,
        *(RELEASED, "spoken", "one.kind == NARRATIVE and one.about in shown", "one.kind == NARRATIVE"),
    ),
    mutant(
        "what we heard on nothing",
        checks.d13_what_was_heard_stands_on_a_shown_number_or_on_consent,
        *(LEARNING, "may_say", 'if not parts.get("heard"):', "if True:"),
    ),
    mutant(
        "a learning point on a flag whose reporter wanted to be asked",
        checks.d13_a_learning_point_rests_on_what_reporters_agreed_to,
        *(CONSENT, "agreed", "== ASKED_FIRST and asked", "== ASKED_FIRST"),
    ),
    # the text check
    mutant("no text check", _CHECKED, *(TEXTS, "_may_be_released", "checked(session, words)", "pass")),
    mutant(
        "no text check by the second guardian",
        _CHECKED,
        *(TEXTS, "agree", "_may_be_released(session, draft.words, draft.flags, draft.source)", "pass"),
    ),
    # the test bench's own auditor
    mutant(
        "an auditor without a least value",
        checks.d16_the_auditor_breaks_primary_suppression_alone,
        *(AUDITOR, "intervals", "least = math.ceil(solver.val(column) - _SLACK)", "least = 0"),
    ),
    mutant(
        "an auditor without a largest value",
        checks.d16_the_auditor_breaks_primary_suppression_alone,
        *(AUDITOR, "intervals", "if bounded else math.inf", "if False else math.inf"),
    ),
    mutant(
        "an auditor that solves what cannot be solved",
        checks.d16_the_auditor_fails_on_a_complemented_table,
        *(
            AUDITOR,
            "intervals",
            "found[cell] = Interval(least, ",
            "found[cell] = Interval(least, least) if least == 0 else Interval(least, ",
        ),
    ),
)
