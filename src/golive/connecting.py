"""From an environment to the objects that ask: the twin where it is wanted, the one door, tokens, contract.

A run and the doctor connect in the same way, so that what one of them finds holds for the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from golive.environment import SecretCredential, real_host
from golive.environment.clouds import HOST_RULES
from golive.problems import ConfigurationProblem, Problem, shown_path
from golive.redaction import VAULT
from golive.report_words import stands_in_reports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from golive.client import ApiClient
    from golive.contract import Contract
    from golive.environment import Environment
    from golive.environment.sections import TestData
    from golive.messages import MessagesApi
    from golive.token import TokenClient
    from golive.twin import Twin


@dataclass(frozen=True)
class Connected:
    """The objects of one run; `environment` has the twin's address and accounts where there is one."""

    environment: Environment
    twin: Twin | None
    client: ApiClient
    tokens: TokenClient
    contract: Contract
    api: MessagesApi

    def close(self) -> None:
        """Close the connections and end the twin."""
        self.client.close()
        if self.twin is not None:
            self.twin.stop()


def connect(environment: Environment, schemas: Path) -> Connected:
    """Start the twin if the environment wants it, and put the objects together; sends nothing.

    Raises ValueError for a defect that the twin does not know.
    """
    from golive.client import ApiClient
    from golive.contract import Contract
    from golive.messages import MessagesApi
    from golive.token import TokenClient

    twin = _started_twin(environment) if environment.needs_twin else None
    if twin is not None:
        environment = environment.with_twin(twin.address, twin.accounts, twin.tokens)
    protect(environment)
    client = ApiClient(environment)
    tokens = TokenClient(client)
    contract = Contract(schemas)
    if not VAULT.shows_data:
        VAULT.public |= contract.words
    api = MessagesApi(client, tokens, environment, contract)
    return Connected(environment, twin, client, tokens, contract, api)


def _started_twin(environment: Environment) -> Twin:
    from golive.twin import Twin

    wanted = environment.twin
    return Twin(
        seed=wanted.seed,
        latency=wanted.latency / 1000,
        token_lifetime=wanted.token_lifetime,
        clock_offset=wanted.clock_offset,
        visible_after=wanted.visible_after,
        token_form=wanted.token_form,
        defects=wanted.defects,
    ).start()


def protect(environment: Environment) -> None:
    """Put the environment's secrets into the vault, and say whether its data may be shown.

    Raises ConfigurationProblem for a secret without which no report could be written.
    """
    VAULT.shows_data = environment.data == "synthetic"
    _refuse_words_of_reports(environment)
    VAULT.public = frozenset(_public(environment))
    VAULT.protect(*environment.secrets())
    data = environment.test_data
    recipients = [one.id for one in (data.recipient, data.copy_recipient) if one]
    VAULT.protect_personal(*(one for one in (*_ids(data), *recipients) if one))
    for account in (environment.main_account, *environment.claims.accounts.values()):
        credential = account.credential
        if isinstance(credential, SecretCredential):
            VAULT.protect_pair(credential.client_id, credential.client_secret.reveal())


def _refuse_words_of_reports(environment: Environment) -> None:
    problems = []
    for key, secret in environment.keyed_secrets():
        if stands_in_reports(secret):
            problems.append(
                Problem(
                    shown_path(environment.path),
                    environment.line_of(key),
                    key,
                    "the secret is a word that golive's own reports are made of, so it can't be kept out of them.",
                    "Let a new secret be made: this one can be guessed, too.",
                )
            )
    if problems:
        raise ConfigurationProblem(problems)


def _public(environment: Environment) -> Iterator[str]:
    """Yield what the environment file says of hosts, tenants, clients and scopes: no secret and no person's."""
    yield from (rule.host for rule in HOST_RULES)
    yield from (environment.tenant, real_host(environment.token.url))
    yield from (real_host(environment.api.base_url), *environment.claims.operations)
    for account in (environment.main_account, *environment.claims.accounts.values()):
        yield from (account.tenant, real_host(account.token_url), *account.scopes)
        client_id = getattr(account.credential, "client_id", None)
        if client_id:
            yield client_id


def _ids(data: TestData) -> tuple[str | None, ...]:
    return (
        data.patient,
        data.empty_patient,
        data.crowded_patient,
        data.write_patient,
        data.other_patient,
        data.message,
    )
