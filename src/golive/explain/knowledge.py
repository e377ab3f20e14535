"""What single words mean and what is remarked on requests: `terms.yaml`, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _knowledge() -> dict[str, Any]:
    import yaml

    text = files("golive.explain").joinpath("terms.yaml").read_text(encoding="utf-8")
    loader = getattr(
        yaml, "CSafeLoader", yaml.SafeLoader
    )  # libyaml where it is there: it is faster
    loaded: dict[str, Any] = yaml.load(text, loader)  # noqa: S506 - either is a safe loader
    return loaded


def terms() -> tuple[dict[str, Any], ...]:
    """Return every word: `kind`, `id`, `means`, `basis`, `source`, perhaps `cause` or `cure`."""
    return tuple(_knowledge()["terms"])


def remarks() -> tuple[dict[str, Any], ...]:
    """Return every remark on pasted requests: `id`, `when`, `means`, `source`."""
    return tuple(_knowledge()["remarks"])
