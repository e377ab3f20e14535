"""What a violation of an environment file's shape is called: key, what is wrong, and the cure; never a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.kit.problems import any_of, plain_word
from golive.kit.schema_mistakes import AS_DIGITS, MISSING, UNKNOWN, mistakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from golive.environment.schema import Shape
    from golive.environment.source import Source
    from golive.kit.schema_mistakes import Mistake


def check_shape(
    source: Source, shape: Shape, from_variable: dict[str, str], emptied: set[str]
) -> None:
    """Note every violation of the schema.

    `from_variable` maps the keys whose value came from a variable to its name; `emptied` are the
    keys that were written but came to nothing.
    """
    found = list(mistakes(shape.schema_for(source.data), source.data, shape.parents_of))
    of_others: dict[str, list[str]] = {}
    for one in found:
        key = dotted(one.way)
        if name := _other_api(shape, one):
            of_others.setdefault(name, []).append(key)
        elif one.message != UNKNOWN and source.has_problem_at(key):
            continue
        elif one.message == MISSING and key in emptied:
            source.problem(key, "this key needs a value and has none.", "Give it one.")
        elif variable := from_variable.get(key):
            message = f"what ${{{variable}}} holds{one.message.removeprefix('it')}"
            source.problem(key, message, "" if one.cure == AS_DIGITS else one.cure)
        else:
            note(source, one, shape.parents_of)
    source.unresolved.update(key for keys in of_others.values() for key in keys)
    if source.value("api") or source.value("apis"):  # else nothing says which API is meant
        meant = {one.meant for one in found if one.way[0] == "apis"}
        _other_apis(source, {n: keys for n, keys in of_others.items() if n not in meant})


def dotted(path: Iterable[str | int]) -> str:
    """Write a path of keys and indices as people read it: `token.scopes[0]`."""
    found = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return found.lstrip(".")


def _other_api(shape: Shape, one: Mistake) -> str:
    """Give the API that the file does not name and that an operation or test data belongs to, "" for none."""
    above, key = dotted(one.way[:-1]), str(one.way[-1]) if one.way else ""
    if one.message == UNKNOWN:
        return shape.absent_api_with(above, key) if above in ("demands", "test_data") else ""
    of_operation = above == "claims.operations" and isinstance(one.value, str)
    return shape.absent_api_with(above, str(one.value)) if of_operation else ""


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


def note(
    source: Source, one: Mistake, parents_of: Callable[[str], list[str]] = lambda _: []
) -> None:
    """Note a mistake; the name of an unknown key is shown only where it is a plain word."""
    key, above, cure = dotted(one.way), dotted(one.way[:-1]), one.cure
    if one.message == MISSING:
        sentence = one.about.partition(". ")[0].rstrip(".")
        cure = f"It is {sentence[0].lower()}{sentence[1:]}." if sentence else ""
    if one.message == UNKNOWN:
        word = plain_word(one.way[-1])
        if word is None:
            source.problem(above, UNKNOWN, cure, line=source.line_of(key))
            return
        elsewhere = parents_of(word)
        near = [parent for parent in elsewhere if parent.startswith(f"{above}.")]
        cure = f"It belongs below {any_of([*near, *elsewhere][:1])}." if elsewhere else cure
    source.problem(key, one.message, cure)
