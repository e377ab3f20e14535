"""The contract as data: violations in words, each with how it is known."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from golive.contract.document import Contract
from golive.contract.label import Basis
from golive.contract.operations import Operation
from golive.contract.outcomes import SuiteError
from golive.redaction import REDACTOR

OPENAPI = {
    "info": {"version": "20241001"},
    "paths": {
        "/20241001/things/{thingId}": {
            "parameters": [{"$ref": "#/components/parameters/thing"}],
            "get": {
                "operationId": "getThing",
                "parameters": [
                    {"name": "q", "in": "query", "required": True},
                    {"name": "accept", "in": "header"},
                ],
            },
            "put": {"operationId": "putThing"},
            "summary": "not a method",
        }
    },
    "components": {
        "parameters": {
            "thing": {"$ref": "#/components/parameters/other"},
            "other": {"name": "thingId", "in": "path", "required": True},
        }
    },
}


@pytest.fixture
def made(tmp_path: Path):
    """A contract of one schema `a/one`, that may refer to `two.schema.json` beside it."""

    def make(one: Any, two: Any = True) -> Contract:
        import json

        (tmp_path / "messages-20241001").mkdir()
        (tmp_path / "messages-20241001" / "openapi.yaml").write_text(yaml.safe_dump(OPENAPI))
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "one.schema.json").write_text(json.dumps(one))
        (tmp_path / "a" / "two.schema.json").write_text(json.dumps(two))
        return Contract(tmp_path)

    return make


def violations(contract: Contract, instance: Any) -> list[tuple[str, str, str, str]]:
    return [
        (v.at, v.expected, v.actual, str(v.basis)) for v in contract.violations("a/one", instance)
    ]


def test_operations_are_found_with_shared_and_referred_parameters(made) -> None:
    contract = made(True)
    assert set(contract.operations) == {"getThing", "putThing"}
    get = contract.operations["getThing"]
    assert isinstance(get, Operation)
    assert (get.method, get.path) == ("GET", "/20241001/things/{thingId}")
    assert get.parameter_names("path") == get.required("path") == {"thingId"}
    assert get.parameter_names("query") == {"q"}
    assert get.required("header") == frozenset()
    assert contract.operations["putThing"].required("path") == {"thingId"}


def test_what_keeps_the_schema_has_no_violation(made) -> None:
    assert violations(made({"type": "object"}), {"anything": 1}) == []


@pytest.mark.parametrize(
    ("schema", "instance", "at", "expected", "actual"),
    [
        ({"type": "string"}, 1, "", "string", "1"),
        ({"type": ["string", "null"]}, 1, "", "string or null", "1"),
        ({"enum": ["A", "B"]}, "C", "", "one of A, B", '"C"'),
        ({"const": 1}, 2, "", "1", "2"),
        ({"format": "date-time"}, "yesterday", "", "format date-time", '"yesterday"'),
        ({"pattern": "^a$"}, "b", "", "a string that matches ^a$", '"b"'),
        ({"required": ["a/b~c"]}, {}, "/a~1b~0c", "present", "absent"),
        ({"additionalProperties": False}, {"x": 1}, "", "no other members", '{"x": 1}'),
        (
            {"anyOf": [{"type": "null"}, {"type": "array"}]},
            1,
            "",
            "one of the forms that the contract allows",
            "1",
        ),
        (
            {"oneOf": [{"type": "integer"}, {"minimum": 0}]},
            1,
            "",
            "one of the forms that the contract allows",
            "1",
        ),
        ({"not": {"required": ["d"]}}, {"d": 1}, "", 'not {"required": ["d"]}', '{"d": 1}'),
        ({"minItems": 1}, [], "", "minItems 1", "[]"),
        (
            {"properties": {"a": {"items": {"type": "string"}}}},
            {"a": ["x", 1]},
            "/a/1",
            "string",
            "1",
        ),
    ],
)
def test_each_violation_says_where_what_and_instead_of_what(
    made, schema: Any, instance: Any, at: str, expected: str, actual: str
) -> None:
    assert violations(made(schema), instance) == [(at, expected, actual, "documented")]


def test_a_missing_member_whose_name_holds_a_quote_is_reported_too(made) -> None:
    assert violations(made({"required": ["it's"]}), {}) == [
        ("/it's", "present", "absent", "documented")
    ]


def test_values_are_described_where_data_is_not_to_be_shown(made) -> None:
    REDACTOR.shows_data = False
    assert violations(made({"type": "integer"}), "Orla")[0][2].startswith(
        "a string of 4 characters [value "
    )


@pytest.mark.parametrize(
    ("schema", "basis"),
    [
        ({"properties": {"a": {"type": "string"}}}, "documented"),
        ({"x-basis": "standard", "properties": {"a": {"type": "string"}}}, "standard"),
        (
            {"x-basis": "standard", "properties": {"a": {"x-basis": "inferred", "type": "string"}}},
            "inferred",
        ),
        (
            {"x-basis": "inferred", "properties": {"a": {"x-basis": "observed", "type": "string"}}},
            "observed",
        ),
        (
            {
                "properties": {"a": {"$ref": "#/$defs/a"}},
                "$defs": {"a": {"x-basis": "inferred", "type": "string"}},
            },
            "inferred",
        ),
        ({"properties": {"a": {"$ref": "two.schema.json"}}}, "observed"),
        ({"properties": {"a": {"x-basis": "inferred", "$ref": "two.schema.json"}}}, "observed"),
        ({"allOf": [{"x-basis": "inferred", "properties": {"a": {"type": "string"}}}]}, "inferred"),
        (
            {
                "if": {"required": ["a"]},
                "then": {"x-basis": "inferred", "properties": {"a": {"type": "string"}}},
            },
            "inferred",
        ),
        (
            {
                "if": {"required": ["z"]},
                "else": {"x-basis": "inferred", "properties": {"a": {"type": "string"}}},
            },
            "inferred",
        ),
        ({"additionalProperties": {"x-basis": "inferred", "type": "string"}}, "inferred"),
        (
            {
                "dependentSchemas": {
                    "a": {"x-basis": "inferred", "properties": {"a": {"type": "string"}}}
                }
            },
            "inferred",
        ),
    ],
)
def test_the_nearest_mark_above_says_how_a_violation_is_known(
    made, schema: Any, basis: str
) -> None:
    contract = made(
        schema,
        {"x-basis": "observed", "$ref": "#/$defs/text", "$defs": {"text": {"type": "string"}}},
    )
    assert violations(contract, {"a": 1}) == [("/a", "string", "1", basis)]


def test_two_rules_on_one_member_keep_their_own_basis(made) -> None:
    schema = {"required": ["a"], "allOf": [{"x-basis": "inferred", "required": ["b"]}]}
    assert [(v[0], v[3]) for v in violations(made(schema), {})] == [
        ("/a", "documented"),
        ("/b", "inferred"),
    ]


def test_the_same_violation_is_reported_once(made) -> None:
    assert len(violations(made({"allOf": [{"type": "string"}, {"type": "string"}]}), 1)) == 1


def test_a_schema_can_be_read_and_an_unknown_one_is_an_error(made) -> None:
    contract = made({"type": "string"})
    assert contract.schema("a/one") == {"type": "string"}
    with pytest.raises(Exception, match="no-such"):
        contract.violations("a/no-such", 1)


def test_the_real_contract_has_the_operations_of_every_api(contract: Contract) -> None:
    assert set(contract.operations) >= {
        "listInboxItems", "listSentItems", "getMessage", "sendMessage", "updateMessageStatus",
        "listGroupInboxes", "validateRecipients", "listCodeValues", "getCodeValue",
    }  # fmt: skip
    assert contract.operations["listInboxItems"].required("query") == {"patientId"}


def test_every_violation_of_the_real_list_schema_has_a_basis(contract: Contract) -> None:
    found = contract.violations("messages-20241001/inbox-items", {"items": [{"id": 5}]})
    assert found
    assert all(isinstance(violation.basis, Basis) for violation in found)


def test_a_wrong_schema_of_the_user_s_own_is_named_with_its_place(made) -> None:
    contract = made({"properties": {"a": {"type": "text"}}})
    with pytest.raises(SuiteError, match=r"a/one\.schema\.json .*: /properties/a/type: 'text'"):
        contract.violations("a/one", {})
