"""The placeholders of `schemas/errors.yaml`, such as `{patient}`, `{now-1d:ms}` and `{messages:101}`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from golive.findings import NotClaimedError, SuiteError

PLACEHOLDER = re.compile(r"\{([a-z_]+)([+-][0-9]+d)?(?::([a-z0-9]+))?\}")
FORMS = {
    None: "%Y-%m-%dT%H:%M:%SZ",
    "ms": "%Y-%m-%dT%H:%M:%S.000Z",
    "offset": "%Y-%m-%dT%H:%M:%S+00:00",
}

KEYS = {
    "patient": "test_data.patient",
    "other_patient": "test_data.other_patient",
    "message": "test_data.message",
    "recipient": "test_data.recipient",
}


def instant(moment: datetime, form: str | None = None) -> str:
    """Write an instant as the API takes it: UTC, whole seconds (or a form that it must refuse)."""
    return moment.astimezone(UTC).strftime(FORMS[form])


def fill(value: Any, values: dict[str, Any]) -> Any:
    """Replace the placeholders in a change's argument.

    `values` holds `now` (an aware datetime), the ids and `messages` (a valid entry of a status update).
    Raises NotClaimedError where the environment has no such value, SuiteError for an unknown name.
    """
    if isinstance(value, dict):
        return {key: fill(member, values) for key, member in value.items()}
    if isinstance(value, list):
        return [fill(member, values) for member in value]
    if not isinstance(value, str):
        return value
    whole = PLACEHOLDER.fullmatch(value)
    if whole and whole[1] == "messages":
        return [_value("messages", values) for _ in range(int(whole[3] or 1))]
    return PLACEHOLDER.sub(lambda match: _text(match, values), value)


def _text(match: re.Match[str], values: dict[str, Any]) -> str:
    name, shift, form = match.groups()
    if name == "text":
        return "x" * int(form or 1)
    value = _value(name, values)
    if isinstance(value, datetime):
        if form not in FORMS:
            raise SuiteError(f"errors.yaml: an instant has no form {form}")
        return instant(value + timedelta(days=int((shift or "0d")[:-1])), form)
    return str(value)


def _value(name: str, values: dict[str, Any]) -> Any:
    if name not in values:
        raise SuiteError(f"errors.yaml: no placeholder is named {{{name}}}")
    if values[name] is None:
        raise NotClaimedError(KEYS.get(name, f"test_data.{name}"))
    return values[name]
