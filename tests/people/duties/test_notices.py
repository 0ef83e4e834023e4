"""Who gets which letter, once each, whichever process is first, and again where the mail server refused."""

import datetime as dt
import threading
from collections.abc import Sequence
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from concerns.people.duties import absences, notices, reading_days
from concerns.people.duties.letters import LETTERS
from concerns.people.duties.model import Notice
from concerns.store.house import MailServer
from tests.cast import Instance
from tests.people.duties.conftest import Box
from tests.people.visiting import Desk

DIGEST, MISSED, OVERSEER = (LETTERS[kind][0] for kind in ("digest", "missed", "overseer"))
MONDAY, THURSDAY, FRIDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 26), dt.date(2026, 11, 27)


def send(box: Box) -> list[tuple[str, str]]:
    reading_days.begin(box.house)
    notices.send_due(box.house, box.post)
    return box.taken()


def test_each_guardian_is_reminded_on_each_reading_day_once(instance: Instance, box: Box, desk: Desk) -> None:
    box.morning(MONDAY, hour=5)
    assert send(box) == []
    box.morning(MONDAY)
    assert send(box) == [(DIGEST, "gita"), (DIGEST, "gwen")]
    for hour in (7, 18):
        box.morning(MONDAY, hour)
        assert send(box) == []
    desk.sign_in("gita")
    box.morning(dt.date(2026, 11, 24))
    assert send(box) == []


def test_a_missed_day_is_told_to_the_guardians_and_a_second_one_to_the_overseer(
    box: Box, owen: bytes, desk: Desk
) -> None:
    box.morning(MONDAY)
    send(box)
    box.morning(dt.date(2026, 11, 24))
    assert send(box) == [(MISSED, "gita"), (MISSED, "gwen")]
    assert send(box) == []
    box.morning(THURSDAY)
    assert send(box) == [(DIGEST, "gita"), (DIGEST, "gwen")]
    box.morning(FRIDAY)
    both = [(MISSED, "gita"), (MISSED, "gwen"), (OVERSEER, "owen")]
    assert send(box) == sorted(both)
    box.morning(dt.date(2026, 11, 30))
    send(box)
    desk.sign_in("gwen")
    box.morning(dt.date(2026, 12, 1))
    assert send(box) == []


def test_a_day_that_was_kept_late_in_the_evening_is_no_missed_one(instance: Instance, box: Box, desk: Desk) -> None:
    box.morning(MONDAY)
    send(box)
    box.morning(MONDAY, hour=23)
    desk.sign_in("gita")
    box.morning(dt.date(2026, 11, 24))
    assert send(box) == []


def test_who_is_away_is_left_in_peace_unless_everybody_is(instance: Instance, box: Box) -> None:
    gita, gwen = (instance.guardian(name).person_id for name in ("gita", "gwen"))
    absences.set_leave(instance.house, gita, MONDAY, THURSDAY)
    box.morning(MONDAY)
    assert send(box) == [(DIGEST, "gwen")]
    absences.set_leave(instance.house, gwen, THURSDAY, THURSDAY)
    box.morning(THURSDAY)
    assert [one for one in send(box) if one[0] == DIGEST] == [(DIGEST, "gita"), (DIGEST, "gwen")]


def test_what_the_mail_server_refused_goes_out_later_and_nothing_twice(instance: Instance, box: Box) -> None:
    box.morning(MONDAY)
    box.broken = True
    assert send(box) == []
    with instance.stores.read_live() as live:
        assert notices.unsent(live)
    box.broken = False
    assert send(box) == [(DIGEST, "gita"), (DIGEST, "gwen")]
    assert send(box) == []
    with instance.stores.read_live() as live:
        assert not notices.unsent(live)


def test_a_digest_that_could_not_go_out_is_not_sent_on_another_day(instance: Instance, box: Box, desk: Desk) -> None:
    box.morning(MONDAY)
    box.broken = True
    send(box)
    desk.sign_in("gita")
    box.broken = False
    box.morning(dt.date(2026, 11, 24))
    assert send(box) == []


def test_a_failure_in_the_middle_gives_every_letter_back(box: Box) -> None:
    box.morning(MONDAY)

    def fail(_server: MailServer, _letters: Sequence[EmailMessage]) -> list[bool]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        notices.send_due(box.house, fail)
    assert send(box) == [(DIGEST, "gita"), (DIGEST, "gwen")]


def test_of_many_at_once_one_sends(instance: Instance, box: Box) -> None:
    box.morning(MONDAY)
    together = threading.Barrier(8)

    def worker() -> None:
        together.wait()
        notices.send_due(box.house, box.post)

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.taken() == [(DIGEST, "gita"), (DIGEST, "gwen")]


def test_without_a_mail_server_nothing_is_claimed(instance: Instance, box: Box) -> None:
    box.morning(MONDAY)
    assert notices.send_due(instance.house, box.post)
    with instance.stores.read_live() as live:
        assert live.scalar(select(func.count()).select_from(Notice)) == 0
    assert send(box) == [(DIGEST, "gita"), (DIGEST, "gwen")]


def test_old_rows_go(instance: Instance, box: Box) -> None:
    box.morning(MONDAY)
    send(box)
    box.morning(dt.date(2026, 12, 21))
    send(box)
    with instance.stores.read_live() as live:
        assert min(live.scalars(select(Notice.day))) > MONDAY


def test_no_address_is_in_a_traceback() -> None:
    assert "gita" not in repr(notices.Owed("digest", MONDAY, bytes(16), "gita@example.org"))
