"""The self-check of what leaders’ pages may read: the database itself is asked."""

from collections.abc import Iterator

from concerns.store.house import House
from concerns.store.rights import RELEASED, WRITTEN, rights

_SHARED = (
    "Leaders’ pages use the main login of PostgreSQL: nothing but this program keeps them from other tables. "
    "Set released_url, see docs/deploy/leaders.sql."
)


def problems(house: House) -> Iterator[tuple[bool | None, str]]:
    """Whether leaders' pages are kept apart by rights; None where they share the main login, which is allowed."""
    found = rights(house.stores)
    if not found.apart:
        yield None, _SHARED
        return
    if found.lacking:
        yield False, f"Leaders’ login cannot use {', '.join(found.lacking)}: run docs/deploy/leaders.sql again."
    if found.beyond:
        yield False, f"Leaders’ login could reach {', '.join(found.beyond)}: run docs/deploy/leaders.sql again."
    if not found.lacking and not found.beyond:
        yield (
            True,
            f"Leaders’ pages can read {len(RELEASED)} tables of released facts, write {len(WRITTEN)} of them, and no other.",
        )
