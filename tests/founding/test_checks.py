"""What the self-check says of the care that is taken: copies, the daily collect, disks, shares, certificates, languages."""

import datetime as dt
import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from concerns.areas.queries import organisation
from concerns.founding import (
    certificates_check,
    collecting_check,
    copies_check,
    disk_check,
    languages_check,
    shares_check,
    traces,
)
from concerns.founding.copies.backing_up import back_up
from concerns.founding.finding import Finding
from concerns.people.model import Recovery
from concerns.triage.reading import open_desk
from concerns.triage.service import collect_if_due
from tests.cast import Instance

FAULT, ASKS, NOTE, GOOD = "fault", "asks", "note", "good"


def kind(finding: Finding) -> str:
    if finding.asks:
        return ASKS
    return {True: GOOD, False: FAULT, None: NOTE}[finding.good]


def kinds(findings: Iterator[Finding]) -> list[str]:
    return [kind(one) for one in findings]


@pytest.fixture
def real(instance: Instance) -> Instance:
    """The same organisation after its launch: what it holds is not invented."""
    with instance.stores.write_main() as main:
        organisation(main).rehearsal = False
    return instance


class TestCopies:
    def test_the_age_of_the_last_copy_is_told_and_becomes_a_fault(self, real: Instance, tmp_path: Path) -> None:
        assert kinds(copies_check.problems(real.house)) == [ASKS, ASKS]
        back_up(real.house, tmp_path / "copy")
        found: dict[int, tuple[str, str]] = {}
        for _day in range(40):
            first, _tried = copies_check.problems(real.house)
            found[len(found)] = (kind(first), first.words)
            real.clock.pass_(days=1)
        assert found[0] == (GOOD, "The last copy was made today, on 22 November 2026.")
        assert found[1][1].startswith("The last copy was made yesterday,")
        assert [found[days][0] for days in (7, 8, 30, 31)] == [GOOD, ASKS, ASKS, FAULT]

    def test_without_any_copy_a_month_after_the_launch_is_a_fault(self, real: Instance) -> None:
        real.clock.pass_(days=31)
        assert kinds(copies_check.problems(real.house)) == [FAULT, ASKS]

    def test_what_is_invented_needs_no_copy(self, instance: Instance) -> None:
        instance.clock.pass_(days=500)
        assert kinds(copies_check.problems(instance.house)) == [NOTE]

    def test_a_copy_of_the_pilot_is_none_of_what_came_after_the_launch(self, real: Instance) -> None:
        traces.note(real.house, "copied")
        real.clock.pass_(days=2)
        with real.stores.write_main() as main:
            organisation(main).launched_on = real.clock().date()
        assert kinds(copies_check.problems(real.house)) == [ASKS, ASKS]
        traces.note(real.house, "copied")
        assert kinds(copies_check.problems(real.house)) == [GOOD, ASKS]

    def test_a_trial_is_good_for_a_quarter(self, real: Instance) -> None:
        traces.note(real.house, "copied")
        traces.note(real.house, "tried")
        assert kinds(copies_check.problems(real.house)) == [GOOD, GOOD]
        real.clock.pass_(days=93)
        assert kinds(copies_check.problems(real.house)) == [FAULT, ASKS]

    @pytest.mark.parametrize("text", ["", "[]", "{", '{"copied": 5}', '{"copied": "never"}'])
    def test_an_odd_file_is_no_copy(self, real: Instance, text: str) -> None:
        (real.directory / "run").mkdir(exist_ok=True)
        (real.directory / "run" / traces.FILE_NAME).write_text(text)
        assert kinds(copies_check.problems(real.house)) == [ASKS, ASKS]


class TestCollecting:
    def test_its_last_day_is_told_and_a_gap_is_seen(self, real: Instance) -> None:
        assert kinds(collecting_check.problems(real.house)) == [NOTE]
        assert collect_if_due(real.house, open_desk(real.house))
        assert kinds(collecting_check.problems(real.house)) == [GOOD]
        seen = []
        for _day in range(4):
            real.clock.pass_(days=1)
            seen += kinds(collecting_check.problems(real.house))
        assert seen == [GOOD, ASKS, ASKS, FAULT]
        traces.note(real.house, "collected")  # `concerns collect`, where nobody serves the desk
        assert kinds(collecting_check.problems(real.house)) == [GOOD]

    def test_before_the_service_is_open_there_is_nothing_to_collect(self, real: Instance) -> None:
        (real.directory / "manifest.pin").unlink()
        assert kinds(collecting_check.problems(real.house)) == []


@pytest.mark.parametrize(
    ("total", "free", "said"),
    [
        (500e9, 60e9, GOOD),
        (500e9, 40e9, ASKS),
        (9e9, 0.95e9, ASKS),
        (9e9, 1.1e9, GOOD),
        (9e9, 0.09e9, FAULT),
    ],
)
def test_room_on_the_disk(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, total: float, free: float, said: str
) -> None:
    usage = shutil._ntuple_diskusage(int(total), int(total - free), int(free))
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    first = next(iter(disk_check.problems(instance.house)))
    assert kind(first) == said


def test_a_disk_without_room_for_the_next_collect_is_a_fault(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil._ntuple_diskusage(10**13, 10**13 - 10**12, 10**12)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert FAULT not in kinds(disk_check.problems(instance.house))
    monkeypatch.setattr(disk_check, "_needed", lambda _house, _folder: 10**12 + 1)
    assert FAULT in kinds(disk_check.problems(instance.house))


def test_shares_are_made_tried_and_tried_again(instance: Instance) -> None:
    assert kinds(shares_check.problems(instance.house)) == [ASKS, ASKS]
    made = instance.clock().date()
    with instance.stores.write_main() as main:
        for name in ("gita", "gwen"):
            person = instance.guardian(name).person_id
            day = made if name == "gita" else None
            main.add(Recovery(person_id=person, kid=bytes(16), box=b"", custodians=[], made_on=made, tried_on=day))
    assert kinds(shares_check.problems(instance.house)) == [GOOD, ASKS]
    instance.clock.pass_(days=184)
    assert [(kind(one), one.words.split("’")[0]) for one in shares_check.problems(instance.house)] == [
        (ASKS, "Gita"),
        (ASKS, "Gwen"),
    ]


class TestLanguages:
    def test_all_texts_are_there(self, instance: Instance) -> None:
        (finding,) = languages_check.problems(instance.house)
        assert finding == Finding("languages", True, "Every text is there in English, Cymraeg.")

    def test_a_missing_text_is_told(self, instance: Instance, tmp_path: Path) -> None:
        folder = tmp_path / "cy" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        assert FAULT in kinds(languages_check.problems(instance.house, tmp_path))
        (folder / "messages.mo").write_bytes(b"")
        text = 'msgid "One"\nmsgstr "Un"\n\nmsgid "Two"\nmsgstr ""\n\n#, fuzzy\nmsgid "Three"\nmsgstr "Tri"\n'
        (folder / "messages.po").write_text(text)
        first, _english = languages_check.problems(instance.house, tmp_path)
        assert (kind(first), first.words[:17]) == (ASKS, "2 texts are missi")


@contextmanager
def answering(tmp_path: Path, days: int, now: dt.datetime) -> Iterator[tuple[str, ssl.SSLContext]]:
    """A server on loopback whose certificate ends so many days from now, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(ends - dt.timedelta(days=90))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem, secret)
    trusted = ssl.create_default_context(cafile=str(pem))
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()
        thread = threading.Thread(target=_shake_hands, args=(server, serving, stop))
        thread.start()
        try:
            yield f"https://localhost:{server.getsockname()[1]}", trusted
        finally:
            stop.set()
            server.close()
            thread.join()


def _shake_hands(server: socket.socket, context: ssl.SSLContext, stop: threading.Event) -> None:
    server.settimeout(0.05)
    while not stop.is_set():
        try:
            visitor, _address = server.accept()
            visitor.settimeout(5)
            with context.wrap_socket(visitor, server_side=True) as secure:
                secure.recv(1)
        except OSError:
            continue


class TestCertificates:
    @pytest.fixture
    def at(self, real: Instance) -> Callable[[str], Instance]:
        def at(origin: str) -> Instance:
            house = replace(real.house, report_origins=(origin, "http://a.onion"), desk_origin=origin)
            return replace(real, house=house)

        return at

    @pytest.mark.parametrize(("days", "said"), [(60, GOOD), (10, ASKS), (2, FAULT)])
    def test_its_last_day_is_seen_on_demand(
        self, at: Callable[[str], Instance], tmp_path: Path, days: int, said: str
    ) -> None:
        with answering(tmp_path, days, dt.datetime.now(dt.UTC)) as (origin, trusted):
            there = at(origin)
            there.clock.now = dt.datetime.now(dt.UTC)
            assert kinds(certificates_check.problems(there.house)) == [ASKS]
            certificates_check.look(there.house, trusted)
        assert kinds(certificates_check.problems(there.house)) == [said]
        there.clock.pass_(days=40)
        assert kinds(certificates_check.problems(there.house)) == [{GOOD: ASKS, ASKS: FAULT, FAULT: FAULT}[said]]

    def test_one_that_nobody_trusts_or_a_server_that_is_not_there_is_a_fault(
        self, at: Callable[[str], Instance], tmp_path: Path
    ) -> None:
        with answering(tmp_path, 60, dt.datetime.now(dt.UTC)) as (origin, _trusted):
            there = at(origin)
            certificates_check.look(there.house)
            (finding,) = certificates_check.problems(there.house)
            assert kind(finding) == FAULT and "self-signed certificate" in finding.words
        certificates_check.look(there.house)
        (finding,) = certificates_check.problems(there.house)
        assert kind(finding) == FAULT and "could not be reached" in finding.words

    def test_a_real_report_door_without_encryption_is_a_fault(self, at: Callable[[str], Instance]) -> None:
        assert kinds(certificates_check.problems(at("http://concerns.example.org").house)) == [FAULT]
        assert kinds(certificates_check.problems(at("http://127.0.0.1:8000").house)) == []
