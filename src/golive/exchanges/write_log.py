"""What a run wrote, or may have written: one entry for each writing request that was not refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.exchanges.model import READING
from golive.kit.json_text import NotJsonError, read_json
from golive.redaction import redact, redact_url
from golive.redaction.rendering import show

if TYPE_CHECKING:
    from golive.exchanges.model import Request

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
    body = json_of(request)
    if isinstance(body, dict):
        if isinstance(body.get("subject"), str):
            found["subject"] = redact(body["subject"])
        if "patientId" in body:
            found["patient"] = show(body["patientId"])
        if isinstance(body.get("messages"), list):
            ids = [one.get("id") for one in body["messages"] if isinstance(one, dict)]
            found["messages"] = [show(one) for one in ids]
    return found


def json_of(request: Request) -> object:
    """Return the request's body, None where it is not JSON: generated requests are anything, of any depth."""
    try:
        return read_json(request.body)
    except NotJsonError:
        return None
