"""A client that signs an assertion in place of a secret (private_key_jwt), and bad habits of such clients."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from suites.client.samples.sample import Sample

if TYPE_CHECKING:
    from suites.client.samples.calling import Call

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class WithKey(Sample):
    """A good client, too: it signs an assertion (private_key_jwt), in which the `stated` claims stand for its own."""

    stated: ClassVar[dict[str, str]] = {}

    def token_call(self) -> Call:
        """Return the request for a token, with a new assertion."""
        call = super().token_call()
        call.authorization = None
        signed = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": self.assertion()}
        call.form = {**(call.form or {}), **signed}
        return call

    def claims(self) -> dict[str, Any]:
        """Return what the assertion says."""
        client = self.offered["GOLIVE_CLIENT_ID"]
        now = int(time.time())
        url = self.offered["GOLIVE_TOKEN_URL"]
        times = {"iat": now, "exp": now + 120}
        return {
            "iss": client,
            "sub": client,
            "aud": url,
            "jti": uuid.uuid4().hex,
            **times,
            **self.stated,
        }

    def assertion(self) -> str:
        """Return a signed assertion."""
        from joserfc import jwt
        from joserfc.jwk import import_key

        offered = self.offered
        algorithm = offered["GOLIVE_ALGORITHM"]
        header = {"alg": algorithm, "kid": offered["GOLIVE_KEY_ID"], "typ": "JWT"}
        pem = offered["GOLIVE_PRIVATE_KEY"]
        key = import_key(pem, "EC") if algorithm.startswith("ES") else import_key(pem, "RSA")
        return jwt.encode(header, self.claims(), key, algorithms=[algorithm])


class SameAssertion(WithKey):
    """Signs once, and sends the assertion with each token request."""

    signed = ""

    def assertion(self) -> str:
        """Return the one assertion."""
        self.signed = self.signed or super().assertion()
        return self.signed

    def work(self) -> None:
        """Ask for two tokens."""
        self.token()
        self.held = ""
        self.token()


class AssertionAsBearer(WithKey):
    """Sends the assertion as a Bearer token."""

    def token_call(self) -> Call:
        """Return the request for a token."""
        call = Sample.token_call(self)
        call.authorization = f"Bearer {self.assertion()}"
        return call
