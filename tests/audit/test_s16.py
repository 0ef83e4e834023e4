"""S16: nobody changes the log unseen, cuts its tail or writes it anew; and a plainer log would not notice."""

import dataclasses
import datetime as dt
import secrets
from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, select, update

from concerns.areas.model import Organisation
from concerns.audit.model import AuditHead, AuditRow
from concerns.audit.service import note
from concerns.store.base import new_id
from tests.audit import log
from tests.cast import Instance

CHANGED = "Entry {} of the log has been changed, moved or taken out."
CUT = "The log no longer holds what {} signed on 22 November 2026: it was cut or rewritten."


@pytest.fixture
def kept(instance: Instance) -> Instance:
    """A log of seven entries: Gita signed at the third one, Gwen at the sixth."""
    gita, gwen = (instance.guardian(name).person_id for name in ("gita", "gwen"))
    for person_id, verb in ((gita, "collected"), (gwen, "closed")):
        note(instance.house, person_id, verb, about="2026-Q4" if verb == "closed" else "")
    log.sign_in(instance, "gita")
    note(instance.house, gita, "imported")
    note(instance.house, gwen, "out")
    log.sign_in(instance, "gwen")
    note(instance.house, gwen, "collected")
    assert log.deeds(instance) == ["collected", "closed", "in", "imported", "out", "in", "collected"]
    assert log.faults(instance) == []
    return instance


def test_s16_a_changed_row_fails_whatever_was_changed(kept: Instance) -> None:
    honest = log.rows(kept)[1]
    for column, value in {
        "day": dt.date(2026, 11, 21),
        "person_id": new_id(),
        "verb": "opened",
        "about": "2026-Q3",
        "item": secrets.token_bytes(32),
        "detail": secrets.token_bytes(len(honest.detail)),
        "previous": bytes(32),
        "hash": bytes(32),
    }.items():
        log.change(kept, 2, **{column: value})
        assert log.numbers_run_on(kept)  # a plain table would say that all is well
        assert log.faults(kept) == [CHANGED.format(2)], column
        log.change(kept, 2, **{column: getattr(honest, column)})
    assert {*AuditRow.__table__.columns.keys()} == {*log.COLUMNS, "hash"}  # no column is left out of the chain
    assert log.faults(kept) == []


def test_s16_a_deleted_row_fails_also_where_the_others_are_numbered_again(kept: Instance) -> None:
    log.cut(kept, 2)
    assert log.faults(kept) == [CHANGED.format(2)]
    for n in range(3, 8):
        log.change(kept, n, n=n - 1)
    assert log.numbers_run_on(kept)
    assert log.faults(kept) == [CHANGED.format(2)]


def test_s16_rows_that_changed_places_fail(kept: Instance) -> None:
    log.change(kept, 4, n=100)
    log.change(kept, 5, n=4)
    log.change(kept, 100, n=5)
    assert log.numbers_run_on(kept)
    assert log.faults(kept) == [CHANGED.format(4)]


def test_s16_a_row_put_in_between_fails(kept: Instance) -> None:
    entries = log.entries(kept)
    new = dataclasses.replace(entries[3], item=secrets.token_bytes(32))
    forged = log.chained(kept, [*entries[:4], new])[-1]
    for n in range(7, 4, -1):
        log.change(kept, n, n=n + 1)
    with kept.stores.write_main() as main:
        main.add(forged)
    assert log.numbers_run_on(kept)
    assert log.faults(kept) == [CHANGED.format(6)]


def test_s16_a_cut_tail_fails_against_what_each_guardian_signed(kept: Instance) -> None:
    both = ["Gita", "Gwen"]
    for left, missed_by in ((6, []), (5, ["Gwen"]), (3, ["Gwen"]), (2, both), (0, both)):
        log.cut(kept, *range(left + 1, 8))
        assert log.chain_holds(kept)  # a chain that nobody signs would say that all is well
        assert log.faults(kept) == [CUT.format(name) for name in missed_by]


def test_s16_a_log_written_anew_fails_against_what_each_guardian_signed(kept: Instance) -> None:
    entries = log.entries(kept)
    entries[1] = dataclasses.replace(entries[1], person_id=kept.guardian("gita").person_id)
    log.replace_all(kept, log.chained(kept, entries))
    assert log.chain_holds(kept)
    assert log.faults(kept) == [CUT.format("Gita"), CUT.format("Gwen")]


def test_s16_a_tail_written_anew_fails_against_the_later_signature(kept: Instance) -> None:
    entries = log.entries(kept)
    entries[4] = dataclasses.replace(entries[4], verb="in")
    log.replace_all(kept, log.chained(kept, entries))
    assert log.chain_holds(kept)
    assert log.faults(kept) == [CUT.format("Gwen")]


def test_s16_a_log_of_another_site_fails(kept: Instance) -> None:
    with kept.stores.write_main() as main:
        main.execute(update(Organisation).values(site_id=new_id()))
    assert log.faults(kept) == [CHANGED.format(1)]


def test_s16_a_signature_that_was_moved_changed_or_taken_out_fails(kept: Instance) -> None:
    gita, gwen = (kept.guardian(name).person_id for name in ("gita", "gwen"))
    with kept.stores.write_main() as main:
        main.execute(update(AuditHead).where(AuditHead.person_id == gwen).values(n=3, hash=log.rows(kept)[2].hash))
    assert log.faults(kept) == ["The signature of Gwen under the log is not hers."]
    with kept.stores.write_main() as main:
        main.execute(delete(AuditHead).where(AuditHead.person_id == gwen))
        main.execute(update(AuditHead).where(AuditHead.person_id == gita).values(person_id=gwen))
    assert log.faults(kept) == [
        "Gita has signed in, and her signature under the log is missing.",
        "The signature of Gwen under the log is not hers.",
    ]


def test_s16_taking_out_rows_and_signatures_together_fails_wherever_guardians_made_their_own_keys(
    kept: Instance,
) -> None:
    log.replace_all(kept, [])
    with kept.stores.write_main() as main:
        main.execute(delete(AuditHead))
        main.execute(update(Organisation).values(rehearsal=False))
    assert log.faults(kept) == [
        f"{name} has signed in, and her signature under the log is missing." for name in ("Gita", "Gwen")
    ]


@pytest.mark.parametrize(
    "forge",
    [
        lambda kept: log.cut(kept, *range(3, 8)),
        lambda kept: log.replace_all(kept, log.chained(kept, log.entries(kept)[1:])),
    ],
    ids=["cut", "written anew"],
)
def test_s16_a_sign_in_signs_no_log_that_lost_what_was_signed_before(
    kept: Instance, forge: Callable[[Instance], None]
) -> None:
    forge(kept)
    before = log.faults(kept)
    log.sign_in(kept, "gita")
    log.sign_in(kept, "gwen")
    assert log.chain_holds(kept)
    assert log.faults(kept) == before == [CUT.format("Gita"), CUT.format("Gwen")]


def test_a_sign_in_moves_the_signature_on_and_remembers_the_first_day(kept: Instance) -> None:
    kept.clock.pass_(days=9)
    log.sign_in(kept, "gita")
    with kept.stores.read_main() as main:
        head = main.get(AuditHead, kept.guardian("gita").person_id)
        newest = main.scalar(select(func.max(AuditRow.n)))
    assert head is not None
    assert (head.n, head.day, head.since) == (newest, dt.date(2026, 12, 1), dt.date(2026, 11, 22))
    assert log.faults(kept) == []


def test_nothing_is_amiss_with_an_empty_log(instance: Instance) -> None:
    (finding,) = log.findings(instance)
    assert finding.good is True
    assert finding.words == "The log is whole and holds what each guardian signed last."
