"""The parts of a request that an error case changes, and the values that it puts there.

Parameters are found wherever they stand: in the form of a token request, else in the query. A change may hold
placeholders: the keys of an environment's test data, such as `{patient}`, instants such as `{now-1d:ms}`, and what the
base of a row knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from golive.contract.outcomes import NotClaimedError, SuiteError
from golive.environment import service_root
from golive.transport.token import FORM
from golive.transport.valid import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.contract.document import Contract
    from golive.environment import Account, Environment
    from golive.exchanges.model import Request
    from golive.transport.token import TokenClient


@dataclass(frozen=True)
class Situation:
    """What a change may need besides the request: who asks, and the values of placeholders."""

    environment: Environment
    contract: Contract
    tokens: TokenClient
    values: dict[str, Any]

    @classmethod
    def of(
        cls, environment: Environment, contract: Contract, tokens: TokenClient, **known: Any
    ) -> Situation:
        """Make one with the time, every key of the test data, the types of its recipients, and what else is `known`."""
        ids = {key: getattr(one, "id", one) for key, one in vars(environment.test_data).items()}
        kinds = {
            f"{key}_type": one.type
            for key, one in vars(environment.test_data).items()
            if hasattr(one, "type")
        }
        values: dict[str, Any] = {"now": datetime.now(UTC), **ids, **kinds, **known}
        return cls(environment, contract, tokens, values)


def api_roots(environment: Environment) -> set[str]:
    """Return the scheme and host, and at the twin its first path segment, of each API."""
    return {service_root(api.base_url) for api in environment.apis.values()}


def demand_own_host(environment: Environment) -> None:
    """Raise NotClaimedError where the token endpoint is at an API's host.

    There nothing is posted but to the token URL as it stands: see the lock in `admission`.
    """
    if service_root(environment.token.url) in api_roots(environment):
        raise NotClaimedError("token.url")


UNKNOWN_TENANT = "00000000-0000-4000-8000-000000000000"


def in_tenant(url: str, tenant: str, other: str) -> str | None:
    """Return the URL with another tenant in its path; None where the path has no such tenant."""
    root = service_root(url)
    path, mark, query = url.removeprefix(root).partition("?")
    parts = path.split("/")
    own = quote(tenant, safe="")
    if own not in parts:
        return None
    parts[parts.index(own)] = other
    return root + "/".join(parts) + mark + query


def url_of_another_tenant(account: Account, situation: Situation) -> str:
    """Return the token URL of a tenant that an account is not for; NotClaimedError where no other one is claimed."""
    demand_own_host(situation.environment)
    other = situation.environment.claims.accounts.get("other_tenant")
    if other is None or not other.tenant or other.tenant == account.tenant:
        raise NotClaimedError("claims.accounts.other_tenant")
    url = in_tenant(account.token_url, account.tenant, other.tenant)
    if url is None:
        raise NotClaimedError("token.url")
    return url


def in_path(request: Request, tenant: str, written: str) -> Request:
    """Return the request with this in its path in place of the tenant; NotClaimedError where that changes nothing."""
    url = in_tenant(request.url, tenant, written)
    if url is None or url == request.url:
        raise NotClaimedError("api.base_url")
    return replace(request, url=url)


def with_encoded_letter(text: str) -> str:
    """Percent-encode the first character of a path's segment, which needs none (RFC 3986 §2.3)."""
    return f"%{ord(text[0]):02X}{quote(text[1:], safe='')}"


def _has_form(request: Request) -> bool:
    named = (request.headers.get("Content-Type") or "").partition(";")[0]
    return named.strip().lower() == FORM


def pairs_of(request: Request) -> list[tuple[str, str]]:
    """Return the parameters in their order."""
    if _has_form(request):
        return parse_qsl(request.body.decode(), keep_blank_values=True)
    return list(request.query)


def with_pairs(request: Request, pairs: list[tuple[str, str]]) -> Request:
    """Return the request with these parameters in place of its own."""
    if _has_form(request):
        return replace(request, body=urlencode(pairs).encode())
    query = urlencode(pairs, safe=":")
    return replace(request, url=urlunsplit(urlsplit(request.url)._replace(query=query)))


def set_pairs(request: Request, change: Mapping[str, object]) -> Request:
    """Return the request with these parameters set, each once or, for a list, once for each value."""
    pairs = [(name, value) for name, value in pairs_of(request) if name not in change]
    for name, value in change.items():
        pairs += [(name, text_of(one)) for one in (value if isinstance(value, list) else [value])]
    return with_pairs(request, pairs)


def in_query(request: Request, pairs: list[tuple[str, str]]) -> Request:
    """Return the request with these parameters in its query, after those that stand there, whatever its body holds."""
    parts = urlsplit(request.url)
    query = urlencode([*request.query, *pairs])
    return replace(request, url=urlunsplit(parts._replace(query=query)))


PLACEHOLDER = re.compile(r"\{([a-z_]+)([+-][0-9]+d)?(?::([a-z0-9]+))?\}")
FORMS = {
    None: "%Y-%m-%dT%H:%M:%SZ",
    "ms": "%Y-%m-%dT%H:%M:%S.000Z",
    "offset": "%Y-%m-%dT%H:%M:%S+00:00",
}


def instant(moment: datetime, form: str | None = None) -> str:
    """Write an instant as the API takes it: UTC, whole seconds (or a form that it must refuse)."""
    return moment.astimezone(UTC).strftime(FORMS[form])


def fill(value: Any, values: dict[str, Any]) -> Any:
    """Replace the placeholders in a change's argument.

    `values` holds `now` (an aware datetime), the ids and `messages` (a valid entry of a status update, or a list
    of different ones, which are repeated where they are fewer than a change asks for).
    Raises NotClaimedError where the environment has no such value, SuiteError for an unknown name.
    """
    if isinstance(value, dict):
        return {key: fill(member, values) for key, member in value.items()}
    if isinstance(value, list):
        return [fill(member, values) for member in value]
    if not isinstance(value, str):
        return value
    whole = PLACEHOLDER.fullmatch(value)
    if whole and whole[1] == "messages":
        found = _value("messages", values)
        entries = found if isinstance(found, list) else [found]
        return list(islice(cycle(entries), int(whole[3] or 1)))
    return PLACEHOLDER.sub(lambda match: _text(match, values), value)


def _text(match: re.Match[str], values: dict[str, Any]) -> str:
    name, shift, form = match.groups()
    if name == "text":
        return "x" * int(form or 1)
    value = _value(name, values)
    if isinstance(value, datetime):
        if form not in FORMS:
            raise SuiteError(f"errors.yaml: an instant has no form {form}")
        return instant(value + timedelta(days=int((shift or "0d")[:-1])), form)
    return str(value)


def _value(name: str, values: dict[str, Any]) -> Any:
    if name not in values:
        raise SuiteError(f"errors.yaml: no placeholder is named {{{name}}}")
    if values[name] is None:
        raise NotClaimedError(f"test_data.{name}")
    return values[name]
