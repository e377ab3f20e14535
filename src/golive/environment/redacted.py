"""What of an environment may be seen, and what must never be: both as its keys are declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golive.environment.declaration import keys_of
from golive.environment.secret import Secret, proxy_address
from golive.environment.settings import TestData
from golive.kit.invisible import with_escapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.environment.model import Environment

HIDDEN = "***"


def shown(section: Any, *, hidden: tuple[str, ...] = ()) -> dict[str, Any]:
    """Write a section as JSON can hold it; of those keys that are `hidden`, only which members they have."""
    declared = {one.name: one for one in keys_of(section.__class__)}
    view: dict[str, Any] = {}
    for name in (one.name for one in fields(section)):
        value = getattr(section, name)
        show = declared[name].show if name in declared else None
        view[name] = show(value) if show else _shown(value)
        if name in hidden:
            view[name] = dict.fromkeys(view[name], HIDDEN)
    return view


def _shown(value: Any) -> Any:
    match value:
        case Secret():
            return HIDDEN
        case TestData():
            return {name: _shown(one) for name, one in value.present().items()}
        case Mapping():
            return {name: _shown(one) for name, one in value.items()}
        case tuple():
            return [_shown(one) for one in value]
        case date() | Path():
            return str(value)
    return shown(value) if is_dataclass(value) else value


def secrets_in(section: Any, above: str) -> Iterator[tuple[str, str]]:
    """Yield every secret text below a section with the dotted key that it was given by."""
    for one in keys_of(section.__class__):
        value, key = getattr(section, one.name), f"{above}{one.name}"
        if one.protect:
            yield from ((key, text) for text in one.protect(value))
        else:
            yield from _secrets(value, key)


def _secrets(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Secret):
        yield key, value.reveal()
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _secrets(one, f"{key}.{name}")
    elif is_dataclass(value):
        yield from secrets_in(value, f"{key}.")


def way_of(environment: Environment) -> tuple[str, ...]:
    """Name what stands between golive and the hosts: a proxy, without its password, and a CA bundle."""
    safety = environment.safety
    found = []
    if safety.proxy is not None:
        found.append(f"by the proxy {proxy_address(safety.proxy)}")
    if safety.ca_bundle is not None:
        found.append(f"trusting the private CA {with_escapes(safety.ca_bundle.name)}")
    return tuple(found)
