"""One exchange as a fingerprint keeps it: status, media type, header names, shapes, a token's lifetime, key kinds.

The situation is the exchange's name: the same request in every run, made of other data. Its `operation` is
that of the contract; requests to the authorization server are called `token` and `keySet`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golive.contract.catalogue import load
from golive.contract.operations import ADDRESS, SCHEMA
from golive.drift import promises as names
from golive.drift.promises import Promises
from golive.drift.shape import UNKNOWN, places_in, shape_of, shape_of_places
from golive.drift.traits import traits_of
from golive.exchanges import jwt as access_token
from golive.exchanges.error_body import reason
from golive.kit.json_text import read_json

if TYPE_CHECKING:
    from pathlib import Path

    from golive.contract.document import Contract
    from golive.exchanges.model import Exchange

Situation = dict[str, Any]
"""See `situation` in `schemas/fingerprint.schema.json`."""

TOKEN, KEY_SET = "token", "keySet"

PASSING = frozenset(
    {"age", "connection", "content-encoding", "content-length", "date", "keep-alive"}
    | {"transfer-encoding", "vary", "via", "x-golive-twin"}
)
"""Header fields of the way and the moment, not of the service (RFC 9110 §6.6, §7.6)."""

MEDIA_TYPES = frozenset({"", "application/json", "text/html", "text/plain", "application/xml"})
REASONS = ("urn", "error", "subcode")

KEY_WORDS = frozenset(
    {"EC", "RSA", "OKP", "oct", "P-256", "P-384", "P-521", "Ed448", "EdDSA", "sig", "enc"}
    | {*access_token.SIGNATURES}
)
"""Registered words of JWK members (RFC 7518 §3.1, §6, §7; RFC 8037 §2)."""


class Reader:
    """Makes situations of one contract's exchanges; what it has looked up, it keeps."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._promises: dict[str | None, Promises] = {}
        self._header_names: dict[str, str] = {}

    def situation(self, exchange: Exchange) -> Situation:
        """Return what a fingerprint holds of an exchange."""
        operation = operation_of(exchange)
        found: Situation = {
            "operation": operation,
            "status": exchange.status,
            "media_type": exchange.media_type if exchange.media_type in MEDIA_TYPES else UNKNOWN,
            "form": form_of(exchange),
            "headers": self._headers(exchange, operation),
        }
        if asked := self.contract.mapping.asked(operation, exchange.request.query):
            found["asked"] = asked
        shapes: dict[str, Any] = {}
        body = read_json(exchange.response.body) if found["form"] == "json" else None
        if found["form"] == "json":
            schema = schema_of(self.contract, operation, exchange.status)
            places = places_in(body, self.promises(schema))
            shapes["body"] = shape_of_places(places)
            if exchange.succeeded and operation in self.contract.operations:
                words = self.contract.mapping.vocabulary
                traits = {path: traits_of(one.found, words) for path, one in places.items()}
                found["traits"] = {path: one for path, one in sorted(traits.items()) if one}
        if exchange.status >= 400:
            found["reasons"] = reasons_of(exchange, self.contract.folder)
        if operation == TOKEN and exchange.succeeded and isinstance(body, dict):
            self._token(body, found, shapes)
        if operation == KEY_SET and isinstance(body, dict):
            found["keys"] = key_kinds(body)
        found["shapes"] = shapes
        return found

    def promises(self, schema: str | None) -> Promises:
        """Return the promises of the schema at this address."""
        if schema not in self._promises:
            self._promises[schema] = Promises(self.contract, schema)
        return self._promises[schema]

    def _headers(self, exchange: Exchange, operation: str) -> list[str]:
        asked = self.contract.operations.get(operation)
        known = {name.lower() for name in (asked.headers(exchange.status) if asked else ())}
        found = {
            name.lower() if name.lower() in known else self._header_name(name)
            for name, _ in exchange.response.headers
            if name.lower() not in PASSING
        }
        return sorted(found)

    def _header_name(self, name: str) -> str:
        if name not in self._header_names:
            self._header_names[name] = names.header(name)
        return self._header_names[name]

    def _token(self, body: dict[str, Any], found: Situation, shapes: dict[str, Any]) -> None:
        lifetime = body.get("expires_in")
        found["lifetime"] = None
        if isinstance(lifetime, int) and not isinstance(lifetime, bool):
            # A number of any size could be somebody's telephone number.
            found["lifetime"] = max(0, min(lifetime, access_token.LONGEST_LIFETIME))
        token = access_token.read(str(body.get("access_token")))
        found["token_form"] = "other" if token.problem else "JWT"
        if not token.problem:
            for part, members in (("header", token.header), ("claims", token.claims)):
                schema = f"{ADDRESS}oauth/access-token-{part}.schema.json"
                shapes[f"token {part}"] = shape_of(members, self.promises(schema))


def operation_of(exchange: Exchange) -> str:
    """Return the operation's id, or which request of the authorization server it is."""
    return exchange.request.operation or (KEY_SET if exchange.name == "key_set" else TOKEN)


def form_of(exchange: Exchange) -> str:
    """Say what the body is: nothing, JSON, something else, or cut off."""
    if exchange.response.broken is not None:
        return "broken"
    if not exchange.response.body:
        return "empty"
    return "other" if exchange.json_or_none is None else "json"


def schema_of(contract: Contract, operation: str, status: int) -> str | None:
    """Return the address of the schema of an answer's body, None where there is none."""
    if operation == KEY_SET:
        return f"{ADDRESS}oauth/key-set{SCHEMA}" if status == 200 else None
    if operation == TOKEN:
        name = "response" if 200 <= status < 300 else "error"
        return f"{ADDRESS}oauth/token-{name}{SCHEMA}"
    known = contract.operations.get(operation)
    described = known.schema(status) if known else None
    return contract.address(described) if described else None


@lru_cache(maxsize=4)
def _reason_words(folder: Path) -> frozenset[str]:
    """Every reason that the catalogue of refusals names."""
    found: set[str] = set()
    for case in load(folder):
        for name, said, _ in case.demands(of_oracle=True):
            if name in REASONS:
                found.update([said] if isinstance(said, str) else map(str, said))
    return frozenset(found)


def reasons_of(exchange: Exchange, folder: Path) -> dict[str, str]:
    """Return the reasons of a refusal by their kind, as far as the catalogue of refusals knows the word."""
    words, said = _reason_words(folder), {kind: reason(exchange, kind) for kind in REASONS}
    return {
        kind: word if word in words else UNKNOWN
        for kind, word in said.items()
        if isinstance(word, str)
    }


def key_kinds(key_set: dict[str, Any]) -> dict[str, str]:
    """Return which kinds of keys a set holds, and whether one or several of each.

    A kind is kty, crv, alg and use, as far as they are registered words.
    """
    keys = key_set.get("keys")
    kinds: dict[str, str] = {}
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict):
            said = [key[name] for name in ("kty", "crv", "alg", "use") if name in key]
            kind = " ".join(w if w in KEY_WORDS else UNKNOWN for w in map(str, said))
            kinds[kind] = "several" if kind in kinds else "one"
    return dict(sorted(kinds.items()))
