"""The exposure gate and the five questions: what they let through, what they ask again, and where they stand."""

from itertools import product

import pytest

from concerns.sealing.envelope import Kind
from concerns.triage import service
from concerns.triage.acting import rules
from concerns.triage.acting.gate import gate_of, gate_open
from concerns.triage.rules import CONSENTS
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.acting.steps import GATE, flag_as, open_gate, step
from tests.triage.telling import collect_now, tell


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def test_the_page_shows_what_to_decide_by(gita: Desk, instance: Instance) -> None:
    told = tell(instance, "Dave shouts at us, and I was the only one on shift.", consent="ask")
    page = gita.client.get(f"{told.path}/gate")
    for words in (
        "Ward 1, Medicine (60 staff)",
        "Ask the reporter here before",
        "Dave (name)",
        "the only one (hint at who wrote it)",
    ):
        assert words in page.text
    assert "Not asked yet" in gita.client.get(told.path).text


def test_an_answer_stands_sealed_in_the_thread_and_sorts_nothing(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    assert gate_of(flag_as(instance, told)) is None
    open_gate(gita, told)
    flag = flag_as(instance, told, "gwen")
    gate = gate_of(flag)
    assert gate is not None and gate.open
    assert gate.entry.act["reason"] == GATE["reason"]
    assert flag.record is None
    assert {one.header.kind for one in told.rows()} == {Kind.FLAG, *[Kind.TRIAGE, Kind.NOTE, Kind.REPLY, Kind.STATUS]}
    assert not told.opened().of_kind(Kind.TRIAGE, Kind.NOTE)
    assert "It could have come from many people (Gita," in gita.client.get(f"{told.path}/gate").text
    assert "Asked: you may act." in gita.client.get(told.path).text


def test_a_question_reaches_the_reporter_and_her_answer_asks_the_gate_again(gita: Desk, instance: Instance) -> None:
    told = tell(instance, consent="ask")
    step(gita, told, "gate", {**GATE, "answer": ["ask"], "question": "May we tell the matron?"}, "Save the answer")
    assert [one.payload["text"] for one in told.opened().of_kind(Kind.REPLY)] == ["May we tell the matron?"]
    assert not gate_open(flag_as(instance, told))
    wrong = step(gita, told, "gate", {**GATE, "ground": ["agreed"]}, "Save the answer", 422)
    assert wrong.errors == ["The reporter has not written in this thread. Ask first"]
    told.detail("Yes, you may.")
    collect_now(instance)
    open_gate(gita, told, ground=["agreed"])
    assert gate_open(flag_as(instance, told))
    told.detail("Please do not, I have changed my mind.")
    collect_now(instance)
    assert not gate_open(flag_as(instance, told))
    assert "has written since then" in gita.client.get(f"{told.path}/gate").text


def test_nobody_saves_an_answer_over_what_she_has_not_read(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.get(f"{told.path}/gate")
    told.detail("Do not act on it: I am the only one on that shift.")
    collect_now(instance)
    again = gita.client.submit(page, GATE, button="Save the answer", status=409)
    assert "has written since you opened this page" in again.text and "the only one on that shift." in again.text
    assert str(GATE["reason"]) in again.html and gate_of(flag_as(instance, told)) is None
    gita.client.submit(again, button="Save the answer")
    assert gate_open(flag_as(instance, told))


def test_what_was_written_before_and_collected_after_asks_the_gate_again(gita: Desk, instance: Instance) -> None:
    """In the thread's order it stands before the gate: whoever goes by the order would act without having read it."""
    told = tell(instance)
    gita.client.get("/inbox")  # the daily collect has run
    told.detail("Please do not tell my manager.")
    open_gate(gita, told)
    assert gate_open(flag_as(instance, told))
    collect_now(instance)
    flag = flag_as(instance, told)
    kinds = [(one.kind, one.act.get("do")) for one in flag.entries]
    assert kinds.index((Kind.DETAIL, None)) < kinds.index((Kind.TRIAGE, "gate"))
    assert not gate_open(flag)


def test_what_was_typed_comes_back_when_the_store_fails(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tell(instance)

    def broken(*_args: object) -> None:
        raise OSError("disk full")

    page = gita.client.get(f"{told.path}/gate")
    monkeypatch.setattr(service, "deliver", broken)
    back = gita.client.submit(page, GATE, button="Save the answer", status=503)
    assert "Everything you typed is still below" in back.text
    monkeypatch.undo()
    gita.client.submit(back, {}, button="Save the answer")
    assert gate_open(flag_as(instance, told))


def test_a_double_tap_stores_one_answer(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.get(f"{told.path}/gate")
    for _tap in range(2):
        gita.client.submit(page, GATE, button="Save the answer")
    assert len(told.rows()) == 5


def test_what_no_guardian_wrote_opens_nothing(gita: Desk, instance: Instance) -> None:
    """An act counts only where a guardian signed it: the same record by another key is passed over."""
    told = tell(instance)
    open_gate(gita, told)
    flag = flag_as(instance, told)
    assert gate_open(flag)
    entries = tuple(one for one in flag.entries if one.kind is not Kind.TRIAGE)
    object.__setattr__(flag, "entries", entries)
    assert gate_of(flag) is None


CHOICES = [(a, k, g, c) for a, k, g, c in product(rules.ANSWERS, rules.KNOWERS, ["", *rules.GATE_GROUNDS], CONSENTS)]


@pytest.mark.parametrize("answered", [True, False])
def test_no_way_through_the_gate_without_a_ground(answered: bool) -> None:
    through = [one for one in CHOICES if rules.gate_trouble(*one, answered=answered) is None and one[0] in rules.OPEN]
    for answer, know, ground, consent in through:
        assert ground
        assert (answer, know) != ("no", "one")
        if ground == "choice":
            assert consent not in {"count", "ask"}
        if ground == "agreed":
            assert answered
    assert len(through) > 10


QUESTIONS = tuple(rules.FAIR_QUESTIONS)


def test_the_five_questions_point_to_a_person_only_where_every_one_of_them_does() -> None:
    found = {
        answers: rules.fair_result(dict(zip(QUESTIONS, answers, strict=True)))
        for answers in product(rules.KNOWN, repeat=5)
    }
    assert [one for one, result in found.items() if result == "person"] == [("no", "no", "yes", "no", "no")]
    for answers, result in found.items():
        deliberate, _health, foresight, substitution, mitigating = answers
        assert (result == "deliberate") == (deliberate == "yes")
        if result == "system":
            assert foresight == "no" or "yes" in (substitution, mitigating)
    assert not [words for words in rules.FAIR_RESULTS.values() if any(sign.isdigit() for sign in words)]


def test_the_five_questions_come_back_in_words(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    answers = {name: ["no"] for name in QUESTIONS} | {"substitution": ["yes"], "reason": "The rota shows it."}
    missing = step(gita, told, "just-culture", {"reason": "x"}, "Save the answers", 422)
    assert len(missing.errors) == 5
    step(gita, told, "just-culture", answers, "Save the answers")
    assert "This points to the system around them" in gita.client.get(f"{told.path}/just-culture").text


@pytest.mark.parametrize("name", ["gate", "just-culture", "refer", "escalate", "hand-over", "not-ours"])
def test_an_excluded_guardian_finds_no_step(gita: Desk, instance: Instance, name: str) -> None:
    told = tell(instance, exclude=["gita"])
    unknown = gita.client.get(f"/flags/{bytes(16).hex()}/{name}", 404)
    assert gita.client.get(f"{told.path}/{name}", 404).text == unknown.text
