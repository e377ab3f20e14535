"""What every answer must keep, whatever was asked: pure statements about one exchange or one sequence.

Nothing here knows how a request came about. A rule yields what is wrong; how that is known is said by the
label of the rule's check, or by one of its own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from golive.checks.disclosure import repeated_secrets
from golive.checks.hooks import hooks
from golive.contract.harm import COMPLETE_ANSWER, JSON_TEXT
from golive.contract.label import GUESS, Basis, Label
from golive.fuzz.violations import flaws
from golive.kit.json_text import NotJsonError
from golive.kit.pointers import found_at
from golive.kit.problems import counted
from golive.redaction.rendering import show, show_word
from golive.refusals.unwritten import shows_insides

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.environment import Environment
    from golive.exchanges.model import Exchange

CHECKS_OWN = Label()
"""The label of what is known as the rule's check is."""

REQUEST_ID = "opc-request-id"
TOO_LARGE = frozenset({413, 414, 431})
"""What a server in front may say of a request that is too long, before anybody has read it."""


@dataclass(frozen=True)
class Broken:
    """One violation of one rule: `at` as in a finding, expected and actual in words, its label as far as it has one."""

    at: str
    expected: str
    actual: str
    label: Label = CHECKS_OWN


def no_server_error(exchange: Exchange, *_: Any) -> Iterator[Broken]:
    """The server does not fail, whatever it is sent."""
    if exchange.status >= 500:
        yield Broken("status", "below 500", str(exchange.status))


def documented_status(exchange: Exchange, contract: Contract, _: Any) -> Iterator[Broken]:
    """The status is one that the operation can have; 5xx is another rule's business."""
    operation = _operation_of(exchange, contract)
    if operation is None or exchange.status >= 500:
        return
    known = operation.description["responses"]
    if str(exchange.status) in known or f"{exchange.status // 100}XX" in known:
        return
    if exchange.succeeded and sum(status.startswith("2") for status in known) > 1:
        return  # where several are described, no public text says which 2xx it is
    yield Broken("status", ", ".join(known), str(exchange.status))


def media_type(exchange: Exchange, *_: Any) -> Iterator[Broken]:
    """What has a body says that it is JSON."""
    if exchange.response.body and exchange.media_type != "application/json":
        label = GUESS if exchange.status in TOO_LARGE else CHECKS_OWN
        actual = show_word(exchange.media_type) or "absent"
        yield Broken("header:Content-Type", "application/json", actual, label)


def request_id(exchange: Exchange, contract: Contract, _: Any) -> Iterator[Broken]:
    """The answer has an opc-request-id, as firmly as the contract has it for the operation and the status."""
    yield from _lacking(REQUEST_ID, exchange, contract)


def headers(exchange: Exchange, contract: Contract, _: Any) -> Iterator[Broken]:
    """The answer has the headers that the contract demands of its status, such as a challenge with 401."""
    for name, header in _response_of(exchange, contract).get("headers", {}).items():
        if name != REQUEST_ID and header.get("required"):
            yield from _lacking(name, exchange, contract)


def _lacking(name: str, exchange: Exchange, contract: Contract) -> Iterator[Broken]:
    if not exchange.header(name):
        shown = "absent" if exchange.header(name) is None else "empty"
        asked = exchange.request
        label = contract.header_label(asked.method, asked.url, exchange.status, name)
        yield Broken(f"header:{name}", "present", shown, label)


def body_schema(exchange: Exchange, contract: Contract, _: Any) -> Iterator[Broken]:
    """The body is complete, and JSON of the shape that the contract gives for the status."""
    if exchange.response.broken:
        yield Broken("body", COMPLETE_ANSWER, exchange.response.broken)
        return
    operation = _operation_of(exchange, contract)
    schema = operation.schema(exchange.status) if operation and exchange.status < 500 else None
    if schema is None or exchange.status in TOO_LARGE:
        return
    try:
        document = exchange.json
    except NotJsonError as error:
        yield Broken("body", JSON_TEXT, str(error))
        return
    guess = operation is not None and operation.guesses_body(exchange.status)
    for found in contract.violations(schema, document):
        label = Label(None, Basis.INFERRED if guess else found.basis, found.source)
        yield Broken(found.at or "body", found.expected, found.actual, label)


def _operation_of(exchange: Exchange, contract: Contract) -> Operation | None:
    return contract.operation_of(exchange.request.method, exchange.request.url)


def _response_of(exchange: Exchange, contract: Contract) -> Mapping[str, Any]:
    """Return what the contract says of this status of this operation; nothing for 5xx."""
    operation = _operation_of(exchange, contract)
    known = operation is not None and exchange.status < 500
    return operation.response(exchange.status) if operation and known else {}


def invalid_refused(exchange: Exchange, contract: Contract, _: Any) -> Iterator[Broken]:
    """A request that breaks a documented rule does not succeed."""
    if exchange.succeeded:
        for flaw in flaws(exchange, contract):
            expected = f"a refusal, since the request lacks: {flaw.expected}"
            label = Label(basis=flaw.basis)
            yield Broken(flaw.at, expected, f"status {exchange.status}", label)


def authentication(exchange: Exchange, *_: Any) -> Iterator[Broken]:
    """A request without a credential is refused with 401 or 403, however odd the rest of it is."""
    if exchange.request.headers.get("Authorization") is None and exchange.status < 400:
        yield Broken("status", "401", str(exchange.status))


def no_secret(exchange: Exchange, *_: Any) -> Iterator[Broken]:
    """No credential and nothing of the server's inside comes back."""
    for repeated in repeated_secrets(exchange):
        yield Broken("body", "nothing secret", repeated)
    if not exchange.succeeded and shows_insides(exchange.text):
        yield Broken("body", "nothing of the server's inside", "a stack trace", GUESS)


def own_data(exchange: Exchange, contract: Contract, environment: Environment) -> Iterator[Broken]:
    """Data comes only for a patient or a message that was named exactly."""
    operation = _operation_of(exchange, contract)
    body = exchange.json_or_none
    if operation is None or not exchange.succeeded or not isinstance(body, dict):
        return
    if pointer := operation.items(exchange.status):
        named = {
            one["name"]
            for one in operation.parameters
            if one["in"] == "query" and {"x-golive-personal", "x-golive-test-data"} <= one.keys()
        }
        asked = {value for name, value in exchange.request.query if name in named}
        known = {one for one in asdict(environment.test_data).values() if isinstance(one, str)}
        items = found_at(body, pointer)
        if isinstance(items, list) and items and named and not asked <= known:
            expected = "no items for a patient that does not exist"
            yield Broken(pointer, expected, counted(len(items), "item"))
    elif operation.path.endswith("}"):
        asked_id = unquote(urlsplit(exchange.request.url).path.rsplit("/", 1)[-1])
        if isinstance(body.get("id"), str) and body["id"] != asked_id:
            yield Broken("/id", "the id that was asked for", show(body["id"]))


if TYPE_CHECKING:
    Rule = Callable[[Exchange, Contract, Environment], Iterator[Broken]]
    SequenceRule = Callable[[tuple[Exchange, ...]], Iterator[Broken]]

RULES: Mapping[str, Rule] = {
    "no-server-error": no_server_error,
    "documented-status": documented_status,
    "media-type": media_type,
    "request-id": request_id,
    "headers": headers,
    "body-schema": body_schema,
    "invalid-refused": invalid_refused,
    "authentication": authentication,
    "no-secret": no_secret,
    "own-data": own_data,
}
"""The last part of a check's id -> its rule."""


def sequences() -> Mapping[str, SequenceRule]:
    """Return the last part of a check's id -> its rule about a call and what followed from it, of every API."""
    found: dict[str, SequenceRule] = {}
    for rules in hooks().golive_sequence_rules():
        found |= rules
    return found
