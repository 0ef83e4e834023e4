"""The demo's leaders promised, typed in, wrote for the board and answered a peer, each on its day, in every sector."""

import pytest
from sqlalchemy import select

from concerns.audit.model import AuditRow
from concerns.demo.releasing import ANSWERED
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.queries import releases
from concerns.learning.peers.queries import notes
from concerns.learning.peers.rules import QUESTION, STRENGTH
from concerns.learning.promises import rules
from concerns.learning.promises.queries import promises
from concerns.learning.queries import public
from concerns.learning.standing import authority
from concerns.people.model import Person
from concerns.people.terms import roles_on
from concerns.reports.board import service as board
from concerns.reports.model import Annotation
from concerns.reports.reading.figures import MEASURES
from concerns.reports.reading.service import figures, is_known
from concerns.themes.packs import load_pack
from concerns.themes.queries import current_set
from tests.demo.conftest import Seeded


def test_promises_of_every_fate_are_in_the_list(demo: Seeded) -> None:
    with demo.house.stores.read_released() as reader:
        found = promises(reader, demo.today)
    assert 6 <= len(found.all) <= 10 and found.responses
    assert all(found.by_state.values()), found.by_state
    assert all(found.by_strength.values()) and found.by_type[rules.STRUCTURAL] and len(set(found.by_type.values())) > 1
    assert not found.mostly_structural
    assert len(found.overdue) == 1
    assert any(change.what == rules.MOVED for one in found.all for change in one.changes)
    assert all(one.stage == rules.ASKED for one in found.responses if one.owed)
    assert all(one.standing.because for one in found.all if one.state == rules.DROPPED)


def test_staff_read_what_two_guardians_released(demo: Seeded) -> None:
    with demo.house.stores.read_released() as reader:
        trusted = authority(reader, demo.house.directory)
        read = public(reader, current_set(reader, demo.today), trusted, demo.today)
    assert len(read.promises) == 4
    assert {rules.KEPT, rules.DROPPED, rules.OPEN} == {one.state for one in read.promises}
    assert all(one.because for one in read.promises if one.state == rules.DROPPED)
    assert sum(bool(entry.declined) for entry in read.entries) == 2
    spines = {theme.code: theme.spine for theme in load_pack(demo.sector).themes}
    (ideas,) = (entry for entry in read.entries if entry.known == ANSWERED["known"])
    assert spines[ideas.theme_code] in ("PART", "LEAD")


def test_figures_stand_for_every_period_that_is_over_long_enough(demo: Seeded) -> None:
    with demo.house.stores.read_released() as reader:
        typed = figures(reader)
    quarters = {one.period for one in typed if one.period.kind is Kind.QUARTER}
    assert {str(one.period) for one in typed if one.period.kind is Kind.YEAR} == {"2024", "2025"}
    assert (min(quarters), max(quarters), len(quarters)) == (Period(2024, 1), Period(2026, 3), 11)
    assert len(typed) == len(MEASURES) * 13


def test_annotations_were_written_before_any_number_of_their_periods(demo: Seeded) -> None:
    with demo.house.stores.read_released() as reader:
        written = reader.scalars(select(Annotation)).all()
        frozen = {one.period: one.stored.terms.frozen_on for one in releases(reader, *Kind)}
    assert len(written) == 2
    for one in written:
        before = tuple(period for period, day in frozen.items() if day <= one.written_on)
        assert before and not is_known(Period.parse(one.period), before)


def test_one_paper_is_frozen_and_one_is_a_draft(demo: Seeded) -> None:
    with demo.house.stores.read_released() as reader:
        trusted = authority(reader, demo.house.directory)
        closed = [one.period for one in releases(reader)]
        year = max(one for one in closed if one.kind is Kind.YEAR)
        quarter = max(one for one in closed if one.kind is Kind.QUARTER)
        (paper,) = board.versions(reader, year)
        quoted = [one for part in paper.document["parts"] for one in part["quoted"]]
        words = board.words_of(reader, quoted, trusted)
        assert board.versions(reader, quarter) == [] and board.draft(reader, quarter).whole
    assert "2026-01-21" < paper.document["frozen_on"] < demo.today.isoformat()
    assert [one.kind for one in words.values()] == ["view"]
    assert not any(part["grid"] and "No answer" in str(part) for part in paper.document["parts"][:2])


def test_a_paper_tells_only_what_was_so_when_it_was_frozen(demo: Seeded) -> None:
    with demo.house.stores.read_released() as reader:
        (paper,) = board.versions(reader, Period(2025))
        later = [one for one in promises(reader, demo.today).all if one.standing.made.year == 2026]
    assert later
    assert not any(one.what in paper.data.decode() for one in later)


def test_a_peer_asked_noted_and_was_answered_and_can_still_look(demo: Seeded) -> None:
    with demo.house.stores.read_released() as reader:
        found = {one.kind: one for one in notes(reader)}
        newest = max(one.period for one in releases(reader, Kind.QUARTER))
        known = {f"promise:{one.id.hex()}" for one in promises(reader, demo.today).actions}
    assert found[QUESTION].about == f"report:{newest}" and found[QUESTION].answered_by == "Lena Okafor"
    answered_on = found[QUESTION].answered_on
    assert answered_on is not None and found[QUESTION].day < answered_on <= demo.today
    assert found[STRENGTH].about in known and not found[STRENGTH].answer
    with demo.house.stores.read_main() as main:
        peer = next(one for one in main.scalars(select(Person)) if "peer" in one.roles)
        assert roles_on(main, peer, demo.today) == {"peer"}


@pytest.mark.parametrize("verb", ["promised", "typed", "froze", "peer", "closed"])
def test_the_log_has_it_in_the_order_of_days(demo: Seeded, verb: str) -> None:
    with demo.house.stores.read_main() as main:
        rows = main.execute(select(AuditRow.day, AuditRow.verb).order_by(AuditRow.n)).all()
    days = [day for day, _verb in rows]
    assert days == sorted(days)
    assert verb in {row.verb for row in rows}
