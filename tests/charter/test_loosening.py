"""Field by field, which change of the policy loosens and which tightens it."""

import dataclasses
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.charter.loosening import KINDS, NEITHER, RULES, changes, effect_of, faults, loosens, made_of, tightens
from concerns.charter.policy import CEILING, CLOCKS, Policy, read_policy, write_policy
from concerns.flagging.wording import RULES as SAID

USUAL = Policy(kinds={"quarter": Fraction(1, 2), "year": Fraction(1, 2)})
POLICIES = st.fixed_dictionaries(
    {rule.name: st.integers(int(rule.least), 1 if rule.name in KINDS else int(rule.most)) for rule in RULES}
).map(lambda drawn: made_of({name: Fraction(value) for name, value in drawn.items()}))


def field_values(policy: Policy) -> Mapping[str, Any]:
    """Every field of the document, the nested ones by themselves; a kind that is not declared tells nothing."""
    flat = {one.name: getattr(policy, one.name) for one in dataclasses.fields(policy)}
    return {**flat.pop("kinds"), **flat.pop("clocks"), **flat}


@given(POLICIES, POLICIES)
def test_every_change_loosens_or_tightens_and_taken_back_does_the_opposite(one: Policy, other: Policy) -> None:
    assert loosens(one, other) == tightens(other, one)
    assert not set(loosens(one, other)) & set(tightens(one, other))
    before, after = field_values(one), field_values(other)
    differ = {name for name in {*before, *after} if before.get(name, 0) != after.get(name, 0)}
    assert {change.rule.name for change in changes(one, other)} == differ
    neither = {rule.words for rule in RULES if rule.name in differ and effect_of(rule, one, other) == NEITHER}
    assert neither <= {"Hour of the daily collecting"}
    told = set(loosens(one, other)) | set(tightens(one, other)) | neither
    assert told == {rule.words for rule in RULES if rule.name in differ}


@given(POLICIES)
def test_a_policy_is_made_of_its_fields_and_read_back_as_written(policy: Policy) -> None:
    assert made_of({rule.name: rule.value(policy) for rule in RULES}) == policy
    assert read_policy(write_policy(policy, 2, "", "")) == policy


@pytest.mark.parametrize(
    ("change", "looser"),
    [
        ({"kinds": {"year": Fraction(1)}}, ["Release each year"]),
        ({"kinds": {**USUAL.kinds, "handling": Fraction(1, 4)}}, ["Release each year on how flags were handled"]),
        ({"floor": 12}, []),
        ({"smallest_area": 25}, []),
        ({"retention_months": 6}, []),
        ({"retention_months": 13}, ["Months from a flag’s conclusion to its deletion"]),
        ({"cutoff_days": 14}, ["Days after the end of a period before it is counted"]),
        ({"clocks": {**CLOCKS, "acknowledge_days": 8}}, ["Days to a first answer"]),
        ({"clocks": {**CLOCKS, "watch_months": 6}}, ["Months in which a concluded theme is watched"]),
        ({"answers_show_releases": True}, ["Releases stand on the answers page"]),
        ({"collect_hour": 9}, []),
    ],
)
def test_what_staff_lose_is_named(change: dict[str, Any], looser: list[str]) -> None:
    after = dataclasses.replace(USUAL, **change)
    assert loosens(USUAL, after) == looser and not faults(after)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kinds": {"quarter": Fraction(3, 2), "year": Fraction(3, 2)}}, "quarter"),
        ({"kinds": {"year": CEILING + Fraction(1, 100)}}, "year"),
        ({"kinds": {"year": Fraction(-1)}}, "year"),
        ({"kinds": {"year": Fraction(1, 1001)}}, "year"),
        ({"kinds": {"handling": Fraction(1, 2)}}, "handling"),
        ({"kinds": {"week": Fraction(1, 2)}}, "quarter"),
        ({"clocks": {}}, "quarter"),
        ({"floor": 9}, "floor"),
        ({"smallest_area": 19}, "smallest_area"),
        ({"collect_hour": 24}, "collect_hour"),
        ({"retention_months": 0}, "retention_months"),
    ],
)
def test_what_no_policy_may_say_has_one_sentence(change: dict[str, Any], field: str) -> None:
    found = faults(dataclasses.replace(USUAL, **change))
    assert list(found) == [field] and found[field]


def test_staff_have_words_for_every_rule() -> None:
    assert list(SAID) == [rule.name for rule in RULES]
