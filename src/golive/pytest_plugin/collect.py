"""From the collected tests to the exchanges that they need, each made once.

That is before the first check or, in `golive.pytest_plugin.judging`, while checks are judged. Under pytest-xdist the
controller collects as well, makes the exchanges and hands them to the workers in memory, so the number of requests
does not depend on `-n`.
"""

from __future__ import annotations

import pickle
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from golive.contract.apis import known_apis
from golive.contract.outcomes import SuiteError
from golive.exchanges.registry import SERVICES
from golive.kit.files import resources
from golive.pytest_plugin import recording
from golive.pytest_plugin.fixtures import check_of
from golive.pytest_plugin.making import (
    ask,
    make,
    needed,
    readers,
    run_preflight_first,
    settle,
    start,
)
from golive.pytest_plugin.own_mistakes import of_item, of_needs, refuse_unknown_fixtures
from golive.pytest_plugin.project import demand_own_basis
from golive.pytest_plugin.reach import deselect, make_within
from golive.pytest_plugin.refusing import only_shows
from golive.pytest_plugin.selecting import refuse_unknown_words, takes_all
from golive.pytest_plugin.state import RUN, Run, is_worker
from golive.redaction import REDACTOR, redact

if TYPE_CHECKING:
    from collections.abc import Generator

    from golive.exchanges.registry import Key


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Name the checks before a selection is made among them; remember one that can't be made."""
    run = config.stash[RUN]
    _name(run, config, items)
    if is_worker(config):
        deselect(run, config, items)
    try:
        if not (is_worker(config) or run.faults or run.mistakes):
            refuse_unknown_words(config, items, whole=takes_all(config))
        return (yield)
    except pytest.UsageError as error:
        # pytest goes on to announce that the collection has finished, and nothing must be sent then.
        run.usage_error = redact(str(error))
        raise


def _name(run: Run, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test of the suites its check's id as a keyword and its API's marker; refuse one that is not a check."""
    suites = resources() / "suites"
    apis = {api.suite for api in known_apis().values()}
    seen: dict[str, str] = {}
    for item in items:
        try:
            found = check_of(item)
            if found is None and item.path.is_relative_to(suites):
                raise SuiteError(f"{item.nodeid}: a test of the suites must be a @check")
            if found is not None:
                demand_own_basis(item, found.basis)
            refuse_unknown_fixtures(item)
            if found is None:
                continue
            if found.id in seen:
                raise SuiteError(f"{item.nodeid}: the id {found.id} is {seen[found.id]}'s")
        except SuiteError as error:
            _tell(run, *of_item(item, str(error)))
            continue
        for line, is_own in of_needs(item):
            _tell(run, line, is_own=is_own)
        if item.path.parent.name in apis:
            item.add_marker(item.path.parent.name)
        seen[found.id] = item.nodeid
        run.ids[item.nodeid] = found.id
        item.extra_keyword_matches.add(found.id)
        item.user_properties += [("id", found.id), ("level", str(found.level))]
        item.user_properties += [("basis", str(found.basis)), ("source", found.source)]
    if takes_all(config):
        run.known_checks = frozenset(seen)


def _tell(run: Run, line: str, is_own: bool) -> None:
    """Note once what makes a test impossible: the project's own mistake, or golive's fault."""
    told = run.mistakes if is_own else run.faults
    told += [line] if line not in told else []


def _part(run: Run, selected: int) -> str:
    """Say that not every check was selected; empty where every one was."""
    if run.known_checks is None:
        return "The checks were chosen by path or by what failed last; this says nothing about the rest."
    whole = len(run.known_checks)
    return f"Only {selected} of {whole} checks were selected." if selected < whole else ""


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Make what the selected checks need, unless a controller has made it."""
    config = session.config
    distributed = getattr(config.option, "dist", "no") != "no"
    if not (is_worker(config) or only_shows(config.option) or distributed):
        # What any answer reveals about a person has to be known before another answer is written about.
        synthetic = config.stash[RUN].environment.data == recording.SYNTHETIC
        judging = config.pluginmanager.hasplugin("golive.pytest_plugin.judging")
        prepare(config, session.items, later=judging and synthetic)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Collect in the controller as well and make the exchanges before any worker starts."""
    session = config.pluginmanager.getplugin("session")
    run = config.stash[RUN]
    try:
        items = session.perform_collect() if session else []
        if not only_shows(config.option):
            prepare(config, items)
    except KeyboardInterrupt:
        # To pytest the session has not begun yet: it would end with 2, and without its last hook.
        run.interrupted = True
    if run.stopped:
        specs.clear()  # nothing is left for workers to do


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the exchanges to a worker, in memory."""
    run: Run = node.config.stash[RUN]
    bare = replace(
        run,
        client=None,
        twin=None,
        preflight=None,
        archive=run.archive and run.archive.without_answers(),
        results=[],
        project_tests=[],
        services=dict.fromkeys(SERVICES),
    )
    export_state = {"run": bare, "vault": REDACTOR.export_state()}
    node.workerinput["golive"] = pickle.dumps(export_state)


def prepare(config: pytest.Config, items: list[pytest.Item], *, later: bool = False) -> None:
    """Start the twin if the environment wants it, run preflight, make the exchanges.

    Those are left in `run.waiting` where they can be made `later`, while checks are judged.
    """
    run = config.stash[RUN]
    run.part = _part(run, len(items))
    if run.prepared or run.faults or run.mistakes or run.usage_error or not items:
        return
    run.prepared = True
    try:
        keys, run.readers = needed(items), readers(items)
        if run.archive is not None:
            recording.take(run, run.archive, keys)
            settle(run, keys)
            return
        start(run)
        try:
            run_preflight_first(run, config, keys)
        finally:
            recording.keep(run)
        if run.stopped:
            settle(run, keys)
        elif later and config.getoption("--budget") is None:
            run.waiting = keys
        else:
            ask(run, config, keys, partial(_asked, run, config, items, keys))
            settle(run, keys)
    except SuiteError as error:
        run.faults.append(str(error))


def _asked(run: Run, config: pytest.Config, items: list[pytest.Item], keys: list[Key]) -> None:
    """Make the exchanges, or what of them fits into the budget."""
    if config.getoption("--budget") is None:
        make(run, keys)
    else:
        _make_within_budget(run, config, items)


def _make_within_budget(run: Run, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Make what fits into `--budget`, and take the checks that it leaves out from the items."""
    taken = {check.id: needed([item]) for item in items if (check := check_of(item))}
    run.over_budget = make_within(run, taken, partial(make, run))
    deselect(run, config, items)
    if run.over_budget:
        budget, number = run.environment.safety.budget, len(run.over_budget)
        run.part = f"{_part(run, len(items))} `--budget {budget}` left out {number} of them."
