"""What a run wrote, or may have written: one entry for each writing request that was not refused.

An answer of 4xx or 3xx wrote nothing. A 2xx did, a 5xx may have, and so may a request that got no answer:
its outcome is unknown, and it is never sent again to find out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.exchange import READING
from golive.redaction import redact, redact_url
from golive.showing import show
from golive.strict_json import NotJsonError, read_json

if TYPE_CHECKING:
    from golive.exchange import Request

UNKNOWN = "unknown"


def entry(request: Request, status: int | None) -> dict[str, Any] | None:
    """Return the entry of a request for `summary.json`, None where nothing was written.

    `status` is None where no answer came. The subject is golive's own and is shown; ids of patients and
    messages are shown only where data is synthetic.
    """
    if request.method.upper() in READING or (status is not None and 300 <= status < 500):
        return None
    found: dict[str, Any] = {
        "method": request.method,
        "url": redact_url(request.url),
        "status": UNKNOWN if status is None else status,
    }
    try:
        body = read_json(request.body)
    except NotJsonError:  # generated requests are anything, of a depth that nobody can read, too
        return found
    if isinstance(body, dict):
        if isinstance(body.get("subject"), str):
            found["subject"] = redact(body["subject"])
        if "patientId" in body:
            found["patient"] = show(body["patientId"])
        if isinstance(body.get("messages"), list):
            ids = [one.get("id") for one in body["messages"] if isinstance(one, dict)]
            found["messages"] = [show(one) for one in ids]
    return found
