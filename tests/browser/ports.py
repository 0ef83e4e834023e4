"""A port nobody listens on, for servers that tests start on loopback."""

import socket
from collections import deque

#: more than one test asks for
KEPT = 64
_kept: deque[socket.socket] = deque()


def free_port() -> int:
    """A port of this test's own: nobody else is given it between now and the moment when a server listens on it.

    It stays bound, without anybody listening: whoever asks the system for some free port gets another one, and a
    server that names this one may listen on it, as all of ours set SO_REUSEADDR.
    """
    free = socket.socket()
    free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    free.bind(("127.0.0.1", 0))
    _kept.append(free)
    if len(_kept) > KEPT:
        _kept.popleft().close()
    port: int = free.getsockname()[1]
    return port
