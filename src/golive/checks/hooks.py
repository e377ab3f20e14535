"""What only Python can say of an API: hooks that a folder of the suites implements, in `suites/<api>/hooks.py`.

The core knows an API by its OpenAPI description alone. What no description says (a body that a running deployment
accepts, unusual values of a member, a list in the wrong order) an API's own folder says by these functions:

    # suites/recipient/hooks.py
    from golive import hookimpl

    @hookimpl
    def golive_categories(operation):
        from suites.recipient.unusual import categories  # only now: hypothesis takes long to import

        return categories(operation)

Each function may leave out parameters that it does not use. Nothing has to be registered: the file is enough.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.environment import Environment
    from golive.exchanges.model import Exchange

PROJECT = "golive"
SUITES = "suites"
FILE = "hooks.py"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a `hooks.py` as an implementation of the hook of its name."""


class Specifications:
    """The hooks that there are."""

    @hookspec
    def golive_categories(self, operation: Operation, contract: Contract) -> Iterable[Any] | None:
        """Return categories of unusual input for an operation: `golive.Category`, or `golive.each_kind(…)`.

        They are added to those that golive makes from the types and formats of the description.
        """
        raise NotImplementedError

    @hookspec(firstresult=True)
    def golive_plain_request(
        self, operation: Operation, environment: Environment
    ) -> Callable[[Callable[..., Exchange]], Any] | None:
        """Return what makes the plain valid request of an operation (`golive.Plain`), None to leave it to golive.

        It is called with a function that reads: `read(operation_id, query={…}, path={…})` gives an Exchange. Raises
        NotClaimedError where the environment lacks something that the request needs.
        """
        raise NotImplementedError

    @hookspec
    def golive_sequence_rules(self) -> Mapping[str, Callable[..., Iterable[Any]]]:
        """Return rules for a request and the readings that followed it, by the last part of a check's id.

        A rule takes a tuple of exchanges, the request first, and yields a `golive.Broken` for what is wrong.
        """
        raise NotImplementedError

    @hookspec
    def golive_faults(self, recording: Any) -> Iterable[Any]:
        """Return mutants of a recorded run (`golive.Mutator`): violations of what no schema can say, such as order."""
        raise NotImplementedError


@cache
def hooks() -> Any:
    """Return the hooks, to be called by their names, with all that the suites' folders implement.

    The suites must be importable as `suites`, as they are in every run.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Specifications)
    folders = map(Path, importlib.import_module(SUITES).__path__)  # a project's own, and golive's
    apis = {file.parent.name for folder in folders for file in folder.glob(f"*/{FILE}")}
    for api in sorted(apis):
        manager.register(importlib.import_module(f"{SUITES}.{api}.hooks"))
    return manager.hook
