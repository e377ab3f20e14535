"""What is wrong with the form of a URL, host, scope, date, tenant id or credential, as far as the text alone shows it.

A credential is looked at without using it, and without keeping a character of it.
"""

from __future__ import annotations

import base64
import binascii
import re
from difflib import get_close_matches
from urllib.parse import unquote

from golive.diagnosis.services import FHIR_VERSION, fhir_parts, scope_of_path, service_of
from golive.environment import API_HOST, AUTHORIZATION_HOST, cloud_of
from golive.environment.urls import HOSTS
from golive.kit.pointers import found_at
from golive.kit.problems import nearest
from golive.kit.wire import iso_time, split_url

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
PARTS = {"cernermil": API_HOST, "authorization.cerner": AUTHORIZATION_HOST}
"""Parts of a foreign host that only one of Oracle's has."""

NOT_SET = re.compile("undefined|null|none|nil|nan", re.IGNORECASE)
"""What programs write in place of a variable that is not set."""

NO_DATE = "expected a date and time in UTC such as 2024-10-01T00:00:00Z"
NEAR = 0.86
"""How alike two words are that may be one and the same with a slip, as difflib counts it."""


def url_defect(url: str, *, of_token: bool = False) -> str | None:
    """Return what is wrong with the form of a URL at Oracle's hosts: a value of `url_defect`.

    It is a token URL, or that of an API, whole or up to the version.
    """
    path, served = split_url(url).path, service_of(url)
    if served is None or served.owner != "oracle":
        return None
    at_fhir = served.service.startswith("fhir")
    if served.service == "authorization" and (scope_of_path(path) or fhir_parts(url)):
        return "api-at-authorization"
    if re.search(r"(?: |%20)HTTP/[\d.]+$", url):
        return "request-line"
    if of_token:
        if at_fhir or served.service == "messages":
            return "token-at-api"
        if served.service == "authorize":
            return "authorize"
        if "/smart-v2" in path:
            return "smart-v2"
    lacks_tenant = served.service == "messages" and path.startswith("//")
    if "//" in path and not lacks_tenant:
        return "double-slash"
    if of_token:
        whole = re.search(r"/protocols/oauth2(/profiles/[^/]+)?/?$", path) is None
        return None if whole else "no-token-step"
    behind_version = path.strip("/").partition("/")[2] if fhir_parts(url) else path
    if (at_fhir and scope_of_path(behind_version)) or (
        served.service == "messages" and fhir_parts(url)
    ):
        return "host-of-another-api"
    if at_fhir and UUID.fullmatch(path.strip("/").partition("/")[0]):
        return "no-fhir-version"
    version = re.compile(rf"\d{{8}}|{FHIR_VERSION.pattern}", re.IGNORECASE)
    parts = list(filter(version.fullmatch, path.split("/")))
    return "doubled-version" if len(parts) > 1 and parts[0] == parts[1] else None


def grants_tokens(url: str) -> bool:
    """Return whether a URL is one of the authorization server, and not that of an API with its host."""
    served = service_of(url)
    granting = served is not None and served.service in ("authorization", "authorize")
    return granting and url_defect(url) != "api-at-authorization"


def meant_host(host: str | None) -> str | None:
    """Return the host of Oracle's that a host is nearly spelt as."""
    if not host or (service_of(f"https://{host}/") and host.lower() in HOSTS):
        return None
    if cloud_of(host) is not None:
        return None
    near = get_close_matches(host.lower(), HOSTS, 1, NEAR)
    if not near and service_of(f"https://{host}/") is None:
        near = [meant for part, meant in PARTS.items() if part in host.lower()]
    return near[0] if near else None


def meant_path(base_url: str | None, names: set[str]) -> str | None:
    """Return the step of the path that the last one of a base URL is nearly spelt as; `names` are those there are."""
    last = split_url(base_url or "").path.rstrip("/").rpartition("/")[2]
    near = get_close_matches(last, sorted(names), 1, NEAR)
    return near[0] if near and last not in names else None


def length_of_tenant(tenant: str) -> str:
    """Say how far the length of a malformed tenant id is from the 36 characters of a UUID."""
    if UUID.fullmatch(unquote(tenant).strip()):
        return "a line break or space stands before or behind the 36 characters, such as %0A from the end of a file"
    off = len(tenant) - 36
    if off:
        return f"{len(tenant)} characters, {abs(off)} too {'many' if off > 0 else 'few'}"
    odd = next((at for at, sign in enumerate(tenant) if not re.match("[0-9a-fA-F-]", sign)), None)
    which = f", of which number {odd + 1} is no hexadecimal digit" if odd is not None else ""
    return f"36 characters{which}"


def end_of_tenant(tenant: str) -> str | None:
    """Return the line end that stands behind a tenant id, also where it was encoded for a URL."""
    whole = unquote(tenant)
    behind = whole[len(whole.rstrip()) :] if UUID.fullmatch(whole.strip()) else ""
    return "carriage return" if "\r" in behind else "line feed" if "\n" in behind else None


def offset_in(value: str) -> list[str]:
    """Say that a date has an offset, and what it is in UTC; `+` in a URL is read as a space."""
    match = re.search(r"T[\d:.]+([+ -]\d\d:?\d\d)$", value)
    moment = iso_time(value.replace(" ", "+")) if match else None
    if moment is None:
        return []
    sign = " (and a + that is not written %2B arrives as a space)" if " " in value else ""
    return [
        f"it has an offset{sign}, and the documented form is UTC with Z: {moment:%Y-%m-%dT%H:%M:%SZ}"
    ]


def meant_member(body: object, at: str, known: set[str]) -> str:
    """Say which member of the same object, beside those that are `known`, may be meant as the missing one."""
    parent, _, name = at.rpartition("/")
    beside = found_at(body, parent) if parent else body
    names = sorted({*beside} - known) if isinstance(beside, dict) else []
    ends = ((each, {each.lower(), name.lower()}) for each in names)
    near = next(
        (each for each, both in ends if max(both, key=len).endswith(min(both, key=len))),
        nearest(name, names),
    )
    shown = near and re.fullmatch(r"[A-Za-z]\w{0,39}", near)
    return f" (there is {near}, which this operation does not know by that name)" if shown else ""


SHAPES = {
    "placeholder": re.compile(
        r"\A\s*(?:\{+[^{}]+\}+|\$\{?\w+\}?|<[^<>]+>|\[[\w -]+\]|%\w+%|(?i:undefined|null|none|changeme|x{4,}|\*{3,})"
        r"|(?i:(?:your|my|the)[-_ ](?:client[-_ ])?(?:secret|id).{0,10}))\s*\Z"
    ),
    "surrounding-whitespace": re.compile(r"\A\s+|(?<!\s)\s+\Z"),
    "line-wrapped": re.compile(r"[\r\n]"),
    "quoted": re.compile(r"\A[\"']|[\"']\Z"),
    "percent-encoded": re.compile(r"%[0-9A-Fa-f]{2}"),
    "with-scheme": re.compile(r"\A(?i:basic|bearer)\s"),
}
"""What is odd in a client id or a secret by itself, by its name in `credential_shape`; the first one counts."""


def credential_shape(client_id: str, secret: str) -> str:
    """Say what a client id and a secret look like, without using them: a value of `credential_shape`."""
    pair = pair_in(secret.removeprefix("Basic "))
    if pair and pair[1] and (pair[0] == client_id or UUID.fullmatch(pair[0])):
        return "base64-pair"
    both = (client_id, secret)
    odd = (name for name, form in SHAPES.items() if any(map(form.search, both)))
    if shape := next(odd, None):
        return shape
    if UUID.fullmatch((decoded(client_id) or "").strip()):
        return "encoded-apart"
    if UUID.fullmatch(client_id):
        return "ok"
    return "swapped" if UUID.fullmatch(secret) else "id-malformed"


def shape_place(client_id: str, secret: str, shape: str | None) -> str | None:
    """Say where the odd part of a credential is, by position and length and without a character of it."""
    form = SHAPES.get(shape or "")
    for what, text in (("secret", secret), ("client id", client_id)):
        match = form.search(text) if form and shape != "placeholder" else None
        if match:
            return f"character {match.start() + 1} of the {len(text)} of the {what}"
    return None


def encoded_twice(text: str) -> bool:
    """Return whether a text is base64 of the base64 of a pair."""
    inner = decoded(text)
    return inner is not None and ":" not in inner and pair_in(inner) is not None


def decoded(text: str) -> str | None:
    """Return the text that another one is base64 of, None where it is none."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def pair_in(text: str) -> tuple[str, str] | None:
    """Return the client id and the secret that a text is in base64, with or without its padding; None for no pair."""
    name, colon, secret = (decoded(text + "=" * (-len(text) % 4)) or "").partition(":")
    return (name, secret) if colon else None


STEPS = ("the tenant", "the API's namespace", "the version")


def step_fault(steps: list[str], right: list[str]) -> dict[str, str]:
    """Return what is wrong with the steps of a URL before its operation, which are tenant, namespace and version."""
    found = {"url_defect": "no-api-step"}
    given = ["{tenant}" if one not in right and UUID.fullmatch(one) else one for one in steps]
    lacking = [name for name, step in zip(STEPS, right, strict=True) if step not in given]
    if not lacking and len(given) == len(right):
        order = f"its steps stand in another order (/{{tenant}}/{'/'.join(right[1:])} is right)"
        return {**found, "path_fault": order}
    if lacking and len(given) + len(lacking) == len(right):
        are = "are" if len(lacking) > 1 else "is"
        return {**found, "path_fault": f"{' and '.join(lacking)} {are} missing in it"}
    return found
