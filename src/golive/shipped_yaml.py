"""The YAML files that golive itself ships: read by libyaml where it is there, which is ten times as fast.

What users write is read elsewhere (`golive.environment`), by the parser that gives the better messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(file: Traversable) -> Any:
    """Return what the file holds; raises OSError, ValueError and yaml.YAMLError."""
    return yaml.load(file.read_text(encoding="utf-8"), SAFE_LOADER)  # noqa: S506 - both are safe
