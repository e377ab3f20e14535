"""A credential as a token request presents it: HTTP Basic of a secret, or an assertion that a key signs."""

from __future__ import annotations

import base64
import json
import time
import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote_plus

from golive.contract.outcomes import SuiteError
from golive.redaction import REDACTOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment import KeyCredential

ASSERTION_LIFETIME = 300
"""Seconds; SMART Backend Services allows no more than five minutes."""


def basic(client_id: str, secret: str) -> str:
    """Return the value of an HTTP Basic `Authorization` header (RFC 6749 §2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    REDACTOR.protect_pair(client_id, secret)
    value = base64.b64encode(pair.encode()).decode()
    REDACTOR.protect(value)
    return f"Basic {value}"


def assertion(
    credential: KeyCredential,
    audience: str,
    *,
    private_key: object | None = None,
    header: Mapping[str, Any] | None = None,
    claims: Mapping[str, Any] | None = None,
) -> str:
    """Sign a client assertion (RFC 7523 §3) for the token URL `audience`.

    The options make assertions that must be refused: `private_key` replaces the credential's own key, and the members
    of `header` and `claims` stand in place of the assertion's own; a claim that is None is left out.
    """
    from joserfc import jwt  # a run with client_secret_basic needs no signing
    from joserfc.errors import JoseError

    now = int(time.time())
    stated = {
        "iss": credential.client_id,
        "sub": credential.client_id,
        "aud": audience,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + ASSERTION_LIFETIME,
        **(claims or {}),
    }
    named = {name: value for name, value in stated.items() if value is not None}
    known = {"alg": credential.algorithm, "kid": credential.key_id, "typ": "JWT", **(header or {})}
    key = private_key or private_key_of(credential)
    try:
        signed = jwt.encode(known, named, key, algorithms=[credential.algorithm])  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError) as error:
        raise UnusableKeyError(credential.algorithm, error) from None
    REDACTOR.protect(signed)
    return signed


def private_key_of(credential: KeyCredential) -> object:
    """Import the credential's private key; raises UnusableKeyError where it is none of its kind."""
    from joserfc.errors import JoseError

    kind: Literal["EC", "RSA"] = "EC" if credential.algorithm.startswith("ES") else "RSA"
    try:
        return _imported(credential.private_key.reveal(), kind)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise UnusableKeyError(credential.algorithm, error) from None


@lru_cache(maxsize=32)
def _imported(text: str, kind: Literal["EC", "RSA"]) -> object:
    """Import a key, once: to find out that an RSA key is sound takes longer than to sign with it."""
    from joserfc.jwk import import_key

    is_jwk = text.lstrip().startswith("{")
    return import_key(json.loads(text)) if is_jwk else import_key(text, kind)


class UnusableKeyError(SuiteError):
    """The credential's private key can't sign with the algorithm that the environment names."""

    def __init__(self, algorithm: str, error: Exception) -> None:
        super().__init__(f"the private key can't sign with {algorithm} ({type(error).__name__})")
