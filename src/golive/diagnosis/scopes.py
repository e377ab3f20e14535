"""What of scopes a text shows: how they are written, what is granted of what was asked for, what a call needs."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from golive.contract.apis import known_apis
from golive.diagnosis.services import FAMILY, fhir_resource, scope_of_path, service_of
from golive.diagnosis.spelling import NEAR
from golive.environment.urls import segments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.apis import KnownApi
    from golive.diagnosis.fields import Fields

SMART_SCOPE = re.compile(
    r"(?:patient|user|system)/|launch\b|openid$|fhirUser$|(?:online|offline)_access$|profile$"
)
SYNTAX = {
    "joined": re.compile(r"\A[\w:./*-]++(?:[+;|&](?=[a-z]++[:/])[\w:./*-]++)++"),
    "quoted": re.compile(r"\A[\"'`].*+|\A[^\"'`]++[\"'`]"),
    "commas": re.compile(r"\A[^,]*+,.*+"),
    "wildcard": re.compile(r"\A(?:(?:patient|user|system)/\*\.\S+|oraclehealth:\S*\*)"),
    "smart-v1": re.compile(r"(?:patient|user|system)/[A-Za-z*]+\.(?:read|write|\*)"),
    "smart-v2": re.compile(r"(?:patient|user|system)/[A-Za-z*]+\.c?r?u?d?s?(?:\?\S*)?"),
}
"""How scopes can be written; the first form that one of them has counts."""

BETWEEN = re.compile(r"[,;|&]|\+(?=[a-z]+[:/])")
"""What people put between scopes in place of a space."""

NEAR_END = 0.75
"""How alike the ends of two scopes are, whose beginnings are alike already."""

NEEDED = {"GET": "rs", "HEAD": "rs", "POST": "c", "PUT": "u", "PATCH": "u", "DELETE": "d"}
ALLOWED = {"read": "rs", "write": "cud", "*": "cruds"}
"""What the scopes of SMART v1 allow, in the letters of SMART v2."""


def scope_fields(asked: Iterable[str], api: KnownApi | None = None) -> Fields:
    """Return what is asked for and how it is written; items are separated by spaces.

    The scope that has to be among them is that of this API, or of any where none is given.
    """
    scopes = list(asked)
    found = (n for n, form in SYNTAX.items() if any(map(form.fullmatch, scopes)))
    parts = {part for scope in scopes for part in scope.split(",")}
    wanted = {one for each in ([api] if api else known_apis().values()) for one in each.scopes}
    return {
        "asked": " ".join(scopes) or None,
        "scope_syntax": next(found, "ok"),
        "message_scope": "asked" if parts & wanted else "not-asked",
        **_meant(parts, wanted),
    }


def grant_fields(asked: Iterable[str], granted: object) -> Fields:
    """Compare what is granted, the `scope` of a token response, with what was asked for."""
    if not isinstance(granted, str):
        return {}
    wanted, given = list(asked), set(granted.split())
    missing = [scope for scope in wanted if scope not in given]
    scope = "granted" if not missing else "none" if len(missing) == len(wanted) else "partly"
    return {"granted": granted or None, "scope": scope, "missing": " ".join(missing) or None}


def to_ask(asked: Iterable[str], found: Fields, needed: str | None = None) -> list[str]:
    """Return the scopes of a request as they have to be asked for: all of them, each by itself and as it was meant.

    `found` are the fields of `asked`; `needed` is that of the API that is called, which is added where it is missing.
    """
    parts = (part.strip("\"'`") for scope in asked for part in BETWEEN.split(scope))
    parts = (one for one in parts if one and "*" not in one)
    meant = {found.get("odd_scope"): found.get("meant_scope")}
    return [*dict.fromkeys([*(meant.get(one) or one for one in parts), *filter(None, [needed])])]


def _meant(asked: set[str], wanted: set[str]) -> dict[str, str]:
    """Return the scope of the family that an asked one is nearly spelt as."""
    known = {each.rpartition(":")[2]: each for each in sorted(FAMILY | wanted)}
    bare = {one.strip("`'\".,;()") for one in asked}  # without what a text puts around them
    for scope in sorted(bare - {*known.values()}):
        dotted = scope.replace(".", ":")
        start, _, end = (dotted if dotted in known.values() else scope).rpartition(":")
        alike = get_close_matches(start.lower(), ["oraclehealth:millennium"], 1, NEAR)
        end = re.split("[./]", end)[0].lower()  # none of them has a part for reading or writing
        near = [known[one] for one in get_close_matches(end, known, 1, NEAR_END) if alike]
        if near and "*" not in scope and not {*near} & bare:
            return {"scope_spelling": "near", "meant_scope": near[0], "odd_scope": scope}
    return {}


def call_fields(url: str, granted: object, method: str) -> Fields:
    """Return `needed_scope` of a call, of FHIR without who asks (system/), and `covers`, as far as they are known.

    `method` is empty where no more than the URL is known, `granted` the `scope` of a token response.
    """
    served, resource = service_of(url), fhir_resource(url)
    given = granted.split() if isinstance(granted, str) else None
    if served and served.service == "messages":
        needed = scope_of_path("/".join(segments(url)))
        known = needed is not None and given is not None
        return {"needed_scope": needed, "covers": needed in given if known and given else None}
    if served is None or served.service != "fhir" or resource is None:
        return {}
    rights = {*NEEDED.get("GET" if "/_search" in url else method, "cruds")}
    form = re.compile(rf"(?:patient|user|system)/(?:\*|{resource})\.([\w*]+)")
    held = [match[1] for each in given or () if (match := form.match(each))]
    covers = any(rights & {*ALLOWED.get(right, right)} for right in held)
    name = f"{resource}.{'read' if rights <= {*'rs'} else 'write'}" if method else None
    return {"needed_scope": name, "covers": None if given is None else covers}
