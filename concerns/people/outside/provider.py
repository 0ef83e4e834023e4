"""OpenID Connect with the organisation's directory: the way there, and who comes back. Authlib does what is standard.

Authorization code flow with PKCE, state and nonce; the token's signature, issuer, audience, times and nonce are checked.
Authlib is imported where it is needed: most instances have no directory.
"""

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from concerns.people.outside.web import Away, Web, fetch, is_safe
from concerns.store.house import House, OutsideDirectory

if TYPE_CHECKING:
    from authlib.oauth2.client import OAuth2Client

#: signatures whose key is public; a token that says “none”, or that is signed with the client's secret, is refused
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
SCOPE = "openid email profile"
LEEWAY = 60  # seconds that two clocks may differ
#: its well-known page is asked for once in so long: strangers can begin as often as they like
KNOWN_FOR = dt.timedelta(minutes=5)
#: what the store has room for
LONGEST_SUBJECT, LONGEST_EMAIL = 512, 254
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
#: of its well-known page, what is kept until she comes back
KEPT = (*ENDPOINTS, "userinfo_endpoint", "token_endpoint_auth_methods_supported")
ISS_PROMISED = "authorization_response_iss_parameter_supported"


class NotProven(Exception):
    """What came back does not prove who she is; the text says why, for the tests and for nobody else."""


class NotAnew(NotProven):
    """It proves who she is, and not that she signed in there just now, as was asked for."""


@dataclass(frozen=True)
class Proven:
    """Who she is at the directory."""

    #: “issuer|subject”: the only thing about her that never changes
    subject: str
    #: the checked claims of the token, and the token with which the directory tells more about her
    claims: Mapping[str, Any] = field(repr=False)
    bearer: str = field(repr=False)


#: issuer -> until when its well-known page is good, and the page
_known: dict[str, tuple[dt.datetime, dict[str, Any]]] = {}


def way_there(house: House, outside: OutsideDirectory, *, anew: bool = False) -> tuple[str, dict[str, Any]]:
    """The address to send the browser to, and what has to be known when it comes back. Raises Away.

    `anew`: whoever sits there must sign in at the directory once more, though a session of hers may be open there.
    """
    found = _well_known(house, outside)
    facts: dict[str, Any] = {name: found[name] for name in KEPT if name in found}
    facts |= {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    facts[ISS_PROMISED] = found.get(ISS_PROMISED) is True
    facts["anew"] = _seconds(house) if anew else None
    asked = {"prompt": "login", "max_age": "0"} if anew else {}
    known = {"state": facts["state"], "code_verifier": facts["verifier"], "nonce": facts["nonce"]}
    client = _client(house, outside, facts)
    address, _state = client.create_authorization_url(facts["authorization_endpoint"], **known, **asked)
    return address, facts


def who_came(house: House, outside: OutsideDirectory, facts: Mapping[str, Any], returned: Mapping[str, str]) -> Proven:
    """Whom the parameters prove that came back. Raises NotProven, NotAnew or Away."""
    if not hmac.compare_digest(returned.get("state", "").encode(), str(facts["state"]).encode()):
        raise NotProven("another state")
    # a directory that promises to sign its answers with its name must do so; no other one may answer in its place
    if returned.get("iss", "" if facts[ISS_PROMISED] else outside.issuer) != outside.issuer:
        raise NotProven("another issuer answers")
    if not returned.get("code"):
        raise NotProven("no code")
    token = _token(house, outside, facts, returned["code"])
    claims = _claims(house, outside, facts, token)
    if facts["anew"] is not None:
        _refuse_earlier(claims.get("auth_time"), facts["anew"], _seconds(house))
    subject = f"{outside.issuer}|{claims['sub']}"
    if len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise NotProven("no name that can be kept")
    return Proven(subject, claims, str(token.get("access_token", "")))


def email_of(facts: Mapping[str, Any], proven: Proven) -> str | None:
    """The address that the directory vouches for, from the token or else from its page about her; None for no such one.

    One with a letter beyond ASCII is none: lower case makes a plain k of a Kelvin sign, and somebody else's address of
    it. Raises NotProven or Away.
    """
    said = proven.claims
    if "email" not in said and proven.bearer and is_safe(facts.get("userinfo_endpoint")):
        said = fetch(facts["userinfo_endpoint"], proven.bearer)
        if said.get("sub") != proven.claims["sub"]:
            raise NotProven("the page is about somebody else")
    email = said.get("email")
    if not isinstance(email, str) or said.get("email_verified") is not True:
        return None
    return email if email.isascii() and email.isprintable() and len(email) <= LONGEST_EMAIL else None


def _well_known(house: House, outside: OutsideDirectory) -> dict[str, Any]:
    until, found = _known.get(outside.issuer, (house.clock(), {}))
    if house.clock() < until:
        return found
    found = fetch(f"{outside.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != outside.issuer:
        raise Away("the directory calls itself something else")
    if not all(is_safe(found.get(name)) for name in ENDPOINTS):
        raise Away("the directory does not say where its pages are")
    _known[outside.issuer] = house.clock() + KNOWN_FOR, found
    return found


def _refuse_earlier(said: object, asked: int, now: int) -> None:
    """Seconds: she signed in there after she was sent there, or a session that was open answered for her. Raises NotAnew."""
    known = isinstance(said, int | float) and not isinstance(said, bool)
    if not known or not asked - LEEWAY <= said <= now + LEEWAY:  # type: ignore[operator]
        raise NotAnew("she did not sign in there just now")


def _token(house: House, outside: OutsideDirectory, facts: Mapping[str, Any], code: str) -> dict[str, Any]:
    from authlib.common.errors import AuthlibBaseError

    client = _client(house, outside, facts)
    try:
        token = client.fetch_token(
            facts["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=facts["verifier"],
            redirect_uri=client.redirect_uri,
        )
    except AuthlibBaseError as error:
        raise NotProven("the code is refused") from error
    except ValueError as error:
        raise Away("the directory sends no token") from error
    if not isinstance(token.get("id_token"), str):
        raise NotProven("no identity")
    return dict(token)


def _claims(
    house: House, outside: OutsideDirectory, facts: Mapping[str, Any], token: Mapping[str, Any]
) -> dict[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    published = fetch(facts["jwks_uri"])
    try:
        keys = KeySet.import_key_set({"keys": _for_signatures(published)})
        read = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        wanted = {
            "iss": {"essential": True, "value": outside.issuer},
            "aud": {"essential": True, "value": outside.client_id},
            "sub": {"essential": True},
        }
        known = {"nonce": facts["nonce"], "client_id": outside.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(read.claims, read.header, options=wanted, params=known)
        claims.validate(now=_seconds(house), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotProven(str(error)) from error
    return dict(claims)


def _for_signatures(published: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Public keys that may sign: a shared secret among them is no key of the directory's."""
    listed = published.get("keys")
    keys = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [one for one in keys if one.get("kty") in {"RSA", "EC"} and one.get("use", "sig") == "sig"]


def _seconds(house: House) -> int:
    return int(house.clock().astimezone(dt.UTC).timestamp())


def redirect_uri(house: House) -> str:
    """Where the directory sends her back to; it has to be entered there."""
    return f"{house.desk_origin}{house.desk_path}outside/back"


def _client(house: House, outside: OutsideDirectory, facts: Mapping[str, Any]) -> "OAuth2Client":
    from authlib.oauth2.client import OAuth2Client

    methods = facts.get("token_endpoint_auth_methods_supported")
    posts = isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods
    return OAuth2Client(
        Web(),
        client_id=outside.client_id,
        client_secret=outside.secret,
        token_endpoint_auth_method="client_secret_post" if posts else "client_secret_basic",
        scope=SCOPE,
        redirect_uri=redirect_uri(house),
        code_challenge_method="S256",
    )
