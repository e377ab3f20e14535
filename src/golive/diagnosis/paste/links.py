"""Finds the URLs of a text: those that were asked, and not those of a page of help or of a thing inside a resource."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.services import service_of
from golive.environment.urls import HOSTS
from golive.kit.wire import split_url

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = re.compile(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}+://(?:\$?\{{1,3}[^{}\n]{0,200}\}{1,3}|[^\s\"'<>`\\)\],;{}|]"
    r"|,(?=[\w.,-]{1,200}[\"']))+"
)
BARE_HOST = re.compile(
    rf"\b(?:{'|'.join(re.escape(one) for one in HOSTS if not one.startswith('fhir'))})\b"
)
"""A host of tokens or of the EHR APIs that stands in a text without a scheme."""

MOST_URLS = 200
"""URLs of a text that are looked at."""


NAMES_A_THING = re.compile(
    r"[\"'](?:system|profile|reference|fullUrl|instantiates\w{0,20}|definition|xmlns)\\?[\"']\s{0,3}:\s{0,3}\[?\s{0,3}\\?[\"']\Z"
)
"""What stands before a URL that names a thing inside a resource, and that nobody asked."""


def asked_urls(text: str) -> Iterator[re.Match[str]]:
    """Yield the URLs of a text that may have been asked."""
    for match in islice(URL.finditer(text), MOST_URLS):
        if not NAMES_A_THING.search(text[max(match.start() - 60, 0) : match.start()]):
            yield match


def urls_in(text: str) -> Iterator[str]:
    """Yield the URLs of a text, as far as they are looked at; none of a page of help that a library points to."""
    for match in asked_urls(text):
        before = text[max(match.start() - 60, 0) : match.start()]
        if not pattern("help_link").search(before) or service_of(readable_url(match[0])):
            yield match[0]


def host_named_in(text: str) -> str | None:
    """Return the host of the first https URL of a text."""
    hosts = (split_url(url).hostname for url in urls_in(text) if url.startswith("https:"))
    bare = BARE_HOST.findall(text)
    return next((host for host in (*hosts, *bare) if host), None)


def served_in(text: str, service: str) -> tuple[str, str] | None:
    """Return the first URL of a text that is of this service, and the name of the service for people."""
    known = ((url, service_of(readable_url(url))) for url in urls_in(text))
    return next(((url, one.name) for url, one in known if one and one.service == service), None)


def readable_url(url: str) -> str:
    """Return a URL with a word in place of each placeholder, so that it can be taken apart."""
    return re.sub(r"\$?\{{1,3}[^{}]{0,200}\}{1,3}", "placeholder", url)
