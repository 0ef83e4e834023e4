"""What has to be done when somebody leaves, and where a name still stands."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DONE, OPEN, UNSEEN = "Done", "To do", "Not shown"


@dataclass(frozen=True)
class Step:
    """One thing to do: who does it and where, and how far it is."""

    title: str
    says: str
    #: DONE, OPEN or UNSEEN
    state: str


#: what passes on by itself or has to be passed on, by role
PASSES_ON = {
    "leader": "Answers and actions belong to a post, not to a person. If the post stays empty, name another one under Promises.",
    "admin": "Drafts of rules and themes stay as they are: any other admin goes on with them.",
    "peer": "What was asked and noted stays, with its day.",
    "overseer": "The next letter on missed reading days goes to the overseers who are left.",
    "guardian": "What was signed stays valid. Notes and replies stay in the threads.",
}


def passed_on(roles: Collection[str]) -> list[str]:
    """What becomes of what she owned."""
    return [sentence for role, sentence in PASSES_ON.items() if role in roles]


def names(text: str, name: str) -> bool:
    """Whether a text names somebody: as whole words, in any case."""
    words = r"\s+".join(re.escape(word) for word in name.split())
    return bool(words) and re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) is not None


def named_at(
    name: str, signposts: Sequence[Mapping[str, Any]], read_instead: Mapping[str, str], staff_side: str
) -> list[str]:
    """The places of set-up in which she is named, in the words of the admin's page."""
    found = [
        f"Whom to ring: {post.get('name', '')}"
        for post in signposts
        if any(names(str(value), name) for value in post.values())
    ]
    if any(names(str(words), name) for words in read_instead.values()):
        found.append("Who reads instead")
    if names(staff_side, name):
        found.append("Staff side")
    return found


def in_order(
    *, reads: bool, shut: bool, proposed: bool, enough: bool, shares_of: Sequence[str], places: Sequence[str]
) -> list[Step]:
    """The steps. `reads`: her key is one of those that open flags; `enough`: guardians are left without her."""
    door = "Sessions, links and passkeys are gone, no passphrase opens it, and the e-mail address is free for another account."
    return [
        *(_of_a_guardian(proposed=proposed, enough=enough) if reads else ()),
        Step(
            "The account is shut", door if shut else "It is shut as soon as they have signed.", DONE if shut else OPEN
        ),
        _shares(shares_of),
        _places(places),
    ]


def _of_a_guardian(*, proposed: bool, enough: bool) -> list[Step]:
    hand_over = "Under “You”, then “Going on leave”, a guardian hands open flags to those who stay, before the removal is signed."
    another = "Two guardians have to be left: add one, and have two sign for the new key."
    propose = "One of them proposes it on “Guardians’ keys”, another one agrees there. No admin can do it for them."
    waits = "One guardian has signed; another one has to, on the same page."
    return [
        Step("Hand over flags", hand_over, UNSEEN),
        *(() if enough else (Step("Another guardian first", another, OPEN),)),
        Step("Two other guardians sign the removal", waits if proposed else propose, OPEN),
    ]


def _shares(shares_of: Sequence[str]) -> Step:
    title = "Recovery shares kept for others"
    if not shares_of:
        return Step(title, "No guardian named this person as a custodian.", DONE)
    whose = " and of ".join(shares_of)
    return Step(
        title,
        f"A share of {whose} is on paper with this person. Ask them to make new ones on “Guardians’ keys”: the old paper is "
        "worth nothing then.",
        OPEN,
    )


def _places(places: Sequence[str]) -> Step:
    title = "Pages with this name"
    if not places:
        return Step(title, "Neither the numbers to ring nor the promise page hold it.", DONE)
    return Step(title, f"Put somebody else there: {'; '.join(places)}.", OPEN)
