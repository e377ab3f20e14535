"""Two validators that know nothing of each other: one decides and explains, the other must see it, too."""

from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from golive.contract.outcomes import SuiteError
from golive.contract.validation import ONE_SAYS_NO, Schemas, judged_twice
from golive.kit.json_schema import keeps, mistakes_in, subschemas
from golive.kit.pointers import written

ADDRESS = "https://golive.invalid/one.schema.json"


def found(schema: Any, instance: Any) -> list[str]:
    """Where an instance breaks a schema, in the order of the places."""
    return sorted(v.at for v in Schemas({ADDRESS: schema}).violations(ADDRESS, instance))


def plainly(schema: Any, instance: Any) -> list[str]:
    formats = Draft202012Validator.FORMAT_CHECKER
    errors = Draft202012Validator(schema, format_checker=formats).iter_errors(instance)
    return sorted(
        f"{written(error.absolute_path)}{'/a' if error.validator == 'required' else ''}"
        for error in errors
    )


ITEMS = {"items": {"properties": {"a": {"type": "string"}}, "required": ["a"]}}


@pytest.mark.parametrize(
    ("schema", "instance"),
    [
        ({"type": "object"}, {}),
        ({"type": "object"}, []),
        (ITEMS, [{"a": "x"}, {"a": 1}, {"a": "y"}, {}]),
        (ITEMS, "no array"),
        ({"properties": {"list": ITEMS}}, {"list": [{"a": "x"}, {"b": 1}]}),
        ({"items": {"items": {"type": "integer"}}}, [[1, 2], [1, "x"], ["y"]]),
        ({"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}, [1, 2, "x"]),
        ({"anyOf": [ITEMS, {"items": {"type": "string"}}]}, [{"a": "x"}, 7]),
        ({"oneOf": [ITEMS, {"type": "object"}]}, [{"a": 7}]),
        ({"not": {"items": {"type": "string"}}}, ["x"]),
        ({"not": {"items": {"type": "string"}}}, ["x", 1]),
        ({"contains": {"items": {"type": "string"}}}, [[1], [2]]),
        ({"contains": {"type": "string"}, "minContains": 2}, ["x", 1]),
        ({"if": ITEMS, "then": {"maxItems": 1}}, [{"a": "x"}, {"a": "y"}]),
        ({"uniqueItems": True, **ITEMS}, [{"a": "x"}, {"a": "x"}, {"a": "y"}]),
        ({"items": {"format": "date-time"}}, ["2024-10-01T00:00:00Z", "yesterday"]),
        ({"propertyNames": {"pattern": "^a"}}, {"b": 1}),
        ({"propertyNames": {"anyOf": [{"pattern": "^a"}, {"maxLength": 1}]}}, {"bc": 1}),
        ({"properties": {"a": True}, "unevaluatedProperties": False}, {"b": 1}),
        ({"properties": {"a": True}, "additionalProperties": False}, {"b": 1}),
        ({"additionalProperties": False}, {"b": 1}),
        ({"dependentRequired": {"b": ["c"]}}, {"b": 1}),
        ({"$defs": {"t": {"type": "string"}}, "items": {"$ref": "#/$defs/t"}}, ["x", 1]),
        ({"$defs": {"t": {"$anchor": "t", "type": "string"}}, "items": {"$ref": "#t"}}, [1]),
        (False, 1),
    ],
)
def test_both_find_the_same_places_and_what_both_find_decides(schema: Any, instance: Any) -> None:
    assert found(schema, instance) == plainly(schema, instance)
    with judged_twice():
        violations = Schemas({ADDRESS: schema}).violations(ADDRESS, instance)
    assert {str(v.basis) for v in violations} <= {"documented"}


def test_what_only_one_of_them_finds_is_advice_and_says_so() -> None:
    schema = {"properties": {"a": {"format": "duration"}, "b": {"type": "string"}}}
    a, b = Schemas({ADDRESS: schema}).violations(ADDRESS, {"a": "P1", "b": 1})
    assert (a.at, a.expected) == ("/a", f"format duration {ONE_SAYS_NO}")
    assert (str(a.basis), str(b.basis)) == ("inferred", "documented")


def test_what_only_the_second_finds_is_the_suite_s_fault_where_both_judge() -> None:
    schemas, leap_second = Schemas({ADDRESS: {"format": "date-time"}}), "2016-12-31T23:59:60Z"
    assert schemas.violations(ADDRESS, leap_second) == []
    with judged_twice(), pytest.raises(SuiteError, match="jsonschema sees a violation"):
        schemas.violations(ADDRESS, leap_second)
    assert schemas.violations(ADDRESS, leap_second) == []


def test_relative_references_are_read_from_the_document_that_holds_them() -> None:
    whole = {"$ref": "a/one.schema.json"}
    one = {"items": {"anyOf": [{"$ref": "two.schema.json"}, {"type": "null"}]}}
    base = "https://golive.invalid"
    documents = {
        f"{base}/all.schema.json": whole,
        f"{base}/a/one.schema.json": one,
        f"{base}/a/two.schema.json": {"type": "string"},
    }
    with judged_twice():
        (violation,) = Schemas(documents).violations(f"{base}/all.schema.json", ["x", 1])
    assert (violation.at, str(violation.basis)) == ("/1", "documented")


def test_a_pattern_is_read_as_ecma_262_has_it() -> None:
    assert found({"pattern": "^[a-z]+$"}, "abc\n") == [""]
    assert found({"pattern": "^[a-z]+$"}, "abc") == []
    assert found({"pattern": r"^[a-z]+\$"}, "abc$\n") == []
    arabic = Schemas({ADDRESS: {"pattern": r"^\d$"}}).violations(ADDRESS, "٣")
    assert [str(one.basis) for one in arabic] == ["documented"]


def test_half_a_character_is_no_reason_not_to_judge() -> None:
    assert found({"properties": {"a": {"maxLength": 2}}}, {"a": "\ud800bc"}) == ["/a"]
    assert found({"maxLength": 3}, "\ud800bc") == []


def test_numbers_that_are_none_are_judged_too() -> None:
    assert found({"maximum": 1}, float("nan")) == []
    assert found({"type": "string"}, float("inf")) == [""]


@pytest.mark.parametrize(
    ("instance", "kept"),
    [("a", True), (1, False), (date(2026, 1, 31), False), (float("nan"), False)],
)
def test_what_json_does_not_have_keeps_no_schema(instance: Any, kept: bool) -> None:
    assert keeps({"type": "string"}, instance) is kept


def test_a_schema_that_is_none_is_reported_with_the_place() -> None:
    assert mistakes_in({"properties": {"a": {"type": "string"}}}) == []
    ((way, words),) = mistakes_in({"properties": {"a": {"type": "text"}}})
    assert way == ("properties", "a", "type")
    assert words.startswith("'text' is not")
    assert mistakes_in([]) == [((), "[] is not of type 'object', 'boolean'")]


def test_every_place_of_a_schema_that_holds_schemas_is_looked_into() -> None:
    inner = {"title": "x"}
    one = [
        "not",
        "if",
        "then",
        "else",
        "items",
        "contains",
        "propertyNames",
        "contentSchema",
        "additionalProperties",
    ]
    listed = ["allOf", "anyOf", "oneOf", "prefixItems"]
    named = ["$defs", "definitions", "properties", "patternProperties", "dependentSchemas"]
    inner = {"title": "x"}
    schema = {"const": inner, "examples": [inner], **dict.fromkeys(one, inner)}
    schema |= {key: [True, inner] for key in listed} | {key: {"a": inner} for key in named}
    ways = [(), *((key,) for key in one), *((k, 1) for k in listed), *((k, "a") for k in named)]
    assert sorted(way for way, _ in subschemas(schema)) == sorted(ways)
