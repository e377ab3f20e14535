"""The first stage: an environment file that can't be used has a cause like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.diagnosis.causes import Diagnosis, diagnose
from golive.environment import PUBLIC_SANDBOX_TENANT
from golive.kit.problems import MissingVariable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.diagnosis.fields import Fields
    from golive.kit.problems import Problem

FIELDS_OF_KIND: dict[str, Fields] = {
    "malformed-tenant": {"tenant_form": "malformed"},
    "scope-with-comma": {"scope_syntax": "commas"},
    "secret-with-whitespace": {"credential_shape": "surrounding-whitespace"},
    "url-of-another-tenant": {"problem": "url-of-another-tenant"},
}
SHOWN = 12


# The cures of these causes give the Messages API's own URL and version; other APIs' problems speak for themselves.
BASE_URL = ("api.base_url", "apis.messages.base_url")
VERSION = ("api.version", "apis.messages.version")


def diagnose_file(problems: Sequence[Problem]) -> Diagnosis:
    """Return the cause of the first telling problem; all of them are its evidence."""
    telling = next((each for each in problems if _fields(each)), problems[0])
    line = f", line {telling.line}" if telling.line else ""
    where = f"`{telling.key}` in {telling.file}{line}" if telling.key else telling.file
    place = f"{telling.file}:{telling.line}" if telling.line else telling.file
    facts: Fields = {
        "stage": "environment",
        "file": telling.file,
        "problem_at": where,
        "credential_at": where,
        "scopes_at": where,
        "tenant_at": where,
        "version_at": where,
        "variable": _variable(telling),
        "exports": " ".join(f"{name}=…" for name in _missing(problems)) or None,
        "public_sandbox_tenant": PUBLIC_SANDBOX_TENANT,
        "reason": telling.message,
        "next_step": telling.cure or "Correct the file.",
        **(_fields(telling) or {"problem": "other"}),
    }
    more = len(problems) - SHOWN
    lines = [str(problem) for problem in problems[:SHOWN]] + (
        [f"and {more} more"] if more > 0 else []
    )
    return diagnose(facts, tuple(lines), lambda _: place)


def _fields(problem: Problem) -> Fields:
    if isinstance(problem, MissingVariable):
        return {"problem": "missing-variable"}
    if problem.kind == "url-without-tenant":
        base = problem.key in BASE_URL
        return {"problem": "base-url-without-tenant" if base else "url-without-tenant"}
    if problem.key in VERSION:
        return {"problem": "unknown-version"}
    return FIELDS_OF_KIND.get(problem.kind, {})


def _missing(problems: Sequence[Problem]) -> list[str]:
    named = (each.variable for each in problems if isinstance(each, MissingVariable))
    return list(dict.fromkeys(named))


def _variable(problem: Problem) -> str | None:
    if isinstance(problem, MissingVariable):
        return problem.variable
    return "GOLIVE_CLIENT_SECRET" if problem.kind == "secret-with-whitespace" else None
