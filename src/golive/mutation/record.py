"""A fault-free run, recorded: every check with the exchanges that it reads, ready to be called again."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from golive.checks.hooks import hooks
from golive.checks.kill_matrix import WRITES
from golive.contract.apis import known_apis
from golive.contract.operations import READING
from golive.contract.outcomes import SuiteError
from golive.exchanges.model import Exchange, Steps, exchanges_in
from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest

    from golive.contract.document import Contract
    from golive.environment import Environment
    from golive.exchanges.model import Made
    from golive.exchanges.registry import Key
    from golive.mutation.judge import Mutant
    from golive.pytest_plugin.fixtures import Check

WITHOUT = (
    "cacheprovider",
    "allure_pytest",
    "cov",
    # These two collect garbage several times at the end of each run.
    "unraisableexception",
    "threadexception",
)
ANSWERS = "answers"
"""The argument that takes every answer of a run."""
QUIET = (
    "-q",
    "--tb=native",
    "--profile=nightly",
    *(word for name in WITHOUT for word in ("-p", f"no:{name}")),
)


@dataclass(frozen=True)
class Case:
    """A check that can be called: its function, its fixed arguments, and the keys of its exchanges.

    `reads_all`: it takes every answer of a run. `needs` are the names of the APIs that it is about, and `WRITES`
    where it writes.
    """

    check: Check
    function: Callable[..., None]
    fixed: Mapping[str, Any]
    exchanges: Mapping[str, Key]
    reads_all: bool = False
    needs: frozenset[str] = frozenset()

    def call(self, made: Mapping[Key, Made], changed: Key | None = None) -> None:
        """Call the check on these exchanges; it raises what it finds.

        One that takes every answer is given that of `changed` alone, where only this one differs from a fault-free run.
        """
        given: dict[str, Any] = {name: made[key] for name, key in self.exchanges.items()}
        if self.reads_all:
            answers = made.values() if changed is None else [made[changed]]
            given[ANSWERS] = list(exchanges_in(answers))
        self.function(**self.fixed, **given)


@dataclass
class Recording:
    """What a fault-free run gave: its checks, its exchanges by key, and what `golive_faults` makes of them."""

    environment: Environment
    contract: Contract
    cases: list[Case] = field(default_factory=list)
    made: dict[Key, Made] = field(default_factory=dict)
    own_faults: list[Mutant] = field(default_factory=list)

    def readers(self, key: Key) -> list[Case]:
        """Return the checks that read this exchange."""
        return [case for case in self.cases if case.reads_all or key in case.exchanges.values()]


class _Recorder:
    """A plug-in that takes the collected checks instead of running them."""

    def __init__(self) -> None:
        self.recording: Recording | None = None
        self.problem = "the fault-free run was never reached"

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from golive.contract.document import Contract
        from golive.pytest_plugin.state import RUN

        run = session.config.stash[RUN]
        if run.faults or run.preflight is None or run.preflight.diagnosis:
            diagnosis = run.preflight.diagnosis if run.preflight else None
            self.problem = diagnosis.cause if diagnosis else "; ".join(run.faults)
            return True
        contract = Contract()
        recording = Recording(run.environment, contract)
        recording.made = {k: v for k, v in run.made.items() if isinstance(v, Exchange | Steps)}
        fixed = {"environment": run.environment, "contract": contract}
        recording.cases = [
            case for item in session.items if (case := _case(item, fixed, recording.made))
        ]
        own = hooks().golive_faults(recording=recording)  # while the suites can be imported
        recording.own_faults = list(chain.from_iterable(own))
        self.recording = recording
        return True


def record(*options: str) -> Recording:
    """Make the exchanges of a fault-free run and return them with the checks; no check is run.

    Raises SuiteError where the fault-free run does not get that far.
    """
    import pytest

    recorder = _Recorder()
    code = run_pytest(("--env=twin", *options), recorder)
    if recorder.recording is None:
        raise SuiteError(
            f"there is no fault-free run to start from (exit {code}): {recorder.problem}"
        )
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise SuiteError(f"the fault-free run ended with exit code {code}")
    return recorder.recording


def run_pytest(options: tuple[str, ...], *plugins: object) -> int:
    """Run the suites in this process with no output and return the exit code."""
    import pytest

    root = resources()
    sink = io.StringIO()
    with redirect_stdout(sink), redirect_stderr(sink):
        alone = () if "-n" in options else ("-p", "no:xdist")
        settings = ("-c", str(root / "pyproject.toml"), "--rootdir", str(root))
        arguments = [*settings, *QUIET, *alone, *options, str(root / "suites")]
        return int(pytest.main(arguments, plugins=[*plugins]))


def _case(item: pytest.Item, fixed: Mapping[str, Any], made: Mapping[Key, Made]) -> Case | None:
    """Return the item as a case, or None where one of its exchanges could not be made."""
    from golive.pytest_plugin.fixtures import EXCHANGES, check_of, parameters_of

    check = check_of(item)
    function = getattr(item, "obj", None)
    if check is None or function is None:
        return None
    parameters = parameters_of(item)
    constant: dict[str, Any] = {}
    exchanges: dict[str, Key] = {}
    for name in item._fixtureinfo.argnames:  # type: ignore[attr-defined]
        if name in EXCHANGES:
            exchanges[name] = EXCHANGES.key(name, parameters)
        elif name == ANSWERS:
            continue
        elif name in parameters:
            constant[name] = parameters[name]
        else:
            constant[name] = fixed[name]
    if any(key not in made for key in exchanges.values()):
        return None
    reads_all = ANSWERS in item._fixtureinfo.argnames  # type: ignore[attr-defined]
    needs = {one.name for one in known_apis().values() if item.get_closest_marker(one.suite)}
    asked = exchanges_in(made[key] for key in exchanges.values())
    if item.get_closest_marker(WRITES) or any(
        one.request.operation and one.request.method not in READING for one in asked
    ):
        needs.add(WRITES)
    return Case(check, function, constant, exchanges, reads_all, frozenset(needs))
