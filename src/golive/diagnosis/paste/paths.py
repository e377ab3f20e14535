"""What a call asks for whose path is that of no operation: a thing of FHIR, or another one; and what a path lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from golive.contract.apis import known_apis
from golive.diagnosis.fields import namespace
from golive.diagnosis.paste.breaks import contract, operation_at
from golive.diagnosis.paste.curl import is_open
from golive.diagnosis.paste.pieces import json_in
from golive.diagnosis.services import resource_types, service_of
from golive.diagnosis.spelling import UUID, step_fault
from golive.environment.urls import real_host, segments
from golive.kit.problems import nearest

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedRequest

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OF_FHIR = re.compile(r"metadata|\$[a-z-]+|_history|_search")
"""A step that no path of the EHR APIs has and those of FHIR have, beside a type of resource."""


NEVER_FILLED = re.compile(
    r"(?i)undefined|null|none|nil|nan|\[object \w+\]|<coroutine object .*"
    r"|(?:%24)?(?:%7b){1,2}\w{1,40}(?:%7d){1,2}|%3c\w{1,40}%3e"
)
"""What programs write for a value that they have not, and a placeholder that was encoded for a URL, and so was sent."""


def unfilled(request: PastedRequest) -> dict[str, str]:
    """Return `unfilled` and its place, where a step, a parameter or a member of a call holds no value of its own."""
    path, _, query = request.url.partition("?")
    named = (one.partition("=") for one in query.split("&"))
    body = json_in(request.body)
    places = [(value, f"the parameter {name}") for name, _, value in named]
    places += [(one, "the path") for one in path.split("/")[3:]]
    places += [
        (one, f"the member {name}")
        for name, one in (body.items() if isinstance(body, dict) else ())
    ]
    for value, place in places:
        if isinstance(value, str) and NEVER_FILLED.fullmatch(value):
            return {"unfilled": "seen", "unfilled_place": f"`{unquote(value)}` in {place}"}
    return {}


def called_path(request: PastedRequest) -> dict[str, Any]:
    """Return `called_path` and `operations`, where the path of a call at the EHR APIs is that of no operation.

    Only where the contract of the API is known, or where the path is one of FHIR; a placeholder may be anything.
    """
    served, steps = service_of(request.url), segments(request.url.partition("?")[0])
    if served is None or served.service != "messages" or len(steps) < 2:
        return {}
    names = {namespace(one): name for name, one in known_apis().items()}
    api, version, rest = names.get(steps[1]), steps[2:3], steps[3:]
    ends = rest if api else steps[1:]
    of_fhir = any(OF_FHIR.fullmatch(one) or one in resource_types() for one in ends)
    known = api is not None and version and version[0] in known_apis()[api].versions
    if any(operation_at(method, request.url) for method in METHODS) and not of_fhir:
        return {}
    if not of_fhir and not (known and rest and not re.search(r"[{}<>$*…%]|\.\.", "/".join(rest))):
        return {}
    listed = [
        f"{one.method} {one.path.strip('/').partition('/')[2]}"
        for one in contract().operations.values()
        if one.api == (api or "messages")
    ]
    near = sorted({one for one in listed if rest and one.rpartition("/")[2] == rest[-1]})
    meant = f" ({' or '.join(near)} is likely meant)" if near else ""
    return {
        "called_path": "fhir" if of_fhir else "other",
        "operations": ", ".join(sorted(listed)),
        "meant_operation": meant or None,
    }


def missing_step(url: str) -> dict[str, str]:
    """Return `url_defect` and the whole URL, where the path of an EHR API lacks tenant, namespace or version."""
    served, steps = service_of(url), segments(url.partition("?")[0])
    if served is None or served.service != "messages":
        return {}
    for one in contract().operations.values():
        version, *rest = one.path.strip("/").split("/")
        at = next((i for i in range(4) if rest and steps[i : i + len(rest)] == rest), None)
        if at is None or one.api not in known_apis():
            continue
        tenant = next(
            (one for one in steps[:at] if UUID.fullmatch(one) or is_open(one)), "{tenant}"
        )
        base = known_apis()[one.api].base_url.replace("{tenant}", tenant)
        right = [*segments(base), version]
        if steps[:at] != right and not (len(steps[:at]) == len(right) and steps[1] == right[1]):
            found = step_fault(steps[:at], right) | {"right_api_url": f"{base}{one.path}"}
            others = {namespace(each) for each in known_apis().values()} - {right[1]}
            if at == len(right) and steps[2] == right[2] and steps[1] in others:
                place = f"the namespace /{right[1]}, and /{steps[1]} stands in its place"
                found["path_fault"] = f"this operation is in {place}"
            return found
        return {}
    tail = "/".join(steps[3:])
    literal = {
        one.path.strip("/").partition("/")[2]: one
        for one in contract().operations.values()
        if "{" not in one.path and [one.version] == steps[2:3]
    }
    meant = nearest(tail, literal) if not re.search(r"\d", tail) and tail not in literal else ""
    if meant:
        whole = "/".join(["https:/", real_host(url), *steps[:3], meant])
        return {"url_defect": "no-api-step", "right_api_url": whole}
    return {}
