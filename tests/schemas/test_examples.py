"""Each schema against good and bad instances: what is violated, where, and on which basis.

The data lie in `examples/`, one file per schema. A bad example is the first good one with a change:
`set` puts values at JSON pointers, `remove` takes pointers away, `value` replaces the whole. `at`
is the pointer of the violation, or the list of them, and `basis` that of the nearest marked node on
the path that the validator walked.
"""

from copy import deepcopy
from pathlib import Path

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from golive.kit.files import read_yaml

SCHEMAS = Path(__file__).parents[2] / "schemas"
EXAMPLES = Path(__file__).parent / "examples"
NAMES = sorted(
    path.relative_to(SCHEMAS).as_posix().removesuffix(".schema.json")
    for path in SCHEMAS.glob("*/*.schema.json")
)
CONTENTS = {name: read_yaml(SCHEMAS / f"{name}.schema.json") for name in NAMES}
REGISTRY = Registry().with_resources(
    (contents["$id"], DRAFT202012.create_resource(contents)) for contents in CONTENTS.values()
)
DATA = {
    name: read_yaml(EXAMPLES / f"{name}.yaml")
    for name in NAMES
    if (EXAMPLES / f"{name}.yaml").is_file()
}


def pointer(path):
    return "".join(f"/{part}" for part in path)


def steps(text):
    parts = [int(part) if part.isdigit() else part for part in text.split("/")[1:]]
    return parts[:-1], parts[-1]


def changed(good, bad):
    """Apply the one change of a bad example to a good one."""
    if "value" in bad:
        return bad["value"]
    instance = deepcopy(good)
    for text, value in {**bad.get("set", {}), **dict.fromkeys(bad.get("remove", []))}.items():
        parents, last = steps(text)
        target = instance
        for part in parents:
            target = target[part]
        if text in bad.get("remove", []):
            del target[last]
        else:
            target[last] = value
    return instance


def basis(name: str, error: ValidationError) -> str:
    """Return the basis of a violation: that of the nearest marked node along the path."""
    node, found = CONTENTS[name], "documented"
    resolver = REGISTRY.resolver(node["$id"])
    for part in [None, *error.absolute_schema_path]:
        node = node if part is None else node[part]
        while isinstance(node, dict):
            found = node.get("x-basis", found)
            if "$ref" not in node:
                break
            resolved = resolver.lookup(node["$ref"])  # the path of an error leaves $ref out
            node, resolver = resolved.contents, resolved.resolver
    return found


def errors(name, instance):
    validator = Draft202012Validator(
        CONTENTS[name],
        registry=REGISTRY,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return list(validator.iter_errors(instance))


def test_every_schema_has_good_and_bad_examples():
    files = {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.yaml")}
    assert files == {f"{name}.yaml" for name in NAMES}
    for name, data in DATA.items():
        assert data["good"], name
        assert data["bad"], name


def test_a_good_example_is_accepted():
    assert [
        f"{name}, {example['why']}: {pointer(error.absolute_path)}: {error.message}"
        for name, data in DATA.items()
        for example in data["good"]
        for error in errors(name, example["value"])
    ] == []


def test_a_bad_example_is_refused_in_its_place_and_on_its_basis():
    seen, wanted = {}, {}
    for name, data in DATA.items():
        for bad in data["bad"]:
            key = f"{name}: {bad['why']}"
            assert key not in wanted
            found = errors(name, changed(data["good"][0]["value"], bad))
            seen[key] = {(pointer(error.absolute_path), basis(name, error)) for error in found}
            places = bad["at"] if isinstance(bad["at"], list) else [bad["at"]]
            wanted[key] = {(place, bad["basis"]) for place in places}
    assert seen == wanted
