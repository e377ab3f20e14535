"""A client-credentials token endpoint by Authlib (RFC 6749 §4.4, RFC 9068), with its key set.

Everything that decides is Authlib's; here is only what an application has to bring: clients, keys, and the way
from an HTTP request to Authlib's own.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections import defaultdict
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientCredentialsGrant, ClientMixin
from authlib.oauth2.rfc6749.requests import OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from joserfc.jwk import ECKey

SCOPE = "oraclehealth:millennium:message"


class Client(ClientMixin):
    def __init__(self, client_id, secret):
        self.client_id, self.secret = client_id, secret

    def get_client_id(self):
        return self.client_id

    def get_allowed_scope(self, scope):
        return " ".join(one for one in (scope or "").split() if one == SCOPE)

    def check_client_secret(self, client_secret):
        return secrets.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_grant_type(self, grant_type):
        return grant_type == "client_credentials"


class Payload(OAuth2Payload):
    def __init__(self, pairs):
        self._datalist = defaultdict(list)
        for name, value in pairs:
            self._datalist[name].append(value)

    @property
    def data(self):
        return {name: values[0] for name, values in self._datalist.items()}

    @property
    def datalist(self):
        return self._datalist


class Asked(OAuth2Request):
    def __init__(self, method, uri, headers, pairs):
        super().__init__(method, uri, headers=headers)
        self._pairs = dict(pairs)
        self.payload = Payload(pairs)

    @property
    def args(self):
        return {}

    @property
    def form(self):
        return self._pairs


class Tokens(JWTBearerTokenGenerator):
    def __init__(self, issuer, key):
        super().__init__(issuer, alg="ES256")
        self._key = key

    def get_jwks(self):
        return self._key.as_dict(private=True)


class TokenServer(AuthorizationServer):
    def __init__(self, *, opaque):
        super().__init__(scopes_supported=[SCOPE])
        self._opaque = opaque
        self.client_id, self.secret = str(uuid.uuid4()), secrets.token_urlsafe(24)
        self._client = Client(self.client_id, self.secret)
        self._key = ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})
        self.origin = ""

    def begin(self, origin):
        self.origin = origin
        self.register_grant(ClientCredentialsGrant)
        opaque = BearerTokenGenerator(lambda **_: secrets.token_urlsafe(32))
        tokens = opaque if self._opaque else Tokens(origin, self._key)
        self.register_token_generator("default", tokens)

    def answer(self, method, path, headers, body):
        """Answer one request: the key set, the token endpoint, or nothing."""
        if path == "/keys":
            keys = {"keys": [self._key.as_dict(private=False)]}
            return 200, [("Content-Type", "application/json")], json.dumps(keys).encode()
        if path != "/oauth/token":
            return 404, [], b""
        if method != "POST":
            return 405, [("Allow", "POST")], b""
        form = (
            headers.get("Content-Type", "").lower().startswith("application/x-www-form-urlencoded")
        )
        pairs = parse_qsl(body.decode(), keep_blank_values=True) if form else []
        return self.create_token_response(Asked(method, self.origin + path, headers, pairs))

    # -- what Authlib asks an application for

    def query_client(self, client_id):
        return self._client if client_id == self.client_id else None

    def save_token(self, token, request):
        """A signed token says itself what it is for."""

    def create_oauth2_request(self, request):
        return request

    def handle_response(self, status, body, headers):
        raw = json.dumps(body) if isinstance(body, dict) else body
        return status, list(headers), raw.encode()

    def send_signal(self, name, *args, **kwargs):
        """Nobody listens."""
