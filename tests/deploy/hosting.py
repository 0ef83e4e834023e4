"""Runs an instance as `docs/deploy/` says: nginx with the shipped files before `concerns run` on unix sockets."""

import datetime as dt
import http.client
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.browser.ports import free_port

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
HOST = "concerns.example.org"
ORIGIN = f"https://{HOST}"
#: an address of this machine that nothing else comes from
VISITOR = "127.8.9.10"
ONION = "concernsexampleconcernsexampleconcernsexampleconcernsexa.onion"
USER = "www-data"


def nginx() -> str:
    """The program, or a skipped test; in CI a failed one."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    with suppress(KeyError):
        if found and pwd.getpwnam(USER):
            return found
    if os.environ.get("CI"):
        pytest.fail(f"There is no nginx with its user {USER}: install Debian’s nginx-light.")
    pytest.skip("NO NGINX: the shipped server files were not run. Install Debian’s nginx-light.")


def places(folder: Path) -> dict[str, str]:
    """What stands in the shipped files -> where it is here. Paths, and addresses to listen at; nothing else."""
    plain, secure = free_port(), free_port()
    return {
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/dev/shm/nginx-": f"{folder}/spilt/",
        "/etc/nginx/concerns-sorry.conf": f"{folder}/concerns-sorry.conf",
        "/var/www/html": f"{folder}/html",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": f"{folder}/fullchain.pem",
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": f"{folder}/privkey.pem",
        "/run/concerns-report/": f"{folder}/report/",
        "/run/concerns-desk/": f"{folder}/desk/",
        "/run/concerns-onion.sock": f"{folder}/onion.sock",
        "listen 80 ": f"listen 127.0.0.1:{plain} ",
        "listen [::]:80 ": f"listen 127.0.0.2:{plain} ",
        "listen 443 ": f"listen 127.0.0.1:{secure} ",
        "listen [::]:443 ": f"listen 127.0.0.2:{secure} ",
    }


def rendered(text: str, table: Mapping[str, str]) -> str:
    for shipped, here in table.items():
        text = text.replace(shipped, here)
    return text


def write_certificate(folder: Path) -> None:
    """One that this host signed for itself, for two days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - dt.timedelta(1)).not_valid_after(now + dt.timedelta(1))
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "privkey.pem").write_bytes(pem)


@dataclass
class Answer:
    """One answer from outside."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Hosted:
    """A running host: nginx, and what stands behind it."""

    folder: Path
    table: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def secure(self) -> int:
        return int(self.table["listen 443 "].strip().rpartition(":")[2])

    @property
    def plain(self) -> int:
        return int(self.table["listen 80 "].strip().rpartition(":")[2])

    @property
    def spilt(self) -> Path:
        """Where nginx would put a body or an answer that it does not keep in memory."""
        return self.folder / "spilt"

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def start_nginx(self, config: str) -> None:
        """Run nginx with this configuration until the end."""
        path = self.write("nginx.conf", config)
        command = [nginx(), "-p", str(self.folder), "-c", str(path), "-g", "daemon off;"]
        self._start("nginx", command, {})
        self._wait_for((VISITOR, 0), ("127.0.0.1", self.plain))

    def test_nginx(self) -> None:
        """`nginx -t`: neither an error nor a warning."""
        command = [nginx(), "-t", "-q", "-p", str(self.folder), "-c", str(self.write("nginx.conf", shipped(self)))]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        said = [line for line in run.stderr.splitlines() if 'the "user" directive' not in line]  # not as root
        assert run.returncode == 0 and not said, run.stderr

    def start_door(self, door: str, directory: Path, environ: Mapping[str, str]) -> None:
        """`concerns run` as the units of systemd do."""
        (self.folder / door).mkdir()
        sock = self.folder / door / "web.sock"
        where = {"CONCERNS_BIND": f"unix:{sock}", "CONCERNS_DIRECTORY": str(directory), "TMPDIR": str(self.temporary)}
        origins = {"CONCERNS_REPORT_ORIGINS": f"{ORIGIN},http://{ONION}", "CONCERNS_DESK_ORIGIN": ORIGIN}
        self._start(door, [sys.executable, "-m", "concerns", "run", door], {**where, **origins, **environ})

    def wait_for_door(self, door: str) -> None:
        self._wait_for(None, str(self.folder / door / "web.sock"))

    @property
    def temporary(self) -> Path:
        folder = self.folder / "temporary"
        folder.mkdir(exist_ok=True)
        return folder

    def said(self) -> str:
        """All that the servers wrote, but for the line with which a door says where it is."""
        written = "".join(path.read_text() for path in sorted(self.folder.glob("*.said")))
        return "".join(line for line in written.splitlines(True) if not line.startswith("Serving on "))

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(120)

    def _wait_for(self, source: tuple[str, int] | None, target: tuple[str, int] | str) -> None:
        for _ in range(1200):
            if reachable(source, target):
                return
            ended = [process.args for process in self.processes if process.poll() is not None]
            assert not ended, f"{ended} ended: {self.said()}"
            time.sleep(0.1)
        raise TimeoutError(self.said())

    def _start(self, name: str, command: list[str], environ: Mapping[str, str]) -> None:
        with (self.folder / f"{name}.said").open("wb") as said:
            process = subprocess.Popen(command, env=os.environ | environ, stdout=said, stderr=said)
        self.processes.append(process)

    # --- what a visitor does ---

    def connect(self) -> ssl.SSLSocket:
        """An encrypted connection from the visitor's own address."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.secure), timeout=120, source_address=(VISITOR, 0))
        return context.wrap_socket(plain, server_hostname=HOST)

    def connect_plain(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.plain), timeout=120, source_address=(VISITOR, 0))

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request over an encrypted connection."""
        connection = http.client.HTTPConnection(HOST)
        connection.sock = self.connect()
        return _answer_to(connection, method, path, body, headers or {})

    def ask_onion(self, path: str) -> Answer:
        connection = http.client.HTTPConnection(ONION)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(self.folder / "onion.sock"))
        return _answer_to(connection, "GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """Post a form as one of our own pages would."""
        own = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields).encode(), {**own, **(headers or {})})

    def send(self, *pieces: bytes, pause: float = 0.0, half_close: bool = False) -> bytes:
        """Send raw bytes, piece by piece, and return all that comes back until the other side closes."""
        connection = self.connect()
        came = []
        with suppress(OSError):  # it may have had enough before all was sent
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
            if half_close:
                socket.socket.shutdown(connection, socket.SHUT_WR)
        with suppress(OSError):
            connection.settimeout(60)
            while piece := connection.recv(65536):
                came.append(piece)
        connection.close()
        return b"".join(came)


def _answer_to(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> Answer:
    connection.request(method, path, body, {**headers, "Connection": "close"})
    answer = connection.getresponse()
    named: dict[str, list[str]] = {}
    for name, value in answer.getheaders():
        named.setdefault(name.lower(), []).append(value)
    found = Answer(answer.status, named, answer.read())
    connection.close()
    return found


def reachable(source: tuple[str, int] | None, target: tuple[str, int] | str) -> bool:
    family = socket.AF_UNIX if isinstance(target, str) else socket.AF_INET
    with socket.socket(family) as trial:
        if source:
            trial.bind(source)
        return trial.connect_ex(target) == 0


@contextmanager
def host() -> Iterator[Hosted]:
    """A folder that nginx's own user can reach, with a certificate; what is started in it is stopped at the end."""
    nginx()
    with tempfile.TemporaryDirectory(prefix="concerns-web-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        hosted = Hosted(folder, places(folder))
        for inner in ("spilt", "html"):
            (folder / inner).mkdir()
        write_certificate(folder)
        sorry = (DEPLOY / "concerns-sorry.conf").read_text()
        hosted.write("concerns-sorry.conf", sorry)
        try:
            yield hosted
        finally:
            hosted.stop()


def shipped(hosted: Hosted) -> str:
    """The shipped nginx.conf with the places of this host."""
    return rendered((DEPLOY / "nginx.conf").read_text(), hosted.table)
