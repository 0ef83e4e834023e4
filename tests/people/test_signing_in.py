"""Signing in: two factors, each code once, and the same answer for a stranger."""

from tests.people.visiting import Desk


def test_each_role_gets_its_own_first_page(desk: Desk) -> None:
    for name, path in (("gita", "/desk/inbox"), ("ada", "/desk/set-up"), ("lena", "/desk/report/"), ("priya", "/desk/report/")):
        other = desk.as_(name)
        assert other.client.get("/", 302).location == path
        other.client.get(path.removeprefix("/desk"))
