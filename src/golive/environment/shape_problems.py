"""What a violation of an environment file's shape is called: key, what is wrong, and the cure; never a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.kit.problems import any_of, did_you_mean, nearest, plain_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema.exceptions import ValidationError

    from golive.environment.schema import Shape
    from golive.environment.source import Data, Source

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
    "pattern": "have the form {}",
    "uniqueItems": "not hold the same item twice",
    "minProperties": "name at least one",
}
_YES_AND_NO = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def check_shape(
    source: Source, shape: Shape, from_variable: dict[str, str], emptied: set[str]
) -> None:
    """Note every violation of the schema.

    `from_variable` maps the keys whose value came from a variable to its name; `emptied` are the
    keys that were written but came to nothing.
    """
    if shape.is_kept_by(source.data):
        return
    # Imported here: it is slow, and a file that is in order does without.
    from jsonschema import Draft202012Validator

    found = Draft202012Validator(shape.schema_for(source.data)).iter_errors(source.data)
    leaves = [leaf for error in found for leaf in _leaves(error)]
    meant = {path for leaf in leaves for path in _meant(shape, leaf)}
    of_others: dict[str, list[str]] = {}
    for leaf in leaves:
        key = dotted(leaf.absolute_path)
        if leaf.validator == "required":
            _missing_keys(source, shape, key, leaf, emptied, meant)
        elif leaf.validator == "additionalProperties":
            _unknown_keys(source, shape, key, leaf, of_others)
        elif not source.has_problem_at(key):
            word = str(leaf.instance) if key.startswith("claims.operations[") else ""
            if word and (name := shape.absent_api_with(key, word)):
                of_others.setdefault(name, []).append(key)
            else:
                source.problem(key, *_violation(leaf, from_variable.get(key)))
    source.unresolved.update(key for keys in of_others.values() for key in keys)
    if source.value("api") or source.value(
        "apis"
    ):  # without either, nothing says which API is meant
        _other_apis(source, {n: keys for n, keys in of_others.items() if f"apis.{n}" not in meant})


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


def _meant(shape: Shape, error: ValidationError) -> Iterator[str]:
    """Yield the keys that are most likely meant by those that the schema does not have."""
    if error.validator != "additionalProperties":
        return
    schema: Any = error.schema
    data: Any = error.instance
    for name in data:
        if name in schema["properties"] or shape.parents_of(name):
            continue
        near = nearest(name, schema["properties"])
        if near and near not in data:
            yield dotted([*error.absolute_path, near])


def _other_apis(source: Source, keys_by_api: dict[str, list[str]]) -> None:
    """Say once of each API that the file does not name what in the file belongs to it."""
    for name, keys in keys_by_api.items():
        first, *others = sorted(keys, key=lambda key: source.line_of(key) or 0)
        also = [f"{key} (line {source.line_of(key)})" for key in others]
        so_do = f", as {'do' if also[1:] else 'does'} {', '.join(also)}" if also else ""
        source.problem(
            first,
            f"it belongs to the API {name}, which this file does not name{so_do}.",
            f"Add apis.{name}, or remove {'them' if also else 'it'}.",
        )


def _missing_keys(
    source: Source,
    shape: Shape,
    key: str,
    error: ValidationError,
    emptied: set[str],
    meant: set[str],
) -> None:
    data: Any = error.instance
    required: Any = error.validator_value
    for name in required:
        path = f"{key}.{name}" if key else name
        if name in data or path in meant or source.has_problem_at(path):
            continue
        if path in emptied:
            source.problem(path, "this key needs a value and has none.", "Give it one.")
        else:
            source.problem(path, "this key is missing.", _about(shape, path))


def _about(shape: Shape, path: str) -> str:
    described = str((shape.at(path) or {}).get("description", ""))
    sentence = described.partition(". ")[0].rstrip(".")
    return f"It is {sentence[0].lower()}{sentence[1:]}." if sentence else ""


def _unknown_keys(
    source: Source,
    shape: Shape,
    key: str,
    error: ValidationError,
    of_others: dict[str, list[str]],
) -> None:
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
        elsewhere = shape.parents_of(word)
        near = [parent for parent in elsewhere if parent.startswith(f"{key}.")]
        cure = did_you_mean(word, known)
        if elsewhere:
            cure = f"It belongs below {any_of([*near, *elsewhere][:1])}."
        if key in ("demands", "test_data") and (name := shape.absent_api_with(key, word)):
            of_others.setdefault(name, []).append(path)
            continue
        source.problem(path, "unknown key.", cure or f"Known here: {', '.join(known)}.")


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
