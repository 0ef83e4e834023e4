"""Serves the doors under gunicorn, with nothing logged and nothing left behind in memory."""

import os
import sys
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication

# freed memory is returned and overwritten, so that words typed without script do not linger in a worker
ALLOCATOR = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165",
}
THREADS = 4
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn's heartbeat file: holds nothing, must not be on disk


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

        return getattr(wsgi, self._target)


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
    if os.path.isdir(SHARED_MEMORY):  # noqa: PTH112 - this process stays small
        chosen["worker_tmp_dir"] = SHARED_MEMORY
    return chosen


def serve(target: str, bind: str, workers: int) -> NoReturn:
    """Become a server, in a fresh process: small, and with the allocator's settings, which are read at start only."""
    environ = os.environ | (ALLOCATOR if sys.platform.startswith("linux") else {})
    words = [sys.executable, "-m", "concerns.founding.serving", target, bind, str(workers)]
    sys.stdout.flush()
    os.execve(sys.executable, words, environ)  # noqa: S606


if __name__ == "__main__":
    Server(sys.argv[1], options(sys.argv[2], int(sys.argv[3]))).run()
