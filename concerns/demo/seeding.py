"""Turns the story into a sealed, triaged and frozen instance: two years in a minute, through an injected clock."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation as stored_organisation
from concerns.areas.rules import NOT_SAID
from concerns.charter.manifest import Manifest
from concerns.charter.service import current
from concerns.demo.agenda import Deed, Player, at, in_order
from concerns.demo.leading import papers, typed
from concerns.demo.organisation import later_answers, leaders_script, organisation
from concerns.demo.plot import BEGINS
from concerns.demo.promising import promised
from concerns.demo.reading import read_on_time
from concerns.demo.releasing import Press, Signer, release_texts
from concerns.demo.story import FlagSeed, flags
from concerns.demo.visiting import visited
from concerns.disclosure.periods import Kind, Period
from concerns.founding.answers import answers_of
from concerns.founding.service import Newcomer, found
from concerns.learning.service import set_answer
from concerns.people import terms
from concerns.people.model import Person
from concerns.people.signing_in import unlock
from concerns.sealing.chain import next_link
from concerns.sealing.collecting import purge_week, rewrite
from concerns.sealing.envelope import Header, seal
from concerns.sealing.envelope import Kind as Sealed
from concerns.sealing.keys import kem_public, new_seed
from concerns.sealing.receipt import ReceiptKeys, derive, new_entropy, words_of
from concerns.sealing.threads import Bundle, store_threads
from concerns.store.base import new_id
from concerns.store.house import House
from concerns.themes.rules import OTHER
from concerns.triage.bundles import Sitting, Work, seal_flag_bundle
from concerns.triage.closing.service import close_part
from concerns.triage.rules import FINISHED, Step

CHUNK = 250
SECOND_SITTING = dt.timedelta(days=24)
#: what is open was written to within so many days, so that little of it is overdue
WRITTEN_TO = 15
#: who wrote again longer ago had an answer in person, and is not waiting
WAIT = dt.timedelta(weeks=10)
#: a flag that nobody went on with has had its second reader after this time
SECOND_READ = dt.timedelta(days=10)

_T = TypeVar("_T")


class Progress(Protocol):
    """Goes through the work and shows how far it is, under a name for it."""

    def __call__(self, work: Sequence[_T], name: str) -> Iterable[_T]: ...


@dataclass(frozen=True)
class Seeded:
    """What somebody needs to know to walk through the demo."""

    cast: list[Newcomer]
    #: nine words that open one thread of the story
    receipt: str
    #: the newest period that can be closed, left open
    left: str


@dataclass(frozen=True)
class _Guardian:
    email: str
    person_id: bytes
    secret: bytes


@dataclass(frozen=True)
class _Plan:
    """What every thread of the story is sealed with."""

    site_id: bytes
    manifest: Manifest
    guardians: list[_Guardian]
    latest_months: int
    today: dt.date
    rng: Random


def seed_demo(house: House, sector: str, size: str, seed: int, progress: Progress) -> Seeded:
    """Found a rehearsal on the story's first day, fill it with the story, and freeze its past periods."""
    cast = found(at(house, BEGINS), answers_of(organisation(sector, size), Path()), rehearsal=True)
    guardians = [_unlocked(house, newcomer) for newcomer in cast if "guardian" in newcomer.roles]
    with house.stores.read_main() as main:
        site_id, charter = stored_organisation(main).site_id, current(main, house.directory)
    today = house.today()
    policy = charter.policy_on(today)
    plan = _Plan(site_id, charter.manifest, guardians, policy.latest_months, today, Random(seed))
    story = flags(sector, size, seed=seed, today=today)
    receipt = _tell(house, plan, story, progress)
    _answer(house, sector)
    read_on_time(house, seed)
    with house.stores.write_main() as main:  # the story is longer than a peer's time
        terms.move_all(main, today + terms.USUAL)
    signers = [Signer(one.person_id, one.secret[32:]) for one in guardians]
    press = Press(signers, [one.text for one in story])
    periods, left = periods_to_close(policy.kinds, policy.cutoff_days, today)
    closes = [(period, period.cut_off(policy.cutoff_days)) for period in periods]
    closing = [_closing(guardians, *close) for close in closes]
    for deed in progress(in_order([*closing, *_beside(house, sector, press, closes)], today), "Closing the periods"):
        deed.do(at(house, deed.day))
    release_texts(house, sector, press)
    return Seeded(cast, receipt, str(left) if left else "")


def _closing(guardians: Sequence[_Guardian], period: Period, day: dt.date) -> Deed:
    def close(house: House) -> None:
        for guardian in guardians[:2]:
            close_part(house, guardian.person_id, guardian.secret, str(period))

    return Deed(day, close)


def _beside(house: House, sector: str, press: Press, closes: Sequence[tuple[Period, dt.date]]) -> Iterator[Deed]:
    """What leaders and their peer do while periods are closed."""
    script, today = leaders_script(sector), house.today()
    with house.stores.read_main() as main:
        leader, peer = (Player(one.id, one.name) for one in (_first(main, "leader"), _first(main, "peer")))
    quarters = [period for period, _day in closes if period.kind is Kind.QUARTER]
    yield from typed(script, leader)
    yield from promised(script, leader, press, today)
    yield from papers(script, leader, press, closes, today)
    yield from visited(script, peer, leader, quarters[-1] if quarters else None, today)


def _first(main: Session, role: str) -> Person:
    return next(one for one in main.scalars(select(Person).order_by(Person.email)) if role in one.roles)


def _answer(house: House, sector: str) -> None:
    with house.stores.write_main() as main:
        for answer in later_answers(sector):
            if answer["month"] <= house.today():
                set_answer(main, answer["theme"], answer["known"], answer["doing"], answer["month"])


def periods_to_close(kinds: Iterable[str], cutoff_days: int, today: dt.date) -> tuple[list[Period], Period | None]:
    """The story's periods that ended, in the order of their calendar dates, and the newest quarter, left out."""
    periods = []
    for kind in (Kind(kind) for kind in kinds):
        period = Period.of(kind, BEGINS)
        while period.cut_off(cutoff_days) <= today:
            periods.append(period)
            period = period.next()
    periods.sort(key=lambda period: (period.cut_off(cutoff_days), str(period.kind)))
    this_year = [period for period in periods if period.kind is Kind.QUARTER and period.year == today.year]
    left = this_year[-1] if this_year else None
    return [period for period in periods if period != left], left


def _tell(house: House, plan: _Plan, story: Sequence[FlagSeed], progress: Progress) -> str:
    shown = max(range(len(story)), key=lambda place: (bool(story[place].follow_up), place))
    story = [one if one.week > plan.today - WAIT else dataclasses.replace(one, follow_up=None) for one in story]
    entropy, bundles = new_entropy(), []
    for place, one in enumerate(progress(story, "Telling the story")):
        keys = derive(entropy, plan.site_id) if place == shown else ReceiptKeys(new_id(), new_seed(), new_seed())
        bundles.append(_bundle(plan, one, keys))
    bundles.sort(key=lambda bundle: bundle.thread_id)
    for start in range(0, len(bundles), CHUNK):
        store_threads(house.stores, bundles[start : start + CHUNK])
    rewrite(house.stores)
    return " ".join(words_of(entropy))


def _bundle(plan: _Plan, one: FlagSeed, keys: ReceiptKeys) -> Bundle:
    flag = {
        "text": one.text,
        "area": one.area_code or NOT_SAID,
        "worry": one.worry or "",
        "consent": one.consent,
        "danger": "no",
        "language": "en",
        "channel": "online",
        "mode": "anonymous",
    }
    bundle = seal_flag_bundle(
        plan.site_id,
        plan.manifest.kem_publics,
        flag,
        week=one.week,
        purge_week=purge_week(one.week, plan.latest_months),
        tier="open",
        sittings=_sittings(plan, one),
        receipt=keys,
    )
    if one.follow_up is None:
        return bundle
    newest = bundle.sealed[-1]
    header = Header(Sealed.DETAIL, plan.site_id, bundle.thread_id, new_id())
    payload = {"text": one.follow_up, **next_link([], newest)}
    readers = [*plan.manifest.kem_publics, kem_public(keys.kem_seed)]
    detail = seal(header, payload, readers, keys.sign_seed)
    return dataclasses.replace(bundle, sealed=[*bundle.sealed, detail])


def _sittings(plan: _Plan, one: FlagSeed) -> list[Sitting]:
    if one.triage_delay_days is None:
        return []
    reader, second_reader = plan.rng.sample(plan.guardians, 2)
    primary, *others = one.themes
    work = Work(
        Step("acknowledged"),
        primary=None if primary == OTHER else primary,
        themes=tuple(others),
        area=one.area_code,
        harm=one.harm,
        score=one.score,
        reply=one.reply or "",
        note=one.note or "",
    )
    first = one.week + dt.timedelta(days=one.triage_delay_days)
    sittings = [Sitting(reader.secret[32:], work, first)]
    if one.status != "acknowledged":
        step = Step(one.status, one.outcome)
        later = dataclasses.replace(work, step=step, reason=one.reason or "", reply="", note="")
        sittings.append(Sitting(second_reader.secret[32:], later, _later(plan, first, one.status)))
    elif first + SECOND_READ <= plan.today:
        read = dataclasses.replace(work, reply="", note="")
        sittings.append(Sitting(second_reader.secret[32:], read, first + dt.timedelta(days=3)))
    return sittings


def _later(plan: _Plan, first: dt.date, status: str) -> dt.date:
    """The day of a flag's last sitting: what is not finished was written to of late."""
    day = min(first + SECOND_SITTING, plan.today)
    if status in FINISHED:
        return day
    return max(day, plan.today - dt.timedelta(days=plan.rng.randint(0, WRITTEN_TO)))


def _unlocked(house: House, newcomer: Newcomer) -> _Guardian:
    unlocked = unlock(house, newcomer.email, str(newcomer.passphrase), None)
    return _Guardian(newcomer.email, unlocked.person_id, unlocked.secret or b"")
