"""No door is served in debug mode or with a log of requests, whichever server was started and however."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from concerns.founding import forbidden
from tests.bench.server import Visitor
from tests.browser.ports import free_port
from tests.cast import Instance
from tests.conftest import instance_on

ROOT = Path(__file__).parents[2]
GUNICORN = [sys.executable, "-m", "gunicorn"]


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, founded: tuple[Path, dict[str, tuple[bytes, bytes]]]
) -> Iterator[Instance]:
    with instance_on("sqlite", tmp_path_factory.mktemp("forbidden"), founded, None) as instance:
        yield instance


def environ(instance: Instance, **more: str) -> dict[str, str]:
    return {**os.environ, "CONCERNS_DIRECTORY": str(instance.directory), "PYTHONPATH": str(ROOT), **more}


def tried(instance: Instance, words: list[str], folder: Path, **more: str) -> tuple[int, str]:
    """The exit code and what was said by a server that should not start."""
    done = subprocess.run(
        words, env=environ(instance, **more), cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("options", "variables", "says"),
    [
        (["--access-logfile", "-"], {}, "has an access log"),
        (["--access-logfi", "requests.log"], {}, "has an access log"),
        (["--log-level", "debug"], {}, "logs at level debug"),
        (["--statsd-host", "127.0.0.1:8125"], {}, "reports each request to statsd"),
        ([], {"GUNICORN_CMD_ARGS": "--access-logfile=-"}, "GUNICORN_CMD_ARGS asks for a log of requests"),
        ([], {"FLASK_DEBUG": "1"}, "FLASK_DEBUG is set: debug mode is forbidden"),
    ],
)
def test_gunicorn_by_hand_is_refused(
    served: Instance, tmp_path: Path, options: list[str], variables: dict[str, str], says: str
) -> None:
    words = [*GUNICORN, *options, "--bind", f"127.0.0.1:{free_port()}", "wsgi:report"]
    code, said = tried(served, words, tmp_path, **variables)
    assert code != 0 and says in said


def test_so_is_a_configuration_file_that_logs_elsewhere(served: Instance, tmp_path: Path) -> None:
    (tmp_path / "gunicorn.conf.py").write_text(f"accesslog = {str(tmp_path / 'requests.log')!r}\n")
    words = [*GUNICORN, "--bind", f"127.0.0.1:{free_port()}", "wsgi:report"]
    code, said = tried(served, words, tmp_path)
    assert code != 0 and "has an access log" in said


def test_so_is_the_development_server(served: Instance, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "flask", "--app", "wsgi:report", "run", "--port", str(free_port())]
    code, said = tried(served, words, tmp_path)
    assert code != 0 and "serves with a log of every request" in said


def test_concerns_run_says_so_in_one_line(served: Instance, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "concerns", "run", "--port", str(free_port())]
    found = tried(served, words, tmp_path, GUNICORN_CMD_ARGS="--workers 3 --access-logfile -")
    assert found == (2, "GUNICORN_CMD_ARGS asks for a log of requests: that is forbidden.\n")


def test_gunicorn_without_a_log_serves_and_writes_nothing_down(served: Instance, tmp_path: Path) -> None:
    """Or the refusals above would show nothing."""
    port = free_port()
    words = [*GUNICORN, "--log-level", "error", "--bind", f"127.0.0.1:{port}", "wsgi:report"]
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(words, env=environ(served), cwd=tmp_path, stdout=said, stderr=said)
        try:
            assert _first_answer(port) == 200
        finally:
            process.terminate()
            process.wait(120)
    assert (tmp_path / "said").read_text() == ""


def _first_answer(port: int) -> int:
    for _ in range(1200):
        try:
            with Visitor(port) as visitor:
                return visitor.get("/")[0]
        except OSError:
            time.sleep(0.1)
    return 0


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ("", 0),
        ("--workers 3 --timeout 60", 0),
        ("--access-logfile -", 1),
        ("--access-logformat '%(h)s'", 1),
        ("--workers=2 --log-syslog", 1),
        ("--log-config-json log.json", 1),
        ("--statsd-host=localhost:8125", 1),
        ("--log-level=debug", 1),
        ("--log-level 'debug' --access-logfile x", 2),
        ("--spew", 1),
    ],
)
def test_options_of_gunicorn_in_the_environment(given: str, count: int) -> None:
    assert len(forbidden.option_faults({"GUNICORN_CMD_ARGS": given})) == count


def test_nothing_is_forbidden_where_nothing_is_served() -> None:
    assert forbidden.faults({}) == []


def test_the_log_of_another_server_is_seen_too() -> None:
    log, handler = logging.getLogger("uvicorn.access"), logging.StreamHandler()
    log.addHandler(handler)
    try:
        assert forbidden.faults({}) == ["The server has an access log: start it without one, or use `concerns run`."]
    finally:
        log.removeHandler(handler)


def test_uwsgi_is_taken_only_when_it_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    class Uwsgi:
        opt: dict[bytes, bytes] = {}  # noqa: RUF012

    monkeypatch.setitem(sys.modules, "uwsgi", Uwsgi)
    assert len(forbidden.faults({})) == 1
    Uwsgi.opt = {b"disable-logging": b"true"}
    assert forbidden.faults({}) == []


def test_in_debug_mode_no_page_is_answered(instance: Instance) -> None:
    """A door that somebody made and started from Python, past every other check."""
    for app in (instance.report_app, instance.desk_app):
        app.debug = True
        answer = app.test_client().get("/sign-in" if app.secret_key else "/")
        assert answer.status_code == 503
        app.debug = False
