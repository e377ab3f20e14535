"""Compares a pasted request of an API with the contract: which of its documented rules the request breaks."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from golive.contract.document import Contract
from golive.diagnosis.paste.curl import is_open
from golive.diagnosis.services import service_of
from golive.kit.files import resources
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


@cache
def _contract() -> Contract:
    return Contract(resources() / "schemas")


def operation_of(request: PastedRequest) -> Operation | None:
    """Return the operation of the contract that a request asks for, None where it is none of the EHR APIs' own."""
    served = service_of(request.url)
    if served is None or served.service != "messages":
        return None
    return _contract().operation_of(request.method, request.url)


def broken_rules(request: PastedRequest) -> dict[str, Any]:
    """Return `request_breaks` and `broken_rules`, where query or body of a request breaks the contract."""
    operation = operation_of(request)
    if operation is None:
        return {}
    said = dict.fromkeys([*_of_query(operation, request), *_of_body(operation, request)])
    if not said:
        return {}
    return {"request_breaks": True, "broken_rules": "; ".join(list(said)[:MOST])}


def _of_query(operation: Operation, request: PastedRequest) -> Iterator[str]:
    query = parse_qs(split_url(request.url).query, keep_blank_values=True)
    known = operation.parameter_names("query")
    for name, values in query.items():
        if name in known and not any(map(is_open, values)):
            for each in _contract().value_violations(operation, ("query", name), values):
                yield f"{name}: {_words(each)}"
    if "named" not in request.flags:
        for name in sorted(operation.required("query") - {*query}):
            yield f"{name} is missing"


def _of_body(operation: Operation, request: PastedRequest) -> Iterator[str]:
    try:
        value = json.loads(request.body) if request.body else None
    except ValueError:
        return
    if value is not None and operation.body:
        for each in _contract().violations(operation.body, value):
            yield f"{each.at.lstrip('/') or 'the body'}: {_words(each)}"


DESCRIBED = re.compile(r'"description": "([^"]+)"')


def _words(violation: Violation) -> str:
    """Say what is expected, in the contract's own words where the broken rule has some."""
    if described := DESCRIBED.search(violation.expected):
        return described[1].rstrip(".")
    return f"expected {violation.expected[:SHOWN]}"
