"""Checks of what generated requests were answered: advice, unless the environment lets them decide.

Each reads the witnesses that are kept for one operation, the plain request among them, and applies one rule.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from golive.checks.findings import Finding, FindingsError
from golive.exchanges.curl import short_url
from golive.fuzz.calls import OPERATIONS
from golive.fuzz.rules import RULES, SEQUENCES
from golive.fuzz.send import curl, repeat
from golive.messages.citations import SECRECY
from golive.pytest_plugin import check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.document import Contract
    from golive.environment import Environment
    from golive.exchanges.model import Exchange
    from golive.fuzz.explore import Generated
    from golive.fuzz.rules import Broken

for_each_operation = pytest.mark.parametrize("operation", list(OPERATIONS))
for_sending = pytest.mark.parametrize("operation", ["send"])
for_changing = pytest.mark.parametrize("operation", ["status"])


def judge(
    rule: str, generated: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Apply one rule to all that is kept; each part of a request is reported once."""
    found: dict[tuple[str, str], Finding] = {}
    for names in generated.groups:
        group = tuple(generated[name] for name in names)
        odd = generated.unusual[names[0]]
        for exchange, broken in _broken(rule, group, contract, environment):
            finding = _finding(exchange, broken, group[0], odd, operation, environment)
            found.setdefault((odd, broken.at), finding)
    if found:
        raise FindingsError(found.values())


def _broken(
    rule: str, group: tuple[Exchange, ...], contract: Contract, environment: Environment
) -> Iterable[tuple[Exchange, Broken]]:
    if rule in SEQUENCES:
        return [(group[-1], broken) for broken in SEQUENCES[rule](group)]
    return [(one, broken) for one in group for broken in RULES[rule](one, contract, environment)]


def _finding(
    exchange: Exchange,
    broken: Broken,
    first: Exchange,
    odd: str,
    operation: str,
    environment: Environment,
) -> Finding:
    finding = Finding.of(
        exchange,
        broken.at,
        expected=broken.expected,
        actual=f"{broken.actual}, for {odd}",
        next_step=f"Send it again with: {curl(first.request, environment)} "
        f"All of them again: {repeat(environment, operation)}",
        label=broken.label,
    )
    summary = finding.exchange
    return replace(finding, exchange={**summary, "url": short_url(str(summary["url"]))})


@for_each_operation
@check(
    "generated-{operation}-no-server-error",
    level="must",
    basis="standard",
    source="RFC 9110 §15.6",
)
def test_no_server_error(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """No generated request makes the server fail ({operation})."""
    judge("no-server-error", generated_requests, operation, contract, environment)


@for_each_operation
@check(
    "generated-{operation}-documented-status",
    level="must",
    basis="documented",
    source="contract-facts §1, status codes",
)
def test_documented_status(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Generated requests get only statuses that the operation can have ({operation})."""
    judge("documented-status", generated_requests, operation, contract, environment)


@for_each_operation
@check(
    "generated-{operation}-media-type",
    level="must",
    basis="documented",
    source="contract-facts §1, response media type",
)
def test_media_type(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Answers to generated requests say that they are JSON ({operation})."""
    judge("media-type", generated_requests, operation, contract, environment)


@for_each_operation
@check(
    "generated-{operation}-request-id",
    level="must",
    basis="documented",
    source="contract-facts §1, response header",
)
def test_request_id(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Answers to generated requests have an opc-request-id ({operation})."""
    judge("request-id", generated_requests, operation, contract, environment)


@for_each_operation
@check(
    "generated-{operation}-headers",
    level="must",
    basis="standard",
    source="RFC 9110 §11.6.1; schemas/messages-20241001/openapi.yaml",
)
def test_headers(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Answers to generated requests have the headers that their status demands ({operation})."""
    judge("headers", generated_requests, operation, contract, environment)


@for_each_operation
@check(
    "generated-{operation}-body-schema",
    level="must",
    basis="documented",
    source="contract-facts §1, §2; schemas/messages-20241001",
)
def test_body_schema(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Answers to generated requests keep the contract's schemas ({operation})."""
    judge("body-schema", generated_requests, operation, contract, environment)


@for_each_operation
@check(
    "generated-{operation}-invalid-refused",
    level="must",
    basis="documented",
    source="contract-facts §2, §3",
)
def test_invalid_refused(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Generated requests that break a documented rule are refused ({operation})."""
    judge("invalid-refused", generated_requests, operation, contract, environment)


@for_each_operation
@check(
    "generated-{operation}-authentication",
    level="must",
    basis="standard",
    source="RFC 6750 §3; contract-facts §1, header authorization",
)
def test_authentication(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Generated requests without a credential are refused ({operation})."""
    judge("authentication", generated_requests, operation, contract, environment)


@for_each_operation
@check(
    "generated-{operation}-no-secret",
    level="must",
    basis="standard",
    source=SECRECY,
)
def test_no_secret(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Answers to generated requests repeat no credential ({operation})."""
    judge("no-secret", generated_requests, operation, contract, environment)


@for_each_operation
@check(
    "generated-{operation}-own-data",
    level="must",
    basis="documented",
    source="contract-facts §2.1 to §2.3: the messages of the patient that is named",
)
def test_own_data(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """Generated requests get no data of whom they do not name ({operation})."""
    judge("own-data", generated_requests, operation, contract, environment)


@for_sending
@check(
    "generated-{operation}-kept-as-sent",
    level="must",
    basis="documented",
    source="contract-facts §2.2, §2.4",
)
def test_kept_as_sent(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """What a generated request sends is listed and read as it was sent ({operation})."""
    judge("kept-as-sent", generated_requests, operation, contract, environment)


@for_changing
@check(
    "generated-{operation}-kept-as-changed",
    level="must",
    basis="documented",
    source="contract-facts §2.5, §3",
)
def test_kept_as_changed(
    generated_requests: Generated, operation: str, contract: Contract, environment: Environment
) -> None:
    """A status that a generated request sets is the one that is read ({operation})."""
    judge("kept-as-changed", generated_requests, operation, contract, environment)
