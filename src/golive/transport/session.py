"""From an environment to the objects that ask: the twin where it is wanted, the client, tokens, contract.

A run and the doctor connect in the same way, so that what one of them finds holds for the other.

A secret that is a word of golive's own reports is refused, because it can't be kept out of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import MEANINGS, TITLES
from golive.environment import SecretCredential, real_host
from golive.environment.urls import HOST_RULES
from golive.kit.files import resources
from golive.kit.pointers import nodes
from golive.kit.problems import ConfigurationProblem, Problem, shown_path
from golive.redaction import REDACTOR, SHORTEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.document import Contract
    from golive.environment import Environment
    from golive.transport.api import ApiCalls
    from golive.transport.client import ApiClient
    from golive.transport.token import TokenClient
    from golive.twin import Twin


@dataclass(frozen=True)
class Connected:
    """The objects of one run; `environment` has the twin's address and accounts where there is one."""

    environment: Environment
    twin: Twin | None
    client: ApiClient
    tokens: TokenClient
    contract: Contract
    api: ApiCalls

    def close(self) -> None:
        """Close the connections and end the twin."""
        self.client.close()
        if self.twin is not None:
            self.twin.stop()


def connect(environment: Environment, schemas: Path | None = None) -> Connected:
    """Start the twin if the environment wants it, and put the objects together; sends nothing.

    `schemas` is the folder of another contract than golive's.
    Raises ValueError for a defect that the twin does not know.
    """
    from golive.contract.document import Contract
    from golive.transport.api import ApiCalls
    from golive.transport.client import ApiClient
    from golive.transport.token import TokenClient

    contract = Contract(schemas)
    twin = twin_for(environment, contract) if environment.needs_twin else None
    if twin is not None:
        environment = environment.with_twin(twin.address, twin.accounts, twin.tokens)
    protect(environment)
    client = ApiClient(environment)
    tokens = TokenClient(client)
    REDACTOR.marks = contract.personal
    if not REDACTOR.shows_data:
        REDACTOR.public |= contract.words
    api = ApiCalls(client, tokens, environment, contract)
    return Connected(environment, twin, client, tokens, contract, api)


def twin_for(environment: Environment, contract: Contract, **more: Any) -> Twin:
    """Start the twin as the environment wants it, and with `more` settings of `golive.twin.Twin`; it is to be stopped.

    Raises ValueError for a setting that makes no sense, OSError where the port is taken.
    """
    from golive.contract.served import served_as
    from golive.twin import Twin

    wanted = vars(environment.twin)
    folder = wanted["served_as"]
    other = served_as(contract, Path(folder)) if folder else None
    settings = {**wanted, "latency": wanted["latency"] / 1000, "served_as": other, **more}
    return Twin(**settings).start()


def protect(environment: Environment) -> None:
    """Register the environment's secrets with the redactor, and say whether its data may be shown.

    Raises ConfigurationProblem for a secret without which no report could be written.
    """
    REDACTOR.shows_data = environment.data == "synthetic"
    _refuse_words_of_reports(environment)
    REDACTOR.public = frozenset(_public(environment))
    REDACTOR.protect(*environment.secrets())
    REDACTOR.protect_personal(*environment.test_data.ids())
    for account in (environment.main_account, *environment.claims.accounts.values()):
        credential = account.credential
        if isinstance(credential, SecretCredential):
            REDACTOR.protect_pair(credential.client_id, credential.client_secret.reveal())


def _refuse_words_of_reports(environment: Environment) -> None:
    file = shown_path(environment.path)
    message = "the secret is a word that golive's own reports use, so it can't be kept out of them."
    cure = "Have a new secret issued: this one can be guessed."
    keys = [key for key, secret in environment.keyed_secrets() if stands_in_reports(secret)]
    found = [Problem(file, environment.line_of(key), key, message, cure) for key in keys]
    if found:
        raise ConfigurationProblem(found)


def _public(environment: Environment) -> Iterator[str]:
    """Yield what the environment file says of hosts, tenants, clients and scopes: no secret and no person's."""
    yield from (rule.host for rule in HOST_RULES)
    yield from (environment.tenant, real_host(environment.token.url))
    yield from (real_host(api.base_url) for api in environment.apis.values())
    yield from environment.claims.operations
    for account in (environment.main_account, *environment.claims.accounts.values()):
        yield from (account.tenant, real_host(account.token_url), *account.scopes)
        client_id = getattr(account.credential, "client_id", None)
        if client_id:
            yield client_id


FILES = "summary.json summary.md report.html junit.xml results.jsonl exchanges.har fingerprint.json allure-results"
ARCHIVE = "startedDateTime httpVersion queryString postData headersSize bodySize statusText redirectURL mimeType"
JUNIT = "testsuites testsuite testcase classname properties property failure failures errors skipped timestamp"


def stands_in_reports(secret: str) -> bool:
    """Return whether a secret is a part of what every report consists of; a shorter one is not redacted at all."""
    return len(secret) >= SHORTEST and secret.casefold() in _structure()


@cache
def _structure() -> str:
    rules = resources() / "schemas" / "summary.schema.json"
    page = files("golive.report.html")
    texts = [
        *_names(json.loads(rules.read_text(encoding="utf-8"))),
        *(page.joinpath(name).read_text(encoding="utf-8") for name in ("page.html.j2", "page.css")),
        *(*TITLES.values(), *MEANINGS.values(), FILES, ARCHIVE, JUNIT),
    ]
    return "\n".join(texts).casefold()


def _names(schema: Any) -> Iterator[str]:
    """Yield the names of members and the fixed values in a JSON Schema."""
    for node in nodes(schema):
        if isinstance(node, dict):
            yield from node.get("properties", {})
            yield from (one for one in node.get("enum", ()) if isinstance(one, str))
