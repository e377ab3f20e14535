"""What of the twin's source is its contract, and so has mutants; the rules stand in docs/fault-detection.md."""

from __future__ import annotations

import ast
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from golive.mutation.source.constants import FOLDED
from golive.mutation.source.without_defects import NEVER
from golive.twin import DEFECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MODULES = (
    "api_host", "authorization.assertions", "authorization.clients", "authorization.endpoint", "authorization.gateway",
    "authorization.presented_tokens", "authorization.token_errors",
    "authorization.tokens", "code_values", "http", "keys",
    "messages.reading", "messages.selecting", "messages.sending", "messages.showing", "messages.statuses",
    "messages.validation", "operations", "recipients", "store",
)  # fmt: skip
"""What decides about an answer. The others start the twin, fill it with people, give it bad days, or hold its
defects and names."""

_REST = ("accounts", "application", "boxes", "population", "server", "serving", "world")

NO_CONTRACT = frozenset(
    {
        # Data that a seed makes, and the classes that hold them.
        "_inboxes", "_INBOXES", "_UNCONFIGURED", "_ELSEWHERE", "next_number", "Directory", "_SIZES", "_WORDS",
        "CodeValue", "CodeSets", "_values_of", "_values", "_value",
        # The resource host of the other cloud, which no suite asks.
        "answer_of_sandbox", "_issuer", "_ISSUER",
        # Which tags are disallowed is the twin's own choice: the pages name none.
        "_LEADS_ELSEWHERE", "_RUNS", "_LOADS", "_SUBMITS", "DISALLOWED", "_EMPTY", "_HEAD_ONLY",
        # What only a setting of tests reaches: encrypted tokens, writes that show later, a token made in the past.
        "_sealed", "_unsealed", "opened", "sealing", "SEALING", "ENCRYPTION", "write", "shown", "keep_showing",
        "_hidden", "expired_token",
        # What only a defect or a person's browser calls.
        "TruncatedAnswer", "broken", "neighbour", "any_patient", "any_message", "others", "others_inbox", "arrivals",
        "readings", "messages_read", "impostor", "in_use", "make_rsa_keys", "rsa_key", "_error_page",
        "_is_trusted_all_the_same", "Operation",
    }
)  # fmt: skip
"""Functions, classes and names of those modules that are not the contract either."""

_WORDING = frozenset(
    {
        "Operation",
        "bad_request",
        "ServiceError",
        "html_answer",
        "ValueError",
        "_error",
        "_unverifiable",
        "invalid_request",
    }
)
"""What is called with words for people, and with codes and reasons of the twin's own: no fact says how they read."""

_TYPES = frozenset({"annotation", "returns", "decorator_list", "type_params", "bases", "ctx"})


def path_of(module: str) -> str:
    """Return the file of a module of the twin, below the twin's folder."""
    return f"{module.replace('.', '/')}.py"


@cache
def source(module: str) -> str:
    """Return the source of a module of the twin as it is installed."""
    return files("golive.twin").joinpath(path_of(module)).read_text("utf-8")


def used_names(trees: Iterable[ast.Module]) -> set[str]:
    """Return all names that something reads which is itself used, in the folded trees or in the rest of the twin."""
    rest = [ast.parse(source(module)) for module in _REST]
    trees, used, before = list(trees), set[str](), None
    while used != before:
        before = used
        used = {name for tree in rest for name in _read(tree, None)}
        used |= {name for tree in trees for name in _read(tree, before)}
    return used


def _read(node: ast.AST, used: set[str] | None) -> Iterator[str]:
    """Yield the names that are read below a node, but for what is defined there and not among `used`."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    for child in ast.iter_child_nodes(node):
        if used is None or not used or not _is_unused(node, child, used):
            yield from _read(child, used)


def _is_unused(parent: ast.AST, node: ast.AST, used: set[str]) -> bool:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name not in used and not name.startswith(("__", "handle_"))
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return isinstance(parent, ast.Module) and name not in used
    return False


def contract_nodes(
    node: ast.AST,
    place: tuple[str | int, ...],
    function: str,
    used: set[str],
    *,
    words: bool = False,
) -> Iterator[tuple[str, ast.AST, tuple[str | int, ...]]]:
    """Yield (function, node, its place) for each node of the contract; `words`: texts below it are for people."""
    words = words or (isinstance(node, ast.Call) and getattr(node.func, "id", "") in _WORDING)
    for name, value in ast.iter_fields(node):
        if name in _TYPES:
            continue
        members = enumerate(value) if isinstance(value, list) else [(None, value)]
        for number, child in members:
            if not isinstance(child, ast.AST) or _is_left_out(node, child, used):
                continue
            if words and isinstance(getattr(child, "value", None), str):
                continue
            step = (*place, name) if number is None else (*place, name, number)
            within = function
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                within = f"{function}.{child.name}" if function else child.name
            yield within or "-", child, step
            yield from contract_nodes(child, step, within, used, words=words)


def _is_left_out(parent: ast.AST, node: ast.AST, used: set[str]) -> bool:
    if _is_unused(parent, node, used):
        return True
    match node:
        case ast.Import() | ast.ImportFrom() | ast.AnnAssign(value=None):
            return True
        case ast.Assign(value=ast.Subscript(value=ast.Name(id="Literal" | "Callable"))):
            return True
        case ast.Constant(kind=kind) if kind == FOLDED:
            return True
        case ast.Constant(value=str() as text):
            return text in DEFECTS
        case ast.keyword(arg=name):
            return name in NEVER
        case ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Attribute(attr=name):
            return name in NO_CONTRACT
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            return _about(target)
        case ast.AugAssign(target=target):
            return _about(target)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name) as function)):
            return name in {"__init__", "setdefault"} or _about(function)
    return False


def _about(target: ast.AST) -> bool:
    """Whether what is assigned or called is no contract."""
    names = {one.attr for one in ast.walk(target) if isinstance(one, ast.Attribute)}
    return bool((names | {getattr(target, "id", "")}) & NO_CONTRACT)
