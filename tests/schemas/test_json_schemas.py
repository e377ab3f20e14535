"""The schema files themselves: valid, named by their place, and every reference leads somewhere."""

import json
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

SCHEMAS = Path(__file__).parents[2] / "schemas"
BASE = "https://golive.invalid/"
FILES = [
    path.relative_to(SCHEMAS).as_posix()
    for folder in ("messages-20241001", "oauth", "")
    for path in sorted((SCHEMAS / folder).glob("*.schema.json"))
    if path.name != "environment.schema.json"  # has tests of its own
]
OPENAPI = "messages-20241001/openapi.yaml"
DOCUMENTS = {name: json.loads((SCHEMAS / name).read_text("utf-8")) for name in FILES}
DOCUMENTS[OPENAPI] = yaml.safe_load((SCHEMAS / OPENAPI).read_text("utf-8"))
REGISTRY = Registry().with_resources(
    (BASE + name, DRAFT202012.create_resource(document)) for name, document in DOCUMENTS.items()
)
BASES = {"standard", "documented", "observed", "inferred"}
OPERATIONS = {
    "listInboxItems": ("get", "/20241001/patientMessages/inboxItems"),
    "listSentItems": ("get", "/20241001/patientMessages/sentItems"),
    "getMessage": ("get", "/20241001/patientMessages/{patientMessageId}"),
    "sendMessage": ("post", "/20241001/patientMessages/sentItems"),
    "updateMessageStatus": ("post", "/20241001/actions/updatePatientMessageStatus"),
}


def nodes(node, pointer=""):
    """Yield every object of a document with its JSON pointer."""
    if isinstance(node, dict):
        yield pointer, node
    if isinstance(node, dict | list):
        pairs = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in pairs:
            yield from nodes(value, f"{pointer}/{key}")


def every_node(names):
    """Yield every object of these documents with its place."""
    for name in names:
        for pointer, node in nodes(DOCUMENTS[name]):
            yield name, f"{name}#{pointer}", node


def operations():
    for path, item in DOCUMENTS[OPENAPI]["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def parameter_names(operation):
    resolver = REGISTRY.resolver(BASE + OPENAPI)
    return [
        (resolver.lookup(entry["$ref"]).contents if "$ref" in entry else entry)["name"]
        for entry in operation["parameters"]
    ]


def test_every_file_is_a_valid_schema_of_draft_2020_12():
    for name in FILES:
        assert DOCUMENTS[name]["$schema"] == Draft202012Validator.META_SCHEMA["$schema"], name
    meta = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    assert [name for name in FILES if not meta.is_valid(DOCUMENTS[name])] == []


def test_every_schema_is_named_by_its_place():
    assert [name for name in FILES if DOCUMENTS[name]["$id"] != BASE + name] == []


def test_every_schema_says_what_it_is():
    assert [name for name in FILES if not DOCUMENTS[name]["title"]] == []
    assert [name for name in FILES if not DOCUMENTS[name]["description"].endswith(".")] == []


def test_every_reference_leads_somewhere():
    for name, place, node in every_node(DOCUMENTS):
        if isinstance(node.get("$ref"), str):
            target = REGISTRY.resolver(BASE + name).lookup(node["$ref"]).contents
            assert isinstance(target, dict), place


def test_every_reference_to_a_file_works_for_tools_that_read_files():
    for name, place, node in every_node(DOCUMENTS):
        file = str(node.get("$ref", "")).partition("#")[0]
        if file:
            assert ((SCHEMAS / name).parent / file).is_file(), place


def test_nothing_beside_a_reference_decides_so_that_the_path_of_an_error_is_clear():
    for _, place, node in every_node(FILES):
        if "$ref" in node:
            beside = {key for key in node if not key.startswith("x-")}
            assert beside <= {"$ref", "description"}, place


def test_every_schema_of_the_messages_is_used_by_the_openapi_document():
    used, waiting = set(), [OPENAPI]
    while waiting:
        name = waiting.pop()
        if name in used:
            continue
        used.add(name)
        for _, node in nodes(DOCUMENTS[name]):
            file = str(node.get("$ref", "")).partition("#")[0]
            if file:
                waiting.append(urljoin(BASE + name, file).removeprefix(BASE))
    assert {name for name in FILES if name.startswith("messages-20241001/")} <= used


def test_every_mark_is_a_legal_word_with_a_source():
    for _, place, node in every_node(DOCUMENTS):
        if "x-basis" in node:
            source = node.get("x-source", "")
            assert node["x-basis"] in BASES, place
            assert "contract-facts §" in source or "RFC" in source, place


def test_patterns_mean_the_same_to_every_engine():
    for _, place, node in every_node(DOCUMENTS):
        pattern = node.get("pattern", "")
        if isinstance(pattern, str):
            assert not any(escape in pattern for escape in ("\\d", "\\w", "\\s", "\\b")), place


def test_answers_are_open_objects():
    requests = {"create-sent-item-details", "message-simple", "modify-messages-status-details"}
    own_data = {"errors", "causes", "terms", "requirements"}
    for name in FILES:
        if Path(name).name.removesuffix(".schema.json") in requests | own_data:
            continue
        for pointer, node in nodes(DOCUMENTS[name]):
            assert node.get("additionalProperties") is not False, f"{name}{pointer}"
            assert "unevaluatedProperties" not in node, f"{name}{pointer}"


def test_the_openapi_document_is_valid_openapi_3_1():
    validate(DOCUMENTS[OPENAPI], base_uri=(SCHEMAS / OPENAPI).as_uri())
    assert DOCUMENTS[OPENAPI]["openapi"].startswith("3.1.")


def test_the_openapi_document_holds_the_five_operations():
    found = {operation["operationId"]: (method, path) for method, path, operation in operations()}
    assert found == OPERATIONS


def test_every_operation_names_its_source_and_its_refusals():
    for _, _, operation in operations():
        assert operation["x-source"].startswith("contract-facts §2.")
        assert {"200", "400", "401", "403", "4XX"} <= set(operation["responses"])


def test_every_link_leads_to_an_operation_and_its_parameter():
    by_id = {operation["operationId"]: operation for _, _, operation in operations()}
    found = 0
    for _, node in nodes(DOCUMENTS[OPENAPI]):
        for link in node.get("links", {}).values():
            target = by_id[link["operationId"]]
            assert set(link["parameters"]) <= set(parameter_names(target))
            found += 1
    assert found == 5


@pytest.mark.parametrize(
    ("operation_id", "parameters"),
    [
        (
            "listInboxItems",
            {
                "patientId",
                "createDateTimeGreaterThanOrEqualTo",
                "createDateTimeLessThanOrEqualTo",
                "limit",
                "notificationType",
                "page",
                "shouldLoadOrganizationSummary",
                "sortBy",
                "sortOrder",
                "accept-charset",
                "opc-request-id",
            },
        ),
        (
            "listSentItems",
            {
                "patientId",
                "createDateTimeGreaterThanOrEqualTo",
                "createDateTimeLessThanOrEqualTo",
                "limit",
                "page",
                "sortBy",
                "sortOrder",
                "accept-charset",
                "opc-request-id",
            },
        ),
        (
            "getMessage",
            {
                "patientMessageId",
                "shouldLoadOrganizationSummary",
                "accept-charset",
                "opc-request-id",
            },
        ),
        ("sendMessage", {"accept-charset", "opc-request-id", "oh-content-time-zone"}),
        ("updateMessageStatus", {"accept-charset", "opc-request-id"}),
    ],
)
def test_every_operation_has_the_parameters_of_the_facts_and_no_other(operation_id, parameters):
    method, path = OPERATIONS[operation_id]
    found = parameter_names(DOCUMENTS[OPENAPI]["paths"][path][method])
    assert sorted(found) == sorted(parameters)
