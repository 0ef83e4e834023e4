"""Codes: within the window, once, and never backwards."""

import datetime as dt
import xml.etree.ElementTree as ET

from concerns.people.second_factor import (
    app_address,
    code_at,
    is_totp_secret,
    matching_step,
    new_totp_secret,
    picture,
    step_of,
)

NOW = dt.datetime(2026, 11, 22, 10, 0, 10, tzinfo=dt.UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = dt.timedelta(seconds=30)


def test_a_clock_may_be_one_step_wrong() -> None:
    for steps in (-1, 0, 1):
        assert matching_step(SECRET, code_at(SECRET, NOW + steps * STEP), NOW, 0) == step_of(NOW) + steps
    for steps in (-2, 2):
        assert matching_step(SECRET, code_at(SECRET, NOW + steps * STEP), NOW, 0) is None


def test_a_step_once_used_and_every_earlier_one_is_refused() -> None:
    used = step_of(NOW)
    assert matching_step(SECRET, code_at(SECRET, NOW), NOW, used) is None
    assert matching_step(SECRET, code_at(SECRET, NOW - STEP), NOW, used) is None
    assert matching_step(SECRET, code_at(SECRET, NOW + STEP), NOW, used) == used + 1


def test_a_code_may_be_typed_in_two_groups() -> None:
    code = code_at(SECRET, NOW)
    assert matching_step(SECRET, f" {code[:3]} {code[3:]}", NOW, 0) == step_of(NOW)


def test_what_is_no_secret_has_no_code() -> None:
    for secret in ("", "x", "é" * 40, "JBSWY3DP"):
        assert matching_step(secret, "123456", NOW, 0) is None


def test_the_longest_names_still_fit_into_a_picture() -> None:
    """Of 200 and 254 letters, each of which takes many signs in an address."""
    for letter in ("é", "\U0001f426", "a"):
        address = app_address(SECRET, letter * 254, letter * 200)
        assert f"secret={SECRET}" in address and "<svg" in picture(address)
    assert "Wendle%20Vale%20Trust" in app_address(SECRET, "gita@example.org", "Wendle Vale Trust")


def test_anything_else_is_no_code() -> None:
    for code in ("", "12345", "abcdef", "１２３４５６", "0" * 400):
        assert matching_step(SECRET, code, NOW, step_of(NOW) + 1) is None


def test_a_new_secret_is_long_enough_and_another_each_time() -> None:
    assert is_totp_secret(new_totp_secret())
    assert new_totp_secret() != new_totp_secret()
    assert not is_totp_secret("JBSWY3DP")
    assert not is_totp_secret("not base 32!")
    assert not is_totp_secret("é" * 32)


def test_the_picture_is_plain_svg_under_the_strictest_policy() -> None:
    svg = str(picture(app_address(SECRET, "gita@example.org", "A “Trust” & Co")))
    tree = ET.fromstring(svg)
    assert tree.get("role") == "img"
    names = {name for element in tree.iter() for name in element.keys()}  # noqa: SIM118
    assert "style" not in names
    assert not {element.tag for element in tree.iter()} - {"svg", "g", "path"}
