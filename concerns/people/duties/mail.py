"""Hands letters to the mail server, encrypted on the way. Nothing waits on disk, and no address reaches a log."""

import smtplib
import ssl
from collections.abc import Callable, Sequence
from email.message import EmailMessage

from concerns.store.house import MailServer

SECONDS = 20

#: hands letters over; returns whether each of them was taken
Post = Callable[[MailServer, Sequence[EmailMessage]], list[bool]]


def post(server: MailServer, letters: Sequence[EmailMessage]) -> list[bool]:
    """Whether the server took each letter; every failure is an answer, since an error's text holds addresses."""
    taken: list[bool] = []
    try:
        with _connected(server) as connection:
            for letter in letters:
                taken.append(_send(connection, letter))  # noqa: PERF401 - those taken before a failure count
    except (OSError, smtplib.SMTPException, ValueError):
        pass
    return taken + [False] * (len(letters) - len(taken))


def _connected(server: MailServer) -> smtplib.SMTP:
    # the server would otherwise be told this machine's own name
    name = server.sender.rpartition("@")[2]
    if server.tls == "tls":
        return _signed_in(smtplib.SMTP_SSL(server.host, server.port, name, timeout=SECONDS, context=_context()), server)
    connection = smtplib.SMTP(server.host, server.port, name, timeout=SECONDS)
    try:
        if server.tls == "starttls":
            connection.starttls(context=_context())  # raises where it is not offered: nothing goes in clear
        return _signed_in(connection, server)
    except BaseException:
        connection.close()
        raise


def _signed_in(connection: smtplib.SMTP, server: MailServer) -> smtplib.SMTP:
    if server.user:
        connection.login(server.user, server.password)
    return connection


def _send(connection: smtplib.SMTP, letter: EmailMessage) -> bool:
    try:
        connection.send_message(letter)
    except smtplib.SMTPServerDisconnected:
        raise
    except (smtplib.SMTPException, UnicodeError):
        return False  # this one was refused; the others may be taken
    return True


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()
