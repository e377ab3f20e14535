"""What single words mean and what is remarked on requests: `terms.yaml`, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _knowledge() -> dict[str, Any]:
    from golive.shipped_yaml import read_yaml

    loaded: dict[str, Any] = read_yaml(files("golive.explain").joinpath("terms.yaml"))
    return loaded


def terms() -> tuple[dict[str, Any], ...]:
    """Return every word: `kind`, `id`, `means`, `basis`, `source`, perhaps `cause` or `cure`."""
    return tuple(_knowledge()["terms"])


def remarks() -> tuple[dict[str, Any], ...]:
    """Return every remark on pasted requests: `id`, `when`, `means`, `source`."""
    return tuple(_knowledge()["remarks"])
