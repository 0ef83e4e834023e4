"""A guardian's part in closing a period: what her key opens goes to the gate, and what she may see before comes back."""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from concerns.audit.service import note
from concerns.charter import service as charter_service
from concerns.charter.manifest import Manifest
from concerns.charter.service import Charter, CharterRefused, NotOpenYet
from concerns.disclosure.agenda import Item, agenda, newest_frozen, row_names, terms_in_words
from concerns.disclosure.facts import PublicFacts, public_facts
from concerns.disclosure.following import bring_back, missing_releases, read_history
from concerns.disclosure.handing import closer_for
from concerns.disclosure.history import History, Step
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.nodes import Table
from concerns.disclosure.periods import Period
from concerns.disclosure.service import Closer, Outcome, counted_so_far, terms_for
from concerns.disclosure.service import close_part as close_at_gate
from concerns.disclosure.turns import CloseRefused, check_turn, in_words
from concerns.sealing.keys import kem_public
from concerns.store.handing import NotHanded
from concerns.store.house import House
from concerns.triage.closing.records import count_untriaged, first_week, reader_for


@dataclass(frozen=True)
class CloseOutcome:
    """What one guardian's part came to; `message` is one plain sentence for page and command line."""

    message: str
    frozen: bool
    line: int
    head: str

    @property
    def waiting(self) -> bool:
        return not self.frozen


@dataclass(frozen=True)
class Preview:
    """What a guardian sees before she does her part: no count of what is counted, and no draw."""

    period: Period
    table: Table
    epsilon: str
    untriaged: int
    #: before which day a flag had to be sorted first; None where the first part itself is the limit
    sorted_before: str | None
    #: whether hers is the second part
    second: bool
    previous: Step | None

    @property
    def grain(self) -> str:
        return terms_in_words(self.table)

    @property
    def names(self) -> list[str]:
        """What the rows of the release will be called."""
        return row_names(self.table)


@dataclass(frozen=True)
class ClosingPage:
    """All periods with their states, and the last freeze to compare with one's print."""

    items: list[Item]
    previous: Step | None


@dataclass(frozen=True)
class _Scene:
    charter: Charter
    facts: PublicFacts
    history: History


def close_part(house: House, person_id: bytes, secret: bytes, period_text: str) -> CloseOutcome:
    """One guardian's part: the first one's waits for another, the second one's freezes the period.

    `secret` is KEM seed[32] ‖ Ed25519 seed[32]. Raises WrongPeriod (wrong use), CloseRefused or LedgerRefused.
    """
    period = Period.parse(period_text)
    with house.stores.read_main() as main:
        charter = _charter(main, house)
        facts = public_facts(main, charter.rules_of(period.year, house.today()), period.year)
        first = first_week(main)
    closer = _closer(charter.manifest, person_id, secret[:32])
    hand_on(house, person_id, secret)
    outcome = close_at_gate(
        house.stores,
        Ledger(house.directory),
        facts,
        period,
        today=house.today(),
        first_week=first,
        closer=closer,
        read=reader_for(house.stores, facts.site_id, secret[:32], charter.manifest.signers),
    )
    note(house, person_id, "closed", about=str(period))
    return _in_words(outcome)


def hand_on(house: House, person_id: bytes, secret: bytes) -> None:
    """What earlier closes left for the guardians goes to those too who came since. Does nothing where the ledger is shut."""
    with suppress(NotHanded):
        house.handing.on(house, person_id, secret[:32])


def closing_page(house: House) -> ClosingPage:
    """The periods and how far each has come. A release that the ledger holds and the database lacks is brought back.

    Raises CloseRefused or LedgerRefused.
    """
    today = house.today()
    with house.stores.read_main() as main:
        scene = _scene(main, house, Period(today.year))
        items = agenda(scene.history, scene.facts, today, first_week(main))
        missing = missing_releases(main, scene.history)
    if missing:
        bring_back(house.stores, Ledger(house.directory), scene.facts.site_id)
    return ClosingPage(items, newest_frozen(scene.history))


def last_freeze(house: House) -> Step | None:
    """The last freeze of any kind: whoever closes next compares it with a print. Raises CloseRefused or LedgerRefused."""
    with house.stores.read_main() as main:
        return newest_frozen(_scene(main, house, Period(house.today().year)).history)


def preview(house: House, person_id: bytes, secret: bytes, period_text: str) -> Preview:
    """What closing this period means. Raises as `close_part` does."""
    period, today = Period.parse(period_text), house.today()
    with house.stores.read_main() as main:
        scene = _scene(main, house, period)
        check_turn(scene.history, scene.facts, period, today, first_week(main), person_id)
    closer = _closer(scene.charter.manifest, person_id, secret[:32])
    counted = counted_so_far(scene.history, closer).marks()
    second = period in scene.history.begun
    terms = scene.history.terms_of(period) if second else terms_for(scene.history, scene.facts, period, today)
    signers = scene.charter.manifest.signers
    return Preview(
        period,
        terms.table,
        str(terms.epsilon),
        count_untriaged(house.stores, scene.facts.site_id, secret[:32], signers, period.end, counted, person_id),
        in_words(terms.sorted_before) if terms.sorted_before else None,
        second,
        newest_frozen(scene.history),
    )


def _scene(main: Session, house: House, period: Period) -> _Scene:
    charter = _charter(main, house)
    facts = public_facts(main, charter.rules_of(period.year, house.today()), period.year)
    history = read_history(main, Ledger(house.directory), facts.site_id)
    return _Scene(charter, facts, history or History(b"", facts.site_id, ()))


def _charter(main: Session, house: House) -> Charter:
    try:
        return charter_service.current(main, house.directory)
    except NotOpenYet as error:
        raise CloseRefused("Nothing can be closed before all guardians have made and signed their keys.") from error
    except CharterRefused as error:
        raise CloseRefused(f"Nothing can be closed: {error}.") from error


def _closer(manifest: Manifest, person_id: bytes, kem_seed: bytes) -> Closer:
    own = manifest.by_person(person_id)
    if own is None or own.kem != kem_public(kem_seed):
        raise CloseRefused("Only a guardian of the signed manifest can close a period.")
    return closer_for(manifest, person_id, kem_seed)


def _in_words(outcome: Outcome) -> CloseOutcome:
    head = outcome.head.hex()
    if outcome.frozen:
        message = f"{outcome.period} is frozen. Keep this print: ledger line {outcome.line}, {head}."
    else:
        message = f"Your part of {outcome.period} is done. It is waiting for a second guardian."
    return CloseOutcome(message, outcome.frozen, outcome.line, head)
