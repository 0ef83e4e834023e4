"""The admin foresees releases and the bound: from public facts, by the code that closes periods and makes the promise."""

import inspect
from dataclasses import replace
from fractions import Fraction

import pytest

from concerns.disclosure import service
from concerns.disclosure.foreseeing import foresight, views
from concerns.disclosure.foreseeing import service as foreseeing
from concerns.disclosure.foreseeing.foresight import foresee
from concerns.disclosure.history import History
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.promise import lifted
from tests.cast import Instance
from tests.disclosure.gate import AREAS, FACTS, SITE
from tests.people.visiting import Desk

HALF = Fraction(1, 2)
ALL = {"quarter": HALF, "year": HALF, "handling": Fraction(1, 4)}


@pytest.mark.parametrize("estimate", [60, 400, 800, 5000, 100_000])
def test_what_is_foreseen_is_what_the_first_close_does(estimate: int) -> None:
    facts = replace(FACTS, estimate=estimate, kinds=ALL)
    for ahead in foresee(facts, ALL).kinds:
        period = {Kind.QUARTER: Period(2026, 1), Kind.YEAR: Period(2026), Kind.HANDLING: Period(2026, handling=True)}
        table = service.terms_for(History(b"", SITE, ()), facts, period[ahead.kind], facts.launched_on).table
        assert (ahead.numbers, len(ahead.places)) == (len(table.nodes), len(table.places))
        assert ahead.fewest == min((place.staff for place in table.places), default=table.staff) >= 20


def test_the_bound_is_that_of_the_declared_kinds() -> None:
    seen = foresee(FACTS, ALL)
    assert seen.epsilon == Fraction(5, 4)
    assert [bound.once for bound in seen.bounds] == [lifted(bound.before, Fraction(5, 4)) for bound in seen.bounds]
    assert seen.bounds[1].twice == lifted(Fraction(1, 20), Fraction(5, 2))
    assert seen.best_guess == pytest.approx(0.7773, abs=1e-4)
    assert foresee(FACTS, {}).best_guess == pytest.approx(0.5)


def test_small_areas_are_shown_with_what_they_are_merged_into() -> None:
    seen = foresee(FACTS, ALL)
    assert seen.areas is not None and seen.divisions is not None
    assert [(place.name, place.areas) for place in seen.areas if place.merged] == [
        ("Surgery: other areas", ("Day surgery", "Theatres"))
    ]
    assert [area.name for area in foresight.small(AREAS, 20)] == ["Day surgery"]
    alone = replace(FACTS, areas=AREAS[:1])
    assert (foresee(alone, ALL).areas, foresee(alone, ALL).divisions) == (None, None)


def test_d8_no_flag_reaches_it() -> None:
    """By what it takes: public facts and kinds; and no part of it names a thread, an envelope or a count."""
    assert list(inspect.signature(foresee).parameters) == ["facts", "kinds"]
    for module in (foresight, foreseeing, views):
        text = inspect.getsource(module)
        assert not any(word in text for word in ("sealing", "triage", "thread", "Release", "Ledger", "queries.release"))


def test_ada_reads_it(instance: Instance) -> None:
    desk = Desk(instance)
    desk.sign_in("ada")
    page = desk.client.get(desk.client.get("/set-up").links()[
        "What somebody who knows much could learn from the numbers"].removeprefix("/desk"))  # fmt: skip
    assert page.h1 == "What somebody who knows much could learn"
    text = page.text
    assert "Themes by division" in text or "Themes" in text
    # 1 in 20 and the even suspicion, at ε = 1
    assert "13 %" in text.replace("\xa0", " ") and "73 times in 100" in text
    assert "Day surgery (Surgery), 12 staff" in text
    assert "Surgery: other areas" in text
    (instance.directory / "manifest.pin").unlink()
    assert "that the policy will declare" in desk.client.get("/set-up/numbers").text


def test_with_few_staff_there_is_nothing_to_foresee() -> None:
    seen = foresee(replace(FACTS, areas=AREAS[3:4]), {})
    assert seen.too_few_staff and not seen.kinds
