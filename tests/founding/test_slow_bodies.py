"""Whoever sends a body drop by drop gets a plain page, and keeps nobody else waiting."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest

from concerns.founding.serving import THREADS
from tests.browser.ports import free_port
from tests.cast import Instance

SERVE = """
import sys
from concerns.founding.serving import Server, options
from concerns.pages import requests
requests.PATIENCE = 2.0
Server("report", options(sys.argv[1], 1)).run()
"""
HEAD = (
    "POST /tell HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"
)


@pytest.fixture
def port(instance: Instance) -> Iterator[int]:
    """A worker with its few threads, and little patience."""
    if instance.stores.live.dialect.name != "sqlite":
        pytest.skip("what a socket does is the same on both stores")
    chosen = free_port()
    environ = os.environ | {"CONCERNS_DIRECTORY": str(instance.directory)}
    process = subprocess.Popen([sys.executable, "-c", SERVE, f"127.0.0.1:{chosen}"], env=environ)
    try:
        for _try in range(1200):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", chosen)) == 0:
                    break
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
        yield chosen
    finally:
        process.terminate()
        process.wait(120)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=120)


def answer(connection: socket.socket) -> tuple[int, str]:
    """One answer and no byte more: a drop that came after it makes the system cut the connection behind it."""
    with HTTPResponse(connection) as found:
        found.begin()
        return found.status, found.read().decode()


def test_a_slow_body_is_answered_and_holds_no_thread(port: int) -> None:
    slow = [connect(port) for _ in range(THREADS)]
    for connection in slow:
        connection.sendall(HEAD.encode() + b"text=drop")
    for _drop in range(4):  # for longer than there is patience
        time.sleep(1)
        for connection in slow:
            try:
                connection.sendall(b"x")
            except OSError:
                continue
    with connect(port) as other:
        other.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert answer(other)[0] == 200
    for connection in slow:
        status, said = answer(connection)
        assert status == 400, said[:200]
        assert "your text is still in your browser" in said
        assert "Traceback" not in said
        connection.close()
