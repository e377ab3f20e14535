"""What a call asks for whose path no operation of the contract has: a thing of FHIR, or another one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.contract.apis import known_apis
from golive.diagnosis.fields import namespace
from golive.diagnosis.paste.breaks import contract, operation_at
from golive.diagnosis.services import resource_types, service_of
from golive.environment.urls import segments

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedRequest

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OF_FHIR = re.compile(r"metadata|\$[a-z-]+|_history|_search")
"""A step that no path of the EHR APIs has and those of FHIR have, beside a type of resource."""


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
    return {"called_path": "fhir" if of_fhir else "other", "operations": ", ".join(sorted(listed))}
