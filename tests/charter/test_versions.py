"""From which day a change of the policy may be in force, and which rules hold for what."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from concerns.charter.loosening import loosens
from concerns.charter.policy import Policy
from concerns.charter.versions import Version, between, first_day, of_year, on, to_come
from tests.charter.test_loosening import POLICIES, USUAL

DAY = dt.date(2026, 11, 22)
NOTICE = dt.timedelta(days=35)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2029, 12, 31))


def first(policy: Policy = USUAL) -> Version:
    return Version(1, policy, "1")


def later(number: int, day: dt.date, **change: Any) -> Version:
    return Version(number, dataclasses.replace(USUAL, **change), str(number), day)


def chain(drafts: list[tuple[Policy, dt.date]]) -> list[Version]:
    versions = [first()]
    for policy, day in sorted(drafts, key=lambda one: one[1]):
        versions.append(Version(len(versions) + 1, policy, "", first_day(versions, policy, day), day))
    return versions


def test_a_tightening_is_in_force_at_once_and_a_loosening_after_the_notice() -> None:
    assert first_day([first()], dataclasses.replace(USUAL, floor=12), DAY) == DAY
    assert first_day([first()], dataclasses.replace(USUAL, retention_months=13), DAY) == DAY + NOTICE
    both = dataclasses.replace(USUAL, floor=12, retention_months=13)
    assert first_day([first()], both, DAY) == DAY + NOTICE


def test_kinds_change_on_a_first_of_january() -> None:
    fewer, more = {"year": Fraction(1, 2)}, {**USUAL.kinds, "handling": Fraction(1, 4)}
    assert first_day([first()], dataclasses.replace(USUAL, kinds=fewer), DAY) == dt.date(2027, 1, 1)
    assert first_day([first()], dataclasses.replace(USUAL, kinds=more), DAY) == dt.date(2027, 1, 1)
    late = dt.date(2026, 12, 1)
    assert first_day([first()], dataclasses.replace(USUAL, kinds=fewer), late) == dt.date(2027, 1, 1)
    # the notice would end within 2027
    assert first_day([first()], dataclasses.replace(USUAL, kinds=more), late) == dt.date(2028, 1, 1)


def test_a_newer_version_takes_the_place_of_one_that_has_not_begun() -> None:
    announced = later(2, dt.date(2027, 1, 1), kinds={"year": Fraction(1)})
    tighter = later(3, DAY, floor=15)
    assert to_come([first(), announced], DAY) == [announced]
    assert to_come([first(), announced, tighter], DAY) == []
    assert on([first(), announced, tighter], dt.date(2030, 1, 1)) is tighter


@given(st.lists(st.tuples(POLICIES, DAYS), max_size=4), POLICIES, DAYS)
def test_nothing_is_looser_before_it_was_announced(
    drafts: list[tuple[Policy, dt.date]], after: Policy, day: dt.date
) -> None:
    """Whatever came before: on no day of the notice is anything looser than what was in force on the day before."""
    versions = chain(drafts)
    day = max(day, versions[-1].day or day)
    begins = first_day(versions, after, day)
    grown = [*versions, Version(len(versions) + 1, after, "", begins, day)]
    assert begins >= day and first_day(versions, after, day, begins) == begins
    standing = [one.policy for one in between(versions, day, begins)]
    assert begins >= day + NOTICE or not any(loosens(one, after) for one in standing)
    for year in range(2026, 2032):
        # kinds and their ε never within a year
        in_year = between(grown, dt.date(year, 1, 1), dt.date(year, 12, 31))
        assert len({tuple(sorted(one.policy.kinds.items())) for one in in_year}) == 1
    assert [on(versions, day - dt.timedelta(days=1))] == [on(grown, day - dt.timedelta(days=1))]


def test_the_releases_of_a_year_keep_its_first_days_rules_and_take_on_what_was_tightened() -> None:
    lower, higher = later(2, dt.date(2027, 3, 1), floor=11), later(3, dt.date(2027, 6, 1), floor=20)
    versions = [first(dataclasses.replace(USUAL, floor=15)), lower]
    assert of_year(versions, 2027, dt.date(2027, 4, 21)).policy.floor == 15
    assert of_year([*versions, higher], 2027, dt.date(2027, 7, 21)).policy.floor == 20
    assert of_year(versions, 2028, dt.date(2028, 4, 21)).policy.floor == 11


def test_what_was_told_under_stricter_rules_does_not_count_under_looser_ones() -> None:
    half, one = Fraction(1, 2), Fraction(1)

    def from_days(year: int, *changes: Mapping[str, Any]) -> Mapping[str, dt.date]:
        days = [dt.date(2027, 1, 1), dt.date(2028, 1, 1)]
        versions = [later(n + 2, day, **change) for n, (day, change) in enumerate(zip(days, changes, strict=False))]
        return of_year([first(), *versions], year, dt.date(year, 12, 31)).collected_from

    kinds = {"quarter": half, "year": one}
    assert from_days(2027, {"kinds": kinds}) == {"year": dt.date(2027, 1, 1)}
    assert from_days(2028, {"kinds": kinds}) == {"year": dt.date(2027, 1, 1)}
    assert from_days(2026, {"kinds": kinds}) == {}
    assert from_days(2027, {"floor": 12}) == {}
    # what staff were told would not stand on their page is in no table that may stand there
    assert from_days(2027, {"answers_show_releases": True}) == dict.fromkeys(USUAL.kinds, dt.date(2027, 1, 1))
    # of two versions the stricter one counts, whichever was first
    assert from_days(2028, {"floor": 12}, {}) == dict.fromkeys(USUAL.kinds, dt.date(2028, 1, 1))
