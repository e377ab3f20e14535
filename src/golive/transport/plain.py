"""A plain, valid request for any operation, made of the environment's test data: nothing but what is needed.

The contract says where a value comes from: a key of the test data (`x-golive-test-data`), or an answer that links
to the operation. A body has its required members, and those that are test data.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import TYPE_CHECKING, Any

from golive.contract.apis import known_apis, known_operations
from golive.contract.mapping import MAPPING
from golive.contract.operations import unknown_operation
from golive.contract.outcomes import (
    CouldNotTellError,
    InvalidRequestError,
    NotClaimedError,
    SuiteError,
    ThinDataError,
)
from golive.kit.json_text import NotJsonError
from golive.kit.pointers import found_at
from golive.kit.problems import which

if TYPE_CHECKING:
    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.environment import Environment
    from golive.exchanges.model import Exchange

ANSWER = re.compile(r"\$response\.body#(/.*)")
"""The one runtime expression of OpenAPI that golive follows (OpenAPI 3.1 §4.8.20.4)."""

UNFIXED = {"string": "golive", "integer": 1, "number": 1, "boolean": True}


def base_url_of(environment: Environment, operation: Operation) -> str:
    """Return the URL below which an environment has the operation's API, without the version.

    Raises NotClaimedError where the environment has no such API.
    """
    if operation.api not in environment.apis:
        raise NotClaimedError(f"apis.{operation.api}", operation=operation.operation_id)
    return environment.apis[operation.api].base_url


@dataclass(frozen=True)
class Plain:
    """A plain request: what fills an operation's parameters and body; `body` is None where it takes none."""

    query: dict[str, str] = field(default_factory=dict)
    path: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None


def plain_arguments(
    contract: Contract, environment: Environment, operation: Operation, after: Exchange | None
) -> Plain:
    """Return what a plain request needs; `after` is an exchange whose answer may link to the operation.

    Raises NotClaimedError where the environment lacks it, CouldNotTellError where that answer does.
    """
    if operation.operation_id not in environment.claims.operations:
        raise NotClaimedError("claims.operations")
    places: dict[str, dict[str, str]] = {"query": {}, "path": {}, "header": {}}
    for parameter in operation.parameters:
        place, name = parameter["in"], parameter["name"]
        key = operation.test_data.get((place, name))
        value = environment.get(f"test_data.{key}") if key else None
        if value is None and parameter.get("required"):
            value = _linked(contract, operation, name, after)
            if value is None and key is None:
                raise SuiteError(f"{operation.operation_id}: nothing says what {name} may be")
            if value is None:
                raise NotClaimedError(f"test_data.{key}", operation=operation.operation_id)
        if value is not None:
            places[place][name] = id_of(value)
    body = None
    if operation.body is not None:
        filling = _Filling(contract, environment, operation)
        body = filling.value(contract.address(operation.body), contract.schema(operation.body))
    return Plain(places["query"], places["path"], places["header"], body)


def demand_claimed(environment: Environment, operation: str) -> None:
    """Raise NotClaimedError unless the environment claims the operation, InvalidRequestError where no API has it."""
    if operation not in environment.claims.operations:
        known = known_operations()
        if operation not in known:
            raise unknown_operation(operation, known)
        raise NotClaimedError("claims.operations")


def claimed_data(environment: Environment, operation: str, key: str) -> str:
    """Return an id of the test data; raises NotClaimedError where it or the operation is absent.

    Raises InvalidRequestError where no API has the operation, or test data of this key.
    """
    demand_claimed(environment, operation)
    try:
        value = environment.get(f"test_data.{key}")
    except KeyError:
        known = {name for api in known_apis().values() for name in api.test_data}
        raise InvalidRequestError(f"no API has test data {key}. {which(key, known)}") from None
    if value is None:
        raise NotClaimedError(f"test_data.{key}", operation=operation)
    return id_of(value)


def id_of(value: object) -> str:
    """Return the id of a record of the test data, which may be the id alone, as it stands in a URL."""
    return str(getattr(value, "id", value))


def _linked(
    contract: Contract, operation: Operation, name: str, after: Exchange | None
) -> str | None:
    """Return the parameter's value from an answer that links to the operation; None where none is given."""
    asked = contract.operations.get(after.request.operation) if after else None
    if after is None or asked is None:
        return None
    for target, parameters in asked.links(after.status):
        expression = ANSWER.fullmatch(parameters.get(name, ""))
        if target == operation.operation_id and expression:
            return _found(asked, after, expression[1])
    if not after.succeeded:
        raise CouldNotTellError(f"{after.name} answered {after.status}, not a list")
    return None


def _found(asked: Operation, after: Exchange, pointer: str) -> str:
    items = asked.items(after.status)
    listed = found_at(after.json_or_none, items) if items else None
    if isinstance(listed, list) and not listed:
        step = "Choose test data for which something is listed."
        raise ThinDataError(f"{after.name} has no items to look at", next_step=step)
    value = found_at(after.json_or_none, pointer)
    # The documents have strings; a whole number is as good, and the schema check says so.
    if not (isinstance(value, str) and value) and type(value) is not int:
        raise unsettled_member(after, pointer.rpartition("/")[2])
    return str(value)


def unsettled_member(
    exchange: Exchange, member: str, next_step: str = ""
) -> CouldNotTellError | NotClaimedError:
    """Say that an inferred member is absent or of another form or, first, that the body is not JSON.

    Where the project's mapping says that these answers do not have it, nothing is claimed of it.
    """
    if exchange.places and (role := exchange.places.absent_role(member)):
        return NotClaimedError(f"{MAPPING}: roles.{role}.places.{exchange.request.operation}")
    # The answers of one operation have one form, so this is one cause for all of them.
    who = exchange.request.operation or exchange.name
    try:
        _ = exchange.json
    except NotJsonError as error:
        happened = f"{who}: {error}, so nothing can be read in it"
        next_step = (
            "Find out who answers there: the API, or a proxy or a login page in front of it."
        )
    else:
        happened = f"{who}: the inferred member {member} is absent or of another form"
        usual = "See the findings of the schema check; `golive learn` shows where else it may be."
        next_step = next_step or usual
    return CouldNotTellError(happened, next_step=next_step, unsettled_shape=True)


class _Filling:
    """Fills a body by its schema: test data where it is marked, else the first value that is allowed."""

    def __init__(self, contract: Contract, environment: Environment, operation: Operation) -> None:
        self.contract, self.environment, self.operation = contract, environment, operation

    def value(self, base: str, node: dict[str, Any], *, needed: bool = True) -> Any:
        """Return a value for a schema that stands in the file `base`; None for one that is not needed."""
        schema = self._flat(base, node)
        key = schema.get("x-golive-test-data")
        if key:
            return self._from_test_data(key, schema, needed=needed)
        if "const" in schema or schema.get("enum"):
            return schema["const"] if "const" in schema else schema["enum"][0]
        if "properties" in schema:
            return self._object(schema)
        if "items" in schema:
            return [self.value(*schema["items"])]
        if schema.get("format") == "date-time":
            raise SuiteError(f"{self.operation.operation_id}: nothing says which instant is meant")
        return schema.get("default", UNFIXED.get(schema.get("type", "string"), UNFIXED["string"]))

    def _from_test_data(self, key: str, schema: dict[str, Any], *, needed: bool) -> Any:
        found = self.environment.get(f"test_data.{key}")
        if found is None:
            if needed:
                raise NotClaimedError(f"test_data.{key}", operation=self.operation.operation_id)
            return None
        if is_dataclass(found) and not isinstance(found, type):
            whole = {"properties", "items"} & schema.keys()
            found = asdict(found) if whole else getattr(found, "id", found)
        return [found] if "items" in schema else found

    def _object(self, schema: dict[str, Any]) -> dict[str, Any]:
        required = schema.get("required", ())
        made: dict[str, Any] = {}
        for name, (base, node) in schema["properties"].items():
            marked = "x-golive-test-data" in self._flat(base, node)
            if name in required or marked:
                value = self.value(base, node, needed=name in required)
                if value is not None:
                    made[name] = value
        return made

    def _flat(self, base: str, node: dict[str, Any]) -> dict[str, Any]:
        """Return a schema with what it refers to and its `allOf` put into one; its parts know their files."""
        flat: dict[str, Any] = {}
        parts = [(base, part) for part in node.get("allOf", ())]
        if "$ref" in node:
            parts.append(self.contract.resolve(base, node["$ref"]))
        for part_base, part in parts:
            inner = self._flat(part_base, part)
            properties = {**flat.get("properties", {}), **inner.get("properties", {})}
            required = [*flat.get("required", ()), *inner.get("required", ())]
            flat |= inner
            flat |= {"properties": properties} if properties else {}
            flat |= {"required": required} if required else {}
        own = {k: v for k, v in node.items() if k not in {"allOf", "$ref"}}
        if "properties" in own:
            members = {name: (base, one) for name, one in own["properties"].items()}
            own["properties"] = {**flat.get("properties", {}), **members}
        if isinstance(own.get("items"), dict):
            own["items"] = (base, own["items"])
        own["required"] = [*flat.get("required", ()), *own.get("required", ())]
        return flat | own
