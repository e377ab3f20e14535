"""Where a client lets its credentials go."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive import REDACTED, NotSeenError, Steps, Wrong, check, cured_by
from suites.client import credentials, seen
from suites.client.citations import AUTHORIZATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


@check(
    "client-keeps-tokens-out-of-urls",
    level="must",
    basis="standard",
    source="RFC 6750 §5.3; RFC 9700 §4.3.2",
)
@cured_by("Send the token in Authorization: Bearer, and have this one replaced.")
def test_no_token_is_in_a_url(requests_of_client: Steps) -> Iterator[Wrong]:
    """No token is in a URL, where logs and proxies keep it."""
    used = {credentials.bearer(one) for one in requests_of_client.values()} - {""}
    used |= credentials.grants_in(requests_of_client.values()).keys()

    for one in requests_of_client.values():
        for name, value in one.request.query:
            named = name in ("access_token", "token", "client_assertion") or value.startswith("eyJ")
            if value in used or (named and seen.of_service(one)):
                yield Wrong(one, f"request:query:{name}", "no token in the URL", "one")


@check(
    "client-keeps-its-secret-out-of-urls", level="must", basis="standard", source="RFC 6749 §2.3.1"
)
@cured_by("Send it as HTTP Basic, and have this secret replaced: logs hold it now.")
def test_no_secret_is_in_a_url(requests_of_client: Steps) -> Iterator[Wrong]:
    """No secret of a client is in a URL."""
    for one in filter(seen.of_service, requests_of_client.values()):
        if "@" in urlsplit(one.request.url).netloc:
            yield Wrong(
                one, "request:line", "a URL without a credential", "one with user information"
            )
        for name, value in one.request.query:
            if name in ("client_secret", "password") and value:
                yield Wrong(one, f"request:query:{name}", "no secret in the URL", "one")


SHORTEST = 8
"""Characters from which a secret is looked for in texts: a shorter one is a word."""


def _elsewhere(one: Exchange) -> Iterator[tuple[str, str]]:
    """Yield the places of a request where no credential belongs, each with its text."""
    for name, value in one.request.headers:
        if name.lower() not in ("authorization", "proxy-authorization") and (
            name.lower() != "cookie" or value != REDACTED
        ):
            yield f"request:header:{name}", value
    if one.request.operation and one.request.body:
        yield "request:body", one.request.body.decode("utf-8", "replace")


@check(
    "client-keeps-its-token-in-authorization",
    level="should",
    basis="standard",
    source="RFC 6750 §2, §5.3",
)
@cured_by("Take it out of there: what stores cookies and bodies keeps it.")
def test_a_token_is_in_authorization_alone(
    api_calls: Steps, tokens_granted: Steps
) -> Iterator[Wrong]:
    """The API's token is in Authorization alone: in no cookie, other header or body."""
    tokens = {
        name for name in credentials.grants_in(tokens_granted.values()) if len(name) >= SHORTEST
    }

    for one in api_calls.values():
        for at, text in _elsewhere(one):
            if any(token in text for token in tokens):
                yield Wrong(one, at, "the token in Authorization alone", "a token")


@check("client-keeps-its-token-for-the-api", level="must", basis="standard", source="RFC 6750 §5.3")
@cured_by("Bind the token to the API's base URL, and send it nowhere else.")
def test_a_token_goes_to_the_api_alone(
    requests_of_client: Steps, api_calls: Steps
) -> Iterator[Wrong]:
    """A token that is for the API goes to no other host."""
    answering = {seen.host(one) for one in api_calls.values() if one.succeeded}
    apis = answering or {seen.API_HOST}
    of_api = {credentials.bearer(one) for one in api_calls.values() if seen.host(one) in apis} - {
        ""
    }

    for one in requests_of_client.values():
        token = credentials.bearer(one)
        if token in of_api and seen.host(one) not in apis:
            yield Wrong(
                one,
                AUTHORIZATION,
                f"a token for {' or '.join(sorted(apis))} alone",
                f"sent to {seen.host(one)}",
            )


@check(
    "client-keeps-its-secret-for-the-token-endpoint",
    level="must",
    basis="standard",
    source="RFC 7617 §2.2; RFC 6749 §2.3.1",
)
@cured_by("Send HTTP Basic to the token URL alone; an API gets the token.")
def test_a_secret_goes_to_its_token_endpoint_alone(requests_of_client: Steps) -> Iterator[Wrong]:
    """The client's secret goes to the token endpoint of its own cloud, and to no other host or place."""
    homes: dict[tuple[str, str], str] = {}
    asked = filter(seen.asks_for_token, requests_of_client.values())
    own = {pair for one in asked if (pair := credentials.basic(one))}
    secrets = {secret for _, secret in own if len(secret) >= SHORTEST}
    shown = (one.request.headers.get("Authorization") or "" for one in requests_of_client.values())
    if not any(
        REDACTED in text for text in shown
    ):  # else another program has taken out what it likes
        secrets.add(REDACTED)

    for one in seen.by_time(requests_of_client):
        if not seen.asks_for_token(one):
            for at, text in _elsewhere(one):
                if any(secret in text for secret in secrets):
                    yield Wrong(one, at, "the secret at the token endpoint alone", "a secret")
        pair = credentials.basic(one)
        if pair is None or not (pair in own or seen.of_service(one)):
            continue  # another service's credential
        if not seen.asks_for_token(one):
            yield Wrong(
                one,
                AUTHORIZATION,
                "the secret at the token endpoint alone",
                f"sent to {seen.host(one)}",
            )
        elif homes.setdefault(pair, seen.host(one)) != seen.host(one):
            yield Wrong(
                one,
                AUTHORIZATION,
                f"the secret at {homes[pair]} alone",
                f"sent to {seen.host(one)}, too",
            )


@check(
    "client-follows-no-redirect-with-a-credential",
    level="must",
    basis="standard",
    source="RFC 6750 §5.3; RFC 9110 §15.4",
)
@cured_by("Switch the following of redirects off: neither server redirects.")
def test_no_redirect_is_followed_with_a_credential(requests_of_client: Steps) -> Iterator[Wrong]:
    """No credential follows a redirect to another host."""
    moved = [one for one in seen.by_time(requests_of_client) if 300 <= one.status < 400]
    targets = {where: one for one in moved if (where := one.header("Location"))}
    if not targets:
        raise NotSeenError("no request of the client was redirected")

    for one in requests_of_client.values():
        earlier = targets.get(one.request.url) or targets.get(seen.path(one))
        leaves = earlier and seen.host(earlier) != seen.host(one) and earlier.sent_at < one.sent_at
        shown = one.request.headers.get("Authorization")
        if earlier and leaves and shown and shown == earlier.request.headers.get("Authorization"):
            yield Wrong(one, AUTHORIZATION, "absent after a redirect to another host", "present")
