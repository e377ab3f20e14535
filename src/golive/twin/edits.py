"""Defects that stand before a correct service: they edit requests before it reads them, and answers before they leave.

Such a defect is a row of `edits.toml` and no branch of the code. A place is a JSON pointer into a request or an
answer; ``*`` stands for each item. A request has ``query``, ``header`` and ``form`` (lists of values by name), ``body``
and, to be looked at, ``method``, ``path``, ``last`` (its decoded end), ``text`` (the body); an answer has ``status``,
``header``, ``body``, and the request as ``asked``.

A row names the operations that it is `on` and what it does to places: it may `put` a value, put one where it is
`lacking`, make it `gone`, replace a pattern in a text (`sub`), `copy` what stands at another one, or turn it into what
a maker `made` of it; `raw` is a media type and a whole body, and what `breaks` is answered 500. It does so `where` each
of these places holds what a pattern matches, or false: nothing. A request without a credential may be `lent` one.
"""

from __future__ import annotations

import base64
import json
import re
import tomllib
from copy import deepcopy
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers

from golive.twin.authorization.endpoint import is_token_request
from golive.twin.authorization.tokens import issue
from golive.twin.names import API_HOST, PRODUCTION_CLOUD
from golive.twin.operations import operations_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.responses import Response

    from golive.twin.http import Ask
    from golive.twin.world import World

    Row = dict[str, Any]

_BROKEN = {"code": "InternalServerError", "message": "Something went wrong."}
_REFUSED = {401, 403}
"""Statuses of the gateway: behind it, nothing has met the request that could break."""

_ABSENT = object()
_FLAGS = {"0": "false", "1": "true"}
_MAKERS: Mapping[str, tuple[type, Callable[[Any], Any]]] = {
    "array": (dict, lambda value: [value]),
    "fifty": (list, lambda values: values[:50]),
    "first": (list, lambda values: values[:1]),
    "flag": (str, lambda text: _FLAGS.get(text, text)),
    "last": (list, lambda values: values[-1:]),
    "lower": (str, str.lower),
    "number": (str, lambda text: int(text) if text.isdecimal() else text),
    "stripped": (str, str.strip),
    "text": (int, lambda value: str(value).lower()),
    "twice": (list, lambda values: (deepcopy(values[:1]) + values)[:1000]),
    "two": (list, lambda values: values[:2]),
    "upper": (str, str.upper),
    "whole": (float, int),
}
"""Name -> what is changed, and into what."""


@cache
def rows() -> dict[str, dict[str, list[Row]]]:
    """Return ``requests`` and ``answers`` -> name of each defect that edits them -> its rows."""
    tables = tomllib.loads(files(__package__).joinpath("edits.toml").read_text("utf-8"))
    return {
        of: {name: row if isinstance(row, list) else [row] for name, row in table.items()}
        for of, table in tables.items()
    }


def kinds_of(ask: Ask) -> set[str]:
    """Return the words by which a row, or the step of a scenario, can mean this request."""
    if ask.host == API_HOST:
        operation = operations_at(ask.segments).get(ask.method)
        return {"any", "api", operation.name if operation else "unknown"}
    if is_token_request(ask):
        return {"any", "token"}
    return {"any", "keys"} if ask.segments == ("jwk",) else {"any"}


def as_read(world: World, ask: Ask) -> Ask:
    """Return a request as the service reads it."""
    edits = [*_injected(world, ask, "requests")]
    if not edits:
        return ask
    document = _request(ask)
    for row in edits:
        _edit(row, document)
    if document["header"].get("authorization") == ["lent"]:
        document["header"]["authorization"] = [_lent(world, ask, document)]
    fields = [(n.encode(), v.encode()) for n, values in document["header"].items() for v in values]
    return replace(
        ask,
        method=document["method"],
        query=tuple((name, v) for name, values in document["query"].items() for v in values),
        headers=Headers(raw=fields),
        body=_written(document["body"], ask.body)
        if document["form"] == _form(ask)
        else urlencode(document["form"], doseq=True).encode(),
    )


def _lent(world: World, ask: Ask, document: Row) -> str:
    """Return the header of who has none: a token of the tenant that is asked for, or a client of it, the named one."""
    if ask.host == API_HOST:
        account = world.anyone(PRODUCTION_CLOUD, ask.segments[0])
        return f"Bearer {issue(world, account, account.scopes)}" if account else ""
    named = document["form"].get("client_id") or document["query"].get("client_id") or [""]
    account = world.account_of(ask.host, named[0]) or world.anyone(ask.host, ask.segments[1])
    pair = f"{account.client_id}:{account.client_secret}" if account else ":"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def as_sent(world: World, ask: Ask, response: Response) -> Response:
    """Return an answer as it leaves; `ask` is the request as it came."""
    edits = [*_injected(world, ask, "answers")]
    if not edits:
        return response
    body = bytes(response.body)
    header = {name: v for name, v in response.headers.items() if name != "content-length"}
    document: Row = {"asked": _request(ask), "status": response.status_code, "header": header}
    document["body"] = _json(body)
    for row in edits:
        _edit(row, document)
    content = document.get("raw", _written(document["body"], body))
    return type(response)(content, document["status"], header)


def _injected(world: World, ask: Ask, of: str) -> Iterator[Row]:
    """Yield the rows of the twin's defects that are on this request."""
    for name in sorted(world.settings.defects & rows()[of].keys()):
        yield from (row for row in rows()[of][name] if kinds_of(ask) & {*row["on"].split()})


def _request(ask: Ask) -> Row:
    query: dict[str, list[str]] = {}
    header: dict[str, list[str]] = {}
    for fields, found in ((ask.query, query), (ask.headers.items(), header)):
        for name, value in fields:
            found.setdefault(name, []).append(value)
    looked_at = {"method": ask.method, "path": ask.path, "last": ask.segments[-1]}
    looked_at["text"] = ask.body.decode("latin-1")
    parts = {"query": query, "header": header, "body": _json(ask.body), "form": _form(ask)}
    return {**looked_at, **parts}


def _form(ask: Ask) -> dict[str, list[str]]:
    return parse_qs(ask.body.decode("utf-8", "replace")) if is_token_request(ask) else {}


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _written(document: Any, before: bytes) -> bytes:
    """Return a body with what it holds now; one that was not changed stays as it was written."""
    if json.dumps(document) == json.dumps(_json(before)):
        return before
    return json.dumps(document, ensure_ascii=False).encode()


def _edit(row: Row, document: Row) -> None:
    if not all(_holds(document, *condition) for condition in row.get("where", {}).items()):
        return
    if "raw" in row:
        document["header"]["content-type"], document["raw"] = row["raw"]
    if "breaks" in row and document["status"] not in _REFUSED:
        document |= {"status": 500, "body": _BROKEN}
    for place, source in row.get("copy", {}).items():
        for value in _held(document, source):
            for holder, step in _places(document, place):
                holder[step] = value
    for kind, change in _CHANGES.items():
        for place, given in row.get(kind, {}).items():
            for holder, step in _places(document, place):
                change(holder, step, given)


def _gone(holder: Any, step: Any, _: object) -> None:
    if _at(holder, step) is not _ABSENT:
        del holder[step]


def _put(holder: Any, step: Any, value: Any) -> None:
    holder[step] = value


def _sub(holder: Any, step: Any, given: list[str]) -> None:
    pattern, text = given
    if isinstance(before := _at(holder, step), str):
        holder[step] = re.sub(pattern, text, before)


def _made(holder: Any, step: Any, maker: str) -> None:
    kind, make = _MAKERS[maker]
    if isinstance(before := _at(holder, step), kind):
        holder[step] = make(before)


_CHANGES: Mapping[str, Callable[[Any, Any, Any], object]] = {
    "gone": _gone,
    "put": _put,
    "lacking": lambda holder, step, value: holder.setdefault(step, value),
    "sub": _sub,
    "made": _made,
}


def _holds(document: Row, place: str, wanted: str | bool) -> bool:
    held = _held(document, place)
    if wanted is False:
        return not held
    return any(re.fullmatch(str(wanted), str(one), re.DOTALL) for one in held)


def _held(document: Row, place: str) -> list[Any]:
    """Return what stands at a place."""
    held = (_at(holder, step) for holder, step in _places(document, place))
    return [one for one in held if one is not _ABSENT]


def _at(holder: Any, step: Any) -> Any:
    return holder.get(step, _ABSENT) if isinstance(holder, dict) else holder[step]


def _places(document: Any, place: str) -> list[tuple[Any, Any]]:
    """Return the mappings and lists in which a place is, each with its key or its index there."""
    first, _, rest = place.removeprefix("/").partition("/")
    steps: list[Any] = []
    if isinstance(document, dict):
        steps = [*document] if first == "*" else [first]
    elif isinstance(document, list):
        steps = [at for at in range(len(document)) if first in ("*", str(at))]
    if not rest:
        return [(document, step) for step in steps]
    return [pair for step in steps for pair in _places(_at(document, step), rest)]
