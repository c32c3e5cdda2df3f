"""Passkeys (WebAuthn): made and checked by the library, named after the host the pages are served under."""

import json
from dataclasses import dataclass
from typing import Any

from satwarn.errors import Missing, NotAllowed

try:
    import webauthn
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )
except ImportError as error:
    raise Missing("passkeys need a library that is not installed", fix='pip install "satwarn[hub]"') from error

RP_NAME = "satwarn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new passkey: id and public key as base64url, and its counter."""

    id: str
    public_key: str
    sign_count: int


def registration(name: str, *, host: str, challenge: bytes, known: list[str]) -> dict[str, Any]:
    """What the browser is asked in order to make a passkey for `name`."""
    options = webauthn.generate_registration_options(
        rp_id=host,
        rp_name=RP_NAME,
        user_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
    )
    asked: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return asked


def assertion(*, host: str, challenge: bytes, allowed: list[str]) -> dict[str, Any]:
    """What the browser is asked in order to show a passkey."""
    options = webauthn.generate_authentication_options(
        rp_id=host,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in allowed],
    )
    asked: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return asked


def made(answer: str, *, host: str, origin: str, challenge: bytes) -> Made:
    """The passkey in the browser's answer; NotAllowed when it answers something else than it was asked."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotAllowed(f"the passkey could not be made: {error}", where="passkey") from None
    return Made(
        id=bytes_to_base64url(found.credential_id),
        public_key=bytes_to_base64url(found.credential_public_key),
        sign_count=found.sign_count,
    )


def id_in(answer: str) -> str:
    """Which passkey an answer speaks of; NotAllowed when it is no answer."""
    try:
        return str(json.loads(answer)["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotAllowed("this is no answer of a passkey", where="passkey") from error


def challenge_in(answer: str) -> bytes:
    """The challenge an answer says it was made for; NotAllowed when it is no answer. Proves nothing by itself."""
    try:
        client = json.loads(base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"]))
        return base64url_to_bytes(client["challenge"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotAllowed("this is no answer of a passkey", where="passkey") from error


def shown(answer: str, *, public_key: str, sign_count: int, host: str, origin: str, challenge: bytes) -> int:
    """The counter of a passkey that answered rightly; NotAllowed otherwise."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotAllowed(f"the passkey did not answer rightly: {error}", where="passkey") from None
    return found.new_sign_count
