"""What generated requests have written is found again: rules for a request and the readings that followed it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from golive import GUESS, Broken, counted, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


def kept_as_sent(group: tuple[Exchange, ...]) -> Iterator[Broken]:
    """What was sent is listed among the sent items, and is read as it was sent."""
    sent, *followed = group
    if not followed or not sent.request.url.endswith("/sentItems"):
        return
    asked, answered = _object(sent.request.body), _object(sent.response.body)
    for exchange in followed:
        seen = exchange.json_or_none
        if not isinstance(seen, dict):
            yield Broken("status", "the message that was sent", f"status {exchange.status}", GUESS)
        elif isinstance(seen.get("items"), list):
            ids = [item.get("id") for item in seen["items"] if isinstance(item, dict)]
            if answered.get("id") not in ids:
                yield Broken("/items", "the message that was sent", counted(len(ids), "other"))
        else:
            for name in ("subject", "content", "attachments"):
                if name in asked and seen.get(name) != asked[name]:
                    expected = f"as it was sent: {show(asked[name])}"
                    yield Broken(f"/{name}", expected, show(seen.get(name)), GUESS)


def kept_as_changed(group: tuple[Exchange, ...]) -> Iterator[Broken]:
    """A message whose change of status was accepted has that status."""
    changed, *followed = group
    if not changed.request.url.endswith("/updatePatientMessageStatus"):
        return
    wanted = _object(changed.request.body).get("status")
    for exchange in followed:
        seen = exchange.json_or_none
        if isinstance(seen, dict) and "status" in seen and seen["status"] != wanted:
            yield Broken("/status", show(wanted), show(seen["status"]))


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
