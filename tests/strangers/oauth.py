"""The token endpoint of one cloud (RFC 6749 sections 2.3, 3.2, 4.4 and 5)."""

from __future__ import annotations

import base64
import binascii
import hmac
import uuid
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote_plus

from .assertions import ASSERTION_TYPE, AssertionReader
from .problems import OAuthError
from .wire import Reply, json_reply, text_reply

if TYPE_CHECKING:
    from .accounts import Account
    from .tokens import TokenMint
    from .wire import Call

_URN = "urn:cerner:error:authorization-server:"
_NO_AUTH = "oauth2:token:invalid-authorization-header"
_WRONG = "oauth2:token:invalid-client-credentials"
_BAD = "oauth2:token:invalid-request"
_BAD_ASSERTION = "client-assertion:jwt-bearer:invalid-signature"


class TokenServer:
    """Authenticates a client and grants it what it asked for, as far as it is registered for it."""

    def __init__(self, mint: TokenMint, accounts: dict[str, Account], tenants: set[str]) -> None:
        self.mint, self.tenants = mint, tenants
        self.personality = mint.personality
        self.accounts = {a.client_id: a for a in accounts.values() if a.cloud == mint.cloud}
        self._assertions = AssertionReader(mint.clock)

    def keys(self, call: Call) -> Reply:
        """The published key set, or what stands in its place."""
        if call.method not in {"GET", "HEAD"}:
            return text_reply(405, "Method Not Allowed").with_headers({"allow": "GET, HEAD"})
        form = self.personality.key_set
        if form in {"403", "404"}:
            return text_reply(int(form), "Access denied" if form == "403" else "Not Found")
        if form == "html":
            return text_reply(
                200, "<!doctype html><title>Sign in</title><p>Please sign in.</p>", "text/html"
            )
        only = self.mint.layout.alg if self.personality.only_signing_keys else None
        keys = self.mint.ring.public_set(
            self.personality.key_generations,
            only=only,
            hints=self.personality.key_hints,
            behind=self.personality.set_is_behind,
        )
        media_type = "application/jwk-set+json" if form == "jwk-set" else "application/json"
        return json_reply(200, keys, media_type).with_headers(
            {"cache-control": "public, max-age=300"}
        )

    def answer(self, call: Call, variables: dict[str, str]) -> Reply:
        """A grant or a refusal, each with headers that keep it out of caches."""
        instance = str(uuid.uuid4())
        try:
            reply = self._grant(call, variables)
        except OAuthError as error:
            reply = self._refused(call, error, variables.get("tenant", "unknown"), instance)
        headers = {"cache-control": "no-store", "pragma": "no-cache"}
        if self.personality.correlation_id:
            headers["cerner-correlation-id"] = instance
        if self.mint.layout.oracle:
            headers["access-control-allow-origin"] = "*"
            headers["expect-ct"] = 'max-age=86400, report-uri="https://ct.invalid/r"'
            headers["server"] = "cloud_authorization_server1"
        return reply.with_headers(headers)

    def _grant(self, call: Call, variables: dict[str, str]) -> Reply:
        form = self._form(call)
        account = self._client(call, form)
        tenant = self._tenant(account, variables)
        grant_type = form.get("grant_type")
        if grant_type is None:
            raise OAuthError(400, "invalid_request", _BAD, account.client_id)
        if grant_type != "client_credentials":
            tail = "oauth2:token:unsupported-grant-type"
            raise OAuthError(400, "unsupported_grant_type", tail, account.client_id)
        for name, value in self.mint.layout.extra_form.items():
            if form.get(name) != value:  # RFC 8707 2: `invalid_target`, also where it is missing
                raise OAuthError(
                    400, "invalid_target", "oauth2:token:invalid-target", account.client_id
                )
        scopes = sorted(set(form.get("scope", "").split(" ")) & set(account.scopes))
        if not scopes:
            error = self.personality.empty_scopes if "scope" in form else "invalid_scope"
            raise OAuthError(400, error, "oauth2:token:empty-scopes", account.client_id)
        token, seconds = self.mint.grant(account, tenant, scopes, variables.get("host", ""))
        body: dict[str, object] = {
            "access_token": token,
            "token_type": self.personality.token_type,
            "expires_in": seconds,
        }
        if self.personality.scope_in_grant or set(scopes) != set(form["scope"].split(" ")):
            body["scope"] = " ".join(scopes)
        if self.personality.grant_extras:
            body |= {"ext_expires_in": seconds, "tenant": tenant}
        return json_reply(200, body, self.personality.json_type)

    def _form(self, call: Call) -> dict[str, str]:
        """The parameters: none twice, and an empty one is as good as absent (RFC 6749 3.2)."""
        if call.media_type != "application/x-www-form-urlencoded":
            raise OAuthError(self.personality.token_wrong_media, "invalid_request", _BAD)
        try:
            pairs = parse_qsl(call.body.decode(), keep_blank_values=True, errors="strict")
        except UnicodeDecodeError as reason:
            raise OAuthError(400, "invalid_request", _BAD) from reason
        names = [name for name, _ in pairs]
        if len(names) != len(set(names)):
            raise OAuthError(400, "invalid_request", _BAD)
        return {name: value for name, value in pairs if value}

    def _client(self, call: Call, form: dict[str, str]) -> Account:
        headers = call.header_values("authorization")
        ways = len(headers) + ("client_secret" in form) + ("client_assertion" in form)
        if ways > 1:  # RFC 6749 2.3: not more than one method in a request
            raise OAuthError(400, "invalid_request", _BAD)
        account = (
            self._by_assertion(call, form)
            if "client_assertion" in form
            else self._by_header(headers)
        )
        if form.get("client_id", account.client_id) != account.client_id:
            raise OAuthError(400, "invalid_request", _BAD, account.client_id)
        return account

    def _by_assertion(self, call: Call, form: dict[str, str]) -> Account:
        account = None
        if form.get("client_assertion_type") == ASSERTION_TYPE:
            account = self._assertions.account(form["client_assertion"], self.accounts, call.url)
        if account is None:
            raise OAuthError(self.personality.assertion_refused, "invalid_client", _BAD_ASSERTION)
        return account

    def _by_header(self, headers: list[str]) -> Account:
        scheme, _, value = (headers[0] if headers else "").partition(" ")
        if scheme.lower() != "basic":
            raise OAuthError(401, "invalid_client", _NO_AUTH)
        try:
            name, colon, secret = (
                base64.b64decode(value.strip(), validate=True).decode().partition(":")
            )
        except (binascii.Error, UnicodeDecodeError) as reason:
            raise OAuthError(401, "invalid_client", _NO_AUTH) from reason
        if not colon:
            raise OAuthError(401, "invalid_client", _NO_AUTH)
        account = self.accounts.get(unquote_plus(name))
        known = (account.secret if account else None) or ""
        good = hmac.compare_digest(unquote_plus(secret).encode(), known.encode())
        if account is None or not known or not good:
            raise OAuthError(401, "invalid_client", _WRONG)
        return account

    def _tenant(self, account: Account, variables: dict[str, str]) -> str:
        """The tenant of the token: of the URL, or of the account where the URL has none."""
        tenant = variables.get("tenant", account.tenants[0])
        if tenant not in self.tenants:
            raise OAuthError(400, "invalid_grant", "oauth2:token:invalid-tenant", account.client_id)
        if tenant not in account.tenants:
            error = self.personality.foreign_account
            status = 401 if error == "invalid_client" else 400
            raise OAuthError(
                status, error, "oauth2:token:unauthorized-client-for-tenant", account.client_id
            )
        return tenant

    def _refused(self, call: Call, error: OAuthError, tenant: str, instance: str) -> Reply:
        body = {"error": error.error}
        if self.personality.error_uri:
            urn = quote(_URN + error.tail, safe="")
            root = f"https://{self.mint.layout.auth_hosts[self.mint.cloud]}/errors"
            where = f"client={quote(error.client, safe='')}&tenant={quote(tenant, safe='')}"
            body["error_uri"] = f"{root}/{urn}/instances/{instance}?{where}"
        if self.personality.error_description:
            body["error_description"] = error.tail.rpartition(":")[2].replace("-", " ")
        reply = json_reply(error.status, body)
        if error.status == 401:
            host = self.mint.layout.auth_hosts[self.mint.cloud]
            reply.with_headers({"www-authenticate": f'Basic realm="{host}"'})
        return reply
