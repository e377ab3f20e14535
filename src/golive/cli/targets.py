"""What `golive run` runs: environments by name or path, or the tenants of a file; what remains is for pytest.

And where a run writes: `reports/<environment>-<UTC time>/`, begun before anything else. `reports/latest` is the last
run, `reports/latest-<environment>` that environment's last one. Both lead to a run from its first moment on, so that
neither ever shows an older verdict.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.environment import chosen, find, load, read_tenants, safe_name
from golive.kit.problems import ConfigurationProblem, MissingVariable, shown_path
from golive.report import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from golive.environment import Environment, Tenant


DEFAULT = "twin"


@dataclass(frozen=True)
class Asked:
    """The options of `golive run` that are not pytest's."""

    reports: Path = Path("reports")
    tenants: Path | None = None
    only: tuple[str, ...] = ()
    shard: str = ""
    jobs: int | None = None
    rates: Path | None = None
    sign: Path | None = None


@dataclass(frozen=True)
class Target:
    """One run: what its folder is called after, the words that run it alone, and what loads its environment.

    `load` raises ConfigurationProblem.
    """

    key: str
    words: tuple[str, ...]
    load: Callable[[], Environment]


def targets(names: Sequence[str], asked: Asked) -> list[Target]:
    """Return what is to be run, at least one; raises ConfigurationProblem or click's UsageError."""
    if asked.tenants is None:
        if asked.only or asked.shard:
            raise click.UsageError("--only and --shard choose among the tenants of --tenants FILE.")
        return [_of_name(name) for name in dict.fromkeys(names or [DEFAULT])]
    if names:
        message = f"{names[0]}: each tenant of --tenants names its environment. Leave it out."
        raise click.UsageError(message)
    return [_of_tenant(one) for one in chosen(read_tenants(asked.tenants), asked.only, asked.shard)]


def _of_name(name: str) -> Target:
    return Target(safe_name(name), (name,), lambda: load(find(name)))


def _of_tenant(tenant: Tenant) -> Target:
    words = ("--tenants", str(tenant.file), "--only", tenant.key)
    return Target(tenant.key, words, tenant.environment_now)


def with_stand_ins(path: Path, wrong: ConfigurationProblem, word: str) -> Environment | None:
    """Load an environment with this word for each variable that is not set; None where more than that is wrong."""
    missing = [each.variable for each in wrong.problems if isinstance(each, MissingVariable)]
    try:
        return load(path, stand_ins=dict.fromkeys(missing, word))
    except ConfigurationProblem:
        return None


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate the environments from what goes to pytest.

    The first word is one, unless that is an option or a path that only pytest can mean (a folder with Python files, a
    Python file, a node id); the words after it are as long as there are environments of these names.
    """
    names: list[str] = []
    for word in words:
        if word.startswith("-") or _is_for_pytest(word) or (names and not is_environment(word)):
            break
        names.append(word)
    return names, list(words[len(names) :])


def is_environment(name: str) -> bool:
    """Say whether there is an environment of this name, or a file at this path."""
    try:
        return find(name).is_file()
    except ConfigurationProblem:
        return False


def _is_for_pytest(word: str) -> bool:
    path = word.split("::")[0]
    if not path:  # a variable that was to name the environment and is empty, and no folder
        return False
    return "::" in word or path.endswith(".py") or any(Path(path).rglob("*.py"))


LATEST = "latest"
PRIVATE = 0o700


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run; `before` is where the links led when it began."""

    path: Path
    environment: str
    before: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, reports: Path, environment: str) -> RunFolder:
        """Make a new folder below `reports` and begin it; raises click.ClickException where it can't."""
        stem = f"{environment}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        for attempt in count(1):
            path = reports / (stem if attempt == 1 else f"{stem}-{attempt}")
            try:
                reports.mkdir(parents=True, exist_ok=True)
                path.mkdir(PRIVATE)
            except FileExistsError:
                if reports.is_dir():
                    continue  # another run began in the same second
                raise click.ClickException(
                    f"{reports} is in the way: it is not a folder."
                ) from None
            except OSError as error:
                raise click.ClickException(
                    f"the run folder {path} can't be made: {error.strerror}. "
                    "Start golive in a folder in which you may write."
                ) from None
            return cls(path, environment)._begin()
        raise AssertionError  # count() does not end

    def _begin(self) -> RunFolder:
        for name in self._links:
            with contextlib.suppress(OSError):
                self.before[name] = str(self.path.with_name(name).readlink())
        try:
            files.begin(self.path, self.environment)
        except OSError as error:
            shutil.rmtree(self.path, ignore_errors=True)
            raise click.ClickException(files.unwritable_folder(self.path, error)) from None
        self._lead(dict.fromkeys(self._links, self.path.name))
        return self

    @property
    def _links(self) -> tuple[str, str]:
        return LATEST, f"{LATEST}-{self.environment}"

    @property
    def in_the_way(self) -> list[str]:
        """Say of each link that is none, because something else has its name, that it shows no run."""
        return [
            f"{shown_path(link)} is not golive's link, so it does not show this run: move it away."
            for link in map(self.path.with_name, self._links)
            if link.exists() and not link.is_symlink()
        ]

    def finish(self) -> None:
        """Let the links lead to this run, which has ended."""
        self._lead(dict.fromkeys(self._links, self.path.name))

    def end(self, code: int, problems: Iterable[str] = ()) -> None:
        """Let every file say that the run ended with this code; a file that can't be written goes."""
        files.end(self.path, self.environment, code, problems)
        self.finish()

    def discard(self) -> None:
        """Take the folder away again: nothing was to be run. The links lead where they led."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lead(self.before)
        for name in self._links:
            link = self.path.with_name(name)
            if name not in self.before and link.is_symlink() and not link.exists():
                link.unlink(missing_ok=True)

    def _lead(self, targets: dict[str, str]) -> None:
        for name, target in targets.items():
            link = self.path.with_name(name)
            fresh = self.path.with_name(f".{name}-{os.getpid()}")
            # A file system without symbolic links has no `latest`; the run is none the worse for it.
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
                fresh.symlink_to(target, target_is_directory=True)
                fresh.replace(link)
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
