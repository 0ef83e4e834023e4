"""What a device is asked and what it answers: the `webauthn` package, with the choices that hold here.

User verification is asked for and checked, the credential is one that the device finds by itself, no attestation and
no extension is asked for. `webauthn` is imported where it is needed: it is large, and most requests never meet it.
"""

import ipaddress
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from concerns.people.model import Passkey, Person
from concerns.sealing.text import from_text, to_text
from concerns.store.house import House

CHALLENGE_BYTES = 32
#: letters of an answer; a real one has about a thousand
LONGEST_ANSWER = 20_000
#: milliseconds that a browser waits for its owner
PATIENCE = 120_000


class PasskeyRefused(Exception):
    """What came is not the answer to what was asked."""


class PasskeyCopied(PasskeyRefused):
    """The answer is right, but its count is not above the last one: two devices hold this key."""


@dataclass(frozen=True)
class New:
    """A new passkey as the device tells of it: `public_key` is a COSE key."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def host(house: House) -> str | None:
    """The name that passkeys of this desk belong to; None where it has none but a number."""
    name = urlsplit(house.desk_origin).hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name or None
    return None


def challenge() -> str:
    """32 random bytes as base64url."""
    return to_text(secrets.token_bytes(CHALLENGE_BYTES))


def asks_for_new(house: House, service: str, person: Person, others: Sequence[Passkey], asked: str) -> str:
    """The options of `navigator.credentials.create`, as JSON. A device that holds one of the others is left out."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=host(house) or "",
        rp_name=service,
        user_id=person.id,
        user_name=person.email,
        user_display_name=person.name,
        challenge=from_text(asked),
        timeout=PATIENCE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in others],
    )
    return options_to_json(options)


def asks_for_known(house: House, asked: str) -> str:
    """The options of `navigator.credentials.get`, as JSON: the same for everybody, no passkey is named."""
    options = {"challenge": asked, "rpId": host(house), "timeout": PATIENCE, "userVerification": "required"}
    return json.dumps(options)


def read_new(house: House, answer: str, asked: str) -> New:
    """A new passkey out of the device's answer. Raises PasskeyRefused."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=_object(answer),
            expected_challenge=from_text(asked),
            expected_rp_id=host(house) or "",
            expected_origin=house.desk_origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefused from error
    return New(found.credential_id, found.credential_public_key, found.sign_count)


def named_in(answer: str) -> bytes:
    """The id of the credential that an answer says it is of. Raises PasskeyRefused."""
    try:
        return from_text(str(_object(answer).get("rawId", "")))
    except ValueError as error:
        raise PasskeyRefused from error


def check(house: House, answer: str, asked: str, passkey: Passkey) -> int:
    """The count after a right answer of this passkey. Raises PasskeyRefused or PasskeyCopied."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    said = _object(answer)
    try:
        found = verify_authentication_response(
            credential=said,
            expected_challenge=from_text(asked),
            expected_rp_id=host(house) or "",
            expected_origin=house.desk_origin,
            credential_public_key=passkey.public_key,
            # compared below, once the signature is known to be right: only then does it tell anything
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefused from error
    if _owner(said) not in (None, passkey.person_id):
        raise PasskeyRefused
    if found.new_sign_count <= passkey.sign_count and (found.new_sign_count or passkey.sign_count):
        raise PasskeyCopied
    return found.new_sign_count


def _object(answer: str) -> dict[str, object]:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise PasskeyRefused from error
    if not isinstance(said, dict) or not isinstance(said.get("response"), dict):
        raise PasskeyRefused
    return said


def _owner(said: dict[str, object]) -> bytes | None:
    """Whose passkey the device says it is; it need not say."""
    response = said["response"]
    handle = response.get("userHandle") if isinstance(response, dict) else None
    if handle is None:
        return None
    try:
        return from_text(str(handle))
    except ValueError as error:
        raise PasskeyRefused from error
