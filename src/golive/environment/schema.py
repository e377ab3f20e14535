"""The shape of an environment file: its JSON Schema, and what a violation of it is called.

`schemas/environment.schema.json` is written for editors, which see `${NAME}` where a number will
be. Here variables have been filled in, so the schema is tightened first: a choice between "a
number" and "a reference" becomes "a number".
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from golive.kit.files import resources
from golive.kit.json_schema import keeps
from golive.kit.problems import any_of, did_you_mean, plain_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema.exceptions import ValidationError

    from golive.environment.yaml_source import Data, Source

Schema = dict[str, Any]

_REFERENCE = {"$ref": "#/$defs/reference"}
_SECRET = {"$ref": "#/$defs/secret"}
_KINDS = {
    "object": "a mapping of keys",
    "array": 'a list, such as ["…", "…"]',
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}
_LIMITS = {
    "minimum": "be at least {}",
    "exclusiveMinimum": "be more than {}",
    "maximum": "be at most {}",
    "minItems": "hold at least one item",
    "uniqueItems": "not hold the same item twice",
}
_YES_AND_NO = {"yes": "true", "on": "true", "no": "false", "off": "false"}


@cache
def tightened_schema() -> Schema:
    """Read the schema without what is only for editors: references, oneOf, secrets' pattern."""
    path = resources() / "schemas" / "environment.schema.json"
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    definitions = schema["$defs"]

    def tighten(node: Any) -> Any:
        if isinstance(node, list):
            return [tighten(item) for item in node]
        if not isinstance(node, dict):
            return node
        kept = {name: value for name, value in node.items() if name not in ("oneOf", "$defs")}
        if node.get("$ref") == _SECRET["$ref"]:
            del kept["$ref"]
            return {**kept, "type": "string", "secret": True}
        merged: Any = {}
        if "$ref" in kept:
            merged = definitions[kept.pop("$ref").removeprefix("#/$defs/")]
        choices = [choice for choice in kept.get("anyOf", ()) if choice != _REFERENCE]
        if len(choices) == 1:
            del kept["anyOf"]
            merged = choices[0]
        shared = tighten(merged) if merged else {}
        return {**shared, **{name: tighten(value) for name, value in kept.items()}}

    result: Schema = tighten(schema)
    return result


def schema_at(key: str, data: Data = None) -> Schema | None:
    """Give the schema of one dotted key (list items as `key[0]`), None for an unknown key.

    Where the schema leaves a choice between a text and a mapping, `data` decides.
    """
    node: Schema | None = tightened_schema()
    for part in re.findall(r"[^.\[\]]+|\[\d+\]", key):
        if node is None:
            return None
        node = _chosen(node, {})
        node = node.get("items") if part.startswith("[") else _member(node, part)
    return None if node is None else _chosen(node, data)


def _member(node: Schema, name: str) -> Schema | None:
    """Give the schema of a member; where names are free, of any member."""
    further = node.get("additionalProperties")
    free: Schema | None = further if isinstance(further, dict) else None
    known: dict[str, Schema] = node.get("properties", {})
    return known.get(name, free)


def _chosen(node: Schema, data: Data) -> Schema:
    """Settle a choice between a text and a mapping by what was written."""
    wanted = "object" if isinstance(data, dict) else "string"
    choices: Iterable[Schema] = node.get("anyOf", ())
    return next((choice for choice in choices if choice["type"] == wanted), node)


def is_secret(key: str) -> bool:
    """Say whether a text at this key is a secret."""
    return bool((schema_at(key, "") or {}).get("secret"))


def check_shape(source: Source, from_variable: dict[str, str], emptied: set[str]) -> None:
    """Note every violation of the schema.

    `from_variable` maps the keys whose value came from a variable to its name; `emptied` are the
    keys that were written but came to nothing.
    """
    if keeps(tightened_schema(), source.data):
        return
    # Imported here: it is slow, and a file that is in order does without.
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(tightened_schema()).iter_errors(source.data):
        for leaf in _leaves(error):
            key = dotted(leaf.absolute_path)
            if leaf.validator == "required":
                _missing_keys(source, key, leaf, emptied)
            elif leaf.validator == "additionalProperties":
                _unknown_keys(source, key, leaf)
            elif not source.has_problem_at(key):
                source.problem(key, *_violation(leaf, from_variable.get(key)))


def dotted(path: Iterable[str | int]) -> str:
    """Write a path of keys and indices as people read it: `token.scopes[0]`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(
        "."
    )


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Give the errors that say something: those of the branch that the value was meant for."""
    if error.validator != "anyOf":
        yield error
        return
    wanted = "object" if isinstance(error.instance, dict) else "string"
    choices: Any = error.validator_value
    index = [choice["type"] for choice in choices].index(wanted)
    for inner in error.context or ():
        if inner.schema_path[0] == index:
            yield from _leaves(inner)


def _missing_keys(source: Source, key: str, error: ValidationError, emptied: set[str]) -> None:
    data: Any = error.instance
    required: Any = error.validator_value
    for name in required:
        path = f"{key}.{name}" if key else name
        if name in data or source.has_problem_at(path):
            continue
        if path in emptied:
            source.problem(path, "this key needs a value and has none.", "Give it one.")
        else:
            source.problem(path, "this key is missing.", _about(path))


def _about(path: str) -> str:
    described = str((schema_at(path) or {}).get("description", ""))
    sentence = described.partition(". ")[0].rstrip(".")
    return f"It is {sentence[0].lower()}{sentence[1:]}." if sentence else ""


def _unknown_keys(source: Source, key: str, error: ValidationError) -> None:
    schema: Any = error.schema
    data: Any = error.instance
    known = schema["properties"]
    for name in data:
        if name in known:
            continue
        path = f"{key}.{name}" if key else name
        word = plain_word(name)
        if word is None:
            cure = f"Known here: {', '.join(known)}."
            source.problem(key, "unknown key.", cure, line=source.line_of(path))
            continue
        elsewhere = _parents_of(word)
        near = [parent for parent in elsewhere if parent.startswith(f"{key}.")]
        cure = did_you_mean(word, known)
        if elsewhere:
            cure = f"It belongs below {any_of([*near, *elsewhere][:1])}."
        source.problem(path, "unknown key.", cure or f"Known here: {', '.join(known)}.")


@cache
def _parents_of(word: str) -> tuple[str, ...]:
    """Find the mappings in which a key would be right, for a key that stands in a wrong one."""
    found: list[str] = []

    def look(node: Schema, key: str) -> None:
        for name, inner in node.get("properties", {}).items():
            if name == word and key:
                found.append(key)
            look(inner, f"{key}.{name}" if key else name)

    look(tightened_schema(), "")
    return tuple(found)


def _violation(error: ValidationError, variable: str | None) -> tuple[str, str]:
    """Say what is wrong with one value, without quoting it."""
    wanted: Any = error.validator_value
    value: Any = error.instance
    what = "it" if variable is None else f"what ${{{variable}}} holds"
    cure = ""
    if error.validator == "type":
        must, cure = f"be {_KINDS[wanted]}", _cure_of_type(wanted, value, variable)
    elif error.validator == "enum":
        must = f"be {any_of(wanted)}"
        if isinstance(value, str):
            cure = did_you_mean(value, wanted) if len(wanted) > 1 else ""
    else:
        must = _LIMITS[str(error.validator)].format(wanted)
    return f"{what} must {must}.", cure


def _cure_of_type(wanted: str, value: Data, variable: str | None) -> str:
    """Say what to do about a value of the wrong kind: most often it is about quotation marks."""
    if wanted == "string" and isinstance(value, int | float):
        return "Write it in quotes."
    if wanted == "boolean" and isinstance(value, str) and value.casefold() in _YES_AND_NO:
        return f"Write {_YES_AND_NO[value.casefold()]}."
    if wanted in ("number", "integer") and isinstance(value, str) and variable is None:
        return "Write it as digits, without quotes."
    return ""
