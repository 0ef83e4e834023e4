"""The plan for the next year as it is kept: nothing is in force before a guardian agreed, and until January it goes back."""

import datetime as dt

import pytest

from concerns.store.session import Stores
from concerns.themes.editing import service
from concerns.themes.editing.plan import Look, Plan, look, merge
from concerns.themes.editing.service import PlanRefused, planned
from concerns.themes.mapping import Lineage
from concerns.themes.queries import current_set, lineages_of
from concerns.themes.rules import ThemeFacts
from concerns.themes.service import store_theme_set
from concerns.themes.wordings import Words, reword_theme

TODAY, JANUARY = dt.date(2026, 11, 26), dt.date(2027, 1, 1)
ADA, GITA = b"a" * 16, b"g" * 16
NOW = [ThemeFacts(code, f"About {code}", None, None, f"What {code} is.", ("word",)) for code in "ABC"]
PLAN = merge(NOW, look(NOW, Plan(), "A", Look("Rotas", "STAF", None)), "B", "A")


@pytest.fixture
def founded_stores(stores: Stores) -> Stores:
    with stores.write_main() as main:
        store_theme_set(main, NOW, dt.date(2026, 1, 5))
    return stores


def put_up(stores: Stores, plan: Plan = PLAN) -> str:
    with stores.write_main() as main:
        service.keep_draft(main, 1, plan, ADA)
        service.put_up(main, TODAY, ADA)
        return planned(main, TODAY).document


def names(stores: Stores, day: dt.date) -> list[str]:
    with stores.read_main() as main:
        return [theme.name for theme in current_set(main, day)]


def test_until_a_guardian_agrees_the_old_set_stays(founded_stores: Stores) -> None:
    document = put_up(founded_stores)
    assert names(founded_stores, JANUARY) == ["About A", "About B", "About C"]
    with founded_stores.write_main() as main:
        assert service.agree(main, TODAY, document, GITA) == 2
    assert names(founded_stores, TODAY) == ["About A", "About B", "About C"]
    assert names(founded_stores, JANUARY) == ["Rotas", "About C"]
    with founded_stores.read_main() as main:
        found = planned(main, TODAY)
        assert (found.draft, found.agreed, found.waits) == (None, PLAN, False)
        assert lineages_of(main, 2)["A"] == Lineage(frozenset("B"))
        assert planned(main, JANUARY).agreed is None


def test_she_agrees_to_nothing_but_what_she_read(founded_stores: Stores) -> None:
    document = put_up(founded_stores)
    other = put_up(founded_stores, merge(NOW, Plan(), "C", "A"))
    with founded_stores.write_main() as main, pytest.raises(PlanRefused, match="Read it again"):
        service.agree(main, TODAY, document, GITA)
    with founded_stores.write_main() as main, pytest.raises(PlanRefused, match="Somebody else"):
        service.agree(main, TODAY, other, ADA)
    # the same plan a year later would start on another day
    with founded_stores.write_main() as main, pytest.raises(PlanRefused, match="Read it again"):
        service.agree(main, JANUARY, other, GITA)
    with founded_stores.write_main() as main:
        service.send_back(main, TODAY, other, "name", GITA)
    with founded_stores.write_main() as main, pytest.raises(PlanRefused, match="Read it again"):
        service.agree(main, TODAY, other, GITA)
    with founded_stores.read_main() as main:
        found = planned(main, TODAY)
    assert (found.waits, found.answer, len(found.changes)) == (False, "name", 1)
    assert names(founded_stores, JANUARY) == ["About A", "About B", "About C"]


def test_a_change_of_a_waiting_draft_takes_it_off_the_desk(founded_stores: Stores) -> None:
    put_up(founded_stores)
    with founded_stores.write_main() as main:
        service.keep_draft(main, 1, PLAN, ADA)
        assert not planned(main, TODAY).waits
        service.drop_draft(main)
        with pytest.raises(PlanRefused, match="There is no draft"):
            service.put_up(main, TODAY, ADA)
        service.keep_draft(main, 1, Plan(), ADA)
        with pytest.raises(PlanRefused, match="Nothing would change"):
            service.put_up(main, TODAY, ADA)


def test_what_was_agreed_to_is_taken_back_until_january_and_stays_as_a_draft(founded_stores: Stores) -> None:
    document = put_up(founded_stores)
    with founded_stores.write_main() as main:
        service.agree(main, TODAY, document, GITA)
        service.undo(main, dt.date(2026, 12, 31), ADA)
    assert names(founded_stores, JANUARY) == ["About A", "About B", "About C"]
    with founded_stores.write_main() as main:
        assert planned(main, TODAY).draft == PLAN
        with pytest.raises(PlanRefused, match="Nothing is agreed"):
            service.undo(main, TODAY, ADA)


def test_from_january_on_nothing_is_taken_back_and_older_drafts_are_void(founded_stores: Stores) -> None:
    document = put_up(founded_stores)
    with founded_stores.write_main() as main:
        service.agree(main, TODAY, document, GITA)
        service.keep_draft(main, 1, PLAN, ADA)
    with founded_stores.write_main() as main, pytest.raises(PlanRefused, match="Nothing is agreed"):
        service.undo(main, JANUARY, ADA)
    with founded_stores.read_main() as main:
        found = planned(main, JANUARY)
        assert (found.version, found.draft, found.plan) == (2, None, Plan())
        assert {"A", "B", "C"} <= found.used


def test_new_words_work_at_once_and_in_the_set_that_waits(founded_stores: Stores) -> None:
    document = put_up(founded_stores)
    with founded_stores.write_main() as main:
        service.agree(main, TODAY, document, GITA)
        reword_theme(main, "A", Words("Who works when.", ("rota", "shift")), 1, TODAY, ADA)
    with founded_stores.read_main() as main:
        for day in (TODAY, JANUARY):
            theme = current_set(main, day)[0]
            assert (theme.definition, theme.keywords) == ("Who works when.", ("rota", "shift"))
        assert planned(main, TODAY).agreed == PLAN
