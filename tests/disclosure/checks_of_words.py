"""What D1, D4, D13 and D16 state of words, of leaders' session, of sealed flags and of the auditor, as functions.

Each takes a founded instance with the cast's keys. The tests of those rooms say the same in more ways; these are what the
mutants must fail.
"""

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from concerns.learning import released as reading
from concerns.learning import service as learning
from concerns.learning import standing
from concerns.learning.model import ReleasedText
from concerns.learning.rules import Words, month_of
from concerns.learning.service import Approval, NotReleased
from concerns.sealing.keys import kid_of
from concerns.store.base import new_id
from tests.attacks import auditor
from tests.attacks.games import PLACES, THEMES, poisson
from tests.attacks.naive import SMALL, Cell, complemented_report, naive_report
from tests.cast import Instance
from tests.learning.releasing import ANSWER, GENERAL, NARRATIVE, VIEW, approval, freeze, released, trusted
from tests.people.visiting import Desk
from tests.police import Page
from tests.reports.releases import stored_of
from tests.triage.closing_bench import blind, bundle, close, counted, launch, on, sitting, store
from tests.triage.telling import tell

Check = Callable[[Instance], None]
DAY = dt.date(2026, 12, 1)
PROPOSE, AGREE = "Propose this text", "I agree: release it"


# D1


def d1_leaders_session_reads_released_tables_alone(instance: Instance) -> None:
    """And writes none of those that hold what was released."""
    instance.stores.released.dispose()  # a connection that is open keeps the rights that it began with
    with instance.stores.read_released() as reader:
        reader.execute(text("SELECT count(*) FROM release")).one()
        for statement in (
            "SELECT count(id) FROM envelope",
            "SELECT id FROM thread",
            "SELECT email FROM person",
            "DELETE FROM release",
            "UPDATE release SET body = ''",
            "INSERT INTO released_text DEFAULT VALUES",
        ):
            with pytest.raises(DBAPIError, match=r"not authorized|prohibited"):
                reader.execute(text(statement))
            reader.rollback()


# D4


def d4_a_sealed_flag_that_excludes_one_closer_is_counted(instance: Instance) -> None:
    launch(instance, dt.date(2026, 1, 1))
    on(instance, dt.date(2026, 4, 21))
    flags = [bundle(instance, dt.date(2026, 2, 10), sitting(instance, dt.date(2026, 2, 10))) for _ in range(3)]
    for n, name in enumerate(("gita", "gwen")):
        flags[n] = blind(flags[n], kid_of(instance.guardian(name).key.kem))
    store(instance, *flags)
    close(instance, "2026-Q1")
    assert counted(instance, "2026-Q1") == {"N01": 3}


# D13


def row_of(instance: Instance, words: Words, first: Approval, second: Approval, **changed: object) -> ReleasedText:
    """As the store would hold it."""
    values = {
        "id": new_id(),
        "kind": words.kind,
        "period": words.period,
        "about": words.about,
        "body": words.body,
        "hash": words.hash,
        "rules": words.rules,
        "first_id": first.person_id,
        "second_id": second.person_id,
        "first_signature": first.signature,
        "second_signature": second.signature,
        "month": month_of(DAY),
        "withdrawn": None,
    }
    return ReleasedText(**values | changed)


def d13_two_different_guardians_signed_these_very_words(instance: Instance) -> None:
    gita, gwen = (approval(instance, name, VIEW) for name in ("gita", "gwen"))
    with instance.stores.read_main() as main:
        trust = trusted(instance, main)
    assert standing.holds(row_of(instance, VIEW, gita, gwen), trust)
    others = Words(VIEW.kind, VIEW.period, "", {"text": "Nights are to blame."})
    for row in (
        row_of(instance, VIEW, gita, gita),
        row_of(instance, VIEW, gita, Approval(gwen.person_id, gita.signature)),
        row_of(instance, VIEW, Approval(gita.person_id, b""), gwen),
        row_of(instance, VIEW, gita, gwen, body=others.body, hash=others.hash),
        row_of(instance, VIEW, gita, gwen, hash="0" * 64),
        row_of(instance, VIEW, gita, gwen, rules=2),
    ):
        assert not standing.holds(row, trust)


def d13_a_narrative_stands_on_a_shown_number(instance: Instance) -> None:
    """When it is released, and whenever it is read."""
    freeze(instance, N01=40, N02=4)
    with instance.stores.read_main() as main:
        trust = trusted(instance, main)
        for words in (
            Words("narrative", "2026-Q1", "N02", NARRATIVE.parts),
            Words("narrative", "2026-Q2", "N01", NARRATIVE.parts),
            Words("view", "2026-Q2", "", VIEW.parts),
        ):
            with pytest.raises(NotReleased):
                learning.may_stand(main, words, trust, DAY)
        learning.may_stand(main, NARRATIVE, trust, DAY)
    released(instance, NARRATIVE)
    with instance.stores.read_main() as main:
        assert reading.spoken(main, stored_of({"N01": 40}), trust).narratives
        assert not reading.spoken(main, stored_of({"N01": 4}), trust).narratives


def d13_what_was_heard_stands_on_a_shown_number_or_on_consent(instance: Instance) -> None:
    heard = Words("answer", "", "N01", {**ANSWER.parts, "heard": "People find nights hard."})
    with instance.stores.read_main() as main:
        trust = trusted(instance, main)
        with pytest.raises(NotReleased, match="needs a shown number"):
            learning.may_stand(main, heard, trust, DAY)
    freeze(instance)
    with instance.stores.read_main() as main:
        learning.may_stand(main, heard, trust, DAY)


def write(desk: Desk, address: str, data: Mapping[str, object], status: int = 302) -> Page:
    return desk.client.submit(desk.client.get(f"/texts/write/{address}"), data, button=PROPOSE, status=status)


def d13_a_learning_point_rests_on_what_reporters_agreed_to(instance: Instance) -> None:
    desk = Desk(instance)
    desk.sign_in("gita")
    flags = {
        consent: tell(instance, f"Told with {consent or 'no'} choice.", consent=consent) for consent in ("use", "ask")
    }
    for told in flags.values():
        desk.client.submit(desk.client.get(told.path), {"primary": "N01", "status": "assessing"}, button="Save")
    point = {"text": GENERAL, "know": ["many"], "answer": ["no"]}
    for consent, status in (("ask", 409), ("use", 302)):
        data = {**point, "flags": [flags[consent].thread_id.hex()]}
        write(desk, "learning?about=N01", data, status)


def d13_both_guardians_run_the_check_among_the_flags_that_they_can_open(instance: Instance) -> None:
    freeze(instance)
    desk = Desk(instance)
    desk.sign_in("gita")
    view: dict[str, object] = {"target": ["2026-Q1"]}
    tell(instance, "The lift was stuck between two floors again.")
    write(desk, "view", {**view, "text": "We hear the lift was stuck between two floors again."}, 409)
    tell(instance, "The linen cupboard was locked from outside again.", exclude=["gita"])
    write(desk, "view", {**view, "text": "We hear the linen cupboard was locked from outside again."})
    gwen = desk.as_("gwen")
    links = gwen.client.get("/texts/").links().values()
    (where,) = {link.removeprefix("/desk") for link in links if re.search(r"/texts/[0-9a-f]{32}$", link)}
    gwen.client.submit(gwen.client.get(where), button=AGREE, status=409)
    with instance.stores.read_main() as main:
        assert main.query(ReleasedText).count() == 0


# D16


def counts(seed: int) -> Counter[Cell]:
    rng = random.Random(seed)
    return Counter({(theme, place): poisson(rng, 8) for theme in THEMES[:8] for place in PLACES[:10]})


def d16_the_auditor_breaks_primary_suppression_alone(_instance: Instance) -> None:
    for seed in range(4):
        true = counts(seed)
        primary = naive_report(true.elements(), THEMES[:8], PLACES[:10])
        broken = auditor.intervals(primary.hidden, primary.sums)
        assert all(broken[cell].low <= true[cell] <= broken[cell].high for cell in primary.hidden)
        assert any(interval.solved for interval in broken.values())
        assert any(interval.proves_somebody for interval in broken.values())


def d16_the_auditor_fails_on_a_complemented_table(_instance: Instance) -> None:
    for seed in range(4):
        true = counts(seed)
        primary = naive_report(true.elements(), THEMES[:8], PLACES[:10])
        complemented = complemented_report(true.elements(), THEMES[:8], PLACES[:10])
        safe = auditor.intervals(complemented.hidden, complemented.sums)
        assert all(safe[cell].covers(0, SMALL) for cell in primary.hidden)
        assert not any(interval.solved for interval in safe.values())
