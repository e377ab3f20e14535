"""Gives a request what stands near it in a paste: the body that its operation takes, by the members of both.

A person writes «body sent:», «payload=» or nothing before it, in any language; the contract knows whose body it is.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from golive.contract.apis import known_apis
from golive.diagnosis.paste.breaks import contract, operation_at
from golive.diagnosis.paste.curl import is_token_request
from golive.diagnosis.paste.documents import is_of_a_token
from golive.diagnosis.paste.objects import is_answer
from golive.diagnosis.paste.pieces import PastedAnswer, PastedRequest, json_in
from golive.diagnosis.services import fhir_resource
from golive.kit.wire import split_url

if TYPE_CHECKING:
    from golive.contract.operations import Operation
    from golive.diagnosis.paste.pieces import Segment

WRITES = ("POST", "PUT", "PATCH")
NOT_SHOWN = frozenset({"bare", "unknown-method"})
"""Marks of a request of which less stood there than golive knows now."""


def filled(pieces: list[Segment], named: list[PastedRequest]) -> list[Segment]:
    """Return the pieces with each request as whole as the paste shows it; `named` are those that only a text names."""
    found: list[Segment | None] = [_with_named(piece, named) for piece in pieces]
    for at, piece in enumerate(pieces):
        sent = _members(piece)
        if not sent:
            continue
        reported = isinstance(piece, PastedAnswer) and piece.status is not None
        before = [*range(at - 1, -1, -1), *range(at + 1, 0 if reported else len(found))]
        place = next((i for i in before if _takes(found[i], sent)), None)
        request = found[place] if place is not None else None if reported else _alone(sent, named)
        if isinstance(request, PastedRequest) and isinstance(piece, PastedAnswer):
            method = request.method if request.method in WRITES else "POST"
            marks = request.flags - NOT_SHOWN
            whole = replace(request, method=method, body=piece.body, flags=marks)
            left = PastedAnswer(piece.status) if piece.status else None
            found[at], found[at if place is None else place] = left, whole
    return joined([piece for piece in found if piece is not None])


def _with_named(piece: Segment, named: list[PastedRequest]) -> Segment:
    """Return a request of which only method and URL stand there with what the text around it names."""
    if not isinstance(piece, PastedRequest) or piece.body or "bare" not in piece.flags:
        return piece
    same = next((one for one in named if one.url == piece.url), None)
    return replace(same, method=piece.method) if same else piece


def _members(piece: Segment) -> dict[str, Any]:
    """Return the members of an object that is no answer, though a line of a log may hold the status of one as well."""
    if not isinstance(piece, PastedAnswer) or (piece.status or 400) < 400 or piece.headers:
        return {}
    return {} if is_answer(piece.members) else piece.members


def _takes(piece: Segment | None, sent: dict[str, Any]) -> bool:
    """Return whether a request without a body is one of an operation that takes these members."""
    if not isinstance(piece, PastedRequest) or (piece.body and "named" not in piece.flags):
        return False
    if is_token_request(piece):
        return "grant_type" in sent
    methods = WRITES if "unknown-method" in piece.flags else (piece.method,)
    operations = (operation_at(method, piece.url) for method in methods)
    found = [one for one in operations if one]
    whole = _holding(sent)
    if whole and not any(one.path == each.path for one in found for each in whole):
        return False  # the body of another operation, which has all of these members
    known = [{*_schema(one).get("properties", {})} for one in found]
    return any(len(each & {*sent}) > 1 and "id" not in {*sent} - each for each in known)


def _holding(sent: dict[str, Any]) -> list[Operation]:
    """Return the operations whose body may have all of these members, and has to have no others."""
    every = (one for one in contract().operations.values() if one.body)
    schemas = [(one, _schema(one)) for one in every]
    return [
        one
        for one, each in schemas
        if {*each.get("required", ())} <= {*sent} <= {*each.get("properties", {})}
    ]


def _alone(sent: dict[str, Any], near: list[PastedRequest]) -> PastedRequest | None:
    """Return the request of the one operation whose body this can be; `near` are requests that give host and tenant."""
    for one in contract().operations.values():
        schema = _schema(one)
        known, needed = {*schema.get("properties", {})}, {*schema.get("required", ())}
        if one.api in known_apis() and known and {*sent} <= known and needed <= {*sent}:
            for other in near:
                if known_operation := operation_at(other.method, other.url):
                    start = other.url.partition(f"/{known_operation.version}/")[0]
                    if known_operation.api == one.api and start != other.url:
                        return replace(other, method=one.method, url=f"{start}{one.path}")
            url = f"{known_apis()[one.api].base_url}{one.path}"
            return PastedRequest(one.method, url, (), "", frozenset({"host-assumed", "named"}))
    return None


def _schema(operation: Operation) -> dict[str, Any]:
    if not operation.body:
        return {}
    address = contract().address(operation.body)
    found: dict[str, Any] = contract().resolve(address, address)[1]
    return found


def _is_sent_by(piece: PastedRequest, command: PastedRequest) -> bool:
    """Return whether a request is what `curl -v` shows of the command before it, whose body it does not show."""
    path = split_url(piece.url).path
    same = command.url.split("?")[0].endswith(path) and len(path) > 1
    return same and piece.method == command.method and bool(command.body) and not piece.body


def _is_body_of(piece: PastedAnswer, request: PastedRequest, after: Segment | None) -> bool:
    """Return whether an object is what a request before it sends, again or for the first time."""
    if not request.body and '"grant_type"' in piece.body:
        return True
    members = piece.members
    if piece.status is not None or piece.headers or not members or is_answer(members):
        return False
    if request.body:
        sent = json_in(request.body)
        return members in (sent if isinstance(sent, list) else [sent])
    answered = isinstance(after, PastedAnswer) and after.status is not None
    if answered and request.method in WRITES and "resourceType" in members:
        return bool(members["resourceType"] == fhir_resource(request.url))
    operation = operation_at(request.method, request.url)
    known = {*_schema(operation).get("properties", {})} if operation else set()
    # An object inside of one that can't be read is no body: it has none of the members of one.
    return answered and request.method in WRITES and not (known and known.isdisjoint(members))


def joined(pieces: list[Segment]) -> list[Segment]:
    """Put a body that follows a header block into the same answer, and one that a request sends into it."""
    joined: list[Segment] = []
    for piece, after in zip_longest(pieces, pieces[1:]):
        last = joined[-1] if joined else None
        if isinstance(piece, PastedRequest) and isinstance(last, PastedRequest):
            again = _is_sent_by(piece, last)
            joined[-1:] = [replace(piece, url=last.url, body=last.body)] if again else [last, piece]
        elif isinstance(piece, PastedAnswer) and isinstance(last, PastedRequest):
            sent = _is_body_of(piece, last, after)
            joined[-1:] = [replace(last, body=last.body or piece.body)] if sent else [last, piece]
        elif (
            isinstance(piece, PastedAnswer)
            and isinstance(last, PastedAnswer)
            and not last.body
            and (not piece.headers or (not last.headers and piece.status is None))
            and piece.status in (None, last.status)
            and not is_of_a_token(piece.members)
        ):
            joined[-1] = replace(last, headers=last.headers or piece.headers, body=piece.body)
        else:
            joined.append(piece)
    return joined
