"""An address is tried before it is served, and an ordinary stop leaves no line in a log."""

import gc
import logging
import re
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from concerns.founding import serving
from tests.browser.ports import free_port


@pytest.mark.parametrize(
    ("known", "host", "port", "bind"),
    [
        ("unix:/run/c.sock", None, None, "unix:/run/c.sock"),
        ("unix:/run/c.sock", None, 9000, "127.0.0.1:9000"),
        ("127.0.0.1:9000", "::1", None, "[::1]:9000"),
        ("127.0.0.1:9000", "[::1]", 8001, "[::1]:8001"),
        ("[::1]:9000", None, 8001, "[::1]:8001"),
        ("[::1]:9000", "0.0.0.0", None, "0.0.0.0:9000"),
    ],
)
def test_host_and_port_change_the_known_address(known: str, host: str | None, port: int | None, bind: str) -> None:
    assert serving.bind_of(known, host, port) == bind


def test_a_free_address_can_be_listened_on_twice() -> None:
    port = free_port()
    for _ in range(2):
        serving.try_listening(f"127.0.0.1:{port}")


def test_each_address_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    with socket.socket() as other, socket.socket(socket.AF_UNIX) as file:
        other.bind(("127.0.0.1", 0))
        other.listen()
        file.bind(str(tmp_path / "c.sock"))
        file.listen()
        for bind, says in (
            (f"127.0.0.1:{other.getsockname()[1]}", "is in use"),
            (f"unix:{tmp_path}/c.sock", "is in use"),
            (f"unix:{tmp_path}/none/c.sock", "no folder that can be written to"),
            ("203.0.113.7:8000", "is not an address of this machine"),
            ("[2001:db8::7]:8000", "is not an address of this machine"),
            ("a..b:8000", "is not an address"),
        ):
            with pytest.raises(serving.CannotListen, match=says):
                serving.try_listening(bind)
    serving.try_listening(f"unix:{tmp_path}/c.sock")  # its server is gone: gunicorn takes the file's place


def test_an_ordinary_stop_leaves_no_line(capfd: pytest.CaptureFixture[str]) -> None:
    config = Config()
    for name, value in serving.options("127.0.0.1:8000", 1).items():
        config.set(name, value)
    log = config.logger_class(config)
    for name in ("SIGTERM", "SIGINT", "SIGQUIT"):
        log.error("Worker (pid:%s) was sent %s!", 7, name)
    assert capfd.readouterr().err == ""
    log.error("Worker (pid:%s) was sent %s! Perhaps out of memory?", 7, "SIGKILL")
    assert "SIGKILL" in capfd.readouterr().err
    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.close()


def test_an_error_is_told_without_its_words_the_address_and_the_time(capfd: pytest.CaptureFixture[str]) -> None:
    config = Config()
    for name, value in serving.options("127.0.0.1:8000", 1).items():
        config.set(name, value)
    log = config.logger_class(config)
    for words, given in (("Error handling request %s %s", ("GET", "/quokka")), ("Error handling request", ())):
        try:
            int("quokka")
        except ValueError:
            log.exception(words, *given)
        said = capfd.readouterr().err
        assert said.endswith("Error handling request: ValueError\n")
        assert "quokka" not in said and "GET" not in said and not re.search(r"\d:\d\d", said)
    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.close()


def test_collecting_after_a_refusal_looks_through_nothing_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    door: list[object] = []
    door.append(door)
    monkeypatch.setitem(sys.modules, "wsgi", SimpleNamespace(report=door))
    assert any(one is door for one in gc.get_objects())
    assert serving.Server("report", {}).load() is door
    assert not any(one is door for one in gc.get_objects())
    # what comes later is looked through as ever
    later: list[object] = []
    assert any(one is later for one in gc.get_objects())
