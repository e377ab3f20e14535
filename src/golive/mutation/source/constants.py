"""Names and functions of the twin that are constant once no defect is injected."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Function = ast.FunctionDef | ast.AsyncFunctionDef
FOLDED = "folded"
"""The kind of a constant that no line of the source says."""


def folded(value: Any) -> ast.Constant:
    """Return what stands in place of a question about a defect: no line says it, so none can say it wrongly."""
    made = ast.Constant(value=value)
    made.kind = FOLDED
    return made


def functions(tree: ast.AST) -> list[Function]:
    """Return all functions below a node."""
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def name_of(function: ast.expr) -> str:
    """Return the last name of what is called; empty where it has none."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def is_constant(node: ast.AST | None, *values: object) -> bool:
    """Return whether a node is one of these constants."""
    return isinstance(node, ast.Constant) and any(node.value is value for value in values)


def forget_names(function: Function, own: set[str]) -> None:
    """Put constants in place of names that hold nothing else, and drop what is then assigned for nobody."""
    stored: dict[str, list[ast.AST]] = {}
    loaded: set[str] = set()
    arguments = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            loaded.add(node.id)
        elif isinstance(node, ast.Name):
            stored.setdefault(node.id, []).append(node)
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            stored.setdefault(node.name, []).append(node)
    given: dict[str, list[ast.Constant]] = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign([ast.Name(id=name)], ast.Constant(value=False | None) as value):
                given.setdefault(name, []).append(value)
    values = {
        name: found[0]
        for name, found in given.items()
        if len(found) == len(stored[name])
        and name not in arguments
        and len({one.value for one in found}) == 1
    }
    _Replacer(values, {name for name in stored if name not in loaded}, own).visit(function)


class _Replacer(ast.NodeTransformer):
    """Puts the values in place of names, and drops what is assigned to them; `own` functions are still called."""

    def __init__(self, values: Mapping[str, ast.Constant], unread: set[str], own: set[str]) -> None:
        self._values, self._unread, self._own = values, unread, own

    def visit_Name(self, node: ast.Name) -> ast.AST:
        known = self._values.get(node.id)
        if known is None or not isinstance(node.ctx, ast.Load):
            return node
        return ast.copy_location(folded(known.value), node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        match node.targets:
            case [ast.Name(id=name)] if name in self._values or name in self._unread:
                called = {name_of(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
                acts = not isinstance(node.value, ast.Constant) and called & self._own
                return ast.copy_location(ast.Expr(value=node.value), node) if acts else None
        self.generic_visit(node)
        return node


def constant_functions(trees: Iterable[ast.Module]) -> dict[str, object]:
    """Return the private functions that return one constant whatever they are given, and do nothing else."""
    found: dict[str, object] = {}
    own = [one for tree in trees for one in functions(tree)]
    times = Counter(one.name for one in own)
    for function in own:
        acts = (ast.Raise, ast.Expr, ast.AugAssign, ast.Delete, ast.Yield, ast.Await)
        body = [
            node
            for node in function.body
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]
        inside = [node for statement in body for node in ast.walk(statement)]
        returns = [node.value for node in inside if isinstance(node, ast.Return)]
        private = function.name.startswith("_") and not function.name.startswith("__")
        if not private or times[function.name] > 1:
            continue
        if any(isinstance(node, acts) for node in inside) or any(
            isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store)
            for node in inside
        ):
            continue
        if not all(is_constant(value, False, None) for value in returns if value is not None):
            continue
        values = {getattr(value, "value", None) for value in returns}
        if not returns or len(values) == 1:
            found[function.name] = values.pop() if values else None
    return found
