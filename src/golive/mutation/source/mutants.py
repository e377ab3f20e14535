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
from typing import TYPE_CHECKING, Any

from golive.mutation.source.operators import changes
from golive.mutation.source.scope import MODULES, contract_nodes, source, used_names
from golive.mutation.source.without_defects import fold

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class SourceMutant:
    """One change in one line of the twin's source.

    `line` is the text of the line, stripped, and `nth` keeps apart what is otherwise named alike; together with
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
        made: Any = list(changes(node))[self.index][1]
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


@cache
def parsed() -> dict[str, ast.Module]:
    """Return the fault-free twin: the syntax tree of each module, folded."""
    trees = {module: ast.parse(source(module)) for module in MODULES}
    fold(trees.values())
    return trees


@cache
def all_mutants() -> tuple[SourceMutant, ...]:
    """Return every mutant, in the order of the source."""
    used = used_names(parsed().values())
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


def _of_module(module: str, tree: ast.Module, used: set[str]) -> Iterator[SourceMutant]:
    lines = source(module).splitlines()
    for function, node, place in contract_nodes(tree, (), "", used):
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
