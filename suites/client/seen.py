"""How a request of a client is read: what it asks for, and what it was answered."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from golive import cloud_of, real_host
from suites.common.lists import objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from golive import Exchange, Steps

API_HOST = "api.cernermillennium.com"
NAMESPACES = ("message", "recipient", "codeSystem")
"""What the contract describes on the API's host; everything else there is another API's."""

WITH_BODY = ("sendMessage", "updateMessageStatus", "validateRecipients")
LISTS = ("listInboxItems", "listSentItems")
LOWER, UPPER = "createDateTimeGreaterThanOrEqualTo", "createDateTimeLessThanOrEqualTo"
TOKEN_PATH = re.compile(r"/(?:protocols/oauth2/profiles/[^/]+|oauth2(?:/v\d+)?)/token/?$")
TENANT = re.compile(r"/tenants/([^/]+)/")
TICK = timedelta(seconds=1)
CLOCKS = timedelta(minutes=5)
"""How far two clocks may be apart."""
DEFAULT = datetime.min.replace(tzinfo=UTC)
"""The lower bound of a list that has none."""


def operation(*names: str) -> Callable[[Exchange], bool]:
    """Return what says whether a request is one of these operations."""
    return lambda one: one.request.operation in names


def lists(one: Exchange) -> bool:
    """Whether a request lists messages."""
    return one.request.operation in LISTS


def host(one: Exchange) -> str:
    """The real host that was asked."""
    return real_host(one.request.url)


def path(one: Exchange) -> str:
    """The path at the real host, undecoded."""
    found = urlsplit(one.request.url).path
    played = f"/{host(one)}"
    return found.removeprefix(played) if found.lower().startswith(played) else found


def asks_for_token(one: Exchange) -> bool:
    """Whether a request is one of a token endpoint, however it is made."""
    at_path = TOKEN_PATH.search(path(one)) is not None
    return at_path or (cloud_of(host(one)) is not None and "grant_type" in form(one))


def calls_api(one: Exchange) -> bool:
    """Whether a request is for an API of the contract, right or wrong."""
    if one.request.operation:
        return True
    steps = path(one).strip("/").split("/")
    return host(one) == API_HOST and len(steps) > 1 and steps[1] in NAMESPACES


def of_service(one: Exchange) -> bool:
    """Whether a request is for a token endpoint, an API of the contract, or another host of the two clouds."""
    return asks_for_token(one) or calls_api(one) or cloud_of(host(one)) is not None


def pairs(one: Exchange) -> list[tuple[str, str]]:
    """The pairs of a form, in their order; empty where the body is none."""
    text = one.request.body.decode("utf-8", "replace")
    return [] if text.lstrip().startswith(("{", "<")) else parse_qsl(text)


def form(one: Exchange) -> dict[str, str]:
    """The pairs of a form by their names."""
    return dict(pairs(one))


def body(one: Exchange) -> dict[str, Any]:
    """The members of a JSON body; empty where it is none."""
    try:
        found = json.loads(one.request.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def answer(one: Exchange) -> dict[str, Any]:
    """The members of a short answer; empty where it has none, or the recording lacks it."""
    if one.response.lacks_body:
        return {}
    try:
        found = json.loads(one.response.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def tenant(one: Exchange) -> str:
    """The tenant in the URL of a token request or of a call, undecoded; "" where there is none."""
    if asks_for_token(one):
        found = TENANT.search(path(one))
        return found[1] if found else ""
    return path(one).strip("/").split("/")[0] if calls_api(one) else ""


def query(one: Exchange) -> dict[str, str]:
    """The query's parameters; of one that is repeated the last."""
    return dict(one.request.query)


def moment(text: str) -> datetime | None:
    """Return an instant, None where a text is none; without a zone it counts as UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def window(one: Exchange) -> Window:
    """Return the bounds of a list as the service takes them: no lower one is None, no upper one is now."""
    named = query(one)
    upper = moment(named.get(UPPER, "")) or one.sent_at
    return moment(named.get(LOWER, "")), min(upper, one.sent_at)


@dataclass(frozen=True)
class Listed:
    """What a client could see in a list: how many items, whether there are more, and each by its id."""

    number: int
    more: bool
    items: dict[str, dict[str, Any]]
    whole: bool = True


SHOWN = ("status", "notificationType", "notificationVersion", "recipientNotificationVersion")


@lru_cache(maxsize=256)
def _listed(text: bytes) -> Listed:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = {}
    items = found.get("items") if isinstance(found, dict) else None
    rows = objects(items)
    more = isinstance(found, dict) and found.get("hasMore") is True
    kept = {str(one.get("id")): {n: one[n] for n in SHOWN if n in one} for one in rows}
    return Listed(len(rows), more, kept, isinstance(items, list))


def is_no_list(one: Exchange) -> bool:
    """Whether something else, such as a page, came as a success in place of a list."""
    return one.succeeded and not one.response.lacks_body and not _listed(one.response.body).whole


Window = tuple[datetime | None, datetime]


class Windows:
    """The windows of lists by patient, in their order."""

    def __init__(self, lists: Iterable[Exchange]) -> None:
        self._of: dict[str | None, list[tuple[Exchange, Window]]] = defaultdict(list)
        for one in sorted(lists, key=lambda one: one.sent_at):
            self._of[query(one).get("patientId")].append((one, window(one)))

    def covered(
        self, one: Exchange, belongs: Callable[[Exchange, Window], bool], to: datetime
    ) -> bool:
        """Whether later lists of the patient cover the window of this one from its beginning up to `to`."""
        alike = self._of[query(one).get("patientId")]
        begin = bisect_right(alike, one.sent_at, key=lambda other: other[0].sent_at)
        begins = window(one)[0] or DEFAULT
        for most in SOME_LATER:
            later = (found for found in alike[begin : begin + most] if belongs(*found))
            reached = begins
            for low, high in sorted((low or DEFAULT, high) for _, (low, high) in later):
                if low > reached + TICK:
                    break
                reached = max(reached, high)
            if reached + TICK >= to:
                return True
        return False


SOME_LATER = (32, 512)
"""So many of the next lists of a patient are looked at for the parts of a window, the fewest first."""


def listed(one: Exchange) -> Listed:
    """What a list shows; nothing where it was refused or the recording lacks it."""
    if not one.succeeded or one.response.lacks_body:
        return Listed(0, False, {})
    return _listed(one.response.body)


def by_time(steps: Steps) -> list[Exchange]:
    """Return the requests by the time at which they were sent."""
    return sorted(steps.values(), key=lambda one: one.sent_at)


def message_id(one: Exchange) -> str:
    """The id in the path of a request for one message, decoded."""
    return unquote(path(one).rpartition("/")[2])


def participants(message: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield recipients and copies of a message that is sent, each with its place in the body."""
    for name in ("recipients", "carbonCopyRecipients"):
        found = message.get(name)
        for index, one in enumerate(found if isinstance(found, list) else []):
            if isinstance(one, dict):
                yield f"/{name}/{index}", one


def accepting_json(one: Exchange) -> Iterator[tuple[str, str, str]]:
    """Yield an Accept that leaves JSON out."""
    accept = one.request.headers.get("Accept")
    kinds = [part.split(";")[0].strip().lower() for part in (accept or "*/*").split(",")]
    if not {"*/*", "application/*", "application/json"} & set(kinds):
        yield "request:header:Accept", "application/json among the types", accept or "empty"
