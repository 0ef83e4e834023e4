"""S7 at the report door: a reader whom the reporter leaves out opens nothing, and nothing shows that she was left out."""

import json
from typing import Any

import pytest

from concerns.sealing.envelope import Kind
from concerns.sealing.receipt import derive, read_receipt
from concerns.sealing.text import to_text
from concerns.sealing.threads import find, load
from concerns.triage.bundles import Work
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.flagging.conftest import TEXT, Rosa, answer
from tests.flagging.devices import Device, noise, opened_by, opened_with
from tests.flagging.test_photos import choose, told_jpeg
from tests.police import Page, filled_in, words


def person(instance: Instance, name: str) -> str:
    return to_text(instance.guardian(name).person_id)


def readers(page: Page) -> str:
    """Who sees all of it, as the check page says."""
    rows = [row for row in page.with_class("govuk-summary-list__row") if "It does not say who you are" in words(row)]
    (row,) = rows
    return words(next(row.iter("dt")))


def thread_id_of(instance: Instance, told: str) -> bytes:
    found = find(instance.stores, derive(read_receipt(told), instance.site_id).lookup_hash)
    assert found is not None
    return found


def whole(rosa: Rosa, instance: Instance, **answers: str) -> str:
    """A thread with an envelope of every kind, told without script."""
    told = rosa.tell(wish="reach", how="Ring me at home.", **answers)
    answer(instance, told, Work(Step("assessing"), primary="N01", reply="Thank you.", note="Known?"))
    rosa.add(rosa.open(told), "It happened again")
    assert "1 is there" in choose(rosa, rosa.open(told), told_jpeg()).text
    return told


def shape(instance: Instance, told: str) -> list[tuple[int, int, list[str]]]:
    """What stands in the rows of a thread: kind, length and for which keys; the reporter's own is never the same."""
    guardians = {guardian.kid: guardian.name for guardian in instance.charter.manifest.guardians}
    rows = load(instance.stores, instance.site_id, [thread_id_of(instance, told)], tuple(Kind))
    return sorted(
        (
            int(row.header.kind),
            len(row.body),
            sorted(f"{guardians.get(kid, 'hers')} {len(wrap)}" for kid, wrap in row.wraps.items()),
        )
        for row in next(iter(rows.values()))
    )


class TestWithoutScript:
    def test_s7_the_excluded_one_opens_nothing_that_is_told_or_added(self, rosa: Rosa, instance: Instance) -> None:
        for exclude, openable in (("", set(Kind)), (person(instance, "gwen"), set())):
            thread_id = thread_id_of(instance, whole(rosa, instance, exclude=exclude))
            assert set(opened_by(instance, thread_id, "gita")) == set(Kind)
            assert set(opened_by(instance, thread_id, "gwen")) == openable

    def test_s7_rows_look_as_they_would_had_nobody_been_excluded(self, rosa: Rosa, instance: Instance) -> None:
        shapes = [shape(instance, whole(rosa, instance, exclude=out)) for out in ("", person(instance, "gwen"))]
        assert shapes[0] == shapes[1]
        assert [kind for kind, *_rest in shapes[0]] == sorted(Kind)

    def test_the_check_page_names_who_reads_it(self, rosa: Rosa, instance: Instance) -> None:
        assert readers(rosa.check()) == "Gita and Gwen"
        for out, left in (("gwen", "Gita"), ("gita", "Gwen")):
            check = rosa.check(exclude=person(instance, out))
            assert readers(check) == left
            assert f"Who may not read it {out.capitalize()}" in check.text

    def test_with_two_readers_the_form_says_that_one_only_is_left(self, rosa: Rosa) -> None:
        page = rosa.client.get("/tell")
        assert "Then one person only will read it. If it is about both, go to somebody outside." in page.text
        assert page.links()["Who you can talk to, here and outside"] == "/help"

    def test_she_is_named_on_the_reporters_own_page(self, rosa: Rosa, instance: Instance) -> None:
        page = rosa.open(rosa.tell(exclude=person(instance, "gwen")))
        assert "Who may not read it Gwen" in page.text
        assert "Who may not read it" not in rosa.open(rosa.tell()).text

    @pytest.mark.parametrize("step", ["check", "send"])
    def test_somebody_who_is_no_reader_is_refused_and_the_text_kept(
        self, rosa: Rosa, instance: Instance, step: str
    ) -> None:
        hidden = filled_in(rosa.check(area="ward-1").form())
        for unknown in (to_text(bytes(16)), "Gwen", "nonsense", person(instance, "gwen")[:-1]):
            page = rosa.client.post("/tell", {**hidden, "exclude": unknown, "step": step})
            assert page.errors == ["Choose one of the readers, or “All of them may read it”"]
            kept = filled_in(page.form())
            assert kept["text"].replace("\r\n", "\n") == TEXT
            assert kept["area"] == ["ward-1"]
        with instance.stores.read_live() as live:
            from concerns.sealing.model import Arrival

            assert not live.query(Arrival).all()

    def test_change_keeps_who_may_not_read_it(self, rosa: Rosa, instance: Instance) -> None:
        check = rosa.check(exclude=person(instance, "gwen"))
        form = rosa.client.submit(check, button="Change", status=200)
        assert filled_in(form.form())["exclude"] == [person(instance, "gwen")]

    def test_the_ids_in_the_page_are_those_that_everybody_may_read(self, rosa: Rosa, instance: Instance) -> None:
        """They stand in the document whose hash is the check code; of nobody else there is an id."""
        form = rosa.client.get("/tell").form()
        offered = {one.get("value") for one in form.iter("input") if one.get("name") == "exclude"} - {""}
        published = rosa.client.client.get("/device/keys").get_json()["manifests"][-1]["document"]
        assert offered == {one["person"] for one in json.loads(published)["guardians"]}
        assert offered == {person(instance, "gita"), person(instance, "gwen")}


class TestBothWays:
    """S4 for this door: what a device told and what was told without script cannot be told apart by its shape."""

    def payloads(self, instance: Instance, told: str) -> dict[Kind, list[dict[str, Any]]]:
        keys = derive(read_receipt(told), instance.site_id)
        return opened_with(instance, thread_id_of(instance, told), keys.kem_seed)

    @pytest.mark.parametrize("excluding", [False, True])
    def test_s4_the_same_concern_has_the_same_payloads(self, rosa: Rosa, instance: Instance, excluding: bool) -> None:
        said = {"cause": "The rota.", "help": "A third nurse.", "kind": "risk", "area": "theatres", "worry": "fairly"}
        said |= {"consent": "ask", "why": "career", "danger": "yes"}
        contact = {"wish": "meet", "how": "At noon."}
        out = {"exclude": person(instance, "gwen")} if excluding else {}
        plain = rosa.tell("It is not safe.", **said, **contact, **out)
        device = Device(rosa.client.client.application, instance)
        sealed = device.tell(
            "It is not safe.", contact=("meet", "At noon."), exclude=["Gwen"] if excluding else [], **said
        )
        rosa.add(rosa.open(plain), "More")
        device.add(sealed, device.detail(sealed, "More"))
        choose(rosa, rosa.open(plain), told_jpeg())
        device.add(sealed, device.photo(sealed, noise()))
        one, other = self.payloads(instance, plain), self.payloads(instance, sealed.words)
        assert set(one) == set(other) == {Kind.FLAG, Kind.CONTACT, Kind.DETAIL, Kind.FILE}
        for kind in one:
            assert [set(payload) for payload in one[kind]] == [set(payload) for payload in other[kind]]
            assert [types(payload) for payload in one[kind]] == [types(payload) for payload in other[kind]]
        for kind, differing in ((Kind.FLAG, {"kem", "sign"}), (Kind.CONTACT, set()), (Kind.DETAIL, {"sig"})):
            assert without(one[kind][0], differing) == without(other[kind][0], differing)
        assert shape(instance, plain) == shape(instance, sealed.words)


def types(payload: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in payload.items()}


def without(payload: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in names}
