"""Whether a double answered in place of the service: the twin, another program on this machine, or a mock.

What a double answers proves the suite and not the service, so every verdict over one has to say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from golive.environment import address_of, is_double
from golive.exchanges.model import exchanges_in
from golive.kit.pointers import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.document import Contract
    from golive.environment import Environment
    from golive.exchanges.model import Exchange

TWIN_HEADER = "X-Golive-Twin"
"""The header by which a twin says what it is, wherever it is served from."""

MOCK_HEADERS = {"Matched-Stub-Id": "WireMock"}
MOCK_DOMAINS = {
    ".mock.pstmn.io": "Postman's mock servers",
    ".wiremockapi.cloud": "WireMock Cloud",
    ".beeceptor.com": "Beeceptor",
}
"""What well-known mocks add to their answers, and where hosted ones live."""

PLACEHOLDERS = frozenset({"string"})
"""Texts that mocks put where a schema gives neither an example nor a choice."""

EMBEDDED = "the embedded twin"
A_TWIN = "a twin of golive"


def double(
    environment: Environment,
    made: Iterable[object],
    contract: Contract | None,
    *,
    embedded: bool = False,
) -> str:
    """Name the double that answered, to stand in a sentence; empty where none is known to have.

    `made` are the exchanges of the run; `embedded` says that golive itself started the twin that they went to.
    """
    if embedded:
        return EMBEDDED
    urls = [environment.token.url, *(api.base_url for api in environment.apis.values())]
    doubled = dict.fromkeys(address_of(url) for url in urls if is_double(url))
    mocks = ((_mock(exchange, contract), exchange.request.url) for exchange in exchanges_in(made))
    if doubled:
        who = next((found for found, _ in mocks if found not in ("", A_TWIN)), "a double")
        return f"{who} on this machine ({' and '.join(filter(None, doubled))})"
    found, at = next((one for one in mocks if one[0]), ("", ""))
    return f"{found} at {urlsplit(at).netloc}" if found else ""


def _mock(exchange: Exchange, contract: Contract | None) -> str:
    if exchange.header(TWIN_HEADER) is not None:
        return A_TWIN
    host = urlsplit(exchange.request.url).hostname or ""
    known = [name for header, name in MOCK_HEADERS.items() if exchange.header(header) is not None]
    known += [name for domain, name in MOCK_DOMAINS.items() if host.endswith(domain)]
    if known:
        return f"a mock ({known[0]})"
    read = exchange.succeeded and not exchange.response.lacks_body
    asked = exchange.request.operation and read and contract is not None
    if asked and _is_made_of_examples(exchange.json_or_none, contract):  # type: ignore[arg-type]
        return f"a mock (its answer to {exchange.request.operation} holds only the contract's examples)"
    return ""


def _is_made_of_examples(body: Any, contract: Contract) -> bool:
    """Return whether an answer holds no text but examples, enumerated words and placeholders of the contract.

    An answer with enumerated words alone can be anybody's, although examples hold such words, too.
    """
    examples = (contract.examples - contract.words) | PLACEHOLDERS
    has_example = False
    for text in nodes(body):  # a list of a service's own ends at its first text
        if not isinstance(text, str):
            continue
        if text in examples:
            has_example = True
        elif text not in contract.words:
            return False
    return has_example
