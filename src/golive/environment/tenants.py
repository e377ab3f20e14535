"""A file of tenants: many that share the files of a few environments, each with what differs for it.

YAML, or CSV with a row for each tenant (`variables.NAME` and `claims.NAME` are columns). A tenant is its environment's
file with another tenant id, other variables' names and other claims; it holds no value of a secret. The runs of a
tenant are known by `ENVIRONMENT@NAME`: no environment's name holds an @.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from golive.environment.load import find, load
from golive.environment.source import note
from golive.environment.tenants_csv import read_table
from golive.environment.yaml_source import read_source
from golive.kit.files import resources
from golive.kit.problems import ConfigurationProblem, did_you_mean, shown_path
from golive.kit.schema_mistakes import mistakes
from golive.kit.wire import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from golive.environment.model import Environment
    from golive.environment.source import Data, Source

MOST_BYTES = 8 * 1024 * 1024
SCHEMA = "tenants.schema.json"
NAME = re.compile(r"GOLIVE_[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Tenant:
    """A tenant of a file; `lines` are those of its own keys in it, `line` the first."""

    name: str
    tenant: str
    environment: str
    file: Path
    line: int
    variables: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, Data] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What its runs are called after."""
        return f"{self.environment}@{self.name}"

    def environment_now(self, **given: Any) -> Environment:
        """Load the environment as it is for this tenant, as `load` does; raises ConfigurationProblem."""
        try:
            file = find(self.environment)
        except ConfigurationProblem as absent:
            cure = " ".join(one.cure for one in absent.problems)
            message = f"{self.name}: its environment {self.environment} is not there."
            line = self.lines.get("environment", self.line)
            raise ConfigurationProblem.of(self.file, message, cure, line) from None
        return load(file, tenant=self, **given)

    def line_of(self, key: str) -> int | None:
        """Give the line of what stands here for a dotted key of the environment; None where nothing does."""
        own = ".".join(key.split(".")[:2])
        there = own == "tenant" or own.removeprefix("claims.") in self.claims
        return self.lines.get(own, self.line) if there else None

    def put_into(self, source: Source) -> None:
        """Let an environment's file say what holds for this tenant; what is wrong with it names this file."""
        self._check_names(source)
        data = cast("dict[str, Data]", _renamed(source.data, self.variables))
        claims = data.get("claims")
        data["tenant"] = self.tenant
        if self.claims:
            data["claims"] = {**(claims if isinstance(claims, dict) else {}), **self.claims}
        source.data = data
        for key in ("tenant", *(f"claims.{name}" for name in self.claims)):
            source.elsewhere[key] = (self.file, self.line_of(key) or self.line)

    def _check_names(self, source: Source) -> None:
        """Note each variable of this tenant that the environment's file has not: its value would be that of all."""
        known = set(NAME.findall(json.dumps(source.data, default=str)))
        for name in self.variables.keys() - known:
            key = f"variables.{name}"
            source.elsewhere[key] = (self.file, self.lines.get(key, self.line))
            cure = did_you_mean(name, known) or f"It has {', '.join(sorted(known)) or 'none'}."
            source.problem(key, f"{shown_path(source.path)} has no such variable.", cure)


def _renamed(data: Data, names: Mapping[str, str]) -> Data:
    """Return data whose references name other variables."""
    if isinstance(data, dict):
        return {key: _renamed(value, names) for key, value in data.items()}
    if isinstance(data, list):
        return [_renamed(value, names) for value in data]
    if isinstance(data, str) and "${" in data:
        return NAME.sub(lambda found: names.get(found[0], found[0]), data)
    return data


def read_tenants(file: Path) -> list[Tenant]:
    """Read a file of tenants, in its order; raises ConfigurationProblem with everything that is wrong in it."""
    table = file.suffix.casefold() == ".csv"
    source = read_table(file, MOST_BYTES) if table else read_source(file, MOST_BYTES)
    schema = json.loads((resources() / "schemas" / SCHEMA).read_text(encoding="utf-8"))
    for one in mistakes(schema, source.data):
        note(source, one)
    if source.problems:
        raise source.stop()
    data = cast("dict[str, Any]", source.data)
    found = [
        _tenant(source, number, row, data.get("environment", ""))
        for number, row in enumerate(data["tenants"])
    ]
    _refuse_repeated(source, found)
    if source.problems:
        raise source.stop()
    return found


def _tenant(source: Source, number: int, row: Mapping[str, Any], default: str) -> Tenant:
    at = f"tenants[{number}]"
    environment = row.get("environment") or default
    if not environment:
        cure = "Name it here, or once for all as `environment:` at the top of the file."
        source.problem(f"{at}.environment", "the tenant's environment is missing.", cure)
    before = len(at) + 1
    lines = {key[before:]: line for key, line in source.lines.items() if key.startswith(f"{at}.")}
    return Tenant(
        name=row["name"],
        tenant=row["tenant"],
        environment=environment,
        file=source.path,
        line=source.line_of(at) or 1,
        variables=row.get("variables") or {},
        claims=row.get("claims") or {},
        lines=lines,
    )


def _refuse_repeated(source: Source, found: Sequence[Tenant]) -> None:
    """Note each tenant whose key, or whose id in the same environment, an earlier one has."""
    seen: dict[tuple[str, str], Tenant] = {}
    for number, one in enumerate(found):
        for key, value in (
            ("name", one.key.casefold()),
            ("tenant", f"{one.environment} {one.tenant}"),
        ):
            first = seen.setdefault((key, value), one)
            if first is not one:
                message = f"the tenant {first.name} on line {first.line} has the same {key} in {one.environment}."
                source.problem(f"tenants[{number}].{key}", message, "Keep one of the two.")


def chosen(tenants: Sequence[Tenant], only: Sequence[str] = (), shard: str = "") -> list[Tenant]:
    """Return those that `--only` names (by name or key; all without it), of these those of a shard `I/N`.

    Raises ConfigurationProblem for a name that none has, and for a shard that is none.
    """
    known = [name for one in tenants for name in (one.name, one.key)]
    for name in only:
        if name not in known:
            file = shown_path(tenants[0].file)
            cure = did_you_mean(name, known) or f"There are {', '.join(known[0:20:2])}."
            raise ConfigurationProblem.of("--only", f"{file} has no tenant {name}.", cure)
    found = [one for one in tenants if not only or one.name in only or one.key in only]
    return found[slice(*_shard(shard))] if shard else found


def _shard(text: str) -> tuple[int, None, int]:
    """Return the slice of a shard: each N-th tenant from the I-th on, so that neighbours are spread."""
    number, _, count = text.partition("/")
    of, all_of = whole_number(number), whole_number(count)
    if of is None or all_of is None or not 1 <= of <= all_of:
        message = "a shard is written I/N, such as 3/10: the third of ten."
        raise ConfigurationProblem.of("--shard", message, "I counts from 1 to N.")
    return of - 1, None, all_of
