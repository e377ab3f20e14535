"""Finds what is secret in a paste by its place and form, and registers it with the redactor before all else.

A value behind a name such as `client_secret`, behind `Authorization`, in a cookie or after `-u`, and whatever
has the form of a JWT or of a private key. A placeholder (`{secret}`, `$TOKEN`) is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from golive.diagnosis.paste.secrets import secret_data
from golive.diagnosis.spelling import pair_in
from golive.redaction import REDACTOR

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = (
    "client[_-]?secret|secret|password|passwd|pwd|passphrase|access[_-]?token|refresh[_-]?token"
    "|id[_-]?token|token|client[_-]?assertion|assertion|api[_-]?key|private[_-]?key"
    "|code[_-]?verifier|session[_-]?id|x-api-key"
)
NAMED = re.compile(rf"(?i)(?:{NAMES})\\?[\"']?\s*[=:]\s*\\?[\"']?([^\s\"'&,;}}\\]+)")
QUOTED = re.compile(
    rf"(?i)[\"'](?:{NAMES})[\"']\s*:\s*\"((?:[^\"\\]|\\.)+)\""
    rf"|(?:{NAMES})=((?!['\"])[^&'\"\n]+)"
)
KEYED = re.compile(
    rf"(?i)[\"']?(?:key|name)[\"']?\s*:\s*[\"']?[\w.-]*(?:{NAMES})[\w.-]*[\"']?\s*,?\s*[\"']?value[\"']?\s*:\s*[\"']?([^\s\"',]+)"
)
"""A value beside the name it has: an export of Postman, a manifest of Kubernetes."""

AUTHORIZATION = re.compile(
    r"(?i)authorization\\?[\"']?\s*[:=]\s*\\?[\"']?\s*(?:(?:[a-z]+)\s+)?([^\s\"'\\,;]+)"
)
SCHEME = re.compile(r"(?i)\b(?:basic|bearer|dpop|negotiate)\s+([A-Za-z0-9+/=_.~-]{8,})")
CLEAR_PAIR = re.compile(r"(?i)\bbasic\s+[0-9a-f-]{36}:([^\s\"'\\,;]+)")
USER = re.compile(
    r"(?:^|\s)(?:-u|--user|-U|--proxy-user)(?:\s*|=)(?:\"([^\"]+)\"|'([^']+)'|([^\s\"']+))"
)
COOKIE = re.compile(r"(?i)cookie2?\\?[\"']?\s*[:=]\s*\\?[\"']?\s*([^\r\n\"']+)")
COOKIE_FLAG = re.compile(r"(?:^|\s)(?:-b|--cookie)(?:\s*|=)[\"']?([^\r\n\"']+)")
# From the beginning of a run of such characters alone: a search from each `eyJ` inside it would take for ever.
DOTTED = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2,}")
PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END|\Z)", re.DOTALL)
JWK_MEMBER = re.compile(r"\"(?:d|p|q|dp|dq|qi|k)\"\s*:\s*\"([A-Za-z0-9_-]{8,})\"")
USERINFO = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")
PLACEHOLDER = re.compile(
    rf"(?i:{NAMES})|"
    r"(?:system|user|patient)/[A-Za-z*]{1,40}\.[a-z*]{1,6}|oraclehealth:millennium:[a-z-]{1,40}"
    r"|\{+[^}]*\}*|<[^>]*>|\[\w+\]|\$\{?\w+\}?|%\w+%|https?://.*|urn:.*|(?i:jwt|basic|bearer|undefined|null|none|nil|constraints|auth(?:entication|orization)|credentials?)"
)


def protect(text: str) -> None:
    """Register every credential, token, assertion, password, key and cookie of a paste with the redactor."""
    for value in (*found(text), *found(unquote_plus(text))):
        if not PLACEHOLDER.fullmatch(value):
            # Some of it is no secret and only stands where one could: its pieces are words of other texts.
            REDACTOR.protect(value, unquote_plus(value), pieces=False)


def found(text: str) -> Iterator[str]:
    """Yield what looks secret, in the forms in which it stands there."""
    yield from jwts(text)
    for pattern in (
        NAMED,
        KEYED,
        AUTHORIZATION,
        SCHEME,
        CLEAR_PAIR,
        PEM,
        JWK_MEMBER,
        USERINFO,
        QUOTED,
    ):
        for match in pattern.finditer(text):
            value = next((group for group in match.groups() if group), match[0])
            yield value
            yield from _decoded(value)
    for name, value in secret_data(text).items():
        if re.search(NAMES, name, re.IGNORECASE):
            yield from (value, value.strip())
    for match in USER.finditer(text):
        pair = match[1] or match[2] or match[3]
        yield pair
        yield pair.partition(":")[2]
    for pattern in (COOKIE, COOKIE_FLAG):
        for match in pattern.finditer(text):
            yield match[1].strip()
            for part in match[1].split(";"):
                yield part.partition("=")[2].strip()


def jwts(text: str) -> Iterator[str]:
    """Yield whatever has the form of a JWT: three parts between dots, the first of them JSON in base64."""
    for match in DOTTED.finditer(text):
        start = match[0].find("eyJ")
        if start >= 0 and match[0].count(".", start) >= 2:
            yield match[0][start:]


def _decoded(value: str) -> list[str]:
    """Return the pair inside a Basic value, and its secret; none for anything else."""
    pair = pair_in(value)
    return [":".join(pair), pair[1]] if pair else []
