"""Serves the doors under gunicorn, with nothing logged and nothing left behind in memory."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

# freed memory is returned and overwritten, so that words typed without script do not linger in a worker
ALLOCATOR = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165",
}
THREADS = 4
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat file: holds nothing, must not be on disk


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn, told in Python what its configuration file would say."""

    def __init__(self, load: Callable[[], Any], options: dict[str, Any]) -> None:
        self._load, self._options = load, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._load()


def options(bind: str, workers: int) -> dict[str, Any]:
    """gunicorn's settings: no access log, no control socket, nothing below an error in any log."""
    chosen: dict[str, Any] = {
        "bind": bind,
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "accesslog": None,
        "loglevel": "error",
        "control_socket_disable": True,
        "max_requests": 5000,
        "max_requests_jitter": 500,
        "proc_name": "concerns",
        "limit_request_line": 2048,
        "forwarded_allow_ips": "",
    }
    if SHARED_MEMORY.is_dir():
        chosen["worker_tmp_dir"] = str(SHARED_MEMORY)
    return chosen


def run(load: Callable[[], Any], bind: str, workers: int) -> None:
    """Serve until stopped."""
    Server(load, options(bind, workers)).run()


def tidy_allocator() -> None:
    """Start this very command again with the allocator's settings, which are read at start only."""
    if not sys.platform.startswith("linux") or all(os.environ.get(name) == value for name, value in ALLOCATOR.items()):
        return
    os.environ.update(ALLOCATOR)
    os.execve(sys.executable, [sys.executable, "-m", "concerns", *sys.argv[1:]], os.environ)  # noqa: S606
