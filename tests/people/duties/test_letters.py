"""Every letter of a kind has the same bytes: whatever came, whoever gets it, on whatever day."""

import datetime as dt

import pytest

from concerns.people.duties import notices, reading_days
from concerns.people.duties.letters import LETTERS, letter
from tests.cast import Instance
from tests.people.duties.conftest import Box
from tests.triage.telling import collect_now, tell

DAYS = [dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC), dt.datetime(2027, 1, 4, 18, 59, 59, tzinfo=dt.UTC)]


def written(kind: str, recipient: str, moment: dt.datetime) -> bytes:
    return letter(kind, "desk@example.org", recipient, "https://desk.example/", moment).as_bytes()


@pytest.mark.parametrize("kind", LETTERS)
def test_a_kind_has_one_body_and_one_length(kind: str) -> None:
    made = [written(kind, to, moment) for to in ("gita@example.org", "gwen@example.org") for moment in DAYS]
    assert len({one.partition(b"\n\n")[2] for one in made}) == 1
    assert len({len(one) for one in made}) == 1
    assert made[0].isascii()
    assert "https://desk.example/" in made[0].decode()


def test_an_address_that_is_none_makes_no_header() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        written("digest", "gita@example.org\r\nBcc: ada@example.org", DAYS[0])


def test_s1_the_digest_is_the_same_with_nothing_and_with_forty_flags_waiting(instance: Instance, box: Box) -> None:
    """A digest with a number would tell whoever reads the mail server how many came, and so that somebody told."""

    def naive() -> str:
        return f"{len(told)} flags wait for you."

    told: list[object] = []
    box.morning(dt.date(2026, 11, 23))
    notices.send_due(box.house, box.post)
    empty, empty_naive = box.take(), naive()
    told += [tell(instance, f"The lift is stuck again, number {number}.", collected=False) for number in range(40)]
    collect_now(instance)
    box.morning(dt.date(2026, 11, 26))
    reading_days.begin(box.house)
    notices.send_due(box.house, box.post)
    full = [one for one in box.take() if one["Subject"] == LETTERS["digest"][0]]
    assert naive() != empty_naive
    assert [one["To"] for one in full] == [one["To"] for one in empty] != []
    for before, after in zip(empty, full, strict=True):
        assert before.get_payload() == after.get_payload()
        assert len(before.as_bytes()) == len(after.as_bytes())
        del before["Date"], before["Message-ID"], after["Date"], after["Message-ID"]
        assert before.as_bytes() == after.as_bytes()
