"""Mistakes in a project's own suites, as their author needs them: file, line, what is wrong, the cure.

They are no failure of golive's: a run ends with exit code 4, without a traceback and before anything is sent.
"""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from golive.contract.outcomes import SuiteError
from golive.kit.files import own_folder
from golive.kit.problems import Problem, did_you_mean, shown_path
from golive.pytest_plugin.fixtures import EXCHANGES
from golive.pytest_plugin.project import SUITES
from golive.pytest_plugin.state import SERVICES
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Generator

NO_NAME = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Put what keeps a file of the project's from being collected into one line, kept as `own_mistake`."""
    report = yield
    own, call = own_folder(SUITES), getattr(report, "call", None)
    if report.failed and own and collector.path.is_relative_to(own) and call and call.excinfo:
        line = _of_import(call.excinfo.value, collector.path, own)
        report.__dict__ |= {"own_mistake": line, "longrepr": line}
    return report


def of_item(item: pytest.Item, words: str) -> str | None:
    """Return the line about a test of the project's own that can't be run; None where it is one of golive's."""
    own = own_folder(SUITES)
    if own is None or not item.path.is_relative_to(own):
        return None
    line = item.reportinfo()[1]
    message = words.removeprefix(f"{item.nodeid}: ")
    return _line(item.path, None if line is None else line + 1, message)


def refuse_unknown_fixtures(item: pytest.Item) -> None:
    """Raise SuiteError where a test takes what is neither an exchange nor a fixture."""
    found = getattr(item, "_fixtureinfo", None)
    for name in getattr(item, "fixturenames", ()):
        if found is None or name == "request" or name in found.name2fixturedefs:
            continue
        hint = (
            did_you_mean(name, {*EXCHANGES.names(), *SERVICES})
            or "`golive run --fixtures` lists what there is."
        )
        raise SuiteError(
            f"{item.nodeid}: it takes {name}, which is neither an exchange nor a fixture. {hint}"
        )


def _of_import(error: BaseException, file: Path, own: Path) -> str:
    cause = getattr(error, "cause", None) or error.__cause__ or error  # pytest wraps most of them
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
