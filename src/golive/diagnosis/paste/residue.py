"""What the text of a paste says beside its requests and answers: a setting, an error code, an error nobody explains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from golive.diagnosis.paste.answers import answer_facts
from golive.diagnosis.paste.curl import is_probe, is_token_request
from golive.diagnosis.paste.named import URL, in_the_body, kept_quotes, secret_data, urls_in
from golive.diagnosis.paste.phrases import pattern, signs_in
from golive.diagnosis.paste.pieces import PastedAnswer
from golive.diagnosis.paste.timeline import is_of_the_platform
from golive.diagnosis.services import service_of
from golive.environment import FORMER_SANDBOX_TENANT, cloud_of
from golive.exchanges.error_body import error_uri_parts
from golive.exchanges.model import CORRELATION_HEADERS
from golive.kit.wire import split_url
from golive.redaction import redact

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import Answered, PastedRequest
    from golive.diagnosis.paste.timeline import Transcript


REDIRECTS = (301, 302, 303, 307, 308)
OBJECT = re.compile(r"\{[^{}]*\}")
DEEPEST = 6


def troubled(text: str, *, bodies: bool) -> bool:
    """Return whether a text holds words of an error outside of its URLs and settings; `bodies` are passed over, too."""
    text = pattern("setting_of_trouble").sub("", URL.sub("", text))
    for _ in range(DEEPEST if bodies else 0):
        text = OBJECT.sub("", text)
    return pattern("trouble").search(text) is not None


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
    found |= signs_in(text) | _host_alone(text, asked) | _key_set_facts(text, asked)
    if ids := _ids_in(text):
        found["ids"] = ids
    if any(value.endswith("\n") for value in secret_data(text).values()):
        found["credential_store"] = "kubernetes-line-end"
    api = transcript.api_request
    if "unknown-method" in api.flags if api else transcript.token_request is None:
        found["repeat"] = READS_ONLY
    return found


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

EXCHANGED = re.compile(r"\bPOST \S+/token\S*\s.{0,20}\b200\b|/token\b[^\n]{0,60}\b200\b")


def is_a_step(one: Answered, transcript: Transcript) -> bool:
    """Return whether an answer only led to the next one, or came only of the one before it.

    A redirect leads on, but where it made a GET of the POST, everything after it is the redirect's doing. So does a
    status alone, where another answer to the same URL says more.
    """
    bare = one.request and isinstance(one.answer, PastedAnswer) and not one.answer.body
    if bare and not one.answer.headers:
        for other in transcript.answers:
            more = other.url == one.url and (other.answer.body or other.answer.headers)
            if more and other.answer.status in (one.answer.status, None):
                return True
    same = [each.answer for each in transcript.answers if each.request == one.request]
    moved = [each.status in REDIRECTS for each in same]
    lost = [
        is_moved and answer_facts(one.request, each).get("redirect") == "to-https"
        for is_moved, each in zip(moved, same, strict=True)
        if isinstance(each, PastedAnswer)
    ]
    at = same.index(one.answer)
    return any(lost[:at]) or (
        moved[at] and at + 1 < len(same) and not (at < len(lost) and lost[at])
    )


def went_on(request: PastedRequest, answer: PastedAnswer) -> str | None:
    """Return where a healthy redirect of the authorize endpoint leads: `code` to the application, or `sign-in`."""
    to = next((value for name, value in answer.headers if name.lower() == "location"), "")
    served, given = service_of(request.url), parse_qs(split_url(to).query)
    if answer.status not in REDIRECTS or not to or not served or served.service != "authorize":
        return None
    return None if "error" in given else "code" if "code" in given else "sign-in"


def is_beside_it(one: Answered) -> bool:
    """Return whether an answer came to what a person tried beside a request that failed: a probe, or another's page."""
    request = one.request
    if request is None or one.answer.status is None or request.body:
        return False
    served = service_of(request.url)
    reads = request.method in ("GET", "HEAD") and not request.header("Authorization")
    return is_probe(request) or (reads and (served is None or served.owner == "other"))


MOST_ANSWERS = 4
"""Answers of one paste that are explained: more fit on no screen."""


def to_judge(transcript: Transcript, *, on_the_way: bool) -> list[Answered]:
    """Return the answers that are explained; where a request failed on the way, none of what was tried beside it."""
    judged = [one for one in dict.fromkeys(transcript.answers) if not is_a_step(one, transcript)]
    own = [one for one in judged if one.request is None or is_of_the_platform(one.request)]
    # A HAR file of a browser holds fonts and pictures of others, too.
    if any(one.request and one.refused for one in own) or (len(judged) > MOST_ANSWERS and own):
        judged = [one for one in judged if one in own or is_token_request(one.request)]
    if on_the_way:
        return [one for one in judged if not is_beside_it(one)]
    return [one for one in judged if not (one.request and is_probe(one.request))] or judged


def exchanged_before(transcript: Transcript, request: PastedRequest | None, text: str) -> bool:
    """Return whether an exchange at the same URL succeeded before, so that the code was used."""
    for asked, answer in transcript.answers:
        if asked and answer.status == 200 and asked.url == (request.url if request else None):
            return asked.form.get("grant_type", ["authorization_code"]) == ["authorization_code"]
    return EXCHANGED.search(text) is not None


def examined(facts: dict[str, Any]) -> str:
    """Say what of the token was compared with the call, and what the paste does not hold."""
    compared = {
        "cloud": facts.get("clouds"),
        "tenant": facts.get("tenants"),
        "time": facts.get("token_time"),
        "host segment": facts.get("hosts_segment"),
    }
    seen = [name for name, value in compared.items() if value]
    unseen = [name for name, value in compared.items() if not value]
    words = f"Compared and in order: {', '.join(seen)}. " if seen else ""
    return words + (f"Not shown, so not compared: {', '.join(unseen)}." if unseen else "")
