"""A stolen passphrase does not let its thief guess the second factor."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import select

from concerns.people import code_tries
from concerns.people.model import CodeTries
from concerns.people.signing_in import SignInRefused, TooManyCodes, TooManyPassphrases, unlock
from concerns.sealing import passwords
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
def test_wrong_passphrases_are_counted_for_an_address_whether_anybody_has_it_or_not(desk: Desk, name: str) -> None:
    said = [mistype(desk, name) for _guess in range(code_tries.FREE_PASSPHRASES)]
    assert not any("Too many" in words for words in said)
    assert tried(desk.instance) == [code_tries.FREE_PASSPHRASES]
    waits = mistype(desk, name)
    # reached by a number, this desk has no passkeys to advise
    assert waits == "Too many passphrases were wrong for this address. Try again in 1 minute"
    assert tried(desk.instance) == [code_tries.FREE_PASSPHRASES]  # while she waits nothing is looked at


def mistype(desk: Desk, name: str) -> str:
    factors = {**desk.factors("gita"), "email": f"{name}@example.org", "passphrase": "wrong in any case"}
    return desk.client.submit(desk.client.get("/sign-in"), factors, button="Sign in", status=403).errors[0]


def test_a_delay_keeps_nobody_out_for_good_and_nobody_else(instance: Instance) -> None:
    mark = code_tries.at_the_door("gita@example.org")
    for _guess in range(60):
        code_tries.failed(instance.house, mark)
    assert guess(instance, instance.code()) is TooManyPassphrases
    unlock(instance.house, "gwen@example.org", instance.passphrase("gwen"), instance.code())
    instance.clock.pass_(minutes=code_tries.LONGEST_FOR_PASSPHRASES)
    assert guess(instance, instance.code()) is None
    assert tried(instance) == []


def test_a_delay_ends_no_session_that_is_open(desk: Desk) -> None:
    desk.sign_in("gita")
    for _guess in range(20):
        code_tries.failed(desk.instance.house, code_tries.at_the_door("gita@example.org"))
    desk.client.get("/inbox")


def test_while_she_waits_no_passphrase_is_stretched(instance: Instance) -> None:
    for _guess in range(code_tries.FREE_PASSPHRASES):
        code_tries.failed(instance.house, code_tries.at_the_door("gita@example.org"))
    with patch.object(passwords, "stretch", wraps=passwords.stretch) as stretch:
        assert guess(instance, instance.code()) is TooManyPassphrases
    assert stretch.call_count == 0


def test_what_was_counted_a_day_ago_is_forgotten(instance: Instance) -> None:
    code_tries.failed(instance.house, code_tries.at_the_door("nobody@example.org"))
    instance.clock.pass_(days=1)
    code_tries.failed(instance.house, code_tries.at_the_door("somebody@example.org"))
    assert tried(instance) == [1]


def test_she_is_told_how_long(desk: Desk, instance: Instance) -> None:
    for _guess in range(5):
        guess(instance, wrong(instance))
    page = desk.client.submit(desk.client.get("/sign-in"), desk.factors("gita"), button="Sign in", status=403)
    assert page.errors[0].startswith("Too many codes were wrong. Try again in 1 minute. If it was not you")
