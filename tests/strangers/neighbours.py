"""The neighbours of Messages: group inboxes, the validation of recipients, code values (facts 2.7 to 2.10)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .problems import Problem, bad_request
from .wire import Reply, json_reply
from .world import STAFF

if TYPE_CHECKING:
    from collections.abc import Callable

    from .personality import Personality
    from .wire import Call

_FILTERS = ("cdfMeaning", "cki", "conceptCki")
_MOST = {"id": 50, "cdfMeaning": 20, "cki": 20, "conceptCki": 20}
_POOLS = ("Renewals Pool", "Triage & Nurses", "Billing (100%)", "Front Desk", "Records", "Lab")
_CATEGORIES, _TYPES = ("MESSAGES", "REMINDERS"), ("GROUPINBOX", "PERSONNEL")
SET, LARGE_SET = "72", "71"


@dataclass(frozen=True)
class Page:
    """The items of a list, and the next page's name."""

    items: list[dict[str, Any]]
    following: str = ""


class Neighbours:
    """Answers for one tenant's staff, inboxes and code sets; every tenant has the same."""

    def __init__(self, personality: Personality) -> None:
        self._choice = personality.neighbours
        shared = STAFF[0].id if self._choice.shared_numbers else "88018"
        ids = [STAFF[2].id, shared, *(str(88020 + number) for number in range(4))]
        self._inboxes = dict(zip(ids, _POOLS, strict=True))
        values = [_value(SET, n) for n in range(14)] + [_value(LARGE_SET, n) for n in range(55)]
        self._values = {one["id"]: one for one in values}

    # Group inboxes.

    def group_inboxes(self, call: Call, _tenant: str) -> Reply:
        """All, or those of a name or of some ids; both are refused."""
        ids = [value for name, value in call.query if name == "id"]
        names = [value for name, value in call.query if name == "name"]
        if ids and names:
            raise bad_request("InvalidParameter", "Either id or name.")
        if len(names) > 1:
            raise bad_request("InvalidParameter", "One name.")
        wanted = names[0].strip().casefold() if names else ""
        found = [
            {
                "id": int(one) if self._choice.inbox_ids_are_numbers else one,
                self._choice.inbox_name: name,
            }
            for one, name in self._inboxes.items()
            if (one in ids if ids else wanted in ("", "*") or wanted in name.casefold())
        ]
        return self._listed(Page(found), self._choice.inboxes_called)

    # Validation.

    def validate(self, call: Call, _tenant: str) -> Reply:
        """Who of the recipients is known and receives the category."""
        try:
            body = json.loads(call.body)
        except ValueError:
            raise bad_request("MalformedBody", "The body is no JSON.") from None
        if call.media_type != "application/json":
            raise Problem(415, "UnsupportedMediaType", "JSON only.")
        asked = body.get("recipients") if isinstance(body, dict) else None
        if not isinstance(asked, list) or body.get("category") not in _CATEGORIES:
            raise bad_request("InvalidParameter", "category and recipients are required.")
        if not isinstance(body.get("patientId", ""), str):
            raise bad_request("InvalidParameter", "patientId is a text.")
        known = {(one.id, one.type) for one in STAFF} | {(i, "GROUPINBOX") for i in self._inboxes}
        items = []
        for one in asked:
            if not isinstance(one, dict) or one.get("recipientType") not in _TYPES:
                raise bad_request("InvalidParameter", "recipientType is required.")
            if not isinstance(one.get("id"), str):
                raise bad_request("InvalidParameter", "id is a text.")
            valid = (one["id"], one["recipientType"]) in known
            if valid or self._choice.unknown_recipient == "invalid":
                items.append({"id": one["id"], "isValid": valid})
        return json_reply(200, {"items": items[::-1]})

    # Code values.

    def code_values(self, call: Call, _tenant: str) -> Reply:
        """Those of a code set and one filter, or those of some ids."""
        given = {name: [v for key, v in call.query if key == name] for name in ("codeSet", *_MOST)}
        ids, sets = given["id"], given["codeSet"]
        if bool(ids) == bool(sets) or len(sets) > 1 or "" in sets:
            raise bad_request("InvalidParameter", "Either id or codeSet.")
        for name, most in _MOST.items():
            if len(given[name]) > most and self._choice.over_maximum == "refused":
                raise bad_request("InvalidParameter", f"At most {most} of {name}.")
        used = [name for name in _FILTERS if given[name]]
        if ids and used and self._choice.filter_beside_id == "refused":
            raise bad_request("InvalidParameter", "A filter needs codeSet.")
        if sets and len(used) > 1:
            raise bad_request("InvalidParameter", "One filter.")
        if ids:
            found = [self._values[one] for one in dict.fromkeys(ids) if one in self._values]
        else:
            found = [one for one in self._values.values() if one["codeSet"] == sets[0]]
            for name in used:
                found = [one for one in found if one.get(name) in given[name]]
        key = (lambda one: (one["codeSet"], one["id"])) if self._choice.text_order else _by_number
        order = next((value for name, value in call.query if name == "sortOrder"), "ASC")
        return self._code_page(call, sorted(found, key=key, reverse=order == "DESC"))

    def _code_page(self, call: Call, found: list[dict[str, Any]]) -> Reply:
        size = self._choice.code_page
        start = next((int(v) for name, v in call.query if name == "page" and v.isdecimal()), 0)
        end = start + size
        following = str(end) if len(found) > end and self._choice.next_page_header else ""
        shown = [self._summary(one) for one in found[start:end]]
        return self._listed(Page(shown, following), self._choice.values_called)

    def _summary(self, value: dict[str, Any]) -> dict[str, Any]:
        kept = self._choice.summary_members
        return {name: one for name, one in value.items() if name in kept} if kept else value

    def code_value(self, value_id: str) -> Callable[[Call, str], Reply]:
        """One code value."""

        def answer(_call: Call, _tenant: str) -> Reply:
            if value_id in self._values:
                return json_reply(200, self._values[value_id])
            raise Problem(self._choice.unknown_value, "NotFound", "There is no such value.")

        return answer

    def _listed(self, page: Page, called: str) -> Reply:
        reply = json_reply(200, {called: page.items})
        if page.following:
            reply.headers.append((self._choice.next_page_header, page.following))
        return reply


def _value(code_set: str, number: int) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": str(int(code_set) * 100 + 900 + number),
        "codeSet": code_set,
        "display": f"Value {number}",
        "isActive": number % 5 != 4,
        "isAuthenticated": True,
        "sequence": number,
    }
    if number % 4 != 3:
        value["cdfMeaning"] = ("HOME", "WORK", "home")[number % 3]
    if number % 3 != 2:
        value["cki"] = f"CKI.CODEVALUE!{code_set}{number:04}"
    if number % 2:
        value["conceptCki"] = f"CERNER!{number // 2:06}"
    return value


def _by_number(value: dict[str, Any]) -> tuple[int, int]:
    return int(value["codeSet"]), int(value["id"])
