"""Finds requests and answers in a JSON value, wherever they stand in it: by the members that each of them has.

So a HAR file, a Postman collection, a newman report, an error of axios and a structured log are read in one pass. What
is written in another object notation (a JavaScript console, a Python dict, a JSON text cut short) is read first as
YAML, which knows most of it, and otherwise by the few members that an answer can have.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from golive.diagnosis.paste.exported import filled_in, granting, pairs_of, request_of
from golive.diagnosis.paste.named import requests_of
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import PastedAnswer, json_in, unescaped
from golive.diagnosis.paste.recorded import recorded
from golive.diagnosis.services import vendor_of
from golive.exchanges.har_others import bytes_of, status_of
from golive.kit.wire import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.diagnosis.paste.pieces import Segment

DEEPEST = 40
STATUSES = ("status", "statusCode", "status_code", "httpStatus", "code")
BODIES = ("data", "body", "responseBody", "response_body", "text", "content", "stream", "error")
ANSWERS = ("error", "error_uri", "access_token", "resourceType", "active", "keys", "issuer")
LARGEST_LOOSE = 20_000
CODE = re.compile(r"[a-z]+(?:[_-][a-z]+)*")
"""An error code; a sentence behind `error:` in the text of a program is no answer."""
CLASS = re.compile(r"(?:\b\w+ )?\[[\w ]+\] \{|\b[A-Z]\w+ \{")
"""How a JavaScript console names the class of an object before it: `Object [AxiosHeaders] {`."""


def pieces_of(value: object) -> list[Segment]:
    """Return the requests and answers that a decoded value holds, in their order."""
    variables = {
        str(each.get("key")): str(each.get("value"))
        for name in ("variable", "values")
        for each in (value.get(name) if isinstance(value, dict) else None) or ()
        if isinstance(each, dict)
    }
    if isinstance(value, dict) and "values" in value and "item" not in value:
        named = ((name, filled_in(each, variables)) for name, each in variables.items())
        return requests_of("\n".join(f"{name}={each}" for name, each in named))
    return list(_walk(value, variables, 0))


class _Plain(yaml.BaseLoader):
    """Reads every scalar as text, and no alias: a few of them could stand for millions of values."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node that is no alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


def _typed(value: object) -> Any:
    """Turn the words of other notations into what JSON has for them: numbers of a status, and nothing."""
    if isinstance(value, dict):
        return {str(name): _typed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_typed(each) for each in value]
    if value in ("null", "None", "undefined", "nil"):
        return None
    return int(value) if isinstance(value, str) and re.fullmatch(r"[1-5]\d\d", value) else value


def loose(text: str) -> dict[str, Any] | None:
    """Read the object that a text begins with, which is not JSON; None where nothing of an answer is in it."""
    text = text[:LARGEST_LOOSE]
    end = end_of(text)
    try:
        value = _typed(yaml.load(CLASS.sub("{", text[:end]), _Plain)) if end else None  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError):
        value = None
    if isinstance(value, dict) and (list(_walk(value, {}, 0)) or is_answer(value)):
        return value
    said = [*pattern("answer_member").finditer(text[: end or None])]
    found = {m[1]: _unescaped(m[2] or m[3] or m[4]) for m in reversed(said)}  # the first one counts
    typed: dict[str, Any] = {
        k: whole_number(v) or v if k in ("code", "status") else v for k, v in found.items()
    }
    only_words = set(typed) == {"error"} and not CODE.fullmatch(typed["error"])
    return typed if is_answer(typed) and not only_words else None


def _unescaped(text: str | None) -> str:
    return (text or "").replace('\\"', '"').replace("\\/", "/")


def end_of(text: str) -> int:
    """Return where the object ends that a text begins with, 0 where it is cut short."""
    depth, quote, skip = 0, "", False
    for at, sign in enumerate(text):
        if skip:
            skip = False
        elif sign == "\\":
            skip = True
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
            if not depth:
                return at + 1
    return 0


def is_answer(value: dict[str, Any]) -> bool:
    """Return whether an object is what a token endpoint, a gateway or a FHIR server answers with."""
    if isinstance(value.get("error"), str) or isinstance(value.get("access_token"), str):
        return True
    if isinstance(value.get("items"), list) or "error_uri" in value:
        return True
    if value.get("resourceType") == "OperationOutcome":
        return True
    text = json.dumps(value) if {"error", "fault"} & set(value) else ""
    coded = isinstance(value.get("message"), str) and type(value.get("code")) in (int, str)
    return coded or vendor_of(value, (), text) is not None


def _walk(value: object, variables: dict[str, str], depth: int) -> Iterator[Segment]:
    if depth > DEEPEST:
        return
    if isinstance(value, str):
        yield from _in_text(value, variables, depth)
    elif isinstance(value, list):
        for each in value:
            yield from _walk(each, variables, depth + 1)
    elif isinstance(value, dict):
        yield from _in_object(value, variables, depth)


def _in_text(text: str, variables: dict[str, str], depth: int) -> Iterator[Segment]:
    start = text.find("{")
    if start >= 0 and len(text) <= LARGEST_LOOSE:
        yield from _walk(unescaped(text[start:])[1], variables, depth + 1)


def _in_object(value: dict[str, Any], variables: dict[str, str], depth: int) -> Iterator[Segment]:
    if isinstance(value.get("run"), dict) and "executions" in value["run"]:
        value = value["run"]  # a newman report repeats the collection that it ran
        value = {"executions": value["executions"]}
    if found := recorded(value):
        yield from found
        return
    # Power Automate and Logic Apps have `inputs` and `outputs`.
    request = value.get("request", value.get("inputs")) if not is_answer(value) else None
    config = value.get("config")
    asked = next((one for one in (request, config, value) if _is_request(one)), None)
    if isinstance(auth := value.get("auth"), dict):
        yield from granting(auth, variables)
        for item in value.get("item") or () if auth.get("type") in ("basic", "bearer") else ():
            inner = item.get("request", item) if isinstance(item, dict) else None
            if isinstance(inner, dict):
                inner.setdefault("auth", auth)  # requests inherit it from collection and folder
    if asked is not None:
        yield request_of(_sent(asked), variables)
    answered = value.get("response", value.get("outputs"))
    for one in answered if isinstance(answered, list) else [answered]:
        if isinstance(one, dict):
            yield from _answer(one)
    if answered is None and (is_answer(value) or _wraps_an_answer(value)):
        yield from _answer(value)
        return
    taken = {"response", "outputs", "auth", "variable", "values"}
    taken |= {"request", "config", "inputs"} if asked else set()
    for name, each in value.items():
        if name not in taken and each is not None and (asked is not value or name in ("item",)):
            yield from _walk(each, variables, depth + 1)


FORMS = ("form", "payload", "requestBody", "request_body", "sent")
"""Members that hold what was sent, beside a body that came."""


def _sent(value: dict[str, Any]) -> dict[str, Any]:
    """Return what of an entry is the request's, where one object holds the answer as well: its body is none of it."""
    form = next((value[name] for name in FORMS if isinstance(value.get(name), str | dict)), None)
    answered = any(_as_status(value.get(name)) for name in STATUSES)
    if not answered and form is None:
        return value
    bodies = [name for name in BODIES if form is not None or _is_an_answer_body(value.get(name))]
    own = {name: each for name, each in value.items() if name not in bodies}
    if form is None:
        return own
    return own | {"body": form if isinstance(form, str) else json.dumps(form)}


def _is_an_answer_body(body: object) -> bool:
    given = json_in(body) if isinstance(body, str) else body
    return isinstance(given, dict) and is_answer(given)


def _is_request(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("url", value.get("uri")), str | dict)
        and bool({"method", "headers", "header"} & set(value))
    )


def _wraps_an_answer(value: dict[str, Any]) -> bool:
    has_status = any(_as_status(value.get(name)) for name in STATUSES)
    return has_status and (
        "statusText" in value
        or any(isinstance(value.get(name), dict | str) and value.get(name) for name in BODIES)
    )


def _as_status(value: object) -> int | None:
    number = status_of(value)
    return number if type(number) is int and 100 <= number < 600 else None


def _answer(value: dict[str, Any]) -> Iterator[Segment]:
    if is_answer(value) and "data" not in value:
        yield PastedAnswer(None, (), json.dumps(value))
        return
    status = next((s for name in STATUSES if (s := _as_status(value.get(name)))), None)
    headers = pairs_of(value.get("headers", value.get("header")))
    body: object = next((value[name] for name in BODIES if value.get(name)), "")
    if isinstance(body, dict) and body.get("type") == "Buffer":
        body = bytes_of(body.get("data")).decode("utf-8", "replace")
    elif isinstance(body, dict) and "text" in body:
        encoded = body.get("encoding") == "base64"
        text = str(body["text"])
        body = bytes_of(text).decode("utf-8", "replace") if encoded else body["text"]
    text = body if isinstance(body, str) else json.dumps(body)
    if status is not None or text:
        yield PastedAnswer(status, headers, text)
