"""A stolen passphrase does not let its thief guess the second factor."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from concerns.people import code_tries
from concerns.people.model import CodeTries
from concerns.people.signing_in import SignInRefused, TooManyCodes, unlock
from tests.cast import Instance
from tests.people.visiting import Desk


def tried(instance: Instance) -> list[int]:
    with instance.stores.read_live() as live:
        return list(live.scalars(select(CodeTries.count)))


def guess(instance: Instance, code: str) -> type[Exception] | None:
    try:
        unlock(instance.house, "gita@example.org", instance.passphrase("gita"), code)
    except SignInRefused as refused:
        return type(refused)
    return None


def wrong(instance: Instance) -> str:
    return "111111" if instance.code() != "111111" else "222222"


def test_after_five_wrong_codes_each_costs_twice_as_long(instance: Instance) -> None:
    for _guess in range(5):
        assert guess(instance, wrong(instance)) is SignInRefused
    for minutes in (1, 2, 4):
        instance.clock.pass_(seconds=minutes * 60 - 1)
        assert guess(instance, instance.code()) is TooManyCodes  # the right one is not looked at either
        instance.clock.pass_(seconds=1)
        assert guess(instance, wrong(instance)) is SignInRefused
    instance.clock.pass_(minutes=8)
    assert guess(instance, instance.code()) is None
    assert tried(instance) == []


def test_no_pause_is_longer_than_an_hour() -> None:
    assert [code_tries.pause_after(count) for count in (1, 4, 5, 6, 10, 11, 1000)] == [
        timedelta(minutes=minutes) for minutes in (0, 0, 1, 2, 32, 60, 60)
    ]


def test_a_right_code_starts_the_count_anew(instance: Instance) -> None:
    for _round in range(2):
        for _guess in range(4):
            assert guess(instance, wrong(instance)) is SignInRefused
        assert guess(instance, instance.code()) is None
        instance.clock.pass_(seconds=30)


def test_many_guesses_at_the_same_time_count_one_by_one(instance: Instance) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _guess: code_tries.claim(instance.house, b"p" * 16), range(12)))
    assert sum(pause is None for pause in answers) == code_tries.FREE
    assert tried(instance) == [code_tries.FREE]


def test_each_person_has_a_count_of_her_own(instance: Instance) -> None:
    for _guess in range(5):
        guess(instance, wrong(instance))
    unlock(instance.house, "gwen@example.org", instance.passphrase("gwen"), instance.code())


@pytest.mark.parametrize("name", ["gita", "nobody"])
def test_a_stranger_is_told_nothing_and_counts_nothing(desk: Desk, name: str) -> None:
    for _guess in range(6):
        factors = {**desk.factors("gita"), "email": f"{name}@example.org", "passphrase": "wrong in any case"}
        page = desk.client.submit(desk.client.get("/sign-in"), factors, status=403)
        assert "Too many" not in page.text
    assert tried(desk.instance) == []


def test_she_is_told_how_long(desk: Desk, instance: Instance) -> None:
    for _guess in range(5):
        guess(instance, wrong(instance))
    page = desk.client.submit(desk.client.get("/sign-in"), desk.factors("gita"), button="Sign in", status=403)
    assert page.errors[0].startswith("Too many codes were wrong. Try again in 1 minute. If it was not you")
