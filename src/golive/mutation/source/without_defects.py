"""The twin's source with every question about a defect answered by no: what is left is its contract.

The syntax trees are folded: ``world.injects(...)`` is False, a branch that can't be taken is gone, and so is what only
such a branch used. No name of a defect and no line of its code is left, so no mutant is made of one.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from golive.mutation.source.constants import (
    constant_functions,
    folded,
    forget_names,
    functions,
    is_constant,
    name_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NO = frozenset(
    {"_is_trusted_all_the_same", "injects", "injects_any", "has_expired", "refuses_key"}
)
"""Methods of the twin's world that ask whether it has a defect, or a bad day."""

NEVER = frozenset({"foreign", "writes"})
"""Parameters and names that a defect alone sets or reads."""


def fold(trees: Iterable[ast.Module]) -> None:
    """Fold the trees of all modules in place, until nothing more can be."""
    trees = list(trees)
    own = {function.name for tree in trees for function in functions(tree)}
    constants: dict[str, object] = {}
    before = after = ""
    while not before or before != after:
        before = after
        for tree in trees:
            _Folder(constants).visit(tree)
            for function in functions(tree):
                forget_names(function, own)
        constants = constant_functions(trees)
        after = "".join(map(ast.dump, trees))
    for tree in trees:
        ast.fix_missing_locations(tree)


def _same(one: ast.AST, other: ast.AST) -> bool:
    return ast.unparse(one) == ast.unparse(other)


class _Folder(ast.NodeTransformer):
    """Folds expressions and statements; `constants` are functions that always return the same."""

    def __init__(self, constants: Mapping[str, object]) -> None:
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in NEVER and isinstance(node.ctx, ast.Load):
            return ast.copy_location(folded(False), node)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        node.body = _reached(node.body) or [ast.copy_location(ast.Pass(), node)]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = name_of(node.func)
        if name in _NO:
            return ast.copy_location(folded(False), node)
        if name == "changes":
            return ast.copy_location(ast.Dict(keys=[], values=[]), node)
        match node:
            case ast.Call(ast.Name(id="any"), [ast.GeneratorExp(elt=ast.Constant(value=False))]):
                return ast.copy_location(folded(False), node)
        if name == "map" and isinstance(node.args[0], ast.Attribute) and node.args[0].attr in _NO:
            no = [folded(False), folded(False)]
            return ast.copy_location(ast.Tuple(elts=[*no], ctx=ast.Load()), node)
        if name in self._constants:
            return ast.copy_location(folded(self._constants[name]), node)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        stops = isinstance(node.op, ast.Or)
        values: list[ast.expr] = []
        passes, ends = ((False, None), (True,)) if stops else ((True,), (False, None))
        for value in node.values:
            last_of_or = stops and value is node.values[-1] and is_constant(value, None)
            if last_of_or or not is_constant(value, *passes):  # `x or None` is not x
                values.append(value)
            if is_constant(value, *ends):
                break
        if not values:
            return node.values[-1]
        if is_constant(values[-1], *ends):
            return values[-1]
        node.values = values
        return node if len(values) > 1 else values[0]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and is_constant(node.operand, True, False, None):
            return ast.copy_location(
                ast.Constant(value=not getattr(node.operand, "value", None)), node
            )
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if is_constant(node.test, False, None) or _same(node.body, node.orelse):
            return node.orelse
        return node.body if is_constant(node.test, True) else node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt] | None:
        self.generic_visit(node)
        node.body, node.orelse = _reached(node.body), _reached(node.orelse)
        if is_constant(node.test, False, None):
            return node.orelse or None
        if is_constant(node.test, True):
            return node.body or None
        if not node.body and not node.orelse:
            return None
        if not node.body:
            test = ast.UnaryOp(op=ast.Not(), operand=node.test)
            node.test, node.body, node.orelse = ast.copy_location(test, node.test), node.orelse, []
        return node

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt] | None:
        self.generic_visit(node)
        return node if node.body else node.orelse or None  # a loop that only looked for a defect

    def visit_With(self, node: ast.With) -> ast.AST | None:
        self.generic_visit(node)
        return node if node.body else None

    def visit_Try(self, node: ast.Try) -> ast.AST | list[ast.stmt] | None:
        self.generic_visit(node)
        bare = [ast.Raise()]
        if not node.body:
            return None
        if not node.finalbody and all(_alike(handler.body, bare) for handler in node.handlers):
            return [*node.body, *node.orelse]  # every handler only lets the exception pass
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST | None:
        self.generic_visit(node)
        node.cases = [case for case in node.cases if not is_constant(case.guard, False)]
        return node if node.cases else None

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | None:
        self.generic_visit(node)
        return None if isinstance(node.value, ast.Dict) and not node.value.keys else node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt] | None:
        self.generic_visit(node)
        match node:
            case ast.Assign([ast.Tuple(elts=names)], ast.Tuple(elts=values)) if len(names) == len(
                values
            ) and all(isinstance(value, ast.Constant) for value in values):
                single = zip(names, values, strict=True)
                return [
                    ast.copy_location(ast.Assign(targets=[n], value=v), node) for n, v in single
                ]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.body = _reached(node.body) or [ast.copy_location(ast.Pass(), node)]
        return node


def _alike(one: list[Any], other: list[Any]) -> bool:
    return [ast.dump(node) for node in one] == [ast.dump(node) for node in other]


def _reached(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements up to one that always leaves."""
    for place, statement in enumerate(body):
        if isinstance(statement, ast.Return | ast.Raise):
            return body[: place + 1]
    return body
