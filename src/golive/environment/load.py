"""Finding an environment file by its name or path.

A file becomes an Environment in this order: text, data, variables, shape, rules, values.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from golive.contract.project import own_schemas
from golive.environment.build import build
from golive.environment.destination_rules import check_destinations, check_paths
from golive.environment.operator import (
    NAMED_BY_THE_RULE,
    is_environment_name,
    operator_of,
    process_variables,
)
from golive.environment.rules import Rules
from golive.environment.schema import MAIN, shape_of
from golive.environment.source import check_shape
from golive.environment.substitution import Substitution
from golive.environment.variables import variables_now
from golive.environment.yaml_source import read_source
from golive.kit.files import resources
from golive.kit.problems import ConfigurationProblem, Problem, did_you_mean, shown_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment.model import Environment
    from golive.environment.source import Source
    from golive.environment.tenants import Tenant


_SUFFIXES = (".yaml", ".yml")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 180


def available() -> list[Path]:
    """Give the environment files that have a name, sorted by it.

    Those in `./environments` come before golive's own of the same name.
    """
    by_name: dict[str, Path] = {}
    for folder in (resources() / "environments", Path.cwd() / "environments"):
        if folder.is_dir():
            by_name |= {path.stem: path for path in folder.iterdir() if path.suffix in _SUFFIXES}
    return [by_name[name] for name in sorted(by_name)]


def find(name_or_path: str) -> Path:
    """Give the file of an environment's name (`sandbox`) or path (`mine/sandbox.yaml`).

    Raises ConfigurationProblem when there is none, with the names that there are.
    """
    by_name = {path.stem: path for path in available() if is_environment_name(path.stem)}
    if name_or_path in by_name:
        return by_name[name_or_path]
    path = Path(name_or_path)
    if is_environment_name(path.stem) and path.is_file():
        return path
    looks_like_path = path.suffix in _SUFFIXES or path.name != name_or_path
    what = "file" if looks_like_path else "environment"
    hint = did_you_mean(path.stem, by_name)
    listed = f"There are {', '.join(by_name)}; a path to a file will do as well."
    shown = shown_path(path) if looks_like_path else name_or_path or '""'
    message = f"there is no such {what}."
    if name_or_path and path.is_dir():
        message = "this is a folder."
        within = sorted(one for one in path.iterdir() if one.suffix in _SUFFIXES)
        hint = f"Did you mean {shown_path(within[0])}?" if within else hint
    elif name_or_path and not is_environment_name(path.stem):
        shown = f'"{name_or_path}"'
        message = f"an environment's name has {NAMED_BY_THE_RULE}."
    elif name_or_path and path.exists() and not path.is_dir():
        message = "this is not a regular file (a pipe or a device)."
    raise ConfigurationProblem([Problem(shown, None, "", message, f"{hint} {listed}".strip())])


def run_words(environment: Environment) -> list[str]:
    """Give the words by which `golive run` takes an environment again: its name, or the path of its file."""
    if environment.listed:
        return ["--tenants", shown_path(environment.listed.file), "--only", environment.listed.name]
    by_name = {path.stem: path.resolve() for path in available()}
    known = by_name.get(environment.path.stem) == environment.path.resolve()
    return [environment.path.stem if known else shown_path(environment.path)]


def safe_name(name_or_path: str) -> str:
    """Give the name that an environment's file has or, where there is none, one that a folder may have."""
    safe = _UNSAFE.sub("-", Path(name_or_path).name)[:_LONGEST_NAME]
    stem = safe.removesuffix(".yaml").removesuffix(".yml")
    return stem.strip(".-") or "environment"


def load(
    path: Path,
    *,
    variables: Mapping[str, str] | None = None,
    stand_ins: Mapping[str, str] | None = None,
    tenant: Tenant | None = None,
) -> Environment:
    """Read an environment file, as it is for a tenant of a file of tenants where one is given.

    `variables` stand for the environment variables of the process; None means its real ones, completed from
    `.env`. `stand_ins` fill what is missing, for an environment that is to be shown and not used. Raises
    ConfigurationProblem with everything that is wrong, in the order of the lines.
    """
    own_schemas(resources() / "schemas")  # what is claimed is looked up in them
    source = read_source(path)
    _check_name(source)
    if tenant is not None:
        tenant.put_into(source)
    real = process_variables() if variables is None else variables
    known = variables_now() if variables is None else variables
    shape = shape_of(_api_keys(source))
    filling = Substitution(source, shape, {**known, **(stand_ins or {})})
    filling.fill()
    check_shape(source, shape, filling.from_variable, filling.emptied)
    apis = {name: key for name, key in _api_keys(source).items() if name in shape.apis}
    Rules(source, filling.from_variable, shape, apis).check()
    check_paths(source, shape, apis)
    check_destinations(source, operator_of(real), apis)
    if source.problems:
        raise source.stop()
    found = build(source, shape)
    if tenant is None:
        return found
    return replace(found, name=tenant.key, title=f"{found.title} ({tenant.name})", listed=tenant)


def _api_keys(source: Source) -> dict[str, str]:
    """Give the dotted key of each API that the file names: `api` or `apis.NAME`."""
    short, named = source.value("api"), source.value("apis")
    keys = {MAIN: "api"} if short is not None or named is None else {}
    return keys | {name: f"apis.{name}" for name in (named if isinstance(named, dict) else ())}


def _check_name(source: Source) -> None:
    """Note a file whose name can't be an environment's: it gets into paths, commands and a runner's files."""
    if not is_environment_name(source.path.stem):
        message = f"an environment's name has {NAMED_BY_THE_RULE}."
        source.problem("", message, "Rename the file.")
