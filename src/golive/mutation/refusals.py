"""Violations in refusals, by the rows of the error catalogue, and in the access token's own parts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from golive.contract.catalogue import ErrorCase, load
from golive.contract.label import Basis, Level
from golive.contract.project_rules import TOKEN_BASES
from golive.exchanges.error_body import TOKEN_URN, gateway_pairs
from golive.exchanges.jwt import base64url, encoded_part, read
from golive.exchanges.model import Exchange
from golive.mutation.responses import TOKEN_HEADERS, Mutator, RecordedExchange, places
from golive.mutation.schema import encoded, violated
from golive.transport.token import access_token_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.document import Contract
    from golive.mutation.judge import Mutant
    from golive.mutation.record import Recording

SIGNATURE = frozenset({"access-token-signature-verifies"})
"""The check that any change of a token fails, whatever was changed."""

ERROR_IN_MESSAGE = "error in the message"
REQUEST_ID = "opc-request-id"
SEEN_WITH_HEADERS = 400
"""The one status of a token error whose headers were seen (contract-facts §4.1)."""
OTHER_URN = quote(f"{TOKEN_URN}oauth2:token:other", safe="")


def token_mutants(recording: Recording) -> Iterator[Mutant]:
    """Yield mutants of the access token's own header and claims, under a signature that no longer fits."""
    made = recording.made["token_granted", ()]
    text = access_token_of(made) if isinstance(made, Exchange) else None
    if not isinstance(made, Exchange) or text is None:
        return
    token = read(text)
    if token.problem:
        return
    make = Mutator(recording, RecordedExchange(("token_granted", ()), None, made), "access token")
    yield from _wrong_texts(make, made, text)
    parts = {"header": token.header, "payload": token.claims}
    for part, schema in (("header", "access-token-header"), ("payload", "access-token-claims")):
        for wrong in violated(recording.contract, f"oauth/{schema}", parts[part]):
            changed = {**parts, part: wrong.instance}
            forged = ".".join([*(encoded_part(changed[name]) for name in parts), token.parts[2]])
            yield make.mutant(
                f"token {part} {wrong.at or 'whole'} {wrong.kind}",
                (f"/access_token/{part}{wrong.at}",),
                f"{wrong.kind} at {wrong.at or 'the whole'} of the token's {part}",
                deciding=wrong.basis is not Basis.INFERRED,
                not_by=SIGNATURE,
                body=encoded({**made.json, "access_token": forged}),
            )


def _wrong_texts(make: Mutator, made: Exchange, text: str) -> Iterator[Mutant]:
    """Yield what no object can show: a member that is there twice, and a part that is no longer compact."""
    header, rest = text.split(".", 1)
    twice = json.dumps(read(text).header).replace("{", '{"alg": "ES256", ', 1).encode()
    repeated = f"{base64url(twice)}.{rest}"
    for kind, token in {
        "header /alg twice": repeated,
        "header padded": f"{header}==.{rest}",
    }.items():
        yield make.mutant(
            f"token {kind}", ("/access_token",), f"{kind} in the token",
            deciding=True, not_by=SIGNATURE, body=encoded({**made.json, "access_token": token}),
        )  # fmt: skip
    member = json.dumps({"token_type": made.json["token_type"]})[:-1].encode()
    yield make.mutant(
        "/token_type twice", ("body", "/token_type"), "a member is there twice",
        deciding=True, body=member + b", " + made.response.body.lstrip()[1:],
    )  # fmt: skip


def refusal_mutants(recording: Recording) -> Iterator[Mutant]:
    """Yield mutants of each row of the error catalogue: its status, its reason, its shape, its headers."""
    cases = {case.id: case for case in load(recording.contract.folder)}
    for place in places(recording):
        case = cases.get(dict(place.key[1]).get("row", ""))
        if case is not None and not place.exchange.succeeded:
            make = Mutator(recording, place, f"refusals: {case.area}")
            yield from _row_mutants(case, place, make, recording.contract)


def _row_mutants(
    case: ErrorCase, place: RecordedExchange, make: Mutator, contract: Contract
) -> Iterator[Mutant]:
    decides = _deciding(case)
    status = place.exchange.status
    for other in (200, 500, 403 if status != 403 else 401):
        against = [
            label
            for name, wanted, label in case.demands(of_oracle=True)
            if name == "status" and not case.allows(wanted, other)
        ]
        if against:
            yield make.status(other, deciding=any(label.decides for label in against))
    demanded = {name: wanted for name, wanted, _ in case.demands(of_oracle=True)}
    for name in demanded.get("headers", ()):
        yield from make.without_header(name, deciding=decides["headers"])
    if "items" in demanded:
        yield make.mutant(
            "answered with items", ("/items",), "answered as if the request were right",
            deciding=decides["items"], status=200, body=encoded({"items": [{"id": "1"}]}),
        )  # fmt: skip
    if "body" in demanded:
        is_token = demanded["body"] == "token-error"
        # Of a service's error the code is promised, and with 400 only.
        firm = decides["body"] and (demanded["body"] != "any-error" or status == 400)
        yield from make.garbled_bodies(deciding=firm, firm_type=firm and is_token)
    yield from _reasons(demanded, place, make, decides)
    level = case.level is Level.MUST
    if case.base in TOKEN_BASES and place.exchange.json_or_none:
        for name, basis in TOKEN_HEADERS.items():
            firm = basis is not Basis.INFERRED and status == SEEN_WITH_HEADERS
            yield from make.without_header(name, deciding=level and firm)
    elif case.base not in TOKEN_BASES and REQUEST_ID not in demanded.get("headers", ()):
        asked = place.exchange.request
        known = contract.header_label(asked.method, asked.url, status, REQUEST_ID).over(case.label)
        yield from make.without_header(REQUEST_ID, deciding=known.decides)


def _deciding(case: ErrorCase) -> dict[str, bool]:
    """Return for each expectation whether to break it decides; the stronger demand counts."""
    found: dict[str, bool] = {}
    for name, _, label in case.demands(of_oracle=True):
        found[name] = found.get(name, False) or label.decides
        if name == "error" and label.basis is not Basis.STANDARD:
            # An RFC demands the error of the challenge; that of the message is only known as it was seen.
            found[ERROR_IN_MESSAGE] = label.decides
    return found


def _reasons(
    demanded: dict[str, Any], place: RecordedExchange, make: Mutator, decides: dict[str, bool]
) -> Iterator[Mutant]:
    body = place.exchange.json_or_none
    if not isinstance(body, dict):
        return
    pairs = gateway_pairs(place.exchange)
    changes: list[tuple[str, str, str, str, Any]] = []
    if "error" in demanded and not pairs:
        for other in ("server_error", "invalid_dpop_proof"):
            changed = {**body, "error": other}
            changes.append((f"error {other}", "/error", "the wrong error code", "error", changed))
    if "error" in demanded and "error_uri" in body:
        changed = {**body, "error_uri": f'{body["error_uri"]}"'}
        changes.append(
            ("a quote in error_uri", "/error_uri", "a character that no URI has", "error", changed)
        )
    if "urn" in demanded and not pairs:
        uri = re.sub(r"errors/[^/]+/", f"errors/{OTHER_URN}/", str(body.get("error_uri")))
        changed = {**body, "error_uri": uri}
        changes.append(("another URN", "/error_uri", "the wrong reason", "urn", changed))
    for name in ("error", "urn", "subcode", "kid"):
        member = "code" if name == "urn" else name
        if name in demanded and member in pairs:
            other = f'{member}="{_other(pairs[member])}"'
            message = body["message"].replace(f'{member}="{pairs[member]}"', other)
            known = ERROR_IN_MESSAGE if name == "error" else name
            kind, changed = f"another {name} in the message", {**body, "message": message}
            changes.append((kind, "/message", f"the wrong {name}", known, changed))
    if "code" in demanded:
        changed = {**body, "code": 499}
        changes.append(("another code", "/code", "the wrong code", "code", changed))
    if "text" in demanded:
        text = json.dumps(body).replace(demanded["text"], "Something went wrong")
        changes.append(("another text", "body", "the wrong text", "text", json.loads(text)))
    for kind, at, violation, of, changed in changes:
        deciding = decides.get(of, False)
        yield make.mutant(kind, (at,), violation, deciding=deciding, body=encoded(changed))
    yield from _challenges(demanded, place, make, decides)


def _challenges(
    demanded: dict[str, Any], place: RecordedExchange, make: Mutator, decides: dict[str, bool]
) -> Iterator[Mutant]:
    headers = place.exchange.response.headers
    challenge = headers.get("WWW-Authenticate") or ""
    if "WWW-Authenticate" in demanded.get("headers", ()) and challenge.startswith("Bearer "):
        yield make.mutant(
            "an attribute twice in the challenge", ("header:WWW-Authenticate",), "an attribute is there twice",
            deciding=decides["headers"], headers=headers.with_("WWW-Authenticate", f'{challenge}, realm="again"'),
        )  # fmt: skip
    if "error" in demanded and 'error="' in challenge:
        other = re.sub('error="[^"]*"', 'error="something_else"', challenge)
        yield make.mutant(
            "another error in the challenge", ("header:WWW-Authenticate",), "the wrong error",
            deciding=decides["error"], headers=headers.with_("WWW-Authenticate", other),
        )  # fmt: skip


def _other(value: str) -> str:
    head, _, _ = value.rpartition(":")
    return f"{head}:something-else" if head else "something_else"
