"""GET groupInboxes: all group inboxes of a tenant, those of some ids, or those of a name (contract-facts §2.7).

There is only ever one page: ``limit`` is 1000, as the newer copies of the page say (§9), and no ``page`` is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.twin.http import Ask, html_answer, json_answer
from golive.twin.messages.queries import Query
from golive.twin.service_errors import ServiceError, bad_request

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.recipient.directory import Recipient
    from golive.twin.world import World


def group_inboxes(world: World, ask: Ask) -> Response:
    """List group inboxes."""
    query = Query(world, ask.query)
    ids, name = query.many("id"), query.one("name")
    if query.one("limit") not in (None, "1000"):
        raise bad_request("limit must be 1000.")
    if query.one("page") is not None:
        raise bad_request("page is not a value of opc-next-page.")
    if ids and name is not None and not world.injects("group-inboxes-answer-name-and-id"):
        raise bad_request("Either name or id may be given, not both.")
    inboxes = world.directory.inboxes(ask.segments[0])
    if ids:
        found = _by_id(world, inboxes, ids)
    elif name is None:
        found = inboxes
    else:
        found = _by_name(world, inboxes, name)
    if world.injects("group-inbox-of-another-tenant"):
        found = [world.directory.others_inbox(ask.segments[0]), *found]
    if world.injects("group-inbox-listed-twice"):
        found = found[:1] + found
    return _answer(world, found, whole=not ids and name is None)


def _by_id(world: World, inboxes: list[Recipient], ids: list[str]) -> list[Recipient]:
    known = {one.id for one in inboxes}
    if not known & set(ids):
        if world.injects("unknown-group-inboxes-answered-404"):
            raise ServiceError(404, "NotFound", "There is no such group inbox.")
        if world.injects("unknown-group-inboxes-list-all"):
            return inboxes
    elif not known.issuperset(ids) and world.injects("unknown-group-inbox-refused"):
        raise bad_request("There is no such group inbox.")
    if world.injects("group-inbox-ids-ignored"):
        return inboxes
    if world.injects("only-last-group-inbox-id-read"):
        ids = ids[-1:]
    if world.injects("only-first-two-group-inbox-ids-read"):
        ids = ids[:2]
    return [one for one in inboxes if one.id in ids]


def _by_name(world: World, inboxes: list[Recipient], name: str) -> list[Recipient]:
    wanted = name.strip().casefold()
    if wanted == "*":
        return [] if world.injects("asterisk-finds-no-group-inbox") else inboxes
    if not wanted:
        if world.injects("blank-name-refused"):
            raise bad_request("name must not be blank.")
        return inboxes
    if world.injects("group-inbox-name-ignored"):
        return inboxes
    if world.injects("group-inbox-names-find-nothing"):
        return []
    if not wanted.isascii() and world.injects("odd-group-inbox-name-breaks-the-server"):
        raise ServiceError(500, "InternalServerError", "Something went wrong.")
    if not wanted.replace(" ", "").isalnum() and world.injects("odd-group-inbox-name-refused"):
        raise bad_request("name may have letters, digits and blanks only.")
    return [one for one in inboxes if one.name.casefold() == wanted]


def _answer(world: World, found: list[Recipient], *, whole: bool) -> Response:
    if whole and world.injects("group-inboxes-answer-html"):
        return html_answer(200, "Group inboxes", f"{len(found)} group inboxes.")
    items: list[dict[str, Any]] = [{"id": one.id, "name": one.name} for one in found]
    for item in items:
        if world.injects("group-inbox-ids-are-numbers"):
            item["id"] = int(item["id"])
        if world.injects("group-inboxes-lack-ids"):
            del item["id"]
    if not items and world.injects("no-group-inboxes-lack-items"):
        return json_answer(200, {})
    status = 206 if world.injects("group-inboxes-answer-206") else 200
    return json_answer(status, {"items": items})
