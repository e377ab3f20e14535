"""private_key_jwt: is a client assertion good (RFC 7523, SMART Backend Services)?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from joserfc import jws
from joserfc.errors import JoseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .accounts import Account
    from .clock import Clock

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST = 300 + 30  # SMART: exp at most five minutes ahead; half a minute for unequal clocks


class AssertionReader:
    """Verifies assertions and remembers their ids, so that none is taken twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: set[tuple[str, str]] = set()

    def account(
        self, assertion: str, accounts: Mapping[str, Account], audience: str
    ) -> Account | None:
        """The account that signed the assertion, or None."""
        account = accounts.get(_claimed_client(assertion))
        if account is None or account.key is None or account.alg is None:
            return None
        try:
            signed = jws.deserialize_compact(assertion, account.key, algorithms=[account.alg])
            claims = json.loads(signed.payload or b"")
        except (JoseError, ValueError):
            return None
        if signed.headers().get("kid") != account.kid or not self._claims_hold(
            claims, account, audience
        ):
            return None
        self._seen.add((account.client_id, claims["jti"]))
        return account

    def _claims_hold(self, claims: dict[str, Any], account: Account, audience: str) -> bool:
        now = self._clock.now().timestamp()
        expires, jti = claims.get("exp"), claims.get("jti")
        audiences = claims.get("aud")
        if not isinstance(expires, int | float) or isinstance(expires, bool):
            return False
        if not isinstance(jti, str) or not jti or (account.client_id, jti) in self._seen:
            return False
        return (
            claims.get("iss") == claims.get("sub") == account.client_id
            and audience in (audiences if isinstance(audiences, list) else [audiences])
            and now < expires <= now + _LONGEST
            and _past(claims.get("nbf"), now)
            and _past(claims.get("iat"), now)
        )


def _past(stamp: object, now: float) -> bool:
    """An absent time is no objection; one ahead of our clock is, save for unequal clocks."""
    return stamp is None or (isinstance(stamp, int | float) and stamp <= now + 30)


def _claimed_client(assertion: str) -> str:
    try:
        claims = json.loads(jws.extract_compact(assertion.encode()).payload or b"")
    except (JoseError, ValueError):
        return ""
    return str(claims.get("sub", "")) if isinstance(claims, dict) else ""
