"""The way from a file to an Environment: text, data, variables, shape, rules, values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.environment.build import build
from golive.environment.destination_rules import check_destinations
from golive.environment.filling import Filling
from golive.environment.names import NAMED_BY_THE_RULE, is_environment_name
from golive.environment.operator import operator_of
from golive.environment.path_rules import check_paths
from golive.environment.rules import Rules
from golive.environment.shape import check_shape
from golive.environment.source import read_source
from golive.environment.variables import process_variables, variables_now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from golive.environment.model import Environment
    from golive.environment.source import Source


def load(
    path: Path,
    *,
    variables: Mapping[str, str] | None = None,
    stand_ins: Mapping[str, str] | None = None,
) -> Environment:
    """Read an environment file.

    `variables` stand for the environment variables of the process; None means its real ones, completed from
    `.env`. `stand_ins` fill what is missing, for an environment that is to be shown and not used. Raises
    ConfigurationProblem with everything that is wrong, in the order of the lines.
    """
    source = read_source(path)
    _check_name(source)
    real = process_variables() if variables is None else variables
    known = variables_now() if variables is None else variables
    filling = Filling(source, {**known, **(stand_ins or {})})
    filling.fill()
    check_shape(source, filling.from_variable, filling.emptied)
    Rules(source, filling.from_variable).check()
    check_paths(source)
    check_destinations(source, operator_of(real))
    if source.problems:
        raise source.stop()
    return build(source)


def _check_name(source: Source) -> None:
    """Note a file whose name can't be an environment's: it gets into paths, commands and a runner's files."""
    if not is_environment_name(source.path.stem):
        message = f"an environment's name has {NAMED_BY_THE_RULE}."
        source.problem("", message, "Rename the file.")
