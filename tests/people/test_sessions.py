"""Split-key sessions (the desk's part of invariant S3): neither half opens anything, and they end."""

import datetime as dt

import pytest
from sqlalchemy import select

from concerns.people import sessions
from concerns.people.model import DeskSession
from concerns.people.signing_in import Unlocked
from concerns.sealing.passwords import WrongKey, open_secret
from concerns.sealing.text import from_text, to_text
from tests.cast import Instance

SECRET = bytes(range(64))
PERSON = b"p" * 16


def rows(instance: Instance) -> list[DeskSession]:
    with instance.stores.read_live() as live:
        return list(live.scalars(select(DeskSession)))


def test_both_halves_together_give_the_secret_back(instance: Instance) -> None:
    cookie = sessions.start(instance.house, PERSON, SECRET)
    assert sessions.resume(instance.house, cookie) == sessions.Resumed(PERSON, SECRET)


def test_s3_a_row_without_its_cookie_opens_nothing(instance: Instance) -> None:
    cookie = sessions.start(instance.house, PERSON, SECRET)
    (row,) = rows(instance)
    everything = row.id_hash + row.person_id + row.sealed
    assert SECRET not in everything
    assert from_text(cookie)[:16] not in everything
    assert from_text(cookie)[16:] not in everything
    for key in (row.id_hash, bytes(32), row.sealed[:32]):
        with pytest.raises(WrongKey):
            open_secret(key, row.sealed, sessions.PURPOSE, row.id_hash + row.person_id)


def test_what_the_directory_proved_is_told_to_nobody_who_has_not_the_cookie(instance: Instance) -> None:
    plain = sessions.start(instance.house, PERSON, None)
    proven = sessions.start(instance.house, PERSON, None, proven=True)
    assert len({len(row.sealed) for row in rows(instance)}) == 1
    assert sessions.resume(instance.house, proven) == sessions.Resumed(PERSON, None, proven=True)
    assert sessions.is_proven(instance.house, PERSON, proven)
    assert not sessions.is_proven(instance.house, PERSON, plain)
    assert not sessions.is_proven(instance.house, b"q" * 16, proven)
    assert not sessions.is_proven(instance.house, PERSON, "")
    instance.clock.pass_(minutes=10)
    assert sessions.resume(instance.house, proven) is not None
    assert not sessions.is_proven(instance.house, PERSON, proven)


def test_no_secret_is_printed() -> None:
    for one in (sessions.Resumed(PERSON, SECRET), Unlocked(PERSON, SECRET)):
        assert repr(SECRET) not in repr(one) and "secret" not in repr(one)


def test_s3_a_cookie_without_its_row_opens_nothing(instance: Instance) -> None:
    cookie = sessions.start(instance.house, PERSON, SECRET)
    assert SECRET not in from_text(cookie)
    sessions.end(instance.house, cookie)
    assert not rows(instance)
    assert sessions.resume(instance.house, cookie) is None


def test_s3_halves_of_two_sessions_do_not_fit(instance: Instance) -> None:
    one, other = (from_text(sessions.start(instance.house, PERSON, secret)) for secret in (SECRET, None))
    assert sessions.resume(instance.house, to_text(one[:16] + other[16:])) is None


def test_a_row_moved_to_somebody_else_opens_nothing(instance: Instance) -> None:
    cookie = sessions.start(instance.house, PERSON, SECRET)
    with instance.stores.write_live() as live:
        live.scalars(select(DeskSession)).one().person_id = b"q" * 16
    assert sessions.resume(instance.house, cookie) is None


def test_rows_do_not_tell_who_holds_a_secret(instance: Instance) -> None:
    for secret in (SECRET, None):
        sessions.start(instance.house, PERSON, secret)
    assert len({len(row.sealed) for row in rows(instance)}) == 1


def test_a_person_without_keys_has_none_afterwards(instance: Instance) -> None:
    cookie = sessions.start(instance.house, PERSON, None)
    assert sessions.resume(instance.house, cookie) == sessions.Resumed(PERSON, None)


def test_an_idle_session_ends_and_its_row_with_it(instance: Instance) -> None:
    cookie = sessions.start(instance.house, PERSON, SECRET)
    instance.clock.pass_(minutes=14, seconds=59)
    assert sessions.resume(instance.house, cookie) is not None
    instance.clock.pass_(minutes=15)
    assert sessions.resume(instance.house, cookie) is None
    assert not rows(instance)


def test_no_session_lasts_longer_than_eight_hours(instance: Instance) -> None:
    cookie = sessions.start(instance.house, PERSON, SECRET)
    for _ten in range(47):
        instance.clock.pass_(minutes=10)
        assert sessions.resume(instance.house, cookie) is not None
    instance.clock.pass_(minutes=10)
    assert sessions.resume(instance.house, cookie) is None


def test_the_time_is_written_once_a_minute_at_most(instance: Instance) -> None:
    cookie = sessions.start(instance.house, PERSON, SECRET)
    started = rows(instance)[0].seen_at
    instance.clock.pass_(seconds=59)
    sessions.resume(instance.house, cookie)
    assert rows(instance)[0].seen_at == started
    instance.clock.pass_(seconds=2)
    sessions.resume(instance.house, cookie)
    assert rows(instance)[0].seen_at == started + dt.timedelta(seconds=61)


def test_expired_rows_are_swept_when_somebody_signs_in(instance: Instance) -> None:
    sessions.start(instance.house, PERSON, SECRET)
    instance.clock.pass_(minutes=16)
    sessions.start(instance.house, b"q" * 16, None)
    assert [row.person_id for row in rows(instance)] == [b"q" * 16]


@pytest.mark.parametrize("cookie", ["", "x", "A" * 64, "!" * 64, to_text(bytes(48)), to_text(bytes(49))])
def test_an_unknown_cookie_is_no_session(instance: Instance, cookie: str) -> None:
    assert sessions.resume(instance.house, cookie) is None
    sessions.end(instance.house, cookie)
