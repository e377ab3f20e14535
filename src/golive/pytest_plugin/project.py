"""Suites of a project's own, beside golive's: where pytest finds them, and what they may take.

pytest has one root folder, golive's. The project's `suites` are elsewhere, so the way to golive's is followed without a
look at what stands beside it, and the project's tests are named as they are found from the current folder
(`./suites/own/test_x.py::test_y`). Of conftest.py files only those in `suites` and below are read.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import PathFinder
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from golive.contract.label import Basis
from golive.contract.outcomes import SuiteError
from golive.kit.files import own_folder, resources
from golive.kit.problems import ConfigurationProblem, Problem, shown_path
from golive.pytest_plugin.fixtures import EXCHANGES, GENERATED, fixture_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SUITES = "suites"
CLIENT = "client"
"""The folder of the checks that judge a client's requests."""


def settings_arguments() -> list[str]:
    """Return the words by which pytest takes golive's settings, and no conftest.py but those of the suites."""
    root, own = resources(), own_folder(SUITES)
    cut = [f"--confcutdir={own}"] if own else []
    return ["-c", str(root / "pyproject.toml"), "--rootdir", str(root), *cut]


def make_importable() -> None:
    """Let every run import golive's suites as `suites`, whatever its configuration says of Python's path.

    A conftest.py or a check may take from them (`from suites.messages import sending`). `suites` is one package of all
    folders of that name, and has to be there before pytest makes it of the one folder whose conftest.py it reads.
    """
    root = str(resources())
    if root not in sys.path:
        sys.path.insert(0, root)
    importlib.invalidate_caches()
    spec = PathFinder.find_spec(SUITES)
    if spec is None or spec.origin is not None:  # an `__init__.py` that hides golive's is refused
        return
    package = importlib.import_module(SUITES)
    own = own_folder(SUITES)
    if own is not None and _hiding(own):
        package.__path__ = [str(resources() / SUITES)]  # until that is refused, with its reason


def suites_folders() -> list[Path]:
    """Return the folders whose tests make a whole run: golive's, and the project's own."""
    own = own_folder(SUITES)
    return [resources() / SUITES, *([own] if own else [])]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Take the checks of clients where a client is judged, and then no others; `generated` where it is wanted."""
    if collection_path == resources() / SUITES / GENERATED and not config.getoption("--generated"):
        return True
    if collection_path.parent not in suites_folders():
        return None
    of_client = collection_path.is_dir() and collection_path.name == CLIENT
    return True if of_client != config.getoption("--client") else None


class _Way(pytest.Directory):
    """A folder above golive's, of which only the next one on the way is looked at."""

    def collect(self) -> Iterable[pytest.Collector]:
        """Return the folder that leads on to golive's."""
        way = [resources(), *resources().parents]
        step = way[way.index(self.path) - 1]
        found = self.ihook.pytest_collect_directory(path=step, parent=self)
        return [found] if found is not None else []


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Look at nothing beside the way to golive's own folder."""
    if path in resources().parents:
        way: pytest.Collector = _Way.from_parent(parent, path=path)
        return way
    return None


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Name a file of the project as it is found from the current folder."""
    own = own_folder(SUITES)
    if own is None or not module_path.is_relative_to(own):
        return None
    name = f"./{module_path.relative_to(own.parent).as_posix()}"
    made: pytest.Module = pytest.Module.from_parent(parent, path=module_path, nodeid=name)
    return made


def offer_exchanges(config: pytest.Config) -> None:
    """Let the project's suites take every exchange of golive's suites; raises ConfigurationProblem."""
    own = own_folder(SUITES)
    if own is None:
        return
    _refuse_hiding(own)
    # `suites` is one package of both folders, and golive's comes first wherever `python -m` has put the current one.
    sys.path[:] = [*(one for one in sys.path if one not in ("", str(own.parent))), str(own.parent)]
    importlib.invalidate_caches()  # pytest has made the package of golive's folder alone
    for file in sorted((resources() / SUITES).glob("**/conftest.py")):
        folder = file.parent.relative_to(resources())
        wanted = {GENERATED: "--generated", CLIENT: "--client"}.get(folder.name)
        if wanted is None or config.getoption(wanted):
            importlib.import_module(".".join((*folder.parts, "conftest")))
    holder = ModuleType("golive's exchanges")
    for name in EXCHANGES.names():
        setattr(holder, name, fixture_of(EXCHANGES[name]))
    config.pluginmanager.register(holder, "golive-exchanges")


def demand_own_basis(item: pytest.Item, basis: Basis) -> None:
    """Keep golive's facts and a project's demands apart; raises SuiteError for a check that is neither's."""
    own = own_folder(SUITES)
    if own and item.path.is_relative_to(own) and basis is not Basis.OWN:
        raise SuiteError(
            f'{item.nodeid}: a check in ./{SUITES} is the project\'s own demand: write basis="own", '
            "and in `source` who demands it."
        )


def _hiding(own: Path) -> list[Path]:
    names = ["", *(one.name for one in (resources() / SUITES).iterdir() if one.is_dir())]
    return [file for name in names if (file := own / name / "__init__.py").is_file()]


def _refuse_hiding(own: Path) -> None:
    """Refuse an `__init__.py` by which Python would find the project's folder in the place of golive's."""
    message = "golive's suites have a folder of this name, and this file would hide it."
    cure = "Delete it: suites are no package and need none."
    files = map(shown_path, _hiding(own))
    if found := [Problem(file, None, "", message, cure) for file in files]:
        raise ConfigurationProblem(found)
