"""Words that two guardians let leaders read: signed by the one who proposes, released when the other agrees."""

import hashlib

from concerns.audit.rules import once
from concerns.audit.service import note
from concerns.learning import service as learning
from concerns.learning.rules import ESCALATION, Words
from concerns.learning.service import Approval, NotReleased
from concerns.learning.standing import authority
from concerns.people.access import visitor
from concerns.sealing.saying import said
from concerns.sealing.signing import sign
from concerns.sealing.text import from_text, to_text
from concerns.store.house import house
from concerns.triage.acting.pairs import Refused
from concerns.triage.acts import Proposal
from concerns.triage.reading import Desk


def signature(desk: Desk, about: str, text: str) -> str:
    """The proposing guardian's signature under the words, as it is sealed in the thread."""
    return to_text(sign(visitor().sign_seed, _words(about, text).statement(desk.site_id)))


def release(desk: Desk, proposal: Proposal) -> None:
    """The agreeing guardian's part, once however often it is asked for. Raises Refused, and whatever the store raises."""
    manifest = desk.charter.manifest
    words = _words(said(proposal.content, "about"), said(proposal.content, "text"))
    first = manifest.by_signer(proposal.entry.signer)
    with house().stores.read_main() as main:
        trusted = authority(main, house().directory)
    if first is None or trusted is None:
        raise Refused("Nothing can be released before all guardians have signed their keys.")
    own = sign(visitor().sign_seed, words.statement(desk.site_id))
    # whoever has the store can hash every envelope in it, so the id must come from what is sealed
    text_id = hashlib.sha256(b"concerns-escalation/1" + said(proposal.content, "item").encode()).digest()[:16]
    note(house(), visitor().person_id, "released", once=once(visitor().kem_seed, b"released", text_id))
    try:
        both = (Approval(first.person_id, from_text(said(proposal.content, "signature"))), _approval(own))
        with house().stores.write_main() as main:
            learning.release(main, text_id, words, both, trusted, house().today())
    except (NotReleased, ValueError) as refusal:
        raise Refused("This is not what the other guardian signed. Stop it, and write it anew.") from refusal


def _words(about: str, text: str) -> Words:
    return Words(ESCALATION, "", about, {"text": text})


def _approval(signature: bytes) -> Approval:
    return Approval(visitor().person_id, signature)
