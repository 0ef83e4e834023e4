import datetime as dt

import pytest
from sqlalchemy import delete, select

from concerns.audit.model import AuditRow
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import Release
from concerns.disclosure.periods import Period
from concerns.reports.model import Annotation, TypedFigure
from concerns.reports.reading.service import FROZEN_ALREADY
from tests.people.visiting import Desk
from tests.police import Page
from tests.reports.releases import by_theme, put

EXPECT = {"event": "campaign", "text": "Posters in all wards", "expected": "up"}


def freeze(lena: Desk, *bodies: bytes) -> None:
    with lena.instance.stores.write_main() as main:
        put(main, Ledger(lena.instance.directory), *bodies)


def annotate(lena: Desk, status: int = 302, **fields: str) -> Page:
    page = lena.client.get("/report/reading/annotations")
    return lena.client.submit(page, {**EXPECT, **fields}, status=status)


def test_the_whole_way_of_a_leader(lena: Desk) -> None:
    before = lena.client.get("/report/reading")
    assert before.h1 == "How to read a report"
    annotate(lena, period="2026-Q4", settles="2027-Q1")
    assert "Posters in all wards" in lena.client.get("/report/reading").text
    quarter, bodies = Period(2025, 4), []
    for total in (80, 84, 79, 82, 160):
        bodies.append(by_theme(quarter, N01=total))
        quarter = quarter.next()
    freeze(lena, *bodies)
    lena.instance.clock.now = dt.datetime(2027, 1, 22, 9, tzinfo=dt.UTC)
    lena.sign_in("lena")
    for period, sickness in zip(("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"), "54545", strict=True):
        form = lena.client.get("/report/reading/figures")
        lena.client.submit(form, {"period": period, "sickness": sickness, "incidents": "30"})
    page = lena.client.get("/report/reading")
    assert page.h1 == "How to read October to December 2026"
    assert "No clear change in the typed-in figures" in page.text
    assert (
        "Sickness and harm in reported incidents have not risen. We expected this (“Posters in all wards”)" in page.text
    )
    assert "1: Posters in all wards. Expected more flags. Written 22 November 2026." in page.text
    earlier = lena.client.get("/report/reading/2026-Q3")
    assert "Too early to say" in earlier.text
    with lena.instance.stores.read_main() as main:
        assert main.scalars(select(AuditRow.verb).where(AuditRow.verb == "typed")).all() == ["typed"] * 6


def test_a_figure_typed_again_takes_the_place_of_the_one_before(lena: Desk) -> None:
    for figure in ("5.2", "5.4"):
        lena.client.submit(lena.client.get("/report/reading/figures"), {"period": "2026-Q3", "sickness": figure})
    page = lena.client.get("/report/reading/figures")
    assert "Sickness absence 5.4%" in page.text and "5.2%" not in page.text
    with lena.instance.stores.read_main() as main:
        assert main.scalars(select(TypedFigure.tenths)).all() == [54]


def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(leader: Desk) -> None:
    form = leader.client.get("/report/reading/figures")
    typed = {"period": "2026-Q3", "sickness": "-2", "turnover": "412", "incidents": "31"}
    page = leader.client.submit(form, typed, status=422)
    assert page.errors == ["Sickness absence: type 0 or more", "Staff turnover: type 100 or less"]
    for kept in ('value="-2"', 'value="412"', 'value="31"', 'value="2026-Q3" selected'):
        assert kept in page.html
    assert leader.client.submit(form, {"period": "2026-Q3"}, status=422).errors == ["Type at least one figure"]
    assert leader.client.submit(form, {"incidents": "3"}, status=422).errors == ["Choose the period"]
    leader.client.submit(form, {"period": "2026-Q4", "sickness": "5"}, status=422)  # it is not over
    with leader.instance.stores.read_main() as main:
        assert main.scalars(select(TypedFigure)).all() == []


class TestAnnotations:
    def test_one_that_comes_after_its_numbers_is_refused_with_what_was_typed(self, leader: Desk) -> None:
        page = leader.client.get("/report/reading/annotations")
        freeze(leader, by_theme(Period(2026, 3), N01=90))
        refused = leader.client.submit(page, {**EXPECT, "period": "2026-Q3"}, status=409)
        assert refused.errors == [FROZEN_ALREADY]
        assert "Posters in all wards" in refused.html
        assert 'value="2026-Q3"' not in refused.html, "it is not offered any more"
        with leader.instance.stores.read_main() as main:
            assert main.scalars(select(Annotation)).all() == []

    @pytest.mark.parametrize(("frozen", "explained"), [(Period(2026, 3), "2026"), (Period(2025), "2025-Q4")])
    def test_nor_may_it_explain_what_another_kind_has_told(self, leader: Desk, frozen: Period, explained: str) -> None:
        freeze(leader, by_theme(frozen, N01=90))
        assert annotate(leader, 409, period=explained).errors == [FROZEN_ALREADY]

    def test_it_is_kept_once_and_never_changed(self, lena: Desk) -> None:
        page = lena.client.get("/report/reading/annotations")
        for _tap in range(2):
            lena.client.submit(page, {**EXPECT, "period": "2026-Q4"})
        lena.client.submit(page, {**EXPECT, "period": "2026-Q4", "text": "Something else"})
        with lena.instance.stores.read_main() as main:
            assert main.scalars(select(Annotation.text)).all() == ["Posters in all wards"]

    def test_each_missing_part_is_named_and_what_looks_like_markup_is_text(self, leader: Desk) -> None:
        page = leader.client.get("/report/reading/annotations")
        assert leader.client.submit(page, status=422).errors == [
            "Choose the period",
            "Choose what it is",
            "Say in a few words what happens",
            "Choose whether you expect more flags or fewer",
        ]
        early = annotate(leader, 422, period="2027-Q1", settles="2026-Q4")
        assert early.errors == ["By when do you expect it to settle? Choose the same period or a later one"]
        annotate(leader, period="2026-Q4", text="<b>Bold</b> & more")
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in leader.client.get("/report/reading").html


def test_guardians_and_peers_read_and_do_not_type(leader: Desk) -> None:
    for name in ("gita", "priya"):
        other = leader.as_(name).client
        assert "Type in figures" not in other.get("/report/reading").links()
        for page in ("figures", "annotations"):
            other.get(f"/report/reading/{page}", status=403)


def test_a_changed_release_is_not_read_into(leader: Desk) -> None:
    freeze(leader, by_theme(Period(2026, 3), N01=90))
    with leader.instance.stores.write_main() as main:
        main.scalars(select(Release)).one().body = by_theme(Period(2026, 3), N01=40)
    leader.client.get("/report/reading", status=409)
    with leader.instance.stores.write_main() as main:
        main.execute(delete(Release))
    leader.client.get("/report/reading/2026-Q3", status=404)
