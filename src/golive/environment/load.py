"""The way from a file to an Environment: text, data, variables, shape, rules, values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.environment.build import build
from golive.environment.filling import Filling
from golive.environment.rules import Rules
from golive.environment.shape import check_shape
from golive.environment.source import read_source
from golive.environment.variables import variables_now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from golive.environment.model import Environment


def load(path: Path, *, variables: Mapping[str, str] | None = None) -> Environment:
    """Read an environment file.

    `variables` stand for the environment variables; None means those of the process, completed from
    `.env`. Raises ConfigurationProblem with everything that is wrong, in the order of the lines.
    """
    source = read_source(path)
    filling = Filling(source, variables_now() if variables is None else variables)
    filling.fill()
    check_shape(source, filling.from_variable, filling.emptied)
    Rules(source, filling.from_variable).check()
    if source.problems:
        raise source.stop()
    return build(source)
