"""Letters leave this machine encrypted or not at all, and a failure is an answer without an address."""

import datetime as dt
import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from concerns.people.duties import mail
from concerns.people.duties.letters import letter
from concerns.store.house import MailServer
from tests.people.duties.mailbox import mailbox, write_certificate

MOMENT = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)


def letters(*recipients: str) -> list[EmailMessage]:
    return [letter("digest", "desk@example.org", one, "https://desk.example/", MOMENT) for one in recipients]


def test_each_letter_reaches_its_own_recipient_alone() -> None:
    with mailbox() as box:
        assert mail.post(box.server(), letters("gita@example.org", "gwen@example.org")) == [True, True]
    assert [to for to, _text in box.letters] == ["gita@example.org", "gwen@example.org"]
    assert all(text.count(b"@example.org") == 3 for _to, text in box.letters)  # To, From and Message-ID
    assert box.in_clear[0] == b"ehlo example.org\r\n"  # not this machine's own name


def test_one_refused_recipient_keeps_nobody_else_from_hers() -> None:
    with mailbox() as box:
        box.refused.add("gita@example.org")
        assert mail.post(box.server(), letters("gita@example.org", "gwen@example.org")) == [False, True]
    assert [to for to, _text in box.letters] == ["gwen@example.org"]


def test_without_starttls_nothing_is_said_in_clear() -> None:
    with mailbox() as box:
        assert mail.post(box.server("none"), letters("gita@example.org")) == [True]
        assert any(b"gita@example.org" in line for line in box.in_clear)  # it would be, were it let
        box.in_clear.clear()
        assert mail.post(box.server("starttls"), letters("gita@example.org")) == [False]
    assert not any(b"gita" in line for line in box.in_clear)


def test_with_starttls_no_address_is_in_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = write_certificate(tmp_path / "box.pem")
    monkeypatch.setattr(mail, "_context", lambda: ssl.create_default_context(cafile=str(certificate)))
    with mailbox(certificate) as box:
        assert mail.post(box.server("starttls"), letters("gita@example.org")) == [True]
    assert [to for to, _text in box.letters] == ["gita@example.org"]
    assert not any(b"gita" in line for line in box.in_clear)


def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    with mailbox(write_certificate(tmp_path / "box.pem")) as box:
        assert mail.post(box.server("starttls"), letters("gita@example.org")) == [False]
    assert box.letters == []


@pytest.mark.parametrize("tls", ["none", "starttls", "tls"])
def test_a_server_that_is_not_there_is_an_answer(tls: str, caplog: pytest.LogCaptureFixture) -> None:
    server = MailServer("127.0.0.1", 9, "desk@example.org", "desk", "bees on the roof", tls)
    assert mail.post(server, letters("gita@example.org", "gwen@example.org")) == [False, False]
    assert caplog.text == ""
    assert "bees" not in repr(server)
