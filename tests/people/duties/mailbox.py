"""A mail server on loopback that keeps what it is given, with and without encryption."""

import datetime as dt
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from concerns.store.house import MailServer


@dataclass
class Mailbox:
    """What reached the server: each letter with its recipient, and every line that came unencrypted."""

    port: int = 0
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    in_clear: list[bytes] = field(default_factory=list)
    #: recipients that it refuses
    refused: set[str] = field(default_factory=set)

    def server(self, tls: str = "none") -> MailServer:
        return MailServer("localhost", self.port, "desk@example.org", "", "", tls)


class Server(socketserver.ThreadingTCPServer):
    # closing it waits for them: what one of them says of a refused handshake must not come up in a later test
    daemon_threads = False
    box: Mailbox
    certificate: Path | None


class Handler(socketserver.StreamRequestHandler):
    """One connection, spoken in as much of SMTP as a letter needs."""

    server: Server

    def handle(self) -> None:
        self.encrypted, self.to = False, ""
        self.say("220 mailbox")
        while line := self.rfile.readline():
            if not self.encrypted:
                self.server.box.in_clear.append(line)
            verb = line.decode().strip().upper()
            self.answer(verb, line)
            if verb == "QUIT":
                return

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def answer(self, verb: str, line: bytes) -> None:
        offered = self.server.certificate if not self.encrypted else None
        if verb.startswith("EHLO"):
            self.say("250-mailbox\r\n250 STARTTLS" if offered else "250 mailbox")
        elif verb == "STARTTLS" and offered:
            self.begin_tls(offered)
        elif verb.startswith("RCPT"):
            self.to = line.decode().partition("<")[2].partition(">")[0]
            self.say("550 nobody" if self.to in self.server.box.refused else "250 good")
        elif verb == "DATA":
            self.say("354 go on")
            self.server.box.letters.append((self.to, b"".join(iter(self.rfile.readline, b".\r\n"))))
            self.say("250 taken")
        else:
            self.say("250 good")

    def begin_tls(self, certificate: Path) -> None:
        self.say("220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.encrypted = True


@contextmanager
def mailbox(certificate: Path | None = None) -> Iterator[Mailbox]:
    """A server that offers STARTTLS where it has a certificate."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.box, server.certificate = Mailbox(server.server_address[1]), certificate
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.box
        server.shutdown()
        thread.join()


def write_certificate(path: Path) -> Path:
    """A certificate for localhost that signs itself, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "box")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
