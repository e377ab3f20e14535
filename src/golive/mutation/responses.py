"""Violations of what a success is: status, headers, media type, and each node of its body.

What the contract knows is taken from it: the OpenAPI description for the operations, the token endpoint's
schemas and headers for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from golive.contract.label import Basis
from golive.exchanges.model import Exchange, Steps
from golive.mutation.judge import Mutant
from golive.mutation.schema import encoded, violated
from golive.pytest_plugin.fixtures import EXCHANGES
from golive.transport.valid import guessed_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.exchanges.registry import Key
    from golive.mutation.record import Recording

PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Sign in</p></body></html>"
TOKEN_HEADERS = {
    "Cache-Control": Basis.STANDARD,
    "Pragma": Basis.STANDARD,
    "Cerner-Correlation-ID": Basis.INFERRED,  # that it is always there
}
FORMLESS = frozenset({"opc-request-id"})
"""Headers of which only the presence is known: real gateways write slashes into theirs (contract-facts §1)."""


@dataclass(frozen=True)
class RecordedExchange:
    """Where an exchange stands in a recording: its key, and its step where it is part of a chain."""

    key: Key
    step: str | None
    exchange: Exchange

    @property
    def name(self) -> str:
        """A name for lists: the exchange's, or its row's, with its step."""
        name, parameters = self.key
        shown = "/".join(value for _, value in parameters) or name
        return f"{shown}[{self.step}]" if self.step else shown


def places(recording: Recording) -> Iterator[RecordedExchange]:
    """Yield every single exchange of a recording."""
    for key, made in recording.made.items():
        if isinstance(made, Steps):
            for step, exchange in made.items():
                yield RecordedExchange(key, step, exchange)
        else:
            yield RecordedExchange(key, None, made)


class Mutator:
    """Makes mutants of one exchange."""

    def __init__(self, recording: Recording, place: RecordedExchange, area: str) -> None:
        self._recording, self._place, self._area = recording, place, area

    def mutant(
        self,
        kind: str,
        at: tuple[str, ...],
        violation: str,
        *,
        deciding: bool,
        not_by: frozenset[str] = frozenset(),
        **changes: Any,
    ) -> Mutant:
        """Return a mutant whose response differs in these members."""
        place = self._place
        changed = replace(place.exchange, response=replace(place.exchange.response, **changes))
        made: Any = changed
        if place.step is not None:
            steps = self._recording.made[place.key]
            made = Steps({**steps, place.step: changed})  # type: ignore[dict-item]
        name = f"{place.name}: {kind}"
        return Mutant(name, self._area, place.key, made, at, deciding, violation, not_by)

    def status(self, status: int, *, deciding: bool) -> Mutant:
        """Another status, all else the same."""
        return self.mutant(
            f"status {status}", ("status",), f"status {status}", deciding=deciding, status=status
        )

    def without_header(self, name: str, *, deciding: bool) -> Iterator[Mutant]:
        """The header gone, empty, and, where its form is known, of another form."""
        headers = self._place.exchange.response.headers
        changes = {"missing": headers.without(name), "empty": headers.with_(name, "")}
        if name not in FORMLESS:
            changes["garbled"] = headers.with_(name, "?")
        for kind, changed in changes.items():
            yield self.mutant(
                f"header {name} {kind}",
                (f"header:{name}",),
                f"header {name} {kind}",
                deciding=deciding,
                headers=changed,
            )

    def garbled_bodies(self, *, deciding: bool, firm_type: bool | None = None) -> Iterator[Mutant]:
        """A body that is cut, empty or a page, and another media type, which may be known less firmly."""
        response = self._place.exchange.response
        page_type = response.headers.with_("Content-Type", "text/html")
        yield self.mutant(
            "media type text/html", ("header:Content-Type",), "another media type",
            deciding=deciding if firm_type is None else firm_type, headers=page_type,
        )  # fmt: skip
        bodies = {"truncated": response.body[: len(response.body) // 2], "empty": b"", "page": PAGE}
        for kind, body in bodies.items():
            yield self.mutant(
                f"body {kind}", ("body",), f"a body that is {kind}", deciding=deciding, body=body
            )


def success_mutants(recording: Recording) -> Iterator[Mutant]:
    """Yield mutants of one correct success for each operation, the token endpoint and the key set."""
    contract = recording.contract
    for area, place, knows in _representatives(recording):
        make = Mutator(recording, place, area)
        firm = knows["status"] is not Basis.INFERRED
        yield make.status(500, deciding=firm)
        # Not found can be owed to a guessed name of the request; that the method is not allowed can't.
        guessed = guessed_members(contract, place.exchange.request)
        yield make.status(405 if guessed else 404, deciding=firm)
        for name, basis in knows["headers"].items():
            yield from make.without_header(name, deciding=basis is not Basis.INFERRED)
        if knows["schema"]:
            yield from make.garbled_bodies(deciding=knows["firm_body"])
    yield from _other_statuses(recording, contract)
    yield from _schema_mutants(recording, contract)


def _other_statuses(recording: Recording, contract: Contract) -> Iterator[Mutant]:
    """Yield a server error in place of each other success, which need not be one of a `must`."""
    # An exchange can be part of a chain and stand by itself, too: one fault is enough, where checks read it.
    seen = {id(place.exchange) for _, place, _ in _representatives(recording)}

    def rank(place: RecordedExchange) -> int:
        """A chain goes before what stands by itself, but for one that looks back at what checks read elsewhere."""
        if all(case.reads_all for case in recording.readers(place.key)):
            return 3
        if place.step is None:
            return 1
        return 2 if EXCHANGES[place.key[0]].last else 0

    for place in sorted(_plainest_first(recording), key=rank):
        kind, _ = _kind(contract, place.exchange) if place.exchange.succeeded else (None, {})
        if kind and id(place.exchange) not in seen:
            seen.add(id(place.exchange))
            yield Mutator(recording, place, kind).status(500, deciding=False)


def _representatives(
    recording: Recording,
) -> Iterator[tuple[str, RecordedExchange, dict[str, Any]]]:
    """Yield (area, place, what the contract knows) of the plainest success of each kind."""
    seen: set[str] = set()
    for place in _plainest_first(recording):
        if not place.exchange.succeeded:
            continue
        kind, knows = _kind(recording.contract, place.exchange)
        if kind and kind not in seen:
            seen.add(kind)
            yield kind, place, knows


def _plainest_first(recording: Recording) -> list[RecordedExchange]:
    """Give every exchange, first the one that most checks read: that is its operation's plain one.

    What reads a chain may read another step of it, so a step counts a quarter; what reads every answer separates none.
    """

    def readers(place: RecordedExchange) -> float:
        own = sum(not case.reads_all for case in recording.readers(place.key))
        return own * (1 if place.step is None else 0.25)

    # By name where as many read it: the order in which they were made changes from run to run.
    return sorted(places(recording), key=lambda place: (-readers(place), str(place.key)))


def _kind(contract: Contract, exchange: Exchange) -> tuple[str | None, dict[str, Any]]:
    path = urlsplit(exchange.request.url).path
    if path.endswith("/jwk"):
        # A key set that could not be read is said to be unread, and decides nothing.
        return "key set", _known("oauth/key-set", {}, Basis.INFERRED, firm_body=True)
    if "/protocols/oauth2/" in path:
        return "token", _known(
            "oauth/token-response", TOKEN_HEADERS, Basis.STANDARD, firm_body=True
        )
    operation = contract.operation_of(exchange.request.method, exchange.request.url)
    if operation is not None and str(exchange.status) in operation.description["responses"]:
        return operation.operation_id, _of_openapi(operation, exchange.status)
    return None, {}


def _known(
    schema: str | None, headers: dict[str, Basis], status: Basis, *, firm_body: bool
) -> dict[str, Any]:
    return {"schema": schema, "headers": headers, "status": status, "firm_body": firm_body}


def _of_openapi(operation: Operation, code: int) -> dict[str, Any]:
    status = Basis(operation.response(code).get("x-basis", "documented"))
    headers = {
        name: Basis(one.get("x-basis", "documented"))
        for name, one in operation.headers(code).items()
        if one.get("required")
    }
    return _known(operation.schema(code), headers, status, firm_body=status is not Basis.INFERRED)


def _schema_mutants(recording: Recording, contract: Contract) -> Iterator[Mutant]:
    """Yield the smallest violations of each response schema, each node once for each basis, where it first occurs."""
    seen: set[tuple[str, str, Basis]] = set()
    known: set[tuple[Any, ...]] = set()
    # A chain is read for what it leads to; the form of a body is read where an exchange stands by itself.
    for place in sorted(_plainest_first(recording), key=lambda place: place.step is not None):
        if not place.exchange.succeeded:
            continue
        kind, knows = _kind(contract, place.exchange)
        body = place.exchange.json_or_none
        if kind is None or not knows["schema"] or body is None or _huge(body):
            continue
        make = Mutator(recording, place, kind)
        for wrong in violated(contract, knows["schema"], body, known):
            if (wrong.node, wrong.kind, wrong.basis) not in seen:
                seen.add((wrong.node, wrong.kind, wrong.basis))
                yield make.mutant(
                    f"{wrong.at or 'body'} {wrong.kind}",
                    (wrong.at or "body",),
                    f"{wrong.kind} at {wrong.at or 'body'}",
                    deciding=wrong.basis is not Basis.INFERRED,
                    body=encoded(wrong.instance),
                )


def _huge(body: Any) -> bool:
    items = body.get("items") if isinstance(body, dict) else None
    return isinstance(items, list) and len(items) > 100
