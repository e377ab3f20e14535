"""The table of layers in docs/architecture.md is the one that tests/test_architecture.py holds the imports to."""

from __future__ import annotations

import ast
import re

from .conftest import ROOT

PAGE = ROOT / "docs" / "architecture.md"
ROW = re.compile(r"(?m)^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|\n")


def below():
    """BELOW, read from the test that uses it: package to what it may import."""
    tree = ast.parse((ROOT / "tests" / "test_architecture.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "BELOW":
            value = eval(compile(ast.Expression(node.value), "BELOW", "eval"), {"set": set})
            return {name: own for name, own in value.items() if not name.startswith("__")}
    raise AssertionError("tests/test_architecture.py has no BELOW")


def cell(names, order):
    return ", ".join(f"`{name}`" for name in order if name in names) or "nothing"


def test_the_page_has_the_table_of_the_layers(request):
    layers = below()
    text = PAGE.read_text(encoding="utf-8")
    gloss = {name: said for name, said, _ in ROW.findall(text)}
    wanted = "".join(
        f"| `{name}` | {gloss.get(name, '?')} | {cell(own, layers)} |\n"
        for name, own in layers.items()
    )
    shown = "".join(found[0] for found in ROW.finditer(text))
    if request.config.getoption("--renew", default=False):
        PAGE.write_text(text.replace(shown, wanted), encoding="utf-8")
        return
    assert shown == wanted
    assert gloss.keys() == {
        file.parent.name for file in (ROOT / "src" / "golive").glob("*/__init__.py")
    }
