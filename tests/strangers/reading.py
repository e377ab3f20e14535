"""The two lists and one message."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from .problems import Problem, bad_request
from .render import Renderer
from .wire import Reply, json_reply

if TYPE_CHECKING:
    from .personality import Personality
    from .records import Message, Store
    from .wire import Call

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_LOWER, _UPPER = "createDateTimeGreaterThanOrEqualTo", "createDateTimeLessThanOrEqualTo"
_PAGE = 1000
_BOTH = {"patientId", _LOWER, _UPPER, "limit", "page", "sortBy", "sortOrder"}
_KNOWN = {"sent": _BOTH, "inbox": _BOTH | {"notificationType", "shouldLoadOrganizationSummary"}}


@dataclass(frozen=True)
class Window:
    """Two bounds in whole seconds; `empty` if a personality answers reversed ones by an empty list."""

    lower: datetime
    upper: datetime
    empty: bool = False


class Reader:
    """Answers GET requests from the readers' copy."""

    def __init__(self, store: Store, personality: Personality) -> None:
        self._store, self._personality = store, personality
        self._render = Renderer(personality)

    def listing(self, call: Call, tenant: str, box: str) -> Reply:
        """The inbox or the sent items of a patient."""
        query = Query(call)
        query.only(_KNOWN[box], strict=self._personality.strict_queries)
        patient_id = query.required("patientId")
        window = self._window(query)
        self._limit(query)
        kinds = _kinds(query) if box == "inbox" else ["MESSAGE"]
        organizations = box == "inbox" and query.flag("shouldLoadOrganizationSummary")
        order = self._order(query)
        if (
            not self._store.knows_patient(tenant, patient_id)
            and self._personality.unknown_patient != "empty"
        ):
            raise Problem(
                int(self._personality.unknown_patient), "PatientNotFound", "The patient is unknown."
            )
        found = [
            message
            for message in self._store.box(tenant, patient_id, box)
            if message.kind in kinds and self._within(message, window)
        ]
        found.sort(key=lambda message: message.shown, reverse=True)
        found.sort(key=order[0], reverse=order[1])
        print_of_query = [
            tenant,
            box,
            patient_id,
            sorted(kinds),
            query.one("sortBy"),
            query.one("sortOrder"),
        ]
        return self._page(query, found, organizations=organizations, box=box, marks=print_of_query)

    def _page(
        self, query: Query, found: list[Message], *, organizations: bool, box: str, marks: list[Any]
    ) -> Reply:
        personality = self._personality
        start = _start(query.one("page"), marks)
        size = len(found) or 1 if box == "sent" and personality.sent_over_1000 else _PAGE
        chosen = found[start : start + size]
        items = [self._render.item(message, organizations=organizations) for message in chosen]
        more = len(found) > start + size
        headers: dict[str, str] = {}
        if more and personality.paging != "none":
            headers[personality.paging] = _page_token(start + size, marks)
        if more and personality.more_mark == "header":
            headers["oh-more-results"] = "true"
        if personality.list_body == "array":
            return json_reply(200, items).with_headers(headers)
        body: dict[str, Any] = {personality.list_body: items}
        if more and personality.more_mark == "hasMore":
            body["hasMore"] = True
        if personality.more_mark == "total":
            body["totalResults"] = len(found)
        if personality.more_mark == "flag":
            body["moreThanLimit"] = more
        return json_reply(200, body).with_headers(headers)

    def one(self, call: Call, tenant: str, message_id: str) -> Reply:
        """One message; several ids in its place are refused (facts 2.3)."""
        query = Query(call)
        query.only({"shouldLoadOrganizationSummary"}, strict=self._personality.strict_queries)
        if "," in message_id or not message_id:
            raise bad_request("InvalidParameter", "Give exactly one message id.")
        organizations = query.flag("shouldLoadOrganizationSummary")
        copy = self._store.truth if self._personality.detail_at_once else self._store.view()
        message = copy.get(message_id)
        if message is None or message.tenant != tenant:
            raise Problem(
                int(self._personality.unknown_message),
                "MessageNotFound",
                "There is no such message.",
            )
        return json_reply(200, self._render.detail(message, organizations=organizations))

    def _window(self, query: Query) -> Window:
        now = self._store.clock.now()
        try:
            lower = query.instant(_LOWER) or now - timedelta(days=90)
            upper = min(query.instant(_UPPER) or now, now)
        except ValueError as reason:
            raise self._bad_dates(f"{reason} is no UTC instant in whole seconds.") from reason
        if lower >= upper:
            if self._personality.date_refused == "empty":
                return Window(lower, upper, empty=True)
            raise self._bad_dates("The lower bound must be before the upper bound.")
        widest = self._personality.widest_window
        if widest is not None and upper - lower > timedelta(days=widest):
            raise self._bad_dates(f"A window has at most {widest} days.")
        return Window(lower, upper)

    def _bad_dates(self, message: str) -> Problem:
        return Problem(
            422 if self._personality.date_refused == "422" else 400, "InvalidDateRange", message
        )

    def _within(self, message: Message, window: Window) -> bool:
        if window.empty:
            return False
        moment = message.shown
        if self._personality.exclusive_bounds:
            return window.lower < moment < window.upper
        if self._personality.bounds_by_second or self._personality.date_form in {"local", "utc-z"}:
            # What is shown has no fractions: a message belongs to the whole second that it shows.
            # Else: bounds have none, and how the two are compared is open (3).
            moment = moment.replace(microsecond=0)
        return window.lower.replace(microsecond=0) <= moment <= window.upper

    def _limit(self, query: Query) -> None:
        limit = query.one("limit")
        if limit in {None, "1000"} or self._personality.lenient_limit:
            return
        raise bad_request("InvalidParameter", "limit must be 1000.")

    def _order(self, query: Query) -> tuple[Any, bool]:
        by, way = query.one("sortBy"), query.one("sortOrder")
        if by not in {None, "createDateTime", "priority"}:
            raise bad_request("InvalidParameter", "sortBy must be createDateTime or priority.")
        if way not in {None, "ASC", self._personality.descending}:
            raise bad_request(
                "InvalidParameter", f"sortOrder must be ASC or {self._personality.descending}."
            )
        if by == "priority":
            # By urgency ascending is NORMAL, HIGH; by the alphabet HIGH, NORMAL. No page says which.
            turned = self._personality.priority_alphabetical
            return (lambda message: (message.priority == "HIGH") != turned), way != "ASC"
        return (lambda message: message.shown), way != "ASC"


class Query:
    """The parameters of a call. One that takes a single value may come once."""

    def __init__(self, call: Call) -> None:
        self._pairs = call.query

    def only(self, names: set[str], *, strict: bool) -> None:
        """Refuse parameters that the page does not name, where the personality does so."""
        unknown = sorted({name for name, _ in self._pairs} - names)
        if strict and unknown:
            raise bad_request("UnrecognizedParameter", f"Unrecognized parameter: {unknown[0]}.")

    def one(self, name: str) -> str | None:
        """The value, or None if it was not given."""
        values = self.many(name)
        if len(values) > 1:
            raise bad_request("InvalidParameter", f"{name} may be given once.")
        return values[0] if values else None

    def many(self, name: str) -> list[str]:
        """Every value of a repeatable parameter."""
        return [value for key, value in self._pairs if key == name]

    def required(self, name: str) -> str:
        """The value of a parameter that must be there."""
        value = self.one(name)
        if value is None or not value.strip():
            raise bad_request("MissingParameter", f"{name} is required.")
        return value

    def flag(self, name: str) -> bool:
        """A boolean that is false by default."""
        value = self.one(name)
        if value not in {None, "true", "false"}:
            raise bad_request("InvalidParameter", f"{name} must be true or false.")
        return value == "true"

    def instant(self, name: str) -> datetime | None:
        """A UTC instant in whole seconds; ValueError with the offending text otherwise."""
        value = self.one(name)
        if value is None:
            return None
        try:
            if _INSTANT.fullmatch(value):
                return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            pass
        raise ValueError(repr(value))


def _kinds(query: Query) -> list[str]:
    kinds = query.many("notificationType") or ["MESSAGE"]
    if not set(kinds) <= {"MESSAGE", "REMINDER"}:
        raise bad_request("InvalidParameter", "notificationType must be MESSAGE or REMINDER.")
    return kinds


def _page_token(start: int, marks: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([start, marks]).encode()).decode().rstrip("=")


def _start(page: str | None, marks: list[Any]) -> int:
    """Where a page starts. A token holds for the list that it came with and for no other."""
    if page is None:
        return 0
    try:
        start, of_list = json.loads(base64.urlsafe_b64decode(page + "=" * (-len(page) % 4)))
    except (ValueError, TypeError) as reason:
        raise bad_request("InvalidParameter", "page is not a value of a former answer.") from reason
    if of_list != marks or not isinstance(start, int) or start < 0:
        raise bad_request("InvalidParameter", "page is not a value of a former answer.")
    return start
