"""All mutants of the twin's contract: where each is, what it changes, and a sample of them.

What is no contract is left out by rule (docs/fault-detection.md names the rules): modules that start, log, fill or
seed the twin, the code of defects, types, docstrings, and the words and codes of a refusal that the twin chose itself.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from golive.mutation.source.operators import changes
from golive.mutation.source.without_defects import FOLDED, NEVER, fold
from golive.twin import DEFECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MODULES = (
    "api_host", "authorization.clients", "authorization.endpoint", "authorization.gateway",
    "authorization.token_errors", "authorization.tokens", "code_values", "group_inboxes", "http", "keys",
    "messages.queries", "messages.reading", "messages.selecting", "messages.sending", "messages.statuses",
    "messages.validation", "recipients", "store",
)  # fmt: skip
"""What decides about an answer. The others start the twin, fill it with people, or hold its defects and names."""

_REST = ("accounts", "population", "server", "serving", "world")

NO_CONTRACT = frozenset(
    {
        # Data that a seed makes, and the class that holds them.
        "_inboxes", "_INBOXES", "_UNCONFIGURED", "_ELSEWHERE", "next_number", "Directory",
        # Which tags are disallowed is the twin's own choice: the pages name none.
        "_LEADS_ELSEWHERE", "_RUNS", "_LOADS", "_SUBMITS", "DISALLOWED", "_EMPTY", "_HEAD_ONLY",
        # What only a setting of tests reaches: encrypted tokens, writes that show later, a token made in the past.
        "_sealed", "_unsealed", "opened", "sealing", "SEALING", "ENCRYPTION", "write", "shown", "keep_showing",
        "_hidden", "expired_token",
        # What only a defect or a person's browser calls.
        "TruncatedAnswer", "broken", "neighbour", "any_patient", "any_message", "others", "others_inbox", "arrivals",
        "readings", "messages_read", "impostor", "in_use", "make_rsa_keys", "rsa_key", "_error_page",
    }
)  # fmt: skip
"""Functions, classes and names of those modules that are not the contract either."""

_WORDING = frozenset(
    {
        "bad_request",
        "ServiceError",
        "html_answer",
        "ValueError",
        "_assertion_error",
        "invalid_request",
    }
)
"""What is called with words for people, and with codes and reasons of the twin's own: no fact says how they read."""

_TYPES = frozenset({"annotation", "returns", "decorator_list", "type_params", "bases", "ctx"})


@dataclass(frozen=True)
class SourceMutant:
    """One change in one line of the twin's source.

    `line` is the text of the line, stripped, and `nth` tells apart what is otherwise named alike; together with
    `module`, `function`, `operator`, `before` and `after` it names the mutant, whatever the line's number is.
    """

    module: str
    function: str
    operator: str
    line: str
    before: str
    after: str
    nth: int = 0
    lineno: int = field(default=0, compare=False)
    place: tuple[str | int, ...] = field(default=(), compare=False, repr=False)
    """The fields and indexes that lead from the module's tree to the changed node."""
    index: int = field(default=0, compare=False, repr=False)
    """Which of the node's changes it is."""
    removed: str = field(default="", compare=False)
    """The element that a list or a dictionary lacks."""

    @property
    def key(self) -> str:
        """The name by which it is kept, a line of text."""
        return self._name(f"without {self.removed}" if self.removed else self._change)

    @property
    def lot(self) -> str:
        """By what it is drawn: the same with the whole of what stands there before and after."""
        return self._name(self._change)

    @property
    def _change(self) -> str:
        return f"{self.before} → {self.after}"

    def _name(self, change: str) -> str:
        nth = f" ({self.nth + 1})" if self.nth else ""
        return f"{self.module} {self.function}: {self.operator}: {change} in: {self.line}{nth}"

    def code(self) -> Any:
        """Return the mutated module's code, compiled."""
        tree = parsed()[self.module]
        owner: Any = tree
        for step in self.place[:-1]:
            owner = owner[step] if isinstance(step, int) else getattr(owner, step)
        last = self.place[-1]
        node = owner[last] if isinstance(last, int) else getattr(owner, str(last))
        _, made = list(changes(node))[self.index]
        assert made is not None
        ast.copy_location(made, node)
        if isinstance(last, int):
            owner[last] = made
        else:
            setattr(owner, last, made)
        try:
            return compile(ast.fix_missing_locations(tree), f"<{self.module}, mutated>", "exec")
        finally:
            if isinstance(last, int):
                owner[last] = node
            else:
                setattr(owner, last, node)


def path_of(module: str) -> str:
    """Return the file of a module of the twin, below the twin's folder."""
    return f"{module.replace('.', '/')}.py"


@cache
def source(module: str) -> str:
    """Return the source of a module of the twin as it is installed."""
    return files("golive.twin").joinpath(path_of(module)).read_text("utf-8")


@cache
def parsed() -> dict[str, ast.Module]:
    """Return the fault-free twin: the syntax tree of each module, folded."""
    trees = {module: ast.parse(source(module)) for module in MODULES}
    fold(trees.values())
    return trees


@cache
def all_mutants() -> tuple[SourceMutant, ...]:
    """Return every mutant, in the order of the source."""
    used = _used(parsed().values())
    found: list[SourceMutant] = []
    for module, tree in parsed().items():
        found += _of_module(module, tree, used)
    times: Counter[SourceMutant] = Counter()
    named = []
    for one in found:
        named.append(replace(one, nth=times[one]))
        times[one] += 1
    return tuple(named)


def sample(size: int | None, seed: int) -> list[SourceMutant]:
    """Return so many mutants, drawn without preference; all of them for None or where there are no more.

    A mutant's lot depends on its name and the seed alone: a larger sample holds the smaller one, and where the source
    changes the rest stays.
    """
    return sorted(all_mutants(), key=lambda one: sha256(f"{seed} {one.lot}".encode()).digest())[
        :size
    ]


def _used(trees: Iterable[ast.Module]) -> set[str]:
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


def _of_module(module: str, tree: ast.Module, used: set[str]) -> Iterator[SourceMutant]:
    lines = source(module).splitlines()
    for function, node, place in _walk(tree, (), "", used):
        for index, (operator, made) in enumerate(changes(node)):
            line = lines[node.lineno - 1].strip() if hasattr(node, "lineno") else ""
            if not line:  # a comprehension and a case of a match have no line of their own
                inside = next(n for n in ast.walk(node) if hasattr(n, "lineno"))
                line = lines[inside.lineno - 1].strip()
            before, after = _shown(node), _shown(made)
            removed = _removed(node, made) if operator == "RemoveElement" else ""
            yield SourceMutant(
                module, function, operator, line, before, after,
                lineno=getattr(node, "lineno", 0), place=place, index=index, removed=removed,
            )  # fmt: skip


def _removed(node: Any, made: Any) -> str:
    """Return as source what a list or a dictionary has and its mutant lacks."""
    if isinstance(node, ast.Dict):
        left = {id(value) for value in made.values}
        pairs = zip(node.keys, node.values, strict=True)
        key, value = next(pair for pair in pairs if id(pair[1]) not in left)
        return f"{ast.unparse(key)}: {ast.unparse(value)}" if key else f"**{ast.unparse(value)}"
    left = {id(one) for one in made.elts}
    return ast.unparse(next(one for one in node.elts if id(one) not in left))


def _shown(node: ast.AST | None) -> str:
    """Return a node as one short line of source."""
    if node is None:
        return ""
    if isinstance(node, ast.If | ast.For):
        head = node.test if isinstance(node, ast.If) else node.iter
        return f"{'if' if isinstance(node, ast.If) else 'for … in'} {ast.unparse(head)}"
    if isinstance(node, ast.comprehension):
        return " ".join(["for …", *(f"if {ast.unparse(one)}" for one in node.ifs)])
    if isinstance(node, ast.match_case):
        return f"case … if {ast.unparse(node.guard)}" if node.guard else "case …"
    return " ".join(ast.unparse(node).split())


def _walk(
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
            yield from _walk(child, step, within, used, words=words)


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
