"""Serves a founded instance with one worker, talks to it as a browser would, and reads its memory."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from tests.browser.ports import free_port


@dataclass
class Served:
    """A running door."""

    process: subprocess.Popen[bytes]
    port: int

    def worker(self) -> int:
        """The process id of the one worker: the youngest child."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[-1])

    def memory(self) -> float:
        """Megabytes that the worker holds in memory."""
        status = Path(f"/proc/{self.worker()}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1000

    def cpu(self) -> float:
        """CPU seconds that the worker has used."""
        parts = Path(f"/proc/{self.worker()}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Visitor:
    """One connection that keeps cookies, and posts as a browser does."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        origin = f"http://127.0.0.1:{self.port}"
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": origin, "Referer": origin + path}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, text


@contextmanager
def served(directory: Path, door: str) -> Iterator[Served]:
    """Run `concerns run` with one worker until the block ends."""
    port = free_port()
    environ = os.environ | {"CONCERNS_WORKERS": "1", "CONCERNS_DESK_PATH": "/desk/" if door == "both" else "/"}
    command = [sys.executable, "-m", "concerns", "run", door, "--directory", str(directory), "--port", str(port)]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield Served(process, port)
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _ in range(1200):
        try:
            with Visitor(port) as visitor:
                visitor.get("/static/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError
