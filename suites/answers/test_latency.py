"""How fast the deployment answers, where its environment says how fast it should."""

from __future__ import annotations

from golive import (
    Environment,
    Exchange,
    Finding,
    FindingsError,
    NotClaimedError,
    ThinDataError,
    check,
    percentile_95,
)

ENOUGH = 10
"""Successes of an operation that it takes to speak of 95 of 100."""

STEP = (
    "Ask who runs the deployment or the network between for the time and the correlation id of the slowest answer, or "
    "correct `claims.latency`."
)


@check("latency-keeps-its-claim", level="should", basis="inferred", source="contract-facts §9")
def test_operations_answer_as_fast_as_claimed(
    answers: list[Exchange], environment: Environment
) -> None:
    """Of the successes of an operation 95 of 100 come within the milliseconds that the environment claims."""
    if not environment.claims.latency:
        raise NotClaimedError("claims.latency")
    found: list[Finding] = []
    few: list[str] = []
    for operation, claimed in environment.claims.latency.items():
        asked = [one for one in answers if one.request.operation == operation and one.succeeded]
        if len(asked) < ENOUGH:
            few.append(f"{operation} {len(asked)}")
        elif (taken := percentile_95(asked)) > claimed.p95:
            found.append(_finding(operation, asked, taken, claimed.p95))
    if found:
        raise FindingsError(found)
    if few:
        raise ThinDataError(
            f"fewer than {ENOUGH} successes to judge a latency by: {', '.join(few)}",
            next_step="Select more checks that ask it, or raise the budget.",
        )


def _finding(operation: str, asked: list[Exchange], taken: int, claimed: int) -> Finding:
    return Finding.of(
        max(asked, key=lambda one: one.seconds),
        "relation:latency",
        expected=f"95 of 100 successes of {operation} within {claimed} ms",
        actual=f"{taken} ms, of {len(asked)} successes",
        next_step=STEP,
    )
