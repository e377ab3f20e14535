"""What curl says where no answer came, `curl: (6) Could not resolve host`, as the fields of `causes.yaml`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive import failures
from golive.explain.knowledge import terms
from golive.explain.urls import host_of

if TYPE_CHECKING:
    from golive.explain.curl import PastedRequest
    from golive.explain.cutting import PastedFailure

KINDS = {each.kind: each for each in vars(failures).values() if isinstance(each, failures.Failure)}
HOST = re.compile(r"(?:resolve (?:host|proxy)|connect to|connection to|host name) ?:? '?([\w.-]+)")


def failure_facts(request: PastedRequest | None, failed: PastedFailure) -> dict[str, Any]:
    """Tell the kind of a failure by curl's number, and the host; no kind where the number tells none."""
    named = HOST.search(failed.words)
    host = named[1] if named else host_of(request.url) if request else ""
    number = {"shape": f"curl: ({failed.number}), which ends without an answer"}
    entry = next((each for each in terms() if each["id"] == f"curl-{failed.number}"), None)
    if entry is None:
        return number
    said = entry.get("said", {})
    kind = next((said[word] for word in said if word in failed.words), entry["failure"])
    failure = KINDS[kind]
    return number | {
        "stage": "names",
        "kind": kind,
        "unreachable": True,
        "happened": failure.happened,
        "next_step": failure.next_step,
        "host": host or None,
    }
