"""A directory of an organisation on loopback: a small OpenID provider that can be told to do wrong."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from markupsafe import escape
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from tests.cast import FixedClock

CLIENT_ID, SECRET = "concerns-desk", "a-secret-that-no-page-shows"
#: made once: RSA keys take their time
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("one", "other"))


class Silent(WSGIRequestHandler):
    """Serves without a log."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        pass


@dataclass
class Directory:
    """What it says, and how: tests change what they are about."""

    clock: FixedClock
    issuer: str = ""
    #: of the token; None leaves a claim out
    claims: dict[str, Any] = field(default_factory=dict)
    #: of its page about her, instead of in the token
    userinfo: dict[str, Any] | None = None
    #: of its well-known page
    metadata: dict[str, Any] = field(default_factory=dict)
    #: signs a token, from its claims
    sign: Callable[[dict[str, Any]], str] = field(
        default=lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)
    )
    #: instead of an answer, at a path
    broken: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    #: it asks for the password where that is wanted; otherwise its own session answers, which began an hour ago
    obeys: bool = True
    _asks_anew: bool = False
    _challenge: str = ""
    _nonce: str = ""

    def log_in(self, address: str) -> dict[str, str]:
        """Somebody signs in at the directory; what comes back in the address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        self._challenge, self._nonce = asked["code_challenge"], asked["nonce"]
        assert (asked.get("prompt"), asked.get("max_age")) in ((None, None), ("login", "0"))
        self._asks_anew = self.obeys and asked.get("prompt") == "login"
        return {"code": "the-code", "state": asked["state"]}

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        self.seen.append(request.path)
        if request.path in self.broken:
            status, body = self.broken[request.path]
            return Response(body, status)(environ, start_response)
        if request.path == "/authorize":
            back = self.log_in(request.url)
            address = f"{request.args['redirect_uri']}?{urlencode(back)}"
            page = (
                f'<!DOCTYPE html><title>Log in</title><h1>The directory</h1><a href="{escape(address)}">Let me in</a>'
            )
            return Response(page, mimetype="text/html")(environ, start_response)
        answers: dict[str, Callable[[Request], dict[str, Any] | None]] = {
            "/.well-known/openid-configuration": self._well_known,
            "/token": self._token,
            "/keys": lambda _request: {"keys": [KEY.as_dict(private=False)]},
            "/me": lambda _request: self.userinfo,
        }
        found = answers[request.path](request)
        return Response(json.dumps(found), 400 if "error" in (found or {}) else 200)(environ, start_response)

    def _well_known(self, _request: Request) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/me",
            **self.metadata,
        }

    def _token(self, request: Request) -> dict[str, Any]:
        given = request.authorization
        posted = (request.form.get("client_id"), request.form.get("client_secret"))
        proved = (given.username, given.password) if given is not None else posted
        proves = create_s256_code_challenge(request.form["code_verifier"]) == self._challenge
        if proved != (CLIENT_ID, SECRET) or not proves or request.form["code"] != "the-code":
            return {"error": "invalid_grant"}
        now = int(self.clock.now.timestamp())
        usual = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "lena-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self._nonce,
            "auth_time": now if self._asks_anew else now - 3600,
            "email": "Lena@example.org",
            "email_verified": True,
        }
        claims = {name: value for name, value in (usual | self.claims).items() if value is not None}
        return {"access_token": "bearer", "token_type": "Bearer", "id_token": self.sign(claims)}


def signed_with(key: RSAKey | OctKey, alg: str, kid: str = "one") -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode({"alg": alg, "kid": kid}, claims, key, algorithms=[alg])


@contextmanager
def serving(directory: Directory) -> Iterator[None]:
    server = make_server("127.0.0.1", 0, directory, threaded=True, request_handler=Silent)
    directory.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
