"""Who must not read a thread: named by the reporter, or by a guardian since; once excluded, always excluded."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from concerns.sealing.chain import Opened
from concerns.sealing.envelope import Kind
from concerns.sealing.saying import listed
from concerns.sealing.text import from_text, to_text

ID_BYTES = 16
#: a reporter may exclude one; a flag that names more than this was sealed by somebody who wants its thread to overflow
MOST_IN_FLAG = 8


class ExcludingThread(Protocol):
    """What is asked of a thread: its flag's payload, and whatever else of it could be opened."""

    @property
    def flag(self) -> Mapping[str, Any]: ...

    @property
    def items(self) -> Iterable[Opened]: ...


def exclusions_of(thread: ExcludingThread) -> frozenset[bytes]:
    """The ids of all persons who must not read this thread; whatever is no id is passed over.

    The union of what the flag says and of what every status says that a guardian signed. One with a broken chain
    counts too: whoever takes rows out of the store must not lift an exclusion by it.
    """
    found = set(exclusions_in(thread.flag))
    for item in thread.items:
        if item.kind is Kind.STATUS and item.signer is not None:
            found |= _ids(item.payload)
    return frozenset(found)


def exclusions_in(flag: Mapping[str, Any]) -> frozenset[bytes]:
    """The ids of the persons whom the reporter excluded, from the payload of her flag alone."""
    return frozenset(sorted(_ids(flag))[:MOST_IN_FLAG])


def excluded_kids(exclusions: Iterable[bytes], keys: Mapping[bytes, bytes]) -> frozenset[bytes]:
    """The ids of the excluded persons' KEM keys, where `keys` gives each guardian's. A stranger has none."""
    return frozenset(keys[person_id] for person_id in exclusions if person_id in keys)


def written(exclusions: Iterable[bytes]) -> list[str]:
    """The exclusions as they stand in a payload: in the order of their ids."""
    return [to_text(person_id) for person_id in sorted(exclusions)]


def _ids(payload: Mapping[str, Any]) -> set[bytes]:
    found = set()
    for one in listed(payload, "exclusions"):
        try:
            person_id = from_text(one)
        except ValueError:
            continue
        if len(person_id) == ID_BYTES:
            found.add(person_id)
    return found
