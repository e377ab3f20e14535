"""What `golive run` runs: environments by name or path, or the tenants of a file; what remains is for pytest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.environment import chosen, find, load, read_tenants, safe_name
from golive.kit.problems import ConfigurationProblem, MissingVariable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

    The first word is one, unless that is an option or a path that only pytest can mean (a folder, a Python file, a
    node id); the words after it are as long as there are environments of these names.
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
    return "::" in word or path.endswith(".py") or Path(path).is_dir()
