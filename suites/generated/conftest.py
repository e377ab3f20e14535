"""Generated requests: one recipe, made once for each operation, and only with `--generated`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.contract.outcomes import NotClaimedError
from golive.fuzz.calls import OPERATIONS
from golive.pytest_plugin import exchange

if TYPE_CHECKING:
    import pytest

    from golive.contract.document import Contract
    from golive.environment import Environment
    from golive.exchanges.model import Steps
    from golive.transport.api import MessagesApi

WRITES = ("send", "status")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies below this folder."""
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("generated")
            item.add_marker("messages")


@exchange
def generated_requests(
    api: MessagesApi, environment: Environment, contract: Contract, operation: str
) -> Steps:
    """What the unusual requests for one operation have shown: the plain one, and a witness each."""
    # Only here: the two libraries cost more than a second, and most runs never come this far.
    from golive.fuzz.categories import operations
    from golive.fuzz.explore import explore

    if OPERATIONS[operation] not in operations(environment):
        raise NotClaimedError(
            "safety.writes"
            if operation in WRITES and not environment.may_write
            else "claims.operations"
        )
    return explore(api, environment, contract, OPERATIONS[operation])
