"""How a promise stands, in one sentence each: the ledger, the report and the board paper say the same. Pure."""

from collections.abc import Mapping, Sequence

from concerns.audit.rules import in_words
from concerns.disclosure.periods import Period
from concerns.learning.promises import rules
from concerns.learning.promises.rules import OUTCOMES, RESULTS, STRUCTURAL_WARNING, Standing


def how(standing: Standing) -> str:
    """What became of it, and when."""
    outcome = standing.outcome
    if standing.closed is None:
        return f"Overdue since {in_words(standing.since)}" if outcome == rules.OVERDUE else OUTCOMES[outcome]
    day = in_words(standing.closed)
    return {
        rules.DONE_LATE: f"Done late, on {day}",
        rules.DROPPED: f"Dropped on {day}",
        rules.DROPPED_LATE: f"Dropped on {day}, after its date",
        rules.ENDED_EARLY: f"Ended early, on {day}: its exit criteria were met",
    }.get(outcome, f"{OUTCOMES[outcome]}, {day}")


def worked(standing: Standing) -> str:
    """What the newest look at it found; empty where nobody looked."""
    found = standing.reviewed
    return f"{RESULTS[found.result]}, looked at again on {in_words(found.day)}" if found else ""


def to_review(standing: Standing) -> str:
    """When it is to be looked at again; empty where it is not."""
    if standing.review is None:
        return ""
    if standing.review_due:
        return f"To be looked at again since {in_words(standing.review)}: did it work?"
    return f"To be looked at again on {in_words(standing.review)}"


def tally(results: Mapping[str, int]) -> str:
    """How many actions worked: “2 worked, 1 did not work”."""
    verbs = {
        rules.WORKED: "worked",
        rules.PARTLY: "worked partly",
        rules.FAILED: "did not work",
        rules.TOO_EARLY: "too early to say",
    }
    return ", ".join(f"{count} {verbs[result]}" for result, count in results.items())


def structural(periods: Sequence[Period]) -> str:
    """The warning of a period in which structures were changed above all; empty where there is none."""
    return f"In {' and in '.join(one.in_words for one in periods)}, {STRUCTURAL_WARNING}" if periods else ""
