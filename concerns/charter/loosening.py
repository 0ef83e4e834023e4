"""Field by field, which change of the policy loosens it and which tightens it, and what no policy may say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from concerns.areas.questions import Questions, trouble
from concerns.areas.rules import LEAST_STAFF
from concerns.charter.policy import CEILING, CLOCKS, MOST_FOR_HANDLING, Policy

LOOSENS, TIGHTENS, NEITHER = "loosens", "tightens", "neither"
#: the smallest number that any policy may let leaders see
LEAST_FLOOR = 10
#: a ε is written as a fraction of small numbers
FINEST = 100


@dataclass(frozen=True)
class Rule:
    """One field of the policy: what it is called, what it may be, and in which direction it loosens."""

    name: str
    words: str
    #: 1 where more of it loosens, -1 where less of it does, 0 where neither does
    looser: int
    least: Fraction | int
    most: Fraction | int
    #: how a value is written: "{} days"
    shown: str = "{}"

    def value(self, policy: Policy) -> Fraction:
        """Its value; 0 for a kind that is not declared, and for "no"."""
        if self.name in KINDS:
            return policy.kinds.get(self.name, Fraction(0))
        if self.name in CLOCKS:
            return Fraction(policy.clocks.get(self.name, CLOCKS[self.name]))
        return Fraction(getattr(policy, self.name))

    def show(self, policy: Policy) -> str:
        """Its value as a page writes it."""
        value = self.value(policy)
        if self.name == SHOWN:
            return "Yes" if value else "No"
        return "none" if self.name in KINDS and not value else self.shown.format(value)


#: the kinds of release that a policy may declare
KINDS = ("quarter", "year", "handling")
SHOWN = "answers_show_releases"
RULES = (
    Rule("quarter", "Release each quarter", 1, 0, CEILING, "ε = {}"),
    Rule("year", "Release each year", 1, 0, CEILING, "ε = {}"),
    Rule("handling", "Release each year on how flags were handled", 1, 0, MOST_FOR_HANDLING, "ε = {}"),
    Rule("floor", "Smallest number ever shown", -1, LEAST_FLOOR, 100),
    Rule("smallest_area", "Smallest area counted alone", -1, LEAST_STAFF, 500, "{} staff"),
    Rule("cutoff_days", "Days after the end of a period before it is counted", -1, 7, 90, "{} days"),
    Rule("collect_hour", "Hour of the daily collecting", 0, 0, 23, "{}:00 UTC"),
    Rule("retention_months", "Months from a flag’s conclusion to its deletion", 1, 1, 60, "{} months"),
    Rule("acknowledge_days", "Days to a first answer", 1, 1, 28, "{} days"),
    Rule("second_reader_working_days", "Working days to a second reader", 1, 1, 20, "{} working days"),
    Rule("update_days", "Days between two messages", 1, 1, 62, "{} days"),
    Rule("feedback_months", "Months to say what came of it", 1, 1, 12, "{} months"),
    Rule("watch_months", "Months in which a concluded theme is watched", -1, 1, 60, "{} months"),
    Rule(SHOWN, "Releases stand on the answers page", 1, 0, 1),
)
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}


@dataclass(frozen=True)
class Change:
    """One field that changes, as both sides of it are written, and what the change does."""

    rule: Rule
    before: str
    after: str
    effect: str


def effect_of(rule: Rule, before: Policy, after: Policy) -> str:
    """What a change does in this field."""
    step = (rule.value(after) - rule.value(before)) * rule.looser
    return NEITHER if not step else LOOSENS if step > 0 else TIGHTENS


def changes(before: Policy, after: Policy) -> tuple[Change, ...]:
    """The fields that change."""
    return tuple(
        Change(rule, rule.show(before), rule.show(after), effect_of(rule, before, after))
        for rule in RULES
        if rule.value(before) != rule.value(after)
    )


def loosens(before: Policy, after: Policy) -> list[str]:
    """The names, in words, of the fields in which a change gives staff less protection, or a weaker promise."""
    return [rule.words for rule in RULES if effect_of(rule, before, after) == LOOSENS]


def tightens(before: Policy, after: Policy) -> list[str]:
    """The names, in words, of the fields in which it gives them more."""
    return [rule.words for rule in RULES if effect_of(rule, before, after) == TIGHTENS]


def faults(policy: Policy) -> dict[str, str]:
    """What no policy may say, one sentence for each field; the sum of all ε stands under "quarter"."""
    found = {rule.name: sentence for rule in RULES if (sentence := _fault(rule, policy))}
    unknown = sorted({*policy.kinds} - {*KINDS} | {*policy.clocks} ^ {*CLOCKS})
    if unknown:
        found.setdefault("quarter", f"“{unknown[0]}” is not something that a policy says here")
    if policy.epsilon > CEILING and not {*KINDS} & {*found}:
        found.setdefault("quarter", f"All ε together are {policy.epsilon}. They may be {CEILING} at most")
    return found


def asked_wrongly(questions: Questions) -> str:
    """Why these questions cannot be put up for signing, in a sentence; empty where they can.

    No part of `faults`: a list of words that has grown since must not undo what guardians signed.
    """
    found = (trouble(name, said) for prompts in questions.words.values() for name, said in prompts.items())
    return next(filter(None, found), "")


def _fault(rule: Rule, policy: Policy) -> str:
    value = rule.value(policy)
    if rule.name in KINDS and rule.name in policy.kinds and value <= 0:
        return f"{rule.words}: ε must be more than 0. Leave it empty for no release of this kind"
    if not rule.least <= value <= rule.most:
        return f"{rule.words}: between {rule.least} and {rule.most}"
    if value.denominator > (FINEST if rule.name in KINDS else 1):
        return f"{rule.words}: write a fraction like 1/2"
    return ""


def made_of(values: Mapping[str, Fraction]) -> Policy:
    """The policy in which each rule has this value, with the usual form; the reverse of `Rule.value`.

    Raises KeyError where one is missing.
    """

    def whole(name: str) -> int:
        return int(values[name])

    return Policy(
        kinds={kind: values[kind] for kind in KINDS if values[kind]},
        floor=whole("floor"),
        smallest_area=whole("smallest_area"),
        cutoff_days=whole("cutoff_days"),
        collect_hour=whole("collect_hour"),
        retention_months=whole("retention_months"),
        clocks={name: whole(name) for name in CLOCKS},
        answers_show_releases=bool(values[SHOWN]),
    )
