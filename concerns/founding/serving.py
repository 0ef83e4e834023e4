"""Serves the doors under gunicorn, with nothing logged and nothing left behind in memory."""

import errno
import gc
import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

# freed memory is returned and overwritten, so that words typed without script do not linger in a worker
ALLOCATOR = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165",
}
THREADS = 4
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn's heartbeat file: holds nothing, must not be on disk


class CannotListen(Exception):
    """Nobody can listen at this address; the text says why."""


class Log(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's log without what belongs to every ordinary stop: a worker that goes by the signal of a terminal.

    What is left says neither the time of day nor what was asked for.
    """

    datefmt = "[%Y-%m-%d]"

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(_is_news)
        self.error_log.addFilter(_without_address)


def _is_news(record: logging.LogRecord) -> bool:
    words = record.getMessage()
    return not any(words.endswith(f"was sent {name}!") for name in ("SIGTERM", "SIGINT", "SIGQUIT"))


def _without_address(record: logging.LogRecord) -> bool:
    """gunicorn writes the address of a page that failed outside the application, and an error's own words."""
    if str(record.msg).startswith("Error handling request"):
        kind = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = f"Error handling request: {kind.__name__ if kind else 'unknown'}", ()
        record.exc_info = record.exc_text = None
    return True


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn, told in Python what its configuration file would say."""

    def __init__(self, target: str, options: dict[str, Any]) -> None:
        self._target, self._options = target, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        import wsgi  # made in each worker: a connection must not be shared across a fork

        door = getattr(wsgi, self._target)
        # a refusal collects garbage, so that it lets go of words: looking through the program as well took 33 ms each time
        gc.collect()
        gc.freeze()
        return door


def options(bind: str, workers: int) -> dict[str, Any]:
    """gunicorn's settings: no access log, no control socket, nothing below an error in any log."""
    chosen: dict[str, Any] = {
        "bind": bind,
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "accesslog": None,
        "logger_class": Log,
        "loglevel": "error",
        "control_socket_disable": True,
        "max_requests": 5000,
        "max_requests_jitter": 500,
        "proc_name": "concerns",
        "limit_request_line": 2048,
        "forwarded_allow_ips": "",
    }
    if os.path.isdir(SHARED_MEMORY):  # noqa: PTH112 - this process stays small
        chosen["worker_tmp_dir"] = SHARED_MEMORY
    return chosen


def hooks(target: str) -> dict[str, Any]:
    """What each worker that serves the desk does beside serving: the hourly round of duties, one process at a time."""
    if target == "report":
        return {}
    begun: list[Any] = []

    def begin(_worker: Any) -> None:
        import wsgi  # as above

        begun.append(wsgi.rounds())
        begun[-1].start()

    def end(_server: Any, _worker: Any) -> None:
        for rounds in begun:
            rounds.stop()

    return {"post_worker_init": begin, "worker_exit": end}


def bind_of(known: str, host: str | None, port: int | None) -> str:
    """The address to listen on: the known one, with another host or port where they are given."""
    if host is None and port is None:
        return known
    first, _, second = ("127.0.0.1:8000" if known.startswith("unix:") else known).rpartition(":")
    host = first if host is None else host.strip("[]")
    return f"[{host}]:{port or second}" if ":" in host and not host.startswith("[") else f"{host}:{port or second}"


def try_listening(bind: str) -> None:
    """Listen for a moment, as gunicorn would, which tries five times and says so each time. Raises CannotListen."""
    try:
        if bind.startswith("unix:"):
            return _try_socket_file(Path(bind.removeprefix("unix:")))
        host, _, port = bind.rpartition(":")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host.strip("[]"), int(port)))
    except OSError as error:
        raise CannotListen(_why(bind, error)) from error
    except UnicodeError as error:
        raise CannotListen(f"{bind} is not an address.") from error


def _try_socket_file(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as trial:
        if path.is_socket() and trial.connect_ex(str(path)) == 0:
            raise OSError(errno.EADDRINUSE, "")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, f"{path.parent} is no folder that can be written to")


def _why(bind: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{bind} is in use: another program listens there. Choose another port with --port."
    if isinstance(error, socket.gaierror) or error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return f"{bind} is not an address of this machine."
    return f"{bind} cannot be listened on: {error.strerror or error}."


def serve(target: str, bind: str, workers: int) -> NoReturn:
    """Become a server, in a fresh process: small, and with the allocator's settings, which are read at start only."""
    environ = os.environ | (ALLOCATOR if sys.platform.startswith("linux") else {})
    words = [sys.executable, "-m", "concerns.founding.serving", target, bind, str(workers)]
    sys.stdout.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until the new process can stop without a traceback
    os.execve(sys.executable, words, environ)  # noqa: S606


def main() -> None:
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))  # gunicorn puts its own in place when it is ready
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    Server(sys.argv[1], options(sys.argv[2], int(sys.argv[3])) | hooks(sys.argv[1])).run()


if __name__ == "__main__":
    main()
