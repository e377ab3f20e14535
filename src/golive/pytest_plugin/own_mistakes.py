"""Mistakes in a project's own suites, as their author needs them: file, line, what is wrong, the cure.

They are no failure of golive's: a run ends with exit code 4, without a traceback and before anything is sent.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from golive.contract.apis import known_operations
from golive.contract.operations import unknown_operation
from golive.contract.outcomes import CouldNotTellError, InvalidRequestError, SuiteError
from golive.exchanges.registry import CONTROL, GATHERED, SERVICES
from golive.kit.files import own_folder
from golive.kit.problems import Problem, did_you_mean, shown_path
from golive.pytest_plugin.fixtures import EXCHANGES, parameters_of
from golive.pytest_plugin.project import SUITES
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Generator, Iterator

    from golive.exchanges.registry import ExchangeDefinition, Key
    from golive.exchanges.schedule import Result

CALLS = frozenset({"call", "plain", "request", "plain_request"})
"""Methods of `api` whose first argument is an operation."""

DEMANDS = frozenset({"demand_claimed", "claimed_data"})
"""Functions whose second argument is one."""

LISTED = "`golive exchanges` lists what there is."
NO_NAME = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Put what keeps a file of the project's from being collected into one line, kept as `own_mistake`.

    A mistake in golive's own data names its place in words, so it needs no traceback either.
    """
    report = yield
    own, call = own_folder(SUITES), getattr(report, "call", None)
    if not (report.failed and call and call.excinfo):
        return report
    error = call.excinfo.value
    cause: BaseException = getattr(error, "cause", None) or error.__cause__ or error  # wrapped
    if own and collector.path.is_relative_to(own):
        line = _of_import(cause, collector.path, own)
        report.__dict__ |= {"own_mistake": line, "longrepr": line}
    elif isinstance(cause, SuiteError):
        report.longrepr = str(cause)
    return report


def of_item(item: pytest.Item, words: str) -> tuple[str, bool]:
    """Return the line about a test that can't be run, and whether that is the project's own."""
    line = item.reportinfo()[1]
    message = words.removeprefix(f"{item.nodeid}: ")
    place = None if line is None else line + 1
    return _line(item.path, place, message), is_own_file(item.path)


def refuse_unknown_fixtures(item: pytest.Item) -> None:
    """Raise SuiteError where a test takes what is neither an exchange nor a fixture."""
    found = getattr(item, "_fixtureinfo", None)
    for name in getattr(item, "fixturenames", ()):
        if found is None or name == "request" or name in found.name2fixturedefs:
            continue
        hint = did_you_mean(name, {*EXCHANGES.names(), *SERVICES}) or LISTED
        what = f"it takes {name}, which is neither an exchange nor a fixture"
        raise SuiteError(f"{item.nodeid}: {what}. {hint}")


def of_needs(item: pytest.Item) -> Iterator[tuple[str, bool]]:
    """Yield what makes an exchange of a test impossible, a line each, and whether it is the project's own.

    It takes what is no exchange, no service and no parameter of the test, or it, or the test, names an operation that
    no API has.
    """
    parameters, operations, own = parameters_of(item), known_operations(), own_folder(SUITES)
    if own is not None and item.path.is_relative_to(own):
        function = getattr(item, "function", None)
        yield from ((line, True) for line in _wrong_calls(function, operations))
    todo = [name for name in getattr(item, "fixturenames", ()) if name in EXCHANGES]
    seen: set[str] = set()
    while todo:
        definition = EXCHANGES[todo.pop()]
        seen.add(definition.name)
        todo += [need for need in definition.needs if need in EXCHANGES and need not in seen]
        # Two are filled by what the test's parameters choose.
        by_the_way = {CONTROL: definition.control, GATHERED: definition.gathers}
        given = {*SERVICES, *parameters, *(name for name, one in by_the_way.items() if one)}
        for need in definition.needs:
            if need not in EXCHANGES and need not in given:
                hint = did_you_mean(need, {*EXCHANGES.names(), *given}) or LISTED
                none = f"no exchange, no service and no parameter of {item.name}"
                yield _of_definition(definition, f"it takes {need}, which is {none}. {hint}")
        if definition.plain and definition.plain not in operations:
            yield _of_definition(definition, str(unknown_operation(definition.plain, operations)))
        if own is not None and _file_of(definition).is_relative_to(own):
            yield from ((line, True) for line in _wrong_calls(definition.make, operations))


def _wrong_calls(function: Callable[..., object] | None, known: Container[str]) -> Iterator[str]:
    """Yield a line for each operation that a function of the project's names in its own text, and no API has."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))  # type: ignore[arg-type]
    except (OSError, TypeError, SyntaxError):
        return  # made at run time: what it asks for shows when it asks
    code = inspect.unwrap(function).__code__  # type: ignore[arg-type]
    for node in ast.walk(tree):
        named = _operation_in(node) if isinstance(node, ast.Call) else None
        if named is not None and named.value not in known:
            words = unknown_operation(str(named.value), known_operations())
            line = code.co_firstlineno + named.lineno - 1
            yield _line(Path(code.co_filename), line, f"{code.co_name}: {words}")


def _operation_in(call: ast.Call) -> ast.Constant | None:
    """Return the operation that a call names literally, None where it names none so."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="api"), attr=name),
            args=[ast.Constant(value=str()) as found, *_],
        ) if name in CALLS:
            return found
        case ast.Call(
            func=ast.Name(id=name) | ast.Attribute(attr=name),
            args=[_, ast.Constant(value=str()) as found, *_],
        ) if name in DEMANDS:
            return found
    return None


def of_request(made: dict[Key, Result], key: Key) -> Iterator[str]:
    """Yield what an exchange of the project's own asked for that the contract does not have, if it did.

    What reads such an exchange stays open; everything else is judged as ever.
    """
    result = made.get(key)
    if isinstance(result, InvalidRequestError) and is_own_file(_file_of(EXCHANGES[key[0]])):
        made[key] = of_mistake(result)
        yield str(result)


def of_mistake(error: InvalidRequestError) -> CouldNotTellError:
    """Return what a check says whose author asked for something that the contract does not have."""
    return CouldNotTellError(str(error), next_step="Correct the line.", configuration=True)


def _of_definition(definition: ExchangeDefinition, words: str) -> tuple[str, bool]:
    file, first = _file_of(definition), definition.make.__code__.co_firstlineno
    return _line(file, first, f"{definition.name}: {words}"), is_own_file(file)


def _file_of(definition: ExchangeDefinition) -> Path:
    return Path(definition.make.__code__.co_filename)


def is_own_file(file: Path) -> bool:
    """Return whether a file belongs to the project's own suites."""
    own = own_folder(SUITES)
    return own is not None and file.is_relative_to(own)


def _of_import(cause: BaseException, file: Path, own: Path) -> str:
    if isinstance(cause, SyntaxError) and cause.filename and Path(cause.filename).exists():
        words = f"this is not valid Python: {cause.msg}. Correct the line."
        return _line(Path(cause.filename), cause.lineno, words)
    frames = traceback.extract_tb(cause.__traceback__)
    places = [one for one in frames if Path(one.filename).is_relative_to(own)]
    place = (Path(places[-1].filename), places[-1].lineno) if places else (file, None)
    return _line(*place, _words(cause))


def _words(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"there is no module {error.name}. Correct its name, or install it."
    if isinstance(error, ImportError) and (match := NO_NAME.search(str(error))):
        name, module = match.groups()
        shows = f"`python -c \"help('{module}')\"` shows what it has."
        return f"{module} has nothing of the name {name}. Correct the name; {shows}"
    if isinstance(error, SuiteError):
        return str(error)
    first = str(error).partition("\n")[0].rstrip(".")
    return f"{type(error).__name__}: {first}. Correct the line."


def _line(file: Path, line: int | None, words: str) -> str:
    return redact(str(Problem(shown_path(file), line, "", words)))
