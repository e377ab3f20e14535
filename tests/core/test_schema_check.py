"""Two validators, one answer: what decides quickly and what explains agree."""

from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from golive.kit.json_schema import SchemaCheck, keeps

ADDRESS = "https://golive.invalid/one.schema.json"


def checked(schema: Any, instance: Any) -> list[tuple[list[Any], str]]:
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    resource = Resource.from_contents(schema, default_specification=DRAFT202012)
    registry = Registry().with_resource(ADDRESS, resource)
    check = SchemaCheck(ADDRESS, {ADDRESS: schema}, registry)
    return [(list(error.absolute_path), error.validator) for error in check.errors(instance)]


def plainly(schema: Any, instance: Any) -> list[tuple[list[Any], str]]:
    formats = Draft202012Validator.FORMAT_CHECKER
    errors = Draft202012Validator(schema, format_checker=formats).iter_errors(instance)
    return [(list(error.absolute_path), error.validator) for error in errors]


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
        ({"items": False}, [1, 2]),
        ({"anyOf": [ITEMS, {"items": {"type": "string"}}]}, [{"a": "x"}, 7]),
        ({"oneOf": [ITEMS, {"type": "object"}]}, [{"a": 7}]),
        ({"not": {"items": {"type": "string"}}}, ["x"]),
        ({"not": {"items": {"type": "string"}}}, ["x", 1]),
        ({"contains": {"items": {"type": "string"}}}, [[1], [2]]),
        ({"if": ITEMS, "then": {"maxItems": 1}}, [{"a": "x"}, {"a": "y"}]),
        ({"uniqueItems": True, **ITEMS}, [{"a": "x"}, {"a": "x"}, {"a": None}]),
        ({"items": {"format": "date-time"}}, ["2024-10-01T00:00:00Z", "yesterday"]),
    ],
)
def test_the_pruned_explanation_is_the_whole_one(schema: Any, instance: Any) -> None:
    assert checked(schema, instance) == plainly(schema, instance)


def test_a_pattern_ends_before_a_line_feed() -> None:
    assert checked({"pattern": "^[a-z]+$"}, "abc\n") == [([], "pattern")]
    assert checked({"pattern": "^[a-z]+$"}, "abc") == []
    assert checked({"pattern": r"^[a-z]+\$"}, "abc$\n") == []


def test_what_the_quick_one_can_not_take_in_is_for_the_other() -> None:
    assert checked({"maximum": 1}, float("nan")) == []
    assert checked({"type": "string"}, float("inf")) == [([], "type")]


@pytest.mark.parametrize(
    ("instance", "kept"),
    [("a", True), (1, False), (date(2026, 1, 31), False), (float("nan"), False)],
)
def test_what_is_no_json_is_left_to_who_explains(instance, kept):
    assert keeps({"type": "string"}, instance) is kept
