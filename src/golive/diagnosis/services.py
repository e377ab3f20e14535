"""What answers at a URL, by its host and path: one of Oracle's services, another vendor's server, a network's filter.

The rows are data, `services.yaml`; a URL that no row knows has a host of no known owner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from golive.environment import real_host
from golive.environment.urls import segments
from golive.kit.files import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FHIR_VERSION = re.compile(r"r[45]b?|stu3|dstu2|may2015", re.IGNORECASE)
"""The first segment of a FHIR path of Oracle's; the tenant is the one after it (contract-facts §5, below the table)."""


@dataclass(frozen=True)
class Service:
    """A kind of service: its name in the field `service`, whose it is, and its name for people where it has one.

    `assertion_seconds` is how long a client assertion may live there, None where that is not documented.
    """

    service: str
    owner: str
    name: str = ""
    assertion_seconds: int | None = None


def _knowledge() -> dict[str, Any]:
    return shipped("golive.diagnosis", "services.yaml")


@cache
def says_nothing() -> frozenset[str]:
    """Return the words of which a sentence can be made that gives no reason."""
    return frozenset(_knowledge()["says_nothing"])


@cache
def resource_types() -> frozenset[str]:
    """Return the types of FHIR resources that are known here, such as Patient."""
    return frozenset([*_knowledge()["of_patients"], *_knowledge()["of_others"]])


@cache
def forms() -> tuple[dict[str, Any], ...]:
    """Return the forms of `services.yaml`: `name`, `source`, and at least one of `members`, `header`, `text`."""
    return tuple(_knowledge()["forms"])


def reason_in(text: str) -> dict[str, str] | None:
    """Return the row of `reasons` whose words a text of another vendor's server holds."""
    return next((row for row in _knowledge()["reasons"] if re.search(row["words"], text)), None)


class Vendor(NamedTuple):
    """Whose answer it is, and whether it says so in words that no other server has."""

    name: str
    decides: bool = False


def vendor_of(members: Mapping[str, object], headers: Iterable[str], text: str) -> Vendor | None:
    """Return whose answer has this form: members of its body, names of its headers, or words in it."""
    names = {name.lower() for name in headers}
    for form in forms():
        inside = "members" in form and set(form["members"]) <= set(members)
        said = "text" in form and re.search(form["text"], text) is not None
        if inside or said or form.get("header") in names:
            return Vendor(form["name"], said and form.get("decides", False))
    return None


@cache
def rows() -> tuple[dict[str, Any], ...]:
    """Return the rows of `services.yaml`: `service`, `owner`, `host`, `source`, perhaps `path` and `name`."""
    return tuple(_knowledge()["services"])


def service_of(url: str) -> Service | None:
    """Return what answers at a URL, None where its host is of no known owner."""
    host, path = real_host(url).lower(), "/" + "/".join(segments(url))
    for row in rows() if host else ():
        if re.fullmatch(row["host"], host) and re.match(row.get("path", ""), path, re.IGNORECASE):
            seconds = row.get("assertion_seconds")
            return Service(row["service"], row["owner"], row.get("name", ""), seconds)
    return None


def fhir_parts(url: str) -> tuple[str, str | None] | None:
    """Return version and tenant of the path of a FHIR URL, None where its path does not begin with a FHIR version."""
    parts = segments(url)
    if not parts or not FHIR_VERSION.fullmatch(parts[0]):
        return None
    return parts[0], parts[1] if len(parts) > 1 and parts[1] else None


NAMES_ONE = re.compile(
    r"(?:patient|subject|beneficiary|_id|identifier|encounter|based-on|target)(?:[.:].*)?"
)


def fhir_asks(url: str) -> str | None:
    """Return what a GET of a FHIR URL asks for: a value of `fhir_asks`, None where its path is another one."""
    path, _, query = url.partition("?")
    steps, resource = segments(path), fhir_resource(url)
    if resource is None:
        return None
    if len(steps) > 3:
        return "one"
    names = (one.partition("=")[0] for one in query.split("&"))
    nobody = resource in _knowledge()["of_patients"] and not any(map(NAMES_ONE.fullmatch, names))
    return "of-everybody" if nobody and query else "search"


def fhir_resource(url: str) -> str | None:
    """Return the type of resource that a FHIR URL asks for, such as Patient."""
    parts = segments(url.partition("?")[0])
    return next((part for part in parts[2:3] if re.fullmatch("[A-Z][A-Za-z]+", part)), None)


FAMILY = frozenset(
    f"oraclehealth:millennium:{name}"
    for name in (
        *("allergy", "chief-complaint", "code-system", "condition", "location", "message"),
        *("nomenclature", "personnel", "recipient"),
    )
)
"""The scopes of the EHR APIs (contract-facts §1)."""


def scope_of_path(path: str) -> str | None:
    """Return the scope of the EHR API that a path names behind the tenant: /TENANT/chiefComplaint/…."""
    steps = path.strip("/").split("/")
    name = re.sub("[A-Z]", lambda match: f"-{match[0].lower()}", steps[1]) if len(steps) > 1 else ""
    scope = f"oraclehealth:millennium:{name}"
    return scope if scope in FAMILY else None
