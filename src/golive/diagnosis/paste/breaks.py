"""Compares a pasted request of an API with the contract: which documented rules it breaks."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote
from zoneinfo import available_timezones

from golive.contract.document import Contract
from golive.diagnosis.paste.curl import is_open
from golive.diagnosis.paste.links import URL
from golive.diagnosis.paste.literals import literal_body
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import json_in
from golive.diagnosis.paste.seen import message_rules, of_number, shown_rules
from golive.diagnosis.services import service_of
from golive.diagnosis.spelling import NO_DATE, meant_member, offset_in
from golive.kit.files import resources
from golive.kit.pointers import found_at
from golive.kit.problems import did_you_mean
from golive.kit.wire import split_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.operations import Operation
    from golive.contract.validation import Violation
    from golive.diagnosis.paste.pieces import PastedRequest

MOST = 5
"""Broken rules that are shown."""

SHOWN = 160
"""Characters of what is expected that are shown."""

LOWER, UPPER = "createDateTimeGreaterThanOrEqualTo", "createDateTimeLessThanOrEqualTo"
WITH_PARTS_OF_SECONDS = (
    r"(toISOString(?=\(\)(?!\s*\.))|RFC3339Nano|isoformat(?=\(\))|ToString\(\"[oO]\"\))"
)
"""What makes dates with parts of a second, or with an offset, in programs."""

EXAMPLE_OF_THE_BOOK = re.compile(r"/condition/20240101/conditions\?(?:.*&)?patient=")
OF_THE_EXAMPLE = (
    "patient is no parameter of this operation, patientId is (the example in the book is wrong)"
)
"""contract-facts §1: the documented example of a URL against the page of its operation."""


@cache
def contract() -> Contract:
    """Return the contract of the APIs that golive knows."""
    return Contract(resources() / "schemas")


def operation_at(method: str, url: str) -> Operation | None:
    """Return the operation that a request at one of the EHR APIs asks for."""
    served = service_of(url)
    if served is None or served.service != "messages":
        return None
    return contract().operation_of(method, url)


def broken_rules(request: PastedRequest, text: str = "") -> dict[str, Any]:
    """Return `request_breaks` and `broken_rules`, where a request breaks the contract; `text` stands around it."""
    operation = operation_at(request.method, request.url)
    if operation is None and "unknown-method" in request.flags:
        operation = operation_at("POST", request.url)
    if operation is None:
        example = EXAMPLE_OF_THE_BOOK.search(request.url) is not None
        return {"request_breaks": True, "broken_rules": OF_THE_EXAMPLE} if example else {}
    if _asks_for_pages(operation, request.query):
        return {"unpaged": "asked"}
    around = URL.sub("", text)
    of_query = _of_query(operation, request, around, text)
    of_body = _of_body(operation, request, around, text)
    said = dict.fromkeys([*of_query, *_of_path_and_headers(request), *of_body])
    rules = "; ".join(list(said)[:MOST])
    return {"request_breaks": True, "broken_rules": rules} if said else {}


def _asks_for_pages(operation: Operation, query: dict[str, list[str]]) -> bool:
    """Return whether a list is asked for in pages of which the contract says that it may not recognise them."""
    described = {p["name"]: str(p.get("description")) for p in operation.parameters}
    doubted = {name for name in query if "not recognised" in described.get(name, "")}
    broken = (contract().value_violations(operation, ("query", one), query[one]) for one in doubted)
    return "page" in doubted or any(broken)


def writes(request: PastedRequest) -> bool | None:
    """Return whether a request may change something; of one without a method only where its URL shows it."""
    if "unknown-method" not in request.flags:
        return request.method not in ("GET", "HEAD", "OPTIONS")
    reads, sends = (operation_at(method, request.url) for method in ("GET", "POST"))
    if sends is None:
        return None
    return True if reads is None or reads.required("query") - {*request.query} else None


def _of_query(
    operation: Operation, request: PastedRequest, around: str, whole: str
) -> Iterator[str]:
    query = parse_qs(split_url(request.url).query, "named" not in request.flags)
    known, text = operation.parameter_names("query"), f"{request.url} {around}"
    for name in sorted({*query} - known):
        if re.fullmatch(r"[A-Za-z]\w{0,39}", name):
            hint = did_you_mean(name, known)
            yield f"{name} is no parameter of this operation{hint and f' ({hint})'}"
    given = {*query} & known
    # Words such as `limit` may be about anything where nothing else is of this operation.
    if pattern("parameters_apart").search(around) or any(
        name in text for name in operation.required("query")
    ):
        unseen = known - {*query}
        query |= {name: values for name in unseen if (values := _values(name, around))}
    for name in sorted(known & {*query}):
        if not any(map(is_open, query[name])):
            broken = contract().value_violations(operation, ("query", name), query[name])
            parts = query[name][0].split(",")
            if broken and _repeats(operation, name, parts):
                keys = "&".join(f"{name}={one}" for one in parts)
                yield f"{name}: a list in one value, and the key is to be repeated ({keys})"
                continue
            is_bound = name in (LOWER, UPPER)
            offset = offset_in(query[name][0]) if broken and is_bound else []
            described = [each for each in broken if DESCRIBED.search(each.expected)]
            said = [_words(each, query[name][0]) for each in described or broken]
            if is_bound and said and not described:
                said = [] if offset else [NO_DATE]
            yield from (f"{name}: {each}" for each in (*said, *offset))
    yield from _of_bounds_and_pages(query, given)
    for name in sorted(known - {*query}):
        if made := re.search(rf"{name}\b[^\n]{{0,120}}?{WITH_PARTS_OF_SECONDS}", whole):
            yield f"{name} is made by {made[1]}, which writes parts of a second; none are allowed"
    if "named" not in request.flags and not pattern("parameters_apart").search(around):
        missing = sorted(operation.required("query") - {*query})
        yield from (f"{name} is missing" for name in missing if name not in around)


def _repeats(operation: Operation, name: str, parts: list[str]) -> bool:
    """Return whether a parameter takes each of several values behind a key of its own."""
    plain = len(parts) > 1 and all(re.fullmatch(r"\w{1,40}", one) for one in parts)
    return plain and not contract().value_violations(operation, ("query", name), parts)


def _of_bounds_and_pages(query: dict[str, list[str]], given: set[str]) -> Iterator[str]:
    yield from (f"{a} and {b} exclude each other" for a, b in EXCLUDING if {a, b} <= given)
    if query.get(LOWER, [""])[0] > query.get(UPPER, ["~"])[0]:
        yield f"{LOWER} is not before {UPPER}"
    if query.get("page", [""])[0].isdigit():
        yield "page takes the opc-next-page of the answer before, and no number"


def _of_path_and_headers(request: PastedRequest) -> Iterator[str]:
    if "," in unquote(split_url(request.url).path.rpartition("/")[2]):
        yield "one id alone is allowed in the path"
    if re.search(r"[^\w-]", request.header("opc-request-id") or ""):
        yield "opc-request-id may hold letters, digits, _ and - alone"
    zone = request.header("oh-content-time-zone")
    if zone and not is_open(zone) and zone not in available_timezones():
        yield "oh-content-time-zone is no name of an IANA zone, such as America/Chicago"


def _values(name: str, around: str) -> list[str]:
    """Return the values that a program or a log beside the URL gives to a parameter, as far as they are literal."""
    found = re.findall(
        rf"(?<![\w.]){name}[\"']?\]?,?\s*(?:=>|[:=,])\s*(?:[\"']([^\"'\n]+)[\"']|(\d[\w:.+-]*))",
        around,
    )
    return [first or second for first, second in found][:1]


def _of_body(
    operation: Operation, request: PastedRequest, around: str, whole: str
) -> Iterator[str]:
    if not operation.body:
        return
    value = json_in(request.body)
    if value is None:  # a log left some of it out, and says how much; or a program makes it
        yield from of_number(contract().schema(operation.body), request.body or around)
        value = None if request.body else literal_body(around, contract().words)
    if value is None:
        return
    own = [*message_rules(value), *shown_rules(value, whole)] if isinstance(value, dict) else []
    yield from own
    yield from _of_violations(operation, operation.body, value, own=bool(own))


def _of_violations(operation: Operation, body: str, value: Any, *, own: bool) -> Iterator[str]:
    """Say what the schema of a body finds; `own` says whether rules of golive's have said it of the recipients."""
    broken, beside = contract().violations(body, value), contract().members_beside
    absent = [each.at for each in broken if each.expected == "present"]
    meant = {at: meant_member(value, at, beside(body, at)) for at in absent}
    renamed = {at.rpartition("/")[0] for at, hint in meant.items() if hint}
    for each in broken:
        kind, held, place = each.expected, found_at(value, each.at), each.at.lstrip("/")
        said_already = own and each.at.startswith(("/recipients", "/carbonCopyRecipients"))
        plain = isinstance(held, str) and re.fullmatch("[A-Z_]{1,30}", held)
        if kind == "no other members" and not place:
            yield from _others(operation, value)
        elif said_already or (isinstance(held, str) and is_open(held)):
            continue
        elif kind == "no other members" and each.at in renamed:
            continue  # the member that is named for a missing one is the other one that may not be there
        elif each.at in meant:
            yield f"{place} is missing{meant[each.at]}"
        elif kind == "object" and plain and len(inside := beside(body, f"{each.at}/-")) == 1:
            yield f'{place}: expected an object, {{"{min(inside)}": …}}, and no text'
        else:
            yield f"{place or 'the body'}: {_words(each, held)}"


def _others(operation: Operation, value: dict[str, Any]) -> Iterator[str]:
    """Say which members a body has that the contract does not list, but for those that its texts only mention."""
    schema = contract().schema(operation.body or "")
    for name in sorted({*value} - {*schema.get("properties", {})}):
        if name not in str(schema) and re.fullmatch(r"[A-Za-z]\w{0,39}", name):
            yield f"{name} is no member of this body"


FILTERS = ("cdfMeaning", "cki", "conceptCki")
EXCLUDING = (("id", "name"), ("id", "codeSet"), *combinations(FILTERS, 2))
"""Parameters of a query of which an operation that knows both takes one (contract-facts §2.8, §2.9)."""

DESCRIBED = re.compile(r'"description": "([^"]+)"')


def _words(violation: Violation, value: object = None) -> str:
    """Say what is expected, in the contract's own words where the broken rule has some."""
    if described := DESCRIBED.search(violation.expected):
        moment = WITH_PARTS.fullmatch(value) if isinstance(value, str) else None
        right = f" (write {moment[1]}Z)" if moment else ""
        return f"{described[1].rstrip('.')}{right}"
    most = re.fullmatch(r"maxItems ([1-9]\d{0,5})", violation.expected)
    if most and isinstance(value, list):
        parts = -(-len(value) // int(most[1]))
        return f"at most {most[1]} in one request, and there are {len(value)}: send them in {parts}"
    words = violation.expected.startswith("one of")
    plain = isinstance(value, str) and re.fullmatch(
        "[A-Za-z_]{1,30}" if words else r"\d{1,6}", value
    )
    found = f", and it is {value}" if plain else ""
    return f"expected {violation.expected[:SHOWN]}{found}"


WITH_PARTS = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{1,9}Z")
"""A time in UTC that has parts of a second."""
