"""A text is proposed, agreed to, declined, withdrawn: each in a guardian's own session, with the text check run in it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from concerns.areas.queries import area_facts
from concerns.audit.rules import once
from concerns.audit.service import note
from concerns.learning import service as learning
from concerns.learning.model import ReleasedText
from concerns.learning.promises import service as promises
from concerns.learning.promises.service import PromiseRefused
from concerns.learning.rules import LEARNING, Words
from concerns.learning.service import Approval, NotReleased
from concerns.learning.standing import Authority, authority
from concerns.people.access import Visitor
from concerns.sealing.signing import sign
from concerns.store.house import House
from concerns.triage.acting.leaving import NOT_READ, RULES
from concerns.triage.acting.pairs import Refused
from concerns.triage.index import service as index
from concerns.triage.reading import Desk
from concerns.triage.releasing import drafts
from concerns.triage.releasing.consent import consented, excluded_from
from concerns.triage.releasing.drafts import Draft
from concerns.triage.releasing.rules import numbers_in_words
from concerns.words.checking import check

NUMBER = "A number written as a word"


class Stopped(Refused):
    """The text check stopped it: what each rule found, in words, for the eyes of whoever has the text before her."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        super().__init__("The text check stopped it. Say it in more general words; nothing you typed is lost.")
        self.found = found


@dataclass(frozen=True)
class Session:
    """One guardian's request."""

    house: House
    desk: Desk
    visitor: Visitor

    @property
    def me(self) -> str:
        return self.visitor.person_id.hex()

    @property
    def authority(self) -> Authority:
        with self.house.stores.read_main() as main:
            found = authority(main, self.house.directory)
        if found is None:
            raise Refused("Nothing can be released before all guardians have signed their keys.")
        return found


def checked(session: Session, words: Words) -> None:
    """Run the text check against everything that this guardian can open. Raises Stopped or Refused."""
    house, desk, visitor = session.house, session.desk, session.visitor
    if index.cards(house, desk, visitor).behind:
        raise Refused(NOT_READ)
    with house.stores.read_main() as main:
        areas = [name for area in area_facts(main) for name in area.names]
    outcome = check(words.text, index.texts(house, desk, visitor).items(), areas)
    found = [(RULES[one.rule], one.words) for one in outcome.found]
    found += [(NUMBER, word) for word in numbers_in_words(words)]
    if found:
        raise Stopped(found)


def propose(session: Session, words: Words, flags: Sequence[str], item: bytes, source: str = "") -> None:
    """One guardian's part, once for each form shown; `source` is the promise of leaders whose words they are.

    Raises Refused, and whatever the store raises.
    """
    house, visitor = session.house, session.visitor
    excluded = _may_be_released(session, words, flags, source)
    draft_id = hashlib.sha256(b"concerns-text-draft/1" + visitor.person_id + item).digest()[:16]
    signature = sign(visitor.sign_seed, words.statement(session.desk.site_id))
    draft = Draft(draft_id, words, house.today(), session.me, signature, tuple(flags), source, excluded)
    note(house, visitor.person_id, "wrote", once=once(visitor.kem_seed, b"wrote", draft_id, words.hash.encode()))
    drafts.put(house.stores, session.desk.charter.manifest, draft)


def agree(session: Session, draft: Draft) -> None:
    """Another guardian's part: it is released. Raises Refused, and whatever the store raises."""
    house, visitor = session.house, session.visitor
    if draft.by == session.me:
        raise Refused("You proposed this yourself: another guardian has to agree.")
    if draft.declined_by:
        raise Refused("This was declined. It has to be written anew.")
    message = draft.words.statement(session.desk.site_id)
    first = Approval(bytes.fromhex(draft.by), draft.signature)
    trusted = session.authority
    if not trusted.signed(first.person_id, message, first.signature):
        raise Refused("This is not what another guardian signed. Tell the other guardians.")
    _may_be_released(session, draft.words, draft.flags, draft.source)
    second = Approval(visitor.person_id, sign(visitor.sign_seed, message))
    note(house, visitor.person_id, "released", once=once(visitor.kem_seed, b"released", draft.id))
    try:
        with house.stores.write_main() as main:
            learning.release(main, draft.id, draft.words, (first, second), trusted, house.today())
            if draft.source:
                promises.agreed(main, bytes.fromhex(draft.source), draft.id)
    except NotReleased as refusal:
        raise Refused(str(refusal)) from refusal
    drafts.forget(house.stores, draft.id)


def decline(session: Session, draft: Draft, reason: str) -> None:
    """She says no, and why; the one who proposed it reads that for as long as it would have waited."""
    if draft.by == session.me or draft.declined_by:
        raise Refused("This waits for nobody's answer any more.")
    no = drafts.declined(draft, session.visitor.name, reason)
    drafts.put(session.house.stores, session.desk.charter.manifest, no)


def stop(session: Session, draft: Draft) -> None:
    """The one who proposed it takes it back. Raises Refused for anybody else."""
    if draft.by != session.me:
        raise Refused("Only the guardian who proposed it can take it back. You can decline it.")
    drafts.forget(session.house.stores, draft.id)


def withdraw(session: Session, text_id: bytes) -> bool:
    """Take a released text out: any one guardian may, at once. Returns whether there was one."""
    house, visitor = session.house, session.visitor
    note(house, visitor.person_id, "withdrew", once=once(visitor.kem_seed, b"withdrew", text_id))
    with house.stores.write_main() as main:
        return learning.withdraw(main, text_id, house.today())


def is_released(session: Session, text_id: bytes) -> bool:
    """Whether a draft became a released text meanwhile: a double tap asks again."""
    with session.house.stores.read_main() as main:
        return main.get(ReleasedText, text_id) is not None


def _may_be_released(session: Session, words: Words, flags: Sequence[str], source: str) -> frozenset[bytes]:
    """Raise Refused where it may not; else who must not see it while it waits."""
    house = session.house
    opened = consented(house, session.desk, session.visitor, flags) if words.kind == LEARNING else []
    trusted = session.authority
    try:
        with house.stores.read_main() as main:
            if source:
                promises.must_be_asked(main, bytes.fromhex(source), words)
            learning.may_stand(main, words, trusted, house.today())
    except (NotReleased, PromiseRefused) as refusal:
        raise Refused(str(refusal)) from refusal
    checked(session, words)
    return excluded_from(opened)
