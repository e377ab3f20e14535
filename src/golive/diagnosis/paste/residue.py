"""What the text of a paste says beside its requests and answers: a setting, an error code, an error nobody explains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.diagnosis.paste.links import URL, urls_in
from golive.diagnosis.paste.named import in_the_body, kept_quotes
from golive.diagnosis.paste.pair import pairs_printed
from golive.diagnosis.paste.phrases import pattern, signs_in
from golive.diagnosis.paste.secrets import plain_under_data, secret_data
from golive.diagnosis.spelling import credential_shape
from golive.environment import FORMER_SANDBOX_TENANT, cloud_of
from golive.exchanges.error_body import error_uri_parts
from golive.exchanges.model import CORRELATION_HEADERS
from golive.kit.wire import split_url
from golive.redaction import redact

if TYPE_CHECKING:
    from golive.diagnosis.paste.transcript import Transcript


OBJECT = re.compile(r"\{[^{}]*\}")
DEEPEST = 6


def troubled(text: str, *, bodies: bool) -> bool:
    """Return whether a text holds words of an error outside of its URLs and settings; `bodies` are passed over, too."""
    text = pattern("setting_of_trouble").sub("", URL.sub("", text))
    return pattern("trouble").search(without_objects(text) if bodies else text) is not None


def without_objects(text: str) -> str:
    """Return a text without the objects in braces that it holds."""
    for _ in range(DEEPEST):
        text = OBJECT.sub("", text)
    return text


def settings_alone(text: str) -> bool:
    """Return whether a text is a file of settings: each line sets something, is a comment, or is empty."""
    lines = [
        line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")
    ]
    return bool(lines) and all(map(pattern("setting").fullmatch, lines))


def oauth_error_in(text: str) -> str | None:
    """Return the OAuth error code that a text names, outside of its URLs."""
    match = pattern("oauth_error").search(URL.sub("", text))
    return match[1] if match else None


def error_uri_in(text: str) -> str | None:
    """Return the first whole `error_uri` of an authorization server that a text names."""
    return next((url for url in urls_in(text) if error_uri_parts(url)), None)


def text_facts(text: str, asked: dict[str, Any], transcript: Transcript) -> dict[str, Any]:
    """Return what the text alone shows of the set-up, where the requests do not show it already."""
    found: dict[str, Any] = {}
    if FORMER_SANDBOX_TENANT in text.lower():
        found["tenant_moved"] = True
    if in_the_body(text) and asked.get("client_authentication") in (None, "none"):
        found["client_authentication"] = "body"
    if kept_quotes(text):
        found["env_quotes"] = "kept"
    if not asked.get("granted") and (granted := granted_in(text)):
        found["granted"] = granted
    shown = _signs_beside(text, asked)
    if transcript.api_request:  # whose method is known, or is not, by itself
        shown.pop("writes", None)
    found |= shown | _host_alone(text, asked) | _key_set_facts(text, asked)
    if asked.get("credential_shape") in (None, "ok") and (shape := printed_shape(text)):
        found["credential_shape"] = shape
    if ids := _ids_in(text):
        found["ids"] = ids
    found |= _compared(text)
    if any(value.endswith("\n") for value in secret_data(text).values()):
        found["credential_store"] = "kubernetes-line-end"
    elif plain_under_data(text):
        found["credential_store"] = "kubernetes-plain"
    api = transcript.api_request
    if "unknown-method" in api.flags if api else transcript.token_request is None:
        found["repeat"] = READS_ONLY
    return found


ODD = ("placeholder", "quoted", "percent-encoded", "base64-pair")
"""Shapes of a pair that no server takes for the one that was meant."""


def printed_shape(text: str) -> str | None:
    """Return what is odd in a Basic header that a text prints: it was sent, whatever the program says.

    Of several for one client, one that is odd is the one that is refused.
    """
    shapes = {credential_shape(*pair) for pair in pairs_printed(text)}
    return next((one for one in ODD if one in shapes), None)


TWO = 2
"""Fingerprints of a paste that can be compared: that of a file, and the one that is configured."""


def _compared(text: str) -> dict[str, str]:
    """Return how two values of one kind that a text shows compare: fingerprints of keys, lists of scopes."""
    differ = len({*pattern("fingerprint").findall(text)}) == TWO
    found = {"fingerprints": "differ"} if differ else {}
    return found | ({"finding_of_scope": "order"} if listed_in_another_order(text) else {})


OF_A_REQUEST = frozenset({"client_authentication", "scope_parameter"})
"""Fields that a text gives only where no request shows them."""


def _signs_beside(text: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the signs of a text, without those that a request shows by itself."""
    seen = {name for name in OF_A_REQUEST if asked.get(name) not in (None, "none")}
    # Where a variable stands in the request, the text says what is in it.
    if not asked.get("shown_placeholder") and asked.get("api_credential") not in (None, "none"):
        seen.add("api_credential")
    return {name: value for name, value in signs_in(text).items() if name not in seen}


TRACE_ID = re.compile(
    rf"(?i)\b({'|'.join(CORRELATION_HEADERS)})[^\w/]{{1,4}}(/?(?=[\w-]{{0,40}}\d)[\w-]{{8,80}}(?:/[\w-]{{8,80}})?)"
)
"""An id for Oracle's support as a log writes it, behind the name of its header."""


def _ids_in(text: str) -> dict[str, str]:
    """Return the ids for Oracle's support that a text names, each where it has one value alone."""
    known = {name.lower(): name for name in CORRELATION_HEADERS}
    found: dict[str, set[str]] = {}
    for name, value in TRACE_ID.findall(text):
        found.setdefault(known[name.lower()], set()).add(value)
    return {name: redact(values.pop()) for name, values in found.items() if len(values) == 1}


OF_A_GRANT = re.compile(r"(?i)\b(?:granted|token (?:response|ok)|response|expires_in)\b")


def granted_in(text: str) -> str | None:
    """Return the scopes that a line about a token response says to be granted."""
    lines = (line for line in text.split("\n") if len(line) < LONGEST_LINE)
    about = ((OF_A_GRANT.search(line), line) for line in lines)
    found = (
        pattern("scopes_of_a_grant").search(line, match.start()) for match, line in about if match
    )
    return next((re.sub("[ +,]+", " ", one[1]) for one in found if one), None)


def listed_in_another_order(text: str) -> bool:
    """Return whether a text lists the same scopes as asked for and as granted, in another order."""
    lines = (line.split() for line in text.split("\n") if len(line) < LONGEST_LINE)
    lists = {line[0].strip(":=").lower(): line[1:] for line in lines if len(line) > 2}
    asked, given = lists.get("asked", []), lists.get("granted", [])
    return asked != given and sorted(asked) == sorted(given)


LONGEST_LINE = 2_000


def _host_alone(text: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the token host that a log names without a URL of it, and its cloud against the API's."""
    hosts = {*pattern("granting_host").findall(text)}
    if asked.get("token_host") or len(hosts) != 1:
        return {}
    host = hosts.pop()
    cloud, api = cloud_of(host), asked.get("api_cloud")
    clouds = {"clouds": "same" if cloud == api else "differ"} if api else {}
    return {"token_host": host, "token_cloud": cloud, **clouds}


def _key_set_facts(text: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Compare the clouds of the key set and of the issuer that a program names."""
    sets: set[str] = set()
    issuers: set[str] = set()
    for url in urls_in(text):
        parts = split_url(url)
        host, path = parts.hostname or "", parts.path.strip("/")
        if host.startswith("authorization.") and cloud_of(host) and path in ("", "jwk"):
            (sets if path else issuers).add(host)
        elif (
            pattern("keys_of").search(path)
            and host
            and asked.get("token_cloud")
            and not cloud_of(host)
        ):
            other = {"key_set": "other-issuer", "key_set_host": host}
            return other | {"issuer_host": asked["token_host"]}
    if len(sets) != 1 or len(issuers) != 1 or sets == issuers:
        return {}
    return {"key_set": "other-cloud", "key_set_host": sets.pop(), "issuer_host": issuers.pop()}


READS_ONLY = (
    "Run a request that only reads again; after one that writes (POST, PUT, DELETE) look first whether it was done, "
    "and run it"
)
