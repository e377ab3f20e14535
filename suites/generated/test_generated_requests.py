"""Checks of what generated requests were answered: advice, unless the environment lets them decide.

Each reads the witnesses that are kept for one operation, the plain request among them, and applies one rule.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from golive import (
    RULES,
    Broken,
    Contract,
    Environment,
    Exchange,
    Finding,
    FindingsError,
    check,
    curl,
    repeat,
    sequences,
    short_url,
)
from suites.generated.operations import OPERATIONS
from suites.messages.citations import SECRECY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive import Generated


ALL = tuple(OPERATIONS)

# the last part of the id: what is true, of which operations, how that is known
STATEMENTS: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "no-server-error": (
        "No generated request makes the server fail.",
        ALL,
        "standard",
        "RFC 9110 §15.6",
    ),
    "documented-status": (
        "Generated requests get only statuses that the operation can have.",
        ALL,
        "documented",
        "contract-facts §1, status codes",
    ),
    "media-type": (
        "Answers to generated requests say that they are JSON.",
        ALL,
        "documented",
        "contract-facts §1, response media type",
    ),
    "request-id": (
        "Answers to generated requests have an opc-request-id.",
        ALL,
        "documented",
        "contract-facts §1, response header",
    ),
    "headers": (
        "Answers to generated requests have the headers that their status demands.",
        ALL,
        "standard",
        "RFC 9110 §11.6.1; {document}",
    ),
    "body-schema": (
        "Answers to generated requests keep the contract's schemas.",
        ALL,
        "documented",
        "contract-facts §1, §2; {folder}",
    ),
    "invalid-refused": (
        "Generated requests that break a documented rule are refused.",
        ALL,
        "documented",
        "contract-facts §2, §3",
    ),
    "authentication": (
        "Generated requests without a credential are refused.",
        ALL,
        "standard",
        "RFC 6750 §3; contract-facts §1, header authorization",
    ),
    "no-secret": (
        "Answers to generated requests repeat no credential.",
        ALL,
        "standard",
        SECRECY,
    ),
    "own-data": (
        "Generated requests get no data of whom they do not name.",
        ALL,
        "documented",
        "contract-facts §2.1 to §2.3: the messages of the patient that is named",
    ),
    "kept-as-sent": (
        "What a generated request sends is listed and read as it was sent.",
        ("send",),
        "documented",
        "contract-facts §2.2, §2.4",
    ),
    "kept-as-changed": (
        "A status that a generated request sets is the one that is read.",
        ("status",),
        "documented",
        "contract-facts §2.5, §3",
    ),
}


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
    about_sequences = sequences()
    if rule in about_sequences:
        return [(group[-1], broken) for broken in about_sequences[rule](group)]
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


@pytest.mark.parametrize(
    ("rule", "operation"),
    [
        pytest.param(
            rule,
            operation,
            id=f"{operation}-{rule}",
            marks=(
                getattr(pytest.mark, OPERATIONS[operation].api.replace("-", "_")),
                check(
                    f"generated-{operation}-{rule}",
                    level="must",
                    basis=basis,
                    source=source.format(
                        document=f"schemas/{OPERATIONS[operation].document}",
                        folder=f"schemas/{OPERATIONS[operation].folder}",
                    ),
                    statement=f"{sentence.removesuffix('.')} ({operation}).",
                ),
            ),
        )
        for rule, (sentence, operations, basis, source) in STATEMENTS.items()
        for operation in operations
    ],
)
def test_every_answer_keeps_the_rule(
    generated_requests: Generated,
    rule: str,
    operation: str,
    contract: Contract,
    environment: Environment,
) -> None:
    """What is true of the answers to all requests, however unusual, says the table above."""
    judge(rule, generated_requests, operation, contract, environment)
