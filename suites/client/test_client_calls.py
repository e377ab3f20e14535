"""What holds of each call of a client: its URL, its headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive import Contract, NotSeenError, Steps, Wrong, check, cured_by
from suites.client import seen
from suites.client.repeats import same_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange

PCHAR = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")
"""What a path or a query is made of (RFC 3986 §3.3, §3.4)."""


@check(
    "client-asks-for-what-there-is",
    level="must",
    basis="documented",
    source="contract-facts §1, §2",
)
@cured_by(
    "Compare the path with https://api.cernermillennium.com/TENANT/message/20241001/patientMessages/inboxItems, "
    "letter by letter; `golive openapi messages` has all of them."
)
def test_each_call_is_an_operation(api_calls: Steps) -> Iterator[Wrong]:
    """Each call has the method and the path of an operation: tenant, namespace, version, name."""
    for one in api_calls.values():
        if not one.request.operation and one.request.method not in ("HEAD", "OPTIONS"):
            yield Wrong(one, "request:line", "method and path of an operation", "others")


@check("client-encodes-its-urls", level="must", basis="standard", source="RFC 3986 §3.3, §3.4")
@cured_by("Encode each id and each value by the library, once, when the URL is built.")
def test_each_url_is_encoded(api_calls: Steps) -> Iterator[Wrong]:
    """A URL holds only characters that may stand in it; others are percent-encoded."""
    for one in api_calls.values():
        parts = urlsplit(one.request.url)
        if not PCHAR.fullmatch(parts.path) or not PCHAR.fullmatch(parts.query):
            yield Wrong(
                one,
                "request:line",
                "characters outside of a URL's alphabet encoded",
                "some that are not",
            )


@check("client-encodes-once", level="should", basis="standard", source="RFC 3986 §2.4")
@cured_by("Give the library the plain value; it encodes it.")
def test_nothing_is_encoded_twice(api_calls: Steps) -> Iterator[Wrong]:
    """Nothing in a URL is percent-encoded twice."""
    for one in api_calls.values():
        if re.search(r"%25(?:2[0-9A-F]|3[A-F]|40|[57][B-D])", one.request.url, re.IGNORECASE):
            yield Wrong(one, "request:line", "each value encoded once", "one that is encoded twice")


@check(
    "client-uses-known-parameters", level="should", basis="documented", source="contract-facts §2"
)
@cured_by("Compare the name with the operation's page: an unknown one is passed over in silence.")
def test_each_parameter_is_known(operations: Steps, contract: Contract) -> Iterator[Wrong]:
    """Each parameter of a query is one that the operation has."""
    for one in operations.values():
        known = contract.operations[one.request.operation].parameters
        names = {p["name"] for p in known if p["in"] == "query"}
        for name in dict.fromkeys(name for name, _ in one.request.query):
            if name not in names and name != "access_token":
                yield Wrong(one, f"request:query:{name}", "a parameter of the operation", "unknown")


@check(
    "client-parameters-have-known-values",
    level="must",
    basis="documented",
    source="contract-facts §2.1, §2.2",
)
@cured_by("Write the word of the operation's page, letter by letter.")
def test_each_parameter_has_a_known_value(operations: Steps, contract: Contract) -> Iterator[Wrong]:
    """A yes or no in a query is true or false, and an order is ASC in capitals."""
    for one in operations.values():
        known = contract.operations[one.request.operation]
        for name, value in one.request.query:
            schema = known.parameter(("query", name)).get("schema", {})
            if schema.get("type") == "boolean" and value not in ("true", "false"):
                yield Wrong(one, f"request:query:{name}", "true or false", value or "empty")
            if name == "sortOrder" and value != "ASC" == value.upper():
                yield Wrong(one, f"request:query:{name}", "ASC", value)


@check(
    "client-takes-json",
    level="must",
    basis="documented",
    source="contract-facts §1; RFC 9110 §12.5.1",
)
@cured_by("Send Accept: application/json, or no Accept.")
def test_each_call_takes_json(operations: Steps) -> Iterator[Wrong]:
    """Each call takes application/json as its answer."""
    for one in operations.values():
        for wrong in seen.accepting_json(one):
            yield Wrong(one, *wrong)


@check(
    "client-request-id-keeps-its-alphabet",
    level="must",
    basis="documented",
    source="contract-facts §1",
)
@cured_by("Send a UUID: uuid4() in Python, crypto.randomUUID() in JavaScript.")
def test_a_request_id_keeps_its_alphabet(operations: Steps) -> Iterator[Wrong]:
    """The client's own opc-request-id is made of letters, digits, underscores and hyphens."""
    own = [
        one for one in operations.values() if one.request.headers.get("opc-request-id") is not None
    ]
    if not own:
        raise NotSeenError("the client sent no opc-request-id")

    for one in own:
        name = one.request.headers.get("opc-request-id") or ""
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            yield Wrong(
                one, "request:header:opc-request-id", "letters, digits, _ and -", name or "empty"
            )


@check(
    "client-numbers-its-requests", level="should", basis="inferred", source="contract-facts §1, §5"
)
@cured_by("Send a new UUID as opc-request-id with each request, and log it.")
def test_each_request_has_an_id_of_its_own(operations: Steps) -> Iterator[Wrong]:
    """Each request has an opc-request-id of its own, by which support finds it in the logs of both sides."""
    known: dict[str, Exchange] = {}
    for one in seen.by_time(operations):
        name = one.request.headers.get("opc-request-id")
        at = "request:header:opc-request-id"
        if name is None:
            yield Wrong(one, at, "an id of one's own", "absent")
        elif name in known and not same_request(known[name], one):
            yield Wrong(one, at, "an id of one's own", "that of another request")
        elif name:
            known[name] = one


@check(
    "client-gets-without-a-body",
    level="should",
    basis="standard",
    source="RFC 9110 §9.3.1; contract-facts §6.3",
)
@cured_by("Say with Accept what the answer shall be; Content-Type is for bodies.")
def test_a_get_has_neither_body_nor_content_type(operations: Steps) -> Iterator[Wrong]:
    """A GET has no body, and no Content-Type, which would describe one."""
    for one in operations.values():
        if one.request.method == "GET":
            kind = one.request.headers.get("Content-Type")
            if one.request.body:
                yield Wrong(one, "request:body", "absent in a GET", "present")
            elif kind:
                yield Wrong(one, "request:header:Content-Type", "absent in a GET", kind)


@check("client-names-itself", level="should", basis="standard", source="RFC 9110 §10.1.5")
@cured_by("Send User-Agent: NAME/VERSION; support asks for it.")
def test_a_client_names_itself(requests_of_client: Steps) -> Iterator[Wrong]:
    """Each request names the client's program in User-Agent."""
    for one in filter(seen.of_service, requests_of_client.values()):
        if not (one.request.headers.get("User-Agent") or "").strip():
            yield Wrong(
                one, "request:header:User-Agent", "name and version of the client", "absent"
            )
