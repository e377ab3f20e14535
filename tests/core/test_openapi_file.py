"""The contract as one document: names, items and examples that generators and mocks need, and the same rules."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from golive.contract.document import Contract
from golive.contract.publishing import as_text, self_contained
from golive.kit.files import resources

CONTRACT = Contract(resources() / "schemas")
DOCUMENT = self_contained(CONTRACT, "messages-20241001")
NAMES = {
    name: str(node["$ref"]).removesuffix(".schema.json")
    for name, node in CONTRACT.apis["messages-20241001"]["components"]["schemas"].items()
    if "$ref" in node
}
FILES = {
    name: file.removeprefix("../") if file.startswith("../") else f"messages-20241001/{file}"
    for name, file in NAMES.items()
}
"""The path below schemas/ of each named schema, as Contract.violations takes it."""

UNKNOWN = {"Attachment", "Encounter"}
"""Objects of which no member is known, so that nothing can be shown."""

GOOD_AND_BAD = Path(__file__).parents[1] / "schemas" / "examples"


def nodes(node: Any):
    """Yield every object of a document, examples left out."""
    if isinstance(node, dict):
        yield node
        for key, value in node.items():
            if key not in ("example", "examples"):
                yield from nodes(value)
    elif isinstance(node, list):
        for one in node:
            yield from nodes(one)


def bodies():
    """Yield operationId, request or status, and the media type of every JSON body of the document."""
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            described = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for which, body in described.items():
                if "$ref" in body:
                    body = DOCUMENT["components"]["responses"][body["$ref"].rpartition("/")[2]]
                if "content" in body:
                    yield operation["operationId"], which, body["content"]["application/json"]


def checked_by(name: str) -> Draft202012Validator:
    """Return a validator of one schema of the written document."""
    registry = Registry().with_resource("urn:document", DRAFT202012.create_resource(DOCUMENT))
    reference = {"$ref": f"urn:document#/components/schemas/{name}"}
    return Draft202012Validator(reference, registry=registry)


def test_it_is_valid_openapi_that_refers_to_nothing_outside() -> None:
    validate(DOCUMENT)
    references = [node["$ref"] for node in nodes(DOCUMENT) if isinstance(node.get("$ref"), str)]
    assert references
    assert all(reference.startswith("#/components/") for reference in references)
    assert not [node for node in nodes(DOCUMENT) if {"$id", "$schema"} & node.keys()]


def test_every_schema_has_one_name_in_the_document_in_its_file_and_as_its_title() -> None:
    for name, file in FILES.items():
        pascal = "".join(part.capitalize() for part in file.rpartition("/")[2].split("-"))
        assert DOCUMENT["components"]["schemas"][name]["title"] == name
        assert name[0].upper() + name[1:] == pascal
    assert {"InboxItem", "SentItem", "PatientMessage", "CreateSentItemDetails"} <= FILES.keys()


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_array_says_what_its_items_are(name: str) -> None:
    for node in nodes(CONTRACT.schema(FILES[name])):
        if node.get("type") == "array":
            assert "items" in node


@pytest.mark.parametrize("name", sorted(FILES.keys() - UNKNOWN))
def test_every_schema_with_members_has_examples_that_keep_it(name: str) -> None:
    examples = CONTRACT.schema(FILES[name])["examples"]
    assert examples
    for example in examples:
        assert CONTRACT.violations(FILES[name], example) == []
        assert checked_by(name).is_valid(example)


def test_every_body_has_an_example_that_keeps_its_schema() -> None:
    found = list(bodies())
    for operation, which, media in found:
        name = media["schema"]["$ref"].rpartition("/")[2]
        assert CONTRACT.violations(FILES[name], media["example"]) == [], (operation, which)
    assert len(found) == 27


def test_the_examples_belong_together_so_that_a_mock_can_be_followed() -> None:
    shown = {(operation, which): media["example"] for operation, which, media in bodies()}
    message = shown["getMessage", "200"]
    first = shown["listInboxItems", "200"]["items"][0]
    shared = first.keys() & message.keys()
    assert {"id", "subject", "status", "createDateTime"} <= shared
    assert {name: first[name] for name in shared} == {name: message[name] for name in shared}
    sent = shown["listSentItems", "200"]["items"][0]
    request = shown["sendMessage", "request"]
    assert shown["sendMessage", "201"] == {"id": sent["id"]}
    assert (sent["subject"], sent["priority"]) == (request["subject"], request["priority"])
    assert request["previousMessageId"] == message["id"]
    assert shown["updateMessageStatus", "request"]["messages"][0]["id"] == message["id"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_it_accepts_and_refuses_what_the_contract_does(name: str) -> None:
    data = yaml.safe_load((GOOD_AND_BAD / f"{FILES[name]}.yaml").read_text("utf-8"))
    validator = checked_by(name)
    for good in data["good"]:
        assert validator.is_valid(good["value"]), good["why"]
    first = data["good"][0]["value"]
    for bad in data["bad"]:
        instance = bad["value"] if "value" in bad else changed(first, bad)
        assert not validator.is_valid(instance), bad["why"]


def changed(good: Any, bad: dict[str, Any]) -> Any:
    """Apply the change of a bad example, whose places are JSON pointers."""
    instance = json.loads(json.dumps(good))
    for place, value in {**bad.get("set", {}), **dict.fromkeys(bad.get("remove", []))}.items():
        *parents, last = [int(p) if p.isdigit() else p for p in place.split("/")[1:]]
        target = instance
        for part in parents:
            target = target[part]
        if place in bad.get("remove", []):
            del target[last]
        else:
            target[last] = value
    return instance


def test_every_mark_of_the_contract_is_still_there() -> None:
    def marks(document: Any) -> Counter[tuple[str, str]]:
        found = [
            (node["x-basis"], node["x-source"]) for node in nodes(document) if "x-basis" in node
        ]
        return Counter(found)

    of_files = [
        marks(CONTRACT.apis["messages-20241001"]),
        *(marks(CONTRACT.schema(f)) for f in FILES.values()),
    ]
    wanted: Counter[tuple[str, str]] = sum(of_files, Counter())
    assert not wanted - marks(DOCUMENT)


def test_an_inferred_rule_stands_among_its_neighbours_and_is_noted_as_inferred() -> None:
    details = DOCUMENT["components"]["schemas"]["ModifyMessagesStatusDetails"]
    messages = details["properties"]["messages"]
    assert (messages["minItems"], messages["maxItems"]) == (1, 100)
    (rule,) = messages["x-golive"]["rules"]
    assert (rule["x-basis"], rule["minItems"]) == ("inferred", 1)
    message = DOCUMENT["components"]["schemas"]["PatientMessage"]
    assert message["properties"]["subject"]["x-basis"] == "inferred"
    assert "x-basis" not in message["properties"]["content"]


def test_an_instant_is_text_so_that_a_client_sends_it_as_it_is_written() -> None:
    instant = DOCUMENT["components"]["schemas"]["Instant"]
    assert (instant["type"], "format" in instant) == ("string", False)
    assert checked_by("Instant").is_valid("2024-10-01T00:00:00Z")
    assert not checked_by("Instant").is_valid("2024-10-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{"minItems": 1}, {"maxItems": 9}], {"minItems": 1, "maxItems": 9}),
        ([{"type": "object"}], {"allOf": [{"type": "object"}]}),
        ([{"$ref": "two.schema.json"}], {"allOf": [{"$ref": "#/components/schemas/Two"}]}),
    ],
)
def test_a_rule_that_would_hide_another_stays_where_it_is(
    tmp_path: Path, rules: list[Any], expected: dict[str, Any]
) -> None:
    folder = tmp_path / "messages-20241001"
    folder.mkdir()
    named = {"One": {"$ref": "one.schema.json"}, "Two": {"$ref": "two.schema.json"}}
    openapi = {
        "openapi": "3.1.1",
        "info": {"version": "20241001"},
        "paths": {},
        "components": {"schemas": named},
    }
    (folder / "openapi.yaml").write_text(yaml.safe_dump(openapi))
    (folder / "one.schema.json").write_text(json.dumps({"type": "array", "allOf": rules}))
    (folder / "two.schema.json").write_text("{}")
    one = self_contained(Contract(tmp_path), folder.name)["components"]["schemas"]["One"]
    one.pop("x-golive", None)
    assert one == {"type": "array", **expected}


def test_both_ways_of_writing_it_say_the_same() -> None:
    as_yaml = as_text(DOCUMENT, as_json=False)
    assert yaml.safe_load(as_yaml) == json.loads(as_text(DOCUMENT, as_json=True)) == DOCUMENT
    assert "&id0" not in as_yaml
