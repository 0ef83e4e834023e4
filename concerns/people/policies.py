"""Changes of the policy: what an admin drafts, what guardians sign or stop, and what both of them see of it."""

from collections.abc import Callable
from dataclasses import dataclass

from concerns.areas.queries import organisation
from concerns.areas.service import held
from concerns.charter import amending, pins
from concerns.charter import service as charter
from concerns.charter.amending import Draft
from concerns.charter.loosening import RULES, Change, changes
from concerns.charter.policy import Policy
from concerns.charter.service import Charter
from concerns.charter.versions import Version
from concerns.people import asked
from concerns.people.access import Visitor
from concerns.people.asked import Line
from concerns.people.changes import own_key
from concerns.store.house import House


@dataclass(frozen=True)
class Amendments:
    """How far the rules and their changes are."""

    charter: Charter
    #: in force today
    now: Policy
    draft: Draft | None
    #: signed, and not begun
    announced: tuple[Version, ...]
    #: the visitor is a guardian of the manifest, and has not signed the draft
    to_sign: bool

    @property
    def newest(self) -> Policy:
        """What a change starts from: the draft that waits, or the newest version that is signed."""
        return self.draft.after.policy if self.draft else self.charter.policies[-1].policy

    def changes_of(self, version: Version) -> tuple[Change, ...]:
        """What an announced version changes."""
        return changes(self.now, version.policy)

    def form_of(self, version: Version) -> tuple[Line, ...]:
        """What an announced version, or the draft, changes of the form’s questions."""
        return asked.changes(self.now.questions, version.policy.questions)


def amendments(house: House, person_id: bytes) -> Amendments:
    """Raises NotOpenYet or CharterRefused."""
    today = house.today()
    with house.stores.read_main() as main:
        found = charter.current(main, house.directory)
        draft = amending.waiting(main, house.directory, today)
    own = found.manifest.by_person(person_id)
    return Amendments(
        charter=found,
        now=found.policy_on(today),
        draft=draft,
        announced=tuple(found.announced(today)),
        to_sign=draft is not None and own is not None and own not in draft.signed,
    )


def said(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Every rule, and all of the form, in words: what a guardian reads before she signs the first ones."""
    ceiling = ("Months from a flag’s arrival to its deletion, at most", f"{policy.latest_months} months")
    return (*((rule.words, rule.show(policy)) for rule in RULES), ceiling, *asked.said(policy.questions))


def put_up(house: House, change: Callable[[Policy], Policy]) -> Draft:
    """Put a draft up for two guardians to sign: what waits, or is the newest that was signed, and changed so.

    Raises NotOpenYet or CharterRefused.
    """
    with house.stores.write_main() as main:
        charter.first_rows(main, lock=True)  # of two admins the second changes what the first put up
        policy = change(amending.newest(main, house.directory, house.today()))
        return amending.draft(main, house.directory, organisation(main).site_id, policy, house.today())


def agree(house: House, visitor: Visitor, document: str) -> bool:
    """The visitor signs the draft that she read; returns whether it is signed by two now. Raises as `put_up`."""
    with house.stores.write_main() as main:
        before = charter.current(main, house.directory)
        own = own_key(before.manifest, visitor)
        now = amending.agree(main, house.directory, document, own, visitor.sign_seed, house.today())
    if now.policy_place == before.policy_place:
        return False
    pins.remember(house.directory, now.policy_place, pins.NEWEST_POLICY)
    _keep_for_launch(house, now.policies[-1].policy)
    return True


def withdraw(house: House, visitor: Visitor, document: str) -> None:
    """Stop the draft. Raises NotOpenYet or CharterRefused."""
    with house.stores.write_main() as main:
        amending.withdraw(main, house.directory, document, visitor.person_id, house.today())


def _keep_for_launch(house: House, policy: Policy) -> None:
    """A launch destroys the pilot’s rules; the form that guardians signed in it is put up for signing anew."""
    with house.stores.write_main() as main:
        row = held(main)
        if row.stage == "pilot":
            row.questions = policy.questions.stored
