"""What the contract says of one place in an answer, and in which schema node it says so.

A place is a path with its array indexes folded, so `/items/[]/status` is one place however many items there
are. References are followed and all branches are read; what only some branches say binds nobody.

It also decides which names a fingerprint may hold: the contract's own, and others that can't be anybody's data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.operations import ADDRESS
from golive.kit.pointers import escape, steps_of
from golive.redaction import REDACTOR, redact
from golive.redaction.personal import MEMBER_NAME
from golive.redaction.rendering import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.document import Contract


KINDS = frozenset({"object", "array", "string", "integer", "number", "boolean", "null"})

DEEPEST = 20
"""References and branches that are followed from one node; a schema that refers to itself ends here."""


@dataclass(frozen=True)
class Node:
    """One schema that applies to a place: where it stands, how it is known, whether it always applies."""

    base: str
    pointer: str
    schema: Any
    basis: Basis
    certain: bool = True

    @property
    def address(self) -> str:
        """The file below `schemas/` and the place in it: `folder/name.schema.json#/properties/x`."""
        return f"{self.base.removeprefix(ADDRESS)}#{self.pointer}"


@dataclass(frozen=True)
class Promise:
    """All that the contract says of one place. Without nodes, it does not know the place."""

    nodes: tuple[Node, ...] = ()
    required_by: Node | None = None
    holder: Node | None = None

    @property
    def known(self) -> bool:
        """Whether some schema names the place."""
        return bool(self.nodes)

    @property
    def forbidden(self) -> bool:
        """Whether a schema says that nothing belongs here."""
        return any(n.schema is False or _dict(n).get("not") == {} for n in self.nodes)

    @cached_property
    def types(self) -> frozenset[str]:
        """The JSON types that are allowed here, all of them where nothing is said."""
        allowed = KINDS
        sure = [_types(_dict(node)) for node in self.nodes if node.certain]
        maybe = [_types(_dict(node)) for node in self.nodes if not node.certain]
        for one in filter(None, sure):
            allowed &= one | ({"integer"} if "number" in one else set())
        named = frozenset().union(*filter(None, maybe))
        return allowed & named if named and allowed == KINDS else allowed

    @cached_property
    def values(self) -> frozenset[str] | None:
        """The enumerated texts, None where there is no enumeration."""
        found: list[Any] = []
        for node in map(_dict, self.nodes):
            found += node.get("enum", ())
            found += [node["const"]] if "const" in node else []
        return frozenset(map(str, found)) if found else None

    @property
    def node(self) -> Node | None:
        """The node to name for this place: the one that says most, else the one that holds it."""
        said = sorted(self.nodes, key=lambda one: -len(_dict(one)))
        return said[0] if said else self.holder

    @property
    def basis(self) -> str:
        """How the contract knows the place: a basis, or `unknown`."""
        node = self.required_by or (self.node if self.known else None)
        return str(node.basis) if node else "unknown"


@dataclass
class Promises:
    """The promises of one answer's body; `root` is the address of its schema, None where there is none."""

    contract: Contract
    root: str | None
    _known: dict[str, Promise] = field(default_factory=dict)

    def at(self, path: str) -> Promise:
        """Return what is promised at a path such as `/items/[]/status`."""
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._find(path)
        return found

    def child(self, path: str, name: str) -> str:
        """Return the path of a member of the object at this path."""
        return f"{path}/{escape(name)}"

    def _find(self, path: str) -> Promise:
        if self.root is None:
            return Promise()
        if not path:
            base, schema = self.contract.resolve(self.root, self.root)
            return Promise(tuple(self._spread(Node(base, "", schema, Basis.DOCUMENTED))))
        parent, _, step = path.rpartition("/")
        above = self.at(parent)
        (name,) = steps_of(f"/{step}")
        nodes: list[Node] = []
        required: Node | None = None
        for node in above.nodes:
            schema = _dict(node)
            if name in schema.get("required", ()) and node.certain:
                required = required if required and required.basis != "inferred" else node
            if step == ITEM and schema.get("items"):  # {} is there for generators and says nothing
                nodes += self._spread(_under(node, ("items",)))
            elif step not in {ITEM, OTHER} and name in schema.get("properties", {}):
                nodes += self._spread(_under(node, ("properties", name)))
        holder = next((n for n in above.nodes if "properties" in _dict(n)), above.node)
        return Promise(tuple(nodes), required, holder)

    def _spread(self, node: Node, depth: int = 0) -> Iterator[Node]:
        """Yield the node, marked with its basis, and all that it refers to."""
        schema = node.schema
        if isinstance(schema, dict) and "x-basis" in schema:
            basis = Basis(schema["x-basis"])
            node = Node(node.base, node.pointer, schema, basis, node.certain)
        yield node
        if not isinstance(schema, dict) or depth == DEEPEST:
            return
        below: list[Node] = []
        if "$ref" in schema:
            base, target = self.contract.resolve(node.base, schema["$ref"])
            pointer = schema["$ref"].partition("#")[2]
            below.append(Node(base, pointer, target, node.basis, node.certain))
        for keyword in ("allOf", "anyOf", "oneOf"):
            steps = [(keyword, str(index)) for index in range(len(schema.get(keyword, ())))]
            below += [_under(node, one, certain=keyword == "allOf") for one in steps]
        branches = [(keyword,) for keyword in ("then", "else") if keyword in schema]
        below += [_under(node, one, certain=False) for one in branches]
        for one in below:
            yield from self._spread(one, depth + 1)


def _under(node: Node, steps: tuple[str, ...], *, certain: bool = True) -> Node:
    schema, pointer = node.schema, node.pointer
    for step in steps:
        schema = schema[int(step)] if isinstance(schema, list) else schema[step]
        pointer += f"/{escape(step)}"
    return Node(node.base, pointer, schema, node.basis, node.certain and certain)


def _dict(node: Node) -> dict[str, Any]:
    return node.schema if isinstance(node.schema, dict) else {}


def _types(schema: dict[str, Any]) -> frozenset[str] | None:
    said = schema.get("type")
    if said is None:
        return None
    return frozenset([said] if isinstance(said, str) else said)


ITEM = "[]"
"""Stands for every index of an array."""

OTHER = "{}"
"""Stands for every name that may be data."""

LONGEST = 40
WORDS = words(
    """
    accept access accounting age akamai allow alt amz apigw app auth authenticate authorization azure b3 backend
    cache cdn cerner challenge charset ci client cloud cloudflare cluster code connection content control
    cookie correlation country credentials cross csp ct date debug deflate deprecation disposition dns domain
    download edge embedder encoding error etag execution expect expires expose failure fastly features for
    forwarded frame from gateway grpc headers hits host http id if info instance ip json keep kong language
    last latency length level limit link location loop match max methods mime mode modified nel next node none
    oauth oh opc opener options origin oracle page passed path permissions permitted poll policies policy port
    powered pragma preferred prefetch prev proto protection protocol proxy public quota range rate ratelimit
    real reason referrer refresh region remaining report reporting request requests reset resource response
    result retry robots route router runtime sec security sent served server service session set site source
    span status strict sunset tag time timer timing to token trace trailer transaction transfer transport
    traceid traceparent tracestate type ua unmodified upgrade upstream uri url user vary varnish version via
    warning web worker www x xss
    """
)
"""Words of which the names of headers are made: those of RFC 9110 and of servers, gateways and clouds in front."""

HEADER = re.compile(r"[A-Za-z]+[0-9]{0,2}(-[A-Za-z]+[0-9]{0,2})*")


def member(name: str) -> str:
    """Return a member's name that the contract does not know as a fingerprint may hold it."""
    return name if _shown(name, MEMBER_NAME) else OTHER


def header(name: str) -> str:
    """Return the name of a header that the contract does not know, in lower case, likewise.

    Where data may not be shown, one that is not made of words of headers' names may be somebody's.
    """
    low = name.lower()
    fine = REDACTOR.shows_data or set(low.split("-")) <= WORDS
    return low if fine and _shown(name, HEADER) and redact(low) == low else OTHER


def _shown(name: str, form: re.Pattern[str]) -> bool:
    return len(name) <= LONGEST and bool(form.fullmatch(name)) and redact(name) == name
