"""Generated requests: one exchange, made once for each operation, and only with `--generated`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import Contract, Environment, MessagesApi, Steps, exchange
from suites.generated.operations import OPERATIONS

if TYPE_CHECKING:
    import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the checks below this folder."""
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("generated")


@exchange
def generated_requests(
    api: MessagesApi, environment: Environment, contract: Contract, operation: str
) -> Steps:
    """What the unusual requests for one operation have shown: the plain one, and a witness each."""
    # Only here: the two libraries cost more than a second, and most runs never come this far.
    from golive import explore

    return explore(api, environment, contract, OPERATIONS[operation].operation_id)
