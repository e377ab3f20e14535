"""The ways in which a line of source can be wrong: mutation operators, by the names of the tools that know them.

Names as in `cosmic-ray <https://cosmic-ray.readthedocs.io>`_ where it has the operator, else as in mutmut or mutatest
(`String`, `If`, `Slice`); `RemoveStatement` and `RemoveElement` are statement deletion of the literature. What mostly
ends in a crash (an argument left out, None in place of what was assigned) is no operator here: each crash would count
as detected, and so prove little.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLS = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "lower": "upper",
    "upper": "lower",
    "startswith": "endswith",
    "endswith": "startswith",
}


def _copied(node: ast.AST, **changes: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def _comparison(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in _COMPARISONS[type(operator)]:
                ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
                yield "ReplaceComparisonOperator", _copied(node, ops=ops)


def _boolean(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.BoolOp):
        conjunction = isinstance(node.op, ast.And)
        name = "ReplaceAndWithOr" if conjunction else "ReplaceOrWithAnd"
        yield name, _copied(node, op=ast.Or() if conjunction else ast.And())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        kind = "Not" if isinstance(node.op, ast.Not) else "USub"
        yield f"ReplaceUnaryOperator_Delete_{kind}", node.operand


def _binary(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.BinOp) and (other := _BINARY.get(type(node.op))):
        text = any(
            isinstance(one, ast.JoinedStr)
            or (isinstance(one, ast.Constant) and isinstance(one.value, str))
            for one in (node.left, node.right)
        )
        if not text:  # two texts can only be joined
            yield "ReplaceBinaryOperator", _copied(node, op=other())


def _condition(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.If | ast.IfExp):
        for truth in (True, False):
            yield f"If_{truth}", _copied(node, test=ast.Constant(value=truth))
    if isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            left = [*node.ifs[:place], *node.ifs[place + 1 :]]
            yield "If_True", _copied(node, ifs=left)
    if isinstance(node, ast.match_case) and node.guard is not None:
        yield "If_True", _copied(node, guard=None)


def _number(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for step in (1, -1):
            yield "NumberReplacer", ast.Constant(value=node.value + step)  # type: ignore[operator]


def _truth(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        name = "ReplaceTrueWithFalse" if node.value else "ReplaceFalseWithTrue"
        yield name, ast.Constant(value=not node.value)


def _string(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield "String", ast.Constant(value=f"XX{node.value}XX")


def _slice(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield "Slice", _copied(node, **{part: None})


def _loop(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.For):
        yield "ZeroIterationForLoop", _copied(node, iter=ast.List(elts=[], ctx=ast.Load()))
    if isinstance(node, ast.Continue):
        yield "ReplaceContinueWithBreak", ast.Break()
    if isinstance(node, ast.Break):
        yield "ReplaceBreakWithContinue", ast.Continue()


def _call(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    match node:
        case ast.Call(func=ast.Name(id=name) as function) if name in _CALLS:
            yield "ReplaceCall", _copied(node, func=_copied(function, id=_CALLS[name]))
        case ast.Call(func=ast.Attribute(attr=name) as function) if name in _CALLS:
            yield "ReplaceCall", _copied(node, func=_copied(function, attr=_CALLS[name]))


def _removal(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    match node:
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Delete() | ast.Raise():
            yield "RemoveStatement", ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "RemoveStatement", ast.Pass()


def _elements(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    if isinstance(node, ast.List | ast.Set | ast.Tuple) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        for place in range(len(node.elts) if len(node.elts) > 1 else 0):
            left = [*node.elts[:place], *node.elts[place + 1 :]]
            yield "RemoveElement", _copied(node, elts=left)
    if isinstance(node, ast.Dict):
        for place in range(len(node.keys)):
            keys = [*node.keys[:place], *node.keys[place + 1 :]]
            values = [*node.values[:place], *node.values[place + 1 :]]
            yield "RemoveElement", _copied(node, keys=keys, values=values)


OPERATORS: tuple[Callable[[ast.AST], Iterator[tuple[str, ast.AST | None]]], ...] = (
    _comparison, _boolean, _binary, _condition, _number, _truth, _string, _slice, _loop, _call, _removal, _elements,
)  # fmt: skip


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    """Yield (operator, what stands in place of the node) for each way in which it can be wrong."""
    for operator in OPERATORS:
        yield from operator(node)
