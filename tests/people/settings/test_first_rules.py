"""What the first rules will say is settled before the guardians sign, and only then."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from concerns.areas.model import Organisation
from concerns.areas.queries import organisation
from concerns.audit.service import note
from concerns.charter.policy import Policy
from concerns.charter.wanted import with_wishes
from concerns.disclosure.budget import QUARTERS_FROM, STAFF_FROM, kinds_for
from concerns.people.settings import saving
from concerns.store.house import House
from tests.cast import Instance
from tests.people.settings.conftest import SAVE
from tests.people.visiting import Desk

PATH = "/set-up/rules"
LATE = "What you typed was not saved: the rules were put up for signing while this page was open."


def test_they_are_settled_before_anybody_signs(
    ada: Desk, setting_up: object, stored: Callable[[], Organisation]
) -> None:
    page = ada.client.get(PATH)
    fields = {one.get("name"): one.get("value") for one in page.tree.iter("input")}
    assert (fields["retention_months"], fields["acknowledge_days"]) == ("12", "7")
    sent = {"retention_months": "6", "acknowledge_days": " 5 ", "handling": "y"}
    ada.client.submit(page, sent, button=SAVE)
    made = with_wishes(Policy(kinds={"year": Fraction(1, 2)}), stored().rules_wanted)
    assert (made.retention_months, made.clocks["acknowledge_days"]) == (6, 5)
    assert made.kinds["handling"] == Fraction(1, 4)
    assert not made.answers_show_releases
    assert "rules" in stored().settled
    assert 'value="6"' in ada.client.get(PATH).html


def test_the_calendar_of_releases_is_settled_too(
    ada: Desk, setting_up: object, stored: Callable[[], Organisation]
) -> None:
    page = ada.client.get(PATH)
    fields = {one.get("name"): one for one in page.tree.iter("input")}
    assert (fields["cutoff_days"].get("value"), fields["collect_hour"].get("value")) == ("21", "3")
    assert all(fields[name].get("checked") is not None for name in ("quarter", "year"))
    assert "From 7 to 90." in page.text
    sent = {"quarter": [], "cutoff_days": "40", "collect_hour": "0"}
    ada.client.submit(page, sent, button=SAVE)
    usual = Policy(kinds={"quarter": Fraction(1, 2), "year": Fraction(1, 2)})
    made = with_wishes(usual, stored().rules_wanted)
    assert (made.cutoff_days, made.collect_hour) == (40, 0)
    assert made.kinds == {"year": Fraction(1, 2)}
    fields = {one.get("name"): one for one in ada.client.get(PATH).tree.iter("input")}
    assert fields["quarter"].get("checked") is None
    assert fields["year"].get("checked") is not None


def test_the_hint_on_kinds_says_from_which_size_they_are_declared(ada: Desk, setting_up: object) -> None:
    text = ada.client.get(PATH).text
    assert f"at least {STAFF_FROM} staff, and {QUARTERS_FROM} flags are expected in a year" in text
    assert kinds_for(QUARTERS_FROM, STAFF_FROM) == dict.fromkeys(("quarter", "year"), Fraction(1, 2))
    assert kinds_for(QUARTERS_FROM - 1, STAFF_FROM) == {"year": Fraction(1)}
    assert kinds_for(QUARTERS_FROM, STAFF_FROM - 1) == {}


@pytest.mark.parametrize(
    ("name", "wrong", "limits"), [("cutoff_days", "6", "7 to 90"), ("collect_hour", "24", "0 to 23")]
)
def test_the_calendar_has_its_limits(
    ada: Desk, setting_up: object, stored: Callable[[], Organisation], name: str, wrong: str, limits: str
) -> None:
    page = ada.client.submit(ada.client.get(PATH), {name: wrong}, button=SAVE, status=422)
    assert f"write a whole number from {limits}" in page.text
    assert stored().rules_wanted == {}


def test_what_no_policy_may_say_is_refused(ada: Desk, setting_up: object, stored: Callable[[], Organisation]) -> None:
    for wrong in ("0", "61", "many", "", "1.5", "-3"):
        page = ada.client.submit(ada.client.get(PATH), {"retention_months": wrong}, button=SAVE, status=422)
        assert "write a whole number from 1 to 60" in page.text
        assert f'value="{wrong}"' in page.html
    assert stored().rules_wanted == {}


def test_afterwards_the_page_leads_to_the_other_way(ada: Desk, stored: Callable[[], Organisation]) -> None:
    page = ada.client.get(PATH)
    assert page.links()["Change the rules"] == "/desk/set-up/policy"
    assert "What you typed" not in page.text


def test_what_comes_too_late_is_said_so_and_shown_again(
    ada: Desk, setting_up: Instance, stored: Callable[[], Organisation]
) -> None:
    page = ada.client.get(PATH)
    with setting_up.stores.write_main() as main:
        organisation(main).stage = "pilot"
    late = ada.client.submit(page, {"retention_months": "57<", "handling": "y"}, button=SAVE, status=409)
    assert LATE in late.text
    assert "57&lt;" in late.html
    assert late.links()["Change the rules"] == "/desk/set-up/policy"
    assert stored().rules_wanted == {}


def test_also_where_that_happens_in_the_very_moment(
    ada: Desk, setting_up: Instance, stored: Callable[[], Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ada.client.get(PATH)

    def just_before(house: House, *args: Any, **named: Any) -> None:
        with setting_up.stores.write_main() as main:
            organisation(main).stage = "pilot"
        note(house, *args, **named)

    monkeypatch.setattr(saving, "note", just_before)
    late = ada.client.submit(page, {"retention_months": "57"}, button=SAVE, status=409)
    assert LATE in late.text
    assert "57" in late.text
    assert stored().rules_wanted == {}
