"""What a device sealed by itself: stored once, opened by guardians and its reporter alone, and nothing of it told."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from concerns.flagging.device import BODY_LIMIT
from concerns.flagging.model import Spent
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.keys import kem_public, new_seed
from concerns.sealing.model import Arrival, ShredKey, Thread
from concerns.sealing.receipt import derive, new_entropy
from concerns.sealing.text import canonical, to_text
from concerns.sealing.threads import load
from concerns.sealing.wire import to_wire
from concerns.store.base import new_id
from concerns.store.schema import METADATA, engines
from concerns.triage.bundles import Work
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.flagging.conftest import Rosa, answer, thread_of
from tests.flagging.devices import ANSWERS, Device, Parcel, as_script, noise, opened_by, opened_with
from tests.flagging.test_posts import at_once
from tests.police import SAME_ORIGIN

FILES = ("/device/tell", "/device/open", "/device/add", "/device/take-back")


@pytest.fixture
def device(instance: Instance) -> Device:
    return Device(instance.report_app, instance)


def collected(instance: Instance) -> None:
    collect(instance.stores, instance.clock().date(), 12)


def every_row(instance: Instance) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables of both stores, in an order of their own."""
    found = {}
    for name, engine in engines(instance.stores).items():
        with engine.connect() as connection:
            for table in METADATA[name].sorted_tables:
                rows = [tuple(row) for row in connection.execute(select(table))]
                found[f"{name}.{table.name}"] = sorted(rows, key=repr)
    return found


def flags(instance: Instance) -> int:
    with instance.stores.read_live() as live, instance.stores.read_main() as main:
        waiting = live.scalar(select(func.count()).where(Arrival.kind == int(Kind.FLAG))) or 0
        return waiting + (main.scalar(select(func.count()).select_from(Thread)) or 0)


class TestTheWay:
    def test_a_guardian_opens_what_a_device_told(self, device: Device, instance: Instance) -> None:
        photo = noise()
        parcel = device.tell("It is not safe.", contact=("reach", "Ring me at home."), photos=[photo], worry="fairly")
        for when in ("waiting", "collected"):
            for name in ("gita", "gwen"):
                opened = opened_by(instance, parcel.thread_id, name)
                (flag,), (contact,), (file,) = opened[Kind.FLAG], opened[Kind.CONTACT], opened[Kind.FILE]
                assert {key: flag[key] for key in ANSWERS} == {
                    **ANSWERS,
                    "text": "It is not safe.",
                    "worry": "fairly",
                    "mode": "confidential",
                }, when
                assert contact == {"wish": "reach", "how": "Ring me at home."}
                assert file == {"type": "image/jpeg", "data": to_text(photo)}
            assert not opened_with(instance, parcel.thread_id, new_seed())
            collected(instance)
        with instance.stores.read_main() as main:
            assert main.scalars(select(Thread.tier)).all() == ["open"]

    def test_its_reporter_comes_back_adds_a_detail_and_a_photo(self, device: Device, instance: Instance) -> None:
        parcel, photo = device.tell("First"), noise()
        for number, text in enumerate(("Second", "Third")):
            assert device.add(parcel, device.detail(parcel, text)) == {"found": True, "stored": True}
            assert [payload["text"] for row, payload in device.open(parcel) if row.header.kind is Kind.DETAIL] == [
                "Second",
                "Third",
            ][: number + 1]
            collected(instance)
        device.add(parcel, device.photo(parcel, photo))
        thread = thread_of(instance, parcel.words)
        assert [item.payload["text"] for item in thread.items] == ["First", "Second", "Third"]
        assert [item.standing for item in thread.items] == ["proven"] * 3
        assert thread.items[1].signer == thread.reporter_sign
        assert opened_by(instance, parcel.thread_id)[Kind.FILE] == [{"type": "image/jpeg", "data": to_text(photo)}]
        answered = device.look(parcel)
        assert answered["photos"] == 1
        assert answered["week"] == "2026-11-16"

    @pytest.mark.parametrize("when", ["waiting", "collected"])
    def test_it_takes_it_back(self, device: Device, instance: Instance, when: str) -> None:
        parcel, other = device.tell(), device.tell()
        if when == "collected":
            collected(instance)
        assert device.take_back(parcel) == {"found": True, "gone": True}
        assert device.look(parcel) == device.take_back(parcel) == {"found": False}
        collected(instance)
        assert not load(instance.stores, instance.site_id, [parcel.thread_id], tuple(Kind))[parcel.thread_id]
        assert device.look(other)["found"]

    def test_what_it_told_is_opened_without_script_too(self, device: Device, rosa: Rosa) -> None:
        parcel = device.tell("It is not safe.")
        assert "It is not safe." in rosa.open(parcel.words).text


class TestOnce:
    def test_s14_a_proof_of_work_stores_one_of_twenty_at_once(self, device: Device, instance: Instance) -> None:
        work, parcels = device.work(), [device.seal(f"Flag {number}") for number in range(20)]
        answers: list[tuple[int, Any]] = []

        def send(parcel: Parcel) -> None:
            response = device.send("/device/tell", parcel.body(work))
            answers.append((response.status_code, response.get_json()))

        at_once([lambda p=p: send(p) for p in parcels])  # type: ignore[misc]
        assert sorted(answers, key=repr) == [(200, {"stored": True})] + [(403, {"refused": "work", "until": ""})] * 19
        assert flags(instance) == 1

    def test_s14_thirty_pairs_and_sixteen_at_once_are_all_stored_and_none_twice(
        self, device: Device, instance: Instance
    ) -> None:
        parcels = [device.seal(f"Flag {number}") for number in range(46)]
        sent = [(parcel, device.work()) for parcel in parcels]

        def send(parcel: Parcel, work: object) -> None:
            assert device.deliver(parcel, work) == {"stored": True}

        for parcel, work in sent[:30]:
            at_once([lambda p=parcel, w=work: send(p, w)] * 2)  # type: ignore[misc]
        at_once([lambda p=p, w=w: send(p, w) for p, w in sent[30:]])  # type: ignore[misc]
        with instance.stores.read_live() as live:
            rows = live.execute(select(Arrival.thread_id, Arrival.kind)).all()
            assert live.scalar(select(func.count()).select_from(Spent)) == 46
        assert sorted((bytes(row.thread_id), row.kind) for row in rows) == sorted(
            (parcel.thread_id, int(kind)) for parcel in parcels for kind in (Kind.FLAG, Kind.CONTACT)
        )
        for number in (0, 29, 45):
            assert thread_of(instance, parcels[number].words).flag["text"] == f"Flag {number}"

    @pytest.mark.parametrize("when", ["waiting", "collected"])
    def test_the_same_parcel_again_is_stored_already_and_needs_no_second_work(
        self, device: Device, instance: Instance, when: str
    ) -> None:
        parcel, work = device.seal(photos=[noise()]), device.work()
        device.deliver(parcel, work)
        if when == "collected":
            collected(instance)
        before = every_row(instance)
        for proof in (work, None, "nonsense"):
            assert device.deliver(parcel, proof) == {"stored": True}
        instance.clock.pass_(minutes=11)
        assert device.deliver(parcel, work) == {"stored": True}
        assert every_row(instance) == before

    def test_s14_the_same_parcel_with_a_used_code_is_stored_already(self, device: Device, instance: Instance) -> None:
        from concerns.flagging.codes import make_codes

        (code,) = make_codes(instance.stores, 1)
        parcel = device.tell(code=code)
        assert device.deliver(parcel) == {"stored": True}
        assert device.deliver(device.seal(code=code), status=403)["refused"] == "code"
        assert flags(instance) == 1

    @pytest.mark.parametrize("when", ["waiting", "collected"])
    def test_another_parcel_under_the_same_look_up_is_refused_and_uses_nothing_up(
        self, device: Device, instance: Instance, when: str
    ) -> None:
        parcel = device.tell("First")
        if when == "collected":
            collected(instance)
        before, work = every_row(instance), device.work()
        again = device.seal("Second", entropy=parcel.entropy)
        assert device.deliver(again, work, status=409)["refused"] == "sent-before"
        assert every_row(instance) == before
        assert thread_of(instance, parcel.words).flag["text"] == "First"
        device.deliver(device.seal(), work)

    @pytest.mark.parametrize("when", ["waiting", "collected"])
    def test_somebody_s_envelopes_under_a_new_look_up_are_refused_and_her_thread_stays(
        self, device: Device, instance: Instance, when: str
    ) -> None:
        victim = device.tell("Hers")
        if when == "collected":
            collected(instance)
        before, entropy = every_row(instance), new_entropy()
        own = derive(entropy, instance.site_id)
        renamed = tuple(
            Sealed(Header(one.header.kind, one.header.site_id, victim.thread_id, new_id()), one.commit, one.body, one.wraps)
            for one in victim.sealed
        )  # fmt: skip
        for sealed in (victim.sealed, renamed):
            assert device.deliver(Parcel(entropy, own, sealed), status=409)["refused"] == "sent-before"
        assert device.look(Parcel(entropy, own, victim.sealed)) == {"found": False}
        assert every_row(instance) == before
        assert thread_of(instance, victim.words).flag["text"] == "Hers"

    def test_what_is_added_twice_is_there_once_the_third_photo_too(self, device: Device, instance: Instance) -> None:
        parcel = device.tell(photos=[noise(), noise()])
        photo, detail = device.photo(parcel, noise()), device.detail(parcel, "More")
        for _tap in range(2):
            for sealed in (photo, detail):
                assert device.add(parcel, sealed) == {"found": True, "stored": True}
        collected(instance)
        for sealed in (photo, detail):
            assert device.add(parcel, sealed) == {"found": True, "stored": True}
        assert device.add(parcel, device.photo(parcel, noise()), status=429)["refused"] == "enough"
        collected(instance)
        opened = opened_by(instance, parcel.thread_id)
        assert (len(opened[Kind.FILE]), len(opened[Kind.DETAIL])) == (3, 1)

    def test_s14_four_photos_at_once_are_three(self, device: Device, instance: Instance) -> None:
        parcel = device.tell()
        sealed = [device.photo(parcel, noise()) for _ in range(8)]
        body = {"lookup": to_text(parcel.own.lookup)}
        statuses: list[int] = []

        def send(one: Sealed) -> None:
            statuses.append(device.send("/device/add", {**body, "sealed": [to_wire(one)]}).status_code)

        at_once([lambda s=s: send(s) for s in sealed])  # type: ignore[misc]
        assert sorted(statuses) == [200] * 3 + [429] * 5

    def test_another_envelope_under_an_id_that_is_used_is_not_called_stored(
        self, device: Device, instance: Instance
    ) -> None:
        parcel = device.tell()
        first, second = device.detail(parcel, "First"), device.detail(parcel, "Second")
        forged = Sealed(first.header, second.commit, second.body, second.wraps)
        device.add(parcel, first)
        assert device.add(parcel, forged, status=409)["refused"] == "sent-before"


class TestHalfValid:
    """Nobody here can open an envelope; what can be seen from outside must be right."""

    def bodies(self, device: Device, instance: Instance) -> Iterator[tuple[str, str, dict[str, Any]]]:
        good, other = device.seal(), device.seal()
        body = good.body(None)
        flag, contact = body["sealed"]
        publics = [*instance.charter.manifest.kem_publics, kem_public(good.own.kem_seed)]
        stranger = kem_public(new_seed())

        def made(kind: Kind, readers: list[bytes], thread_id: bytes = good.thread_id) -> dict[str, Any]:
            return to_wire(seal(Header(kind, instance.site_id, thread_id, new_id()), {"text": "x"}, readers))

        yield "no contact", "shape", {**body, "sealed": [flag]}
        yield "no flag", "shape", {**body, "sealed": [contact]}
        yield "two flags", "shape", {**body, "sealed": [flag, contact, made(Kind.FLAG, publics)]}
        yield "two contacts", "shape", {**body, "sealed": [flag, contact, made(Kind.CONTACT, publics)]}
        for kind in (Kind.DETAIL, Kind.REPLY, Kind.NOTE, Kind.TRIAGE, Kind.STATUS):
            yield f"a {kind.name}", "kind", {**body, "sealed": [flag, contact, made(kind, publics)]}
        yield "an unknown kind", "kind", {**body, "sealed": [flag, {**contact, "kind": 9}]}
        yield "six envelopes", "shape", {**body, "sealed": [flag, *(made(Kind.CONTACT, publics) for _ in range(5))]}
        for who, readers in (
            ("a guardian is missing", publics[1:]),
            ("the reporter is missing", publics[:-1]),
            ("a foreign recipient (S8)", [*publics, stranger]),
            ("a foreign key in a guardian's place (S8)", [stranger, *publics[1:]]),
        ):
            yield who, "shape", {**body, "sealed": [made(Kind.FLAG, readers), made(Kind.CONTACT, readers)]}
        yield "a contact for another reporter", "shape", {
            **body, "sealed": [flag, made(Kind.CONTACT, [*publics[:-1], stranger])],
        }  # fmt: skip
        yield "a photo for one more", "shape", {
            **body, "sealed": [flag, contact, made(Kind.FILE, [*publics, stranger])],
        }  # fmt: skip
        yield "two threads", "shape", {**body, "sealed": [flag, to_wire(other.sealed[1])]}
        yield "one id twice", "shape", {**body, "sealed": [flag, {**contact, "id": flag["id"]}]}
        yield "an old version", "old", {**body, "sealed": [{**flag, "v": 0}, contact]}
        yield "a later suite", "old", {**body, "sealed": [flag, {**contact, "suite": 2}]}
        yield "another site", "foreign", {**body, "sealed": [{**flag, "site": to_text(bytes(16))}, contact]}
        yield "a short body", "size", {**body, "sealed": [{**flag, "body": to_text(good.sealed[0].body[:-1])}, contact]}
        yield "a wrap cut off", "size", {**body, "sealed": [{**flag, "wraps": dict.fromkeys(flag["wraps"], "AAAA")}, contact]}  # fmt: skip
        yield "one thing more", "shape", {**body, "sealed": [{**flag, "text": "x"}, contact]}
        yield "nothing sealed", "shape", {**body, "sealed": []}
        yield "no list", "shape", {**body, "sealed": flag}
        yield "no look-up", "size", {name: value for name, value in body.items() if name != "lookup"}
        yield "a look-up in place of its hash", "size", {**body, "lookup": to_text(good.own.lookup)}
        yield "a look-up that is no text", "size", {**body, "lookup": 7}
        yield "a look-up with odd letters", "shape", {**body, "lookup": "é" * 43}
        yield "a code that is no text", "shape", {**body, "code": ["x"]}

    def test_it_is_refused_with_the_reason_and_neither_stored_nor_paid_for(
        self, device: Device, instance: Instance, capfd: pytest.CaptureFixture[str]
    ) -> None:
        work = device.work()
        before = every_row(instance)
        for what, why, body in self.bodies(device, instance):
            response = device.send("/device/tell", {**body, "work": work})
            assert (response.status_code, response.get_json()) == (
                400,
                {"refused": f"envelope-{why}", "until": ""},
            ), what
        assert every_row(instance) == before
        assert capfd.readouterr() == ("", "")
        # the same work still opens the door: what was refused used nothing up
        device.deliver(device.seal(), work)

    def test_what_is_added_must_belong_to_the_thread_and_its_reporter(self, device: Device, instance: Instance) -> None:
        mine, other = device.tell(), device.tell()
        publics = [*instance.charter.manifest.kem_publics]
        own, stranger = kem_public(mine.own.kem_seed), kem_public(new_seed())

        def more(kind: Kind, readers: list[bytes]) -> Sealed:
            return seal(Header(kind, instance.site_id, mine.thread_id, new_id()), {"text": "x"}, readers)

        before = every_row(instance)
        for readers in ([*publics, stranger], [*publics, own, stranger], publics, [*publics[1:], own], [own]):
            assert device.add(mine, more(Kind.DETAIL, readers), 400)["refused"] == "envelope-shape"
        assert device.add(mine, device.detail(other, "Not hers"), 400)["refused"] == "envelope-shape"
        for kind in (Kind.FLAG, Kind.CONTACT, Kind.REPLY, Kind.NOTE, Kind.TRIAGE, Kind.STATUS):
            assert device.add(mine, more(kind, [*publics, own]), 400)["refused"] == "envelope-kind"
        two = [to_wire(more(Kind.DETAIL, [*publics, own])) for _ in range(2)]
        body = {"lookup": to_text(mine.own.lookup), "sealed": two}
        assert device.post("/device/add", body, 400)["refused"] == "envelope-shape"
        assert every_row(instance) == before
        device.add(mine, more(Kind.DETAIL, [*publics, own]))


class TestOddRequests:
    def test_they_are_refused_plainly_and_nothing_of_them_reaches_a_log(
        self, device: Device, instance: Instance, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        before, client = every_row(instance), device.client
        broken = [b"", b"{", b"\xff\xfe", b'{"sealed": NaN', b"[" * 100_000, b"9" * 5000, b'"' + b"\\ud800" * 9]
        sent = [
            *((body, "application/json", {400}) for body in broken),
            *((b"[" * depth + b"]" * depth, "application/json", {400}) for depth in (900, 100_000)),
            *((body, "application/json", {400}) for body in (b"null", b"7", b"[]", b'"text"', b"{}", b"NaN")),
            (b'{"text": "x"}' + b" " * 3_000_000, "application/json", {413}),
            *((b"{}", kind, {415}) for kind in ("text/plain", "", "application/x-www-form-urlencoded", "text/json")),
        ]
        for path in FILES:
            for body, content_type, statuses in sent:
                response = client.post(path, data=body, content_type=content_type, headers=SAME_ORIGIN)
                assert response.status_code in statuses, (path, body[:30], content_type)
                assert "Traceback" not in response.text
        assert every_row(instance) == before
        assert capfd.readouterr() == ("", "")
        assert not caplog.records

    def test_deep_nesting_in_any_part_is_refused(
        self, device: Device, instance: Instance, capfd: pytest.CaptureFixture[str]
    ) -> None:
        body = device.seal().body(None)
        for depth in (90, 600, 900):
            nested = json.loads("[" * depth + "]" * depth)
            for name in body:
                changed = {**body, name: nested}
                assert device.send("/device/tell", changed).status_code in (400, 403), (name, depth)
            for name in body["sealed"][0]:
                changed = {**body, "sealed": [{**body["sealed"][0], name: nested}, body["sealed"][1]]}
                assert device.send("/device/tell", changed).status_code == 400, (name, depth)
            work = device.work()
            for place in ("challenge", "counter", "key"):
                assert device.deliver(device.seal(), {**work, place: nested}, 403)["refused"] == "work"
            parameters = {**work["challenge"]["parameters"], "data": {"until": nested}}
            changed = {**work, "challenge": {**work["challenge"], "parameters": parameters}}
            assert device.deliver(device.seal(), changed, 403)["refused"] == "work"
        assert flags(instance) == 0
        assert capfd.readouterr() == ("", "")

    def test_the_largest_concern_fits(self, device: Device, instance: Instance) -> None:
        parcel = device.tell("é" * 6_000, photos=[noise(389_000) for _ in range(3)], contact=("meet", "x" * 2_900))
        assert len(as_script(parcel.body(device.work()))) < BODY_LIMIT
        assert len(opened_by(instance, parcel.thread_id)[Kind.FILE]) == 3

    def test_a_failing_store_is_said_in_a_word_and_not_in_a_log(
        self, device: Device, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        from concerns.flagging import parcels

        parcel, work = device.seal(), device.work()

        def fail(*_args: object, **_named: object) -> None:
            raise RuntimeError("a secret")

        with monkeypatch.context() as broken:
            broken.setattr(parcels, "deliver", fail)
            assert device.deliver(parcel, work, 503) == {"refused": "broken", "until": ""}
        assert device.deliver(parcel, work) == {"stored": True}
        assert capfd.readouterr() == ("", "")


class TestLookUps:
    def test_unknown_purged_and_taken_back_get_the_very_same_answer(self, device: Device, instance: Instance) -> None:
        purged, back, gone, kept = device.tell(), device.tell(), device.tell(), device.tell()
        collected(instance)
        with instance.stores.write_live() as live:
            live.execute(delete(ShredKey).where(ShredKey.thread_id == purged.thread_id))
        with instance.stores.write_main() as main:
            main.execute(delete(Thread).where(Thread.id == gone.thread_id))
        device.take_back(back)
        unknown = Parcel(entropy := new_entropy(), derive(entropy, instance.site_id), kept.sealed)
        sealed = device.detail(kept, "More")
        answers = set()
        for parcel in (purged, back, gone, unknown):
            lookup = {"lookup": to_text(parcel.own.lookup)}
            for path, body in (
                ("/device/open", lookup),
                ("/device/add", {**lookup, "sealed": [to_wire(sealed)]}),
                ("/device/take-back", lookup),
            ):
                response = device.send(path, body)
                answers.add((response.status, response.data, tuple(response.headers)))
        assert len(answers) == 1
        assert answers.pop()[1] == b'{"found":false}\n'
        assert device.look(kept)["found"]

    def test_they_leave_no_trace_in_any_table(self, device: Device, instance: Instance) -> None:
        parcel = device.tell()
        device.add(parcel, device.detail(parcel, "More"))
        for _when in range(2):
            before = every_row(instance)
            device.look(parcel)
            device.look(Parcel(entropy := new_entropy(), derive(entropy, instance.site_id), parcel.sealed))
            device.client.get("/device/keys")
            instance.clock.pass_(days=1)
            device.look(parcel)
            assert every_row(instance) == before
            collected(instance)
        device.add(parcel, device.detail(parcel, "A trace"))
        assert every_row(instance) != before

    def test_the_answer_holds_the_reporters_wraps_and_no_guardian_s_note(
        self, device: Device, instance: Instance
    ) -> None:
        parcel = device.tell(contact=("reach", "Ring me."), photos=[noise()])
        written = answer(instance, parcel.words, Work(Step("assessing"), reply="Thank you.", note="Known?"))
        for _when in range(2):
            said = device.look(parcel)
            kinds = sorted(one["kind"] for one in said["sealed"])
            assert kinds == [Kind.FLAG, Kind.REPLY, Kind.STATUS, Kind.CONTACT]
            own = to_text(parcel.own.lookup)
            assert {kid for one in said["sealed"] for kid in one["wraps"]} == {to_text(kid_of_reporter(parcel))}
            text = as_script(said).decode()
            for one in written:
                for_her = one.header.kind in (Kind.REPLY, Kind.STATUS)
                assert (to_text(one.body) in text) == for_her
                assert (to_text(one.commit) in text) == for_her
            for guardian in instance.charter.manifest.guardians:
                assert to_text(guardian.kid) not in text
            assert len(said["links"]) == 2
            assert own not in text
            collected(instance)


def kid_of_reporter(parcel: Parcel) -> bytes:
    from concerns.sealing.keys import kid_of

    return kid_of(kem_public(parcel.own.kem_seed))


class TestFromOutside:
    """Who watches the line or reads the rows sees the same, whatever was told."""

    def told(self, device: Device) -> list[Parcel]:
        return [
            device.seal("Help!", area="not-said", worry="", danger=""),
            device.seal("x" * 3_000, contact=("meet", "Under the clock, at noon."), factors=["staffing", "rules"]),
            device.seal("Help!", exclude=["Gwen"]),
        ]

    def test_s6_a_send_is_as_long_for_every_concern(self, device: Device) -> None:
        parcels = self.told(device)
        assert len({len(canonical({"text": "Help!"})), len(canonical({"text": "x" * 3_000}))}) == 2
        assert {len(as_script(parcel.body(device.work()))) for parcel in parcels} == {
            len(as_script(device.seal().body(device.work())))
        }

    def test_s6_what_is_added_is_as_long_whatever_it_says(self, device: Device) -> None:
        parcel = device.tell()
        for one, other in (("detail", "closing"), ("detail", "detriment")):
            short = device.detail(parcel, "No.", one)
            long = device.detail(parcel, "é" * 5_000, other, agree="yes", feedback="no", again="unsure")
            assert len(as_script(to_wire(short))) == len(as_script(to_wire(long)))

    def test_s6_an_answer_is_as_long_whatever_was_told(self, device: Device) -> None:
        parcels = self.told(device)
        for parcel in parcels:
            device.deliver(parcel)
        lookups = [{"lookup": to_text(parcel.own.lookup)} for parcel in parcels]
        assert len({len(device.send("/device/open", lookup).data) for lookup in lookups}) == 1

    def test_s7_rows_of_a_flag_that_excludes_somebody_look_like_any_other(
        self, device: Device, instance: Instance
    ) -> None:
        parcels = [device.seal(photos=[noise()]), device.seal(photos=[noise()], exclude=["Gwen"])]
        for parcel in parcels:
            device.deliver(parcel)
            device.add(parcel, device.detail(parcel, "More"))
        for _when in range(2):
            shapes = [shape(instance, parcel) for parcel in parcels]
            assert shapes[0] == shapes[1]
            assert [kind for kind, *_rest in shapes[0]] == [Kind.FLAG, Kind.DETAIL, Kind.FILE, Kind.CONTACT]
            collected(instance)
        gwen = [opened_by(instance, parcel.thread_id, "gwen") for parcel in parcels]
        gita = [opened_by(instance, parcel.thread_id, "gita") for parcel in parcels]
        assert [len(opened) for opened in gwen] == [4, 0]
        assert [len(opened) for opened in gita] == [4, 4]


def shape(instance: Instance, parcel: Parcel) -> list[tuple[int, int, list[str]]]:
    """What stands in the rows: kind, length, and for which keys; the reporter's own is never the same."""
    rows = load(instance.stores, instance.site_id, [parcel.thread_id], tuple(Kind))[parcel.thread_id]
    own = kid_of_reporter(parcel)
    return sorted(
        (
            int(one.header.kind),
            len(one.body),
            sorted("hers" if kid == own else f"{kid.hex()} {len(wrap)}" for kid, wrap in one.wraps.items()),
        )
        for one in rows
    )
