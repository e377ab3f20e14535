"""How long it takes to hold a parsed list against its schema, by the number of its items."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any

import httpx

from golive.contract.document import Contract
from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outside_twin import OutsideTwin

LISTS = (
    ("inboxItems", "inbox-items", 1_000),
    ("sentItems", "sent-items", 1_000),
    ("sentItems", "sent-items", 10_000),
    ("sentItems", "sent-items", 100_000),
)
"""Only sent items may be more than 1,000; that an inbox has more is itself a violation."""

TIMES = 5


def volume(twin: OutsideTwin) -> Iterator[tuple[str, int, float, float]]:
    """Yield (list, items, ms if all are valid, ms if the last is broken), the best of some times."""
    account = twin.accounts["system"]
    with httpx.Client(trust_env=False) as client:
        form = {"grant_type": "client_credentials", "scope": "oraclehealth:millennium:message"}
        credential = account["client_id"], account["client_secret"]
        token = client.post(twin.token_url, data=form, auth=credential).json()["access_token"]
        answers: dict[str, dict[str, Any]] = {
            name: client.get(
                f"{twin.api}/20241001/patientMessages/{name}",
                params={"patientId": "12700100"},
                headers={"Authorization": f"Bearer {token}"},
            ).json()
            for name, _, _ in LISTS
        }
    contract = Contract(resources() / "schemas")
    for name, schema, size in LISTS:
        answer = answers[name]
        known = answer["items"]
        items = [copy.deepcopy(known[n % len(known)]) for n in range(size)]
        valid = {**answer, "items": items}
        broken = {**answer, "items": [*items[:-1], {**items[-1], "status": 5}]}
        schema = f"messages-20241001/{schema}"
        took = (_best(contract, schema, one, found=one is broken) for one in (valid, broken))
        yield name, size, *took


def _best(contract: Contract, schema: str, document: dict[str, Any], *, found: bool) -> float:
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        violations = contract.violations(schema, document)
        taken.append((time.perf_counter() - start) * 1000)
        if bool(violations) != found:
            raise SystemExit(f"{len(violations)} violations were found in {len(document['items'])}")
    return min(taken)
