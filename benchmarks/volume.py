"""How long it takes to hold a parsed list against its schema, by the number of its items."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any

import httpx

from golive.contract import Contract
from golive.resources import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outside_twin import OutsideTwin

SIZES = (1_000, 10_000, 100_000)
LARGEST_PAGE = 1_000
TIMES = 5
SCHEMA = "messages-20241001/inbox-items"


def volume(twin: OutsideTwin) -> Iterator[tuple[int, float, float]]:
    """Yield (items, ms for a valid list, ms for one whose last item is broken), the best of some times."""
    account = twin.accounts["system"]
    with httpx.Client(trust_env=False) as client:
        form = {"grant_type": "client_credentials", "scope": "oraclehealth:millennium:message"}
        credential = account["client_id"], account["client_secret"]
        token = client.post(twin.token_url, data=form, auth=credential).json()["access_token"]
        inbox: dict[str, Any] = client.get(
            f"{twin.api}/20241001/patientMessages/inboxItems",
            params={"patientId": "12700100"},
            headers={"Authorization": f"Bearer {token}"},
        ).json()
    contract = Contract(resources() / "schemas")
    for size in SIZES:
        known = inbox["items"]
        items = [copy.deepcopy(known[n % len(known)]) for n in range(size)]
        valid = {**inbox, "items": items}
        broken = {**inbox, "items": [*items[:-1], {**items[-1], "status": 5}]}
        too_many = size > LARGEST_PAGE  # is itself a violation, which has to be explained
        yield (
            size,
            _best(contract, valid, found=too_many),
            _best(contract, broken, found=True),
        )


def _best(contract: Contract, document: dict[str, Any], *, found: bool) -> float:
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        violations = contract.violations(SCHEMA, document)
        taken.append((time.perf_counter() - start) * 1000)
        if bool(violations) != found:
            raise SystemExit(f"{len(violations)} violations were found in {len(document['items'])}")
    return min(taken)
