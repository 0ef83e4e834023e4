"""The guardians sign looser rules: the year that has begun is closed by its own, and what was told in it never by the new ones."""

import datetime as dt
from fractions import Fraction

import pytest

from concerns.disclosure import service
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.queries import release_document
from tests.cast import Instance
from tests.charter.test_amending import amend
from tests.triage.closing_bench import bundle, close, counted, launch, on, sitting, store

TOLD, SORTED = (dt.date(2026, 12, 29), dt.date(2027, 1, 5)), dt.date(2027, 2, 2)


def epsilon(instance: Instance, period: str) -> str:
    with instance.stores.read_main() as main:
        return str(release_document(main, Ledger(instance.directory), None, period)["epsilon"])


def test_a_year_is_closed_by_the_rules_under_which_it_was_told(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)
    launch(instance, dt.date(2026, 11, 2))
    amend(instance, kinds={"quarter": Fraction(1), "year": Fraction(1, 2)})
    store(instance, *(bundle(instance, day, sitting(instance, SORTED)) for day in TOLD))
    on(instance, dt.date(2027, 1, 21))
    close(instance, "2026-Q4")
    on(instance, dt.date(2027, 4, 21))
    close(instance, "2027-Q1")
    assert (epsilon(instance, "2026-Q4"), epsilon(instance, "2027-Q1")) == ("1/2", "1")
    # of two that were sorted in the new year, the one of the old year was promised ε = 1/2
    assert sum(counted(instance, "2027-Q1").values()) == 1
