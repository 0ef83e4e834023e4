"""Roles kept apart, addresses, passphrases."""

import pytest

from concerns.people.rules import (
    ROLE_NAMES,
    email_problem,
    normal_email,
    normal_passphrase,
    passphrase_problem,
    roles_problem,
)


@pytest.mark.parametrize("roles", [["guardian"], ["leader"], ["admin", "leader"], ["guardian", "peer"], ["overseer"]])
def test_roles_that_go_together(roles: list[str]) -> None:
    assert roles_problem(roles) is None


@pytest.mark.parametrize(
    ("roles", "problem"),
    [
        ([], "Give at least one role"),
        (["boss"], "There is no role “boss”: choose from guardian, leader, admin, peer, overseer"),
        (["guardian", "leader"], "A guardian cannot also be a leader: give the roles to two people"),
        (["admin", "guardian"], "A guardian cannot also be an admin: give the roles to two people"),
    ],
)
def test_roles_that_do_not(roles: list[str], problem: str) -> None:
    assert roles_problem(roles) == problem


def test_every_role_has_a_name() -> None:
    from concerns.people.model import ROLES

    assert set(ROLE_NAMES) == set(ROLES)


@pytest.mark.parametrize("email", ["gita@example.org", "g.i-t+a@mail.example.co.uk"])
def test_good_addresses(email: str) -> None:
    assert email_problem(email) is None


@pytest.mark.parametrize("email", ["", "gita", "gita@example", "a b@example.org", "@example.org", "g@x." + "y" * 260])
def test_bad_addresses(email: str) -> None:
    assert str(email_problem(email)).startswith("Enter an e-mail address")


def test_one_spelling_of_an_address_and_of_a_passphrase() -> None:
    assert normal_email("  Gita@Example.ORG ") == "gita@example.org"
    assert normal_passphrase("cafe\u0301 ﬁx") == "café fix"


@pytest.mark.parametrize("passphrase", ["Gita keeps bees on the roof", "we own six cows", "x7$kP0q9!mZ2vb"])
def test_good_passphrases(passphrase: str) -> None:
    assert passphrase_problem(passphrase) is None


@pytest.mark.parametrize(
    ("passphrase", "problem"),
    [
        ("", "Choose a passphrase"),
        ("   ", "Choose a passphrase"),
        ("short one", "Your passphrase must have at least 14 characters, or at least 4 words"),
        ("a b c d e", "Your passphrase must have at least 14 characters, or at least 4 words"),
        ("aaaaaaaaaaaaaaaaa", "Your passphrase repeats too few characters: use several unconnected words"),
        ("x" * 501, "Your passphrase must be 500 characters or fewer"),
    ],
)
def test_bad_passphrases(passphrase: str, problem: str) -> None:
    assert passphrase_problem(passphrase) == problem
