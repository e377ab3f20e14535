"""The table of contents: what a run knows, in the order in which data flows.

environment → contract → exchanges (the conftest files of `suites/`) → checks → verdict (the plugin).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from golive.contract.document import Contract
from golive.kit.files import resources

if TYPE_CHECKING:
    from golive.environment import Environment
    from golive.exchanges.model import Exchange

pytest_plugins = ["golive.pytest_plugin"]


@pytest.fixture(scope="session")
def environment(request: pytest.FixtureRequest) -> Environment:
    """Where to point, and what that deployment claims."""
    from golive.pytest_plugin.state import RUN  # not before pytest has loaded the plugin

    return request.config.stash[RUN].environment


@pytest.fixture(scope="session")
def contract() -> Contract:
    """What the API promises: everything under `schemas/`."""
    return Contract(resources() / "schemas")


@pytest.fixture(scope="session")
def answers(request: pytest.FixtureRequest) -> list[Exchange]:
    """Every exchange of the run, each once: for what holds of each answer, whatever was asked."""
    from golive.exchanges.model import exchanges_in
    from golive.pytest_plugin.state import RUN

    made = request.config.stash[RUN].made.values()
    return list({id(one): one for one in exchanges_in(made)}.values())
