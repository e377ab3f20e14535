"""Reads the body that a program in a paste sends: an object as a programming language writes or prints it.

One reader for all of them, as they differ in marks alone: brackets of any kind, with a type or a call before them or
none; `:`, `=`, `=>` or `to` behind a name; quotes or none around a value.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from golive.diagnosis.paste.objects import LARGEST_LOOSE

MOST = 20
"""Objects of a text that are looked at."""

DEEPEST = 20

SENT = re.compile(r"[{(\[]\s*[:\"'@]?(?i:patient_?id|subject|recipients|message_?sender)\b")
"""How the bodies of the operations that write begin."""

CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z]+)*")
"""How the contract writes the names of members."""

TOKEN = re.compile(
    r"""\s*+(?:(?P<quoted>[@$]?"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')|(?P<between>=>|:=|[=:](?!\w)|=|to\b(?=\s)|:(?=\w))"""
    r"""|(?P<open>[{(\[])|(?P<close>[})\]])|(?P<next>[,;])|(?P<word>[^\s"'{}()\[\],;=:]++))"""
)
"""A mark of an object: a quoted text, what stands between name and value, a bracket, the end of a member, a word."""

MAKES = re.compile(
    r"(?!.*Map\.of$)(?:.*[.:])?(?:[A-Z]\w*!?|(?:map|list|set|array|hash|linkedMap|mutableMap|mutableList)Of|of|dict|array|asList|vec!|json!|new|@)?"
)
"""What stands before a bracket that holds members: a type or what makes a collection, and no call that computes."""

IN_PAIRS = re.compile(r"(?:.*[.:])?(?:Immutable)?Map\.of")
"""A call that makes a map of its arguments, name and value by turns, as Java has it."""

COLLECTION = re.compile(r"(?<!\w)(?:\w{0,40}\[[\w.*]{0,40}\]\s?){1,4}[\w.*]{0,40}\s{0,3}(?=\{)")
"""The type of a list or a map before its members, as C# and Go write it: `new[] {`, `map[string]any{`."""

PLAIN = re.compile(r"[A-Z_]{2,}|\d[\w.@-]*")
"""A value that is a text in an object that is printed without quotes, and not the name of a variable."""


COMPUTED = "{computed}"
"""What stands for a value that a program computes."""

COMMENT = re.compile(r"(?m)(?<=[\s,{(\[])(?:#|//) [^\n\"']{0,200}$")
"""What a program says of a line behind it."""


class _Reader:
    """Reads one object at a time; what it can't read raises ValueError."""

    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at
        self.quotes = False

    def token(self) -> tuple[str, str]:
        """Return the kind and the text of the next mark."""
        match = TOKEN.match(self.text, self.at)
        if match is None or match.lastgroup is None:
            raise ValueError("no mark of an object")
        self.at = match.end()
        return match.lastgroup, match[match.lastgroup]

    def bracket(self, depth: int = 0) -> Any:
        """Return what stands in brackets up to the end of them: a dict where its members have names, or a list."""
        if depth > DEEPEST:
            raise ValueError("too deep")
        members: dict[str, Any] = {}
        items: list[Any] = []
        name: str | None = None
        held: list[Any] = []
        while True:
            kind, said = self.token()
            if (
                kind == "between"
                and held
                and (name is None or (len(held) > 1 and _is_word(held[-1])))
            ):
                if name is not None:  # a line end alone stood between two members
                    members[name] = _value(held[:-1])
                name, held = str(held[-1]).strip("{}"), []
            elif kind in ("next", "close"):
                if name is not None and held:
                    members[name] = _value(held)
                elif held:
                    items.append(_value(held))
                name, held = None, []
                if kind == "close":
                    return self.whole(members, items)
            elif kind == "open":
                before = held[-1] if held and _is_word(held[-1]) else "{}"
                held.append(_made(before, said, self.bracket(depth + 1)))
            elif kind == "quoted":
                self.quotes = True
                held.append(re.sub(r"\\(.)", r"\1", said.lstrip("@$")[1:-1]))
            elif kind == "word":
                held.append(_word(said))

    def whole(self, members: dict[str, Any], items: list[Any]) -> Any:
        """Return the members, with those that are named by their variable alone, or the items where none has a name."""
        if not members:
            return items
        named = all(
            _is_word(one) and one != COMPUTED and str(one)[1:-1].isidentifier() for one in items
        )
        if items and not (named and self.quotes):  # a printed text may hold a comma
            raise ValueError("more members than stand there")
        return {str(one)[1:-1]: one for one in items} | members


def _made(before: str, bracket: str, inner: Any) -> Any:
    """Return what a bracket and the word before it make of what stands in it; a placeholder where it is computed."""
    if IN_PAIRS.fullmatch(before[1:-1]) and (pairs := _paired(inner)) is not None:
        return pairs
    by_place = bracket == "(" and isinstance(inner, list) and before[1:2].isupper()
    by_place = by_place and not before.endswith((".of}", ".asList}"))
    return inner if MAKES.fullmatch(before[1:-1]) and not by_place else COMPUTED


def _paired(items: object) -> dict[str, Any] | None:
    """Return the map that names and values by turns make; None where they make none."""
    if not isinstance(items, list) or len(items) % 2:
        return None
    names = items[::2]
    texts = all(isinstance(one, str) and not _is_word(one) for one in names)
    return dict(zip(names, items[1::2], strict=True)) if texts else None


def _is_word(value: object) -> bool:
    return isinstance(value, str) and value[:1] == "{" and value[-1:] == "}"


def _value(held: list[Any]) -> Any:
    """Return the value that marks in a row make: the last one behind a type; a placeholder where it is computed."""
    types = all(_is_word(one) and re.search(r"[A-Za-z@]|^..$", one) for one in held[:-1])
    several = len(held) > 1 and _is_word(held[-1])
    return held[-1] if types and not several else COMPUTED


def _word(said: str) -> Any:
    if said.lower() in ("null", "nil", "none"):
        return None
    if said.lower() in ("true", "false"):
        return said.lower() == "true"
    return int(said) if re.fullmatch(r"-?\d{1,15}", said) else f"{{{said}}}"


def literal_body(text: str, names: frozenset[str]) -> dict[str, Any] | None:
    """Return the first object of a text that is the body of a write; what is computed is a placeholder in it.

    `names` are those of the members that the contract knows; other ways to write them (`patient_id`) mean the same.
    """
    known = {_bare(name): name for name in sorted(names) if CAMEL.fullmatch(name)}
    for match in islice(SENT.finditer(text), MOST):
        before = re.search(r"[\w.:!]{0,80}\Z", text[max(match.start() - 80, 0) : match.start()])
        maker = before[0] if before else ""
        in_pairs = match[0][0] == "(" and IN_PAIRS.fullmatch(maker)
        if match[0][0] == "(" and not in_pairs and not (maker and MAKES.fullmatch(maker)):
            continue  # the arguments of a function of the program's own
        start = text[match.start() : match.start() + LARGEST_LOOSE]
        reader = _Reader(COLLECTION.sub("", COMMENT.sub("", start)), 1)
        try:
            value = reader.bracket()
        except ValueError:
            continue
        value = _paired(value) if in_pairs else value
        found = _named(value, known, printed=not reader.quotes)
        others = {"messages", "messageSender", "recipients"}
        if isinstance(found, dict) and "patientId" in found and others & found.keys():
            return found
    return None


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _named(value: object, known: dict[str, str], *, printed: bool, name: str = "") -> Any:
    """Return a value with names as the contract has them; a printed object has no quotes, so its words may be texts."""
    if isinstance(value, dict):
        members = {str(known.get(_bare(said), said)): one for said, one in value.items()}
        return {
            each: _named(one, known, printed=printed, name=each) for each, one in members.items()
        }
    if isinstance(value, list):
        return [_named(each, known, printed=printed) for each in value]
    if printed and _is_word(value) and PLAIN.fullmatch(str(value)[1:-1]):
        return str(value)[1:-1]
    return str(value) if printed and name.lower().endswith("id") and value is not None else value
