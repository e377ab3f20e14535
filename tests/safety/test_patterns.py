"""Every regular expression that golive has takes time in proportion to the text, however hostile the text is.

The patterns are found in the sources, with the ways in which each is used, and tried with texts made of their own
literals. What counts is how the time grows with the size: four times the text may cost four times as much, not
sixteen times. Short texts show which are worth trying with long ones; only those decide.

What repeats nothing without an upper bound, and can't try many ways from one place, needs no trial: wherever it
begins, it ends after a limited number of steps.
"""

import ast
import importlib
import json
import math
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from re import _constants as operation
from re import _parser as parser

import pytest
import yaml

from golive.kit.files import SAFE_LOADER, resources

pytestmark = pytest.mark.unmeasured

ROOT = resources()
METHODS = frozenset({"search", "match", "fullmatch", "findall", "finditer", "sub", "split", "subn"})
SIZES = (200, 800, 3200)
NOTICED = 0.002
"""Seconds for the larger text below which nothing is measured: a linear pattern needs far less."""

SHORT_TIME = 0.00004
"""Seconds for the text of the middle size within which no pattern goes through half its square."""

SHORT_GROWTH = 6
"""From the small to the middle size, once measured: what grows faster is tried with the large one."""

FEW_WAYS = 500
"""Ways from one place, of a pattern whose repetitions all end, that need no trial."""

SLOW = 0.05
"""Seconds for a text after which no larger one is tried."""

GROWTH = 9
"""Between the 4 of a linear pattern and the 16 of a quadratic one."""

ANYTHING = (
    "a",
    "A",
    "7",
    " ",
    "\t",
    "\n",
    "\n ",
    "\\n",
    "\\t",
    '"',
    "=",
    ".",
    "-",
    "_",
    "/",
    ":",
    ",",
    "<",
    "(",
)
ANYTHING_MORE = (
    "\\",
    "{",
    "%",
    "@",
    "a.",
    "a=",
    '="',
    "a ",
    "aA",
    "a-",
    "a:",
    "1.",
    "@a.",
    '\\"',
    "eyJ.",
)
PARTS = 6
"""Tests to which the patterns are dealt: they are looked for by who tries them, not while tests are collected."""

REPEATED = (operation.MAX_REPEAT, operation.MIN_REPEAT, operation.POSSESSIVE_REPEAT)

ENDS = ("", "!\n", ' "x"')


def modules() -> Iterator[tuple[str, Path]]:
    for file in sorted((ROOT / "src" / "golive").rglob("*.py")):
        parts = file.relative_to(ROOT / "src").with_suffix("").parts
        if "twin" not in parts and parts[-1] != "__main__":
            yield ".".join(parts).removesuffix(".__init__"), file
    for file in sorted((ROOT / "suites").rglob("*.py")):
        yield "suites_" + "_".join(file.relative_to(ROOT).with_suffix("").parts), file


class Uses:
    """The methods that are called on each name, and the literals that stand in calls of `re`."""

    def __init__(self, tree: ast.Module) -> None:
        self.on: dict[str, set[str]] = {}
        self.inline: list[tuple[str, str]] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                self._take(node, node.func)

    def _take(self, node: ast.Call, called: ast.Attribute) -> None:
        base = called.value
        if called.attr not in METHODS or not isinstance(base, ast.Name):
            return
        if base.id != "re":
            self.on.setdefault(base.id, set()).add(called.attr)
        elif isinstance(first := node.args[0], ast.Constant) and isinstance(first.value, str):
            self.inline.append((called.attr, first.value))


def held(value: object, named: set[int], key: str = "") -> Iterator[tuple[str, object]]:
    """What a constant holds, at any depth, each with where it stands in it; what has its own name is tried by that."""
    if isinstance(value, dict | tuple | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for at, one in pairs:
            yield from held(one, named, f"{key}.{at}" if key else str(at))
    elif not key or id(value) not in named:
        yield key, value


@cache
def found() -> dict[str, tuple[re.Pattern[str], frozenset[str]]]:
    """Each pattern by its place, with the methods by which it is used anywhere."""
    uses = {name: Uses(ast.parse(file.read_text(encoding="utf-8"))) for name, file in modules()}
    everywhere: dict[str, set[str]] = {}
    for one in uses.values():
        for name, methods in one.on.items():
            everywhere.setdefault(name, set()).update(methods)
    patterns: dict[str, tuple[re.Pattern[str], frozenset[str]]] = {}
    for name, file in modules():
        mine = uses[name]
        local = {m for n, methods in mine.on.items() if not n.isupper() for m in methods}
        for at, (method, text) in enumerate(mine.inline):
            patterns[f"{name}:{method}:{at}"] = re.compile(text), frozenset({method})
        if "re.compile" not in file.read_text(encoding="utf-8"):
            continue
        own = constants(name, file)
        named = {id(one) for one in own.values()}
        for constant, value in own.items():
            for key, pattern in held(value, named):
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    methods = frozenset(
                        mine.on.get(constant) or everywhere.get(constant) or local or {"fullmatch"}
                    )
                    patterns[f"{name}.{constant}{f'[{key}]' if key else ''}"] = pattern, methods
    return patterns | in_schemas()


def in_schemas() -> dict[str, tuple[re.Pattern[str], frozenset[str]]]:
    """The patterns of every schema and of what explain knows, by file and number."""
    patterns = {}
    for file in (*(ROOT / "schemas").rglob("*"), *(ROOT / "src/golive/diagnosis").rglob("*")):
        if file.suffix in {".json", ".yaml"}:
            text = file.read_text(encoding="utf-8")
            held = json.loads(text) if file.suffix == ".json" else yaml.load(text, SAFE_LOADER)
            for at, one in enumerate(sorted(of_schemas(held))):
                patterns[f"{file.name}:{at}"] = re.compile(one), frozenset({"search"})
    return patterns


def of_schemas(node: object) -> set[str]:
    """The patterns of a JSON Schema, which an answer is held against."""
    if isinstance(node, list):
        return set().union(*map(of_schemas, node))
    if not isinstance(node, dict):
        return set()
    mine = {node[name] for name in ("pattern", "words") if isinstance(node.get(name), str)}
    keys = node.get("patternProperties")
    return mine.union(keys if isinstance(keys, dict) else (), *map(of_schemas, node.values()))


def constants(name: str, file: Path) -> dict[str, object]:
    """The module's constants; of a suite, which pytest alone can load, only its patterns."""
    if name.startswith("golive"):
        return vars(importlib.import_module(name))
    compiled = {}
    names = {"re": re} | plain_constants()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("re.compile("):
            expression = compile(ast.Expression(node.value), str(file), "eval")
            compiled[ast.unparse(node.targets[0])] = eval(expression, names)
    return compiled


@cache
def plain_constants() -> dict[str, object]:
    """The texts and numbers that the suites have as constants, by name; patterns are made of some."""
    files = (file for name, file in modules() if not name.startswith("golive"))
    nodes = (node for file in files for node in ast.parse(file.read_text(encoding="utf-8")).body)
    return {
        node.targets[0].id: node.value.value
        for node in nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def texts(pattern: re.Pattern[str], size: int) -> Iterator[str]:
    """Texts of this size: a beginning, one piece again and again, an end."""
    words = re.findall(r"[A-Za-z0-9]{2,}|[^A-Za-z0-9\\?*+|()\[\]^$]", pattern.pattern)
    runs_of_text = re.findall(r"[^\\?*+|()\[\]^$.{}]{2,}", pattern.pattern)
    own = list(dict.fromkeys((*words[:5], *runs_of_text[:4], *words[5:8])))
    pairs = [one + other for one in own[:3] for other in own[:3]]
    for piece in dict.fromkeys((*own, *pairs, *ANYTHING, *ANYTHING_MORE)):
        body = piece * (size // len(piece))
        for begin in dict.fromkeys(("", *own[:3], *runs_of_text[:2], "".join(own[:2]), "a@", "<")):
            for end in ENDS:
                yield begin + body + end


def runs(pattern: re.Pattern[str], methods: frozenset[str]) -> Iterator[Callable[[str], object]]:
    if methods & {"search", "findall", "finditer", "sub", "subn", "split"}:
        yield pattern.findall
    if "match" in methods:
        yield pattern.match
    if "fullmatch" in methods:
        yield pattern.fullmatch


def taken(run: Callable[[str], object], text: str, times: int) -> float:
    best = 9e9
    for _ in range(times):
        start = time.process_time()
        run(text)
        best = min(best, time.process_time() - start)
    return best


def ways(node: parser.SubPattern) -> float:
    """How many ways a parsed pattern has from one place at the most; without end where they are not few."""
    found: float = 1
    for kind, value in node:
        if kind in REPEATED:
            least, most, repeated = value
            once = ways(repeated)
            endless = most == operation.MAXREPEAT or math.isinf(once)
            these = math.inf if endless else sum(once**times for times in range(least, most + 1))
        elif kind is operation.BRANCH:
            these = sum(map(ways, value[1]))
        else:
            within = value if isinstance(value, tuple | list) else (value,)
            these = math.prod(ways(one) for one in within if isinstance(one, parser.SubPattern))
        found *= these
        if found > FEW_WAYS:
            return math.inf
    return found


def worst(pattern: re.Pattern[str], methods: frozenset[str]) -> tuple[float, str]:
    """The fastest growth of time from the small to the large text, and a piece of the text that showed it."""
    found = 0.0, ""
    if ways(parser.parse(pattern.pattern, pattern.flags)) <= FEW_WAYS:
        return found
    for run in runs(pattern, methods):
        for sizes in zip(*(texts(pattern, size) for size in SIZES), strict=True):
            middle = taken(run, sizes[1], 1)
            if middle < max(SHORT_TIME, SHORT_GROWTH * taken(run, sizes[0], 1)):
                continue
            small, large = sizes[:2] if middle > SLOW else sizes[1:]
            if large == sizes[2] and taken(run, large, 1) < NOTICED:
                continue
            growth = taken(run, large, 3) / max(taken(run, small, 3), 1e-7)
            if growth > GROWTH:  # again, in case the machine was busy with something else
                growth = min(growth, taken(run, large, 5) / max(taken(run, small, 5), 1e-7))
            if growth > found[0]:
                found = growth, f"{large[:20]!r}…{large[-8:]!r}"
            if growth > GROWTH:
                return found
    return found


def test_the_patterns_are_found_wherever_they_stand() -> None:
    names = " ".join(found())
    for one in (
        "golive.exchanges.error_body.QUOTED_PAIR",
        "golive.redaction.personal.FORMATS[e-mail address]",
        "golive.diagnosis.paste.protect.NAMED",
        "suites_suites_messages_test_requests.CHARSET",
    ):
        assert one in names
    assert len(found()) > 100


@pytest.mark.parametrize("part", range(PARTS))
def test_a_pattern_takes_time_in_proportion_to_the_text(part: int) -> None:
    slow = {}
    for place in sorted(found())[part::PARTS]:
        growth, text = worst(*found()[place])
        if growth > GROWTH:
            slow[place] = f"{growth:.0f} times the time for four times the text: {text}"
    assert slow == {}


@pytest.mark.parametrize(
    "slow",
    [
        r'([A-Za-z_]+)="([^"]*)"',
        r"(?m)^(?:\s|\\t)+at x",
        r"[^\s@]+@[^\s@]+\.[^\s@]+",
        r"(?is)<html.*?</html>",
        r"[a-z]{0,400}[a-z]{0,400}!",
    ],
)
def test_a_quadratic_pattern_would_be_seen(slow: str) -> None:
    growth, _ = worst(re.compile(slow), frozenset({"search"}))
    assert growth > GROWTH
