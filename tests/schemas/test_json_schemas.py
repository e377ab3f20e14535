"""The schema files themselves: valid, named by their place, and every reference leads somewhere."""

import json
from pathlib import Path
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from golive.kit.files import read_yaml

SCHEMAS = Path(__file__).parents[2] / "schemas"
BASE = "https://golive.invalid/"
FILES = [
    path.relative_to(SCHEMAS).as_posix()
    for path in sorted(SCHEMAS.rglob("*.schema.json"))
    if path.name
    not in ("environment.schema.json", "tenants.schema.json")  # have tests of their own
]
APIS = [path.relative_to(SCHEMAS).as_posix() for path in sorted(SCHEMAS.glob("*/openapi.yaml"))]
MESSAGES = "messages-20241001/openapi.yaml"
RECIPIENT = "recipient-20241001/openapi.yaml"
CODE_SYSTEM = "code-system-20240101/openapi.yaml"
DOCUMENTS = {name: json.loads((SCHEMAS / name).read_text("utf-8")) for name in FILES}
DOCUMENTS |= {name: read_yaml(SCHEMAS / name) for name in APIS}
REGISTRY = Registry().with_resources(
    (BASE + name, DRAFT202012.create_resource(document)) for name, document in DOCUMENTS.items()
)
BASES = {"standard", "documented", "observed", "inferred"}
OPERATIONS = {
    MESSAGES: {
        "listInboxItems": ("get", "/20241001/patientMessages/inboxItems"),
        "listSentItems": ("get", "/20241001/patientMessages/sentItems"),
        "getMessage": ("get", "/20241001/patientMessages/{patientMessageId}"),
        "sendMessage": ("post", "/20241001/patientMessages/sentItems"),
        "updateMessageStatus": ("post", "/20241001/actions/updatePatientMessageStatus"),
    },
    RECIPIENT: {
        "listGroupInboxes": ("get", "/20241001/groupInboxes"),
        "validateRecipients": ("post", "/20241001/actions/validateRecipients"),
    },
    CODE_SYSTEM: {
        "listCodeValues": ("get", "/20240101/codeValues"),
        "getCodeValue": ("get", "/20240101/codeValues/{codeValueId}"),
    },
}
LINKS = {MESSAGES: 5, RECIPIENT: 1, CODE_SYSTEM: 1}


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


def operations(name):
    for path, item in DOCUMENTS[name]["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def parameters_of(name, operation):
    resolver = REGISTRY.resolver(BASE + name)
    return [
        resolver.lookup(entry["$ref"]).contents if "$ref" in entry else entry
        for entry in operation["parameters"]
    ]


def parameter_names(name, operation):
    return [parameter["name"] for parameter in parameters_of(name, operation)]


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


@pytest.mark.parametrize("api", APIS)
def test_every_schema_of_an_api_is_used_by_its_openapi_document(api):
    used, waiting = set(), [api]
    while waiting:
        name = waiting.pop()
        if name in used:
            continue
        used.add(name)
        for _, node in nodes(DOCUMENTS[name]):
            file = str(node.get("$ref", "")).partition("#")[0]
            if file:
                waiting.append(urljoin(BASE + name, file).removeprefix(BASE))
    folder = api.partition("/")[0]
    assert {name for name in FILES if name.startswith(f"{folder}/")} <= used


def test_every_mark_is_a_legal_word_with_a_source():
    for _, place, node in every_node(DOCUMENTS):
        if isinstance(node.get("x-basis"), str):
            source = node.get("x-source", "")
            assert node["x-basis"] in BASES, place
            assert "contract-facts §" in source or "RFC" in source, place


def test_patterns_mean_the_same_to_every_engine():
    for _, place, node in every_node(DOCUMENTS):
        pattern = node.get("pattern", "")
        if isinstance(pattern, str):
            assert not any(escape in pattern for escape in ("\\d", "\\w", "\\s", "\\b")), place


def test_answers_are_open_objects():
    requests = {
        "messages-20241001/create-sent-item-details",
        "messages-20241001/message-simple",
        "messages-20241001/modify-messages-status-details",
        "recipient-20241001/recipient",
        "recipient-20241001/validate-recipients-details",
    }
    own_data = {
        "errors",
        "causes",
        "terms",
        "requirements",
        "mapping",
        "phrases",
        "named-errors",
        "services",
        "harm",
        "asvs",
    }
    for name in FILES:
        if name.removesuffix(".schema.json") in requests | own_data:
            continue
        for pointer, node in nodes(DOCUMENTS[name]):
            assert node.get("additionalProperties") is not False, f"{name}{pointer}"
            assert "unevaluatedProperties" not in node, f"{name}{pointer}"


@pytest.mark.parametrize("api", APIS)
def test_every_openapi_document_is_valid_openapi_3_1(api):
    validate(DOCUMENTS[api], base_uri=(SCHEMAS / api).as_uri())
    assert DOCUMENTS[api]["openapi"].startswith("3.1.")


@pytest.mark.parametrize("api", APIS)
def test_every_openapi_document_holds_the_operations_of_the_facts(api):
    found = {
        operation["operationId"]: (method, path) for method, path, operation in operations(api)
    }
    assert found == OPERATIONS[api]


def test_no_two_apis_share_an_operation_or_its_short_name():
    known = [operation for api in APIS for _, _, operation in operations(api)]
    for key in ("operationId", "x-golive-name"):
        assert len({operation[key] for operation in known}) == len(known)


@pytest.mark.parametrize("api", APIS)
def test_the_version_of_an_api_is_in_its_folder_and_in_every_path(api):
    version = DOCUMENTS[api]["info"]["version"]
    assert api.partition("/")[0].endswith(f"-{version}")
    assert all(path.startswith(f"/{version}/") for path in DOCUMENTS[api]["paths"])


@pytest.mark.parametrize("api", APIS)
def test_every_operation_names_its_source_and_its_refusals(api):
    for _, _, operation in operations(api):
        assert operation["x-source"].startswith("contract-facts §2.")
        assert {"200", "400", "401", "403", "4XX"} <= set(operation["responses"])


@pytest.mark.parametrize("api", APIS)
def test_every_scope_that_an_operation_asks_for_is_described(api):
    document = DOCUMENTS[api]
    [flow] = document["components"]["securitySchemes"]["systemAccount"]["flows"].values()
    asked = [document["security"], *(o.get("security") for _, _, o in operations(api))]
    scopes = {scope for one in asked if one for scope in one[0]["systemAccount"]}
    assert scopes == set(flow["scopes"])


def test_an_operation_of_another_namespace_has_the_address_and_the_scope_of_that_api():
    [moved] = [o for api in APIS for _, _, o in operations(api) if "servers" in o]
    messages = DOCUMENTS[MESSAGES]
    assert [server["url"] for server in moved["servers"]] == [messages["servers"][0]["url"]]
    assert moved["security"] == messages["security"]


@pytest.mark.parametrize("api", APIS)
def test_every_link_leads_to_an_operation_and_its_parameter(api):
    by_id = {operation["operationId"]: operation for _, _, operation in operations(api)}
    found = 0
    for _, node in nodes(DOCUMENTS[api]):
        for link in node.get("links", {}).values():
            target = by_id[link["operationId"]]
            assert set(link["parameters"]) <= set(parameter_names(api, target))
            found += 1
    assert found == LINKS[api]


@pytest.mark.parametrize("api", APIS)
def test_every_list_says_where_its_items_are(api):
    """Where a success has a body with an array of items, the response names the place."""
    resolver = REGISTRY.resolver(BASE + api)
    for _, _, operation in operations(api):
        for status, response in operation["responses"].items():
            if "content" not in response or not status.startswith("2"):
                continue
            schema = resolver.lookup(response["content"]["application/json"]["schema"]["$ref"])
            has_items = "items" in schema.contents.get("properties", {})
            assert response.get("x-golive-items") == ("/items" if has_items else None)


@pytest.mark.parametrize("api", APIS)
def test_every_api_has_a_cheap_reading_to_probe_with(api):
    probes = [(method, o) for method, _, o in operations(api) if o.get("x-golive-probe")]
    assert probes
    for method, operation in probes:
        assert method == "get"
        needed = [p for p in parameters_of(api, operation) if p.get("required")]
        assert all("x-golive-test-data" in parameter for parameter in needed)


@pytest.mark.parametrize("api", APIS)
def test_what_names_a_patient_is_marked_as_personal(api):
    for pointer, node in nodes(DOCUMENTS[api]):
        if node.get("name") in {"patientId", "patientMessageId"} and "in" in node:
            assert node["x-golive-personal"] is True, pointer


@pytest.mark.parametrize("api", APIS)
def test_every_key_of_golive_is_one_of_the_described_vocabulary(api):
    described = (SCHEMAS.parent / "docs" / "writing-an-api.md").read_text("utf-8")
    for pointer, node in nodes(DOCUMENTS[api]):
        for key in node:
            if key.startswith("x-golive-"):
                assert f"| `{key}` |" in described, f"{pointer}/{key}"


@pytest.mark.parametrize(
    ("operation_id", "parameters"),
    [
        ("listGroupInboxes", {"id", "limit", "name", "page", "accept-charset", "opc-request-id"}),
        ("validateRecipients", {"accept-charset", "opc-request-id"}),
        (
            "listCodeValues",
            {"cdfMeaning", "cki", "codeSet", "conceptCki", "id", "sortOrder", "opc-request-id"},
        ),
        ("getCodeValue", {"codeValueId", "opc-request-id"}),
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
    api = next(api for api, known in OPERATIONS.items() if operation_id in known)
    method, path = OPERATIONS[api][operation_id]
    found = parameter_names(api, DOCUMENTS[api]["paths"][path][method])
    assert sorted(found) == sorted(parameters)
