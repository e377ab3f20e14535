"""Sends calls through the client, remembers the answers, and follows the links of the contract.

A write that was accepted is followed by the links that the OpenAPI description gives for it: what was sent is
looked for among the sent items and read by its id, what was changed is read again. The ids and versions of
the plain request are read from the deployment when they are needed.

It also writes what a report says about a violation: what was odd, how to repeat it, a curl command without secrets.
"""

from __future__ import annotations

import shlex
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from golive.checks.hooks import hooks
from golive.contract.operations import READING
from golive.contract.outcomes import NotClaimedError
from golive.environment import run_words
from golive.exchanges.curl import command
from golive.exchanges.failures import ForbiddenRequestError
from golive.exchanges.schedule import unavailable
from golive.fuzz.calls import request_of
from golive.kit.json_text import NotJsonError, read_json
from golive.kit.pointers import found_at
from golive.transport.plain import Plain, base_url_of, plain_arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.environment import Environment
    from golive.exchanges.model import Exchange, Request
    from golive.fuzz.calls import Call
    from golive.transport.api import MessagesApi


def plain_request(
    operation: Operation, environment: Environment, contract: Contract
) -> Callable[[Callable[..., Exchange]], Plain]:
    """Return what makes the plain valid request of an operation when it is given a function that reads.

    Raises NotClaimedError where the environment lacks test data for it.
    """
    own = hooks().golive_plain_request(operation=operation, environment=environment)
    if own is not None:
        return cast("Callable[[Callable[..., Exchange]], Plain]", own)

    plain = partial(plain_arguments, contract, environment, operation)
    try:
        known = plain(None)
    except NotClaimedError:
        listing = _that_links_to(operation, environment, contract)
        if listing is None:
            raise
        before = plain_arguments(contract, environment, listing, None)
        return lambda read: plain(
            read(listing.operation_id, query=before.query, path=before.path, body=before.body)
        )
    return lambda _: known


def _that_links_to(
    operation: Operation, environment: Environment, contract: Contract
) -> Operation | None:
    """Return a claimed probe whose answer links to a claimed operation, None where there is none."""
    claimed = environment.claims.operations
    return next(
        (
            one
            for one in contract.operations.values()
            if one.probe
            and {one.operation_id, operation.operation_id} <= set(claimed)
            and any(target == operation.operation_id for target, _ in one.links(200))
        ),
        None,
    )


def demand_usable(operation: Operation, environment: Environment, contract: Contract) -> None:
    """Raise NotClaimedError where the environment allows no generated requests for an operation."""
    if operation.method not in READING and not environment.may_write:
        raise NotClaimedError("safety.writes")
    if operation.operation_id not in environment.claims.operations:
        raise NotClaimedError("claims.operations")
    plain_request(operation, environment, contract)


def usable(environment: Environment, contract: Contract) -> list[Operation]:
    """Return the operations for which this environment allows generated requests."""
    found = []
    for operation in contract.operations.values():
        with suppress(NotClaimedError):
            demand_usable(operation, environment, contract)
            found.append(operation)
    return found


class Sender:
    """Sends the calls of one operation; `sent` counts the requests."""

    def __init__(
        self, api: MessagesApi, environment: Environment, contract: Contract, operation: Operation
    ) -> None:
        self.environment = environment
        self.contract = contract
        self.operation = operation
        self.sent = 0
        self._api = api
        self._remembered: dict[str, tuple[Exchange, ...]] = {}
        self._plain: Plain | None = None

    def group(self, call: Call) -> tuple[Exchange, ...]:
        """Return the exchange of a call and those that follow from it.

        Empty where the call can't be written as HTTP. Raises CouldNotTellError where the service is not
        available, BudgetSpentError, TransportError.
        """
        if call.key not in self._remembered:
            self._remembered[call.key] = tuple(self._made(call))
        return self._remembered[call.key]

    def _made(self, call: Call) -> Iterator[Exchange]:
        if self._plain is None:
            make = plain_request(self.operation, self.environment, self.contract)
            self._plain = make(self._read)
        plain = self._plain
        headers = self._api.own_headers(with_body=plain.body is not None)
        base_url = base_url_of(self.environment, self.operation)
        try:
            request = request_of(call, plain, self.operation, base_url, headers)
            exchange = self._send(request, call.part)
        except (UnicodeError, ForbiddenRequestError):
            return  # a dot as an id, a line break in a header: no request to ask anything with
        yield exchange
        if exchange.succeeded and self.operation.method == "POST":
            self._plain = None  # what was written may have changed what is valid
            yield from self._followed(exchange)

    def _send(self, request: Any, name: str) -> Exchange:
        self.sent += 1
        exchange = self._api.send(request, name, generated=True)
        if exchange.unavailable:
            raise unavailable(exchange)
        return exchange

    def _read(self, operation_id: str, **places: Any) -> Exchange:
        return self._send(self._api.request(operation_id, **places), operation_id)

    def _followed(self, exchange: Exchange) -> Iterator[Exchange]:
        status = exchange.status if self.operation.response(exchange.status) else 200
        for operation, parameters in self.operation.links(status):
            values = {name: _value(said, exchange) for name, said in parameters.items()}
            known = all(isinstance(value, str) and value for value in values.values())
            if not known or operation not in self.environment.claims.operations:
                continue
            target = self.contract.operations[operation]
            path = {k: v for k, v in values.items() if k in target.parameter_names("path")}
            query = {k: v for k, v in values.items() if k not in path}
            try:
                request = self._api.request(
                    target.operation_id, path=path, query=query, answered=True
                )
                yield self._send(request, target.operation_id)
            except (UnicodeError, ForbiddenRequestError):
                continue


def _value(expression: str, exchange: Exchange) -> Any:
    """Evaluate a runtime expression of OpenAPI: a JSON pointer into the request or the response."""
    source, _, pointer = expression.partition("#")
    try:
        value = read_json(exchange.request.body) if "request" in source else exchange.json
    except NotJsonError:
        return None
    return found_at(value, pointer)


def curl(request: Request, environment: Environment) -> str:
    """Return the command that sends the request again, without the ids of test data that may be a person's."""
    named = environment.test_data.present().values()
    return command(request, hidden=[one for one in named if isinstance(one, str)])


def repeat(environment: Environment, slug: str) -> str:
    """Return the command that makes the same generated requests again."""
    generated = environment.generated
    return (
        f"golive run {shlex.join(run_words(environment))} --generated "
        f"--profile {generated.profile} --seed {generated.seed} -k generated-{slug}"
    )
